"""Elements brought to one type, as a list, set or map of `any` wants them (go-cty, convert/unify.go)."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.hcl.run import text
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue


def unified(values: Sequence[object]) -> list[object]:
    """Values converted to one type: strings where numbers or booleans stand beside strings, else as they are.

    EvaluationError where there is no such type. Null and what is unknown have any.
    """
    kinds = {_kind(v) for v in values} - {""}
    if len(kinds) < 2 and kinds <= {"string", "number", "bool"}:
        return list(values)
    if kinds <= {"string", "number", "bool"}:
        if "string" not in kinds:
            raise EvaluationError("numbers and booleans are not of one type")
        return [text(v) if type(v) in (int, float, bool) else v for v in values]
    if kinds == {"map"}:
        return _maps(values)
    if kinds == {"list"}:
        return _lists(values)
    if kinds == {"entity"}:
        return list(values)
    raise EvaluationError("the elements are not of one type")


def _kind(value: object) -> str:
    if type(value) is UnknownValue and type(value.known) is tuple:
        return "string"  # a text with holes
    return _KINDS.get(type(value), "entity")


_KINDS = {
    type(None): "",
    UnknownValue: "",
    str: "string",
    int: "number",
    float: "number",
    bool: "bool",
    list: "list",
    dict: "map",
}


def _maps(values: Sequence[object]) -> list[object]:
    found = [v for v in values if type(v) is dict]
    keys = list(found[0])
    if all(v.keys() == found[0].keys() for v in found):
        columns = [unified([v[k] for v in found]) for k in keys]
        made = iter([dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)] or [{} for _ in found])
    else:
        flat = iter(unified([e for v in found for e in v.values()]))
        made = iter([{k: next(flat) for k in v} for v in found])
    return [next(made) if type(v) is dict else v for v in values]


def _lists(values: Sequence[object]) -> list[object]:
    found = [v for v in values if type(v) is list]
    if all(len(v) == len(found[0]) for v in found):
        columns = [unified(column) for column in zip(*found, strict=True)]
        made = iter([list(row) for row in zip(*columns, strict=True)] or [[] for _ in found])
    else:
        flat = iter(unified([e for v in found for e in v]))
        made = iter([[next(flat) for _ in v] for v in found])
    return [next(made) if type(v) is list else v for v in values]
