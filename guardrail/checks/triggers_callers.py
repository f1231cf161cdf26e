"""How a workflow is started: by events of its own, and by those of the workflows in the repository that call it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrail.actions import triggers
from guardrail.checks.injection_flow import Scope
from guardrail.checks.triggers_checkout import Run, is_head
from guardrail.checks.triggers_stranger import Reach, started_by
from guardrail.graph.repository import Repository
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.place import Pointer
from guardrail.views.workflows import Job

_MOST_CALLERS = 100


class Start(NamedTuple):
    """An event that starts a workflow; `via` are the calls on the way from the workflow it really starts.

    `heads` are the inputs by which the head of a pull request is handed over.
    """

    event: str
    via: tuple[tuple[Pointer, str], ...] = ()
    heads: frozenset[str] = frozenset()


class _Call(NamedTuple):
    file: str
    data: Mapping[str, object]
    job: Job

    @property
    def shown(self) -> tuple[Pointer, str]:
        """Where the call is, with a note."""
        return Pointer(self.file, (*self.job.path, "uses")), "called here"


Chain = tuple[_Call, ...]
"""Calls, the outermost first."""


def starts(resource: Resource, repository: Repository) -> Iterator[Start]:
    """Every way a stranger may start a workflow, its own events first.

    A `workflow_run` counts only if a workflow it follows may be started by a pull request, or none of them is known.
    """
    own = started_by(resource.data)
    for event in own:
        if event != "workflow_run" or _follows_pull_request(own[event], repository):
            yield Start(event)
    if "workflow_call" not in own:
        return
    calls = repository.once("workflow calls", lambda: _calls(repository))
    pending: list[tuple[str, Chain]] = [(resource.document.file, ())]
    seen = {resource.document.file}
    while pending and len(seen) < _MOST_CALLERS:
        file, chain = pending.pop(0)
        for call in calls.get(file, ()):
            here = (call, *chain)
            reach = Reach(call.data)
            for event in started_by(call.data):
                if event != "workflow_call" and reach.job(call.job, event):
                    yield Start(event, tuple(c.shown for c in here), _handed_over(here, event))
            if call.file not in seen:
                seen.add(call.file)
                pending.append((call.file, here))


def _handed_over(chain: Chain, event: str) -> frozenset[str]:
    """The inputs of what is called last that hold the head, all along a chain of calls."""
    heads: frozenset[str] = frozenset()
    for call in chain:
        given = call.job.data.get("with")
        document = Document(call.file, 0, call.data, OnePlace(), 1, 1, form="Workflow")
        resource = Resource(document, dict(call.data), (), "workflow", kind="Workflow")
        run, scope = Run(resource, event, heads), Scope(resource, call.job)
        found = given.items() if isinstance(given, Mapping) else ()
        heads = frozenset(str(k).lower() for k, v in found if isinstance(v, str) and is_head(v, scope, run))
    return heads


def _calls(repository: Repository) -> dict[str, list[_Call]]:
    """Calls of local workflows by the file that is called."""
    found: dict[str, list[_Call]] = {}
    for file, data in repository.workflows().items():
        jobs = data.get("jobs")
        for id_, job in jobs.items() if isinstance(jobs, Mapping) else ():
            uses = job.get("uses") if isinstance(job, dict) else None
            if isinstance(uses, str) and uses.startswith(("./", "$/")):
                target = repository.name(uses.strip().removeprefix("$/"))
                found.setdefault(target, []).append(_Call(file, data, Job(str(id_), job, ("jobs", str(id_)))))
    return found


def _follows_pull_request(config: triggers.Config, repository: Repository) -> bool:
    names = set(triggers.strings(config.get("workflows")))
    known = [d for f, d in repository.workflows().items() if d.get("name", f) in names]
    if not names or len(known) < len(names):
        return True
    return any(event.startswith("pull_request") for data in known for event in triggers.events(data))
