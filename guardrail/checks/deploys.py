"""Deploys themselves: whether they can run, what may start them, where they go, and what comes before production.

WORKFLOWS 4.6, GP05 to GP09.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from guardrail.actions.model import Job, Scenario
from guardrail.actions.samples import OTHER_BRANCH
from guardrail.checks.delivery import Look
from guardrail.graph import gates
from guardrail.graph.deploys import OTHERS, PRODUCTION, STAGING, Act, Deploy, environment_of, flat, means
from guardrail.graph.gates import MISSING, UNAWAITED, VIOLATED
from guardrail.graph.protection import protections
from guardrail.model.place import Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = [
    "cancelled",
    "environment_mismatch",
    "environment_open",
    "environment_unprotected",
    "job_never_runs",
    "never_runs",
    "promotion_skipped",
    "promotion_unverified",
    "refused",
    "started_by",
    "without",
]

_TELLING = ("namespace", "context", "release", "values", "url", "stage", "path", "workspace", "cluster")
_CLASSES = {"production": PRODUCTION, "staging": STAGING, "testing": OTHERS}


def never_runs(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys that run in no scenario, whatever is assumed: the condition and what they need exclude each other."""
    look = Look.whole(item, arguments)
    for deploy in look.delivery.deploys:
        job = deploy.job
        possible = look.delivery.live(deploy) or look.delivery.heeds_failure(job.id) or not look.delivery.complete
        if look.delivery.every_scenario and not possible and job.data.get("if") is not False:
            pointer = _key(job.pointer, "if" if "if" in job.data else "needs", job.data)
            yield look.hit(pointer, _never(look, job) + _unapproved(look, deploy), deploy)


def _unapproved(look: Look, deploy: Deploy) -> str:
    """What a dead deploy to production lacks, and nobody would look for once it runs: a place for an approval.

    All else that is asked of a deploy is proven by its runs, of which there are none; the policies say so by being
    undecided. That a job has no environment is plain without any.
    """
    production = any(means(name, PRODUCTION) for name in deploy.hints)
    if not deploy.sure or not production or environment_of(deploy.job) or deploy.job.called or deploy.job.caller:
        return ""
    return "; and once it does, nobody has to approve: it names no environment"


def _never(look: Look, job: Job) -> str:
    label, why = look.delivery.obstacle(job)
    return f"job {job.id} never runs: {'on ' if label else ''}{label}{' ' if label else ''}{why}"


def job_never_runs(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Jobs that run in no scenario and deploy nothing; `if: false` is deliberate, what a skipped job blocks is not."""
    look = Look.whole(item, arguments)
    deploying = {deploy.job.id for deploy in look.delivery.deploys}
    for job in look.delivery.idle():
        if job.id not in deploying and job.pointer.file == look.file:
            yield Hit((*job.pointer.path, "if"), _never(look, job))


def cancelled(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys that a newer run of the same concurrency group stops half-way."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        holders = [(deploy.job.pointer, deploy.job.data), (Pointer(look.file, ()), look.delivery.pipeline.data)]
        for pointer, data in holders:
            group = data.get("concurrency")
            if isinstance(group, dict) and group.get("cancel-in-progress") is True:
                at = pointer._replace(path=(*pointer.path, "concurrency", "cancel-in-progress"))
                yield look.hit(at, f"a newer run stops {deploy.words} half-way", deploy)
                break


def started_by(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys that one of `events` starts, or (with `refs`) that run from a ref which none of the patterns allows."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        for live in look.delivery.live(deploy):
            scenario = live.scenario
            preview = deploy.act is not None and deploy.act.ability.details.get("preview") == scenario.event
            wanted = scenario.event in arguments["events"] and bool(live.traces) and not preview
            if wanted and not _allowed(scenario, arguments.get("refs")) and not _guarded(look, deploy, scenario):
                message = f"{scenario.label} starts {deploy.words}"
                yield look.hit(_trigger(look, scenario), message, deploy, live.traces[0])
                break


def _allowed(scenario: Scenario, refs: Sequence[str] | None) -> bool:
    """Whether a scenario's ref is one of those; without any, no ref is allowed, with `*` any that a filter names."""
    if refs is None:
        return False
    ref = scenario.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    return any(p == "*" and ref != OTHER_BRANCH for p in refs) or any(p != "*" and fnmatchcase(ref, p) for p in refs)


def refused(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys started by what `forbid` names, or by what `allow`, if it names anything, does not.

    An entry is an event, or an event and a pattern for its ref: `push:main`, `workflow_dispatch@v*`.
    """
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        for live in look.delivery.live(deploy):
            allowed = not arguments["allow"] or _named(live.scenario, arguments["allow"])
            if live.traces and (not allowed or _named(live.scenario, arguments["forbid"])):
                message = f"{live.scenario.label} starts {deploy.words}"
                yield look.hit(_trigger(look, live.scenario), message, deploy, live.traces[0])
                break


def _named(scenario: Scenario, entries: Sequence[str]) -> bool:
    ref = scenario.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    for entry in entries:
        event, _, pattern = entry.replace("@", ":", 1).partition(":")
        if event == scenario.event and (not pattern or fnmatchcase(ref, pattern)):
            return True
    return False


def _guarded(look: Look, deploy: Deploy, scenario: Scenario) -> bool:
    """Whether files say that the deploy's environment takes nothing from such a ref."""
    known = protections(look.repository).environments.get(environment_of(deploy.job))
    if known is None:
        return False
    if not scenario.trusted:
        return known.protected_branches or bool(known.refs)
    ref = scenario.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    return (known.protected_branches or bool(known.refs)) and not any(fnmatchcase(ref, p) for p in known.refs)


def _trigger(look: Look, scenario: Scenario) -> Pointer:
    """Where the workflow says what starts it."""
    on = look.delivery.pipeline.data.get("on")
    path = ("on", scenario.event) if isinstance(on, dict) and scenario.event in on else ("on",)
    return Pointer(look.file, path)


def without(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys whose job lacks `key`, such as `timeout-minutes`; a job that calls a workflow cannot have most keys."""
    look = Look.at(item, arguments)
    key = arguments["key"]
    for deploy in look.deploys:
        holders = [deploy.job.data] + ([look.delivery.pipeline.data] if arguments.get("inherited") else [])
        if deploy.sure and not any(key in holder for holder in holders):
            message = f"{deploy.words} runs without {arguments['words']}"
            yield look.hit(deploy.job.pointer, message, deploy, missing=True)


def environment_open(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys whose environment somebody chooses when they start the run."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        name = environment_of(deploy.job)
        if "${{" in name and any(word in name for word in ("inputs.", "github.event.", "github.head_ref")):
            pointer = _key(deploy.job.pointer, "environment", deploy.job.data)
            yield look.hit(pointer, f"whoever starts the run chooses the environment of job {deploy.job.id}", deploy)


def environment_mismatch(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys that run in one environment and go to another, such as `staging` and `-n production`."""
    look = Look.whole(item, arguments)
    for deploy in look.delivery.deploys:
        runs = {t.jobs[deploy.job.id].environment: t for live in look.delivery.live(deploy) for t in live.traces}
        for act in _deploying(deploy):
            found = next(((e, t, *m) for e, t in runs.items() if (m := _elsewhere(act, _class(e)))), None)
            if found is not None:
                environment, trace, key, target = found
                message = f"job {deploy.job.id} can run in environment {environment} and deploy to {key} {target}"
                yield look.hit(act.pointer, message, deploy, trace)
                break


def _elsewhere(act: Act, said: str) -> tuple[str, str] | None:
    """What of a deploy names another kind of environment than the one that is said, if no other part agrees."""
    named = {key: _class(act.ability.details.get(key, "")) for key in _TELLING}
    if not said or said in named.values():
        return None
    return next(((key, act.ability.details[key]) for key, kind in named.items() if kind), None)


def _class(name: str) -> str:
    """What kind of environment a name means; nothing where it means none or several."""
    found = [kind for kind, words in _CLASSES.items() if means(name, words)]
    return found[0] if len(found) == 1 else ""


def _deploying(deploy: Deploy) -> Iterator[Act]:
    for step in flat(deploy.job.steps):
        for ability in step.abilities:
            if ability.capability == "deploy":
                yield Act(deploy.job, step, ability)


def environment_unprotected(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Environments whose declaration in the repository protects nothing; undecided where no file declares them."""
    look = Look.at(item, arguments)
    known = protections(look.repository).environments
    for deploy in look.deploys:
        name = environment_of(deploy.job)
        if not name or "${{" in name:
            continue
        declared = known.get(name)
        if declared is None:
            yield Undecided(look.path(deploy), f"how the environment {name} is protected, which is a setting of GitHub")
            continue
        wanting = []
        if declared.reviewers < arguments["reviewers"]:
            wanting.append(f"{declared.reviewers or 'no'} reviewers where {arguments['reviewers']} must approve")
        if not declared.protected_branches and not declared.refs:
            wanting.append("any branch may deploy")
        others = [r for r in declared.refs if not any(fnmatchcase(r, p) for p in arguments["refs"])]
        if arguments["refs"] and others:
            wanting.append(f"{', '.join(others)} may deploy, too")
        if wanting:
            pointer = _key(deploy.job.pointer, "environment", deploy.job.data)
            message = f"environment {name} is open: {', '.join(wanting)}"
            yield look.hit(pointer, message, deploy, related=((declared.pointer, "declared here"),))


def promotion_skipped(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys that do not wait for the deploys which have to come first (`before`), or do not heed them."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        for stage in arguments["before"]:
            words = STAGING if means(stage, STAGING) else (stage,)
            others = [d for d in look.delivery.deploys if d.job.id != deploy.job.id and _goes(look, d, words)]
            earlier = [d.act for d in others if d.act is not None]
            verdict = gates.verdict(look.delivery, deploy, stage, earlier)
            if verdict.state != VIOLATED or (verdict.cause == MISSING and not arguments["required"]):
                continue
            if verdict.cause in (MISSING, UNAWAITED):
                message = f"{deploy.words} does not wait for a deploy to {stage}"
            else:
                message = f"{deploy.words} runs although the deploy to {stage} failed or was skipped: {verdict.reason}"
            yield look.hit(verdict.pointer, message, verdict)


def _goes(look: Look, deploy: Deploy, words: Sequence[str]) -> bool:
    return any(means(name, words) for name in look.delivery.environments(deploy))


def promotion_unverified(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys to an earlier stage that nothing tests before the next stage follows."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        inside = look.delivery.before(deploy).jobs
        for stage in look.delivery.deploys:
            if stage.act is None or stage.job.id not in inside or stage.job.id == deploy.job.id:
                continue
            if _goes(look, stage, STAGING) and not _verified(look, stage, set(inside) - {deploy.job.id}, arguments):
                message = f"{stage.words} is followed by {deploy.job.id} without a test of what is running"
                yield look.hit(stage.pointer, message, deploy)


def _verified(look: Look, stage: Deploy, jobs: set[str], arguments: Mapping[str, Any]) -> bool:
    """Whether something tests a stage after its deploy, in its job or in one that waits for it."""
    for act in look.delivery.gates(arguments["verify"]):
        if act.job.id == stage.job.id:
            if act.ability.order > stage.act.ability.order or act.step.key != stage.act.step.key:  # type: ignore[union-attr]
                return True
        elif act.job.id in jobs and stage.job.id in look.delivery.awaited(act.job.id):
            return True
    return False


def _key(pointer: Pointer, key: str, data: Mapping[str, object]) -> Pointer:
    return pointer._replace(path=(*pointer.path, key)) if key in data else pointer
