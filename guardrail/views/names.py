"""The names that a workflow or action declares, for expressions to refer to: lower-cased, as GitHub compares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrail.actions.matrix import legs
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.once import once
from guardrail.views.workflows import jobs, steps

Names = Mapping[str, str]
"""Names as they are written, by their lower-cased form."""


class StepId(NamedTuple):
    """A step with an id: its path, the parallel group it is in, whether it runs in the background."""

    path: Path
    group: Path = ()
    background: bool = False


class Scope(NamedTuple):
    """What the steps of one job, or of an action, can refer to.

    `waited` tells where a background step is first waited for. `outputs` and `services` are None where they are not to
    be known, `needs` where the list of needs is malformed, `matrix` where only a run tells the keys.
    """

    id: str
    steps: Mapping[str, StepId] = {}
    waited: Mapping[str, Path] = {}
    needs: Names | None = None
    outputs: Names | None = None
    matrix: frozenset[str] | None = None
    services: Names | None = None


class Scopes(NamedTuple):
    """Every scope of a file by the job's lower-cased id, empty for an action; and the jobs that steps are in, by id."""

    jobs: Mapping[str, Scope]
    homes: Mapping[str, str]


class _Order(NamedTuple):
    """The named steps of a job, and where each background one is waited for."""

    steps: dict[str, StepId]
    waited: dict[str, Path]


@once
def scopes(resource: Resource) -> Scopes:
    """The scopes of a file."""
    orders: dict[str, _Order] = {}
    homes: dict[str, str] = {}
    for step in steps(resource):
        order = orders.setdefault(step.job.id, _Order({}, {}))
        _wait(step.data, step.path, order)
        given = step.data.get("id")
        if isinstance(given, str) and given:
            group = step.path[:-1] if "parallel" in step.path[-2:] else ()
            behind = step.data.get("background") is True
            order.steps.setdefault(given.lower(), StepId(step.path, group, behind))
            homes.setdefault(given.lower(), step.job.id)
    none = _Order({}, {})
    found = {"": Scope("", *orders.get("", none))} if resource.kind == "Action" else {}
    for job in jobs(resource):
        found[job.id.lower()] = Scope(
            job.id,
            *orders.get(job.id, none),
            _needs(job.data.get("needs")),
            _keys(job.data.get("outputs")) if "uses" not in job.data else None,
            _matrix(job.data.get("strategy")),
            _keys(job.data.get("services")),
        )
    return Scopes(found, homes)


def _wait(step: Mapping[str, object], path: Path, order: _Order) -> None:
    """Take note of what a `wait` or `wait-all` waits for (workflow syntax, `steps[*].background`)."""
    given = step.get("wait")
    words = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    if "wait-all" in step:
        words = list(order.steps)
    for word in words:
        if isinstance(word, str) and word.lower() in order.steps:
            order.waited.setdefault(word.lower(), path)


def _needs(given: object) -> Names | None:
    words = [given] if isinstance(given, str) else given if isinstance(given, list) else [] if given is None else None
    if words is None or any(not isinstance(w, str) or "${{" in w for w in words):
        return None
    return {w.lower(): w for w in words if isinstance(w, str)}


def _keys(given: object) -> Names | None:
    """The keys of a mapping; None for anything else but nothing, and where a key is an expression."""
    if given is None:
        return {}
    if not isinstance(given, dict) or any("${{" in key for key in given):
        return None
    return {key.lower(): key for key in given}


def _matrix(strategy: object) -> frozenset[str] | None:
    """The keys that some leg has. Values may be expressions as long as the keys are written."""
    if strategy is None:
        return frozenset()
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else ""
    if matrix is None:
        return frozenset() if isinstance(strategy, dict) and "matrix" not in strategy else None
    found = legs(strategy)
    if found is not None:
        keys = {key.lower() for leg in found for key in leg}
        return frozenset(keys | {key.lower() for key in _vectors(matrix)})
    if not isinstance(matrix, dict) or any("${{" in key for key in matrix):
        return None
    include = matrix.get("include", [])
    if not isinstance(include, list) or not all(isinstance(entry, dict) for entry in include):
        return None
    return frozenset({key.lower() for key in (*_vectors(matrix), *(k for entry in include for k in entry))})


def _vectors(matrix: object) -> Iterator[str]:
    for key in matrix if isinstance(matrix, dict) else ():
        if key.lower() not in {"include", "exclude"}:
            yield key


class Inputs(NamedTuple):
    """Declared inputs: of `workflow_call` and of `workflow_dispatch`; None where malformed or not to be known.

    `declared` says whether there is anything that gives inputs at all.
    """

    call: Mapping[str, Mapping[str, object]] | None
    dispatch: Mapping[str, Mapping[str, object]] | None
    declared: bool

    @property
    def all(self) -> Mapping[str, Mapping[str, object]] | None:
        """Those of both, or None where one is not known."""
        if self.call is None or self.dispatch is None:
            return None
        return {**self.dispatch, **self.call}


@once
def inputs(resource: Resource) -> Inputs:
    """The inputs of a workflow, or, as if they were those of a call, of an action."""
    if resource.kind == "Action":
        return Inputs(_declared(resource.data.get("inputs")), {}, True)
    on = resource.data.get("on")
    if not isinstance(on, dict):
        events = [on] if isinstance(on, str) else on if isinstance(on, list) else []
        return Inputs({}, {}, any(e in {"workflow_call", "workflow_dispatch"} for e in events if isinstance(e, str)))
    declared = "workflow_call" in on or "workflow_dispatch" in on
    return Inputs(_of(on.get("workflow_call")), _of(on.get("workflow_dispatch")), declared)


def _of(event: object) -> Mapping[str, Mapping[str, object]] | None:
    if event is None:
        return {}
    return _declared(event.get("inputs")) if isinstance(event, dict) else None


def _declared(given: object) -> Mapping[str, Mapping[str, object]] | None:
    if given is None:
        return {}
    if not isinstance(given, dict):
        return None
    return {key.lower(): value if isinstance(value, dict) else {} for key, value in given.items()}
