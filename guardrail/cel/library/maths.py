"""The math extension (cel-go ext/README.md "Math", version 2)."""

from __future__ import annotations

import math
from collections.abc import Callable

from guardrail.cel import values as v
from guardrail.cel.errors import CelError
from guardrail.cel.functions import Overload
from guardrail.cel.operators import NUMBERS, no_overload, number
from guardrail.cel.values import UINT_MAX, Uint


def _extreme(largest: bool) -> Callable[..., object]:
    name = "math.greatest" if largest else "math.least"

    def choose(*args: object) -> object:
        candidates: object = args
        if len(args) == 1 and isinstance(args[0], list):
            candidates = args[0]
        assert isinstance(candidates, (list, tuple))
        if not candidates:
            raise CelError(f"{name} of an empty list")
        for item in candidates:
            if type(item) not in NUMBERS:
                raise no_overload(name, item)
        best = candidates[0]
        for item in candidates[1:]:
            a, b = number(best), number(item)
            if (b > a) if largest else (b < a):
                best = item
        return best

    return choose


def _whole(round_: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: round_(value) if math.isfinite(value) else value


def _round(value: float) -> float:
    return math.copysign(math.floor(abs(value) + 0.5), value) if abs(value) < 2**52 else value


def _abs(value: object) -> object:
    if isinstance(value, int):
        return v.checked_int(abs(value))
    return abs(value) if isinstance(value, float) else value


def _sign(value: object) -> object:
    plain = number(value)
    sign = (plain > 0) - (plain < 0)
    if isinstance(value, float):
        return plain if math.isnan(plain) else float(sign)
    return Uint(sign) if isinstance(value, Uint) else sign


def _sqrt(value: object) -> float:
    plain = float(number(value))
    return math.sqrt(plain) if plain >= 0 else math.nan


def _bits(combine: Callable[[int, int], int]) -> tuple[Overload, ...]:
    return (
        Overload((int, int), combine),
        Overload((Uint, Uint), lambda a, b: Uint(combine(a.value, b.value))),
    )


def _signed(value: int) -> int:
    value &= UINT_MAX
    return value - 2**64 if value > v.INT_MAX else value


def _shift(left: bool) -> Callable[[int, int], int]:
    def shift(value: int, by: int) -> int:
        if by < 0:
            raise CelError(f"negative shift: {by}")
        if by >= 64:
            return 0
        return (value << by) & UINT_MAX if left else (value & UINT_MAX) >> by

    return shift


def _shifts(left: bool) -> tuple[Overload, ...]:
    shift = _shift(left)
    return (
        Overload((int, int), lambda value, by: _signed(shift(value, by))),
        Overload((Uint, int), lambda value, by: Uint(shift(value.value, by))),
    )


def _of_double(code: Callable[[float], object]) -> tuple[Overload, ...]:
    return (Overload((float,), code),)


def _of_number(code: Callable[[object], object]) -> tuple[Overload, ...]:
    return tuple(Overload((kind,), code) for kind in (int, Uint, float))


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "math.greatest": (Overload((), _extreme(True)),),
    "math.least": (Overload((), _extreme(False)),),
    "math.ceil": _of_double(_whole(lambda value: float(math.ceil(value)))),
    "math.floor": _of_double(_whole(lambda value: float(math.floor(value)))),
    "math.trunc": _of_double(_whole(lambda value: float(math.trunc(value)))),
    "math.round": _of_double(_whole(_round)),
    "math.abs": _of_number(_abs),
    "math.sign": _of_number(_sign),
    "math.isNaN": _of_double(math.isnan),
    "math.isInf": _of_double(math.isinf),
    "math.isFinite": _of_double(math.isfinite),
    "math.sqrt": _of_number(_sqrt),
    "math.bitAnd": _bits(lambda a, b: a & b),
    "math.bitOr": _bits(lambda a, b: a | b),
    "math.bitXor": _bits(lambda a, b: a ^ b),
    "math.bitNot": (
        Overload((int,), lambda value: ~value),
        Overload((Uint,), lambda value: Uint(UINT_MAX ^ value.value)),
    ),
    "math.bitShiftLeft": _shifts(True),
    "math.bitShiftRight": _shifts(False),
}
