"""isLessThan, isGreaterThan and compareTo, which quantities and versions share without knowing one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from guardrail.cel.functions import Overload
from guardrail.cel.operators import no_overload


class Ranked:
    """A value with an order among its like."""

    __slots__ = ()

    def rank(self, other: Self) -> int:
        """-1, 0 or 1, as this is before, equal to or after the other."""
        raise NotImplementedError


def _ranked(name: str, read: Callable[[int], object]) -> tuple[Overload, ...]:
    def apply(a: object, b: object) -> object:
        if isinstance(a, Ranked) and isinstance(b, Ranked) and type(a) is type(b):
            return read(a.rank(b))
        raise no_overload(name, a, b)

    return (Overload((object, object), apply, deep=False),)


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    ".isLessThan": _ranked("isLessThan", lambda order: order < 0),
    ".isGreaterThan": _ranked("isGreaterThan", lambda order: order > 0),
    ".compareTo": _ranked("compareTo", lambda order: order),
}
