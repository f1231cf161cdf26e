"""isLessThan, isGreaterThan and compareTo, which quantities and versions share."""

from __future__ import annotations

from collections.abc import Callable

from guardrail.cel.functions import Overload
from guardrail.cel.library.quantities import Quantity
from guardrail.cel.library.versions import Semver, compare_versions


def _compare(a: Quantity, b: Quantity) -> int:
    return (a.nanos > b.nanos) - (a.nanos < b.nanos)


def _both(read: Callable[[int], object]) -> tuple[Overload, ...]:
    return (
        Overload((Quantity, Quantity), lambda a, b: read(_compare(a, b))),
        Overload((Semver, Semver), lambda a, b: read(compare_versions(a, b))),
    )


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    ".isLessThan": _both(lambda order: order < 0),
    ".isGreaterThan": _both(lambda order: order > 0),
    ".compareTo": _both(lambda order: order),
}
