"""Equality, order and arithmetic as CEL defines them (cel-spec langdef.md, "Overloads").

Nothing here uses a Python operator before both types are known: `True == 1`, `'a' in 'cat'`
and `-7 // 2` mean other things in CEL.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import copysign, inf, isnan, nan
from typing import Any

from guardrail.cel import holes
from guardrail.cel import values as v
from guardrail.cel.errors import CelError, Meter
from guardrail.cel.values import Duration, Optional, Timestamp, Uint
from guardrail.model.value import UnknownValue

SCALARS = frozenset({str, int, bool, float, bytes, type(None)})
NUMBERS = frozenset({int, float, Uint})
_ORDERED = frozenset({str, int, bool, float, bytes})
_TIMES = frozenset({Timestamp, Duration})


def equal(a: object, b: object, meter: Meter) -> bool | UnknownValue:
    """CEL equality, element-wise and three-valued; values of unlike type differ, without error."""
    kind, other = type(a), type(b)
    if kind is other and kind in SCALARS:
        return a == b
    if isinstance(a, UnknownValue):
        return v.merge_unknown(a, b) if isinstance(b, UnknownValue) else _unlike(a, b)
    if isinstance(b, UnknownValue):
        return _unlike(b, a)
    if kind in NUMBERS and other in NUMBERS:
        return number(a) == number(b)
    return kind is other and _equal_alike(a, b, meter)


def _unlike(unknown: UnknownValue, known: object) -> bool | UnknownValue:
    """Something a provider decides is neither null nor empty, and a text of which a part is known is not any text."""
    if known is None or known == "":
        parts = unknown.known if isinstance(unknown.known, tuple) else ()
        if unknown.refs or any(isinstance(p, str) and p for p in parts):
            return False
    elif isinstance(known, str) and holes.differs(unknown, known):
        return False
    return unknown


def _equal_alike(a: object, b: object, meter: Meter) -> bool | UnknownValue:
    if isinstance(a, list) and isinstance(b, list):
        return _equal_lists(a, b, meter)
    if isinstance(a, dict) and isinstance(b, dict):
        return _equal_maps(a, b, meter)
    if isinstance(a, Optional) and isinstance(b, Optional):
        if a.present and b.present:
            return equal(a.value, b.value, meter)
        return a.present == b.present
    return a == b


def _equal_lists(a: list[object], b: list[object], meter: Meter) -> bool | UnknownValue:
    if len(a) != len(b):
        return False
    meter.spend(1 + (len(a) >> 3))
    result: bool | UnknownValue = True
    for x, y in zip(a, b, strict=True):
        same = equal(x, y, meter)
        if same is False:
            return False
        if same is not True:
            result = same
    return result


def _equal_maps(a: dict[object, object], b: dict[object, object], meter: Meter) -> bool | UnknownValue:
    if len(a) != len(b) or any(key not in b for key in a):
        return False
    meter.spend(1 + (len(a) >> 3))
    result: bool | UnknownValue = True
    for key, x in a.items():
        same = equal(x, b[key], meter)
        if same is False:
            return False
        if same is not True:
            result = same
    return result


def number(value: object) -> int | float:
    """A number without its CEL type; comparisons across int, uint and double are exact."""
    if type(value) is Uint:
        return value.value
    if type(value) is int or type(value) is float:
        return value
    raise no_overload("number", value)


def contains(item: object, container: object, meter: Meter) -> bool | UnknownValue:
    """`item in container`: list elements by equality, map keys; CelError for anything else."""
    if isinstance(container, dict):
        if isinstance(item, UnknownValue):
            return item if container else False
        return v.lookup_key(item) in container
    if not isinstance(container, list):
        raise no_overload("in", item, container)
    meter.spend(len(container) >> 4)
    result: bool | UnknownValue = False
    for element in container:
        same = equal(item, element, meter)
        if same is True:
            return True
        if same is not False:
            result = same
    return result


def holds_unknown(value: object, meter: Meter) -> UnknownValue | None:
    """The first unknown inside a value, at any depth."""
    if isinstance(value, UnknownValue):
        return value
    if isinstance(value, Optional):
        return holds_unknown(value.value, meter)
    if not isinstance(value, (list, dict)):
        return None
    meter.spend(1 + (len(value) >> 4))
    for item in value.values() if isinstance(value, dict) else value:
        if type(item) not in SCALARS and (found := holds_unknown(item, meter)) is not None:
            return found
    return None


def no_overload(name: str, *args: object) -> CelError:
    """The error for operands a function or operator does not take."""
    return CelError(f"no such overload: {name}({', '.join(map(v.type_name, args))})")


def _order(name: str, compare: Callable[[Any, Any], bool]) -> Callable[..., bool]:
    def apply(a: object, b: object) -> bool:
        kind, other = type(a), type(b)
        if kind is other and kind in _ORDERED:
            return compare(a, b)
        if kind in NUMBERS and other in NUMBERS:
            return compare(number(a), number(b))
        if kind is other and isinstance(a, (Timestamp, Duration)):
            return compare(a.nanos, getattr(b, "nanos", 0))
        raise no_overload(name, a, b)

    return apply


less = _order("<", operator.lt)


def add(a: object, b: object) -> object:
    """`a + b`: numbers of one type, strings, bytes, lists, times."""
    kind = type(a)
    if kind is type(b):
        if kind is int:
            return v.checked_int(a + b)  # type: ignore[operator]
        if kind is float:
            return a + b  # type: ignore[operator]
        if kind is str or kind is list or kind is bytes:
            v.checked_size(len(a) + len(b))  # type: ignore[arg-type]
            return a + b  # type: ignore[operator]
        if isinstance(a, Uint) and isinstance(b, Uint):
            return v.checked_uint(a.value + b.value)
    if kind in _TIMES and isinstance(a, (Timestamp, Duration)):
        if isinstance(b, Duration):
            total = a.nanos + b.nanos
            return v.checked_duration(total) if kind is Duration else v.checked_timestamp(total)
        if kind is Duration and isinstance(b, Timestamp):
            return v.checked_timestamp(a.nanos + b.nanos)
    raise no_overload("+", a, b)


def subtract(a: object, b: object) -> object:
    """`a - b`: numbers of one type, times."""
    kind = type(a)
    if kind is type(b):
        if kind is int:
            return v.checked_int(a - b)  # type: ignore[operator]
        if kind is float:
            return a - b  # type: ignore[operator]
        if isinstance(a, Uint) and isinstance(b, Uint):
            return v.checked_uint(a.value - b.value)
    if isinstance(a, (Timestamp, Duration)) and isinstance(b, (Timestamp, Duration)):
        nanos = a.nanos - b.nanos
        if kind is type(b):
            return v.checked_duration(nanos)
        if kind is Timestamp:
            return v.checked_timestamp(nanos)
    raise no_overload("-", a, b)


def multiply(a: object, b: object) -> object:
    """`a * b`: numbers of one type."""
    kind = type(a)
    if kind is type(b):
        if kind is int:
            return v.checked_int(a * b)  # type: ignore[operator]
        if kind is float:
            return a * b  # type: ignore[operator]
        if isinstance(a, Uint) and isinstance(b, Uint):
            return v.checked_uint(a.value * b.value)
    raise no_overload("*", a, b)


def divide(a: object, b: object) -> object:
    """`a / b`: integers truncate toward zero, doubles follow IEEE 754."""
    if type(a) is int and type(b) is int:
        if b == 0:
            raise CelError("divide by zero")
        quotient = abs(a) // abs(b)
        return v.checked_int(quotient if (a < 0) == (b < 0) else -quotient)
    if isinstance(a, Uint) and isinstance(b, Uint):
        if b.value == 0:
            raise CelError("divide by zero")
        return Uint(a.value // b.value)
    if type(a) is float and type(b) is float:
        return _divide_doubles(a, b)
    raise no_overload("/", a, b)


def _divide_doubles(a: float, b: float) -> float:
    if b != 0.0:
        return a / b
    if a == 0.0 or isnan(a):
        return nan
    return copysign(inf, a) * copysign(1.0, b)


def remainder(a: object, b: object) -> object:
    """`a % b`: integers only; the sign follows the left operand."""
    if type(a) is int and type(b) is int:
        if b == 0:
            raise CelError("modulus by zero")
        rest = abs(a) % abs(b)
        return rest if a >= 0 else -rest
    if isinstance(a, Uint) and isinstance(b, Uint):
        if b.value == 0:
            raise CelError("modulus by zero")
        return Uint(a.value % b.value)
    raise no_overload("%", a, b)


def negate(a: object) -> object:
    """`-a`: int and double."""
    if type(a) is int:
        return v.checked_int(-a)
    if type(a) is float:
        return -a
    raise no_overload("-", a)


BINARY: dict[str, Callable[[object, object], object]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": remainder,
    "<": less,
    "<=": _order("<=", operator.le),
    ">": _order(">", operator.gt),
    ">=": _order(">=", operator.ge),
}
