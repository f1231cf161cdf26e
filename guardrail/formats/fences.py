"""The fenced code blocks of a Markdown document, wherever they stand: in lists, quotes, tabs, under a heading.

CommonMark 0.31, "Fenced code blocks", "Block quotes" and "List items". Two things are read more widely than there,
because people and MkDocs write them so: a fence that is indented by four columns or more, and one right behind a line
of HTML. What stands in a comment (`<!-- -->`) is not shown to anybody, and is no block.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import MULTILINE
from re import compile as regex
from typing import NamedTuple

_FENCE = regex(r"`{3,}|~{3,}")
_CLOSED = regex(r"(?P<fence>`{3,}|~{3,})[ \t]*\Z")
_CLOSING = regex(r"^ {0,3}(`{3,}|~{3,})[ \t]*\r?$", MULTILINE)
_MARK = regex(
    r"^[ \t]*(?:```|~~~|>|[-+*](?:[ \t\r]|$)|\d{1,9}[.)](?:[ \t\r]|$)|<!--|\#{1,6}(?:[ \t\r]|$)|(?:=+|-+)[ \t]*\r?$)",
    MULTILINE,
)
"""What a line begins with that may matter to where fences are."""

_BLANK = regex(r"\n[ \t\r]*\n")

_MARKER = regex(r"(?P<marker>[-+*]|(?P<number>\d{1,9})[.)])(?=(?P<rest>[ \t]|\Z))")
_RULE = regex(r"([-*_])[ \t]*(?:\1[ \t]*){2,}\Z")
_UNDERLINE = regex(r"(?:=+|-+)[ \t]*\Z")
_HEADING = regex(r"\#{1,6}(?:[ \t]|\Z)")
_TAB = 4
_QUOTE = -1
"""Stands for a block quote among the containers; a list item is the column its content begins at."""

DEEPEST = 100
"""Containers within one another; what is deeper is text."""


class Fence(NamedTuple):
    """A fenced block: the line of its fence (1-based), its info string, the offsets of its content, its surroundings.

    `width` and `quotes` are how many columns, with how many `>` among them, stand before each line of the content.
    `heading` is the text of the nearest heading above it, `above` the line (not blank) right before the fence.
    `closed` is whether a fence ends it: else its list item, its quote or the document does.
    """

    line: int
    info: str
    start: int
    end: int
    width: int
    quotes: int
    closed: bool
    heading: str
    above: str


class _Open(NamedTuple):
    """A fence that waits for its end."""

    mark: str
    depth: int
    fence: Fence


def fences(text: str) -> list[Fence]:
    """Every fenced block of a document, in order."""
    return list(_Reader(text).read()) if "```" in text or "~~~" in text else []


class _Reader:
    """Goes through the lines with the containers that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.containers: list[int] = []
        self.open: _Open | None = None
        self.paragraph = False
        self.comment = False
        self.heading = ""
        self.above = ""
        self.mark = -1

    def read(self) -> Iterator[Fence]:
        """The blocks, in order."""
        text, start, number = self.text, 0, 1
        while start < len(text):
            skipped = self._skipped(start)
            number += text.count("\n", start, skipped)
            start = skipped
            stop = text.find("\n", start)
            stop = len(text) if stop < 0 else stop
            yield from self._line(start, stop - (stop > start and text[stop - 1] == "\r"), number)
            start, number = stop + 1, number + 1
        if self.open is not None:
            yield self.open.fence._replace(end=len(text))

    def _line(self, start: int, end: int, number: int) -> Iterator[Fence]:
        """Take a line; the block that it ends, if any."""
        line = self.text[start:end]
        begin = 1 if number == 1 and line.startswith("\ufeff") else 0
        matched, at, column = self._continued(line, begin)
        if self.open is not None:
            if matched >= self.open.depth:
                if self._closes(line, at, column):
                    yield self.open.fence._replace(end=start, closed=True)
                    self._closed()
                return
            yield self.open.fence._replace(end=start)
            self._closed()
        self._take(line, number, (start, end), (matched, at, column))

    def _skipped(self, start: int) -> int:
        """Where to go on at the beginning of a line: what cannot matter is passed over at the speed of a search."""
        text = self.text
        if self.containers or self.comment:
            return start
        if self.open is not None:
            for found in _CLOSING.finditer(text, start):
                if found[1].startswith(self.open.mark):
                    return found.start()
            return max(text.rfind("\n") + 1, start)
        if self.mark < start:
            found_mark = _MARK.search(text, start)
            self.mark = found_mark.start() if found_mark else len(text)
        before = text.rfind("\n\n", start, self.mark)  # the paragraph before may name a block, or be a heading
        while before > start and text[before - 1] == "\n":
            before -= 1
        again = text.rfind("\n\n", start, before) if before > start else -1
        if again >= 0:
            self.paragraph, self.above = False, ""
            return again + 2
        if before < 0 and self.paragraph and (line := text.rfind("\n", start, self.mark - 1) + 1) > start:
            return start if _BLANK.search(text, max(start - 1, 0), self.mark) else line
        return start

    def _closed(self) -> None:
        self.open, self.paragraph, self.above = None, False, ""

    def _continued(self, line: str, at: int) -> tuple[int, int, int]:
        """How many of the containers a line continues; the offset and the column behind their marks."""
        column = matched = 0
        for container in self.containers:
            after, there = _blanks(line, at, column)
            if container == _QUOTE:
                if there - column > 3 or line[after : after + 1] != ">":
                    break
                at, column = _quoted(line, after, there)
            elif after == len(line):
                at, column = after, there
            elif there >= container:
                at, column = _up_to(line, at, column, container)
            else:
                break
            matched += 1
        return matched, at, column

    def _closes(self, line: str, at: int, column: int) -> bool:
        assert self.open is not None
        after, there = _blanks(line, at, column)
        found = _CLOSED.match(line, after)
        return bool(found and found["fence"].startswith(self.open.mark) and there - column < 4)

    def _take(self, line: str, number: int, extent: tuple[int, int], reached: tuple[int, int, int]) -> None:
        """A line outside of fences: new containers, and what begins in them."""
        matched, at, column = reached
        if self.comment:
            self.comment = matched == len(self.containers) and "-->" not in line
            if matched == len(self.containers):
                return
        kept = self.containers[:matched]
        after, there = _blanks(line, at, column)
        opened = False
        inside = self.paragraph and matched == len(self.containers)
        while len(kept) < DEEPEST and there - column <= 3:
            found = self._container(line, after, there, inside and not opened)
            if found is None:
                break
            kept.append(found[0])
            at, column = found[1:]
            after, there = _blanks(line, at, column)
            opened = True
        rest = line[after:].rstrip()
        fence = _FENCE.match(rest)
        info = rest[fence.end() :].strip() if fence else ""
        if fence and not (rest[0] == "`" and "`" in info):
            start = min(extent[1] + 1 + (self.text[extent[1] : extent[1] + 1] == "\r"), len(self.text))
            quotes = kept.count(_QUOTE)
            if there - column > 3:  # ends where the text is indented less, as in MkDocs' tabs and admonitions
                kept.append(there)
            self.containers = kept
            block = Fence(number, info, start, start, there, quotes, False, self.heading, self.above)
            self.open = _Open(fence[0], len(kept), block)
            return
        lazy = self.paragraph and not opened and bool(rest) and not _begins(rest)
        underlined = lazy and inside and _UNDERLINE.match(rest)
        if not lazy:
            self.containers = kept
        if underlined:
            self.heading, self.paragraph, self.above = self.above, False, rest
        else:
            self._leaf(rest, there - column, lazy)

    @staticmethod
    def _container(line: str, after: int, there: int, paragraph: bool) -> tuple[int, int, int] | None:
        """The quote or list item that begins at an offset: what stands for it, offset and column of its content.

        Not every list item interrupts a paragraph.
        """
        if line[after : after + 1] == ">":
            return _QUOTE, *_quoted(line, after, there)
        found = _MARKER.match(line, after)
        if found is None or _RULE.match(line, after):
            return None
        end, width = found.end("marker"), there + len(found["marker"])
        inside, column = _blanks(line, end, width)
        empty = inside == len(line)
        if paragraph and (empty or (found["number"] or "1").lstrip("0") != "1"):
            return None
        if empty or column - width > 4:
            column = width + 1
        return column, *_up_to(line, end, width, column)

    def _leaf(self, rest: str, indented: int, lazy: bool) -> None:
        """What a line says that is neither a fence nor a container."""
        if not rest:
            self.paragraph = False
            return
        self.above = rest
        if indented > 3 and not self.paragraph:
            return
        if _HEADING.match(rest):
            self.heading, self.paragraph = rest.strip("# \t"), False
        elif rest.startswith("<!--"):
            self.comment, self.paragraph = "-->" not in rest[4:], False
        else:
            self.paragraph = lazy or not _RULE.match(rest)


def _begins(rest: str) -> bool:
    """Whether a line cannot go on with a paragraph."""
    return bool(_HEADING.match(rest) or _RULE.match(rest) or rest.startswith("<!--"))


def _blanks(line: str, at: int, column: int) -> tuple[int, int]:
    """Offset and column behind the blanks at an offset."""
    while at < len(line) and (char := line[at]) in " \t":
        column += 1 if char == " " else _TAB - column % _TAB
        at += 1
    return at, column


def _up_to(line: str, at: int, column: int, wanted: int) -> tuple[int, int]:
    """Offset and column behind as many of the blanks at an offset as reach a column; a tab may reach beyond it."""
    while at < len(line) and column < wanted and (char := line[at]) in " \t":
        column += 1 if char == " " else _TAB - column % _TAB
        at += 1
    return at, column


def _quoted(line: str, at: int, column: int) -> tuple[int, int]:
    """Offset and column behind a `>` and the one blank that belongs to it."""
    return _up_to(line, at + 1, column + 1, column + 2)
