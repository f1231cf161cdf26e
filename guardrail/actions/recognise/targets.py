"""Recipes of just and tasks of Task, hooks of pre-commit, scripts of Composer and Deno.

just runs each line of a recipe by a shell of its own and stops at the first that fails, unless it begins with `-`
(its manual, "Sigils").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from guardrail.actions.recognise.outline import outline
from guardrail.actions.recognise.patterns import head, listed, value
from guardrail.actions.recognise.recipes import Recipe, TargetFile, plain, targets
from guardrail.actions.recognise.scripts import NOT_THERE, Asked, Inner, Reader, Script

_JUST_RULE = re.compile(r"^@?([A-Za-z_][\w-]*)(?:\s+[^:=]*)?:(?!=)\s*(.*)$")
_JUST_SET = re.compile(r"^(?:export\s+)?([\w-]+)\s*:=\s*['\"]([^'\"]*)['\"]", re.MULTILINE)


def _just(asked: Asked) -> Inner | None:
    words = asked.words
    wanted = plain(words, ("-f", "--justfile", "-d", "--working-directory", "--set"))
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
            return targets(asked, chosen, recipes, TargetFile(name, "", f"{shell} {{0}}"))
    return Inner((), tuple(wanted[:1]), f"justfile {NOT_THERE}")


def _just_recipes(text: str) -> dict[str, Recipe]:
    variables = dict(_JUST_SET.findall(text))
    found: dict[str, Recipe] = {}
    name = ""
    for line in re.sub(r"\\\n[ \t]*", " ", text).splitlines():
        if name and line[:1] in " \t" and line.strip():
            found[name] = _with_line(found[name], line.strip(), variables)
        elif line[:1] not in " \t#[" and line.strip():
            match = _JUST_RULE.match(line)
            name = match.group(1) if match else ""
            if match:
                needs = re.sub(r"\([^)]*\)|&&", lambda m: m.group().strip("()").partition(" ")[0], match.group(2))
                found[name] = Recipe(tuple(needs.partition("#")[0].split()), ())
    return found


def _with_line(recipe: Recipe, line: str, variables: Mapping[str, str]) -> Recipe:
    line = re.sub(r"\{\{\s*([\w-]+)\s*\}\}", lambda m: variables.get(m.group(1), f"${m.group(1)}"), line)
    if recipe.whole or line.startswith("#!"):
        text = f"{recipe.lines[0][0]}\n{line}" if recipe.lines else line
        return recipe._replace(lines=((text, False),), whole=True)
    return recipe._replace(lines=(*recipe.lines, (line.lstrip("@-"), "-" in line[:2]))[:200])


def _task(asked: Asked) -> Inner | None:
    """`task name`: Taskfile.yml (taskfile.dev, schema reference), or a task of taskipy in pyproject.toml."""
    words = asked.words
    wanted = plain(words, ("-d", "--dir", "-t", "--taskfile")) or ["default"]
    folder = value("d", words) or value("dir", words) or ""
    given = value("t", words) or value("taskfile", words)
    for name in [given] if given else ["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "Taskfile.dist.yml"]:
        text = asked.read(f"{folder}/{name}")
        if text is not None:
            return targets(asked, wanted, dict(_tasks(text)), TargetFile(name, folder, "bash {0}"))
    from guardrail.actions.recognise.pythonic import script_of

    return script_of(asked, wanted[0], ("tool.taskipy.tasks",)) or Inner((), tuple(wanted), f"Taskfile.yml {NOT_THERE}")


def _tasks(text: str) -> Iterator[tuple[str, Recipe]]:
    """The tasks of a Taskfile: `cmds`, `cmd` and `deps`, or a command alone."""
    data = outline(text)
    tasks = data.get("tasks") if isinstance(data, dict) else None
    for name, task in tasks.items() if isinstance(tasks, dict) else ():
        if not isinstance(task, dict):
            yield name, Recipe((), tuple((one, False) for one in listed(task)))
            continue
        deps = task.get("deps")
        needs = [_called(one) for one in deps] if isinstance(deps, list) else []
        lines: list[tuple[str, bool]] = []
        quiet = task.get("ignore_error") == "true"
        given = task.get("cmds", task.get("cmd", []))
        for one in given if isinstance(given, list) else [given]:
            lines += [(f"task {called}", quiet)] if (called := _called(one, "")) else _task_line(one, quiet)
        yield name, Recipe(tuple(needs), tuple(lines))


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
    words = plain(asked.words, ("-c", "--config", "--from-ref", "--to-ref", "--hook-stage", "--files", "-s", "-o"))
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
    words = plain(asked.words, ("-d", "--working-dir"))
    name = words[1] if words[:1] in (["run-script"], ["run"]) and len(words) > 1 else words[0] if words else ""
    scripted = words[:1] in (["run-script"], ["run"]) or name == "test"  # Composer has no command of that name
    return _json_script(asked, name, "composer.json", "scripts", scripted)


def _deno(asked: Asked) -> Inner | None:
    words = plain(asked.words, ("-c", "--config", "--cwd"))
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
    names = plain(asked.words, ("-f", "--rakefile", "-C", "--gulpfile", "--gruntfile"))
    return Inner((), tuple(names), f"the tasks of {head(asked.command.head)} are not read") if names else None


READERS: Mapping[str, Reader] = {
    "just": _just,
    "task": _task,
    "go-task": _task,
    "pre-commit": _pre_commit,
    "prek": _pre_commit,
    "composer": _composer,
    "deno": _deno,
    **dict.fromkeys(("gulp", "grunt", "mage", "invoke", "inv", "doit", "cake", "jake", "fab"), _hinted),
}
