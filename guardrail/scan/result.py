"""What a scan learns of one file."""

from __future__ import annotations

from dataclasses import dataclass, field

from guardrail.engine.suppress import Directive, Directives
from guardrail.model.document import Resource
from guardrail.model.place import Span
from guardrail.model.report import FileStatus, Finding, Problem, Tally, UnknownFinding
from guardrail.scan.read import Opened


@dataclass(slots=True, eq=False, repr=False)
class FileResult:
    """Everything the first phase learns of one file.

    `kept` are the resources that the second phase looks at, without their places; `unseen` are kinds of objects that
    may be in the part of the file that could not be read; `opened` is at hand as long as memory allows. `rendered`
    says that the text names the templates it was rendered from.
    """

    status: FileStatus
    findings: list[Finding] = field(default_factory=list)
    unknowns: list[UnknownFinding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    kept: list[Resource] = field(default_factory=list)
    directives: Directives = field(default_factory=Directives)
    unseen: frozenset[str] = frozenset()
    opened: Opened | None = None
    used: set[Directive] = field(default_factory=set)
    rendered: bool = False
    _shared: set[tuple[str, str, Span]] = field(default_factory=set)

    def first(self, address: str, reason: str, span: Span) -> bool:
        """Whether a cause is told of a place for the first time."""
        key = (address, reason, span)
        known = key in self._shared
        self._shared.add(key)
        return not known

    def take(self, other: FileResult) -> None:
        """Add what was learned of a part of the file by itself, but for the status."""
        self.findings += other.findings
        self.unknowns += other.unknowns
        self.problems += other.problems
        for policy_id, tally in other.tallies.items():
            self.tally(policy_id).add(tally)
        self.directives = Directives(dict.fromkeys([*self.directives, *other.directives]))
        self.used |= other.used

    def tally(self, policy_id: str) -> Tally:
        """The policy's tally, to count in."""
        known = self.tallies.get(policy_id)
        if known is None:
            known = self.tallies[policy_id] = Tally()
        return known
