"""Conditions as text: one text for one condition, wherever in a configuration it is evaluated.

Names are replaced by what they stand for: a known value, the input that it is, the attribute of a resource. What else
is not known is called by its name and the place of its module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from guardrail.hcl.run import SCALARS, Run
from guardrail.hcl.syntax import (
    Binary,
    Call,
    Conditional,
    Expression,
    GetAttr,
    Index,
    Literal,
    Name,
    Object,
    Parentheses,
    Template,
    Tuple,
    Unary,
)
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue

MOST_LETTERS = 200
"""Of a condition that is asked for: longer ones tell nobody anything."""

_IMPURE = frozenset({"timestamp", "plantimestamp", "uuid", "bcrypt"})
_SHARED = frozenset({"var", "local", "module", "data", "terraform"})
"""Roots whose names mean one thing in all of a module."""


class _Unspeakable(Exception):
    pass


def spelled(run: Run, node: Expression) -> str:
    """A condition's text, empty where it has none that would be the same for the same condition only."""
    depth, names, doubts = run.depth, run.names, run.doubts
    run.doubts = None  # what fails here has failed or been doubted before
    try:
        found = _spell(run, node)
    except (_Unspeakable, EvaluationError):
        return ""
    finally:
        run.depth, run.names, run.doubts = depth, names, doubts
    return found if len(found) <= MOST_LETTERS else ""


def spelled_operand(run: Run, node: Expression, value: object) -> str:
    """The text of an operand whose value is there already."""
    if type(value) in SCALARS:
        return _literal(value)
    if type(value) is UnknownValue and value.symbol:
        return value.symbol
    return spelled(run, node)


def _spell(run: Run, node: Expression) -> str:
    run.spend()
    write = _WRITERS.get(type(node))
    if write is None:
        raise _Unspeakable
    return write(run, node)


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _path(run: Run, node: Expression) -> str:
    """What a reference stands for; its own text where it may stand for nothing."""
    outer, doubts = run.doubts, list[UnknownValue]()
    run.doubts = doubts
    value = run.value(node)
    run.doubts = outer
    if doubts and type(value) is not UnknownValue:
        return _placed(run, node)
    if type(value) is UnknownValue:
        if value.symbol:
            return value.symbol
        if len(value.refs) == 1 and "*" not in value.refs[0][0]:
            return "".join(value.refs[0])
        return _placed(run, node)
    if type(value) in SCALARS:
        return _literal(value)
    if type(value) in (list, dict) and _all_scalar(value):
        return _literal(value)
    return _placed(run, node)


def _all_scalar(value: Any) -> bool:
    items = value.values() if type(value) is dict else value
    return len(value) <= 16 and all(type(v) in SCALARS for v in items)


def _placed(run: Run, node: Expression) -> str:
    place: str | None = getattr(run.scope, "place", None)
    steps: list[str] = []
    while type(node) is not Name:
        if type(node) is GetAttr:
            steps.append(f".{node.name}")
        elif type(node) is Index:
            steps.append(f"[{_spell(run, node.key)}]")
        else:
            raise _Unspeakable
        node = node.base
    if place is None or node.name not in _SHARED or node.name in run.names:
        raise _Unspeakable
    written = node.name + "".join(reversed(steps))
    return f"{place}.{written}" if place else written


def _template(run: Run, node: Template) -> str:
    parts = []
    for part in node.parts:
        if type(part) is Literal and type(part.value) is str:
            parts.append(_literal(part.value)[1:-1].replace("${", "$${").replace("%{", "%%{"))
        else:
            parts.append(f"${{{_spell(run, part)}}}")
    return f'"{"".join(parts)}"'


def _call(run: Run, node: Call) -> str:
    if node.name in _IMPURE:
        raise _Unspeakable
    arguments = ", ".join(_spell(run, a) for a in node.arguments)
    return f"{node.name}({arguments}{'...' if node.spread else ''})"


def _object(run: Run, node: Object) -> str:
    entries = ", ".join(f"({_spell(run, k)}) = {_spell(run, v)}" for k, v in node.entries)
    return f"{{ {entries} }}" if entries else "{}"


def _conditional(run: Run, node: Conditional) -> str:
    return " ".join((_spell(run, node.condition), "?", _spell(run, node.yes), ":", _spell(run, node.no)))


def _binary(run: Run, node: Binary) -> str:
    return f"{_spell(run, node.left)} {node.operator} {_spell(run, node.right)}"


_WRITERS: Mapping[type, Callable[[Run, Any], str]] = {
    Literal: lambda run, node: _literal(node.value),
    Template: _template,
    Name: _path,
    GetAttr: _path,
    Index: _path,
    Call: _call,
    Unary: lambda run, node: f"{node.operator}{_spell(run, node.operand)}",
    Binary: _binary,
    Conditional: _conditional,
    Tuple: lambda run, node: f"[{', '.join(_spell(run, i) for i in node.items)}]",
    Object: _object,
    Parentheses: lambda run, node: f"({_spell(run, node.inner)})",
}
