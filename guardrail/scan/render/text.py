"""A rendered stream as documents whose places are in a sheet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from re import MULTILINE
from re import compile as regex
from typing import NamedTuple

from guardrail.engine.suppress import Directive, from_comment
from guardrail.formats import kubernetes, yaml_text
from guardrail.formats.comments import MARKER, comments
from guardrail.formats.nodes import Lines
from guardrail.formats.scalars import KUBERNETES
from guardrail.formats.yaml_text import Parsed, Unreadable
from guardrail.graph.index import UNKNOWN_NAMESPACE
from guardrail.model.document import Document
from guardrail.model.place import Span
from guardrail.scan.directives import annotated
from guardrail.scan.read import Opened
from guardrail.scan.render.lines import RenderedLines
from guardrail.scan.render.marks import align, settled
from guardrail.scan.render.sheet import Sheet

SOURCE = regex(r"^# Source: (\S[^\n\r]*?)[ \t]*\r?$", MULTILINE)
"""How `helm template` says which template a document comes from."""

_MOST_CELLS = 5_000_000
"""Pairs of lines of a stream that are compared; beyond, findings stand on the first line of the template."""


class Section(NamedTuple):
    """Lines of a rendered stream that come from one file: first and last (exclusive), from 1."""

    file: str
    first: int
    last: int


def sections(text: str, named: Callable[[str], str]) -> list[Section]:
    """The stretches of a stream by their source; `named` gives the file that a source is, as reports name it."""
    lines = Lines(text)
    starts = [(lines.position(m.start())[0], named(m[1])) for m in SOURCE.finditer(text)]
    ends = [*(first for first, _ in starts), len(lines.starts) + 1][1:]
    return [Section(file, first, last) for (first, file), last in zip(starts, ends, strict=True)]


def placed(text: str, known: list[int], parts: Sequence[Section], sheet: Sheet, fallback: int) -> None:
    """Give every line of a stream its line in the sheet: as marked, else aligned; `fallback` where no file is known."""
    rows = text.split("\n")
    left = _MOST_CELLS
    for part in parts:
        span = range(part.first, min(part.last, len(known)))
        if part.file not in sheet:
            for number in span:
                known[number] = fallback
            continue
        first, count = sheet.line(part.file), sheet.count(part.file)
        if any(first <= known[n] < first + count for n in span):
            _clamped(known, span, first, count)
        else:
            left -= count * len(span)
            template = [sheet.lines.line(first + n) for n in range(count if left > 0 else 0)]
            found = align([rows[n - 1] if n <= len(rows) else "" for n in span], template)
            for number, at in zip(span, found, strict=True):
                known[number] = first + at
    for number in range(len(known)):
        known[number] = known[number] or fallback


def _clamped(known: list[int], span: range, first: int, count: int) -> None:
    before = first
    for number in span:
        if not first <= known[number] < first + count:
            known[number] = before
        before = known[number]


class Stream(NamedTuple):
    """The documents of a rendered stream, the suppressions in them, and the files whose tests were left out."""

    opened: Opened
    directives: tuple[Directive, ...]
    left: frozenset[str]


def opened(text: str, known: list[int], parts: Sequence[Section], sheet: Sheet) -> Stream:
    """Read a rendered stream. Pods that only `helm test` runs are no workloads, and left out."""
    settled(text, known, sheet.lines)
    lines = RenderedLines(text, known, sheet.lines)
    plain = Lines(text)
    documents: list[Document] = []
    unreadable: list[Unreadable] = []
    left: set[str] = set()
    for item in yaml_text.read(text, lines, KUBERNETES):
        if isinstance(item, Unreadable):
            line = lines.position(item.offset)[0]
            item.offset = sheet.lines.starts[line - 1]
            unreadable.append(item)
            continue
        file = _file(parts, plain.position(max(item.end - 1, 0))[0])
        if _is_test(item.data):
            left.add(file)
            continue
        documents.append(_document(item, len(documents), lines, file))
        _unknown_namespace(item.data)
    resources = tuple(r for d in documents for r in kubernetes.resources(d))
    made = Opened(sheet.lines, tuple(documents), resources, tuple(unreadable))
    found = [*_commented(text, plain, known), *(d for r in resources for d in annotated(r))]
    gone = left - {d.file for d in documents}  # what is said of tests alone is not unused
    return Stream(made, tuple(d for d in found if sheet.at(d.place.line)[0] not in gone), frozenset(left))


def _is_test(data: object) -> bool:
    """Whether an object is a test of a release (helm.sh, "Chart Tests"; `test-success` is the older word)."""
    metadata = data.get("metadata") if isinstance(data, dict) else None
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    hooks = str(annotations.get("helm.sh/hook", "")) if isinstance(annotations, dict) else ""
    words = {word.strip() for word in hooks.split(",")}
    return bool(words) and words <= {"test", "test-success", "test-failure"}


def _document(item: Parsed, index: int, lines: Lines, file: str) -> Document:
    first, last = lines.position(item.start)[0], lines.position(max(item.end - 1, item.start))[0]
    return Document(file, index, item.data, item.places, first, max(first, last), item.defects)


def _file(parts: Sequence[Section], number: int) -> str:
    at = max(bisect_right(parts, number, key=lambda part: part.first) - 1, 0)
    return parts[at].file if parts else ""


def _unknown_namespace(data: object) -> None:
    """Take away an object's namespace where it is the release's, which nobody knows."""
    waiting = [data]
    while waiting:
        here = waiting.pop()
        metadata = here.get("metadata") if isinstance(here, dict) else None
        if isinstance(metadata, dict) and metadata.get("namespace") == UNKNOWN_NAMESPACE:
            del metadata["namespace"]
        items = here.get("items") if isinstance(here, dict) else None
        waiting.extend(items if isinstance(items, list) else ())


def _commented(text: str, plain: Lines, known: Sequence[int]) -> Iterator[Directive]:
    """Suppressions in comments: what each covers is found in the rendered text and told in the sheet's lines."""
    if not MARKER.search(text):
        return
    documents = [
        Document("", n, item.data, item.places, plain.position(item.start)[0], plain.position(max(item.end - 1, 0))[0])
        for n, item in enumerate(i for i in yaml_text.read(text, plain, KUBERNETES) if isinstance(i, Parsed))
    ]
    for comment in comments(text, plain, documents):
        line = known[comment.line]
        place = Span(line, comment.column, line, comment.column + len(comment.text))
        yield from from_comment(comment.text, _range(comment.covers, known), _range(comment.document, known), place)


def _range(lines: tuple[int, int], known: Sequence[int]) -> tuple[int, int]:
    """The lines of the sheet from which a stretch of rendered lines comes."""
    found = [known[n] for n in range(lines[0], min(lines[1], len(known) - 1) + 1)]
    return (min(found), max(found)) if found else (0, 0)
