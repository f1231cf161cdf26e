"""Regular expressions of Terraform's `regex`, `regexall` and `replace`: RE2's syntax and matches, bounded in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from guardrail.hcl.functions.limits import Open, bounded, limit, size
from guardrail.hcl.functions.pattern_parser import Parsed, parse
from guardrail.hcl.functions.pattern_program import Captures, Machine, Program, compiled
from guardrail.hcl.values import EvaluationError

MOST_PATTERN = 5_000
_REFERENCE = re.compile(r"\$(?:(\$)|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})")


class Pattern(NamedTuple):
    """A pattern that is ready to run."""

    parsed: Parsed
    program: Program


@lru_cache(maxsize=256)
def _pattern(source: str) -> Pattern:
    parsed = parse(source)
    return Pattern(parsed, compiled(parsed))


def pattern(source: str) -> Pattern:
    """The pattern of a source; EvaluationError where RE2 would refuse it."""
    if len(source) > MOST_PATTERN:
        raise Open("a pattern too large to be run")
    return _pattern(source)


def search(source: str, text: str) -> object:
    """What the first match captures: its text without groups, a list, or a map of named ones; None without a match."""
    found = pattern(source)
    shape = _shape(found.parsed)
    match = Machine(found.program, text).search(0)
    return None if match is None else _captured(found.parsed, shape, match, text)


def find(source: str, text: str) -> list[object]:
    """What every match captures."""
    found = pattern(source)
    shape = _shape(found.parsed)
    made: list[object] = []
    for match in _matches(found, text):
        made.append(_captured(found.parsed, shape, match, text))
        limit(len(made))
    return made


def substitute(source: str, text: str, new: str) -> str:
    """Every match replaced; `$1`, `${1}` and `${name}` in the new text are what groups captured, `$$` is a dollar."""
    found = pattern(source)
    made: list[str] = []
    end = total = 0
    for match in _matches(found, text):
        written = _expanded(new, found.parsed, match, text)
        made += (text[end : match[0]], written)
        total += len(written)
        size(total)
        end = match[1]
    return bounded("".join(made) + text[end:])


def _matches(found: Pattern, text: str) -> Iterator[Captures]:
    """Matches from left to right; an empty one right after another match is none (Go's package regexp)."""
    machine = Machine(found.program, text)
    place, before = 0, -1
    while place <= len(text):
        match = machine.search(place)
        if match is None:
            return
        if match[1] > match[0] or match[0] != before:
            yield match
        before = match[1]
        place = match[1] if match[1] > place else place + 1


def _shape(parsed: Parsed) -> str:
    if parsed.names and len(parsed.names) != parsed.groups:
        raise EvaluationError("the pattern has groups with names and groups without")
    return "map" if parsed.names else "list" if parsed.groups else "text"


def _captured(parsed: Parsed, shape: str, match: Captures, text: str) -> object:
    if shape == "text":
        return text[match[0] : match[1]]
    if shape == "map":
        return {name: _group(match, number, text) for name, number in parsed.names}
    return [_group(match, number, text) for number in range(1, parsed.groups + 1)]


def _group(match: Captures, number: int, text: str) -> str | None:
    start, end = match[2 * number], match[2 * number + 1]
    return text[start:end] if start >= 0 else None


def _expanded(new: str, parsed: Parsed, match: Captures, text: str) -> str:
    def value(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        number = int(name) if name.isdecimal() and len(name) < 5 else -1
        numbers = [number] if number >= 0 else [n for each, n in parsed.names if each == name]
        groups = [_group(match, n, text) for n in numbers if n <= parsed.groups]
        return next((g for g in groups if g is not None), "")

    return _REFERENCE.sub(value, new) if "$" in new else new
