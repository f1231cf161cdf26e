"""Functions of lists, by Terraform's documentation, "Collection Functions".

Elements may be unknown; one that is `many` stands for any number of elements, so that neither the length nor the place
of what follows it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from guardrail.hcl.arithmetic import arithmetic
from guardrail.hcl.functions import order
from guardrail.hcl.functions.alike import alike
from guardrail.hcl.functions.choices import counted, full, many, same, sure
from guardrail.hcl.functions.equality import some
from guardrail.hcl.functions.kinds import kind
from guardrail.hcl.functions.limits import depth, limit
from guardrail.hcl.functions.signature import (
    Signature,
    anything,
    items,
    whole,
)
from guardrail.hcl.functions.signature import number as taken
from guardrail.hcl.run import text
from guardrail.hcl.values import EvaluationError, combine, unknowns
from guardrail.model.value import UnknownValue

Elements = list[object]

MOST_RANGE = 1024
"""Numbers that Terraform's `range` makes at most; more is an error there, too."""


def chunklist(elements: Elements, size: int) -> Elements:
    """Lists of at most `size` elements; all in one where it is 0."""
    elements = alike(counted(elements))
    if size < 0:
        raise EvaluationError("the size must not be negative")
    if not elements:
        return []
    step = size or len(elements)
    return [elements[i : i + step] for i in range(0, len(elements), step)]


def compact(elements: Elements) -> Elements:
    """Strings without null and empty ones; unknown ones may be left out."""
    found: Elements = []
    for element in elements:
        if isinstance(element, UnknownValue):
            found.append(element if full(element) else replace(element, many=True))
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


def list_(*elements: object) -> Elements:
    """A list of the arguments: gone since Terraform 0.15, but older configurations still call it."""
    return alike(elements)


def matchkeys(values: Elements, keys: Elements, wanted: Elements) -> Elements:
    """The values whose keys are among those wanted; one whose key may be is there perhaps."""
    if len(counted(values)) != len(counted(keys)):
        raise EvaluationError("values and keys must be of the same length")
    limit(len(keys) * len(wanted))
    found: Elements = []
    every = alike([*keys, *wanted])
    keys, wanted = every[: len(keys)], every[len(keys) :]
    for value, key in zip(alike(values), keys, strict=True):
        there = some(same(w, key) for w in wanted)
        if isinstance(there, UnknownValue):
            found.append(replace(combine([there, *unknowns(value)]), many=True))
        elif there:
            found.append(value)
    return found


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
        start = arithmetic("+", start, step)
    return found


def reverse(elements: Elements) -> Elements:
    """Elements in reverse; no place is known where it is not known how many there are."""
    found = elements[::-1]
    return [_several(many(elements)), *found] if many(elements) else found


def _several(causes: list[UnknownValue]) -> UnknownValue:
    """Any number of elements."""
    return replace(combine(causes), many=True)


def slice_(elements: Elements, start: int, end: int) -> Elements:
    """Elements from a start to an end that is not included."""
    if not (0 <= start <= end <= sure(elements)):
        counted(elements)
        raise EvaluationError("start and end must lie within the list, in this order")
    return elements[start:end]


def sort(elements: Elements) -> Elements:
    """Strings by code points. Unknown ones come first, as any number, because no place is known."""
    opened = [e for e in elements if isinstance(e, UnknownValue)]
    if opened and len(elements) == 1:
        return elements
    found = sorted(text(e) for e in elements if not isinstance(e, UnknownValue))
    return [_several(opened), *found] if opened else [*found]


def distinct(elements: Elements) -> Elements:
    """Elements each once, in the order of their first; an unknown one may be one of the others."""
    return order.distinct(alike(elements))


FUNCTIONS: Mapping[str, Signature] = {
    "chunklist": Signature(chunklist, (items, whole)),
    "compact": Signature(compact, (items,)),
    "concat": Signature(concat, (anything,), anything),
    "distinct": Signature(distinct, (items,)),
    "flatten": Signature(flatten, (anything,)),
    "list": Signature(list_, (), anything),
    "matchkeys": Signature(matchkeys, (items, items, items)),
    "range": Signature(range_, (taken,), taken),
    "reverse": Signature(reverse, (items,)),
    "slice": Signature(slice_, (items, whole, whole)),
    "sort": Signature(sort, (items,)),
}
