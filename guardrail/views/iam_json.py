"""JSON that may have holes: policy documents as text, as text with unknown parts, or as data, all read to one form.

An object becomes Members, whose keys may be texts with holes; everything else is plain data with UnknownValues.
"""

from __future__ import annotations

from json import loads
from re import Match
from re import compile as regex
from typing import NamedTuple

from guardrail.hcl.values import combine
from guardrail.model.value import UnknownValue

Text = str | UnknownValue
"""A text, or one of which a part or everything is not known."""

DEEPEST = 60
"""Levels of nesting that are read; a policy has at most five."""

_OPEN, _CLOSE = "\ue000", "\ue001"
_HOLE = f"{_OPEN}([0-9]+){_CLOSE}"
_TOKEN = rf'\s*(?:(?P<mark>[{{}}\[\],:])|"(?P<text>[^"\\]*(?:\\.[^"\\]*)*)"|{_HOLE}|(?P<word>[-+.\w]+))'


class Members(NamedTuple):
    """An object: its members in order, repeated keys included; `rest` when there may be others."""

    pairs: tuple[tuple[Text, object], ...]
    rest: UnknownValue | None = None


class JsonFault(Exception):
    """What is no JSON; `str()` is a clause that says why."""


def read(value: object) -> object:
    """The data of a JSON text, or of data that were never text; raises JsonFault.

    A hole between quotes is an unknown part of that text; one that stands bare is an unknown value, or, between the
    members of an object or a list, any number of them.
    """
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, UnknownValue) and isinstance(value.known, tuple):
        return _Holed(value.known).document()
    return plain(value)


def plain(value: object, depth: int = 0) -> object:
    """Data with every map as Members; raises JsonFault when it is nested too deeply."""
    if depth > DEEPEST:
        raise JsonFault("it is nested too deeply")
    if isinstance(value, dict):
        return Members(tuple((k, plain(v, depth + 1)) for k, v in value.items()))
    if isinstance(value, list):
        return [plain(v, depth + 1) for v in value]
    if isinstance(value, UnknownValue) and isinstance(value.known, dict):
        return Members(tuple((k, plain(v, depth + 1)) for k, v in value.known.items()), value)
    return value


def _whole(text: str) -> object:
    try:
        return loads(text, object_pairs_hook=lambda pairs: Members(tuple(pairs)), strict=False)
    except RecursionError:
        raise JsonFault("it is nested too deeply") from None
    except ValueError as error:
        message = str(error).partition(":")[0]
        raise JsonFault(f"{message[:1].lower()}{message[1:]} in line {getattr(error, 'lineno', 1)}") from None


class _Token(NamedTuple):
    """`kind` is a mark, `value` (then `value` holds it), or empty at the end."""

    kind: str
    value: object = None


class _Holed:
    """A reader of JSON in parts. Commas beside holes may be part of them, so none is asked for."""

    def __init__(self, parts: tuple[object, ...]) -> None:
        self.holes: list[UnknownValue] = []
        self.text = "".join(self._marked(part) for part in parts)
        self.at = 0
        self.pattern = regex(_TOKEN)
        self.token = self._next()

    def _marked(self, part: object) -> str:
        if isinstance(part, UnknownValue):
            if isinstance(part.known, tuple):
                return "".join(self._marked(p) for p in part.known)
            self.holes.append(part)
            return f"{_OPEN}{len(self.holes) - 1}{_CLOSE}"
        return str(part).replace(_OPEN, "\ufffd").replace(_CLOSE, "\ufffd")

    def document(self) -> object:
        """The one value of the text."""
        value = self._value(0)
        if self.token.kind:
            raise JsonFault("more follows after its end")
        return value

    def _next(self) -> _Token:
        match = self.pattern.match(self.text, self.at)
        if match is None:
            if self.text[self.at :].strip():
                raise JsonFault(f"character {self.at + 1} is not expected")
            return _Token("")
        self.at = match.end()
        return _Token(match["mark"]) if match["mark"] else _Token("value", self._scalar(match))

    def _scalar(self, match: Match[str]) -> object:
        if match["text"] is not None:
            return self._text(match["text"])
        if match["word"] is None:
            return plain(self.holes[int(match[3])])
        try:
            return loads(match["word"])
        except ValueError:
            raise JsonFault(f"{match['word'][:40]} is no value") from None

    def _text(self, written: str) -> Text:
        if "\\" in written:
            try:
                written = loads(f'"{written}"', strict=False)
            except ValueError:
                raise JsonFault("a backslash is followed by no escape") from None
        pieces = regex(_HOLE).split(written)
        if len(pieces) == 1:
            return written
        parts = [self.holes[int(p)] if i % 2 else p for i, p in enumerate(pieces)]
        known = tuple(p for p in parts if p != "")
        if len(known) == 1 and isinstance(known[0], UnknownValue):
            return known[0]
        reason = combine(p for p in known if isinstance(p, UnknownValue))
        return UnknownValue(reason.reason, questions=reason.questions, known=known)

    def _advance(self) -> _Token:
        token, self.token = self.token, self._next()
        return token

    def _value(self, depth: int) -> object:
        if depth > DEEPEST:
            raise JsonFault("it is nested too deeply")
        token = self._advance()
        if token.kind == "value":
            return token.value
        if token.kind == "{":
            return self._members(depth + 1)
        if token.kind == "[":
            return self._items(depth + 1)
        raise JsonFault(f"{token.kind or 'the end'} stands where a value is expected")

    def _items(self, depth: int) -> list[object]:
        items: list[object] = []
        while self.token.kind != "]":
            if self.token.kind == ",":
                self._advance()
            else:
                items.append(self._value(depth))
        self._advance()
        return items

    def _members(self, depth: int) -> Members:
        pairs: list[tuple[Text, object]] = []
        rest: UnknownValue | None = None
        while self.token.kind != "}":
            token = self._advance()
            if token.kind == ",":
                continue
            if token.kind != "value" or not isinstance(token.value, str | UnknownValue):
                raise JsonFault(f"{token.kind or 'the end'} stands where a key is expected")
            if self.token.kind == ":":
                self._advance()
                pairs.append((token.value, self._value(depth)))
            elif isinstance(token.value, UnknownValue):
                rest = token.value
            else:
                raise JsonFault("a key has no value")
        self._advance()
        return Members(tuple(pairs), rest)
