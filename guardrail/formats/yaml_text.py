"""YAML text to plain data with positions, one document at a time.

The text is split at document markers first (YAML 1.2, production c-forbidden: they cannot stand inside content), so
a broken document costs only itself. Nothing here is recursive; depth, size and alias growth are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import Match
from re import compile as regex

from guardrail.formats.nodes import Lines
from guardrail.formats.parsed import (
    DOCUMENT_COST,
    MAX_NODES,
    MAX_UNREADABLE,
    Parsed,
    Unreadable,
    too_many,
)
from guardrail.formats.scalars import KUBERNETES, Schema
from guardrail.formats.yaml_compose import compose
from guardrail.model.late import late

__all__ = ["Parsed", "Unreadable", "chunks", "read"]

_BREAK = r"\n\r\x85\u2028\u2029"
"""Line breaks as libyaml sees them (YAML 1.1, production b-char)."""

_BLANK = rf"[ \t]*+(?:\#[^{_BREAK}]*+)?+"
_AFTER = rf"(?=[ \t{_BREAK}]|\Z)"
_MARKER = late(rf"[{_BREAK}]\ufeff?(---|\.\.\.){_AFTER}")
_FIRST_MARKER = regex(rf"\ufeff?(---|\.\.\.){_AFTER}")
_REST_OF_LINE = late(rf"{_BLANK}(?:\r\n|[{_BREAK}])?")
_DIRECTIVES = rf"(?:(?:%[^{_BREAK}]*+|\ufeff?{_BLANK})[{_BREAK}])*+"
_HEAD = late(_DIRECTIVES)
_NOTHING = regex(rf"{_DIRECTIVES}(?:---{_AFTER})?+(?:\ufeff?{_BLANK}(?:[{_BREAK}]|\Z))*+")
_TO_MARK = late(rf"(?:---(?={_BLANK}[{_BREAK}]))?(?:{_BLANK}[{_BREAK}])*+\ufeff")


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each document, its `---` line and directives included, empty ones left out."""
    start = 0
    for marker in _markers(text):
        at = marker.start(1)
        ends = text[at] == "."
        if _NOTHING.match(text, start, at).end() < at:  # type: ignore[union-attr]
            yield _chunk(text, start, at + 3 if ends else at)
        elif not ends and _directives(text, start, at):
            continue
        start = _REST_OF_LINE().match(text, at + 3).end() if ends else at  # type: ignore[union-attr]
    if _NOTHING.match(text, start).end() < len(text):  # type: ignore[union-attr]
        yield _chunk(text, start, len(text))


def _markers(text: str) -> Iterator[Match[str]]:
    first = _FIRST_MARKER.match(text)
    if first is not None:
        yield first
    if "\n---" in text or "\n..." in text or any(b in text for b in "\r\x85\u2028\u2029\ufeff"):
        yield from _MARKER().finditer(text, first.end() if first is not None else 0)


def _directives(text: str, start: int, end: int) -> bool:
    """Whether a stretch without content holds directives, which belong to the document that follows."""
    head = _HEAD().match(text, start, end)
    return head is not None and head.end() == end and "%" in head.group()


def _chunk(text: str, start: int, end: int) -> tuple[int, str]:
    """A stretch of text, less what stands before a byte-order mark: files joined end to end have those inside."""
    if "\ufeff" in text:
        mark = _TO_MARK().match(text, start, end)
        start = start if mark is None else mark.end()
    return start, text[start:end]


def read(text: str, lines: Lines, schema: Schema = KUBERNETES, base: int = 0) -> Iterator[Parsed | Unreadable]:
    """Every document of a text, in order; a document that cannot be read comes as its `Unreadable`.

    `schema` says what scalars mean. The place of a key that it leaves out stays known. `base` is where the text stands
    in that of `lines`.
    """
    left = MAX_NODES
    broken = 0
    told = False
    for offset, chunk in chunks(text):
        start = base + offset
        if left <= 0:
            if not told:
                yield too_many(start)
            return
        for item in compose(chunk, lines, start, schema, left):
            left -= DOCUMENT_COST
            if isinstance(item, Parsed):
                left -= item.count
            else:
                item.extent = (start, start + len(chunk))
                broken += 1
                told = told or item.args == too_many(0).args
            yield item
        if broken >= MAX_UNREADABLE:
            yield Unreadable(f"{broken:,} documents above this line cannot be read; the rest was not tried", start)
            return
