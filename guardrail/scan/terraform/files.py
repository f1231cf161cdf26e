"""Terraform files read: each parsed once, its problems and suppressions told, the folders put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename

from guardrail.checks.secret_attributes import values
from guardrail.engine.suppress import Directive, Directives, from_comment
from guardrail.formats import terraform
from guardrail.formats.comments import MARKER
from guardrail.formats.excerpt import whole
from guardrail.formats.names import split_name
from guardrail.formats.terraform import Extent, Offsets, Parsed
from guardrail.hcl.modules import SUFFIXES
from guardrail.model.document import Document, Resource
from guardrail.model.place import Span
from guardrail.model.report import FileStatus, Problem
from guardrail.scan.place import Placer
from guardrail.scan.result import FileResult

_UNREADABLE = "unreadable"


def makes_module(name: str) -> bool:
    """Whether a file is part of a module."""
    return name.endswith(SUFFIXES) and not basename(name).startswith(".")


def document(parsed: Parsed) -> Document:
    """A file as a document whose paths are offsets."""
    return Document(parsed.name, 0, {}, Offsets(parsed.lines), 1, _extent(parsed)[1], form="Terraform")


def _extent(parsed: Parsed) -> tuple[int, int]:
    """First and last line of a file."""
    return parsed.lines.position(0)[0], parsed.lines.position(max(len(parsed.lines.text) - 1, 0))[0]


def resource(parsed: Parsed) -> Resource:
    """The file itself as a resource, to show places in it."""
    return Resource(document(parsed), {}, (), "terraform", name=parsed.name)


def placer(parsed: Parsed) -> Placer:
    """What places findings in a file, and hides what its attributes keep secret."""
    return Placer(split_name(parsed.name)[0], whole(parsed.lines), hidden=lambda: values(parsed.file.body))


def result(parsed: Parsed, honour_peers: bool, remarks: Sequence[Directive] = ()) -> FileResult:
    """What is told of a file itself: its status, what could not be read, its suppressions.

    `remarks` are those of the document that it is a block of.
    """
    shown = placer(parsed)
    lost = len(parsed.file.lost)
    count = len(parsed.file.body.blocks) + len(parsed.file.body.attributes)
    status = FileStatus(parsed.name, "read", "", count)
    if lost:
        word = "partly-read" if count else "unreadable"
        status = FileStatus(parsed.name, word, f"{lost} block{'s' * (lost > 1)} could not be read", count)
    elif not count:
        status = FileStatus(parsed.name, "skipped", "empty")
    found = FileResult(status)
    for fault in parsed.file.faults:
        code = _UNREADABLE if fault.fatal else fault.code
        message = fault.message
        given_up = any(start <= fault.offset <= end for start, end in parsed.file.lost)
        if parsed.other and fault.fatal and not given_up:
            code, message = "parser-disagreement", f"{message}; python-hcl2 reads it, and its reading was judged"
        found.problems.append(Problem(code, message, shown.location(parsed.lines.span(fault.offset, fault.offset + 1))))
    first, last = _extent(parsed)
    above = [d for d in remarks if d.lines[0] <= last and first <= d.lines[1]]
    found.directives = Directives(d for d in (*above, *directives(parsed)) if honour_peers or d.own)
    return found


def directives(parsed: Parsed) -> Iterator[Directive]:
    """The suppressions in a file's comments.

    A comment covers the attribute or block that starts on its line, or on the next line when it stands alone; a peer's
    `checkov:skip` the block it stands in, as checkov reads it.
    """
    speaking = [c for c in parsed.file.comments if MARKER.search(c.text)]
    if not speaking:
        return
    every = list(terraform.extents(parsed))
    starts: dict[int, Extent] = {}
    for extent in every:
        starts.setdefault(extent.first, extent)
    for comment in speaking:
        line, column = parsed.lines.position(comment.start)
        alone = not parsed.lines.line(line)[: column - 1].strip(" \t>")  # a document may quote its blocks
        target = _next(parsed, comment.end) if alone else line
        covered = starts.get(target) or starts.get(line)
        covers = (covered.first, covered.last) if covered else (target, target)
        around = next((e for e in every if e.top and e.first <= target <= e.last), None)
        block = (around.first, around.last) if around else covers
        place = Span(line, column, line, column + len(comment.text.partition("\n")[0]))
        yield from from_comment(comment.text, covers, block, place)


def _next(parsed: Parsed, offset: int) -> int:
    """The next line with content that is no comment."""
    spans = {c.start: c.end for c in parsed.file.comments}
    text, at = parsed.lines.text, offset
    while at < len(text):
        if at in spans:
            at = spans[at]
        elif text[at].isspace():
            at += 1
        else:
            break
    return parsed.lines.position(min(at, max(len(text) - 1, 0)))[0]
