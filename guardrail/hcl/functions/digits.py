"""Numbers written out as Go's fmt does with its verbs for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guardrail.hcl.functions.limits import Open
from guardrail.hcl.values import EvaluationError

if TYPE_CHECKING:
    from decimal import Decimal

_BASES = {"b": "b", "d": "d", "o": "o", "x": "x", "X": "X"}
_PREFIXES = {"b": "0b", "d": "", "o": "0", "x": "0x", "X": "0X"}


def number_text(value: int | float, flags: str, width: int, precision: int, letter: str) -> str:
    """A number by a verb of Go: flags ` +-#0`, least width and precision (-1 where there is none), letter."""
    if letter in _BASES:
        if not isinstance(value, int):
            raise EvaluationError(f"a whole number is required for %{letter}")
        body = format(abs(value), _BASES[letter])
        if precision >= 0:
            body = "" if precision == 0 and value == 0 else body.rjust(precision, "0")
        if "#" in flags:
            body = _PREFIXES[letter] + body
    else:
        body = _float(abs(value), precision, letter, "#" in flags)
    sign = "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
    if "-" in flags:
        return (sign + body).ljust(width)
    if "0" in flags and not (letter in _BASES and precision >= 0):
        return sign + body.rjust(width - len(sign), "0")
    return (sign + body).rjust(width)


def _float(value: int | float, precision: int, letter: str, sharp: bool) -> str:
    from decimal import Decimal, localcontext

    if sharp:
        raise Open("a number written with #")
    with localcontext() as context:
        context.prec = 2_000
        digits = Decimal(str(value) if isinstance(value, int) else repr(value))
        if letter == "f":
            return format(digits, f".{6 if precision < 0 else precision}f")
        if letter in "eE":
            return _exponent(digits, 6 if precision < 0 else precision, letter)
        return _shortest(digits, precision, letter)


def _exponent(digits: Decimal, precision: int, letter: str) -> str:
    """Python's exponent has no two digits, Go's has; Python's zero has one other than 0."""
    mantissa, _, exponent = format(digits, f".{precision}e").partition("e")
    shown = exponent[1:] if digits else "0"
    return f"{mantissa}{'E' if letter in 'EG' else 'e'}{exponent[0]}{shown.rjust(2, '0')}"


def _shortest(digits: Decimal, precision: int, letter: str) -> str:
    """As few digits as tell the number, or as many as the precision; with an exponent from 6 digits on, or from the
    precision."""
    from decimal import Decimal

    if precision >= 0 and digits:
        digits = Decimal(format(digits, f".{max(precision, 1) - 1}e"))
    digits = digits.normalize() if digits else Decimal(0)
    exponent, shown = digits.adjusted(), len(digits.as_tuple().digits)
    most = max(precision, 1) if precision >= 0 else 6
    if precision > shown > exponent:
        most = shown
    if exponent < -4 or exponent >= most:
        return _exponent(digits, shown - 1, letter)
    return format(digits, "f")
