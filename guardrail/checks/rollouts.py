"""What happens around a deploy: verification, the switch of traffic, rollback, migrations, and what is announced.

WORKFLOWS 4.6, GP14 to GP17, GP19 and GP24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from re import IGNORECASE
from re import compile as regex
from typing import Any

from guardrail.actions import simulate
from guardrail.actions.model import ENFORCING, NOT_KNOWN, SKIPPED, Ability, Fault
from guardrail.checks.delivery import Look
from guardrail.graph.deploys import Act, Deploy, environment_of, flat, means, shortened
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = [
    "announced_anyway",
    "migrated_without_backup",
    "no_rollback",
    "removed_early",
    "rollback_never_runs",
    "schema_destroyed",
    "switched_unverified",
    "unplanned_apply",
    "unverified",
    "verification_toothless",
]

_SUCCESS = regex(r"success|succeeded|deployed|complete|released|is live|🚀|✅|🎉", IGNORECASE)
_STATUS = regex(r"\b(?:always|cancelled|failure)\s*\(", IGNORECASE)
_ASKS = regex(r"job\.status|\.result|\.outcome|\.conclusion|failure\(\)|success\(\)")
_DATABASE = regex(r"prisma|migrate|db:|database|drop |schema|alembic|flyway|liquibase|knex|sequelize", IGNORECASE)


def unverified(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys after which nothing looks at what runs; undecided where something unknown follows."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        if deploy.act is None or any(a.ability.capability in arguments["verify"] for a in _after(look, deploy)):
            continue
        opaque = next((s.opaque for s in _steps_after(look, deploy) if s.opaque), "")
        if opaque:
            yield Undecided(look.path(deploy), f"what follows the deploy: {opaque}")
        else:
            yield look.hit(deploy.pointer, f"nothing looks at what {deploy.words} has deployed", deploy)


def verification_toothless(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Verifications after a deploy none of which can fail."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        found = [a for a in _after(look, deploy) if a.ability.capability in arguments["verify"]]
        if found and not any(a.ability.teeth in (ENFORCING, NOT_KNOWN) for a in found):
            act = found[0]
            message = f"`{shortened(act.ability.evidence)}` cannot fail: {act.ability.reason}"
            yield look.hit(act.pointer, message, deploy)


def switched_unverified(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Traffic moved to a version that nothing has looked at since it was deployed."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        for act in _unwatched(look, deploy, arguments["verify"], "traffic-switch", ("deploy",)):
            message = f"`{shortened(act.ability.evidence)}` sends traffic to a version that nothing has looked at"
            yield look.hit(act.pointer, message, deploy)


def removed_early(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """The old version taken away before anything looked at the new one, so that there is no way back."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        for act in _unwatched(look, deploy, arguments["verify"], "destructive", ("deploy", "traffic-switch")):
            if not _DATABASE.search(act.ability.evidence):
                message = (
                    f"`{shortened(act.ability.evidence)}` removes the old version before the new one was looked at"
                )
                yield look.hit(act.pointer, message, deploy)


def _unwatched(
    look: Look, deploy: Deploy, verify: Sequence[str], capability: str, since: Sequence[str]
) -> Iterator[Act]:
    """Acts of a capability in a deploy's job, with nothing that verifies between them and the last of `since`."""
    watched = True
    for act in _acts(look, deploy):
        kind = act.ability.capability
        if kind == capability and not watched:
            yield act
        if kind in since:
            watched = False
        elif kind in verify and act.ability.teeth in (ENFORCING, NOT_KNOWN):
            watched = True


def no_rollback(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys for whose failure the workflow has no way back."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        if deploy.act is None or any(a.ability.capability == "rollback" for a in look.delivery.acts):
            continue
        opaque = next((s.opaque for s in _steps_after(look, deploy) if s.opaque), "")
        if opaque:
            yield Undecided(look.path(deploy), f"what follows the deploy: {opaque}")
        else:
            yield look.hit(deploy.pointer, f"nothing rolls {deploy.words} back when it fails", deploy)


def rollback_never_runs(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Rollbacks that are not carried out in any run in which the deploy, or what verifies it, fails."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        acts = [a for a in look.delivery.acts if a.ability.capability == "rollback"]
        acts = [a for a in acts if (a.step.key, a.ability.order) != _place(deploy)]
        if deploy.act is None or not acts or _rolls_back(look, deploy, acts, arguments["verify"]):
            continue
        act = acts[0]
        message = f"`{shortened(act.ability.evidence)}` is not reached when {deploy.words} fails"
        step = act.step.pointer
        conditional = "if" in act.step.data
        yield look.hit(step._replace(path=(*step.path, "if")) if conditional else act.pointer, message, deploy)


def _rolls_back(look: Look, deploy: Deploy, acts: Sequence[Act], verify: Sequence[str]) -> bool:
    assert deploy.act is not None
    if any("condition" in a.ability.details for a in acts):  # `verify || roll back`: the script itself reacts
        return True
    asked = [deploy.act.step.key, *(a.step.key for a in acts)]
    failing = [deploy.act, *(a for a in _after(look, deploy) if a.ability.capability in verify)]
    for live in look.delivery.live(deploy):
        for cause in failing:
            played = look.delivery.play(live.scenario, asked, [Fault(cause.step.key, cause.ability.order)])
            reached = (simulate.runs_ability(t, a.step.key, a.ability.order) for t in played.traces for a in acts)
            if not played.complete or any(reached):
                return True
    return False


def announced_anyway(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Messages of success that are sent although the deploy failed."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        for act in look.delivery.acts:
            if deploy.act is None or act.ability.capability != "notify" or not _boasts(act):
                continue
            for live in look.delivery.live(deploy):
                played = look.delivery.play(live.scenario, (act.step.key, _place(deploy)[0]), [Fault(*_place(deploy))])
                bad = next(
                    (t for t in played.traces if simulate.runs_ability(t, act.step.key, act.ability.order)), None
                )
                if bad is not None:
                    message = f"success is announced although {deploy.words} failed"
                    yield look.hit(act.pointer, message, deploy)
                    break
    yield from _announced_of_nothing(look, arguments)


def _announced_of_nothing(look: Look, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Messages of success in a job that waits for a deploy, and runs where that is skipped, also if it always is."""
    patterns, delivery = arguments["environments"], look.delivery
    for deploy in delivery.deploys:
        if deploy.act is None or not any(means(name, patterns) for name in delivery.environments(deploy)):
            continue
        for act in delivery.acts:
            # without a status function of its own a job is skipped with what it waits for: nothing to play through
            waits = act.job.id != deploy.job.id and _STATUS.search(str(act.job.data.get("if", ""))) is not None
            if (
                not waits
                or deploy.job.id not in delivery.awaited(act.job.id)
                or act.ability.capability != "notify"
                or not _boasts(act)
            ):
                continue
            for scenario in delivery.every_scenario:
                traces = delivery.play(scenario, (act.step.key, deploy.act.step.key)).traces
                sent = (t for t in traces if simulate.runs_ability(t, act.step.key, act.ability.order))
                if any(t.jobs[deploy.job.id].result == SKIPPED for t in sent):
                    told = f"success is announced on {scenario.label} although {deploy.words} is skipped there"
                    yield look.hit(act.pointer, told, deploy)
                    break


def _boasts(act: Act) -> bool:
    """Whether a message tells of success without asking whether there was one."""
    text = " ".join(str(act.step.data.get(key, "")) for key in ("run", "with", "env"))
    conditions = f"{act.step.data.get('if', '')} {text}"
    return bool(_SUCCESS.search(text)) and not _ASKS.search(conditions)


def schema_destroyed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Commands that drop or reset a database, in jobs that reach production."""
    look = Look.at(item, arguments)
    for act, deploy in _in_production(look, "destructive"):
        if _DATABASE.search(act.ability.evidence):
            message = f"`{shortened(act.ability.evidence)}` destroys data, and can run against production"
            traces = (t for live in look.delivery.live(deploy) for t in live.traces)
            yield look.hit(act.pointer, message, deploy, next(traces, None))


def migrated_without_backup(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Migrations of a production database with no backup before them."""
    look = Look.at(item, arguments)
    for act, deploy in _in_production(look, "migrate"):
        inside = look.delivery.awaited(act.job.id)
        before = [a for a in look.delivery.acts if a.job.id in inside]
        before = before[: before.index(act)]
        opaque = next((a.step.opaque for a in before if a.step.opaque), "")
        if any(a.ability.capability == "backup" for a in before):
            continue
        if opaque:
            yield Undecided(look.path(deploy), f"whether a backup is made: {opaque}")
        else:
            message = f"`{shortened(act.ability.evidence)}` changes the database of production without a backup before"
            yield look.hit(act.pointer, message, deploy)
        return


def _in_production(look: Look, capability: str) -> Iterator[tuple[Act, Deploy]]:
    """Acts in jobs that run in an environment the policy is about, or that a deploy to one waits for."""
    inside = {job for deploy in look.deploys for job in look.delivery.awaited(deploy.job.id)}
    for act in look.delivery.gates((capability,)):
        as_deploy = Deploy(act.job, act, (act.job.id, act.job.name))
        patterns = look.arguments["environments"]
        named = any(means(name, patterns) for name in look.delivery.environments(as_deploy))
        if named and look.delivery.among([as_deploy], patterns):
            yield act, look.delivery.among([as_deploy], patterns)[0]
        elif act.job.id in inside and not environment_of(act.job):
            yield act, as_deploy


def unplanned_apply(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """`apply` without a plan that somebody could have read: no saved plan, no environment that asks for approval."""
    look = Look.whole(item, arguments)
    for deploy in look.delivery.deploys:
        for act in _acts(look, deploy):
            said = act.ability.evidence
            if act.ability.capability == "deploy" and _applies(act.ability) and not environment_of(deploy.job):
                message = f"`{shortened(said)}` approves itself: nobody has seen the plan, and no environment asks"
                yield look.hit(act.pointer, message, deploy)


def _applies(ability: Ability) -> bool:
    """Whether something applies changes that it plans itself, without asking."""
    words = ability.evidence.split()
    if ability.details.get("tool") not in ("terraform", "tofu", "terragrunt", "pulumi") and "apply" not in words:
        return False
    return any(w in ("-auto-approve", "--auto-approve", "--terragrunt-non-interactive", "--yes") for w in words)


def _place(deploy: Deploy) -> tuple[str, int]:
    assert deploy.act is not None
    return deploy.act.step.key, deploy.act.ability.order


def _acts(look: Look, deploy: Deploy) -> list[Act]:
    """Everything that a deploy's job does, in order."""
    return [a for a in look.delivery.acts if a.job.id == deploy.job.id]


def _after(look: Look, deploy: Deploy) -> Iterator[Act]:
    """What follows a deploy: later in its job (or by the same command), and in jobs that wait for it."""
    own = _acts(look, deploy)
    begun = False
    for act in own:
        begun = begun or act == deploy.act
        if begun or (
            deploy.act and act.step.key == deploy.act.step.key and act.ability.order >= deploy.act.ability.order
        ):
            yield act
    for act in look.delivery.acts:
        if act.job.id != deploy.job.id and deploy.job.id in look.delivery.awaited(act.job.id):
            yield act


def _steps_after(look: Look, deploy: Deploy) -> Iterator[Any]:
    """The steps from a deploy on: its own, those behind it, and those of jobs that wait for it."""
    begun = False
    for step in flat(deploy.job.steps):
        begun = begun or (deploy.act is not None and step.key == deploy.act.step.key)
        if begun:
            yield step
    for job in look.delivery.pipeline.jobs.values():
        if job.id != deploy.job.id and deploy.job.id in look.delivery.awaited(job.id):
            yield from flat(job.steps)
