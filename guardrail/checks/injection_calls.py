"""A stranger's text that crosses files: passed to a local action or reusable workflow, run as code there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.actions import expressions
from guardrail.actions.expressions import Embedded
from guardrail.checks.injection import doing, look_at, shown
from guardrail.checks.injection_flow import Leaf, Scope, text_leaves
from guardrail.checks.injection_sinks import DIRECTORY, sinks
from guardrail.checks.injection_sources import Danger
from guardrail.graph.repository import Repository
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views import workflows
from guardrail.views.items import Item
from guardrail.views.workflows import Step

__all__ = ["crossed"]

_MOST_CALLS = 200


class Callee(NamedTuple):
    """A local action or workflow: its file as reports name it, and its data as a resource."""

    file: str
    resource: Resource


def crossed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A stranger's text given to an input that the callee, or what it calls in turn, puts into code."""
    repository = item.bindings["repository"]
    assert isinstance(repository, Repository)
    look = look_at(item.resource)
    for used in workflows.used(item.resource):
        if used.uses.kind == "local":
            scope = Scope(item.resource).at(_step(used))
            for key, value, path in _given(used):
                for embedded in expressions.embedded(value):
                    danger = look.worst(embedded, scope)
                    if danger is not None and danger.level in arguments["levels"]:
                        text = value[embedded.start : embedded.end]
                        yield from _hits(landing(repository, used.uses.text, key), danger, embedded, path, text)


def _hits(found: Pointer | None, danger: Danger, embedded: Embedded, path: Path, text: str) -> Iterator[Hit]:
    if found is not None:
        told = f"{shown(danger, embedded)} becomes part of a script in {found.file}"
        related = (*danger.leaf.via, (found, "it is put into the script here"))
        yield Hit(path, f"{told}: whoever {doing(danger)} runs commands there", related=related, text=text)


def landing(repository: Repository, uses: str, name: str) -> Pointer | None:
    """Where the value of an input is put into code, in the callee or in what it calls in turn; each looked at once."""
    pending, seen = [(uses, name.lower())], {(uses, name.lower())}
    while pending and len(seen) < _MOST_CALLS:
        here, wanted = pending.pop(0)
        callee = called(repository, here)
        if callee is None:
            continue
        found = _put(callee, wanted)
        if found is not None:
            return found
        for further in _passed(callee.resource, wanted):
            if further not in seen:
                seen.add(further)
                pending.append(further)
    return None


def _put(callee: Callee, wanted: str) -> Pointer | None:
    """Where a callee puts an input into code of its own."""
    for step in workflows.steps(callee.resource):
        scope = Scope(callee.resource).at(step)
        for sink in sinks(step):
            for embedded in expressions.embedded(sink.text) if sink.kind != DIRECTORY else ():
                text = sink.text[embedded.start : embedded.end]
                if embedded.node is not None and _takes(text, scope, wanted):
                    return Pointer(callee.file, sink.path, text)
    return None


def _passed(resource: Resource, wanted: str) -> Iterator[tuple[str, str]]:
    """The inputs of local actions and workflows that a callee passes one of its own on to."""
    for used in workflows.used(resource):
        if used.uses.kind == "local":
            scope = Scope(resource).at(_step(used))
            for key, value, _ in _given(used):
                if _takes(value, scope, wanted):
                    yield used.uses.text, key.lower()


def _step(used: workflows.Used) -> Step:
    return Step(used.step, used.path[:-1], used.job) if used.step else Step({}, used.path[:-1], used.job)


def _given(used: workflows.Used) -> Iterator[tuple[str, str, Path]]:
    """What a `uses` passes on that holds an expression: name, text, path."""
    given = (used.step or used.job.data).get("with")
    for key, value in given.items() if isinstance(given, Mapping) else ():
        if isinstance(value, str) and "${{" in value:
            yield str(key), value, (*used.path[:-1], "with", key)


def _takes(text: str, scope: Scope, name: str) -> bool:
    return any(_is_input(leaf, name) for leaf in text_leaves(text, scope))


def _is_input(leaf: Leaf, name: str) -> bool:
    return leaf.steps == ("inputs", name) or (leaf.whole and leaf.steps == ("inputs",))


def called(repository: Repository, uses: str) -> Callee | None:
    """A local action or workflow by its `uses:`, or None."""
    found = repository.call(uses)
    if found is None:
        return None
    file, data = found
    kind = "Action" if "runs" in data and "jobs" not in data else "Workflow"
    document = Document(file, 0, data, OnePlace(), 1, 1, form=kind)
    return Callee(file, Resource(document, dict(data), (), "workflow", kind=kind, name=file))
