"""What was found, gathered by place: instances and environments that share a fault share a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Failure, Outcome
from guardrail.engine.suppress import Directives
from guardrail.formats.names import split_name
from guardrail.formats.terraform import Parsed
from guardrail.hcl.evaluation import Frame
from guardrail.model.place import Path, Pointer, Span
from guardrail.model.report import Hit, Problem, Undecided
from guardrail.model.value import UnknownValue
from guardrail.scan.judge import Judge, Scene
from guardrail.scan.place import Placer
from guardrail.scan.result import FileResult
from guardrail.scan.terraform.files import directives, placer, resource
from guardrail.scan.terraform.places import Spot, answering, inputs

_NAMED = 3
"""Instances that a message names."""


class Subject(NamedTuple):
    """What was judged: its address, type and data, the module instance it is in, where its paths are written.

    `frame` is None for what is judged where it stands. `doubt` is why it may not exist. `owner` is the scanned file
    that tells of it where that is not the file it is written in: a plan.
    """

    address: str
    kind: str
    data: dict[str, object]
    frame: Frame | None
    place: Callable[[Path], Spot]
    doubt: UnknownValue | None
    context: str
    owner: str = ""


@dataclass(slots=True)
class _Told:
    """One finding or unknown in the making."""

    compiled: Compiled
    subject: Subject
    result: Hit | Undecided | Failure
    where: Spot
    body: Spot | None
    addresses: dict[str, None] = field(default_factory=dict)
    contexts: dict[str, None] = field(default_factory=dict)
    calls: dict[Spot, None] = field(default_factory=dict)


@dataclass(slots=True)
class Gathered:
    """Outcomes of every root, kept by policy and place until all are in. `parsed` gives a file by name."""

    results: Mapping[str, FileResult]
    parsed: Callable[[str], Parsed | None]
    _told: dict[tuple[object, ...], _Told] = field(default_factory=dict)
    _placers: dict[str, Placer | None] = field(default_factory=dict)
    _cut: set[tuple[str, int]] = field(default_factory=set)

    def take(self, compiled: Compiled, outcome: Outcome, subject: Subject) -> None:
        """Keep what was found of one subject."""
        results: list[Hit | Undecided | Failure] = [*outcome.hits, *outcome.undecided, *outcome.failures]
        for result in results:
            self._keep(compiled, result, subject)

    def _keep(self, compiled: Compiled, result: Hit | Undecided | Failure, subject: Subject) -> None:
        body = subject.place(result.path)
        where, frame = body, subject.frame
        inner: Spot | None = None
        if frame is not None and frame.call is not None:
            where = answering(body, frame)
            inner = None if frame.module.partial else body
        if where.file not in self.results and body.file in self.results:
            where, inner = body, None
        if where.file not in self.results and not subject.owner:
            return
        kind = type(result).__name__
        fixed = inner is not None and frame is not None and not inputs(body.expression, frame)
        place = body if fixed else where
        detail = getattr(result, "text", "") if isinstance(result, Hit) else getattr(result, "reason", "")
        shared = isinstance(result, Undecided) and result.shared
        key = (kind, "" if shared else compiled.policy.id, place.file, place.start, place.end, detail)
        told = self._told.get(key)
        if told is None:
            told = self._told[key] = _Told(compiled, subject, result, where, inner)
        told.addresses.setdefault(subject.address)
        told.contexts.setdefault(subject.context)
        told.calls.setdefault(where)

    def cut(self, file: str, offset: int, asked: int, what: str) -> None:
        """Tell that more is asked for at an offset than is looked at."""
        placer = self._placer(file)
        if file in self.results and placer and (file, offset) not in self._cut:
            self._cut.add((file, offset))
            message = f"asks for {asked:,} {what} or more, of which not all were judged"
            location = placer.location(self._span(Spot(file, offset, offset + 1)))
            self.results[file].problems.append(Problem("too-many-instances", message, location))

    def place(self, judge: Judge, contexts: int) -> None:
        """Turn everything into findings, unknowns and problems of the files; `contexts` is how many were looked at."""
        for told in self._told.values():
            self._place(told, judge, contexts)
        for name, result in self.results.items():
            parsed = self.parsed(name)
            if parsed is not None and not split_name(name)[1]:  # a block is a part of its document's result
                judge.finish(result, parsed.lines.text)

    def _place(self, told: _Told, judge: Judge, contexts: int) -> None:
        parsed, placer = self.parsed(told.where.file), self._placer(told.where.file)
        if parsed is None or placer is None:
            return
        file = resource(parsed)
        shown = file._replace(data=told.subject.data, kind=told.subject.kind, name=told.subject.address)
        scene = Scene(shown, placer, lambda pointer: self._scene(pointer.file))
        result = self.results.get(told.where.file) or self.results[told.subject.owner]
        outcome = Outcome()
        span = self._span(told.where)
        if isinstance(told.result, Hit):
            outcome.hits.append(self._hit(told, told.result, span, contexts))
        elif isinstance(told.result, Undecided):
            outcome.undecided.append(Undecided((told.where.start, told.where.end), told.result.reason))
        else:
            outcome.failures.append(Failure((told.where.start, told.where.end), told.result.reason))
        before = len(result.findings)
        judge.place(told.compiled, outcome, scene, result)
        judge.taken(result)
        if told.body is not None and told.body.file != told.where.file:
            self._suppress(result, before, told.body, judge)
        elif told.where.file not in self.results:
            self._suppress(result, before, told.where, judge)

    def _suppress(self, result: FileResult, before: int, where: Spot, judge: Judge) -> None:
        """A comment in another file counts, too: in the module's own body, in the source of a plan."""
        parsed, placer, line = self.parsed(where.file), self._placer(where.file), self._span(where).line
        if parsed is None or placer is None:
            return
        other = self.results.get(where.file)
        found = other.directives if other else Directives(directives(parsed))
        for i in range(before, len(result.findings)):
            finding = result.findings[i]
            if finding.suppression is None and finding.policy.suppressible:
                suppression = judge.suppressed(found, finding.policy.id, [line], placer)
                if suppression is not None:
                    result.findings[i] = finding._replace(suppression=suppression)
                    judge.taken(other)

    def _hit(self, told: _Told, hit: Hit, span: Span, contexts: int) -> Hit:
        message = hit.message + _instances(told) + _if_created(told) + _contexts(told, contexts)
        related = list(hit.related)
        if told.body is not None:
            note = f"in the module, {told.subject.address}"
            related.append((Pointer(told.body.file, (told.body.start, told.body.end)), note))
        others = [c for c in told.calls if c != told.where]
        related += [(Pointer(c.file, (c.start, c.end)), "and here") for c in others[:5]]
        path = () if told.subject.kind == "configuration" else hit.path
        return hit._replace(path=path, message=message, span=span, related=tuple(related))

    def _scene(self, file: str) -> Scene | None:
        parsed, placer = self.parsed(file), self._placer(file)
        return Scene(resource(parsed), placer) if parsed and placer else None

    def _placer(self, file: str) -> Placer | None:
        if file not in self._placers:
            parsed = self.parsed(file)
            self._placers[file] = placer(parsed) if parsed else None
        return self._placers[file]

    def _span(self, spot: Spot) -> Span:
        parsed = self.parsed(spot.file)
        return parsed.lines.span(spot.start, spot.end) if parsed else Span(1, 1, 1, 1)


def _instances(told: _Told) -> str:
    others = list(told.addresses)
    if len(others) == 1:
        return ""
    named = ", ".join(others[:_NAMED])
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return f" ({len(others)} instances: {named}{more})"


def _if_created(told: _Told) -> str:
    return f" (if it is created: depends on {told.subject.doubt.reason})" if told.subject.doubt else ""


def _contexts(told: _Told, contexts: int) -> str:
    named = [c for c in told.contexts if c]
    return f" (in {', '.join(named)})" if contexts > 1 and named else ""
