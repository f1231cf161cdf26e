"""Rendered text whose places are where the templates have them."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.formats.nodes import Lines
from guardrail.model.place import Span


class RenderedLines(Lines):
    """The lines of a rendered text, told as those of a sheet; `known[n]` is the sheet's line for line n, from 1.

    A tree of places over it needs no change: it asks for positions and spans by offset.
    """

    __slots__ = ("known", "written")

    def __init__(self, text: str, known: Sequence[int], written: Lines) -> None:
        super().__init__(text)
        self.known = known
        self.written = written

    def position(self, offset: int) -> tuple[int, int]:
        """Line of the sheet and column there of an offset in the rendered text."""
        number, column = super().position(offset)
        line = self._line(number)
        here, there = self._rendered(number), self.written.line(line)
        rest = here[column - 1 :].rstrip()
        at = there.find(rest) if rest else -1
        if at < 0:
            at = min(_indent(there) + max(column - 1 - _indent(here), 0), len(there))
        return line, at + 1

    def span(self, start: int, end: int) -> Span:
        """The span of the sheet for two offsets: the text where it stands there, else its key, else the whole line."""
        number, column = super().position(start)
        first = super().bounds(number)[0]
        piece = self._rendered(number)[column - 1 : max(end - first, column)].rstrip()
        line = self._line(number)
        there = self.written.line(line)
        width = len(there.rstrip())
        at = there.find(piece) if piece else -1
        if at >= 0:
            return Span(line, at + 1, line, at + 1 + len(piece))
        key, colon, _ = piece.partition(":")
        at = there.find(f"{key}:") if colon else -1
        begin = at if at >= 0 else min(_indent(there), width)
        return Span(line, begin + 1, line, max(width, begin) + 1)

    def bounds(self, number: int) -> tuple[int, int]:
        """The bounds of a line of the sheet."""
        return self.written.bounds(number)

    def line(self, number: int) -> str:
        """The text of a line of the sheet."""
        return self.written.line(number)

    def _line(self, number: int) -> int:
        return self.known[min(number, len(self.known) - 1)]

    def _rendered(self, number: int) -> str:
        start, end = super().bounds(number)
        return self.text[start:end]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
