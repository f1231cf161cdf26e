"""A part of a document read by itself, with the document's lines."""

from __future__ import annotations

from guardrail.formats.nodes import Lines


class Excerpt(Lines):
    """The lines of a part, whose offsets begin with the part, told as those of the document (`whole`).

    A tree of places over the part needs no change: it asks for positions and spans by offset.
    """

    __slots__ = ("base", "whole")

    def __init__(self, text: str, whole: Lines, base: int) -> None:
        super().__init__(text)
        self.whole = whole
        self.base = base

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in the document."""
        return self.whole.position(self.base + offset)

    def bounds(self, number: int) -> tuple[int, int]:
        """The bounds of a line of the document."""
        return self.whole.bounds(number)

    def line(self, number: int) -> str:
        """The text of a line of the document."""
        return self.whole.line(number)


def whole(lines: Lines) -> Lines:
    """The lines of the document that a text is a part of, or the lines themselves."""
    return lines.whole if isinstance(lines, Excerpt) else lines
