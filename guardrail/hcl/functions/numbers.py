"""Numeric functions, by Terraform's documentation, "Numeric Functions". Numbers are ints, and floats where they are
not whole: Terraform counts with more digits than a float has."""

from __future__ import annotations

import math
from collections.abc import Mapping

from guardrail.hcl.functions.kinds import kind
from guardrail.hcl.functions.limits import Open
from guardrail.hcl.functions.signature import Signature, anything, number, whole
from guardrail.hcl.values import EvaluationError
from guardrail.hcl.values import number as tidy
from guardrail.model.value import UnknownValue

Number = int | float

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def log(value: Number, base: Number) -> Number:
    """The logarithm to a base."""
    try:
        return tidy(math.log(value) / math.log(base))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise Open("a logarithm that is no number") from None


def largest(*values: Number) -> Number:
    """The greatest of numbers."""
    return max(values)


def smallest(*values: Number) -> Number:
    """The least of numbers."""
    return min(values)


def parseint(written: object, base: int) -> int:
    """The whole number that digits of a base from 2 to 62 write; above 36, capital letters are digits of their own."""
    if isinstance(written, UnknownValue):
        raise Open(written)
    if not isinstance(written, str):
        raise EvaluationError(f"a string is required, not {kind(written)}")
    if not 2 <= base <= 62:
        raise EvaluationError("the base must be between 2 and 62")
    digits = written[1:] if written[:1] in ("-", "+") else written
    if len(digits) > 1_000:
        raise Open("a number of too many digits")
    places = [_DIGITS.find(d if base > 36 else d.lower()) for d in digits]
    if not places or any(not 0 <= p < base for p in places):
        raise EvaluationError(f'"{written}" is no whole number of base {base}')
    total = 0
    for place in places:
        total = total * base + place
    return -total if written.startswith("-") else total


def power(value: Number, exponent: Number) -> Number:
    """A number raised to a power, with the precision of a float."""
    try:
        found = math.pow(value, exponent)
    except (ValueError, OverflowError):
        raise Open("a power that is no number") from None
    return tidy(found)


def signum(value: int) -> int:
    """-1, 0 or 1 for the sign of a whole number."""
    return (value > 0) - (value < 0)


FUNCTIONS: Mapping[str, Signature] = {
    "abs": Signature(abs, (number,)),
    "ceil": Signature(math.ceil, (number,)),
    "floor": Signature(math.floor, (number,)),
    "log": Signature(log, (number, number)),
    "max": Signature(largest, (number,), number),
    "min": Signature(smallest, (number,), number),
    "parseint": Signature(parseint, (anything, whole)),
    "pow": Signature(power, (number, number)),
    "signum": Signature(signum, (whole,)),
}
