"""What becomes of every job or step of a workflow in every way it can start, said as briefly as is still exact.

Every run that the simulation tells apart assumes much that has nothing to do with a given job. Here each job gets only
the assumptions that its fate hangs on, and scenarios in which all fare alike are one group.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from guardrail.actions import simulate
from guardrail.actions.model import FAILURE, SKIPPED, SUCCESS, Assumption, Fault, Pipeline, Scenario, Step, Trace
from guardrail.actions.pipeline import steps_of
from guardrail.graph.deploys import closure, narrowed

MOST_RUNS = 64
"""Runs of one scenario that are told apart: more conditions than that nobody reads."""

When = tuple[Assumption, ...]


class Outcome(NamedTuple):
    """How a job or step ends: `result` as it happened, `conclusion` as others see it, and because of what."""

    result: str
    conclusion: str
    because: str = ""


class Case(NamedTuple):
    """An outcome, and the sets of assumptions any of which leads to it; none where nothing else can happen."""

    outcome: Outcome
    when: tuple[When, ...] = ()


class Fate(NamedTuple):
    """What becomes of a job or step, by its id or key.

    Exactly one of the cases comes true. There are none where not every run could be played through.
    """

    subject: str
    cases: tuple[Case, ...]


class Group(NamedTuple):
    """Scenarios in which everything fares alike."""

    scenarios: tuple[Scenario, ...]
    fates: tuple[Fate, ...]


def groups(
    pipeline: Pipeline, scenarios: Iterable[Scenario], faults: Collection[Fault] = (), job: str = ""
) -> tuple[Group, ...]:
    """What becomes of every job in some scenarios, or with `job` of that job and its steps."""
    found: dict[tuple[Fate, ...], list[Scenario]] = {}
    playing = _Playing(pipeline, faults)
    for scenario in scenarios:
        fates = playing.steps(scenario, job) if job else playing.jobs(scenario)
        found.setdefault(tuple(fates), []).append(scenario)
    return tuple(Group(tuple(alike), fates) for fates, alike in found.items())


@dataclass(slots=True)
class _Playing:
    """Plays a workflow through, as a whole or as far as one job hangs on it, made ready once for each."""

    pipeline: Pipeline
    faults: Collection[Fault]
    _plans: dict[str, simulate.Plan] = field(default_factory=dict)

    def jobs(self, scenario: Scenario) -> Iterator[Fate]:
        """The fate of every job, each by itself where the whole has too many runs."""
        played = self._played(scenario, "")
        if played.complete:
            yield from of_jobs(self.pipeline.jobs, played.traces)
            return
        lost: set[str] = set()
        for id_, job in self.pipeline.jobs.items():
            if lost.isdisjoint((*job.needs, job.caller)):
                played = self._played(scenario, id_)
                if played.complete:
                    yield from of_jobs([id_], played.traces)
                    continue
            lost.add(id_)  # what waits for it hangs on no less
            yield Fate(id_, ())

    def steps(self, scenario: Scenario, job: str) -> Iterator[Fate]:
        """The fate of one job and its steps."""
        steps = [step for holder, step in steps_of(self.pipeline) if holder.id == job]
        played = self._played(scenario, job, [step.key for step in steps])
        return of_steps(job, steps, played.traces) if played.complete else iter([Fate(job, ())])

    def _played(self, scenario: Scenario, job: str, focus: Collection[str] = ()) -> simulate.Traces:
        if job not in self._plans:
            self._plans[job] = simulate.plan(_part(self.pipeline, job) if job else self.pipeline)
        return simulate.simulate(self._plans[job], scenario, self.faults, MOST_RUNS, focus)


def _part(pipeline: Pipeline, job: str) -> Pipeline:
    """What a job's fate hangs on: what it waits for, and for a call what it calls."""
    inside = [id_ for id_ in pipeline.jobs if id_ == job or id_.startswith(f"{job}/")]
    return narrowed(pipeline, frozenset[str]().union(*(closure(pipeline, id_) for id_ in inside)))


def of_jobs(jobs: Iterable[str], traces: Sequence[Trace]) -> Iterator[Fate]:
    """What becomes of some jobs."""
    for id_ in jobs:
        yield from _fate(id_, traces, lambda trace, id_=id_: _job(trace, id_))  # type: ignore[misc]


def of_steps(job: str, steps: Iterable[Step], traces: Sequence[Trace]) -> Iterator[Fate]:
    """What becomes of one job, then of its steps in the runs in which it is not skipped."""
    yield from _fate(job, traces, lambda trace: _job(trace, job))
    running = [t for t in traces if job in t.jobs and t.jobs[job].result != SKIPPED]
    for step in steps:
        yield from _fate(step.key, running, lambda trace, key=step.key: _step(trace, job, key))  # type: ignore[misc]


def _job(trace: Trace, job: str) -> Outcome | None:
    run = trace.jobs.get(job)
    return Outcome(run.result, run.result, run.because) if run else None


def _step(trace: Trace, job: str, key: str) -> Outcome | None:
    run = trace.jobs[job].steps.get(key)
    if run is None:
        return None
    outcome = run.outcome if run.ran or run.outcome == FAILURE else SKIPPED
    return Outcome(outcome, run.conclusion if run.ran else outcome, run.because)


def _fate(subject: str, traces: Sequence[Trace], of: Callable[[Trace], Outcome | None]) -> Iterator[Fate]:
    """The fate of one subject; nothing where no run knows it."""
    rows = {(t.assumptions, o): None for t in traces if (o := of(t)) is not None}
    if rows:
        yield Fate(subject, tuple(_cases(list(rows))))


def _cases(rows: list[tuple[When, Outcome]]) -> list[Case]:
    """The outcomes of some runs with the assumptions that decide between them.

    Success comes first; the last case is the one that takes most words, because it can be called "otherwise".
    """
    if len({outcome for _, outcome in rows}) == 1:
        return [Case(rows[0][1])]
    order = {text: at for at, text in enumerate(dict.fromkeys(a.text for when, _ in rows for a in when))}
    decisive = _decisive(rows, order)
    by_outcome: dict[Outcome, list[When]] = {}
    for when, outcome in rows:
        kept = tuple(sorted((a for a in when if a.text in decisive), key=lambda a: order[a.text]))
        by_outcome.setdefault(outcome, []).append(kept)
    cases = [Case(outcome, _merged(whens)) for outcome, whens in by_outcome.items()]
    last = max(cases, key=lambda c: (sum(map(len, c.when)), c.outcome.result != SUCCESS))
    rest = [c for c in cases if c is not last]
    return [*sorted(rest, key=lambda c: c.outcome.result != SUCCESS), last]


def _decisive(rows: Sequence[tuple[When, Outcome]], texts: Iterable[str]) -> set[str]:
    """The assumptions that outcomes hang on: those without which two runs that end differently look alike."""
    kept = set(texts)
    held = [({a.text: a.holds for a in when}, outcome) for when, outcome in rows]
    apart = [
        {text for text in ours.keys() & theirs.keys() if ours[text] != theirs[text]}
        for (ours, mine), (theirs, other) in combinations(held, 2)
        if mine != other
    ]
    for text in reversed(list(texts)):
        trial = kept - {text}
        if all(not trial.isdisjoint(difference) for difference in apart):
            kept = trial
    return kept


def _merged(whens: Iterable[When]) -> tuple[When, ...]:
    """Sets of assumptions, two that differ in one answer only made one without the question."""
    kept = list(dict.fromkeys(whens))
    while True:
        pair = next(((a, b) for a, b in combinations(kept, 2) if _sign(a, b) is not None), None)
        if pair is None:
            return tuple(kept)
        question = _sign(*pair)
        kept = list(
            dict.fromkeys(
                tuple(a for a in when if a.text != question) if when is pair[0] else when
                for when in kept
                if when is not pair[1]
            )
        )


def _sign(ours: When, theirs: When) -> str | None:
    """The one question that two sets answer differently while they agree on all others, or None."""
    if len(ours) != len(theirs):
        return None
    different = [a for a, b in zip(ours, theirs, strict=True) if a != b]
    same_text = all(a.text == b.text for a, b in zip(ours, theirs, strict=True))
    return different[0].text if same_text and len(different) == 1 else None
