"""Environments of tox, sessions of nox, scripts of pyproject.toml.

tox runs each command by itself, without a shell; one that begins with `-` may fail (tox configuration, `commands`),
and with `ignore_outcome` the environment may.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from guardrail.actions.recognise.files import parsed
from guardrail.actions.recognise.patterns import listed, value
from guardrail.actions.recognise.scripts import NOT_THERE, Asked, Inner, Reader, Script

_POSITIONAL = re.compile(r"\{posargs:?([^{}]*)\}|\{\}")
_FACTOR = re.compile(r"^[!\w,{}-]+:\s+(?=\S)")


def _tox(asked: Asked) -> Inner | None:
    words = asked.words
    given = value("e", words) or value("env", words) or value("environment", words) or ""
    if {"list", "l", "config", "c", "devenv", "--version", "-l", "--listenvs"} & set(words[1:2]):
        return Inner()
    given = given or (value("f", words) or value("m", words) or "")
    names = [name for name in given.split(",") if name] or [""]
    found = _tox_settings(asked)
    if found is None:
        return Inner((), tuple(name for name in names if name) or ("tests",), f"tox.ini {NOT_THERE}")
    file, sections = found
    scripts: list[Script] = []
    masked = ""
    for name in names:
        section = sections.get(f"testenv:{name}") or next(
            (s for key, s in sections.items() if _factors(key, name)), sections.get("testenv", {})
        )
        masked = "ignore_outcome is true" if section.get("ignore_outcome", "").lower() == "true" else ""
        commands = section.get("commands", sections.get("testenv", {}).get("commands", ""))
        scripts += _lines(asked, file, name or "testenv", commands)
    return Inner(tuple(scripts), tuple(name for name in names if name), masked=masked)


def _factors(section: str, name: str) -> bool:
    """`[testenv:py{311,312}-lint]` names several environments."""
    if not section.startswith("testenv:") or not name:
        return False
    pattern = re.sub(
        r"\\\{([^{}]*)\\\}",
        lambda m: f"(?:{'|'.join(part.strip() for part in m.group(1).split(','))})",
        re.escape(section.removeprefix("testenv:")).replace(r"\,", ","),
    )
    return any(
        re.fullmatch(part, name) for part in pattern.split(",") if "(" not in part or part.count("(") == part.count(")")
    )


def _tox_settings(asked: Asked) -> tuple[str, dict[str, dict[str, str]]] | None:
    for file in ("tox.ini", "setup.cfg", "tox.toml", "pyproject.toml"):
        text = asked.read(file)
        if text is None:
            continue
        data = parsed(text, file)
        if not isinstance(data, dict):
            continue
        if file.endswith(".toml"):
            section = data.get("tool", {}).get("tox", {}) if file == "pyproject.toml" else data
            found = _toml(section) if isinstance(section, dict) else {}
        else:
            found = {name: {k: str(v) for k, v in s.items()} for name, s in data.items() if isinstance(s, dict)}
        if any(name.startswith("testenv") for name in found):
            return file, found
    return None


def _toml(section: Mapping[str, object]) -> dict[str, dict[str, str]]:
    legacy = section.get("legacy_tox_ini")
    if isinstance(legacy, str):
        data = parsed(legacy, "tox.ini")
        return data if isinstance(data, dict) else {}
    environments = section.get("env")
    found = {"testenv": section.get("env_run_base")}
    found |= {f"testenv:{name}": one for name, one in environments.items()} if isinstance(environments, dict) else {}
    return {name: _commands(one) for name, one in found.items() if isinstance(one, dict)}


def _commands(section: Mapping[str, object]) -> dict[str, str]:
    given = section.get("commands")
    lines = (
        [" ".join(_text(word) for word in line) for line in given if isinstance(line, list)]
        if isinstance(given, list)
        else []
    )
    return {"commands": "\n".join(lines)} if lines else {}


def _text(word: object) -> str:
    """A word of tox's TOML; `{replace = "posargs", default = [...]}` stands for its default."""
    return " ".join(listed(word.get("default"))) if isinstance(word, dict) else str(word)


def _lines(asked: Asked, file: str, name: str, commands: str) -> Iterable[Script]:
    for i, line in enumerate(re.sub(r"\\\n\s*", " ", commands).splitlines()[:100]):
        text = _POSITIONAL.sub(lambda m: m.group(1) or "", _FACTOR.sub("", line.strip()))
        text = re.sub(r"\{(\w+)\}", r"$\1", text)
        if text:
            passes = text.startswith("-")
            text = text.lstrip("-! ") + (" || true" if passes else "")
            path = asked.file(file)
            yield Script(f"{path}:{name}:{i}", text, "sh {0}", "", f"{path}: {name}")


_SESSION = re.compile(
    r"^@(?:nox\.)?session\b(?:\(((?:[^()]|\([^()]*\))*)\))?[^\n]*\n(?:@[^\n]*\n)*def\s+(\w+)", re.MULTILINE
)
_RUN = re.compile(r"session\.run(?:_always)?\(\s*((?:[^()]|\([^()]*\)){1,2000})\)")
_STRING = re.compile(r"['\"]([^'\"\n]*)['\"]")


def _nox(asked: Asked) -> Inner | None:
    words = asked.words
    if not {"-l", "--list", "--version"}.isdisjoint(words):
        return Inner()
    given = value("s", words) or value("sessions", words) or value("session", words) or value("e", words) or ""
    wanted = [name.partition("-")[0].partition("(")[0] for name in given.replace(",", " ").split()]
    file = value("f", words) or value("noxfile", words) or "noxfile.py"
    text = asked.read(file)
    if text is None:
        return Inner((), tuple(wanted) or ("tests",), f"{file} {NOT_THERE}")
    found: list[Script] = []
    starts = [*_SESSION.finditer(text)]
    for i, match in enumerate(starts):
        named = re.search(r"name\s*=\s*['\"]([\w-]+)", match.group(1) or "")
        name = named.group(1) if named else match.group(2)
        if wanted and name not in wanted and match.group(2) not in wanted:
            continue
        body = text[match.end() : starts[i + 1].start() if i + 1 < len(starts) else len(text)]
        for k, call in enumerate([*_RUN.finditer(body)][:30]):
            line = " ".join(_STRING.findall(re.sub(r"\b\w+\s*=\s*(?:\{[^}]*\}|[^,]*)", "", call.group(1))))
            found.append(Script(f"{asked.file(file)}:{name}:{k}", line, "sh {0}", "", f"{asked.file(file)}: {name}"))
    return Inner(tuple(found), tuple(wanted))


def script_of(asked: Asked, name: str, sections: tuple[str, ...]) -> Inner | None:
    """A named command in pyproject.toml, as poe, pdm, hatch, rye and taskipy keep them."""
    text = asked.read("pyproject.toml")
    data = parsed(text, "pyproject.toml") if text is not None else None
    for section in sections:
        found = data
        for part in section.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        task = found.get(name) if isinstance(found, Mapping) else None
        if isinstance(task, list) and section == "tool.poe.tasks":
            # A text in a list is the name of another task (poethepoet.natn.io, sequence tasks).
            task = [f"poe {one}" if isinstance(one, str) else one for one in task]
        lines = _task_lines(task)
        if lines:
            via = f"{asked.file('pyproject.toml')}: {section}.{name}"
            scripts = [Script(f"{via}:{i}", line, "sh -e {0}", "", via) for i, line in enumerate(lines)]
            return Inner(tuple(scripts), (name,))
    return None


def _task_lines(task: object) -> list[str]:
    """The commands of a task: a text, a table with one of several keys, or a list of them."""
    if isinstance(task, Mapping):
        kinds = ("cmd", "shell", "sequence", "composite", "chain", "ref")
        kind = next((kind for kind in kinds if kind in task), "")
        return [f"poe {task[kind]}"] if kind == "ref" else _task_lines(task.get(kind))
    if isinstance(task, list):
        return [line for one in task[:50] for line in _task_lines(one)]
    return [task] if isinstance(task, str) else []


def _poe(asked: Asked) -> Inner | None:
    names = [w for w in asked.words[1:] if not w.startswith("-")][:1]
    if not names:
        return None
    return script_of(asked, names[0], ("tool.poe.tasks",)) or Inner((), tuple(names), f"pyproject.toml {NOT_THERE}")


def _hatch(asked: Asked) -> Inner | None:
    """`hatch run env:script`, `hatch test`, `hatch fmt`."""
    words = [w for w in asked.words[1:] if not w.startswith("-")]
    if words[:1] == ["test"]:
        return Inner(words=("pytest", *words[1:]))
    if words[:1] == ["fmt"]:
        return Inner(words=("ruff", "check", *(["--check"] if "--check" in asked.words else [])))
    if words[:1] != ["run"] or len(words) < 2:
        return None
    environment, _, name = words[1].rpartition(":")
    section = f"tool.hatch.envs.{environment or 'default'}.scripts"
    return script_of(asked, name, (section, "tool.hatch.envs.default.scripts")) or Inner(words=(name, *words[2:]))


READERS: Mapping[str, Reader] = {"tox": _tox, "nox": _nox, "poe": _poe, "hatch": _hatch}
