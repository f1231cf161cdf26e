"""Names against the patterns of branch, tag and path filters.

The language is GitHub's own, not that of shells: `?` and `+` count the character before them, `**` crosses slashes,
`\\` takes the next character as it is, a leading `!` takes back what earlier patterns chose. Source: workflow syntax,
"Filter pattern cheat sheet".

Patterns come from files nobody vouches for, so they are walked state by state and never become regular expressions,
which could take for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

LONGEST_PATTERN = 1000
"""Longer patterns match nothing: git itself takes no ref name beyond 255 bytes."""

_ONE, _OPTIONAL, _LOOP, _ENTER, _FOLDERS = range(5)


class _Item(NamedTuple):
    """A place in a pattern: how often (`kind`) which characters (`chosen`; None: any but a slash; empty: any)."""

    kind: int
    chosen: frozenset[str] | None = None


_ANY: frozenset[str] = frozenset()


def matches(pattern: str, name: str) -> bool:
    """Whether one pattern, without its `!`, matches the whole of a name (cheat sheet: "must match the whole path")."""
    items = _items(pattern)
    if items is None:
        return False
    states = _closed(items, {0})
    for character in name:
        states = _closed(items, _step(items, states, character))
        if not states:
            return False
    return len(items) in states


def selects(patterns: Iterable[str], name: str) -> bool:
    """Whether a filter lets a name through: patterns in order, one with `!` takes back what earlier ones chose.

    Source: cheat sheet, "Patterns are checked sequentially"; `on.push`, "Including and excluding branches and tags".
    """
    chosen = False
    for pattern in patterns:
        if pattern.startswith("!"):
            chosen = chosen and not matches(pattern[1:], name)
        else:
            chosen = chosen or matches(pattern, name)
    return chosen


def is_literal(pattern: str) -> bool:
    """Whether a pattern names exactly one thing."""
    return not any(c in pattern for c in "*?+[]!\\")


def sample(pattern: str, filler: str) -> str:
    """A name that a pattern without `!` matches, wildcards filled with `filler`; empty when it cannot match."""
    items = _items(pattern)
    if items is None:
        return ""
    out: list[str] = []
    for position, item in enumerate(items):
        if item.kind in (_ONE, _OPTIONAL):
            out.append(_representative(item))
        elif item.kind == _LOOP and not _repeats(items, position):
            out.append(filler)
    return "".join(out)


def _representative(item: _Item) -> str:
    if not item.chosen:
        return "x"
    return "1" if "1" in item.chosen else min(item.chosen)


def _repeats(items: Sequence[_Item], position: int) -> bool:
    """Whether a loop is the rest of a `+`, whose one character stands before it."""
    before = items[position - 1] if position else None
    return before is not None and before.kind == _ONE and before.chosen == items[position].chosen


@lru_cache(maxsize=4096)
def _items(pattern: str) -> tuple[_Item, ...] | None:
    if len(pattern) > LONGEST_PATTERN:
        return None
    out: list[_Item] = []
    at = 0
    while at < len(pattern):
        at = _read(pattern, at, out)
    return tuple(out)


def _read(pattern: str, at: int, out: list[_Item]) -> int:
    """Read one element of the pattern into items; where the next begins."""
    character = pattern[at]
    if character == "*":
        return _star(pattern, at, out)
    if character in "?+" and out and out[-1].kind == _ONE:
        if character == "?":
            out[-1] = _Item(_OPTIONAL, out[-1].chosen)
        else:
            out.append(_Item(_LOOP, out[-1].chosen))
        return at + 1
    if character in "?+" and out and out[-1].kind == _LOOP:
        return at + 1  # any number of something, counted once more, is any number of it
    if character == "[":
        end = pattern.find("]", at + 2)
        if end > 0:
            out.append(_Item(_ONE, _characters(pattern[at + 1 : end])))
            return end + 1
    if character == "\\" and at + 1 < len(pattern):
        at, character = at + 1, pattern[at + 1]
    out.append(_Item(_ONE, frozenset((character,))))
    return at + 1


def _star(pattern: str, at: int, out: list[_Item]) -> int:
    end = at
    while end < len(pattern) and pattern[end] == "*":
        end += 1
    if end - at == 1:
        out.append(_Item(_LOOP))
        return end
    # `**/x` is x in any folder, the root included (cheat sheet: '**/README.md' matches README.md).
    if pattern[end : end + 1] == "/" and (at == 0 or pattern[at - 1] == "/"):
        out += (_Item(_ENTER), _Item(_FOLDERS))
        return end + 1
    out.append(_Item(_LOOP, _ANY))
    return end


def _characters(text: str) -> frozenset[str]:
    """The characters of a `[...]`: single ones and ranges such as `0-9`."""
    out: set[str] = set()
    at = 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            first, last = ord(text[at]), ord(text[at + 2])
            out.update(chr(c) for c in range(first, min(last, first + 127) + 1))
            at += 3
        else:
            out.add(text[at])
            at += 1
    return frozenset(out)


def _closed(items: Sequence[_Item], states: set[int]) -> set[int]:
    """States with all that can be reached without reading a character."""
    out, todo = set(states), list(states)
    while todo:
        state = todo.pop()
        if state == len(items):
            continue
        kind = items[state].kind
        onward = (state + 1, state + 2) if kind == _ENTER else (state + 1,) if kind in (_OPTIONAL, _LOOP) else ()
        for following in onward:
            if following not in out:
                out.add(following)
                todo.append(following)
    return out


def _step(items: Sequence[_Item], states: set[int], character: str) -> set[int]:
    out: set[int] = set()
    for state in states:
        if state == len(items):
            continue
        item = items[state]
        if item.kind == _FOLDERS:
            out.add(state)
            if character == "/":
                out.add(state + 1)
        elif item.kind != _ENTER and _takes(item, character):
            out.add(state if item.kind == _LOOP else state + 1)
    return out


def _takes(item: _Item, character: str) -> bool:
    if item.chosen is None:
        return character != "/"
    return not item.chosen or character in item.chosen
