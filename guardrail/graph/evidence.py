"""Evidence for a gate that stands in another workflow: a run that this one follows, or a check that GitHub requires."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.actions import simulate
from guardrail.actions.model import ENFORCING, FAILURE, Fault
from guardrail.graph.deliveries import delivery, elsewhere
from guardrail.graph.delivery import Delivery
from guardrail.graph.deploys import Act
from guardrail.graph.gates import MISSING, PROVEN, SKIPPED, UNAWAITED, UNPROVEN, VIOLATED, Verdict
from guardrail.graph.protection import protections
from guardrail.graph.repository import Repository

SAME_RUN, WORKFLOW_RUN, REQUIRED_CHECK = "same-run", "workflow-run", "required-check"
ALL = (SAME_RUN, WORKFLOW_RUN, REQUIRED_CHECK)


def settled(
    verdict: Verdict, repository: Repository, deploying: Delivery, capabilities: Sequence[str], accepted: Sequence[str]
) -> Verdict:
    """A verdict on the run itself, weighed against what other workflows do; `accepted` are the kinds that count."""
    if verdict.state != VIOLATED or verdict.cause not in (MISSING, UNAWAITED, SKIPPED):
        return verdict
    if verdict.cause == SKIPPED:
        return _asked_before(verdict, repository, deploying, accepted)
    if WORKFLOW_RUN in accepted:
        found = _followed(verdict, repository, deploying, capabilities)
        if found is not None:
            return found
    act = elsewhere(repository, deploying.pipeline.file, capabilities)
    if act is None or REQUIRED_CHECK not in accepted:
        return verdict
    return _required_or_not(verdict, act, repository, deploying)


def _asked_before(verdict: Verdict, repository: Repository, deploying: Delivery, accepted: Sequence[str]) -> Verdict:
    """A gate of this very workflow that runs for pull requests and is left out of the run that deploys."""
    early = [s for s in deploying.every_scenario if s.event in ("pull_request", "merge_group")]
    act, trace = verdict.act, verdict.trace
    if REQUIRED_CHECK not in accepted or act is None or trace is None or trace.assumptions or not early:
        return verdict
    for scenario in early:
        for run in deploying.play(scenario, (act.step.key,)).traces:
            if simulate.runs_ability(run, act.step.key, act.ability.order):
                return _required_or_not(verdict, act, repository, deploying)
    return verdict


def _required_or_not(verdict: Verdict, act: Act, repository: Repository, deploying: Delivery) -> Verdict:
    """Proven where a file says that GitHub requires a gate's check, else not known."""
    if _required(act, repository, deploying, verdict):
        return verdict._replace(state=PROVEN, cause="", reason="a required check", act=act)
    file = act.job.pointer.file.rpartition("/")[2]
    return verdict._replace(
        state=UNPROVEN,
        cause="elsewhere",
        reason=f"whether GitHub requires the checks of {file} before this branch moves",
        act=act,
    )


def _followed(
    verdict: Verdict, repository: Repository, deploying: Delivery, capabilities: Sequence[str]
) -> Verdict | None:
    """What follows from a gate in the workflow that this one is a `workflow_run` of; None where it has none.

    The event comes whatever the conclusion, so that the deploy must ask for it (events that trigger workflows,
    `workflow_run`).
    """
    lives = deploying.live(verdict.deploy)
    if not lives or any(live.scenario.event != "workflow_run" for live in lives):
        return None
    names = {live.scenario.upstream for live in lives}
    for file, data in repository.workflows().items():
        upstream = delivery(repository, file, data)
        able = [a for a in upstream.gates(capabilities) if a.ability.teeth == ENFORCING and a.ability.sure]
        if upstream.pipeline.name not in names or not able:
            continue
        if not _fails(upstream, able):
            return None
        heedless = next((live for live in lives if live.scenario.conclusion == FAILURE and live.traces), None)
        if heedless is None:
            return verdict._replace(state=PROVEN, cause="", reason=f"in {upstream.pipeline.name}", act=able[0])
        return verdict._replace(
            cause="bypassed",
            reason=f"it follows {upstream.pipeline.name} whatever its conclusion",
            act=able[0],
            pointer=verdict.deploy.pointer,
            trace=heedless.traces[0],
        )
    return None


def _fails(upstream: Delivery, able: Sequence[Act]) -> bool:
    """Whether a run ends in failure in every scenario when a gate in it fails."""
    faults = tuple(Fault(a.step.key, a.ability.order) for a in able)
    for scenario in upstream.every_scenario:
        played = upstream.play(scenario, [a.step.key for a in able], faults)
        if not played.complete or any(all(j.result != FAILURE for j in t.jobs.values()) for t in played.traces):
            return False
    return True


def _required(act: Act, repository: Repository, deploying: Delivery, verdict: Verdict) -> bool:
    """Whether GitHub refuses to move every branch that is deployed from unless the gate's job succeeded."""
    checks = protections(repository).checks
    refs = {live.scenario.ref for live in deploying.live(verdict.deploy)}
    name = act.job.name or act.job.id
    return bool(refs) and all(
        ref.startswith("refs/heads/") and any(c.covers(ref.removeprefix("refs/heads/"), name) for c in checks)
        for ref in refs
    )
