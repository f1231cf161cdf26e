"""Whether a deploy can run although a gate failed or never ran: proven, violated with a counterexample, or unproven.

Not reachability but fault injection: in every scenario in which the deploy runs, everything that enforces the gate is
made to fail, and the run is played through again. If the deploy still runs, that run is the counterexample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import NamedTuple

from guardrail.actions import model, simulate
from guardrail.actions.model import ENFORCING, NOT_KNOWN, Fault, Job, Pipeline, Scenario, Trace
from guardrail.actions.scenarios import known_names, scenarios
from guardrail.actions.simulate import Plan
from guardrail.graph.causes import cause_of
from guardrail.graph.deploys import KNOWN, Act, Deploy, acts, closure, deploys, environment_of, flat, means, narrowed
from guardrail.model.place import Pointer

PROVEN, VIOLATED, UNPROVEN = "proven", "violated", "unproven"

MISSING, UNAWAITED, SKIPPED, MASKED, REPORT_ONLY, BYPASSED, LAUNDERED = (
    "missing",
    "not-awaited",
    "skipped",
    "masked",
    "report-only",
    "bypassed",
    "laundered",
)
"""Why a gate does not gate, in the order in which the cause is looked for."""


class Verdict(NamedTuple):
    """What is known of one gate before one deploy.

    `cause` and `reason` say why it is not proven; `act` is the candidate the reason is about, `pointer` the place to
    mend. `always` is true when there is a scenario in which the gate never
    blocks, whatever may be assumed. `trace` is the counterexample, `faults` what was made to fail in it.
    """

    gate: str
    deploy: Deploy
    state: str
    cause: str = ""
    reason: str = ""
    act: Act | None = None
    pointer: Pointer = Pointer("", ())
    always: bool = False
    trace: Trace | None = None
    faults: tuple[Fault, ...] = ()


class Live(NamedTuple):
    """A scenario in which a deploy runs, with the runs in which it does; `complete` false beyond the bound."""

    scenario: Scenario
    traces: tuple[Trace, ...]
    complete: bool


@dataclass(slots=True)
class Delivery:
    """A workflow with everything it does; what was simulated is kept for all policies that ask."""

    pipeline: Pipeline
    acts: tuple[Act, ...] = ()
    deploys: tuple[Deploy, ...] = ()
    _scenarios: tuple[Scenario, ...] | None = None
    _plans: dict[str, Plan] = field(default_factory=dict)
    _live: dict[tuple[str, tuple[str, ...]], tuple[Live, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pipeline: Pipeline) -> Delivery:
        """A workflow looked at."""
        does = tuple(acts(pipeline))
        found = tuple(deploys(pipeline, does))
        return cls(pipeline, does, found)

    @property
    def every_scenario(self) -> tuple[Scenario, ...]:
        """Every concrete way in which the workflow starts."""
        if self._scenarios is None:
            self._scenarios = scenarios(self.pipeline)
        return self._scenarios

    def before(self, deploy: Deploy) -> Pipeline:
        """The part of the workflow that has a say in whether a deploy runs."""
        return self._ready(deploy).pipeline

    def _ready(self, deploy: Deploy) -> Plan:
        known = self._plans.get(deploy.job.id)
        if known is None:
            part = narrowed(self.pipeline, closure(self.pipeline, deploy.job.id))
            known = replace(simulate.plan(part), default_branch=known_names(self.pipeline).default)
            self._plans[deploy.job.id] = known
        return known

    def live(self, deploy: Deploy) -> tuple[Live, ...]:
        """The scenarios in which a deploy runs when nothing fails."""
        key = (deploy.job.id, deploy.wanted)
        known = self._live.get(key)
        if known is None:
            known = self._live[key] = tuple(self._running(deploy))
        return known

    def _running(self, deploy: Deploy) -> Iterator[Live]:
        for scenario in self.every_scenario:
            played = simulate.simulate(self._ready(deploy), scenario)
            running = tuple(t for t in played.traces if runs(deploy, t))
            if running or not played.complete:
                yield Live(scenario, running, played.complete)

    def obstacle(self, job: Job) -> tuple[str, str]:
        """Where a job that never runs comes nearest, and what stops it: a scenario that meets its own condition.

        The first scenario and the condition itself where none does.
        """
        alone = self.pipeline._replace(jobs={job.id: job._replace(needs=(), caller="", called=())})
        whole = simulate.plan(self.pipeline)
        for scenario in self.every_scenario:
            if any(t.jobs[job.id].result != model.SKIPPED for t in simulate.simulate(alone, scenario).traces):
                for trace in simulate.simulate(whole, scenario).traces:
                    return scenario.label, _stopped(self.pipeline, job, trace)
        said = " ".join(str(job.data.get("if", "")).split())
        return "", f"no event of `on` makes `{said}` true"

    def idle(self) -> Iterator[Job]:
        """The jobs with a condition that run in no scenario; none beyond a bound."""
        waiting = {id_ for id_ in self.pipeline.jobs if _conditional(self.pipeline, id_)}
        ready = simulate.plan(self.pipeline)
        for scenario in self.every_scenario if waiting else ():
            played = simulate.simulate(ready, scenario)
            if not played.complete:
                return
            waiting = {i for i in waiting if all(t.jobs[i].result == model.SKIPPED for t in played.traces)}
        for id_ in self.pipeline.jobs if self.every_scenario else ():
            if id_ in waiting and waiting.isdisjoint(self.pipeline.jobs[id_].needs):
                yield self.pipeline.jobs[id_]

    def awaited(self, job_id: str) -> frozenset[str]:
        """A job and all that it waits for."""
        return closure(self.pipeline, job_id)

    def environments(self, deploy: Deploy) -> tuple[str, ...]:
        """Names of the environment a deploy goes to: what its runs say, else what hints at it."""
        named = environment_of(deploy.job)
        if named and "${{" not in named:
            return (named,)
        found = {t.jobs[deploy.job.id].environment for live in self.live(deploy) for t in live.traces}
        return tuple(sorted(e for e in found if e)) or deploy.hints

    def going_to(self, patterns: Sequence[str], exempt: Sequence[str] = ()) -> tuple[Deploy, ...]:
        """The deploys that run, to an environment that one of some patterns means.

        A deploy that names no environment anybody knows reaches whatever there is, so it counts as production.
        """
        found = []
        for deploy in self.deploys:
            names = self.environments(deploy)
            unnamed = not any(means(name, KNOWN) for name in names)
            wanted = any(means(name, patterns) for name in names) or (unnamed and means("production", patterns))
            if wanted and self.live(deploy) and not any(fnmatchcase(n, e) for n in names for e in exempt):
                found.append(deploy._replace(wanted=tuple(patterns)) if not unnamed else deploy)
        return tuple(found)

    def gates(self, capabilities: Sequence[str], tools: Sequence[str] = ()) -> tuple[Act, ...]:
        """Everything in the workflow that does one of some things, with one of some tools if any are given."""
        return tuple(
            a
            for a in self.acts
            if a.ability.capability in capabilities and (not tools or a.ability.details.get("tool") in tools)
        )

    def verdict(self, deploy: Deploy, gate: str, candidates: Sequence[Act]) -> Verdict:
        """What is known of a gate before a deploy, given everything in the workflow that may be that gate."""
        if not candidates:
            return self._absent(deploy, gate)
        inside = self.before(deploy).jobs
        awaited = [a for a in candidates if a.job.id in inside and not _behind(a, deploy)]
        if not awaited:
            first = candidates[0]
            where = "runs after it" if first.job.id == deploy.job.id else f"job {first.job.id} is not among its needs"
            return Verdict(gate, deploy, VIOLATED, UNAWAITED, where, first, _needs(deploy.job), always=True)
        able = [a for a in awaited if a.ability.teeth == ENFORCING and a.ability.sure]
        if not able:
            return _toothless(gate, deploy, awaited)
        faults = tuple(Fault(a.step.key, a.ability.order) for a in able)
        worst: Verdict | None = None
        for live in self.live(deploy):
            played = simulate.simulate(self._ready(deploy), live.scenario, faults)
            if not (played.complete and live.complete):
                worst = worst or Verdict(gate, deploy, UNPROVEN, "limit", "more cases than can be played through")
                continue
            bad = [t for t in played.traces if runs(deploy, t)]
            if bad and not any(all(a.documented for a in t.assumptions) for t in bad):
                worst = worst or Verdict(gate, deploy, UNPROVEN, "undocumented", "how GitHub treats this case")
            elif bad:
                always = len(bad) == len(played.traces) or not _blocks(deploy, played.traces, live)
                trace = min(bad, key=lambda t: sum(not a.holds for a in t.assumptions))
                found = Verdict(
                    gate,
                    deploy,
                    VIOLATED,
                    *cause_of(self.before(deploy), deploy, able, trace),
                    always=always,
                    trace=trace,
                    faults=faults,
                )
                if always:
                    return found
                worst = found if worst is None or worst.state != VIOLATED else worst
        return worst or self._proven(deploy, gate, able)

    def _proven(self, deploy: Deploy, gate: str, able: Sequence[Act]) -> Verdict:
        if not self.live(deploy):
            return Verdict(gate, deploy, UNPROVEN, "never-runs", "the deploy never runs")
        return Verdict(gate, deploy, PROVEN, act=able[0])

    def _absent(self, deploy: Deploy, gate: str) -> Verdict:
        """Nothing does it that is known; what is not known may."""
        for job in self.before(deploy).jobs.values():
            if job.opaque:
                return Verdict(gate, deploy, UNPROVEN, "opaque", f"what job {job.id} does: {job.opaque}")
            for step in flat(job.steps):
                if step.opaque:
                    where = f"step {step.name}" if step.name else f"a step of job {job.id}"
                    return Verdict(gate, deploy, UNPROVEN, "opaque", f"what {where} does: {step.opaque}")
        return Verdict(gate, deploy, VIOLATED, MISSING, "nothing does it", None, deploy.pointer, always=True)


def _stopped(pipeline: Pipeline, job: Job, trace: Trace) -> str:
    """Which job that another waits for, near or far, is skipped in a run, and why."""
    for id_ in pipeline.jobs:
        if id_ != job.id and id_ in closure(pipeline, job.id) and trace.jobs[id_].result == model.SKIPPED:
            return f"job {id_}, which it waits for, is skipped: {trace.jobs[id_].because}"
    return trace.jobs[job.id].because


def _conditional(pipeline: Pipeline, job_id: str) -> bool:
    """Whether a job has a condition of its own that is not switched off on purpose."""
    job = pipeline.jobs[job_id]
    said = str(job.data.get("if", "")).replace("${{", "").replace("}}", "").strip().lower()
    return bool(said) and said != "false" and not job.caller


def _needs(job: Job) -> Pointer:
    """Where a job says what it waits for, else the job."""
    return job.pointer._replace(path=(*job.pointer.path, "needs")) if "needs" in job.data else job.pointer


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


def _behind(act: Act, deploy: Deploy) -> bool:
    """Whether something in the deploy's own job comes after the deploy."""
    if act.job.id != deploy.job.id or deploy.act is None:
        return False
    order = [step.key for step in flat(deploy.job.steps)]
    here, there = order.index(act.step.key), order.index(deploy.act.step.key)
    return here > there or (here == there and act.ability.order > deploy.act.ability.order)


def _toothless(gate: str, deploy: Deploy, awaited: Sequence[Act]) -> Verdict:
    """None of the candidates is known to fail when it finds something."""
    for act in awaited:
        if act.ability.teeth == NOT_KNOWN or not act.ability.sure:
            return Verdict(gate, deploy, UNPROVEN, "unknown", act.ability.reason, act)
    act = awaited[0]
    cause = MASKED if act.ability.teeth == MASKED else REPORT_ONLY
    return Verdict(gate, deploy, VIOLATED, cause, act.ability.reason, act, act.pointer, always=True)


def _assumed(trace: Trace) -> dict[str, bool]:
    return {a.text: a.holds for a in trace.assumptions}


def _blocks(deploy: Deploy, traces: Sequence[Trace], live: Live) -> bool:
    """Whether some run is stopped by the gate that would deploy without the fault: same assumptions, no deploy."""
    stopped = [_assumed(t) for t in traces if not runs(deploy, t)]
    for running in live.traces:
        assumed = _assumed(running)
        if any(all(s.get(text, holds) == holds for text, holds in assumed.items()) for s in stopped):
            return True
    return False
