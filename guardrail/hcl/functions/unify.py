"""One type for the elements of a collection, by Terraform's documentation "Type conversions" and cty's `Unify`."""

from __future__ import annotations

from collections.abc import Iterable

from guardrail.hcl.functions.limits import depth
from guardrail.hcl.functions.literals import kind, plain, text
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue

_PRIMITIVE = {"string", "number", "bool"}

Elements = list[object]


def unified(elements: Elements, level: int = 0) -> Elements:
    """Elements of one type: strings where there are strings among primitives; lists and maps by what they hold.

    EvaluationError where there is no such type. What is not known has any type.
    """
    depth(level)
    kinds = {kind(e) for e in elements if e is not None and not isinstance(e, UnknownValue)}
    if kinds <= {"string"} or kinds <= {"number"} or kinds <= {"bool"}:
        return elements
    if "string" in kinds and kinds <= _PRIMITIVE:
        return [e if e is None or isinstance(e, UnknownValue) else text(e) for e in elements]
    if len(kinds) > 1:
        raise EvaluationError(f"elements must be of one type, not {' and '.join(sorted(kinds))}")
    elements = [plain(e) for e in elements]
    return _objects(elements, level) if kinds == {"object"} else _lists(elements, level)


def _lists(elements: Elements, level: int) -> Elements:
    lists = [e for e in elements if isinstance(e, list)]
    if len({len(e) for e in lists}) == 1:
        columns = [unified(list(column), level + 1) for column in zip(*lists, strict=True)]
        made = iter([list(row) for row in zip(*columns, strict=True)] if columns else lists)
    else:
        flat = iter(unified([e for each in lists for e in each], level + 1))
        made = iter([[next(flat) for _ in each] for each in lists])
    return _put_back(elements, list, made)


def _objects(elements: Elements, level: int) -> Elements:
    objects = [e for e in elements if isinstance(e, dict)]
    names = objects[0].keys()
    if any(each.keys() != names for each in objects):
        return elements  # maps, or an error that is Terraform's to tell
    columns = [unified([each[name] for each in objects], level + 1) for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] if columns else objects
    return _put_back(elements, dict, iter(rows))


def _put_back(elements: Elements, type_: type, made: Iterable[object]) -> Elements:
    waiting = iter(made)
    return [next(waiting) if isinstance(e, type_) else e for e in elements]
