"""Kubernetes quantities.

Grammar and rounding: k8s.io/apimachinery/pkg/api/resource/quantity.go; functions:
k8s.io/apiserver/pkg/cel/library/quantity.go. Values are whole numbers of nano-units, the finest a
quantity can hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self

from guardrail.cel import values as v
from guardrail.cel.errors import CelError
from guardrail.cel.functions import Overload
from guardrail.cel.library.compares import Ranked

_NANO = 10**9
_GRAMMAR = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?[0-9]{1,4}|)", re.ASCII)
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_MAX_TEXT = 200
_MAX_EXPONENT = 400


@dataclass(frozen=True, slots=True)
class Quantity(Ranked):
    """An amount in nano-units; equal when the amounts are, whatever the suffix was."""

    cel_type: ClassVar[str] = "kubernetes.Quantity"
    nanos: int

    def rank(self, other: Self) -> int:
        """By amount."""
        return (self.nanos > other.nanos) - (self.nanos < other.nanos)


@lru_cache(maxsize=4096)
def parse_quantity(text: str) -> Quantity | None:
    """The quantity a text stands for, None when it is none. Cached."""
    found = _GRAMMAR.fullmatch(text) if len(text) <= _MAX_TEXT else None
    if found is None or not (found.group(2) or found.group(3)):
        return None
    sign, whole, part, suffix = found.groups()
    part = part or ""
    digits = int((whole + part) or "0")
    if suffix in _BINARY:
        power, scale = -len(part), 1 << _BINARY[suffix]
    else:
        exponent = _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
        power, scale = exponent - len(part), 1
    nanos = _rounded_up(digits * scale, power + 9)
    if suffix in _BINARY:
        nanos = min(nanos, v.INT_MAX * _NANO)
    return Quantity(-nanos if sign == "-" else nanos)


def _rounded_up(value: int, power: int) -> int:
    """value * 10 ** power, a remainder rounded away from zero."""
    factor: int = 10 ** min(abs(power), _MAX_EXPONENT)
    return value * factor if power >= 0 else -(-value // factor)


def _quantity(text: str) -> Quantity:
    found = parse_quantity(text)
    if found is None:
        raise CelError(f"not a quantity: {text[:60]!r}")
    return found


def _is_integer(value: Quantity) -> bool:
    return value.nanos % _NANO == 0 and v.INT_MIN <= value.nanos // _NANO <= v.INT_MAX


def _as_integer(value: Quantity) -> int:
    if not _is_integer(value):
        raise CelError("cannot convert value to integer")
    return value.nanos // _NANO


def _as_float(value: Quantity) -> float:
    try:
        return value.nanos / _NANO
    except OverflowError:
        return float("inf") if value.nanos > 0 else float("-inf")


def _add(value: Quantity, other: Quantity) -> Quantity:
    return Quantity(value.nanos + other.nanos)


def _sub(value: Quantity, other: Quantity) -> Quantity:
    return Quantity(value.nanos - other.nanos)


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "quantity": (Overload((str,), _quantity),),
    "isQuantity": (Overload((str,), lambda text: parse_quantity(text) is not None),),
    ".isInteger": (Overload((Quantity,), _is_integer),),
    ".asInteger": (Overload((Quantity,), _as_integer),),
    ".asApproximateFloat": (Overload((Quantity,), _as_float),),
    ".sign": (Overload((Quantity,), lambda q: (q.nanos > 0) - (q.nanos < 0)),),
    ".add": (
        Overload((Quantity, Quantity), _add),
        Overload((Quantity, int), lambda q, n: Quantity(q.nanos + n * _NANO)),
    ),
    ".sub": (
        Overload((Quantity, Quantity), _sub),
        Overload((Quantity, int), lambda q, n: Quantity(q.nanos - n * _NANO)),
    ),
}
