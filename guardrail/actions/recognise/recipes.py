"""Recipes of targets: what each waits for, the lines it runs, and the order in which they run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.actions.recognise.scripts import Asked, Inner, Script

_MOST = 60
"""How many targets are followed from one command."""


class Recipe(NamedTuple):
    """What a target waits for and the lines it runs, each with whether its failure is let pass."""

    needs: tuple[str, ...]
    lines: tuple[tuple[str, bool], ...]
    whole: bool = False


class TargetFile(NamedTuple):
    """A file of targets, where its recipes run, by which shell, and why failures are let pass."""

    name: str
    folder: str
    shell: str
    masked: str = ""


def plain(words: tuple[str, ...], options: tuple[str, ...]) -> list[str]:
    """The words that are no options, values of options, or assignments."""
    return [
        word
        for i, word in enumerate(words[1:], 1)
        if not word.startswith("-") and words[i - 1] not in options and "=" not in word and not _counts(words, i)
    ]


def _counts(words: tuple[str, ...], at: int) -> bool:
    return words[at - 1] == "-j" and words[at][:1] in "0123456789$"


def targets(asked: Asked, wanted: list[str], recipes: Mapping[str, Recipe], file: TargetFile) -> Inner:
    """The scripts of the targets asked for, or of the first, with all they need before them."""
    wanted = wanted or next(([name] for name in recipes if not name.startswith(".")), [])
    known = [name for name in wanted if name in recipes]
    if not known:
        return Inner((), tuple(wanted), f"{file.name} has no target {', '.join(wanted)}" if wanted else "")
    found: list[Script] = []
    for name in _order(known, recipes):
        recipe = recipes[name]
        path = asked.file(f"{file.folder}/{file.name}")
        for i, (line, passes) in enumerate(recipe.lines):
            text = f"{line} || true" if passes else line
            found.append(Script(f"{path}:{name}:{i}", text, file.shell, file.folder, f"{path}: {name}"))
    return Inner(tuple(found), tuple(wanted), masked=file.masked)


def _order(wanted: list[str], recipes: Mapping[str, Recipe]) -> list[str]:
    """The targets with all they need, those needed first."""
    done: dict[str, None] = {}
    stack = [(name, False) for name in reversed(wanted)]
    open_ = set[str]()
    while stack and len(done) < _MOST:
        name, ready = stack.pop()
        if name in done or name not in recipes or (not ready and name in open_):
            continue
        if ready:
            done[name] = None
        else:
            open_.add(name)
            stack.append((name, True))
            stack += [(need, False) for need in reversed(recipes[name].needs)]
    return list(done)
