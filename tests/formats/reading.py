"""Short words for tests of the readers."""

from __future__ import annotations

from guardrail.formats import files, json_text, yaml_text
from guardrail.formats.nodes import Lines
from guardrail.formats.parsed import Parsed, Unreadable
from guardrail.formats.scalars import KUBERNETES, SETTINGS
from guardrail.model.document import Document
from guardrail.model.place import Path, Span


def read(text: str, keep_nulls: bool = False) -> list[Parsed | Unreadable]:
    """All that the YAML reader makes of a text."""
    return list(yaml_text.read(text, Lines(text), SETTINGS if keep_nulls else KUBERNETES))


def one(text: str, keep_nulls: bool = False) -> Parsed:
    """The one document of a text."""
    (found,) = read(text, keep_nulls)
    assert isinstance(found, Parsed), found
    return found


def one_json(text: str) -> Parsed:
    """The one value of a JSON text."""
    (found,) = json_text.read(text, Lines(text))
    assert isinstance(found, Parsed), found
    return found


def refused(text: str) -> Unreadable:
    """Why the one document of a text cannot be read."""
    (found,) = read(text)
    assert isinstance(found, Unreadable), found
    return found


def data(text: str) -> list[object]:
    """The data of each document, an `Unreadable` where one is broken."""
    return [i.data if isinstance(i, Parsed) else i for i in read(text)]


def documents(text: str, name: str = "x.yaml") -> list[Document]:
    """The readable documents of a file."""
    found = files.documents(name, text, Lines(text))
    return [d for d in found if isinstance(d, Document)]


def covered(parsed: Parsed | Document, path: Path) -> str:
    """The text that the place of a path covers."""
    return cut(parsed.places.lines, parsed.places.locate(path).span)  # type: ignore[union-attr]


def cut(lines: Lines, span: Span) -> str:
    """The text of a span."""
    return lines.line(span.line)[span.column - 1 : span.end_column - 1]
