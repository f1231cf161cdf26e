"""Scripts of `cmd`: split into commands; only the last one's status counts.

"There doesn't seem to be a way to completely opt into fail-fast behavior other than writing your script to check each
error code" (github/docs, workflow-syntax, "Exit codes and error action preference").
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guardrail.actions.shell.command import Command, excerpt
from guardrail.actions.shell.found import Found

_HOLE = r"\$\{\{(?:[^'}]|'[^']{0,400}'|\}(?!\})){0,400}\}\}"
_TOKEN = re.compile(rf"\^\r?\n|\^.|\"[^\"\n]*\"?|{_HOLE}|&&|\|\||[&|\n()]|[^\^\"$&|\n()]+|\$")
_WORD = re.compile(rf"(?:\"[^\"]*\"?|{_HOLE}|[^\s\"])+")
_LONGEST = 50_000
_VARIABLE = re.compile(r"%(\w+)%")
_IF = re.compile(
    r"if\s+(?:/i\s+)?(?:not\s+)?(?:errorlevel\s+\d+|exist\s+\S+|defined\s+\S+|\S+\s*(?:==|\w{3})\s*\S+)\s*", re.I
)
_FAILS = re.compile(r"exit\s+(?:/b\s+)?(?:[1-9]|%)|goto\s+:?(?:err|fail)", re.IGNORECASE)
_ASKS = re.compile(r"errorlevel", re.IGNORECASE)


def batch(text: str, values: Mapping[str, str]) -> list[Found]:
    """The commands of a script, in order. Never raises."""
    known = {name.lower(): value for name, value in values.items() if "." not in name}
    found: list[Found] = []
    start, at = 0, 0
    for match in _TOKEN.finditer(text[:_LONGEST]):
        if match.group() in ("&", "&&", "|", "||", "\n", "(", ")"):
            _add(text, start, match.start(), match.group(), known, found)
            start = match.end()
        at = match.end()
    _add(text, start, max(at, len(text)), "", known, found)
    return _judged(found)


def _add(text: str, start: int, end: int, joined: str, known: Mapping[str, str], found: list[Found]) -> None:
    raw = text[start:end].replace("^\n", " ").replace("^\r\n", " ")
    body = raw.strip().lstrip("@").strip()
    guard = ""
    if condition := _IF.match(body):
        guard, body = f"if `{excerpt(condition.group(), 40)}`", body[condition.end() :].strip()
    body = re.sub(r"^(?:call|else|start\s+/wait)\s+", "", body, flags=re.IGNORECASE)
    if not body or re.match(r"(?:rem\b|::|:\w)", body, re.IGNORECASE):
        return
    expanded = _VARIABLE.sub(lambda m: known.get(m.group(1).lower(), m.group()), body[:4000])
    words = tuple(match.group().replace('"', "") for match in _WORD.finditer(expanded))
    if words:
        at = start + len(text[start:end]) - len(text[start:end].lstrip())
        command = Command(words, excerpt(body, 300), 0, 0, masked=joined, piped=joined == "|", guard=guard)
        found.append(Found(command, at, end - at))


def _judged(found: list[Found]) -> list[Found]:
    """Each command with why its failure does not count."""
    done: list[Found] = []
    for i, one in enumerate(found):
        after = found[i + 1].command if i + 1 < len(found) else None
        reason = ""
        if after is None:
            pass
        elif one.command.masked == "||":
            reason = "" if _FAILS.search(after.text) else f"`|| {excerpt(after.text, 40)}` follows"
        elif _ASKS.search(f"{after.guard} {after.text}"):
            reason = "" if _FAILS.search(after.text) else "its error level is tested and nothing fails because of it"
        elif _FAILS.search(after.text) and not after.guard:
            reason = ""
        else:
            reason = f"cmd goes on when a command fails, and `{excerpt(found[-1].command.text, 40)}` decides"
        done.append(one._replace(command=one.command._replace(masked=reason)))
    return done
