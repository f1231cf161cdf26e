"""Booleans and the texts `true` and `false`, which GitHub compares as numbers and never finds equal.

Facts: github/docs, "Evaluate expressions in workflows and actions" (Operators: loose equality, a text that is no number
is NaN), "Contexts" (`inputs` keeps booleans, `github.event.inputs` holds texts), "Metadata syntax" (inputs of an action
are texts), "Workflow syntax" (outputs and values of `env` are texts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions import expressions
from guardrail.actions.expressions import Call, Compare, Index, Literal, Logic, Node, Not
from guardrail.actions.expressions.walk import reference
from guardrail.checks import injection_outputs
from guardrail.checks.conditions import CONDITIONS, nodes
from guardrail.checks.injection_flow import Scope, Steps, index, variable
from guardrail.checks.injection_sources import declared_inputs
from guardrail.model.document import Resource
from guardrail.model.report import Hit
from guardrail.views import workflows
from guardrail.views.expressions import Site, sites
from guardrail.views.items import Item
from guardrail.views.once import once
from guardrail.views.workflows import NO_JOB, Step

__all__ = ["compared", "trusted"]

BOOLEAN, TEXT = "boolean", "text"
_BOOLEAN_CALLS = frozenset({"always", "cancelled", "contains", "endswith", "failure", "startswith", "success"})
_FLAGS: Mapping[str, str] = {"dorny/paths-filter": "", "tj-actions/changed-files": "any_ only_"}
"""Actions whose outputs are the texts `true` and `false`, and how their names begin (by their documentation)."""

_DEEPEST = 6


def compared(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A boolean compared with a text, or a text with `true` or `false`."""
    for site in sites(item.resource):
        for found, node in nodes(site) if "=" in site.text else ():
            if not isinstance(node, Compare) or node.operator not in ("==", "!="):
                continue
            told = _told(node, _scope(site, item.resource))
            if told:
                text, times = site.part(found, node.offset, node.end)
                yield Hit(site.path, told, text=text, occurrence=times)


def _told(node: Compare, scope: Scope) -> str:
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if not isinstance(other, Literal):
            continue
        kind = kind_of(one, scope)
        always = "always" if node.operator == "!=" else "never"
        if kind == BOOLEAN and isinstance(other.value, str) and other.value.lower() in ("true", "false"):
            return f"{always} holds: on the left is a boolean, and '{other.value}' is a text; leave the quotes out"
        if kind == TEXT and isinstance(other.value, bool):
            shown = "true" if other.value else "false"
            return f"{always} holds: this is a text, and {shown} a boolean; compare it with '{shown}'"
    return ""


def kind_of(node: Node, scope: Scope) -> str:
    """Whether an expression is a boolean or a text for sure; nothing otherwise."""
    if isinstance(node, (Compare, Not)) or (isinstance(node, Call) and node.name in _BOOLEAN_CALLS):
        return BOOLEAN
    if isinstance(node, Logic):
        kinds = {kind_of(operand, scope) for operand in node.operands}
        return BOOLEAN if kinds == {BOOLEAN} else ""
    found = reference(node) if isinstance(node, Index) else None
    return _kind(found.steps, scope) if found is not None else ""


def _kind(steps: Steps, scope: Scope) -> str:
    if steps[:3] == ("github", "event", "inputs") and len(steps) == 4:
        return TEXT
    if steps[0] == "inputs" and len(steps) == 2:
        return _input(str(steps[1]), scope.resource)
    if len(steps) == 4 and steps[0] in ("steps", "needs") and steps[2] == "outputs":
        return TEXT
    return TEXT if len(steps) == 2 and steps[0] in ("env", "vars", "secrets") else ""


def _input(name: str, resource: Resource) -> str:
    if resource.kind == "Action":
        return TEXT
    types = {i.type for i in declared_inputs(resource) if i.name.lower() == name}
    if types == {"boolean"}:
        return BOOLEAN
    return TEXT if types and types <= {"string", "choice", "environment"} else ""


def trusted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A text that is `true` or `false` where it is asked whether it counts as true: `false` does, too."""
    for site in sites(item.resource):
        if site.path[-1] not in CONDITIONS and not any(sign in site.text for sign in ("&&", "||", "!")):
            continue
        scope = _scope(site, item.resource)
        whole = site.path[-1] in CONDITIONS and not expressions.condition(site.text).fenced
        for found in site.found:
            for node in _asked(found.node, whole) if found.node is not None else ():
                steps = reference(node)
                if steps is not None and is_flag(node, scope, 0):
                    text, times = site.part(found, node.offset, node.end)
                    told = "is a text, and 'false' counts as true like any that is not empty; compare it with 'true'"
                    yield Hit(site.path, told, text=text, occurrence=times)


def _asked(root: Node, whole: bool) -> Iterator[Node]:
    """The parts of an expression of which only the truth counts; `whole` where that is so of the expression."""
    pending = [(root, whole)]
    while pending:
        node, asked = pending.pop(0)
        if isinstance(node, Logic):
            first, last = node.operands[:-1], node.operands[-1]
            pending.extend((operand, asked or node.operator == "&&") for operand in first)
            pending.append((last, asked))
        elif isinstance(node, Not):
            pending.append((node.operand, True))
        elif isinstance(node, Call) and node.name == "case":
            pending.extend((argument, False) for argument in node.arguments)
        elif isinstance(node, Index) and asked:
            yield node


def is_flag(node: Node, scope: Scope, depth: int) -> bool:
    """Whether a context path holds one of the texts `true` and `false`, and may hold the latter."""
    found = reference(node)
    if found is None or depth > _DEEPEST or None in found.steps:
        return False
    steps = found.steps
    if steps[:3] == ("github", "event", "inputs") and len(steps) == 4:
        declared = [i for i in declared_inputs(scope.resource) if i.name.lower() == steps[3]]
        return bool(declared) and all(i.type == "boolean" for i in declared)
    if steps[0] == "inputs" and len(steps) == 2 and scope.resource.kind == "Action":
        return any(
            i.name.lower() == steps[1] and str(i.default).lower() in ("true", "false")
            for i in declared_inputs(scope.resource)
        )
    if steps[0] == "env" and len(steps) == 2:
        given = variable(str(steps[1]), scope)
        return given is not None and _flag_text(given[0], given[1], depth)
    if len(steps) == 4 and steps[2] == "outputs":
        return _flag_output(steps, scope, depth)
    return False


def _flag_output(steps: Steps, scope: Scope, depth: int) -> bool:
    if steps[0] == "needs":
        job = index(scope.resource).jobs.get(str(steps[1]))
        outputs = job.data.get("outputs") if job else None
        for key, value in outputs.items() if job and isinstance(outputs, Mapping) else ():
            if str(key).lower() == steps[3] and job is not None:
                return _flag_text(value, Scope(scope.resource, job), depth)
        return False
    step = index(scope.resource).named.get((scope.job.id, str(steps[1])))
    if step is None or steps[0] != "steps":
        return False
    script, uses = step.data.get("run"), str(step.data.get("uses") or "").lower().partition("@")[0]
    if isinstance(script, str):
        given = {text.strip(" \t\"'`").lower() for _, text in injection_outputs.written(script, str(steps[3]))}
        return "false" in given and given <= {"true", "false"}
    name = str(steps[3])
    if uses not in _FLAGS or name.endswith(("_files", "_count", "_files_count")) or name == "changes":
        return False
    return name.startswith(tuple(_FLAGS[uses].split())) if _FLAGS[uses] else True


def _flag_text(value: object, scope: Scope, depth: int) -> bool:
    """Whether a scalar is `false`, or an expression that is a boolean or such a text in turn."""
    if isinstance(value, bool) or not isinstance(value, str):
        return value is False
    parts = expressions.parts(value)
    if len(parts) == 1 and not isinstance(parts[0], str) and parts[0].node is not None:
        node = parts[0].node
        return kind_of(node, scope) == BOOLEAN or is_flag(node, scope, depth + 1)
    return value.strip().lower() == "false"


@once
def _steps(resource: Resource) -> Mapping[tuple[object, ...], Step]:
    return {step.path: step for step in workflows.steps(resource)}


def _scope(site: Site, resource: Resource) -> Scope:
    """The scope that an expression of a site is evaluated in."""
    step = _steps(resource).get(site.step)
    if step is not None:
        return Scope(resource).at(step)._replace(level=1 if "env" in site.path[len(site.step) :] else 0)
    return Scope(resource, index(resource).jobs.get(site.job.lower(), NO_JOB))
