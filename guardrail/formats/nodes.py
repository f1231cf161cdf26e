"""Positions beside plain data: a light tree of offsets that is searched only when a finding is made.

Offsets count code points within the chunk of text that was parsed. A scalar's place is one integer, because there
are hundreds of thousands of them: see `leaf`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from re import compile as regex
from typing import NamedTuple

from guardrail.model.document import Place
from guardrail.model.place import Path, Span

_LINE_BREAK = regex(r"\r\n|\n|\r")
_END = 0xFFFFFFFF


class Lines:
    """The lines of a text, found by offset. Breaks are CRLF, LF and CR, as editors and GitHub count them."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: array[int] | None = None

    @property
    def starts(self) -> array[int]:
        """Offset of the first character of each line."""
        if self._starts is None:
            self._starts = array("I", (0,))
            if "\r" in self.text:
                self._starts.extend(m.end() for m in _LINE_BREAK.finditer(self.text))
            else:  # the same, several times as fast; behind the last line there is no break
                self._starts.extend(accumulate(len(line) + 1 for line in self.text.split("\n")))
                self._starts.pop()
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def bounds(self, number: int) -> tuple[int, int]:
        """First and last offset (exclusive) of a line, without its break; nothing beyond the end."""
        starts = self.starts
        if not 0 < number <= len(starts):
            return len(self.text), len(self.text)
        start = starts[number - 1]
        if number == len(starts):
            return start, len(self.text)
        end = starts[number] - 1
        if end > start and self.text[end] == "\n" and self.text[end - 1] == "\r":
            end -= 1
        return start, end

    def line(self, number: int) -> str:
        """The text of a line, without its break; empty beyond the end."""
        start, end = self.bounds(number)
        return self.text[start:end]

    def width(self, number: int) -> int:
        """The length of a line, without its break."""
        start, end = self.bounds(number)
        return end - start

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets, cut at the end of its first line so that a region is never a block."""
        line, column = self.position(start)
        width = self.width(line)
        end_line, end_column = self.position(max(end, start))
        if end_line != line:
            end_column = width + 1
        return Span(line, column, line, max(min(end_column, width + 1), column))


def leaf(start: int, end: int) -> int:
    """The place of a scalar: both offsets in one number."""
    return start << 32 | end


class MappingNode:
    """The places of a mapping: each key's leaf, its value's node, and the alias or mapping it was merged from."""

    __slots__ = ("end", "entries", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.entries: dict[str, tuple[int, Node, Node | None]] = {}


class SequenceNode:
    """The places of a sequence's items."""

    __slots__ = ("end", "items", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.items: list[Node] = []


class AliasNode:
    """A place where an anchored node is used again."""

    __slots__ = ("end", "start", "target")

    def __init__(self, start: int, end: int, target: Node) -> None:
        self.start = start
        self.end = end
        self.target = target


Node = int | MappingNode | SequenceNode | AliasNode


def start_of(node: Node) -> int:
    """Where a node starts."""
    return node >> 32 if isinstance(node, int) else node.start


def end_of(node: Node) -> int:
    """Where a node ends (exclusive); a block collection's end lies behind trailing blanks and comments."""
    return node & _END if isinstance(node, int) else node.end


def last_of(node: Node) -> Node:
    """The node whose end is the end of a node's own text: its last scalar, alias or empty collection."""
    while True:
        below: Node | None = None
        if isinstance(node, MappingNode):
            below = next((v for _, v, via in reversed(node.entries.values()) if via is None), None)
        elif isinstance(node, SequenceNode) and node.items:
            below = node.items[-1]
        if below is None:
            return node
        node = below


class TreePlaces(NamedTuple):
    """Places of one document: its tree, the file's lines, and where the document's chunk starts in the file."""

    root: Node
    lines: Lines
    base: int

    def locate(self, path: Path) -> Place:
        """The place of `path`: key and value of a scalar, the key of a collection, the first line of an item.

        What does not exist is shown at its nearest existing parent's key, at the root at `kind` or the first key.
        """
        key, node, aliases = self._descend(path)
        return Place(self._region(key, node), tuple(self._span(a, a) for a in aliases))

    def locate_text(self, path: Path, text: str, occurrence: int) -> Span | None:
        """Where in the scalar at `path` the first line of a text stands for the `occurrence`-th time, or None.

        It is looked for as it is written, so that escapes of a quoted scalar are not seen through.
        """
        _, node, _ = self._descend(path)
        node = node.target if isinstance(node, AliasNode) else node
        wanted = text.strip().partition("\n")[0]
        start, end = self.base + start_of(node), self.base + end_of(node)
        at = self.lines.text.find(wanted, start, end) if wanted else -1
        for _ in range(occurrence if at >= 0 else 0):
            again = self.lines.text.find(wanted, at + len(wanted), end)
            at = again if again >= 0 else at
        return self.lines.span(at, at + len(wanted)) if at >= 0 else None

    def _descend(self, path: Path) -> tuple[int | None, Node, list[Node]]:
        """Key leaf, node and aliases crossed on the way to a path, as far as it exists."""
        node, key, aliases = self.root, None, list[Node]()
        for step in path:
            if isinstance(node, AliasNode):
                aliases.append(node)
                node = node.target
            if isinstance(node, MappingNode) and step in node.entries:
                key, node, via = node.entries[step]
                if via is not None:
                    aliases.append(via)
            elif isinstance(node, SequenceNode) and isinstance(step, int) and -1 < step < len(node.items):
                key, node = None, node.items[step]
            else:
                break
        return key, node, aliases

    def lines_of(self, path: Path) -> tuple[int, int]:
        """First and last line of everything at a path, or at its nearest existing ancestor."""
        key, node, _ = self._descend(path)
        first = key if key is not None and node is not self.root else node
        return self.extent(first, node)

    def extent(self, first: Node, node: Node) -> tuple[int, int]:
        """First line of `first` (a node or its key), last line of the node's own text."""
        start = self.lines.position(self.base + start_of(first))[0]
        end = self._text_end(last_of(node))
        return start, max(self.lines.position(end)[0], start)

    def _text_end(self, node: Node) -> int:
        """Offset of a node's last character; a block scalar's end lies behind the blank lines that follow it."""
        start, end = self.base + start_of(node), self.base + end_of(node)
        return max(start + len(self.lines.text[start:end].rstrip()) - 1, start)

    def value_lines(self, path: Path) -> Iterator[tuple[int, int, int]]:
        """Line, start and end column (0-based, end exclusive) of each line of a scalar's text, without its key."""
        _, node, _ = self._descend(path)
        node = node.target if isinstance(node, AliasNode) else node
        if isinstance(node, MappingNode | SequenceNode) or start_of(node) >= end_of(node):
            return
        first, start = self.lines.position(self.base + start_of(node))
        last, end = self.lines.position(self._text_end(node))
        for number in range(first, last + 1):
            width = self.lines.width(number)
            yield number, start - 1 if number == first else 0, end if number == last else width

    def _span(self, first: Node, last: Node) -> Span:
        return self.lines.span(self.base + start_of(first), self.base + end_of(last))

    def _region(self, key: int | None, node: Node) -> Span:
        collection = isinstance(node, MappingNode | SequenceNode)
        if key is not None:
            return self._span(key, key if collection or end_of(node) <= end_of(key) else node)
        if node is self.root and isinstance(node, MappingNode) and node.entries:
            entry = node.entries.get("kind") or next(iter(node.entries.values()))
            return self._region(entry[0], entry[1])
        whole = self._span(node, node)
        if not isinstance(node, MappingNode) or self._ends_on(node, whole.line):
            return whole
        # An item of several lines is shown by its first entry, without the comment that may follow on that line.
        first = next(iter(node.entries.items()), None)
        if first is None or first[1][2] is not None or start_of(first[1][0]) != start_of(node):
            return whole
        return self._region(first[1][0], first[1][1])

    def _ends_on(self, node: Node, line: int) -> bool:
        return self.lines.position(self.base + end_of(node))[0] == line

    def nodes(self) -> Iterator[tuple[int | None, Node]]:
        """Every key (or None) and node, outermost first, in no other order, without following aliases."""
        stack: list[tuple[int | None, Node]] = [(None, self.root)]
        while stack:
            key, node = stack.pop()
            yield key, node
            if isinstance(node, MappingNode):
                stack.extend((k, v) for k, v, via in node.entries.values() if via is None)
            elif isinstance(node, SequenceNode):
                stack.extend((None, item) for item in node.items)
