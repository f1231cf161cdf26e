"""What expressions refer to by name: steps, jobs, their outputs, inputs, the matrix, services.

GitHub reads a name that is not there as an empty text (github/docs `contexts.md`: "If you attempt to dereference a
nonexistent property, it will evaluate to an empty string"), so such a fault shows only in what a run does not do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from guardrail.actions.expressions import Reference, references
from guardrail.actions.syntax.keys import hint
from guardrail.actions.syntax.shape import short
from guardrail.model.document import Resource
from guardrail.model.report import Hit
from guardrail.views import names
from guardrail.views.expressions import MOST_TOLD, Found, Site, available, sites
from guardrail.views.items import Item
from guardrail.views.names import Scope, Scopes

__all__ = ["inputs", "matrix", "needs", "outputs", "services", "steps"]

_Told = str
_Judge = Callable[[Reference, "_Place"], _Told]


class _Place(NamedTuple):
    """Where a reference stands: its site, the scope around it and all scopes, the declared inputs."""

    resource: Resource
    site: Site
    scope: Scope | None
    scopes: Scopes


def _hits(item: Item, context: str, judge: _Judge) -> Iterator[Hit]:
    """A hit for each reference to a context, where that is available, that `judge` has something to say about."""
    scopes = names.scopes(item.resource)
    for site in sites(item.resource):
        if not site.key or context not in available(site.key)[0]:
            continue
        place = _Place(item.resource, site, scopes.jobs.get(site.job.lower()), scopes)
        yield from islice(_judged(place, context, judge), MOST_TOLD)


def _judged(place: _Place, context: str, judge: _Judge) -> Iterator[Hit]:
    for found, reference in _named(place.site, context):
        told = judge(reference, place)
        if told:
            shown, times = place.site.part(found, reference.offset, reference.end)
            yield Hit(place.site.path, told, text=shown, occurrence=times)


def _named(site: Site, context: str) -> Iterator[tuple[Found, Reference]]:
    for found in site.found:
        if found.node is not None and context in found.text.lower():
            yield from ((found, r) for r in references(found.node) if r.steps[0] == context)


def _step(reference: Reference, at: int) -> str:
    """A step of a reference that is written, or nothing."""
    given = reference.steps[at] if len(reference.steps) > at else None
    return given if given and given != "*" else ""


def steps(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Steps that are in no job, in another, or come later."""
    yield from _hits(item, "steps", _step_told)


def _step_told(reference: Reference, place: _Place) -> _Told:
    id_ = _step(reference, 1)
    if not id_ or place.scope is None:
        return ""
    known = place.scope.steps.get(id_)
    if known is None:
        return _elsewhere(id_, place) or f"no step has the id {short(id_)}{hint(id_, place.scope.steps)}"
    if not place.site.step:
        return ""
    if known.path == place.site.step:
        return f"step {short(id_)} refers to itself; nothing is known of it before it ends"
    if known.group and known.group == place.site.step[:-1]:
        return f"step {short(id_)} runs at the same time, in the same parallel group"
    if known.path > place.site.step:
        return f"step {short(id_)} comes later; nothing is known of it yet"
    waited = place.scope.waited.get(id_)
    if known.background and (waited is None or waited > place.site.step):
        return f"step {short(id_)} runs in the background, and no step before this one waits for it"
    return ""


def _elsewhere(id_: str, place: _Place) -> _Told:
    """Words for a step of another job."""
    home = place.scopes.homes.get(id_, "")
    if not home or place.resource.kind == "Action":
        return ""
    return f"step {short(id_)} is in job {home}; give job {home} an output and read it through needs"


def needs(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`needs.<job_id>` for a job that the job does not need, or that is not there."""
    yield from _hits(item, "needs", _needs_told)
    yield from _hits(item, "jobs", _jobs_told)


def _needs_told(reference: Reference, place: _Place) -> _Told:
    id_ = _step(reference, 1)
    if not id_ or place.scope is None or place.scope.needs is None or id_ in place.scope.needs:
        return ""
    other = place.scopes.jobs.get(id_)
    if other is not None:
        return f"job {place.scope.id} does not need {other.id}, so needs.{other.id} is empty; add it to its needs"
    return f"job {place.scope.id} needs no {short(id_)}{hint(id_, place.scope.needs)}"


def _jobs_told(reference: Reference, place: _Place) -> _Told:
    id_ = _step(reference, 1)
    known = place.scopes.jobs
    return f"there is no job {short(id_)}{hint(id_, known)}" if id_ and id_ not in known else ""


def outputs(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Outputs that a job of the same workflow does not have."""
    yield from _hits(item, "needs", _output_told)
    yield from _hits(item, "jobs", _output_told)


def _output_told(reference: Reference, place: _Place) -> _Told:
    id_, output = _step(reference, 1), _step(reference, 3)
    job = place.scopes.jobs.get(id_)
    if job is None or _step(reference, 2) != "outputs" or not output or job.outputs is None or output in job.outputs:
        return ""
    if reference.steps[0] == "needs" and (place.scope is None or id_ not in (place.scope.needs or {})):
        return ""  # told by the policy about needs
    return f"job {job.id} has no output {short(output)}{hint(output, job.outputs)}"


def inputs(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Inputs that are not declared."""
    yield from _hits(item, "inputs", _input_told)
    if item.resource.kind == "Workflow":
        yield from _hits(item, "github", _event_input_told)


def _input_told(reference: Reference, place: _Place) -> _Told:
    name, declared = _step(reference, 1), names.inputs(place.resource)
    known = declared.all
    if not name or known is None or name in known:
        return ""
    if not declared.declared:
        return f"inputs.{short(name)} is empty: the workflow is started by neither workflow_dispatch nor workflow_call"
    what = "the action" if place.resource.kind == "Action" else "the workflow"
    return f"{what} declares no input {short(name)}{hint(name, known)}"


def _event_input_told(reference: Reference, place: _Place) -> _Told:
    """`github.event.inputs` holds those of workflow_dispatch (github/docs, "Providing inputs")."""
    name, declared = _step(reference, 3), names.inputs(place.resource)
    if reference.steps[1:3] != ("event", "inputs") or not name or declared.dispatch is None:
        return ""
    if name in declared.dispatch or "workflow_call" in _events(place.resource):
        return ""  # a called workflow sees the event of its caller
    return f"workflow_dispatch declares no input {short(name)}{hint(name, declared.dispatch)}"


def _events(resource: Resource) -> list[object]:
    on = resource.data.get("on")
    return list(on) if isinstance(on, list | dict) else [on]


def matrix(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Properties that no leg of the job's matrix has."""
    if item.resource.kind == "Workflow":
        yield from _hits(item, "matrix", _matrix_told)


def _matrix_told(reference: Reference, place: _Place) -> _Told:
    name = _step(reference, 1)
    if not name or place.scope is None or place.scope.matrix is None or name in place.scope.matrix:
        return ""
    if not place.scope.matrix:
        return f"job {place.scope.id} has no matrix, so matrix.{short(name)} is empty"
    return f"the matrix of job {place.scope.id} has no {short(name)}{hint(name, place.scope.matrix)}"


def services(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Service containers that the job does not have."""
    if item.resource.kind == "Workflow":
        yield from _hits(item, "job", _service_told)


def _service_told(reference: Reference, place: _Place) -> _Told:
    name = _step(reference, 2)
    if _step(reference, 1) != "services" or not name or place.scope is None or place.scope.services is None:
        return ""
    known = place.scope.services
    return "" if name in known else f"job {place.scope.id} has no service {short(name)}{hint(name, known)}"
