"""Functions that tell one thing of lists, by Terraform's documentation, "Collection Functions".

Elements may be unknown; one that is `many` stands for any number of elements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guardrail.hcl.arithmetic import arithmetic, boolean, numeric
from guardrail.hcl.functions.alike import alike
from guardrail.hcl.functions.clusters import clusters
from guardrail.hcl.functions.equality import equal, some
from guardrail.hcl.functions.kinds import kind, plain
from guardrail.hcl.functions.limits import Open
from guardrail.hcl.functions.signature import Signature, anything, certain, items, present, whole
from guardrail.hcl.values import EvaluationError, combine
from guardrail.model.value import UnknownValue

Elements = list[object]


def many(elements: Elements) -> list[UnknownValue]:
    """The elements that stand for any number of them."""
    return [e for e in elements if isinstance(e, UnknownValue) and e.many]


def counted(elements: Elements) -> Elements:
    """Elements of which it is known how many there are; open otherwise."""
    if found := many(elements):
        raise Open(combine(found))
    return elements


def sure(elements: Elements) -> int:
    """How many elements have a place that is known."""
    return next((i for i, e in enumerate(elements) if isinstance(e, UnknownValue) and e.many), len(elements))


def alltrue(elements: Elements) -> object:
    """Whether all are true: false as soon as one is not, whatever the others are. Null counts as false."""
    return _all(elements, wanted=True)


def anytrue(elements: Elements) -> object:
    """Whether one is true: true as soon as one is, whatever the others are."""
    return _all(elements, wanted=False)


def _all(elements: Elements, wanted: bool) -> object:
    opened = [e for e in elements if isinstance(e, UnknownValue)]
    rest = [e is not None and boolean(e) for e in elements if not isinstance(e, UnknownValue)]
    if (not wanted) in rest:
        return not wanted
    return combine(opened) if opened else wanted


def coalesce(*values: object) -> object:
    """The first value that is neither null nor an empty string, in the one type that all of them have. An unknown
    before it leaves the result open, unless a provider decides it, so that it is not null, or text is known in it."""
    given = [v for v in _typed(values) if v is not None]
    for place, value in enumerate(given):
        if isinstance(value, UnknownValue):
            if full(value):
                return value
            raise Open(combine(v for v in given[place:] if isinstance(v, UnknownValue)))
        if value != "":
            return value
    raise EvaluationError("every argument is null or an empty string")


def _typed(values: tuple[object, ...]) -> Sequence[object]:
    """Values of one type; with a null among them Terraform lets those pass that have none."""
    try:
        return alike(values)
    except EvaluationError:
        if None in values:
            return values
        raise


def full(value: UnknownValue) -> bool:
    """Whether an unknown is surely neither null nor empty."""
    if isinstance(value.known, tuple):
        return any(isinstance(p, str) and p for p in value.known)
    return isinstance(value.known, dict) or bool(value.refs)


def coalescelist(*lists: object) -> object:
    """The first list that is not empty."""
    for found in lists:
        if found is not None and not isinstance(found, list | UnknownValue):
            raise EvaluationError(f"lists are required, not {kind(found)}")
    for found in lists:
        if isinstance(found, UnknownValue):
            raise Open(combine([found]))
        if found is None:
            continue
        elements = items(found)
        if len(many(elements)) < len(elements):
            return elements
        if elements:
            raise Open(combine(many(elements)))
    raise EvaluationError("every list is null or empty")


def contains(elements: Elements, value: object) -> object:
    """Whether one element is the value: true as soon as one is."""
    value = plain(present(value))
    return some(same(e, value) for e in elements)


def same(element: object, value: object) -> bool | UnknownValue:
    if isinstance(element, UnknownValue) and element.many:
        return combine([element])
    return equal(element, value)


def element(elements: Elements, index: int) -> object:
    """The element at an index that goes round; a negative one counts from the end (Terraform 1.12, OpenTofu 1.10)."""
    if not elements:
        raise EvaluationError("the list is empty")
    if 0 <= index < sure(elements):
        return elements[index]
    return counted(elements)[index % len(elements)]


def index(elements: Elements, value: object) -> object:
    """The place of the first element that is the value."""
    for place, each in enumerate(elements):
        found = same(each, value)
        if isinstance(found, UnknownValue):
            raise Open(found)
        if found:
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


def one(elements: Elements) -> object:
    """The only element, null where there is none."""
    counted(elements)
    if len(elements) > 1:
        raise EvaluationError("the list has more than one element")
    return elements[0] if elements else None


def sum_(elements: Elements) -> object:
    """The sum of numbers."""
    if not elements:
        raise EvaluationError("the list is empty")
    total: int | float = 0
    for each in elements:
        total = arithmetic("+", total, numeric(each))
    return total


FUNCTIONS: Mapping[str, Signature] = {
    "alltrue": Signature(alltrue, (items,)),
    "anytrue": Signature(anytrue, (items,)),
    "coalesce": Signature(coalesce, (anything,), anything),
    "coalescelist": Signature(coalescelist, (anything,), anything),
    "contains": Signature(contains, (items, anything)),
    "element": Signature(element, (items, whole)),
    "index": Signature(index, (items, anything)),
    "length": Signature(length, (anything,)),
    "one": Signature(one, (items,)),
    "sum": Signature(sum_, (certain,)),
}
