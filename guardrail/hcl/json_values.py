"""JSON text to values that know where they stand (RFC 8259)."""

from __future__ import annotations

import re
from typing import NamedTuple

from guardrail.hcl.cursor import MAX_DEPTH, HclError
from guardrail.hcl.literals import number

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:
     ("(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+")  # 1 a string
    |(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]++)?+)    # 2 a number
    |(true|false|null)                                             # 3
    |([{}\[\],:])                                                  # 4
    |(\Z)                                                          # 5
    |(.)                                                           # 6 anything else
    )""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class JsonText(NamedTuple):
    """A string or key: what it says, first offset and last (exclusive), quotes included.

    `places` is the offset of each character and of the end; None where they follow one another.
    """

    text: str
    start: int
    end: int
    places: tuple[int, ...] | None = None


class JsonScalar(NamedTuple):
    """A number, true, false, or null."""

    value: object
    start: int
    end: int


class JsonArray(NamedTuple):
    """Elements in order."""

    items: tuple[JsonValue, ...]
    start: int
    end: int


class JsonObject(NamedTuple):
    """Members in order; keys may repeat."""

    members: tuple[tuple[JsonText, JsonValue], ...]
    start: int
    end: int


JsonValue = JsonText | JsonScalar | JsonArray | JsonObject


def read(text: str) -> JsonValue:
    """The value that a text is; HclError where it is not JSON."""
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.next = _TOKEN.match(text, 1 if text.startswith("\ufeff") else 0)

    def whole(self) -> JsonValue:
        value = self._value()
        if self._peek() != 5:
            raise self._error("There is something behind the end of the JSON value.")
        return value

    def _peek(self) -> int:
        return (self.next and self.next.lastindex) or 6

    def _step(self) -> tuple[str, int, int]:
        """The token, its first and last offset; the next one is looked up."""
        m = self.next
        assert m is not None
        kind = m.lastindex or 6
        self.next = _TOKEN.match(self.text, m.end())
        return m[kind], m.start(kind), m.end(kind)

    def _error(self, message: str) -> HclError:
        m = self.next
        return HclError(message, m.start(m.lastindex or 0) if m else len(self.text))

    def _accept(self, sign: str) -> bool:
        if self._peek() != 4 or self.next is None or self.next[4] != sign:
            return False
        self._step()
        return True

    def _value(self) -> JsonValue:
        kind = self._peek()
        if kind == 1:
            return string(*self._step())
        if kind == 2:
            return self._number()
        if kind == 3:
            word, start, end = self._step()
            return JsonScalar(_CONSTANTS[word], start, end)
        if kind == 4 and self.next and self.next[4] in "{[":
            return self._container()
        raise self._error("Expected a JSON value.")

    def _number(self) -> JsonScalar:
        error = self._error("This number is too large.")
        word, start, end = self._step()
        value = number(word.lstrip("-"))
        if value is None:
            raise error
        return JsonScalar(-value if word[0] == "-" else value, start, end)

    def _container(self) -> JsonArray | JsonObject:
        sign, start, _ = self._step()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise HclError(f"This is nested more than {MAX_DEPTH} deep.", start, "too-deep")
        found = self._array(start) if sign == "[" else self._object(start)
        self.depth -= 1
        return found

    def _array(self, start: int) -> JsonArray:
        items: list[JsonValue] = []
        closed = self._accept("]")
        while not closed:
            items.append(self._value())
            closed = self._closed("]")
        return JsonArray(tuple(items), start, self._end)

    def _object(self, start: int) -> JsonObject:
        members: list[tuple[JsonText, JsonValue]] = []
        closed = self._accept("}")
        while not closed:
            if self._peek() != 1:
                raise self._error("Expected a key in quotes.")
            key = string(*self._step())
            if not self._accept(":"):
                raise self._error("Expected ':' behind a key.")
            members.append((key, self._value()))
            closed = self._closed("}")
        return JsonObject(tuple(members), start, self._end)

    def _closed(self, sign: str) -> bool:
        if self._accept(","):
            return False
        if not self._accept(sign):
            raise self._error(f"Expected ',' or '{sign}'.")
        return True

    @property
    def _end(self) -> int:
        """Behind the token that was stepped over last."""
        return self.next.pos if self.next else len(self.text)


def string(raw: str, start: int, end: int) -> JsonText:
    """A string from its quoted text; a lone surrogate becomes U+FFFD."""
    if "\\" not in raw:
        return JsonText(raw[1:-1], start, end)
    parts: list[str] = []
    places: list[int] = []
    position = 1
    for m in _ESCAPE.finditer(raw, 1, len(raw) - 1):
        parts.extend((raw[position : m.start()], _character(m)))
        places.extend(range(start + position, start + m.start() + 1))
        position = m.end()
    parts.append(raw[position:-1])
    places.extend(range(start + position, start + len(raw)))
    return JsonText("".join(parts), start, end, tuple(places))


def _character(m: re.Match[str]) -> str:
    if m[1]:
        return chr(0x10000 + ((int(m[1], 16) - 0xD800) << 10) + int(m[2], 16) - 0xDC00)
    if m[3]:
        point = int(m[3], 16)
        return "\ufffd" if 0xD800 <= point < 0xE000 else chr(point)
    return _LETTERS.get(m[4], m[4])
