"""Functions of sets, by Terraform's documentation, "Collection Functions". A set is a sorted list, no element twice."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from guardrail.hcl.functions.alike import alike
from guardrail.hcl.functions.choices import counted
from guardrail.hcl.functions.equality import equal
from guardrail.hcl.functions.limits import Open, limit
from guardrail.hcl.functions.order import collected, identity
from guardrail.hcl.functions.signature import Signature, anything, items, settle
from guardrail.hcl.values import EvaluationError, combine, unknowns
from guardrail.model.value import UnknownValue

Elements = list[object]


def setunion(first: object, *others: object) -> Elements:
    """Elements of any of the sets; a set that is not known is any number of elements."""
    found: Elements = []
    for each in (first, *others):
        if isinstance(each, UnknownValue):
            whole = combine([each])
            found.append(UnknownValue(whole.reason, questions=whole.questions, many=True))
        else:
            found += items(each)
    limit(len(found))
    return collected(alike(found))


def setintersection(first: Elements, *others: Elements) -> Elements:
    """Elements of all of the sets; all must be known."""
    settle((first, *others))
    same = alike([e for each in (first, *others) for e in each])
    shared: set[object] = set()
    start = 0
    for place, each in enumerate((first, *others)):
        found = {identity(e) for e in same[start : start + len(each)]}
        shared = found if place == 0 else shared & found
        start += len(each)
    return [e for e in collected(same) if identity(e) in shared]


def setsubtract(first: Elements, second: Elements) -> Elements:
    """Elements of the first set that are not in the second."""
    same = collected(alike([*first, *second]))  # for its conversions and errors
    taken = alike([*second, *first])[: len(second)]
    kept = alike([*first, *second])[: len(first)]
    limit(len(same))
    if not any(True for _ in unknowns([*first, *second])):
        gone = {identity(e) for e in taken}
        return collected([e for e in kept if identity(e) not in gone])
    limit(len(kept) * (len(taken) + 1))
    return collected([e for each in kept for e in _left(each, taken)])


def _left(element: object, taken: Elements) -> Elements:
    """An element, nothing, or an unknown where it may have been taken."""
    verdicts = [equal(element, t) if not _many(t) else t for t in taken]
    if True in verdicts:
        return []
    doubts = [v for v in verdicts if isinstance(v, UnknownValue)]
    if not doubts:
        return [element]
    whole = combine([*doubts, *unknowns(element)])
    return [UnknownValue(whole.reason, questions=whole.questions, many=True)]


def _many(element: object) -> bool:
    return isinstance(element, UnknownValue) and element.many


def setproduct(*sets: object) -> Elements:
    """Every way to take one element from each, as lists; the first changes slowest."""
    if len(sets) < 2:
        raise EvaluationError("at least two sets are required")
    found: list[Elements] = []
    opened: list[UnknownValue] = []
    count = 1
    for each in sets:
        if isinstance(each, UnknownValue):
            opened.append(each)
            continue
        found.append(alike(items(each)))
        count *= len(found[-1])
    if count == 0:
        return []
    if opened:
        raise Open(combine(opened))
    for each in found:
        counted(each)
    limit(count * len(found))
    return [list(chosen) for chosen in product(*found)]


FUNCTIONS: Mapping[str, Signature] = {
    "setintersection": Signature(setintersection, (items,), items),
    "setproduct": Signature(setproduct, (anything,), anything),
    "setsubtract": Signature(setsubtract, (items, items)),
    "setunion": Signature(setunion, (anything,), anything),
}
