"""Findings of renderings told by the files that people edit, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail.engine.line_hash import line_hashes
from guardrail.formats.nodes import Lines
from guardrail.model.place import Location, Span
from guardrail.model.report import FileStatus, Finding, Problem
from guardrail.scan.discover import Input, Inputs
from guardrail.scan.judge import Judge
from guardrail.scan.place import Placer
from guardrail.scan.render.built import Built, Outcome, Told
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.result import FileResult
from guardrail.scan.text import text_of

_NAMED = 3
_TESTS = "only tests of the release (helm.sh/hook: test), which were not judged"

Key = tuple[str, str, int, int, str]


class _Kept(NamedTuple):
    """A finding that was told: where it is kept, the objects it is about, and the renderings it is in."""

    result: FileResult
    at: int
    objects: dict[str, None]
    variants: dict[str, None]


@dataclass(slots=True)
class Settled:
    """Results on their way from renderings to files. `results` holds both before, files alone after."""

    found: Inputs
    given: dict[str, FileResult]
    judge: Judge
    _told: dict[Key, _Kept] = field(default_factory=dict)
    _variants: dict[str, set[str]] = field(default_factory=dict)
    _own: dict[str, frozenset[tuple[str, int]]] = field(default_factory=dict)
    _inputs: dict[str, Input] = field(init=False)

    def __post_init__(self) -> None:
        self._inputs = {i.name: i for i in self.found.files}

    def take(self, outcome: Outcome) -> None:
        """Take one chart's or overlay's renderings apart."""
        counts: dict[str, int] = {}
        left: frozenset[str] = frozenset().union(*(b.left for b in outcome.built))
        unread: set[str] = set()
        for built in outcome.built:
            result = self.given.pop(built.sheet.title)
            for name in {document.file for document in built.opened.documents}:
                self._variants.setdefault(name, set()).add(built.variant)
            for resource in built.opened.resources:
                counts[resource.document.file] = counts.get(resource.document.file, 0) + 1
            self._findings(built, result)
            unread |= self._rest(built, result)
        for source in outcome.taken:
            if source.name not in outcome.plain:
                counted = counts.get(source.name, 0)
                if source.name == outcome.built[0].owner:
                    beyond = outcome.built[0].beyond
                    counted += sum(n for name, n in counts.items() if name in beyond and name not in self._inputs)
                result = self._of(source.name)
                if counted >= result.status.resources:
                    rest = ("skipped", _TESTS) if source.name in left else outcome.rest
                    result.status = _status(source.name, counted, source.name in unread, rest)
        for told in outcome.told:
            self._problem(told)
        if outcome.note is not None:
            result = self._of(outcome.note[0].name)
            result.status = result.status._replace(reason=result.status.reason or outcome.note[1])

    def results(self) -> dict[str, FileResult]:
        """What is known of each input, in their order, with all instances of a finding named in it."""
        for kept in self._told.values():
            finding = kept.result.findings[kept.at]
            parts = [f"also {_listed(list(kept.objects)[1:])}"] if len(kept.objects) > 1 else []
            several = len(self._variants.get(finding.location.file, ())) > 1
            if several and "" not in kept.variants:
                parts.append(_listed(list(kept.variants)))
            if parts:
                kept.result.findings[kept.at] = finding._replace(message=f"{finding.message} ({'; '.join(parts)})")
        return {i.name: self.given[i.name] for i in self.found.files}

    def _of(self, name: str) -> FileResult:
        if name not in self.given:
            self.given[name] = FileResult(FileStatus(name, "read"))
        return self.given[name]

    def _owner(self, file: str, built: Built) -> FileResult | None:
        """The result that a file's findings belong to; None where they are not wanted."""
        if file in self._inputs:
            return self._of(file)
        return self._of(built.owner) if file in built.beyond else None

    def _findings(self, built: Built, result: FileResult) -> None:
        hashes = self._hashes(built.sheet, result.findings)
        for finding in result.findings:
            more = built.related(finding) if built.related else ()
            told = _told(built.sheet, finding._replace(related=(*finding.related, *more)))
            owner = self._owner(told.location.file, built)
            if owner is None or self._told_of_values(told):
                continue
            if (finding.policy.id, told.location.span.line) in self._standing(told.location.file):
                continue
            told = told._replace(line_hash=hashes.get((told.location.file, told.location.span.line), ""))
            self._keep(owner, told, built.variant)

    def _standing(self, file: str) -> frozenset[tuple[str, int]]:
        """What was told of a file that is judged as it stands, too: policies and lines."""
        if file not in self._own:
            known = self.given.get(file)
            found = known.findings if known is not None else ()
            self._own[file] = frozenset((f.policy.id, f.location.span.line) for f in found)
        return self._own[file]

    def _told_of_values(self, finding: Finding) -> bool:
        """Whether a secret in an object is one that is told where it is written: in the chart's values."""
        if finding.policy.category != "secrets":
            return False
        places = {(r.file, r.span.line) for r in finding.related if r.file in self.given}
        return any(
            other.policy.category == "secrets" and (file, other.location.span.line) in places
            for file in {file for file, _ in places}
            for other in self.given[file].findings
        )

    def _keep(self, owner: FileResult, finding: Finding, variant: str) -> None:
        """Keep a finding unless it was told: what a loop or another rendering makes of a line is one fault."""
        message = finding.message
        for name in sorted({finding.resource.name, finding.resource.namespace} - {""}, key=len, reverse=True):
            message = message.replace(name, "*")
        span = finding.location.span
        key = (finding.policy.id, finding.location.file, span.line, span.column, message)
        label = f"{finding.resource.kind} {finding.resource.name}".strip()
        known = self._told.get(key)
        if known is None:
            self._told[key] = _Kept(owner, len(owner.findings), {label: None}, {variant: None})
            owner.findings.append(finding)
        else:
            known.objects.setdefault(label)
            known.variants.setdefault(variant)

    def _rest(self, built: Built, result: FileResult) -> set[str]:
        """Unknowns, problems and tallies; the files with problems."""
        sheet = built.sheet
        with_problems: set[str] = set()
        for unknown in result.unknowns:
            location = sheet.told(unknown.location)
            owner = self._owner(location.file, built)
            if owner is not None and unknown._replace(location=location) not in owner.unknowns:
                owner.unknowns.append(unknown._replace(location=location))
        for problem in result.problems:
            moved = problem._replace(location=sheet.told(problem.location))
            owner = self._owner(moved.location.file, built)
            if owner is not None and moved not in owner.problems:
                owner.problems.append(moved)
                with_problems.add(moved.location.file)
        there = [name for name in sheet.texts if name in self._inputs]
        tallied = self._of(built.owner if built.owner in self._inputs else min(there, default=built.owner))
        for policy_id, tally in result.tallies.items():
            tallied.tally(policy_id).add(tally)
        return with_problems

    def _hashes(self, sheet: Sheet, findings: Iterable[Finding]) -> dict[tuple[str, int], str]:
        """Hashes of lines as code scanning wants them, which depend on what follows in the file."""
        wanted: dict[str, set[int]] = {}
        for finding in findings if self.judge.hash_lines else ():
            if finding.location.file == sheet.title:
                name, line = sheet.at(finding.location.span.line)
                wanted.setdefault(name, set()).add(line)
        return {
            (name, line): digest
            for name, lines in wanted.items()
            for line, digest in line_hashes(sheet.texts[name], lines).items()
        }

    def _problem(self, told: Told) -> None:
        source = self._inputs.get(told.file)
        lines = Lines(text_of(source.file) if source else "")
        number = min(told.line, len(lines.starts))
        location = Placer(told.file, lines).location(Span(number, 1, number, lines.width(number) + 1))
        if source is None:  # a file of an archive
            location = Location(told.file, Span(told.line, 1, told.line, 1))
        owner = told.file if source else next(iter(self.given), told.file)
        self._of(owner).problems.append(Problem(told.code, told.message, location))


def _listed(words: Sequence[str]) -> str:
    """The first of some words, and how many more there are; a word that all begin with stands once."""
    first = words[0].partition(" ")[0]
    shown = [w.removeprefix(f"{first} ") if n and w.startswith(f"{first} ") else w for n, w in enumerate(words)]
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return f"{', '.join(shown[:_NAMED])}{more}"


def _status(name: str, count: int, problems: bool, rest: tuple[str, str]) -> FileStatus:
    if problems:
        return FileStatus(name, "partly-read", "what it renders to could not be read", count)
    return FileStatus(name, "read", "", count) if count else FileStatus(name, *rest)


def _told(sheet: Sheet, finding: Finding) -> Finding:
    """A finding with every location told by its file."""
    waived = finding.suppression
    if waived is not None:
        waived = waived._replace(location=sheet.told(waived.location))
    return finding._replace(
        location=sheet.told(finding.location),
        related=_each(sheet, finding.related),
        flow=_each(sheet, finding.flow),
        suppression=waived,
    )


def _each(sheet: Sheet, locations: Iterable[Location]) -> tuple[Location, ...]:
    return tuple(sheet.told(location) for location in locations)
