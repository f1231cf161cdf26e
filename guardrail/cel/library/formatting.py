"""`format` of strings (cel-go ext/strings.go "Format", as ext/formatting_v2.go has it)."""

from __future__ import annotations

import re

from guardrail.cel import values as v
from guardrail.cel.errors import CelError, Meter
from guardrail.cel.operators import no_overload
from guardrail.cel.values import Duration, Timestamp, TypeValue, Uint

_CLAUSE = re.compile(r"%(%|(?:\.(\d+))?([sdfexXbo]))", re.ASCII)
_MAX_PRECISION = 1_000


class _Writer:
    """Collects text and stops when there is too much of it."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.parts: list[str] = []
        self.size = 0

    def write(self, text: str) -> None:
        self.size = v.checked_size(self.size + len(text))
        self.parts.append(text)

    def value(self, value: object) -> None:
        if isinstance(value, str):
            self.write(value)
        elif isinstance(value, list):
            self.meter.spend(1 + (len(value) >> 3))
            self.write("[")
            for number, item in enumerate(value):
                self.write(", " if number else "")
                self.value(item)
            self.write("]")
        elif isinstance(value, dict):
            self.map(value)
        else:
            self.write(_plain(value))

    def map(self, value: dict[object, object]) -> None:
        self.meter.spend(1 + (len(value) >> 3))
        keyed = sorted((_plain(key), value[_slot(key)]) for key in v.map_keys(value))
        self.write("{")
        for number, (key, item) in enumerate(keyed):
            self.write(f"{', ' if number else ''}{key}: ")
            self.value(item)
        self.write("}")


def _slot(key: object) -> object:
    return v.map_key(key)


def _plain(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Uint)):
        return str(value.value if isinstance(value, Uint) else value)
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, TypeValue):
        return value.name
    if isinstance(value, (Timestamp, Duration)):
        from guardrail.cel.library.times import duration_text, timestamp_text

        return timestamp_text(value) if isinstance(value, Timestamp) else duration_text(value)
    raise CelError(f"format cannot print a value of type {v.type_name(value)}")


def _double(value: float) -> str:
    from guardrail.cel.library.core import double_text

    text = double_text(value, -400, 400)
    return text.lstrip("+").replace("Inf", "Infinity")


def _number(value: object, letter: str) -> int | float:
    if isinstance(value, Uint):
        return value.value
    if type(value) is int or type(value) is float:
        return value
    raise no_overload(f"%{letter}", value)


def _radix(value: object, letter: str) -> str:
    if letter == "b" and isinstance(value, bool):
        return "1" if value else "0"
    if letter in "xX" and isinstance(value, (str, bytes)):
        text = (value.encode() if isinstance(value, str) else value).hex()
        return text if letter == "x" else text.upper()
    number = _number(value, letter)
    if isinstance(number, float):
        raise no_overload(f"%{letter}", value)
    return f"{number:{letter}}"


def _clause(writer: _Writer, letter: str, precision: int, value: object) -> None:
    if letter == "s":
        writer.value(value)
    elif letter == "d":
        number = _number(value, letter)
        writer.write(_double(number) if isinstance(number, float) else str(number))
    elif letter in "fe":
        number = float(_number(value, letter))
        finite = number - number == 0
        writer.write(f"{number:.{precision}{letter}}" if finite else _double(number))
    else:
        writer.write(_radix(value, letter))


def format_text(meter: Meter, template: str, args: list[object]) -> str:
    """The template with its clauses (%s %d %f %e %x %X %b %o) filled in order."""
    writer = _Writer(meter)
    at, used = 0, 0
    while (start := template.find("%", at)) >= 0:
        writer.write(template[at:start])
        found = _CLAUSE.match(template, start)
        if found is None:
            raise CelError(f"unrecognized formatting clause '{template[start : start + 5]}'")
        at = found.end()
        if found.group(1) == "%":
            writer.write("%")
            continue
        precision = int((found.group(2) or "6")[:9])
        if precision > _MAX_PRECISION:
            raise CelError(f"precision of a formatting clause is over {_MAX_PRECISION:,}")
        if used >= len(args):
            raise CelError(f"format has too few arguments, needs one for '{found.group()}'")
        _clause(writer, found.group(3), precision, args[used])
        used += 1
    writer.write(template[at:])
    return "".join(writer.parts)
