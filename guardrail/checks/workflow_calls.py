"""What local reusable workflows and actions take and give, and what their callers make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.actions.expressions import references
from guardrail.actions.syntax.keys import hint
from guardrail.actions.syntax.shape import described, short
from guardrail.graph.local import at_hand, is_local
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views import names
from guardrail.views.calls import Offer, of_action, of_workflow
from guardrail.views.expressions import available, sites
from guardrail.views.items import Item
from guardrail.views.workflows import Job, jobs, steps

__all__ = ["arguments", "deprecated", "outputs"]

_OF_CONTAINERS = frozenset({"args", "entrypoint"})
"""What any action can be given beside its inputs (workflow syntax, `steps[*].with.args`, `with.entrypoint`)."""


class _Call(NamedTuple):
    """A use of something local: its text and path, the file behind it, what that offers, what it is given."""

    uses: str
    path: Path
    file: str
    data: Mapping[str, object]
    offer: Offer
    given: Mapping[str, object]
    job: Job
    step: str = ""
    caller: Mapping[str, object] | None = None


def _calls(item: Item) -> Iterator[_Call]:
    """Every use of a workflow or action that is at hand."""
    repository = at_hand(item)
    if repository is None:
        return
    for job in jobs(item.resource):
        uses = job.data.get("uses")
        found = repository.call(uses) if isinstance(uses, str) and is_local(uses) else None
        offer = of_workflow(found[1]) if found is not None else None
        if found is not None and offer is not None:
            given = job.data.get("with")
            path = (*job.path, "uses")
            yield _Call(str(uses), path, *found, offer, _mapping(given), job, caller=job.data)
    for step in steps(item.resource):
        uses = step.data.get("uses")
        if isinstance(uses, str) and is_local(uses) and not uses.endswith((".yml", ".yaml")):
            found = repository.call(uses)
            if found is not None and "runs" in found[1]:
                given = _mapping(step.data.get("with"))
                id_ = step.data.get("id")
                known = id_.lower() if isinstance(id_, str) else ""
                yield _Call(uses, (*step.path, "uses"), *found, of_action(found[1]), given, step.job, known)


def _mapping(given: object) -> Mapping[str, object]:
    return given if isinstance(given, dict) else {}


def arguments(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Inputs and secrets that the other side does not declare, or requires and is not given. `of`: workflow, action."""
    for call in _calls(item):
        if (call.caller is not None) == (arguments["of"] == "workflow"):
            yield from _inputs(call)
            if call.caller is not None:
                yield from _secrets(call, call.caller.get("secrets"))


def _inputs(call: _Call) -> Iterator[Hit]:
    if call.offer.inputs is None or isinstance(_with(call), str):
        return
    path = (*call.path[:-1], "with")
    given = {key.lower(): key for key in call.given}
    if any("${{" in key for key in given):
        return
    for low, key in given.items():
        data = call.offer.inputs.get(low)
        if data is None:
            if call.caller is not None or low not in _OF_CONTAINERS:
                near = hint(key, [call.offer.names[name] for name in call.offer.inputs])
                yield Hit((*path, key), f"{_name(call)} has no input {short(key)}{near}", related=_related(call))
        elif call.caller is not None:
            yield from _mistyped(call, key, data, path)
    for low, data in call.offer.inputs.items():
        if low not in given and _required(data) and "default" not in data:
            name = call.offer.names[low]
            told = f"{_name(call)} requires the input {short(name)}, which is not given"
            yield Hit((*path, name), told, missing=True, related=_related(call))


def _with(call: _Call) -> object:
    return call.caller.get("with") if call.caller is not None else None


def _required(data: Mapping[str, object]) -> bool:
    return data.get("required") in {True, "true"}


def _mistyped(call: _Call, key: str, data: Mapping[str, object], path: Path) -> Iterator[Hit]:
    """A value of another type (`ConvertToInputValueDefinedType`: a text is no boolean and no number)."""
    value, kind = call.given[key], data.get("type")
    if isinstance(value, dict | list) or (isinstance(value, str) and "${{" in value):
        return
    fits = {"boolean": isinstance(value, bool), "number": type(value) in (int, float)}.get(str(kind), True)
    if not fits:
        yield Hit((*path, key), f"input {short(key)} of {_name(call)} is a {kind}, not {described(value)}")


def _secrets(call: _Call, given: object) -> Iterator[Hit]:
    declared = call.offer.secrets
    if declared is None or given == "inherit" or not isinstance(given, dict | None):
        return
    words = {key.lower(): key for key in given or {}}
    path = (*call.path[:-1], "secrets")
    if any("${{" in key for key in words):
        return
    for low, key in words.items():
        if low not in declared:
            near = hint(key, [call.offer.names[name] for name in declared])
            yield Hit((*path, key), f"{_name(call)} declares no secret {short(key)}{near}", related=_related(call))
    for low, data in declared.items():
        if low not in words and _required(data):
            told = f"{_name(call)} requires the secret {short(call.offer.names[low])}, which is not passed"
            yield Hit((*path, call.offer.names[low]), told, missing=True, related=_related(call))


def _name(call: _Call) -> str:
    return short(call.uses.removeprefix("./").removeprefix("$/"))


def _related(call: _Call) -> tuple[tuple[Pointer, str], ...]:
    key = ("on", "workflow_call") if call.caller is not None else ("inputs",)
    return ((Pointer(call.file, key), "declared here"),)


def deprecated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Inputs that are given and carry a `deprecationMessage`."""
    for call in _calls(item):
        for key in call.given:
            data = (call.offer.inputs or {}).get(key.lower(), {})
            message = data.get("deprecationMessage")
            if isinstance(message, str) and message.strip():
                told = f"input {short(key)} of {_name(call)} is deprecated: {short(message)}"
                yield Hit((*call.path[:-1], "with", key), told)


def outputs(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Outputs that a called workflow, or a composite action of the repository, does not declare."""
    calls = list(_calls(item))
    called = {call.job.id.lower(): call for call in calls if call.caller is not None}
    used = {(call.job.id.lower(), call.step): call for call in calls if call.step}
    scopes = names.scopes(item.resource)
    for site in sites(item.resource) if calls else ():
        contexts = available(site.key)[0] if site.key else frozenset()
        for found in site.found if contexts & {"needs", "jobs", "steps"} else ():
            for reference in references(found.node) if found.node is not None else ():
                match reference.steps:
                    case ("needs" | "jobs", str(id_), "outputs", str(output)):
                        scope = scopes.jobs.get(site.job.lower())
                        call = called.get(id_) if scope is None or id_ in (scope.needs or {}) else None
                    case ("steps", str(id_), "outputs", str(output)):
                        call = used.get((site.job.lower(), id_))
                    case _:
                        continue
                known = call.offer.outputs if call is not None and not call.offer.open else None
                if call is not None and known is not None and output != "*" and output not in known:
                    shown, times = site.part(found, reference.offset, reference.end)
                    told = f"{_name(call)} has no output {short(output)}{hint(output, known)}"
                    yield Hit(site.path, told, text=shown, occurrence=times)
