"""What a tool made of a chart or overlay, as documents to judge whose places are where people edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from guardrail.engine.suppress import Directive
from guardrail.model.place import Location
from guardrail.model.report import Finding
from guardrail.scan.discover import Input
from guardrail.scan.read import Opened
from guardrail.scan.render.sheet import Sheet


class Told(NamedTuple):
    """A problem of a rendering: code, sentence, the file it is told of, and the line there."""

    code: str
    message: str
    file: str
    line: int = 1


class Built(NamedTuple):
    """One rendering: the files it was made from, one below the other, and the documents made.

    `owner` is the input that is told of what stands in no input: all of it where the files are `inner` to an archive or
    a stream, nothing where they were left out on purpose. `related` gives further places of a finding.
    """

    sheet: Sheet
    opened: Opened
    directives: tuple[Directive, ...]
    owner: str
    inner: bool = False
    related: Callable[[Finding], tuple[Location, ...]] | None = None


class Outcome(NamedTuple):
    """What became of one chart or overlay: its renderings, and of each input that it took why it was not rendered.

    `taken` are inputs that are judged by the renderings; `plain` those that are to be judged as they stand, with a
    reason for the ledger and, where it is a problem of each of them, that sentence.
    """

    built: tuple[Built, ...]
    told: tuple[Told, ...]
    taken: tuple[Input, ...]
    plain: Mapping[str, tuple[str, str]]
