"""Deploys in company: after another workflow, beside pull requests on a runner, with keys of another stage, by GitOps.

WORKFLOWS 4.6, GP13, GP20, GP23 and GP25 to GP27.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import IGNORECASE
from re import compile as regex
from typing import Any

from guardrail.actions.model import FAILURE, Job
from guardrail.checks.delivery import Look
from guardrail.graph.deliveries import others
from guardrail.graph.delivery import Delivery
from guardrail.graph.deploys import STAGING, Deploy, environment_of, flat, means, shortened
from guardrail.graph.protection import protections
from guardrail.graph.repository import Repository
from guardrail.model.place import Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = [
    "fork_may_start",
    "not_understood",
    "results_lost",
    "shared_credentials",
    "shared_runner",
    "synced_ungated",
    "upstream_ignored",
    "wrong_commit",
]

_SECRET = regex(r"secrets\.([A-Za-z_][A-Za-z0-9_]*)")
_POWERFUL = regex(r"key|token|password|credential|kubeconfig|secret|sa_json|service_account", IGNORECASE)
_SCANS = ("container-scan", "sast", "iac-scan", "dependency-audit", "secret-scan")
_GUARDS = regex(r"workflow_run\.(head_branch|event|head_repository)|head_repository", IGNORECASE)
_NAMED = regex(r"deploy|rollout|release to|promote", IGNORECASE)


def upstream_ignored(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys that follow another workflow whatever its conclusion (events, `workflow_run`)."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        for live in look.delivery.live(deploy):
            if live.scenario.event == "workflow_run" and live.scenario.conclusion == FAILURE and live.traces:
                message = f"{deploy.words} runs although {live.scenario.upstream} failed"
                yield look.hit(Pointer(look.file, ("on", "workflow_run")), message, deploy, live.traces[0])
                break


def wrong_commit(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys after another workflow that check out the default branch and not the commit that workflow ran on."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        lives = look.delivery.live(deploy)
        if not any(live.scenario.event == "workflow_run" for live in lives):
            continue
        for step in flat(deploy.job.steps):
            uses = str(step.data.get("uses", ""))
            given = step.data.get("with")
            ref = str(given.get("ref", "")) if isinstance(given, dict) else ""
            if uses.startswith("actions/checkout@") and "head_sha" not in ref and "head_commit" not in ref:
                message = "checks out the newest commit of the default branch, not the one that was tested"
                yield look.hit(step.pointer._replace(path=(*step.pointer.path, "uses")), message, deploy)
                break


def fork_may_start(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys after another workflow that a run for a fork's pull request starts, too."""
    look = Look.at(item, arguments)
    trigger = look.delivery.pipeline.triggers.get("workflow_run")
    filtered = isinstance(trigger, dict) and "branches" in trigger
    for deploy in look.deploys:
        conditions = [look.delivery.pipeline.jobs[i].data.get("if", "") for i in look.delivery.awaited(deploy.job.id)]
        guarded = any(_GUARDS.search(str(c)) for c in conditions)
        untrusted = next(
            (v for v in look.delivery.live(deploy) if v.scenario.event == "workflow_run" and not v.scenario.trusted),
            None,
        )
        if trigger is not None and untrusted is not None and not guarded:
            how = "a fork's branch of that name counts, too" if filtered else "no branch is asked for"
            message = f"a pull request from a fork can start {deploy.words}: {how}"
            yield look.hit(Pointer(look.file, ("on", "workflow_run")), message, deploy)


def results_lost(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Scans that write SARIF which no later step uploads."""
    look = Look.whole(item, arguments)
    uploads = look.delivery.gates(("sarif-upload",))
    for act in look.delivery.gates(_SCANS):
        said = f"{act.step.data.get('run', '')}{act.step.data.get('with', '')}"
        if "sarif" not in said.lower() or any(a.step.key == act.step.key for a in uploads):
            continue
        kept = any(a.job.id == act.job.id or act.job.id in look.delivery.awaited(a.job.id) for a in uploads)
        if not kept and not any(s.opaque for s in flat(act.job.steps) if s.key != act.step.key):
            message = f"`{shortened(act.ability.evidence)}` writes SARIF that nothing uploads"
            yield look.hit(act.pointer, message, Deploy(act.job, act, ()))


def shared_credentials(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys to production with a secret that the deploy to staging uses, where no environment tells them apart."""
    look = Look.at(item, arguments)
    staging = [d for d in look.delivery.deploys if any(means(e, STAGING) for e in look.delivery.environments(d))]
    for deploy in look.deploys:
        for other in staging:
            apart = environment_of(deploy.job) and environment_of(other.job)
            if other.job.id == deploy.job.id or apart:
                continue
            shared = sorted(_secrets(deploy.job) & _secrets(other.job))
            if shared:
                message = f"job {deploy.job.id} deploys with secrets.{shared[0]}, which {other.job.id} has, too"
                related = ((other.job.pointer, "the other job"),)
                yield look.hit(deploy.job.pointer, message, deploy, related=related)
                break


def _secrets(job: Job) -> set[str]:
    found = _SECRET.findall(str(job.data))
    return {name for name in found if _POWERFUL.search(name) and name.upper() != "GITHUB_TOKEN"}


def shared_runner(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Deploys on a self-hosted runner on which pull requests run, too."""
    look = Look.at(item, arguments)
    for deploy in look.deploys:
        labels = _labels(deploy.job)
        if "self-hosted" not in labels:
            continue
        for other in (look.delivery, *others(look.repository, look.file)):
            job = _run_by_pull_requests(other, labels, deploy)
            if job is not None:
                pointer = deploy.job.pointer
                message = f"job {deploy.job.id} deploys from a runner that runs pull requests, too ({job.id})"
                related = ((job.pointer, "runs for pull requests"),)
                at = pointer._replace(path=(*pointer.path, "runs-on"))
                yield look.hit(at, message, deploy, related=related)
                break


def _labels(job: Job) -> frozenset[str]:
    given = job.data.get("runs-on")
    if isinstance(given, dict):
        given = given.get("labels")
    return frozenset(str(v) for v in (given if isinstance(given, list) else [given]) if v)


def _run_by_pull_requests(of: Delivery, labels: frozenset[str], deploy: Deploy) -> Job | None:
    if not {"pull_request", "pull_request_target"} & set(of.pipeline.triggers):
        return None
    found = (j for j in of.pipeline.jobs.values() if "self-hosted" in _labels(j) and _labels(j) <= labels)
    return next((j for j in found if (j.pointer.file, j.id) != (deploy.job.pointer.file, deploy.job.id)), None)


def not_understood(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Jobs and steps that call themselves deploys and that nobody can look into."""
    look = Look.whole(item, arguments)
    sure = {deploy.job.id for deploy in look.delivery.deploys if deploy.sure}
    for job in look.delivery.pipeline.jobs.values():
        if job.id in sure or job.pointer.file != look.file:
            continue
        if job.opaque and _NAMED.search(f"{job.id} {job.name}"):
            yield Hit(job.pointer.path, f"what job {job.id} deploys, and how, is not known: {job.opaque}")
        for step in flat(job.steps):
            if step.opaque and _NAMED.search(f"{job.id} {step.name}") and step.pointer.file == look.file:
                yield Hit(step.pointer.path, f"what job {job.id} deploys, and how, is not known: {step.opaque}")
                break


def synced_ungated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Argo CD applications that take every commit of a branch which no file of the repository protects."""
    repository = item.bindings["repository"]
    assert isinstance(repository, Repository)
    spec = item.resource.data.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    policy = spec.get("syncPolicy")
    if not isinstance(policy, dict) or not isinstance(policy.get("automated"), dict):
        return
    for at, source in _sources(spec):
        revision = str(source.get("targetRevision", "HEAD"))
        branch = "main" if revision == "HEAD" else revision
        if revision in ("HEAD", "main", "master") or revision in arguments["branches"]:
            said = protections(repository)
            path = (*item.path, "spec", "syncPolicy", "automated")
            if any(c.covers(branch, c.name) for c in said.checks):
                wanted, found = arguments["reviews"], [r for r in said.reviews if r.covers(branch)]
                most = max((r.people for r in found), default=0)
                if most < wanted:
                    told = f"{branch} moves with {most or 'no'} approving reviews where {wanted} are asked for"
                    related = tuple((r.pointer, "declared here") for r in found[:3])
                    yield Hit(path if at is None else (*item.path, *at), told, related=related)
                return
            reason = f"which checks GitHub requires before {branch} moves"
            yield Undecided(path, reason) if at is None else Undecided((*item.path, *at), reason)
            return


def _sources(spec: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...] | None, Mapping[str, Any]]]:
    single = spec.get("source")
    if isinstance(single, dict):
        yield ("spec", "source", "targetRevision"), single
    several = spec.get("sources")
    for index, source in enumerate(several if isinstance(several, list) else ()):
        if isinstance(source, dict):
            yield ("spec", "sources", index, "targetRevision"), source
