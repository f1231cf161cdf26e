"""Local workflows and actions: whether they are there, and whether calls of workflows end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename, dirname, normpath
from typing import Any

from guardrail.actions.syntax.cycles import cycles
from guardrail.actions.syntax.keys import hint
from guardrail.actions.syntax.shape import short
from guardrail.graph.local import at_hand, in_workflows, is_local
from guardrail.graph.repository import WORKFLOWS, Repository
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.calls import of_workflow
from guardrail.views.items import Item
from guardrail.views.workflows import Job, jobs

__all__ = ["followed", "loops", "missing"]

_LEVELS = 10
"""Workflows in a row, the caller among them (github/docs `reuse-workflows.md`, "Nesting reusable workflows")."""


_MANAGED = (
    "pages build",
    "pages-build",
    "codeql",
    "code quality",
    "dependabot",
    "copilot",
    "dependency graph",
    "graph update",
)
"""How the names of workflows begin that GitHub itself brings."""


def missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Local workflows and actions that are not there, or cannot be called."""
    repository = at_hand(item)
    if repository is None or not in_workflows(item.resource, repository):
        return
    for job in jobs(item.resource):
        uses = job.data.get("uses")
        if isinstance(uses, str) and is_local(uses):
            told = _uncallable(uses, repository)
            if told:
                yield Hit((*job.path, "uses"), f"job {job.id} calls {short(uses)}: {told}")
        elif "uses" not in job.data and not _elsewhere(item.resource):
            yield from _missing_actions(job, repository)


def _elsewhere(resource: Resource) -> bool:
    """Whether a workflow is only ever called: `./` then leads from the repository of the caller."""
    on = resource.data.get("on")
    return on == "workflow_call" or (isinstance(on, list | dict) and list(on) == ["workflow_call"])


def _uncallable(uses: str, repository: Repository) -> str:
    path = uses.removeprefix("$/").removeprefix("./")
    if "@" in path:
        return "a reference within the repository takes no @ref"
    if dirname(path) != WORKFLOWS:
        return f"reusable workflows lie in {WORKFLOWS}, and not below it"
    if basename(path) not in repository.names(WORKFLOWS):
        found = [n for n in repository.names(WORKFLOWS) if n.endswith((".yml", ".yaml"))]
        return f"there is no such file{hint(basename(path), found)}"
    data = repository.document(path)
    if isinstance(data, dict) and of_workflow(data) is None:
        return "it is not started by workflow_call"
    return ""


def _missing_actions(job: Job, repository: Repository) -> Iterator[Hit]:
    listed = job.data.get("steps")
    for at, step in enumerate(listed if isinstance(listed, list) else ()):
        uses = step.get("uses") if isinstance(step, dict) else None
        if not isinstance(uses, str) or not is_local(uses):
            continue
        path = normpath(uses.removeprefix("$/").removeprefix("./"))
        if "@" in path:
            told = "a reference within the repository takes no @ref"
        elif _there(path, repository) or _brought(path, listed[:at], repository):  # type: ignore[index]
            continue
        else:
            told = "there is no action.yml or action.yaml"
        yield Hit((*job.path, "steps", at, "uses"), f"{short(uses)}: {told}")


def _there(path: str, repository: Repository) -> bool:
    found = repository.names(path)
    return any(name in found for name in ("action.yml", "action.yaml", "Dockerfile"))


def _brought(path: str, before: list[object], repository: Repository) -> bool:
    """Whether something else than the checkout of this repository may have put the action there."""
    top = path.partition("/")[0]
    if f"path = {top}" in (repository.text(".gitmodules") or ""):
        return True
    for step in before:
        if isinstance(step, dict):
            given = _mapping(step.get("with"))
            if "path" in given or "repository" in given or top in str(step.get("run", "")) or "uses" not in step:
                return True
    return False


def loops(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Workflows that call one another in a circle, or in more levels than GitHub allows."""
    repository = at_hand(item)
    if repository is None or not in_workflows(item.resource, repository):
        return
    graph = repository.once("calls of workflows", lambda: _graph(repository))
    start = basename(item.resource.document.file)
    for circle in cycles(graph):
        if circle[0] == start:
            told = " calls ".join([*circle, start][:_LEVELS])
            yield Hit(_calling(item, circle[1 % len(circle)]), f"workflows call one another in a circle: {told}")
            return
    way = _longest(graph)[start] if not any(start in called for called in graph.values()) else []
    if len(way) > _LEVELS:
        yield Hit(_calling(item, way[1]), f"workflows call one another in {len(way)} levels; GitHub allows {_LEVELS}")


def _graph(repository: Repository) -> dict[str, list[str]]:
    """The workflows that each workflow calls, by file name."""
    found = {basename(file): data for file, data in repository.workflows().items()}
    calls = {name: _mapping(data.get("jobs")) for name, data in found.items()}
    return {
        name: [c for job in called.values() if (c := _callee(_mapping(job).get("uses"))) in found]
        for name, called in calls.items()
    }


def _callee(uses: object) -> str:
    """The file name of a local reusable workflow, or nothing."""
    return basename(uses) if isinstance(uses, str) and is_local(uses) and dirname(uses)[2:] == WORKFLOWS else ""


def _longest(graph: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The longest way of calls from each workflow, as far as one level more than allowed."""
    ways = {name: [name] for name in graph}
    for _ in range(_LEVELS):
        ways = {
            name: [name, *max((ways[c] for c in called if name not in ways[c]), key=len, default=[])]
            for name, called in graph.items()
        }
    return ways


def _calling(item: Item, name: str) -> Path:
    """The path of the `uses` that calls a workflow."""
    return next((*job.path, "uses") for job in jobs(item.resource) if _callee(job.data.get("uses")) == name)


def followed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`workflow_run` that names a workflow which is not there: no run ever starts for it.

    Names are compared as they are; without `name`, a workflow is called by its path (workflow syntax, "name").
    """
    repository = at_hand(item)
    on = item.resource.data.get("on")
    event = on.get("workflow_run") if isinstance(on, dict) else None
    if repository is None or not isinstance(event, dict) or not in_workflows(item.resource, repository):
        return
    given = event.get("workflows")
    known = repository.once("names of workflows", lambda: _names(repository))
    path = (*item.resource.path, "on", "workflow_run", "workflows")
    for at, word in enumerate(given if isinstance(given, list) else [given]):
        if isinstance(word, str) and word and word not in known and not word.lower().startswith(_MANAGED):
            place = (*path, at) if isinstance(given, list) else path
            yield Hit(place, f"no workflow of the repository is named {short(word)}{hint(word, known)}")


def _names(repository: Repository) -> frozenset[str]:
    found: set[str] = set()
    for file, data in repository.workflows().items():
        name = data.get("name")
        found |= {str(name)} if name else {f"{WORKFLOWS}/{basename(file)}"}
    return frozenset(found)


def _mapping(given: object) -> Mapping[str, object]:
    return given if isinstance(given, dict) else {}
