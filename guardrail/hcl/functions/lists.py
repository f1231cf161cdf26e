"""Functions of lists, by Terraform's documentation, "Collection Functions".

Elements may be unknown; one that is `many` stands for any number of elements, so that neither the length nor the place
of what follows it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from guardrail.hcl.functions import order
from guardrail.hcl.functions.clusters import clusters
from guardrail.hcl.functions.equality import equal, some, undecided
from guardrail.hcl.functions.limits import Open, depth, limit
from guardrail.hcl.functions.literals import flag, kind, number, plain, text
from guardrail.hcl.functions.signature import (
    Decide,
    Signature,
    anything,
    certain,
    items,
    present,
    settle,
    whole,
)
from guardrail.hcl.functions.signature import number as numeric
from guardrail.hcl.functions.unify import unified
from guardrail.hcl.values import EvaluationError, combine, unknowns
from guardrail.model.value import Question, UnknownValue

Elements = list[object]

MOST_RANGE = 1024
"""Numbers that Terraform's `range` makes at most; more is an error there, too."""

MOST_QUESTIONS = 16


def many(elements: Elements) -> list[UnknownValue]:
    """The elements that stand for any number of them."""
    return [e for e in elements if isinstance(e, UnknownValue) and e.many]


def counted(elements: Elements) -> Elements:
    """Elements of which it is known how many there are; open otherwise."""
    if found := many(elements):
        raise Open(combine(found))
    return elements


def alltrue(elements: Elements) -> object:
    """Whether all are true: false as soon as one is not, whatever the others are. Null counts as false."""
    return _all(elements, wanted=True)


def anytrue(elements: Elements) -> object:
    """Whether one is true: true as soon as one is, whatever the others are."""
    return _all(elements, wanted=False)


def _all(elements: Elements, wanted: bool) -> object:
    opened = [e for e in elements if isinstance(e, UnknownValue)]
    rest = [e for e in elements if not isinstance(e, UnknownValue)]
    if any((e is not None and flag(e)) is not wanted for e in rest):
        return not wanted
    return combine(opened) if opened else wanted


def chunklist(elements: Elements, size: int) -> Elements:
    """Lists of at most `size` elements; all in one where it is 0."""
    elements = unified(counted(elements))
    if size < 0:
        raise EvaluationError("the size must not be negative")
    if not elements:
        return []
    step = size or len(elements)
    return [elements[i : i + step] for i in range(0, len(elements), step)]


def coalesce(*values: object) -> object:
    """The first value that is neither null nor an empty string. An unknown before it leaves the result open, unless a
    provider decides it and it is not null, or text is known in it."""
    rest = list(values)
    while rest:
        value = rest.pop(0)
        if isinstance(value, UnknownValue):
            if _full(value):
                return value
            raise Open(combine([value, *(r for r in rest if isinstance(r, UnknownValue))]))
        if value is not None and value != "":
            return _as_first(value, values)
    raise EvaluationError("every argument is null or an empty string")


def _as_first(value: object, values: tuple[object, ...]) -> object:
    """The value in the one type of all the arguments, which is string where one of them is."""
    primitive = isinstance(value, bool | int | float)
    return text(value) if primitive and any(isinstance(v, str) for v in values) else value


def _full(value: UnknownValue) -> bool:
    """Whether an unknown is surely neither null nor empty."""
    if isinstance(value.known, tuple):
        return any(isinstance(p, str) and p for p in value.known)
    return isinstance(value.known, dict) or bool(value.refs)


def coalescelist(*lists: object) -> object:
    """The first list that is not empty."""
    for found in lists:
        if isinstance(found, UnknownValue):
            raise Open(combine([found]))
        if found is not None and not isinstance(found, list):
            raise EvaluationError(f"lists are required, not {kind(found)}")
        if found:
            if isinstance(found, list) and len(many(found)) == len(found):
                raise Open(combine(many(found)))
            return found
    raise EvaluationError("every list is null or empty")


def compact(elements: Elements) -> Elements:
    """Strings without null and empty ones; unknown ones may be left out."""
    found: Elements = []
    for element in elements:
        if isinstance(element, UnknownValue):
            found.append(element if _full(element) else replace(element, many=True))
        elif element not in (None, ""):
            found.append(text(element))
    return found


def concat(*lists: object) -> Elements:
    """All elements in order; a list that is not known is any number of elements."""
    found: Elements = []
    for each in lists:
        if isinstance(each, UnknownValue):
            found.append(replace(each, many=True))
        elif isinstance(each, list):
            found += each
        else:
            raise EvaluationError(f"lists are required, not {kind(each)}")
    limit(len(found))
    return found


def contains(decide: Decide, elements: object, value: object) -> object:
    """Whether one element is the value: true as soon as one is. Asks whether an input is the value."""
    value = plain(present(value))
    known = items(elements)
    if isinstance(value, UnknownValue) and value.symbol and not many(known):
        return _one_of(decide, known, value)
    return some(_element(e, value, decide) for e in known)


def _element(element: object, value: object, decide: Decide) -> bool | UnknownValue:
    if isinstance(element, UnknownValue) and element.many:
        return combine([element])
    return equal(element, value, decide)


def _one_of(decide: Decide, elements: Elements, value: UnknownValue) -> object:
    """Whether an input is one of several values: each is a question of its own."""
    if len(elements) > MOST_QUESTIONS:
        raise Open(combine([value]))
    return some(equal(value, e, decide) for e in elements)


def element(elements: Elements, index: int) -> object:
    """The element at an index that goes round; a negative one counts from the end (Terraform 1.12, OpenTofu 1.10)."""
    if not elements:
        raise EvaluationError("the list is empty")
    if 0 <= index < _sure(elements):
        return elements[index]
    return counted(elements)[index % len(elements)]


def _sure(elements: Elements) -> int:
    """How many elements have a place that is known."""
    return next((i for i, e in enumerate(elements) if isinstance(e, UnknownValue) and e.many), len(elements))


def flatten(value: object) -> Elements:
    """A list with the elements of its lists instead of them, however deep. An unknown element may be a list, and then
    stands for any number of elements, unless it is text or a map."""
    return list(_flat(items(value), 0))


def _flat(elements: Elements, level: int) -> Elements:
    depth(level)
    found: Elements = []
    for each in elements:
        if isinstance(each, list):
            found += _flat(each, level + 1)
        elif isinstance(each, UnknownValue) and each.known is None:
            found.append(replace(each, many=True))
        else:
            found.append(each)
        limit(len(found))
    return found


def index(decide: Decide, elements: Elements, value: object) -> object:
    """The place of the first element that is the value."""
    for place, each in enumerate(elements):
        same = _element(each, value, decide)
        if isinstance(same, UnknownValue):
            raise Open(same)
        if same:
            return place
    raise EvaluationError("the value is not in the list")


def length(value: object) -> object:
    """How many elements, entries or characters there are."""
    if isinstance(value, UnknownValue):
        raise Open(combine([value]))
    if isinstance(value, str):
        return len(clusters(value))
    if isinstance(value, list):
        return len(counted(value))
    if isinstance(value, dict):
        return len(value)
    raise EvaluationError(f"a list, map or string is required, not {kind(value)}")


def matchkeys(values: Elements, keys: Elements, wanted: Elements) -> Elements:
    """The values whose keys are among those wanted; one whose key may be is there perhaps."""
    if len(counted(values)) != len(counted(keys)):
        raise EvaluationError("values and keys must be of the same length")
    limit(len(keys) * len(wanted))
    found: Elements = []
    same = unified([*keys, *wanted])
    keys, wanted = same[: len(keys)], same[len(keys) :]
    for value, key in zip(unified(values), keys, strict=True):
        there = some(_element(w, key, undecided) for w in wanted)
        if isinstance(there, UnknownValue):
            found.append(replace(combine([there, *unknowns(value)]), many=True))
        elif there:
            found.append(value)
    return found


def one(elements: Elements) -> object:
    """The only element, null where there is none."""
    counted(elements)
    if len(elements) > 1:
        raise EvaluationError("the list has more than one element")
    return elements[0] if elements else None


def range_(*bounds: int | float) -> Elements:
    """Numbers from a start (0) to a limit that is not included, by a step (1, or -1 when it goes down)."""
    if not 1 <= len(bounds) <= 3:
        raise EvaluationError("one, two or three numbers are required")
    start, end = (0, bounds[0]) if len(bounds) == 1 else bounds[:2]
    step = bounds[2] if len(bounds) == 3 else -1 if end < start else 1
    if step == 0:
        raise EvaluationError("the step must not be zero")
    if (end < start) is (step > 0) and end != start:
        raise EvaluationError("the step leads away from the limit")
    found: Elements = []
    while (start < end) if step > 0 else (start > end):
        if len(found) >= MOST_RANGE:
            raise EvaluationError(f"more than {MOST_RANGE} numbers")
        found.append(start)
        start = add(start, step)
    return found


def add(one: int | float, other: int | float) -> int | float:
    """A sum in decimal digits, as Terraform's, so that 0.1 and 0.2 make 0.3."""
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    from decimal import Decimal

    from guardrail.hcl.values import number as tidy

    return tidy(float(Decimal(repr(one)) + Decimal(repr(other))))


def reverse(elements: Elements) -> Elements:
    """Elements in reverse."""
    return elements[::-1]


def slice_(elements: Elements, start: int, end: int) -> Elements:
    """Elements from a start to an end that is not included."""
    if not (0 <= start <= end <= _sure(elements)):
        counted(elements)
        raise EvaluationError("start and end must lie within the list, in this order")
    return elements[start:end]


def sort(elements: Elements) -> Elements:
    """Strings by code points; unknown ones anywhere, so that no place is known."""
    opened = [e for e in elements if isinstance(e, UnknownValue)]
    if opened and len(elements) > 1:
        raise Open(combine(opened))
    return sorted(text(e) for e in elements) if not opened else elements  # type: ignore[return-value]


def sum_(elements: Elements) -> object:
    """The sum of numbers."""
    if not elements:
        raise EvaluationError("the list is empty")
    total: int | float = 0
    for each in elements:
        total = add(total, number(each))
    return total


def distinct(elements: Elements) -> Elements:
    """Elements each once, in the order of their first; an unknown one may be one of the others."""
    return order.distinct(unified(elements))


__all__ = ["FUNCTIONS", "Question", "certain", "settle"]

FUNCTIONS: Mapping[str, Signature] = {
    "alltrue": Signature(alltrue, (items,)),
    "anytrue": Signature(anytrue, (items,)),
    "chunklist": Signature(chunklist, (items, whole)),
    "coalesce": Signature(coalesce, (anything,), anything),
    "coalescelist": Signature(coalescelist, (anything,), anything),
    "compact": Signature(compact, (items,)),
    "concat": Signature(concat, (anything,), anything),
    "contains": Signature(contains, (items, anything), decides=True),
    "distinct": Signature(distinct, (items,)),
    "element": Signature(element, (items, whole)),
    "flatten": Signature(flatten, (anything,)),
    "index": Signature(index, (items, anything), decides=True),
    "length": Signature(length, (anything,)),
    "matchkeys": Signature(matchkeys, (items, items, items)),
    "one": Signature(one, (items,)),
    "range": Signature(range_, (numeric,), numeric),
    "reverse": Signature(reverse, (items,)),
    "slice": Signature(slice_, (items, whole, whole)),
    "sort": Signature(sort, (items,)),
    "sum": Signature(sum_, (certain,)),
}
