"""Targets of make, just and Task, hooks of pre-commit, scripts of Composer and Deno.

make runs each line of a recipe by a shell of its own and stops at the first that fails, unless it begins with `-`
(GNU make manual, "Recipe Execution", "Errors in Recipes"); just does the same (its manual, "Recipe lines").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrail.actions.recognise.outline import outline
from guardrail.actions.recognise.patterns import head, listed, value
from guardrail.actions.recognise.scripts import NOT_THERE, Asked, Inner, Reader, Script

_MOST = 60
"""How many targets are followed from one command."""


class _Recipe(NamedTuple):
    """What a target waits for and the lines it runs, each with whether its failure is let pass."""

    needs: tuple[str, ...]
    lines: tuple[tuple[str, bool], ...]
    whole: bool = False


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
    wanted = _plain(words, ("-C", "-f", "-j", "-l", "--directory", "--file", "--makefile", "-o", "-W", "--jobs"))
    for name in names:
        text = asked.read(f"{folder}/{name}")
        if text is not None:
            recipes = _recipes(text, _variables(text, words))
            ignored = not {"-i", "--ignore-errors"}.isdisjoint(words)
            return _targets(asked, wanted, recipes, _File(name, folder, "sh {0}", "make -i ignores errors" * ignored))
    return Inner((), tuple(wanted) or ("all",), f"{names[-1]} {NOT_THERE}")


class _File(NamedTuple):
    """A file of targets, where its recipes run, by which shell, and why failures are let pass."""

    name: str
    folder: str
    shell: str
    masked: str = ""


def _plain(words: tuple[str, ...], options: tuple[str, ...]) -> list[str]:
    """The words that are no options, values of options, or assignments."""
    return [
        word
        for i, word in enumerate(words[1:], 1)
        if not word.startswith("-") and words[i - 1] not in options and "=" not in word and not _counts(words, i)
    ]


def _counts(words: tuple[str, ...], at: int) -> bool:
    return words[at - 1] == "-j" and words[at][:1] in "0123456789$"


def _targets(asked: Asked, wanted: list[str], recipes: Mapping[str, _Recipe], file: _File) -> Inner:
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


def _order(wanted: list[str], recipes: Mapping[str, _Recipe]) -> list[str]:
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


def _recipes(text: str, variables: Mapping[str, str]) -> dict[str, _Recipe]:
    """The rules of a Makefile: continued lines joined, several targets of one rule apart."""
    found: dict[str, _Recipe] = {}
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
                before = found.get(name, _Recipe((), ()))
                lines = ((_expanded(command.strip(), variables), False),) if command.strip() else ()
                found[name] = _Recipe((*before.needs, *words)[:100], (*before.lines, *lines))
        else:
            current = []
    return {name: recipe for name, recipe in found.items() if name != ".PHONY" and "%" not in name}


_JUST_RULE = re.compile(r"^@?([A-Za-z_][\w-]*)(?:\s+[^:=]*)?:(?!=)\s*(.*)$")
_JUST_SET = re.compile(r"^(?:export\s+)?([\w-]+)\s*:=\s*['\"]([^'\"]*)['\"]", re.MULTILINE)


def _just(asked: Asked) -> Inner | None:
    words = asked.words
    wanted = _plain(words, ("-f", "--justfile", "-d", "--working-directory", "--set"))
    if not {"-l", "--list", "--summary", "-n", "--dry-run", "--evaluate"}.isdisjoint(words):
        return Inner()
    given = value("f", words) or value("justfile", words)
    for name in [given] if given else ["justfile", "Justfile", ".justfile"]:
        text = asked.read(name)
        if text is not None:
            strict = re.search(r"set\s+shell\s*:?=\s*\[([^\]]*)\]", text)
            options = re.findall(r"['\"]([^'\"]+)['\"]", strict.group(1)) if strict else ["sh", "-cu"]
            shell = " ".join(o.replace("c", "") if o.startswith("-") else o for o in options if o != "-c")
            recipes = _just_recipes(text)
            # Only the first word is surely a recipe: what follows may be its arguments.
            chosen = [w for i, w in enumerate(wanted) if i == 0 or w in recipes]
            return _targets(asked, chosen, recipes, _File(name, "", f"{shell} {{0}}"))
    return Inner((), tuple(wanted[:1]), f"justfile {NOT_THERE}")


def _just_recipes(text: str) -> dict[str, _Recipe]:
    variables = dict(_JUST_SET.findall(text))
    found: dict[str, _Recipe] = {}
    name = ""
    for line in re.sub(r"\\\n[ \t]*", " ", text).splitlines():
        if name and line[:1] in " \t" and line.strip():
            found[name] = _with_line(found[name], line.strip(), variables)
        elif line[:1] not in " \t#[" and line.strip():
            match = _JUST_RULE.match(line)
            name = match.group(1) if match else ""
            if match:
                needs = re.sub(r"\([^)]*\)|&&", lambda m: m.group().strip("()").partition(" ")[0], match.group(2))
                found[name] = _Recipe(tuple(needs.partition("#")[0].split()), ())
    return found


def _with_line(recipe: _Recipe, line: str, variables: Mapping[str, str]) -> _Recipe:
    line = re.sub(r"\{\{\s*([\w-]+)\s*\}\}", lambda m: variables.get(m.group(1), f"${m.group(1)}"), line)
    if recipe.whole or line.startswith("#!"):
        text = f"{recipe.lines[0][0]}\n{line}" if recipe.lines else line
        return recipe._replace(lines=((text, False),), whole=True)
    return recipe._replace(lines=(*recipe.lines, (line.lstrip("@-"), "-" in line[:2]))[:200])


def _task(asked: Asked) -> Inner | None:
    """`task name`: Taskfile.yml (taskfile.dev, schema reference), or a task of taskipy in pyproject.toml."""
    words = asked.words
    wanted = _plain(words, ("-d", "--dir", "-t", "--taskfile")) or ["default"]
    folder = value("d", words) or value("dir", words) or ""
    given = value("t", words) or value("taskfile", words)
    for name in [given] if given else ["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "Taskfile.dist.yml"]:
        text = asked.read(f"{folder}/{name}")
        if text is not None:
            return _targets(asked, wanted, dict(_tasks(text)), _File(name, folder, "bash {0}"))
    from guardrail.actions.recognise.pythonic import script_of

    return script_of(asked, wanted[0], ("tool.taskipy.tasks",)) or Inner((), tuple(wanted), f"Taskfile.yml {NOT_THERE}")


def _tasks(text: str) -> Iterator[tuple[str, _Recipe]]:
    """The tasks of a Taskfile: `cmds`, `cmd` and `deps`, or a command alone."""
    data = outline(text)
    tasks = data.get("tasks") if isinstance(data, dict) else None
    for name, task in tasks.items() if isinstance(tasks, dict) else ():
        if not isinstance(task, dict):
            yield name, _Recipe((), tuple((one, False) for one in listed(task)))
            continue
        deps = task.get("deps")
        needs = [_called(one) for one in deps] if isinstance(deps, list) else []
        lines: list[tuple[str, bool]] = []
        quiet = task.get("ignore_error") == "true"
        given = task.get("cmds", task.get("cmd", []))
        for one in given if isinstance(given, list) else [given]:
            lines += [(f"task {called}", quiet)] if (called := _called(one, "")) else _task_line(one, quiet)
        yield name, _Recipe(tuple(needs), tuple(lines))


def _called(one: object, plain: str = "?") -> str:
    """The task that an item of `deps` or `cmds` calls; in `deps` a plain text is one."""
    if isinstance(one, dict):
        return str(one.get("task", ""))
    return str(one) if plain else ""


def _task_line(one: object, quiet: bool) -> list[tuple[str, bool]]:
    if isinstance(one, dict):
        text = one.get("cmd")
        return [(text, quiet or one.get("ignore_error") == "true")] if isinstance(text, str) else []
    return [(str(one), quiet)]


def _pre_commit(asked: Asked) -> Inner | None:
    """`pre-commit run [hook]`: the ids of .pre-commit-config.yaml, and the commands of local hooks."""
    words = _plain(asked.words, ("-c", "--config", "--from-ref", "--to-ref", "--hook-stage", "--files", "-s", "-o"))
    if words[:1] != ["run"]:
        return Inner()
    return hooks(asked, words[1:2], value("config", asked.words) or value("c", asked.words) or "")


def hooks(asked: Asked, only: list[str], file: str = "") -> Inner:
    """The hooks of a repository, or those named."""
    name = file or ".pre-commit-config.yaml"
    text = asked.read(name)
    if text is None:
        return Inner((), (), f"{name} {NOT_THERE}")
    data = outline(text)
    repositories = data.get("repos") if isinstance(data, dict) else None
    ids: list[str] = []
    scripts: list[Script] = []
    for repository in repositories if isinstance(repositories, list) else ():
        given = repository.get("hooks") if isinstance(repository, dict) else None
        for hook in given if isinstance(given, list) else ():
            if isinstance(hook, dict) and _meant(hook, only):
                ids.append(str(hook.get("id")))
                scripts += _local(hook, asked, name)
    return Inner(tuple(scripts), (), hooks=tuple(ids))


def _meant(hook: Mapping[str, object], only: list[str]) -> bool:
    """Whether a hook runs: `pre-commit run` leaves out those of the manual stage."""
    if only:
        return hook.get("id") in only
    return "id" in hook and set(listed(hook.get("stages"))) != {"manual"}


def _local(hook: Mapping[str, object], asked: Asked, file: str) -> list[Script]:
    """The command of a local hook."""
    entry = hook.get("entry")
    if not isinstance(entry, str) or hook.get("language") not in ("system", "script", "node", "python", "unsupported"):
        return []
    arguments = " ".join(listed(hook.get("args")))
    file = asked.file(file)
    return [
        Script(f"{file}:{hook.get('id')}", f"{entry} {arguments}".strip(), "sh {0}", "", f"{file}: {hook.get('id')}")
    ]


def _composer(asked: Asked) -> Inner | None:
    words = _plain(asked.words, ("-d", "--working-dir"))
    name = words[1] if words[:1] in (["run-script"], ["run"]) and len(words) > 1 else words[0] if words else ""
    scripted = words[:1] in (["run-script"], ["run"]) or name == "test"  # Composer has no command of that name
    return _json_script(asked, name, "composer.json", "scripts", scripted)


def _deno(asked: Asked) -> Inner | None:
    words = _plain(asked.words, ("-c", "--config", "--cwd"))
    if words[:1] != ["task"] or len(words) < 2:
        return None
    for file in ("deno.json", "deno.jsonc"):
        if asked.read(file) is not None:
            return _json_script(asked, words[1], file, "tasks", True)
    return Inner((), (words[1],), f"deno.json {NOT_THERE}")


def _json_script(asked: Asked, name: str, file: str, section: str, surely: bool) -> Inner | None:
    text = asked.read(file)
    if text is None:
        return Inner((), (name,), f"{file} {NOT_THERE}") if surely else None
    try:
        scripts = json.loads(text).get(section) or {}
        lines = listed(scripts[name]) if name in scripts else None
    except (ValueError, AttributeError, TypeError, RecursionError):
        return Inner((), (name,), f"{file} cannot be read") if surely else None
    if lines is None:
        return None
    found = [
        Script(f"{asked.file(file)}:{name}:{i}", _at(line), "sh {0}", "", f"{asked.file(file)}: {section}.{name}")
        for i, line in enumerate(lines[:50])
    ]
    return Inner(tuple(found), (name,))


def _at(line: str) -> str:
    """Composer's `@php x` and `@other` (getcomposer.org, "Scripts")."""
    if not line.startswith("@"):
        return line
    return line[1:] if line.startswith(("@php", "@composer")) else f"composer run-script {line[1:]}"


def _hinted(asked: Asked) -> Inner | None:
    """Programs whose tasks are code: only names tell what they do."""
    names = _plain(asked.words, ("-f", "--rakefile", "-C", "--gulpfile", "--gruntfile"))
    return Inner((), tuple(names), f"the tasks of {head(asked.command.head)} are not read") if names else None


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("make", "gmake"), _make),
    "just": _just,
    "task": _task,
    "go-task": _task,
    "pre-commit": _pre_commit,
    "prek": _pre_commit,
    "composer": _composer,
    "deno": _deno,
    **dict.fromkeys(("gulp", "grunt", "mage", "invoke", "inv", "doit", "cake", "jake", "fab"), _hinted),
}
