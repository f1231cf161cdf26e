"""Targets of make.

Each line of a recipe is run by a shell of its own; make stops at the first that fails, unless it begins with `-`
(GNU make manual, "Recipe Execution", "Errors in Recipes").
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guardrail.actions.recognise.patterns import value
from guardrail.actions.recognise.recipes import Recipe, TargetFile, plain, targets
from guardrail.actions.recognise.scripts import NOT_THERE, Asked, Inner, Reader

_RULE = re.compile(r"^(?!\t)([^\s:#=][^:#=\n]*?)\s*::?(?!=)\s*([^=\n]*)$")
_SET = re.compile(r"^(?:export\s+|override\s+)?([\w.-]+)\s*(?:\?|:{1,3}|\+)?=\s*(.*)$")
_USED = re.compile(r"\$\(([\w.-]+)\)|\$\{([\w.-]+)\}")


def _make(asked: Asked) -> Inner | None:
    words = asked.words
    if not {"-n", "--dry-run", "--just-print", "-v", "--version"}.isdisjoint(words):
        return Inner()
    folder = value("C", words) or value("directory", words) or ""
    names = [value("f", words) or value("file", words) or value("makefile", words) or ""]
    names = names if names[0] else ["GNUmakefile", "makefile", "Makefile"]
    wanted = plain(words, ("-C", "-f", "-j", "-l", "--directory", "--file", "--makefile", "-o", "-W", "--jobs"))
    for name in names:
        text = asked.read(f"{folder}/{name}")
        if text is not None:
            recipes = _recipes(text, _variables(text, words))
            ignored = not {"-i", "--ignore-errors"}.isdisjoint(words)
            return targets(
                asked, wanted, recipes, TargetFile(name, folder, "sh {0}", "make -i ignores errors" * ignored)
            )
    return Inner((), tuple(wanted) or ("all",), f"{names[-1]} {NOT_THERE}")


def _variables(text: str, words: tuple[str, ...]) -> dict[str, str]:
    found = {"MAKE": "make"}
    for line in text.splitlines():
        if not line.startswith("\t") and (match := _SET.match(line)):
            found.setdefault(match.group(1), match.group(2).partition(" #")[0].strip())
    return found | {w.partition("=")[0]: w.partition("=")[2] for w in words if "=" in w and not w.startswith("-")}


def _expanded(line: str, variables: Mapping[str, str]) -> str:
    """Variables of make put in; what is not known becomes a variable of the shell."""
    for _ in range(4):
        if "$(" not in line and "${" not in line:
            break
        line = _USED.sub(lambda m: variables.get(m.group(1) or m.group(2), f"$${m.group(1) or m.group(2)}"), line)[
            :4000
        ]
    return line.replace("$(shell ", "$(").replace("$$", "$")


def _recipes(text: str, variables: Mapping[str, str]) -> dict[str, Recipe]:
    """The rules of a Makefile: continued lines joined, several targets of one rule apart."""
    found: dict[str, Recipe] = {}
    current: list[str] = []
    for line in re.sub(r"\\\r?\n[ \t]*", " ", text).splitlines():
        if line.startswith("\t"):
            command = line.strip()
            passes = "-" in command[: len(command) - len(command.lstrip("@-+"))]
            entry = (_expanded(command.lstrip("@-+").strip(), variables), passes)
            for name in current:
                found[name] = found[name]._replace(lines=(*found[name].lines, entry)[:200])
        elif not line.strip() or line.lstrip().startswith("#"):
            continue
        elif match := _RULE.match(line):
            needs, _, command = match.group(2).partition(";")
            current = match.group(1).split()[:50]
            words = tuple(w for w in _expanded(needs.partition("#")[0], variables).split() if w != "|")
            for name in current:
                before = found.get(name, Recipe((), ()))
                lines = ((_expanded(command.strip(), variables), False),) if command.strip() else ()
                found[name] = Recipe((*before.needs, *words)[:100], (*before.lines, *lines))
        else:
            current = []
    return {name: recipe for name, recipe in found.items() if name != ".PHONY" and "%" not in name}


READERS: Mapping[str, Reader] = dict.fromkeys(("make", "gmake"), _make)
