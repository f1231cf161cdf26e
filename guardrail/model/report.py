"""What a scan says: findings, unknowns, problems and the coverage ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from guardrail.model.place import Location, Path, Pointer, Span
from guardrail.model.policy import Policy, severity_rank
from guardrail.model.value import Question


class Hit(NamedTuple):
    """What evaluation yields: the path at fault within the document, and the message to show.

    `missing` when the fault is an absence; `text` is the part of the value to show, the `occurrence`-th time it stands
    there; `span` where no path leads to the place. `related` are other places with a note; `flow` the way that leads
    to the fault, step by step.
    """

    path: Path
    message: str
    missing: bool = False
    related: tuple[tuple[Pointer, str], ...] = ()
    span: Span | None = None
    text: str = ""
    occurrence: int = 0
    flow: tuple[tuple[Pointer, str], ...] = ()


class Undecided(NamedTuple):
    """What evaluation cannot judge: the path, what it depends on, and the questions whose answers would settle it.

    `shared` says that whatever is absent there depends on the same: it is told once for the place, not for each policy.
    """

    path: Path
    reason: str
    questions: tuple[Question, ...] = ()
    shared: bool = False


class Suppression(NamedTuple):
    """Why a finding is not live. `source` names the syntax: `guardrail`, `checkov`, `annotation` ..."""

    source: str
    reason: str
    location: Location
    owner: str = ""
    until: str = ""


class ResourceRef(NamedTuple):
    """The resource a finding is about, as reports name it."""

    kind: str
    name: str
    namespace: str
    address: str


class Finding(NamedTuple):
    """A policy not met, placed, with evidence. `path` is the rendered path within the document.

    `flow` are the places that lead to the fault, each with a note: how a run gets there.
    """

    policy: Policy
    severity: str
    message: str
    location: Location
    path: str
    resource: ResourceRef
    fingerprint: str
    related: tuple[Location, ...] = ()
    suppression: Suppression | None = None
    line_hash: str = ""
    enforced: bool = True
    flow: tuple[Location, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it counts: not suppressed."""
        return self.suppression is None

    @property
    def accepted(self) -> bool:
        """Whether a baseline holds it: it counts no more, and is still there."""
        return self.suppression is not None and self.suppression.source == "baseline"


class UnknownFinding(NamedTuple):
    """A policy that could neither pass nor fail on a resource, and what it depends on."""

    policy: Policy
    reason: str
    location: Location
    resource: ResourceRef


class Problem(NamedTuple):
    """The tool could not do its work: `code` is stable, `message` is a sentence."""

    code: str
    message: str
    location: Location


class BlockStatus(NamedTuple):
    """What became of a fenced block of a document: `read`, `partly-read`, `unreadable`, or `left-alone` and why.

    `line` is that of its first text, `name` the file it was judged as; `language` as the document says it; `holds` is
    what was found in it, in words.
    """

    line: int
    language: str
    name: str
    status: str
    reason: str = ""
    holds: str = ""
    resources: int = 0


class FileStatus(NamedTuple):
    """What became of one input: `read`, `partly-read`, `unreadable`, or `skipped` and why.

    `blocks` are those of a Markdown document.
    """

    path: str
    status: str
    reason: str = ""
    resources: int = 0
    blocks: tuple[BlockStatus, ...] = ()

    def with_blocks(self, others: Mapping[str, FileStatus]) -> FileStatus:
        """This document's status with what became of blocks, by their names, that were read by themselves."""
        return of_blocks(self._replace(blocks=tuple(_with(b, others.get(b.name)) for b in self.blocks)))


def _with(block: BlockStatus, other: FileStatus | None) -> BlockStatus:
    if other is None:
        return block
    status = "left-alone" if other.status == "skipped" else other.status
    return block._replace(status=status, reason=other.reason, resources=other.resources)


def of_blocks(status: FileStatus) -> FileStatus:
    """The status of a document as it follows from those of its blocks."""
    states = [b.status for b in status.blocks]
    lost = states.count("unreadable") + states.count("partly-read")
    left = states.count("left-alone")
    resources = sum(b.resources for b in status.blocks)
    if lost:
        words = f"{lost} block{'s' * (lost > 1)} could not be read"
        return status._replace(status="partly-read" if resources else "unreadable", reason=words, resources=resources)
    if len(states) > left:
        words = f"{left} block{'s' * (left > 1)} left alone" if left else ""
        return status._replace(status="read", reason=words, resources=resources)
    return status._replace(status="skipped", reason="no block that guardrail judges", resources=0)


@dataclass(slots=True)
class Tally:
    """How often a policy was evaluated, and how it came out, counted in judged items."""

    evaluated: int = 0
    failed: int = 0
    unknown: int = 0
    not_applicable: int = 0

    def add(self, other: Tally) -> None:
        """Count another tally into this one."""
        self.evaluated += other.evaluated
        self.failed += other.failed
        self.unknown += other.unknown
        self.not_applicable += other.not_applicable


class Report(NamedTuple):
    """The whole outcome of a scan, in order: by file, line, column, policy.

    `tool`, `profile`, `kubernetes_version` and `root` (absolute, never shown in full) describe the run.
    """

    findings: tuple[Finding, ...]
    unknowns: tuple[UnknownFinding, ...]
    problems: tuple[Problem, ...]
    files: tuple[FileStatus, ...]
    coverage: Mapping[str, Tally]
    policies: tuple[Policy, ...]
    severities: Mapping[str, str]
    profile: str
    kubernetes_version: str
    root: str = ""
    revision: Mapping[str, str] = {}
    resources: int = 0
    other_files: int = 0

    @property
    def live(self) -> tuple[Finding, ...]:
        """Findings that count."""
        return tuple(f for f in self.findings if f.live)

    def exit_code(self, fail_on: str, allow_unparsed: bool = False) -> int:
        """0 clean, 1 live findings at or above `fail_on` (`never` turns this off), 3 input not evaluated.

        The only place that decides it; the same for every output format.
        """
        if fail_on != "never":
            least = severity_rank(fail_on)
            if any(f.live and f.enforced and severity_rank(f.severity) >= least for f in self.findings):
                return 1
        return 3 if self.problems and not allow_unparsed else 0
