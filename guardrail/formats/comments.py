"""Comments that speak to scanners, and what each covers. libyaml drops comments, so they are found in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from re import compile as regex

from guardrail.formats.nodes import Lines, TreePlaces
from guardrail.model.document import Document

MARKERS = ("guardrail:", "checkov:skip", "trivy:ignore", "tfsec:ignore", "kics-scan", "zizmor: ignore")
"""What such a comment contains; anything else is not looked at."""

_COMMENT = regex(
    r"#[^\n\r]*?(?:guardrail: *ignore|checkov:skip|trivy:ignore|tfsec:ignore|kics-scan|zizmor: *ignore)[^\n\r]*"
)


@dataclass(frozen=True, slots=True)
class Comment:
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
    if not any(marker in text for marker in MARKERS):
        return
    for match in _COMMENT.finditer(text):
        line, column = lines.position(match.start())
        before = lines.line(line)[: column - 1]
        document = _document_at(documents, line)
        if document is None or (before and not before[-1].isspace()):
            continue
        places = document.places
        if not isinstance(places, TreePlaces) or places.in_scalar(match.start()):
            continue
        trailing = bool(before.strip())
        target = line if trailing else _next_content(lines, line, document.last_line)
        covers = places.block_at(target) or (target, target)
        yield Comment(
            match.group().strip(), line, column, covers, (document.first_line, document.last_line), trailing
        )


def _document_at(documents: Sequence[Document], line: int) -> Document | None:
    """The document a line belongs to; a comment above the first marker belongs to the document that follows."""
    for document in documents:
        if line <= document.last_line:
            return document
    return None


def _next_content(lines: Lines, line: int, last: int) -> int:
    for number in range(line + 1, last + 1):
        text = lines.line(number).strip()
        if text and not text.startswith(("#", "---", "%")):
            return number
    return line
