"""A workflow as a delivery: what it does, what it deploys where, and the runs in which each deploy happens."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from re import IGNORECASE
from re import compile as regex
from typing import NamedTuple

from guardrail.actions import expressions, simulate
from guardrail.actions.model import SKIPPED, Fault, Job, Pipeline, Scenario, Trace
from guardrail.actions.scenarios import LIMIT, complete, known_names, scenarios
from guardrail.actions.simulate import Plan, Traces
from guardrail.graph.deploys import KNOWN, Act, Deploy, acts, closure, deploys, environment_of, flat, means, narrowed


class Live(NamedTuple):
    """A scenario in which a deploy runs, with the runs in which it does; `complete` false beyond the bound."""

    scenario: Scenario
    traces: tuple[Trace, ...]
    complete: bool


MOST_RUNS = 2_000
"""Runs of one workflow that are played through for all policies together."""

NOTHING = Traces((), False)

_HEEDS = regex(r"failure\s*\(|cancelled\s*\(|\.result\b|\.outcome\b|\.conclusion\b", IGNORECASE)


@dataclass(slots=True)
class Delivery:
    """A workflow with everything it does; what was simulated is kept for all policies that ask."""

    pipeline: Pipeline
    acts: tuple[Act, ...] = ()
    deploys: tuple[Deploy, ...] = ()
    _scenarios: tuple[Scenario, ...] | None = None
    _plans: dict[str, Plan] = field(default_factory=dict)
    _awaited: dict[str, frozenset[str]] = field(default_factory=dict)
    _played: dict[tuple[object, ...], Traces] = field(default_factory=dict)
    _left: int = MOST_RUNS
    _live: dict[tuple[object, ...], tuple[Live, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pipeline: Pipeline) -> Delivery:
        """A workflow looked at."""
        does = tuple(acts(pipeline))
        found = tuple(deploys(pipeline, does))
        return cls(pipeline, does, found)

    @property
    def complete(self) -> bool:
        """Whether there are no more ways to start than are looked at."""
        return len(self.every_scenario) < LIMIT or complete(self.pipeline)

    @property
    def every_scenario(self) -> tuple[Scenario, ...]:
        """Every concrete way in which the workflow starts."""
        if self._scenarios is None:
            self._scenarios = scenarios(self.pipeline)
        return self._scenarios

    def before(self, deploy: Deploy) -> Pipeline:
        """The part of the workflow that has a say in whether a deploy runs."""
        return self._ready(deploy.job.id).pipeline

    def _ready(self, job_id: str) -> Plan:
        known = self._plans.get(job_id)
        if known is None:
            part = narrowed(self.pipeline, self.awaited(job_id)) if job_id else self.pipeline
            known = self._plans[job_id] = simulate.plan(part, known_names(self.pipeline).default)
        return known

    def play(
        self, scenario: Scenario, steps: Collection[str], faults: Collection[Fault] = (), job_id: str = ""
    ) -> Traces:
        """The runs in one of the workflow's scenarios, of all its jobs or of one and what it waits for.

        `steps` are the keys of those asked about; what becomes of others is left open where nothing hangs on it. Kept
        for all that ask. Beyond MOST_RUNS of one workflow nothing is played any more, and nothing claimed.
        """
        key = (id(scenario), frozenset(steps), tuple(sorted(faults)), job_id)
        known = self._played.get(key)
        if known is None:
            known = NOTHING
            if self._left > 0:
                known = simulate.simulate(self._ready(job_id), scenario, faults, focus=frozenset(steps))
                self._left -= len(known.traces)
            self._played[key] = known
        return known

    def live(self, deploy: Deploy) -> tuple[Live, ...]:
        """The scenarios in which a deploy runs when nothing fails."""
        place = (deploy.act.step.key, deploy.act.ability.order) if deploy.act else ("", 0)
        key = (deploy.job.id, *place, deploy.wanted)
        known = self._live.get(key)
        if known is None:
            known = self._live[key] = tuple(self._running(deploy))
        return known

    def _running(self, deploy: Deploy) -> Iterator[Live]:
        for scenario in self.every_scenario:
            played = self.play(scenario, keys_of(deploy), job_id=deploy.job.id)
            running = tuple(t for t in played.traces if runs(deploy, t))
            if running or not played.complete:
                yield Live(scenario, running, played.complete)

    def obstacle(self, job: Job) -> tuple[str, str]:
        """Where a job that never runs comes nearest, and what stops it: a scenario that meets its own condition.

        The first scenario and the condition itself where none does.
        """
        alone = self.pipeline._replace(jobs={job.id: job._replace(needs=(), caller="", called=())})
        for scenario in self.every_scenario:
            if any(t.jobs[job.id].result != SKIPPED for t in simulate.simulate(alone, scenario).traces):
                for trace in self.play(scenario, ()).traces:
                    return scenario.label, _stopped(self.pipeline, job, trace)
        said = " ".join(str(job.data.get("if", "")).split())
        return "", f"no event of `on` makes `{said}` true"

    def idle(self) -> Iterator[Job]:
        """The jobs with a condition that run in no scenario, whatever fails; none beyond a bound."""
        waiting = {i for i in self.pipeline.jobs if _conditional(self.pipeline, i) and not self.heeds_failure(i)}
        for scenario in self.every_scenario if waiting and self.complete else ():
            played = self.play(scenario, ())
            if not played.complete:
                return
            waiting = {i for i in waiting if all(t.jobs[i].result == SKIPPED for t in played.traces)}
        for id_ in self.pipeline.jobs if waiting and self.every_scenario and self.complete else ():
            if id_ in waiting and waiting.isdisjoint(self.pipeline.jobs[id_].needs):
                yield self.pipeline.jobs[id_]

    def heeds_failure(self, job_id: str) -> bool:
        """Whether a job, a step of it or what it waits for may run because something failed or was cancelled."""
        return any(_HEEDS.search(str(c)) for i in self.awaited(job_id) for c in _conditions(self.pipeline.jobs[i]))

    def awaited(self, job_id: str) -> frozenset[str]:
        """A job and all that it waits for."""
        if job_id not in self._awaited:
            self._awaited[job_id] = closure(self.pipeline, job_id)
        return self._awaited[job_id]

    def environments(self, deploy: Deploy) -> tuple[str, ...]:
        """Names of the environment a deploy goes to: what its runs say, else what hints at it."""
        named = environment_of(deploy.job)
        if named and "${{" not in named:
            return (named,)
        found = {t.jobs[deploy.job.id].environment for live in self.live(deploy) for t in live.traces}
        return tuple(sorted(e for e in found if e)) or deploy.hints

    def going_to(self, patterns: Sequence[str], exempt: Sequence[str] = (), unnamed: bool = True) -> tuple[Deploy, ...]:
        """The deploys that run, to an environment that one of some patterns means.

        A deploy that names no environment anybody knows reaches whatever there is: with `unnamed` it counts as
        production.
        """
        return self.among(self.deploys, patterns, exempt, unnamed)

    def among(
        self,
        deploys: Sequence[Deploy],
        patterns: Sequence[str],
        exempt: Sequence[str] = (),
        unnamed: bool = True,
    ) -> tuple[Deploy, ...]:
        """Those of some deploys that run in an environment which one of some patterns means."""
        found = []
        for deploy in deploys:
            names = self.environments(deploy)
            nameless = not any(means(name, KNOWN) for name in names)
            reaching = unnamed and nameless and means("production", patterns)
            wanted = reaching or any(means(name, patterns) for name in names)
            if wanted and self.live(deploy) and not any(fnmatchcase(n, e) for n in names for e in exempt):
                found.append(deploy._replace(wanted=tuple(patterns)) if not nameless else deploy)
        return tuple(found)

    def gates(self, capabilities: Sequence[str], tools: Sequence[str] = ()) -> tuple[Act, ...]:
        """Everything in the workflow that does one of some things, with one of some tools if any are given."""
        return tuple(
            a
            for a in self.acts
            if a.ability.capability in capabilities and (not tools or a.ability.details.get("tool") in tools)
        )


def keys_of(deploy: Deploy) -> tuple[str, ...]:
    """The key of the step that deploys; of every step where only the job says that it does."""
    return (deploy.act.step.key,) if deploy.act else tuple(step.key for step in deploy.job.steps)


def runs(deploy: Deploy, trace: Trace) -> bool:
    """Whether a deploy is carried out in a run."""
    job = trace.jobs.get(deploy.job.id)
    if job is None or (not job.steps and deploy.act is not None):
        return False
    if deploy.wanted and job.environment and not means(job.environment, deploy.wanted):
        return False
    if deploy.act is None:
        return job.result != "skipped"
    return simulate.runs_ability(trace, deploy.act.step.key, deploy.act.ability.order)


def _stopped(pipeline: Pipeline, job: Job, trace: Trace) -> str:
    """Which job that another waits for, near or far, is skipped in a run, and why."""
    for id_ in pipeline.jobs:
        if id_ != job.id and id_ in closure(pipeline, job.id) and trace.jobs[id_].result == SKIPPED:
            return f"job {id_}, which it waits for, is skipped: {trace.jobs[id_].because}"
    return trace.jobs[job.id].because


def _conditions(job: Job) -> Iterator[object]:
    yield job.data.get("if")
    yield from (step.data.get("if") for step in flat(job.steps))


def _conditional(pipeline: Pipeline, job_id: str) -> bool:
    """Whether a job has a condition of its own that is not switched off on purpose."""
    job = pipeline.jobs[job_id]
    given = job.data.get("if", "")
    if job.caller or given in (None, "", False) or str(given).strip().lower() in ("false", "${{ false }}"):
        return False
    condition = expressions.condition(given)
    return condition.node is not None and all(_declared(r.steps, job) for r in expressions.references(condition.node))


def _inputs(workflow: Mapping[str, object]) -> set[str]:
    """The inputs that a workflow declares for dispatches and calls, in lower case."""
    found: set[str] = set()
    on = workflow.get("on")
    for event in on.values() if isinstance(on, dict) else ():
        given = event.get("inputs") if isinstance(event, dict) else None
        found |= {str(name).lower() for name in given} if isinstance(given, dict) else set()
    return found


def _declared(steps: Sequence[str | None], job: Job) -> bool:
    """Whether a condition names something that is there; what is not is a fault of its own."""
    context, name = steps[0], steps[1] if len(steps) > 1 else None
    if context == "needs":
        return name in ("*", None) or name in {need.lower() for need in job.needs}
    if context == "inputs":
        return name in _inputs(job.workflow)
    return context in ("github", "vars")
