"""Numbers and booleans of known values, and arithmetic on them.

Terraform's numbers are fractions of 512 bits (go-cty): whole ones are exact here, others are worked out in decimal and
kept as float. What comes within a float's precision of a whole number is that number.
"""

from __future__ import annotations

import re

from guardrail.hcl.values import MOST_BITS, EvaluationError, Exceeded

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
MOST_DIGITS = 2_000
MOST_EXPONENT = 300
"""Of a number that is not whole, a float."""


def boolean(value: object) -> bool:
    """A known value as a boolean: "true" and "false" (go-cty also takes "1" and "0")."""
    if type(value) is bool:
        return value
    if type(value) is str and value in _BOOLEANS:
        return _BOOLEANS[value]
    if value is None:
        raise EvaluationError("the value is null, where true or false is required")
    raise EvaluationError("a bool is required")


_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def numeric(value: object) -> int | float:
    """A known value as a number: texts that read as a decimal number are converted."""
    if type(value) is int or type(value) is float:
        return value
    if type(value) is str and len(value) <= MOST_DIGITS and _NUMBER.fullmatch(value):
        return parsed(value)
    if value is None:
        raise EvaluationError("the value is null, where a number is required")
    raise EvaluationError("a number is required")


def parsed(written: str) -> int | float:
    """The number a decimal text stands for."""
    from decimal import Decimal

    exact = Decimal(written)
    if exact.adjusted() > MOST_DIGITS:
        raise Exceeded("a number with too many digits")
    whole = int(exact)
    return whole if whole == exact else float(exact)  # too small for a float is 0.0


def arithmetic(operator: str, left: float, right: float) -> int | float:
    """`+ - * / %`, nothing divided by zero; Exceeded for numbers of thousands of digits."""
    if operator == "%" and right == 0:
        return left  # go-cty, Value.Modulo
    if isinstance(left, int) and isinstance(right, int):
        return _whole(operator, left, right)
    return _fraction(operator, left, right)


def _whole(operator: str, left: int, right: int) -> int | float:
    if operator == "/":
        quotient, rest = divmod(left, right)
        return quotient if rest == 0 else _fraction("/", left, right)
    if operator == "%":
        rest = abs(left) % abs(right)  # the sign is that of the dividend
        return -rest if left < 0 else rest
    found = left + right if operator == "+" else left - right if operator == "-" else left * right
    if found.bit_length() > MOST_BITS:
        raise Exceeded("a number with too many digits")
    return found


def _fraction(operator: str, left: float, right: float) -> int | float:
    from decimal import Context, Decimal

    context = Context(prec=154)  # 512 bits
    a, b = Decimal(repr(left)), Decimal(repr(right))
    work = {
        "+": context.add,
        "-": context.subtract,
        "*": context.multiply,
        "/": context.divide,
        "%": context.remainder,
    }[operator]
    found = work(a, b)
    if found.adjusted() > MOST_EXPONENT:
        raise Exceeded("a number with too many digits")
    whole = found.to_integral_value()
    return int(whole) if abs(found - whole) <= abs(found).scaleb(-14) else float(found)
