"""Named templates of a chart (`define`), and what an action that includes one hands to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import DOTALL
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.nodes import Lines
from guardrail.scan.render.marks import OPENS, actions, static

Steps = tuple[str, ...]

VALUES = regex(r"\.Values((?:\.[A-Za-z_]\w*)+)")
_NAMED = regex(r"\{\{-?\s*(?:define|block)\s+\"([^\"\n]{1,200})\"")
_CALL = regex(r"\b(?:include|template)\s+\"([^\"\n]{1,200})\"\s+(\(\s*dict\s[^()]{0,500}|[$.][\w.]*)?")
_PAIR = regex(r"\"([\w-]{1,100})\"\s+\$?\.Values((?:\.[A-Za-z_]\w*)*)")
_ASSIGNED = regex(r"\$(\w{1,100})\s*:?=\s*\(?\s*\$?\.Values((?:\.[A-Za-z_]\w*)+)")
_VARIABLE = regex(r"\$(\w{1,100})((?:\.[A-Za-z_]\w*)*)")
_FIELD = regex(r"(?<![\w)\]\"$])\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_ACTION = regex(r"\{\{.*?\}\}", DOTALL)
_KEY = regex(r"\s*(?:- )*[\"']?[\w./-]+[\"']?:(?:\s|$)")
_MOST = 40


class Define(NamedTuple):
    """A named template: the file, the text within it, and the number of the line on which that begins."""

    file: str
    text: str
    line: int


def defines(texts: Mapping[str, str]) -> dict[str, Define]:
    """The named templates of files; of one name the first, and none of a name that is given to different ones."""
    found: dict[str, list[Define]] = {}
    for file, text in texts.items():
        if "define" in text or "block" in text:
            for name, one in _of(file, text):
                found.setdefault(name, []).append(one)
    return {name: every[0] for name, every in found.items() if len({one.text.strip() for one in every}) == 1}


def _of(file: str, text: str) -> Iterator[tuple[str, Define]]:
    open_: list[tuple[str, int]] = []
    lines = Lines(text)
    for action in actions(text):
        if action.word in OPENS:
            named = _NAMED.match(text, action.start)
            open_.append((named[1] if named else "", action.end))
        elif action.word == "end" and open_:
            name, start = open_.pop()
            if name:
                yield name, Define(file, text[start : action.start], lines.position(start)[0])


class Named(NamedTuple):
    """A path of values that a line names; `at` is the line of a named template that does so, where one does."""

    path: Steps
    at: tuple[str, int] | None = None


def named(line: str, text: str, known: Mapping[str, Define], key: str) -> Iterator[Named]:
    """The paths of values behind a line of a template whose whole text is `text`; `key` is what the line sets.

    Through variables that are set to a value, and through named templates: what these do with `.` where they are given
    a value, and the one line that sets the key where they write several.
    """
    yield from (Named(path) for path in _direct(line, text, {}))
    yield from _through(line, text, _Search(known, key, set()), {})


def _direct(line: str, text: str, given: Mapping[str, Steps]) -> Iterator[Steps]:
    for written in _ACTION.findall(line) or ():
        for match in VALUES.finditer(written):
            yield tuple(match[1].strip(".").split("."))
        for match in _VARIABLE.finditer(written):
            yield from _assigned(text, match[1], match[2])
        for match in _FIELD.finditer(written) if given else ():
            steps = tuple(match[1].split("."))
            if steps[0] in given:
                yield (*given[steps[0]], *steps[1:])
            elif "" in given and steps[0] != "Values":
                yield (*given[""], *steps)


def _assigned(text: str, name: str, rest: str) -> Iterator[Steps]:
    """What a variable is set to, where that is one thing."""
    found = {m[2] for m in _ASSIGNED.finditer(text) if m[1] == name}
    if len(found) == 1:
        first = tuple(found.pop().strip(".").split("."))
        yield (*first, *rest.strip(".").split(".")) if rest else first
        if rest:
            yield first  # the variable of a loop is an item


class _Search(NamedTuple):
    """What is looked for: the named templates, the key, and what was looked at, each with what it was handed."""

    known: Mapping[str, Define]
    key: str
    seen: set[tuple[str, tuple[tuple[str, Steps], ...]]]


def _through(line: str, text: str, search: _Search, given: Mapping[str, Steps]) -> Iterator[Named]:
    for match in _CALL.finditer(line):
        one = search.known.get(match[1])
        handed = _handed(match[2] or "", text, given) if one else {}
        visit = (match[1], tuple(sorted(handed.items())))
        if one is None or visit in search.seen or len(search.seen) >= _MOST:
            continue
        search.seen.add(visit)
        for number, row in _lines(one, search.key):
            at = (one.file, number)
            yield from (Named(path, at) for path in _direct(row, one.text, handed))
            yield from _through(row, one.text, search, handed)


def _handed(argument: str, text: str, given: Mapping[str, Steps]) -> dict[str, Steps]:
    """What `.` is in a named template: paths of values by its fields, or by `""` the path that it is itself."""
    if argument.startswith("("):
        return {m[1]: tuple(filter(None, m[2].split("."))) for m in _PAIR.finditer(argument)}
    if argument == ".":
        return dict(given)
    found = next(_direct(f"{{{{ {argument} }}}}", text, given), None)
    return {"": found} if found else {}


def _lines(one: Define, key: str) -> list[tuple[int, str]]:
    """The lines of a named template that make what is asked for: all of a value, of several keys the one that fits."""
    rows = [(one.line + n, row) for n, row in enumerate(one.text.split("\n"))]
    if not any(_KEY.match(static(row)[0]) for _, row in rows):
        return rows[:_MOST]
    start = (f"{key}:", f"- {key}:")
    fitting = [(n, row) for n, row in rows if row.strip().startswith(start)]
    return fitting if len(fitting) == 1 else []
