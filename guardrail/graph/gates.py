"""Whether a deploy can run although a gate failed or never ran: proven, violated with a counterexample, or unproven.

Not reachability but fault injection: in every scenario in which the deploy runs, everything that enforces the gate is
made to fail, and the run is played through again. If the deploy still runs, that run is the counterexample.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from guardrail.actions.model import ENFORCING, NOT_KNOWN, TESTS, Fault, Job, Trace
from guardrail.graph.causes import cause_of
from guardrail.graph.delivery import NOTHING, Delivery, Live, keys_of, runs
from guardrail.graph.deploys import Act, Deploy, flat
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


def verdict(delivery: Delivery, deploy: Deploy, gate: str, candidates: Sequence[Act]) -> Verdict:
    """What is known of a gate before a deploy, given everything in the workflow that may be that gate."""
    candidates = [a for a in candidates if not _verifies(delivery, a, deploy)]
    if not candidates:
        return _absent(delivery, deploy, gate)
    inside = delivery.before(deploy).jobs
    awaited = [a for a in candidates if a.job.id in inside and not _behind(a, deploy)]
    if not awaited:
        first = candidates[0]
        where = "runs after it" if first.job.id == deploy.job.id else f"job {first.job.id} is not among its needs"
        return Verdict(gate, deploy, VIOLATED, UNAWAITED, where, first, _needs(deploy.job), always=True)
    able = [a for a in awaited if a.ability.teeth == ENFORCING and a.ability.sure]
    if not able:
        return _toothless(gate, deploy, awaited)
    asked = (*keys_of(deploy), *(a.step.key for a in candidates))
    faults = tuple(Fault(a.step.key, a.ability.order) for a in able)
    worst: Verdict | None = None
    for live in delivery.live(deploy):
        played = delivery.play(live.scenario, asked, faults, deploy.job.id) if live.complete else NOTHING
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
                *cause_of(delivery.before(deploy), deploy, able, trace),
                always=always,
                trace=trace,
                faults=faults,
            )
            if always:
                return found
            worst = found if worst is None or worst.state != VIOLATED else worst
    return worst or _proven(delivery, deploy, gate, able)


def _proven(delivery: Delivery, deploy: Deploy, gate: str, able: Sequence[Act]) -> Verdict:
    if not delivery.complete:
        return Verdict(gate, deploy, UNPROVEN, "limit", "more ways to start than can be looked at")
    if not delivery.live(deploy):
        return Verdict(gate, deploy, UNPROVEN, "never-runs", "the deploy never runs")
    return Verdict(gate, deploy, PROVEN, act=able[0])


def _absent(delivery: Delivery, deploy: Deploy, gate: str) -> Verdict:
    """Nothing does it that is known; what is not known may."""
    for job in delivery.before(deploy).jobs.values():
        if job.opaque:
            return Verdict(gate, deploy, UNPROVEN, "opaque", f"what job {job.id} does: {job.opaque}")
        for step in flat(job.steps):
            if step.opaque:
                where = f"step {step.name}" if step.name else f"a step of job {job.id}"
                return Verdict(gate, deploy, UNPROVEN, "opaque", f"what {where} does: {step.opaque}")
    return Verdict(gate, deploy, VIOLATED, MISSING, "nothing does it", None, deploy.pointer, always=True)


def _needs(job: Job) -> Pointer:
    """Where a job says what it waits for, else the job."""
    return job.pointer._replace(path=(*job.pointer.path, "needs")) if "needs" in job.data else job.pointer


def _verifies(delivery: Delivery, act: Act, deploy: Deploy) -> bool:
    """Whether a test looks at what was deployed: it comes after that, and is end-to-end or called a smoke test.

    It is no gate that somebody put in the wrong place.
    """
    does = {a.capability for a in act.step.abilities}
    if act.ability.capability not in TESTS or not ("smoke-test" in does or act.ability.capability == "e2e"):
        return False
    return _behind(act, deploy) or (act.job.id != deploy.job.id and deploy.job.id in delivery.awaited(act.job.id))


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
