"""Concurrency groups that stop what they should not: the run they belong to, or the runs of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.actions import matrix
from guardrail.actions.triggers import events
from guardrail.checks.token_uses import in_text
from guardrail.graph.repository import Repository
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.workflows import Job, jobs

__all__ = ["deadlocks", "missing", "others"]

_SAME_FOR_ALL = frozenset(
    {
        ("github", "action"),
        ("github", "actor"),
        ("github", "base_ref"),
        ("github", "event_name"),
        ("github", "job"),
        ("github", "repository"),
        ("github", "repository_id"),
        ("github", "repository_owner"),
        ("github", "workflow"),
    }
)
"""What does not tell one pull request from another; an actor may have several open."""

_HEAD, _REFS = (
    frozenset({("github", "head_ref")}),
    frozenset(
        {
            ("github", "ref"),
            ("github", "ref_name"),
            ("github", "sha"),
            ("github", "ref_protected"),
            ("github", "ref_type"),
        }
    ),
)
_BLIND: Mapping[str, frozenset[tuple[str, str]]] = {
    "pull_request": frozenset(),
    "pull_request_target": _REFS,
    "issue_comment": _REFS | _HEAD,
    "issues": _REFS | _HEAD,
    "workflow_run": _REFS | _HEAD,
}
"""Further references that are the same for all runs of an event: those that come from outside are started on the base
or default branch ("Events that trigger workflows", GITHUB_REF of each)."""

_CALLED = {
    "pull_request": "pull requests",
    "pull_request_target": "pull requests",
    "issue_comment": "issues",
    "issues": "issues",
    "workflow_run": "runs",
}


class Group(NamedTuple):
    """A `concurrency` with the path of its group's text. `cancels`: what `cancel-in-progress` says, None if unknown."""

    text: str
    path: Path
    cancels: bool | None
    queues: bool

    @property
    def key(self) -> str:
        """The text as groups are compared: in any case."""
        return "".join(self.text.split()).lower()


def group(holder: Mapping[str, Any], path: Path) -> Group | None:
    """The `concurrency` of a workflow or job."""
    given = holder.get("concurrency")
    path = (*path, "concurrency")
    if isinstance(given, str):
        return Group(given, path, False, False)
    if not isinstance(given, dict) or not isinstance(given.get("group"), str):
        return None
    said = given.get("cancel-in-progress", False)
    cancels = said if isinstance(said, bool) else None if "${{" in str(said) else str(said).lower() == "true"
    return Group(given["group"], (*path, "group"), cancels, given.get("queue") == "max")


def deadlocks(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A job in the group of its own workflow, or a called workflow in the group of its caller: GitHub cancels it.

    "Canceling since a deadlock for concurrency group 'x' was detected between 'top level workflow' and 'job'"
    (actions/languageservices#237, github/vscode-github-actions#135). A called workflow's `github` context is that of
    its caller ("Reusing workflow configurations"), so that the same text is the same group there.
    """
    data = item.resource.data
    outer = group(data, ())
    repository = item.bindings.get("repository")
    for job in jobs(item.resource):
        own = group(job.data, job.path)
        if outer and own and outer.key == own.key:
            related = ((Pointer("", outer.path), "the group of the whole workflow"),)
            yield Hit(own.path, f"job {job.id} waits for the group that its own run holds", related=related)
        holders = [held for held in (outer, own) if held and _is_the_callers(held)]
        if holders and isinstance(repository, Repository):
            yield from _called(repository, job, holders)


def _called(repository: Repository, job: Job, holders: list[Group]) -> Iterator[Hit]:
    uses = job.data.get("uses")
    found = repository.call(uses) if isinstance(uses, str) and uses.startswith(("./", "$/")) else None
    inner = group(found[1], ()) if found else None
    for holder in holders:
        if found and inner and inner.key == holder.key:
            related = ((Pointer(found[0], inner.path), "the called workflow waits for the same group"),)
            message = f"job {job.id} calls a workflow that waits for the group this run holds, and is cancelled"
            yield Hit((*job.path, "uses"), message, related=related)
            return


def _is_the_callers(held: Group) -> bool:
    """Whether a group's text means the same in a called workflow: nothing of it is the workflow's own."""
    return all(r.steps[0] in ("github", "vars") for w in in_text(held.text, ()) for r in w.references)


def others(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Groups whose runs cancel those of other pull requests, branches, or legs of a matrix."""
    data = item.resource.data
    known = events(data)
    outer = group(data, ())
    if outer:
        yield from _between_runs(outer, known)
    for job in jobs(item.resource):
        own = group(job.data, job.path)
        if own is None:
            continue
        if legs := _cancelling_legs(job, own):
            message = f"all {legs} legs of job {job.id} are in one group, and cancel one another"
            yield Hit(own.path, message)
        else:
            yield from _between_runs(own, known)


def _between_runs(held: Group, known: Mapping[str, object]) -> Iterator[Hit]:
    """At most one hit for a group: the first event whose runs share it though they have nothing to do with another."""
    mentioned = {r.steps for w in in_text(held.text, ()) for r in w.references}
    if held.cancels is not True or any(r[0] not in ("github", "vars") for r in mentioned):
        return
    telling = {r for r in mentioned if r[0] == "github" and r[:2] not in _SAME_FOR_ALL and r[:3] != _REPOSITORY}
    for event in known:
        if event in _BLIND and not telling - _BLIND[event]:
            yield Hit(held.path, f"{event} runs of different {_CALLED[event]} share this group and cancel one another")
            return
    if telling == _HEAD and _is_for_branches(known.get("push", "")):
        yield Hit(held.path, "github.head_ref is empty on push: runs of different branches share this group")


_REPOSITORY = ("github", "event", "repository")


def _is_for_branches(push: object) -> bool:
    """Whether pushes to more than one branch start a run; `push` is its configuration, or a text where it has none."""
    if push == "":
        return False
    branches = push.get("branches") if isinstance(push, dict) else None
    if isinstance(push, dict) and "tags" in push and branches is None:
        return False
    return branches is None or (isinstance(branches, list) and (len(branches) > 1 or "*" in str(branches[:1])))


def _cancelling_legs(job: Job, own: Group) -> int:
    """How many legs cancel one another; 0 where they have groups of their own, wait in a queue, or are unknown.

    One may run and one wait: of three, one is cancelled; with `cancel-in-progress` of two already.
    """
    strategy = job.data.get("strategy")
    if own.queues or not isinstance(strategy, dict) or str(strategy.get("max-parallel")) == "1":
        return 0
    if any(r.steps[0] in ("matrix", "strategy", "needs") for w in in_text(own.text, ()) for r in w.references):
        return 0
    legs = matrix.legs(strategy)
    count = len(legs) if legs else 0
    return count if count > 2 or (count == 2 and own.cancels is True) else 0


def missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Workflows for pull requests or pushes without any group: old runs go on when new ones have begun."""
    data = item.resource.data
    if {"pull_request", "push", "pull_request_target"}.isdisjoint(events(data)) or "concurrency" in data:
        return
    if not any("concurrency" in job.data for job in jobs(item.resource)) and data.get("jobs"):
        yield Hit(("concurrency",), "no concurrency is set: runs that a newer one has overtaken go on", missing=True)
