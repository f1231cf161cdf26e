"""One file read: its documents, the resources in them, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from guardrail.formats import files
from guardrail.formats.nodes import Lines
from guardrail.formats.yaml_text import Unreadable
from guardrail.model.document import Document, Resource
from guardrail.model.place import Span
from guardrail.model.report import FileStatus, Problem
from guardrail.scan.place import Placer


class Opened(NamedTuple):
    """A file's documents with their resources, what could not be read, and how many blocks of it were left alone."""

    lines: Lines
    documents: tuple[Document, ...]
    resources: tuple[Resource, ...]
    unreadable: tuple[Unreadable, ...]
    template_line: int = 0
    left: int = 0


def open_text(name: str, text: str) -> Opened:
    """Documents and resources of a text."""
    lines = Lines(text)
    documents: list[Document] = []
    unreadable: list[Unreadable] = []
    left = 0
    for item in files.documents(name, text, lines):
        if isinstance(item, files.Template):
            return Opened(lines, (), (), (), item.line)
        if isinstance(item, files.Left):
            left += 1
        elif isinstance(item, Unreadable):
            unreadable.append(item)
        else:
            documents.append(item)
    resources = tuple(r for d in documents for r in files.resources(d))
    return Opened(lines, tuple(documents), resources, tuple(unreadable), left=left)


def with_defects(opened: Opened) -> Iterable[Resource]:
    """Documents whose text has faults, each once, under the name of the first resource in it."""
    told: set[tuple[str, int]] = set()
    for resource in opened.resources:
        document = resource.document
        key = (document.file, document.index)
        if document.defects and key not in told:
            told.add(key)
            yield resource._replace(type="document", path=())


def status(name: str, opened: Opened) -> FileStatus:
    """What became of a file, for the ledger."""
    count = len(opened.resources)
    if opened.template_line:
        return FileStatus(name, "unreadable", "a template that is not rendered")
    if opened.unreadable:
        status = "partly-read" if opened.documents else "unreadable"
        lost = len(opened.unreadable)
        return FileStatus(name, status, f"{lost} document{'s' * (lost > 1)} could not be read", count)
    if count:
        words = f"{opened.left} block{'s' * (opened.left > 1)} left alone" if opened.left else ""
        return FileStatus(name, "read", words, count)
    return FileStatus(name, "skipped", "nothing guardrail judges" if opened.documents else "empty")


def problems(opened: Opened, placer: Placer) -> Iterable[Problem]:
    """A problem for each part of a file that could not be read."""
    if opened.template_line:
        span = Span(opened.template_line, 1, opened.template_line, 1)
        yield Problem(
            "not-rendered",
            "is a template, not YAML: nothing in it was judged; render it and scan the output",
            placer.location(span),
        )
    for item in opened.unreadable:
        yield Problem(item.code, item.message, placer.at(item.offset))
