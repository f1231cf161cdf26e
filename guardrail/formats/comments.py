"""Comments that speak to scanners, and what each covers. libyaml drops comments, so they are found in the text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.names import DOCKERFILE
from guardrail.formats.nodes import Lines, MappingNode, SequenceNode, TreePlaces, end_of, leaf, start_of
from guardrail.formats.regions import Regions
from guardrail.model.document import Document

MARKER = regex(
    r"guardrail: *ignore|checkov:skip|trivy:ignore|tfsec:ignore|kics-scan|zizmor: *ignore|hadolint +(?:global +)?ignore"
    r"|check *= *skip *="
)
"""What such a comment contains; anything else is not looked at."""

_HASH = regex(r"(?:(?<=[ \t])|^)#")


class Comment(NamedTuple):
    """A comment's text and place, the lines of what it covers, and the lines of its document."""

    text: str
    line: int
    column: int
    covers: tuple[int, int]
    document: tuple[int, int]
    trailing: bool


def comments(text: str, lines: Lines, documents: Sequence[Document]) -> Iterator[Comment]:
    """Every comment with a marker.

    It covers what starts on its own line, or on the next line with content when it stands alone: an entry with
    everything below it, a list item, or the document when that is its first line.
    """
    reader = _Reader(lines, documents)
    line = 0
    for marker in MARKER.finditer(text) if documents else ():
        number, column = lines.position(marker.start())
        if number == line:
            continue
        comment = reader.comment(number, column)
        if comment is not None:
            line = number
            yield comment


class _Reader:
    """Finds the comment around a marker. What is dear is kept: the regions of a document, the next content."""

    def __init__(self, lines: Lines, documents: Sequence[Document]) -> None:
        self.lines = lines
        self.documents = documents
        self.last_lines = [d.last_line for d in documents]
        self.current: tuple[int, Regions] | None = None
        self.content = (0, 0)
        self.instructions: tuple[Document | None, list[tuple[int, int]]] = (None, [])

    def comment(self, number: int, column: int) -> Comment | None:
        """The comment on a line that holds the marker at `column`, if it is one."""
        index = bisect_left(self.last_lines, number)
        if index == len(self.documents):
            return None
        document = self.documents[index]
        if document.form == DOCKERFILE:
            return self._in_dockerfile(document, number, column)
        regions = self._regions(index, document)
        if regions is None:
            return None
        start = self.lines.starts[number - 1]
        line = self.lines.line(number)
        hashes = (m.start() for m in _HASH.finditer(line, 0, column - 1))
        at = next((h for h in hashes if not regions.in_scalar(start + h)), None)
        if at is None:
            return None
        trailing = bool(line[:at].strip(" \t>"))  # a document may quote its blocks
        target = number if trailing else self._next_content(number, document.last_line)
        covers = regions.block_at(target) or (target, target)
        within = (document.first_line, document.last_line)
        return Comment(line[at:].strip(), number, at + 1, covers, within, trailing)

    def _in_dockerfile(self, document: Document, number: int, column: int) -> Comment | None:
        """A comment in a Dockerfile covers the instruction it stands in, else the next one."""
        line = self.lines.line(number)
        at = next((m.start() for m in _HASH.finditer(line, 0, column - 1)), -1)
        if at < 0 or not isinstance(document.places, TreePlaces):
            return None
        if self.instructions[0] is not document:
            self.instructions = (document, sorted(_instructions(document.places)))
        after = (extent for extent in self.instructions[1] if extent[1] >= number)
        covers = next(after, (number, number))
        within = (document.first_line, document.last_line)
        return Comment(line[at:].strip(), number, at + 1, covers, within, bool(line[:at].strip(" \t>")))

    def _regions(self, index: int, document: Document) -> Regions | None:
        if not isinstance(document.places, TreePlaces):
            return None
        if self.current is None or self.current[0] != index:
            self.current = (index, Regions(document.places))
        return self.current[1]

    def _next_content(self, line: int, last: int) -> int:
        """The next line that is neither blank nor a comment nor a marker; the line itself when there is none."""
        since, found = self.content
        if since <= line < found:
            return found if found <= last else line
        for number in range(line + 1, last + 1):
            text = self.lines.line(number).strip().lstrip("> ")
            if text and not text.startswith(("#", "---", "...", "%")):
                self.content = (line, number)
                return number
        self.content = (line, last + 1)
        return line


def _instructions(places: TreePlaces) -> Iterator[tuple[int, int]]:
    """First and last line of every instruction of a Dockerfile, FROM among them."""
    entries = places.root.entries if isinstance(places.root, MappingNode) else {}
    for key in ("arguments", "stages"):
        listed = entries[key][1] if key in entries else None
        for node in listed.items if isinstance(listed, SequenceNode) else ():
            yield places.extent(node, leaf(start_of(node), end_of(node)))
            inside = node.entries.get("instructions") if isinstance(node, MappingNode) else None
            for one in inside[1].items if inside and isinstance(inside[1], SequenceNode) else ():
                yield places.extent(one, leaf(start_of(one), end_of(one)))
