"""`[`, `test` and `[[ ]]`: whether they hold, as far as that is known.

Source: POSIX.1-2017 `test`; Bash Reference Manual 3.2.5.2 ("Conditional Constructs") and 6.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from guardrail.actions.shell.lexer import OPERATOR, WORD, Lexer, Unsplittable
from guardrail.actions.shell.tree import Word

_LITERALS = re.compile(r"(\^?)\(?([\w ./-]+(?:\|[\w ./-]+)*)\)?(\$?)\Z")
_NUMBER = re.compile(r"-?\d{1,18}\Z")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
_BINARY = frozenset({"=", "==", "!=", "=~", "<", ">", *_COMPARE})


class Item(NamedTuple):
    """A word or operator of a test; `value` is None where it is not known, `raw` is how it is written."""

    raw: str
    value: str | None


def single(words: Sequence[Item]) -> bool | None:
    """`[ ... ]` or `test ...`, without the name and the closing bracket."""
    return _Test(words, False).whole()


def double(text: str, start: int, end: int, holes: dict[int, int], value: Callable[[Word], str | None]) -> bool | None:
    """`[[ ... ]]`, which stands in a text from `start` to `end`."""
    lexer = Lexer(text, start + 2, end - 2, holes)
    items: list[Item] = []
    try:
        while lexer.at < end - 2:
            token = lexer.take()
            if token.kind == WORD and token.word is not None:
                items.append(Item(text[token.start : token.end], value(token.word)))
                if items[-1].raw == "=~":
                    items.append(_pattern(text, lexer, end - 2))
            elif token.kind == OPERATOR and token.text != "\n":
                items.append(Item(token.text, token.text))
            elif token.kind != OPERATOR:
                break
    except Unsplittable:
        return None
    return _Test(items, True).whole()


def _pattern(text: str, lexer: Lexer, end: int) -> Item:
    """What follows `=~`, up to the next `&&` or `||`: parentheses are part of it."""
    found = re.compile(r"\s*(.*?)\s*(?=&&|\|\||\Z)", re.DOTALL).match(text, lexer.at, end)
    assert found is not None
    lexer.at = found.end()
    return Item(found[1], found[1])


class _Test:
    def __init__(self, items: Sequence[Item], patterns: bool) -> None:
        self._items = items
        self._at = 0
        self._patterns = patterns
        self._or, self._and = ("||", "&&") if patterns else ("-o", "-a")

    def whole(self) -> bool | None:
        found = self._either(0)
        return found if self._at == len(self._items) else None

    def _raw(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._items[at].raw if at < len(self._items) else ""

    def _either(self, depth: int) -> bool | None:
        found = self._both(depth)
        while self._raw() == self._or:
            self._at += 1
            other = self._both(depth)
            found = True if found or other else None if found is None or other is None else False
        return found

    def _both(self, depth: int) -> bool | None:
        found = self._one(depth)
        while self._raw() == self._and:
            self._at += 1
            other = self._one(depth)
            found = False if found is False or other is False else None if found is None or other is None else True
        return found

    def _one(self, depth: int) -> bool | None:
        if depth > 20:
            self._at = len(self._items) + 1
            return None
        if self._raw() == "!" and self._raw(1) not in _BINARY:
            self._at += 1
            found = self._one(depth + 1)
            return None if found is None else not found
        if self._raw() in ("(", "\\("):
            self._at += 1
            found = self._either(depth + 1)
            self._at += 1
            return found
        if self._raw(1) in _BINARY:
            return self._binary()
        return self._unary()

    def _binary(self) -> bool | None:
        left, operator = self._items[self._at].value, self._raw(1)
        right = self._items[self._at + 2].value if self._at + 2 < len(self._items) else None
        self._at += 3
        if left is None or right is None:
            return None
        if operator in _COMPARE:
            numbers = _NUMBER.match(left) and _NUMBER.match(right)
            return _COMPARE[operator](int(left), int(right)) if numbers else None
        if operator in ("<", ">"):
            return left < right if operator == "<" else left > right
        if operator == "=~":
            return _searched(right, left)
        raw = self._items[self._at - 1].raw
        plain = not self._patterns or raw[:1] in "\"'"
        equal = left == right if plain else len(right) < 200 and fnmatchcase(left, right)
        return equal != (operator == "!=")

    def _unary(self) -> bool | None:
        operator, value = self._raw(), self._items[self._at + 1].value if self._at + 1 < len(self._items) else None
        if not operator.startswith("-") or len(operator) != 2 or self._at + 1 >= len(self._items):
            found = self._items[self._at].value if self._at < len(self._items) else None
            self._at += 1
            return None if found is None else found != ""
        self._at += 2
        if value is None or operator not in ("-n", "-z"):
            return None  # files, and what else a test can ask
        return (value != "") == (operator == "-n")


def _searched(pattern: str, text: str) -> bool | None:
    """`=~` with a choice of plain texts; other patterns are not tried, as any could take for ever."""
    found = _LITERALS.match(pattern.strip("\"'"))
    if found is None:
        return None
    starts, choices, ends = bool(found[1]), found[2].replace(".", "\0").split("|"), bool(found[3])
    if any("\0" in c for c in choices):
        return None
    if "|" in found[2] and "(" not in pattern and (starts or ends):
        return None  # `^a|b$` anchors one side of each
    if starts and ends:
        return text in choices
    return any(text.startswith(c) if starts else text.endswith(c) if ends else c in text for c in choices)
