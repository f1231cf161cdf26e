"""Conversions between primitive types, by Terraform's documentation "Type conversion" and cty's `convert`."""

from __future__ import annotations

import re

from guardrail.hcl import values
from guardrail.hcl.functions.limits import Open
from guardrail.hcl.values import Entity, EvaluationError
from guardrail.model.value import UnknownValue

MOST_DIGITS = 1_000
"""Digits before or after the point of a number that is written out."""

_LARGE = "a number of too many digits"
_PLAIN = (str, bool, int, float, list, dict, UnknownValue, type(None))
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,9}))?")


def plain(value: object) -> object:
    """A value as data: an entity is worked out, what lies in a list or map is left alone."""
    if type(value) in _PLAIN:
        return value
    return value.plain() if isinstance(value, Entity) else value


def text(value: object) -> str:
    """The string for a string, number or bool."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return decimal(value)
    raise EvaluationError(f"a string is required, not {kind(value)}")


def decimal(value: float) -> str:
    """A number in decimal digits, never with an exponent."""
    if isinstance(value, int):
        if abs(value) >= 10**MOST_DIGITS:
            raise Open(_LARGE)
        return str(value)
    written = repr(value)
    if "e" not in written:
        return written
    mantissa, _, exponent = written.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    fraction = fraction if fraction != "0" else ""
    shift = int(exponent)
    if shift < 0:
        return f"{sign}0.{'0' * (-shift - len(whole))}{whole}{fraction}"
    return sign + whole + fraction.ljust(shift, "0")  # a float of this size is whole


def number(value: object) -> int | float:
    """The number for a number, or for a string that is one in decimal digits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise EvaluationError(f"a number is required, not {kind(value)}")
    return parsed(value) if isinstance(value, str) else value


def parsed(written: str) -> int | float:
    """The number that a string reads as."""
    match = _NUMBER.fullmatch(written)
    if match is None or not (match[2] or match[3]):
        raise EvaluationError("a number is required")
    sign, whole, fraction, exponent = match[1], match[2] or "", match[3] or "", int(match[4] or 0)
    fraction = fraction.rstrip("0")
    shift = exponent - len(fraction)
    if len(whole) + len(fraction) + abs(exponent) > MOST_DIGITS:
        raise Open(_LARGE)
    if shift >= 0:
        return int(f"{sign}{whole}{fraction}{'0' * shift}" if whole or fraction else "0")
    found = float(f"{sign}{whole or 0}.{fraction}e{exponent}")
    if found in (float("inf"), float("-inf")):
        raise Open(_LARGE)
    return values.number(found)


def flag(value: object) -> bool:
    """The bool for a bool, or for "true", "false"; "1" and "0" read as bools, too."""
    if isinstance(value, bool):
        return value
    if value in ("true", "1"):
        return True
    if value in ("false", "0"):
        return False
    raise EvaluationError(f"a bool is required, not {kind(value)}")


def kind(value: object) -> str:
    """What a value is, in the words of Terraform's types."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list) else "object"
