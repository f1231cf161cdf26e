"""The token of a job: permissions that nobody set, that nothing needs, that are not enough.

One finding tells one fault: what one key grants is told once, with the jobs it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions.triggers import events
from guardrail.checks import permission_needs
from guardrail.checks.permission_grants import READ, WRITE, Grants, of_job, of_workflow
from guardrail.checks.permission_needs import Need, Needs
from guardrail.graph.repository import Repository
from guardrail.model.document import Resource
from guardrail.model.place import Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.workflows import Job, jobs

__all__ = ["insufficient", "missing", "of_calls", "shared", "unused"]

_NAMED = 3


def missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A workflow whose jobs run with the token's default permissions: one hit for the file.

    What is only called by other workflows has the permissions of its caller ("Reusing workflow configurations").
    """
    data = item.resource.data
    if "permissions" in data or set(events(data)) == {"workflow_call"}:
        return
    left = [job for job in jobs(item.resource) if "permissions" not in job.data]
    everyone = len(left) == len(list(jobs(item.resource)))
    if left and everyone:
        yield Hit(("permissions",), "no permissions are set: the token has the repository's default ones", missing=True)
    elif left:
        names = _listed([job.id for job in left])
        yield Hit((*left[0].path, "permissions"), f"{names} set no permissions: the default ones apply", missing=True)


def unused(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Permissions to write that no step of the jobs they are granted to makes use of."""
    for grants, held in _granted(item.resource):
        for permission in grants.written():
            if held and not any(needs.may_use(permission) for _, needs in held):
                who = f"no step of {_listed([job.id for job, _ in held])}"
                yield Hit((*grants.path, permission), f"{permission}: write is granted, and {who} needs it")


def shared(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Permissions to write that the workflow grants to all of its jobs.

    With `certain` only where a job is known to make no use of it, while another one may.
    """
    certain = bool(arguments.get("certain", False))
    for grants, held in _granted(item.resource):
        if not grants.inherited or len(held) < 2:
            continue
        for permission in grants.written():
            idle = [job.id for job, needs in held if not needs.may_use(permission)]
            if certain and (not idle or len(idle) == len(held)):
                continue
            message = f"{permission}: write is granted to every job"
            if idle and len(idle) < len(held):
                message += f", and {_listed(idle)} {'has' if len(idle) == 1 else 'have'} no use for it"
            yield Hit((*grants.path, permission), message)


def insufficient(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Steps that fail because the token may not do what they are for; one hit for a job and permission."""
    data = item.resource.data
    called = "workflow_call" in events(data)
    for job in jobs(item.resource):
        grants = of_job(data, job.data, job.path)
        if not grants.stated and called:
            continue  # the caller's permissions are not known here
        seen: dict[str, list[Need]] = {}
        for need in permission_needs.certain(data, job):
            if all(grants.lacks(permission, need.level) for permission in need.permissions):
                seen.setdefault(f"{' or '.join(need.permissions)}: {need.level}", []).append(need)
        for wanted, found in seen.items():
            yield _insufficient(job, grants, wanted, found)


def _insufficient(job: Job, grants: Grants, wanted: str, found: list[Need]) -> Hit:
    first = found[0]
    path = grants.path or (*job.path, "permissions")
    if isinstance(grants.value, dict):
        path = (*path, first.permissions[0])
    related = tuple((Pointer("", need.path, need.text), f"needs {wanted}") for need in found)
    message = f"job {job.id}: {first.what} needs {wanted}, which the token does not have"
    absent = not isinstance(grants.value, dict) or first.permissions[0] not in grants.value
    return Hit(path, message, missing=absent, related=related)


def of_calls(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Calls of local reusable workflows that ask for more than the caller grants: GitHub refuses to start the run.

    "The nested job 'x' is requesting 'y: write', but is only allowed 'y: none'"; permissions can only be kept or
    reduced on the way down ("Reusing workflow configurations").
    """
    repository = item.bindings.get("repository")
    data = item.resource.data
    if not isinstance(repository, Repository):
        return
    for job in jobs(item.resource):
        uses = job.data.get("uses")
        grants = of_job(data, job.data, job.path)
        if not isinstance(uses, str) or (not grants.stated and "workflow_call" in events(data)):
            continue
        asked = _asked(repository, uses, 0)
        for wanted, level, pointer in _first_of_each(asked):
            if grants.lacks(wanted, level):
                have = grants.level(wanted)
                message = f"job {job.id} calls a workflow that asks for {wanted}: {level}, and grants {wanted}: {have}"
                path = (*(grants.path or (*job.path, "permissions")), wanted)
                yield Hit(path, message, missing=True, related=((pointer, f"asks for {wanted}: {level}"),))


Asked = tuple[str, str, Pointer]


def _asked(repository: Repository, uses: str, depth: int) -> Iterator[Asked]:
    """What a local reusable workflow and those it calls ask for: permission, level and where."""
    found = repository.call(uses) if uses.startswith(("./", "$/")) and depth < 4 else None
    called = found[1].get("jobs") if found else None
    if found is None or not isinstance(called, dict):
        return
    file, data = found
    for name, job in called.items():
        if not isinstance(job, dict):
            continue
        grants = of_job(data, job, ("jobs", name))
        for permission, level in _stated(grants):
            yield permission, level, Pointer(file, (*grants.path, *((permission,) * isinstance(grants.value, dict))))
        if not grants.stated and isinstance(job.get("uses"), str):
            yield from _asked(repository, job["uses"], depth + 1)


def _stated(grants: Grants) -> list[tuple[str, str]]:
    if isinstance(grants.value, dict):
        return [(str(k), str(v)) for k, v in grants.value.items() if v in (READ, WRITE)]
    return [("contents", WRITE), ("id-token", WRITE)] if grants.value == "write-all" else []


def _first_of_each(asked: Iterator[Asked]) -> list[Asked]:
    """The highest level asked for of each permission, at the first place that asks for it."""
    best: dict[str, Asked] = {}
    for one in asked:
        if one[0] not in best or (best[one[0]][1], one[1]) == (READ, WRITE):
            best[one[0]] = one
    return list(best.values())


def _granted(resource: Resource) -> Iterator[tuple[Grants, list[tuple[Job, Needs]]]]:
    """Each `permissions` of a workflow that is a mapping, with the jobs it is for and what these need."""
    data = resource.data
    inheriting: list[tuple[Job, Needs]] = []
    everyone = of_workflow(data, resource.path)
    for job in jobs(resource):
        grants = of_job(data, job.data, job.path)
        if not grants.stated or not (grants.written() or everyone.written()):
            continue
        held = (job, permission_needs.needs(data, job))
        if grants.inherited:
            inheriting.append(held)
        else:
            yield grants, [held]
    if everyone.written():
        yield everyone._replace(inherited=True), inheriting


def _listed(names: list[str]) -> str:
    shown = [name if len(name) <= 40 else name[:39] + "…" for name in names[:_NAMED]]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{'job' if len(names) == 1 else 'jobs'} {', '.join(shown)}{more}"
