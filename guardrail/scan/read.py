"""One file read: its documents, the resources in them, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from guardrail.formats import files
from guardrail.formats.names import is_markdown
from guardrail.formats.nodes import Lines
from guardrail.formats.yaml_text import Unreadable
from guardrail.model.document import Document, Resource
from guardrail.model.place import Span
from guardrail.model.report import BlockStatus, FileStatus, Problem, of_blocks
from guardrail.scan.place import Placer


class Opened(NamedTuple):
    """A file's documents with their resources, what could not be read, and what became of its blocks.

    `blocks` is None for what is no document with blocks.
    """

    lines: Lines
    documents: tuple[Document, ...]
    resources: tuple[Resource, ...]
    unreadable: tuple[Unreadable, ...]
    template_line: int = 0
    blocks: tuple[BlockStatus, ...] | None = None


def open_text(name: str, text: str) -> Opened:
    """Documents and resources of a text."""
    lines = Lines(text)
    documents: list[Document] = []
    unreadable: list[Unreadable] = []
    blocks: list[BlockStatus] | None = [] if is_markdown(name) else None
    for item in files.documents(name, text, lines):
        if isinstance(item, files.Template):
            return Opened(lines, (), (), (), item.line)
        if isinstance(item, BlockStatus):
            assert blocks is not None
            blocks.append(item)
        elif isinstance(item, Unreadable):
            unreadable.append(item)
        else:
            documents.append(item)
    resources = tuple(r for d in documents for r in files.resources(d))
    ledger = None if blocks is None else tuple(blocks)
    return Opened(lines, tuple(documents), resources, tuple(unreadable), blocks=ledger)


def pods_placed(opened: Opened, given: Mapping[str, tuple[str, ...]]) -> Opened:
    """A file whose resources know where settings say that their pod specs are (`pod-specs`), by kind or group/kind."""
    return opened._replace(resources=tuple(_placed(r, given) for r in opened.resources)) if given else opened


def _placed(resource: Resource, given: Mapping[str, tuple[str, ...]]) -> Resource:
    group = resource.api_version.rpartition("/")[0]
    paths = given.get(f"{group}/{resource.kind}", given.get(resource.kind))
    if paths is None or resource.type != "kubernetes":
        return resource
    return resource._replace(pods_at=tuple(tuple(path.split(".")) for path in paths))


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
    if opened.blocks is not None:
        return of_blocks(FileStatus(name, "skipped", blocks=opened.blocks))
    if opened.unreadable:
        status = "partly-read" if opened.documents else "unreadable"
        lost = len(opened.unreadable)
        return FileStatus(name, status, f"{lost} document{'s' * (lost > 1)} could not be read", count)
    if count:
        return FileStatus(name, "read", "", count)
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
