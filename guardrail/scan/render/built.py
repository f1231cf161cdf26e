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

    `owner` is the input that is told of what stands in files `beyond` the inputs (in an archive, in a base elsewhere);
    what stands in others is left out. `related` gives further places of a finding. `variant` says which rendering of
    the same files it is: `in overlays/prod`, `with ci/a-values.yaml`; empty for what needs no saying. `left` are files
    of which objects were left out: the tests of a release.
    """

    sheet: Sheet
    opened: Opened
    directives: tuple[Directive, ...]
    owner: str
    beyond: frozenset[str] = frozenset()
    related: Callable[[Finding], tuple[Location, ...]] | None = None
    variant: str = ""
    left: frozenset[str] = frozenset()


class Outcome(NamedTuple):
    """What became of one chart or overlay: its renderings, and of each input that it took why it was not rendered.

    `taken` are inputs that are judged by the renderings; `plain` those that are to be judged as they stand, with a
    reason for the ledger and what it means (`run._plain`). `rest` is the status of taken files that no object is from;
    `note` is an input with what is to be said of it in the ledger.
    """

    built: tuple[Built, ...]
    told: tuple[Told, ...]
    taken: tuple[Input, ...]
    plain: Mapping[str, tuple[str, str]]
    rest: tuple[str, str] = ("skipped", "renders to nothing")
    note: tuple[Input, str] | None = None
