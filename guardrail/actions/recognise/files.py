"""Settings of tools in the files of the repository: JSON, TOML, INI and simple YAML by key; the rest by pattern."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from guardrail.actions.recognise.outline import outline
from guardrail.actions.recognise.patterns import listed, literal
from guardrail.actions.recognise.records import Where

_LONGEST = 500_000


def path_of(where: Where, name: str) -> str:
    """A file's path relative to the repository's root, from one relative to the step's directory."""
    parts: list[str] = []
    for part in f"{where.directory}/{name}".replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def text_of(where: Where, name: str) -> str | None:
    """The text of a file named relative to the step's directory; None when it is not there."""
    path = path_of(where, name)
    if not path or "${{" in path or "$" in path:
        return None
    text = where.read(path)
    return None if text is None else text[:_LONGEST]


def reading(given: Mapping[str, object], where: Where) -> str | None:
    """What `{file: …, key: a.b}` or `{file: …, pattern: regular expression}` finds in the first file that has it."""
    for name in listed(given.get("file")):
        text = text_of(where, name)
        if text is None:
            continue
        for pattern in listed(given.get("pattern")):
            if match := re.search(pattern, text, re.MULTILINE):
                return next(filter(None, match.groups()), match.group())
        for key in listed(given.get("key")):
            found = key_of(text, name, key)
            if found is not None:
                return found
    return None


def key_of(text: str, name: str, key: str) -> str | None:
    """The value of a dotted key in a settings file, as text; a mapping or list as JSON."""
    data = parsed(text, name)
    for part in key.split("."):
        if not isinstance(data, Mapping):
            return None
        data = data.get(part)
    if data is None:
        return None
    return literal(data) if not isinstance(data, (dict, list)) else json.dumps(data)[:2000]


def parsed(text: str, name: str) -> object:
    """A settings file as data, as far as the standard library reads its format; {} when it is not readable."""
    try:
        if name.endswith((".json", "rc")) and text.lstrip()[:1] == "{":
            return json.loads(text)
        if name.endswith(".toml"):
            from tomllib import loads

            return loads(text)
        if name.endswith((".yaml", ".yml")):
            return outline(text)
        return _ini(text)
    except (ValueError, RecursionError):
        return {}


def _ini(text: str) -> dict[str, dict[str, str]]:
    """Sections of an INI file with their keys; continued lines belong to the key above them."""
    found: dict[str, dict[str, str]] = {"": {}}
    section = found[""]
    key = ""
    for line in text.splitlines():
        if line.lstrip()[:1] in ("#", ";"):
            continue
        if line.startswith("["):
            section = found.setdefault(line.strip().strip("[]").strip(), {})
            key = ""
        elif line[:1].isspace() and key:
            section[key] = f"{section[key]}\n{line.strip()}".strip("\n")
        elif match := re.match(r"([^=:\s][^=:]*?)\s*[=:]\s*(.*)", line):
            key = match.group(1)
            section[key] = match.group(2).strip()
    return found
