"""Elements each once, and the order of sets: strings by code points, numbers by size, false before true, the rest by
their JSON, null last (Terraform's own order of the rest hangs on a hash)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from guardrail.hcl.functions.equality import equal
from guardrail.hcl.functions.kinds import kind
from guardrail.hcl.functions.limits import limit
from guardrail.hcl.values import combine, unknowns
from guardrail.model.value import UnknownValue


def distinct(elements: list[object]) -> list[object]:
    """Elements each once, in the order of their first.

    One that is not known may be one of the others: it then stands for any number of elements, none as well.
    """
    found: dict[Hashable, object] = {}
    doubtful: dict[int, object] = {}
    for element in elements:
        if any(True for _ in unknowns(element)):
            if not any(equal(element, d) is True for d in doubtful.values()):
                doubtful[len(found)] = element
                found[len(found)] = element
        else:
            found.setdefault(identity(element), element)
    if doubtful and len(found) > 1:
        limit(len(doubtful) * len(found))
        for place, element in doubtful.items():
            if any(equal(element, other) is not False for key, other in found.items() if key != place):
                found[place] = _perhaps(element)
    return list(found.values())


def _perhaps(element: object) -> UnknownValue:
    if isinstance(element, UnknownValue):
        return replace(element, many=True)
    whole = combine(unknowns(element))
    return replace(whole, many=True, known=element if isinstance(element, dict) else None)


def collected(elements: list[object]) -> list[object]:
    """A set of elements: sorted, each once. Unknown ones come first: no place is known then."""
    found = distinct(elements)
    sure = [e for e in found if e is not None and not isinstance(e, UnknownValue)]
    kinds = {kind(e) for e in sure}
    primitive = len(kinds) == 1 and kinds <= {"string", "number", "bool"}
    ordered = sorted(sure) if primitive else sorted(sure, key=_place)  # type: ignore[type-var]
    nothing = [None] if None in found else []
    return [*(e for e in found if isinstance(e, UnknownValue)), *ordered, *nothing]


def identity(element: object) -> Hashable:
    """What tells a known value from others; never a number, which places of doubtful ones are."""
    return kind(element), _place(element)[1] if isinstance(element, list | dict) else element


def _place(element: object) -> tuple[str, str]:
    if any(True for _ in unknowns(element)):
        return kind(element), repr(element)
    from guardrail.hcl.functions.json_text import encoded

    return kind(element), encoded(element)
