"""JSON text to plain data with positions: what libyaml cannot read of JSON (surrogate escapes, long keys) is read here.

RFC 8259; a stream of several objects is accepted, as kubectl does. Not recursive; the same bounds as for YAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import loads
from re import VERBOSE
from re import compile as regex
from typing import Any

from guardrail.formats.nodes import Lines, MappingNode, Node, SequenceNode, TreePlaces, leaf
from guardrail.formats.parsed import (
    DOCUMENT_COST,
    MAX_DEFECTS,
    MAX_DEPTH,
    MAX_NODES,
    Parsed,
    Unreadable,
    too_many,
)
from guardrail.model.document import Defect

_TOKEN = regex(
    r"""[ \t\r\n]*+(?:
        (?P<mark>[{}\[\]:,])
      | (?P<string>"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+")
      | (?P<word>-?[0-9][0-9.eE+-]*+|true|false|null)
      | (?P<end>\Z)
    )""",
    VERBOSE,
)
_SPACE = regex(r"[ \t\r\n]*+")
_WORDS = {"true": True, "false": False, "null": None}
_MARKS = frozenset("{}[]:,")

_VALUE, _FIRST_VALUE, _KEY, _FIRST_KEY, _COLON, _NEXT = range(6)
"""What may come: a value, a value or `]`, a key, a key or `}`, a colon, a comma or the closing bracket."""

_MISSING = {
    _VALUE: "a value is missing",
    _FIRST_VALUE: "a value or ']' is missing",
    _KEY: "a key in double quotes is missing",
    _FIRST_KEY: "a key in double quotes or '}' is missing",
    _COLON: "':' is missing after a key",
    _NEXT: "',' or a closing bracket is missing",
}


def read(text: str, lines: Lines, base: int = 0) -> Iterator[Parsed | Unreadable]:
    """Every top-level value of a JSON text; what cannot be read ends it as an `Unreadable`.

    `base` is where the text stands in that of `lines`.
    """
    position = _SPACE.match(text).end()  # type: ignore[union-attr]
    left = MAX_NODES
    try:
        while position < len(text):
            parsed = _Reader(text, lines, base).read(position, left)
            left -= parsed.count + DOCUMENT_COST
            yield parsed
            position = _SPACE.match(text, parsed.end - base).end()  # type: ignore[union-attr]
    except Unreadable as error:
        error.offset += base
        yield error


class _Reader:
    """Reads one value with an explicit stack."""

    def __init__(self, text: str, lines: Lines, base: int) -> None:
        self.text = text
        self.lines = lines
        self.base = base
        self.defects: list[Defect] = []
        # One frame per open collection, the innermost in these: its data and node, the pending key and its place.
        self.stack: list[tuple[Any, Any, str, int]] = []
        self.data: Any = None
        self.node: Any = None
        self.key = ""
        self.key_leaf = 0

    def read(self, start: int, limit: int) -> Parsed:
        """The value at `start`, of at most `limit` keys and values."""
        match_token, text = _TOKEN.match, self.text
        position, count, expected = start, 0, _VALUE
        while True:
            match = match_token(text, position)
            if match is None:
                at = _SPACE.match(text, position).end()  # type: ignore[union-attr]
                raise self._wrong(f"unexpected {text[at : at + 1]!r}", at)
            kind = match.lastgroup
            raw = match[kind]  # type: ignore[index]
            position = match.end()
            at = position - len(raw)
            if kind == "mark":
                expected = self._mark(raw, expected, at)
            elif kind == "end":
                raise self._wrong("the text ends too early", max(at - 1, 0))
            elif expected in (_KEY, _FIRST_KEY) and kind == "string":
                count += 1
                self.key, self.key_leaf, expected = self._string(raw, at), leaf(at, position), _COLON
            elif expected in (_VALUE, _FIRST_VALUE):
                count += 1
                value = self._string(raw, at) if kind == "string" else self._word(raw, at)
                self._put(value, leaf(at, position))
                expected = _NEXT
            else:
                raise self._wrong(_MISSING[expected], at)
            if count > limit:
                raise too_many(at)
            if expected == _NEXT and not self.stack:
                places = TreePlaces(self.node, self.lines, self.base)
                extent = self.base + start, self.base + position
                return Parsed(self.data, places, tuple(self.defects), *extent, count)

    def _mark(self, mark: str, expected: int, at: int) -> int:
        """Take a punctuation mark; returns what may come next."""
        if expected == _COLON and mark == ":":
            return _VALUE
        if mark in "{[" and expected in (_VALUE, _FIRST_VALUE):
            if len(self.stack) >= MAX_DEPTH:
                raise Unreadable(f"nested deeper than {MAX_DEPTH} levels", at, "too-deep")
            self.stack.append((self.data, self.node, self.key, self.key_leaf))
            self.data, self.node = ({}, MappingNode(at)) if mark == "{" else ([], SequenceNode(at))
            return _FIRST_KEY if mark == "{" else _FIRST_VALUE
        in_mapping = isinstance(self.data, dict)
        if mark == "," and expected == _NEXT:
            return _KEY if in_mapping else _VALUE
        if mark == ("}" if in_mapping else "]") and expected in (_NEXT, _FIRST_KEY, _FIRST_VALUE):
            data, node = self.data, self.node
            node.end = at + 1
            self.data, self.node, self.key, self.key_leaf = self.stack.pop()
            self._put(data, node)
            return _NEXT
        raise self._wrong(_MISSING[expected], at)

    def _put(self, value: Any, place: Node) -> None:
        """Put a value into the innermost open collection; without one, it is the document."""
        if isinstance(self.data, dict):
            entries = self.node.entries
            if self.key in entries:
                self._again(entries)
            entries[self.key] = (self.key_leaf, place, None)
            if value is None:
                self.data.pop(self.key, None)  # null and absent are the same to the Kubernetes API
            else:
                self.data[self.key] = value
        elif isinstance(self.data, list):
            self.data.append(value)
            self.node.items.append(place)
        else:
            self.data, self.node = value, place

    def _again(self, entries: dict[str, Any]) -> None:
        first = self.lines.position(self.base + (entries.pop(self.key)[0] >> 32))[0]
        if len(self.defects) < MAX_DEFECTS:
            base = self.base
            span = self.lines.span(base + (self.key_leaf >> 32), base + (self.key_leaf & 0xFFFFFFFF))
            frames = ((data, key) for data, _, key, _ in self.stack[1:])
            path = tuple(len(d) if isinstance(d, list) else k for d, k in frames)
            detail = f"{self.key} is given twice, first on line {first}"
            self.defects.append(Defect("duplicate-key", (*path, self.key), span, detail))

    def _string(self, raw: str, at: int) -> str:
        if "\\" not in raw:
            return raw[1:-1]
        try:
            value: str = loads(raw)
        except ValueError as error:
            raise self._wrong(str(error).partition(":")[0].lower(), at) from None
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _word(self, raw: str, at: int) -> object:
        if raw in _WORDS:
            return _WORDS[raw]
        try:
            return loads(raw)
        except ValueError:
            raise self._wrong(f"{raw[:40]} is not a number", at) from None

    @staticmethod
    def _wrong(reason: str, at: int) -> Unreadable:
        return Unreadable(f"not valid JSON: {reason}", at)
