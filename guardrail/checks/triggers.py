"""What starts a workflow, and what a stranger gets done by it.

Facts: github/docs, "Events that trigger workflows", "Securely using pull_request_target", "Secure use reference".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.actions import triggers
from guardrail.checks.injection_flow import index
from guardrail.checks.triggers_callers import Start, starts
from guardrail.checks.triggers_checkout import Checkout, Run, checkouts, refuses
from guardrail.checks.triggers_execution import Execution, executions
from guardrail.checks.triggers_gates import asks_permission, environment, powers, rights_asked
from guardrail.checks.triggers_stranger import Reach, ancestors
from guardrail.graph.repository import Repository
from guardrail.model.document import Resource
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views import workflows
from guardrail.views.items import Item
from guardrail.views.workflows import Job, Step

__all__ = ["checked_out", "commanded", "executed", "outlived", "self_hosted", "used"]

_MOST_CHECKOUTS = 20
_REMOVES = regex(r"(?i)remove[-_]?labels?|delete[^\n]{0,80}/labels/")
"""How workflows take a label away again."""

HEADS = ("pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment")
"""Events with the repository's rights on which somebody without any may ask for a pull request's code."""


class Visit(NamedTuple):
    """An untrusted checkout that a stranger gets to, the event that starts it, and what runs what it brings.

    `refused` says whether actions/checkout itself refuses it, None where its version is not known. `approval` is where
    an environment is named that somebody may have to approve.
    """

    checkout: Checkout
    start: Start
    execution: Execution | None
    refused: bool | None
    approval: Path | None = None


def executed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Checkouts of a stranger's code, with the repository's rights, that a later step runs."""
    for visit in _visits(item):
        checkout, found = visit.checkout, visit.execution
        if found is None or visit.refused:
            continue
        if visit.approval is not None:
            yield Undecided(visit.approval, "whether somebody must approve what runs in this environment")
        elif visit.refused is None:
            yield Undecided(checkout.path, "the version of actions/checkout behind its commit")
        else:
            told = f"a stranger's code is checked out on {visit.start.event} and run by {found.words}"
            related = ((Pointer("", found.path, found.text), "runs what was checked out"), *visit.start.via)
            yield Hit(checkout.path, told, related=related, text=checkout.text)


def checked_out(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Such checkouts where nothing is known to run what they bring."""
    for visit in _visits(item):
        if visit.execution is None and visit.refused is False and visit.approval is None:
            told = f"a stranger's code is checked out on {visit.start.event}, beside this run's token and secrets"
            yield Hit(visit.checkout.path, told, related=visit.start.via, text=visit.checkout.text)


def outlived(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Such checkouts that a label lets through, which stays when something else is pushed."""
    labelled = _visits(item, labelled=True)
    if not labelled or _REMOVES.search(str(item.resource.data)):
        return
    told = {visit.checkout.path for visit in _visits(item)}
    for visit in labelled:
        known = visit.refused is False and visit.approval is None and visit.checkout.path not in told
        if known and visit.execution is not None and visit.start.event == "pull_request_target":
            message = f"the label outlives what was looked at: {visit.execution.words} runs whatever is pushed next"
            related = ((Pointer("", visit.execution.path, visit.execution.text), "runs what was checked out"),)
            yield Hit(visit.checkout.path, message, related=related, text=visit.checkout.text)


def _visits(item: Item, labelled: bool = False) -> tuple[Visit, ...]:
    """Every untrusted checkout that a stranger gets to; each for the first event on which that is so."""
    repository = item.bindings["repository"]
    assert isinstance(repository, Repository)
    key = ("untrusted checkouts", item.resource.document.file, labelled)
    return repository.once(key, lambda: tuple(_found(item, repository, labelled)))


def _found(item: Item, repository: Repository, labelled: bool) -> Iterator[Visit]:
    resource = item.resource
    begun = [start for start in starts(resource, repository) if start.event in HEADS]
    reach = Reach(resource.data, labelled=labelled)
    for job in workflows.jobs(resource) if begun else ():
        if not rights_asked(resource, job):
            approval = environment(resource, job)
            yield from (visit._replace(approval=approval) for visit in _of_job(item, job, begun, reach))


def _of_job(item: Item, job: Job, begun: list[Start], reach: Reach) -> Iterator[Visit]:
    steps = index(item.resource).steps.get(job.id, ())
    made = 0
    for position, step in enumerate(steps):
        if asks_permission(step) or made >= _MOST_CHECKOUTS:
            return
        found: dict[Path, Visit] = {}
        for start in begun:
            for checkout in checkouts(step, Run(item.resource, start.event, start.heads)):
                known = found.get(checkout.path)
                if checkout.untrusted and (known is None or known.refused is not False):
                    visit = _visit(item, checkout, start, steps[position:], reach)
                    found.update({checkout.path: visit} if visit else {})
        made += len(found)
        yield from found.values()


def _visit(item: Item, checkout: Checkout, start: Start, steps: Sequence[Step], reach: Reach) -> Visit | None:
    if not reach.step(checkout.step, start.event):
        return None
    behind = [s for s in steps if reach.step(s, start.event)]
    refused = refuses(checkout, start.event, _version(checkout, item))
    return Visit(checkout, start, _execution(checkout, behind, item.resource), refused)


def _execution(checkout: Checkout, steps: list[Step], resource: Resource) -> Execution | None:
    """The first step that runs what was checked out, before something else is checked out in its place."""
    for step in steps:
        same = step.path == checkout.step.path
        if not same and any(not c.untrusted and c.folder == checkout.folder for c in checkouts(step, Run(resource))):
            return None
        for found in executions(step, checkout.folder):
            script = step.data.get("run")
            if not same or (isinstance(script, str) and script.find(found.text) >= script.find(checkout.text)):
                return found
    return None


def _version(checkout: Checkout, item: Item) -> str:
    """What the comment behind a pinned commit says of its version."""
    commit, repository = checkout.uses.rpartition("@")[2], item.bindings["repository"]
    if len(commit) != 40 or not isinstance(repository, Repository):
        return ""
    text = repository.tree.text(item.resource.document.file) or ""
    match = regex(rf"{commit}[\"']?[ \t]*#[^\n]*?\bv?(\d+(?:\.\d+)*)\b").search(text)
    return match[1] if match else ""


def used(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Triggers named in `events`, unless a checkout tells already what a stranger gets by them."""
    on = item.resource.data.get("on")
    told = {v.start.event for v in _visits(item) if v.refused is False and v.approval is None}
    for event in triggers.events(item.resource.data):
        if event in arguments["events"] and event not in told:
            message = f"{event} runs with the repository's secrets and a token that may write, whoever causes it"
            yield Hit(("on", event), message) if isinstance(on, Mapping) else Hit(("on",), message, text=event)


def commanded(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Jobs that a comment starts by its text, whoever wrote it, and that have secrets or may write."""
    told = {visit.checkout.step.job.id for visit in _visits(item) if visit.refused is False and visit.execution}
    events = [e for e in triggers.events(item.resource.data) if e in ("issue_comment", "discussion_comment")]
    reach = Reach(item.resource.data)
    for job in workflows.jobs(item.resource):
        event = next((e for e in events if reach.job(job, e)), "")
        if not event or job.id in told or rights_asked(item.resource, job) or environment(item.resource, job):
            continue
        steps = [s for s in index(item.resource).steps.get(job.id, ()) if reach.step(s, event)]
        command = next(_commands(job, steps, item.resource, event), None)
        power = powers(job, steps, item.resource) if not any(map(asks_permission, steps)) else ""
        if command is not None and power:
            yield Hit(command, f"whoever may comment starts this by a word, and it has {power}")


def _commands(job: Job, steps: list[Step], resource: Resource, event: str) -> Iterator[Path]:
    """Conditions of a job, of its steps and of the jobs before it that look at the text of the comment."""
    places = [(job.data, job.path), *((s.data, s.path) for s in steps)]
    reach = Reach(resource.data)
    places += [(j.data, j.path) for j in ancestors(resource.data, job) if reach.job(j, event)]
    for data, path in places:
        if "github.event.comment.body" in str(data.get("if") or "").lower():
            yield (*path, "if")


def self_hosted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Jobs of pull requests on runners labelled self-hosted."""
    events = [e for e in triggers.events(item.resource.data) if e.startswith("pull_request") or e == "issue_comment"]
    reach = Reach(item.resource.data)
    for job in workflows.jobs(item.resource):
        runs_on = job.data.get("runs-on")
        labels = runs_on.get("labels") if isinstance(runs_on, Mapping) else runs_on
        if "self-hosted" not in [label.lower() for label in triggers.strings(labels)]:
            continue
        event = next((e for e in events if reach.job(job, e)), "")
        if event:
            yield Hit((*job.path, "runs-on"), f"{event} runs on a machine of yours, and a stranger decides what")
