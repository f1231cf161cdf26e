"""Positions beside plain data: a light tree of marks that is searched only when a finding is made.

A leaf is anything with `start_mark` and `end_mark` (a libyaml scalar event, or `Leaf`); marks carry `index`, the
code point offset within the chunk of text that was parsed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from re import compile as regex
from typing import Any

from guardrail.model.document import Place
from guardrail.model.place import Path, Span

_LINE_BREAK = regex(r"\r\n|\n|\r")


class Lines:
    """The lines of a text, found by offset. Breaks are CRLF, LF and CR, as editors and GitHub count them."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if self._starts is None:
            self._starts = [0, *(m.end() for m in _LINE_BREAK.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its break; empty beyond the end."""
        if not 0 < number <= len(self.starts):
            return ""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets, cut at the end of its first line so that a region is never a block."""
        line, column = self.position(start)
        width = len(self.line(line))
        end_line, end_column = self.position(max(end, start))
        if end_line != line:
            end_column = width + 1
        return Span(line, column, line, max(min(end_column, width + 1), column))


class Mark:
    """An offset, in the shape libyaml's marks have."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index


class Leaf:
    """The place of a scalar that no event stands for."""

    __slots__ = ("end_mark", "start_mark")

    def __init__(self, start: int, end: int) -> None:
        self.start_mark = Mark(start)
        self.end_mark = Mark(end)


class MappingNode:
    """The places of a mapping: each key's leaf, its value's node, and the alias it was merged through."""

    __slots__ = ("end_mark", "entries", "start_mark")

    def __init__(self, start_mark: Any) -> None:
        self.start_mark = start_mark
        self.end_mark = start_mark
        self.entries: dict[str, tuple[Any, Any, Any]] = {}


class SequenceNode:
    """The places of a sequence's items."""

    __slots__ = ("end_mark", "items", "start_mark")

    def __init__(self, start_mark: Any) -> None:
        self.start_mark = start_mark
        self.end_mark = start_mark
        self.items: list[Any] = []


class AliasNode:
    """A place where an anchored node is used again."""

    __slots__ = ("end_mark", "start_mark", "target")

    def __init__(self, event: Any, target: Any) -> None:
        self.start_mark = event.start_mark
        self.end_mark = event.end_mark
        self.target = target


def last_offset(node: Any) -> int:
    """Where a node's own text ends; a block collection's end mark lies behind trailing blanks and comments."""
    while True:
        if isinstance(node, MappingNode) and node.entries:
            own = [value for _, value, via in node.entries.values() if via is None]
            if not own:
                return int(node.end_mark.index)
            node = own[-1]
        elif isinstance(node, SequenceNode) and node.items:
            node = node.items[-1]
        else:
            return int(node.end_mark.index)


@dataclass(frozen=True, slots=True)
class TreePlaces:
    """Places of one document: its tree, the file's lines, and where the document's chunk starts in the file."""

    root: Any
    lines: Lines
    base: int

    def locate(self, path: Path) -> Place:
        """The place of `path`: key and value of a scalar, the key of a collection, the first line of an item.

        What does not exist is shown at its nearest existing parent's key, at the root at `kind` or the first key.
        """
        key, node, aliases = self._descend(path)
        return Place(self._region(key, node), tuple(self._span(a, a) for a in aliases))

    def _descend(self, path: Path) -> tuple[Any, Any, list[Any]]:
        """Key leaf, node and aliases crossed on the way to a path, as far as it exists."""
        node, key, aliases = self.root, None, []
        for step in path:
            if isinstance(node, AliasNode):
                aliases.append(node)
                node = node.target
            if isinstance(node, MappingNode) and step in node.entries:
                key, node, via = node.entries[step]  # type: ignore[index]
                if via is not None:
                    aliases.append(via)
            elif isinstance(node, SequenceNode) and isinstance(step, int) and -1 < step < len(node.items):
                key, node = None, node.items[step]
            else:
                break
        return key, node, aliases

    def lines_of(self, path: Path) -> tuple[int, int]:
        """First and last line of everything at a path, or at its nearest existing ancestor."""
        start = self.locate(path).span.line
        key, node, _ = self._descend(path)
        if node is self.root or key is None:
            start = self.lines.position(self.base + node.start_mark.index)[0]
        return start, max(self.lines.position(self.base + last_offset(node))[0], start)

    def value_lines(self, path: Path) -> Iterator[tuple[int, int, int]]:
        """Line, start and end column (0-based, end exclusive) of each line of a scalar's text, without its key."""
        _, node, _ = self._descend(path)
        node = node.target if isinstance(node, AliasNode) else node
        if isinstance(node, MappingNode | SequenceNode):
            return
        first, start = self.lines.position(self.base + node.start_mark.index)
        last, end = self.lines.position(self.base + node.end_mark.index)
        for number in range(first, last + 1):
            width = len(self.lines.line(number))
            yield number, start - 1 if number == first else 0, end - 1 if number == last else width

    def _span(self, first: Any, last: Any) -> Span:
        return self.lines.span(self.base + first.start_mark.index, self.base + last.end_mark.index)

    def _region(self, key: Any, node: Any) -> Span:
        collection = isinstance(node, MappingNode | SequenceNode)
        if key is not None:
            return self._span(key, key if collection or node.end_mark.index <= key.end_mark.index else node)
        if node is self.root and isinstance(node, MappingNode) and node.entries:
            entry = node.entries.get("kind") or next(iter(node.entries.values()))
            return self._region(entry[0], entry[1])
        return self._span(node, node)

    def nodes(self) -> Iterator[tuple[Any, Any]]:
        """Every key (or None) and node, outermost first, without following aliases."""
        stack = [(None, self.root)]
        while stack:
            key, node = stack.pop()
            yield key, node
            if isinstance(node, MappingNode):
                stack.extend((k, v) for k, v, via in node.entries.values() if via is None)
            elif isinstance(node, SequenceNode):
                stack.extend((None, item) for item in node.items)

    def block_at(self, line: int) -> tuple[int, int] | None:
        """First and last line of the largest node that starts on `line`: an entry, an item, or the document."""
        best: tuple[int, int] | None = None
        for key, node in self.nodes():
            start = self.lines.position(self.base + (key or node).start_mark.index)[0]
            if start == line:
                end = self.lines.position(self.base + max(last_offset(node), 0))[0]
                if best is None or end > best[1]:
                    best = (line, max(end, line))
        return best

    def in_scalar(self, offset: int) -> bool:
        """Whether a file offset lies inside a scalar, where `#` does not start a comment."""
        at = offset - self.base
        for key, node in self.nodes():
            for leaf in (key, node):
                if leaf is None or isinstance(leaf, MappingNode | SequenceNode | AliasNode):
                    continue
                if leaf.start_mark.index <= at < leaf.end_mark.index:
                    return True
        return False
