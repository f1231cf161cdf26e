"""The shape of workflows and actions: types, keys that are missing, misspelt or new, what exclude one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.actions.syntax import shape
from guardrail.actions.syntax.action import ACTION
from guardrail.actions.syntax.keys import home, meant
from guardrail.actions.syntax.shape import Fault
from guardrail.actions.syntax.workflow import WORKFLOW
from guardrail.checks.workflow_jobs import repeated_steps
from guardrail.model.document import Resource
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.naming import subject
from guardrail.views.once import once

__all__ = ["calling_keys", "malformed", "misspelt", "nothing_to_run", "repeated", "unknown"]


class _Judged(NamedTuple):
    """A fault, and the key that was meant where a key is not known."""

    fault: Fault
    meant: str = ""


def malformed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Nodes of the wrong type, required keys that are missing, words GitHub does not know, keys that exclude others."""
    resource = item.resource
    whole = _whole(resource)
    if whole is not None:
        yield whole
        return
    for defect in resource.document.defects:
        if defect.code == "merge-key":
            yield Hit(defect.path, defect.detail, span=defect.span)
    for fault, _ in _judged(resource):
        if fault.code not in {shape.KEY, shape.AGAIN} and not _of_caller(fault, resource):
            yield _hit(fault, resource)
    yield from _queues(resource)


def _queues(resource: Resource) -> Iterator[Hit]:
    """`queue: max` beside `cancel-in-progress: true` (github/docs "Control the concurrency": a validation error)."""
    jobs = resource.data.get("jobs")
    named = [((*resource.path, "jobs", i), job) for i, job in jobs.items()] if isinstance(jobs, dict) else []
    for path, data in [(resource.path, resource.data), *named]:
        given = data.get("concurrency") if isinstance(data, dict) else None
        if isinstance(given, dict) and given.get("queue") == "max" and given.get("cancel-in-progress") is True:
            told = (
                "concurrency queues all runs and cancels them, too; GitHub refuses queue: max with cancel-in-progress"
            )
            yield Hit((*path, "concurrency", "queue"), told)


def repeated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Jobs, variables, inputs and the like that differ by case only, and steps with the same id."""
    for fault, _ in _judged(item.resource):
        if fault.code == shape.AGAIN:
            first = (*item.resource.path, *fault.path[:-1], *fault.known)
            yield _hit(fault, item.resource)._replace(related=((Pointer("", first), "given here first"),))
    yield from repeated_steps(item.resource)


def calling_keys(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Keys that a job cannot have beside `uses`."""
    for fault, _ in _judged(item.resource):
        if _of_caller(fault, item.resource):
            yield _hit(fault, item.resource)


def misspelt(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Keys that are not known where they stand, when it is plain which key was meant, or where the key belongs."""
    for fault, key in _judged(item.resource):
        if fault.code == shape.KEY and key:
            at = f"it belongs to {key}" if key.startswith("a ") else f"did you mean {key}?"
            yield Hit((*item.resource.path, *fault.path), f"{_where(fault, item.resource)}; {at}")


def unknown(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Keys that are not known, and resemble none that is."""
    for fault, key in _judged(item.resource):
        if fault.code == shape.KEY and not key:
            yield Hit((*item.resource.path, *fault.path), _where(fault, item.resource))


def nothing_to_run(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A job without steps, and a step whose script is empty."""
    job, path = item.bindings["job"], item.path
    steps = job.get("steps", []) if isinstance(job, dict) else None
    if not isinstance(job, dict) or "uses" in job or "runs-on" not in job or not isinstance(steps, list):
        return
    if not steps:
        yield Hit((*path, "steps"), f"{subject(path)} has no steps", missing="steps" not in job)
    for index, step in enumerate(steps):
        if isinstance(step, dict) and "run" in step and "uses" not in step and not str(step["run"] or "").strip():
            yield Hit((*path, "steps", index, "run"), f"{subject((*path, 'steps', index))} has an empty run")


def _whole(resource: Resource) -> Hit | None:
    """A file that is no workflow or action at all, or a second document in one."""
    word = "workflow" if resource.kind == "Workflow" else "action"
    if resource.document.index > 0:
        return Hit((), f"a second document; a {word} file holds one, and GitHub refuses the file")
    if not isinstance(resource.document.data, dict):
        return Hit((), f"the file is {shape.described(resource.document.data)}; a {word} is a mapping")
    return None


@once
def _judged(resource: Resource) -> list[_Judged]:
    """Every fault once: what is missing is not told where the key is there, misspelt."""
    if resource.document.index > 0 or not resource.data:
        return []
    root = WORKFLOW if resource.kind == "Workflow" else ACTION
    found = [_Judged(f, _key(f)) for f in shape.faults(resource.data, root)]
    near = {(f.path[:-1], key) for f, key in found if f.code == shape.KEY}
    return [j for j in found if j.fault.code != shape.MISSING or not _misspelt(j.fault.path, near)]


def _misspelt(path: Path, near: set[tuple[Path, str]]) -> bool:
    return any((path[:-1], key) in near for key in str(path[-1]).split(" or "))


def _key(fault: Fault) -> str:
    """The key that was meant, or `a job` where the key belongs."""
    if fault.code != shape.KEY:
        return ""
    key = str(fault.path[-1])
    return meant(key, fault.known) or home(key)


def _of_caller(fault: Fault, resource: Resource) -> bool:
    if fault.code != shape.CLASH or len(fault.path) != 3 or fault.path[0] != "jobs":
        return False
    jobs = resource.data.get("jobs")
    job = jobs.get(str(fault.path[1])) if isinstance(jobs, dict) else None
    return isinstance(job, dict) and "uses" in job


def _where(fault: Fault, resource: Resource) -> str:
    """Words for a key that is not known: `job build: a job has no key run-on`."""
    where = subject(fault.path[:-1], resource.kind)
    return fault.told if len(fault.path) == 1 or fault.told.startswith(where) else f"{where}: {fault.told}"


def _hit(fault: Fault, resource: Resource) -> Hit:
    path = (*resource.path, *fault.path)
    if fault.code == shape.MISSING:
        return Hit(path, f"{subject(fault.path[:-1], resource.kind)} {fault.told}", missing=True)
    return Hit(path, f"{subject(fault.path, resource.kind)} {fault.told}")
