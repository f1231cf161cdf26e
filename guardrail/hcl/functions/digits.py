"""Numbers written out as Go's fmt does with its verbs for them."""

from __future__ import annotations

from guardrail.hcl.functions.limits import Open
from guardrail.hcl.values import EvaluationError

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
    digits = Decimal(str(value) if isinstance(value, int) else repr(value)).normalize() if value else Decimal(0)
    with localcontext() as context:
        context.prec = 2_000
        digits = Decimal(str(value) if isinstance(value, int) else repr(value))
        if letter == "f":
            return format(digits, f".{6 if precision < 0 else precision}f")
        if letter in "eE":
            return _exponent(format(digits, f".{6 if precision < 0 else precision}e"), letter)
        return _shortest(digits, precision, letter)


def _exponent(written: str, letter: str) -> str:
    """Python's exponent has no two digits, Go's has."""
    mantissa, _, exponent = written.partition("e")
    return f"{mantissa}{'E' if letter in 'EG' else 'e'}{exponent[0]}{exponent[1:].rjust(2, '0')}"


def _shortest(digits: object, precision: int, letter: str) -> str:
    from decimal import Decimal

    assert isinstance(digits, Decimal)
    tidy = digits.normalize() if digits else digits
    if precision >= 0:
        tidy = Decimal(format(tidy, f".{max(precision, 1) - 1}e")).normalize() if digits else digits
    exponent = tidy.adjusted() if tidy else 0
    shown = len(tidy.as_tuple().digits)
    most = max(precision, 1) if precision >= 0 else 21 if shown > 0 else 6
    if exponent < -4 or exponent >= most:
        return _exponent(format(tidy, f".{shown - 1}e"), letter)
    return format(tidy, "f")
