"""Standard functions, type conversions, optionals, base64 and sets.

Sources: cel-spec langdef.md "List of Standard Definitions"; cel-go ext/README.md (Encoders, Sets).
"""

from __future__ import annotations

from math import isnan

from guardrail.cel import values as v
from guardrail.cel.errors import CelError, Meter
from guardrail.cel.functions import Overload
from guardrail.cel.operators import contains as list_contains
from guardrail.cel.operators import no_overload
from guardrail.cel.values import NONE, Duration, Optional, Timestamp, TypeValue, Uint
from guardrail.model.value import UnknownValue

_TRUE = frozenset({"1", "t", "true", "TRUE", "True"})
_FALSE = frozenset({"0", "f", "false", "FALSE", "False"})


def _int(value: object) -> object:
    if isinstance(value, Uint):
        return v.checked_int(value.value)
    if isinstance(value, float):
        # the ends of the range cannot be told from what lies just outside, so they count as outside
        if not -(2.0**63) < value < 2.0**63:
            raise CelError("integer overflow")
        return int(value)
    if isinstance(value, str):
        return v.checked_int(_whole(value, "int"))
    if isinstance(value, Timestamp):
        return value.nanos // v.SECOND
    return value


def _uint(value: object) -> object:
    if isinstance(value, float):
        if not 0.0 <= value < 2.0**64:
            raise CelError("unsigned integer overflow")
        return Uint(int(value))
    if isinstance(value, str):
        if value.startswith(("-", "+")):
            raise CelError(f"cannot convert '{value[:40]}' to uint")
        return v.checked_uint(_whole(value, "uint"))
    if isinstance(value, int):
        return v.checked_uint(value)
    return value


def _whole(text: str, kind: str) -> int:
    digits = text[1:] if text[:1] in ("-", "+") else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 100:
        raise CelError(f"cannot convert '{text[:40]}' to {kind}")
    return int(text)


def _double(value: object) -> object:
    if isinstance(value, Uint):
        return float(value.value)
    if isinstance(value, str):
        if "_" in value or value != value.strip() or not value.isascii():
            raise CelError(f"cannot convert '{value[:40]}' to double")
        try:
            number = float(value)
        except ValueError:
            raise CelError(f"cannot convert '{value[:40]}' to double") from None
        if number in (float("inf"), float("-inf")) and "n" not in value.lower():
            raise CelError(f"'{value[:40]}' is out of the range of double")
        return number
    assert isinstance(value, (int, float))
    return float(value)


def double_text(value: float, low: int = -4, high: int = 6) -> str:
    """A double with the shortest digits; an exponent when it is below `low` or reaches `high`.

    The defaults are Go's %g, which cel-go's `string(double)` uses: 1e+06, but 100000.
    """
    if isnan(value):
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    sign = "-" if str(value).startswith("-") else ""
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    part = "" if part == "0" else part
    digits = (whole + part).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + part) - len(digits))
    digits = digits.rstrip("0")
    if not digits:
        return sign + "0"
    if low <= point - 1 < high:
        if point <= 0:
            return f"{sign}0.{'0' * -point}{digits}"
        tail = digits[point:]
        return sign + digits[:point].ljust(point, "0") + (f".{tail}" if tail else "")
    tail = f".{digits[1:]}" if digits[1:] else ""
    return f"{sign}{digits[0]}{tail}e{'-' if point < 1 else '+'}{abs(point - 1):02d}"


def _string(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise CelError("invalid UTF-8 in bytes, cannot convert to string") from None
    if isinstance(value, (Timestamp, Duration)):
        from guardrail.cel.library.times import duration_text, timestamp_text

        return timestamp_text(value) if isinstance(value, Timestamp) else duration_text(value)
    return str(value.value if isinstance(value, Uint) else value)


def _address_text(value: object) -> str:
    from guardrail.cel.library.networks import Cidr, Ip, cidr_text, ip_text

    if isinstance(value, Cidr):
        return cidr_text(value)
    if isinstance(value, Ip):
        return ip_text(value)
    raise no_overload("string", value)


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _bool(value: object) -> object:
    if isinstance(value, str):
        if value in _TRUE or value in _FALSE:
            return value in _TRUE
        raise CelError(f"cannot convert '{value[:40]}' to bool")
    return value


def _type(value: object) -> TypeValue:
    return TypeValue(v.type_name(value))


def _non_zero(value: object) -> Optional:
    if value is None or value is False or value in ("", b"", [], {}):
        return NONE
    if type(value) in (int, float, Uint) and value == 0:
        return NONE
    return NONE if value in (Duration(0),) else Optional(value)


def _value(value: Optional) -> object:
    if not value.present:
        raise CelError("optional.none() dereference")
    return value.value


def _base64_encode(value: bytes) -> str:
    from binascii import b2a_base64

    return b2a_base64(value, newline=False).decode()


def _base64_decode(value: str) -> bytes:
    import binascii

    try:
        # like cel-go, take the form without padding too
        return binascii.a2b_base64(value + "=" * (-len(value) % 4), strict_mode=True)
    except (binascii.Error, ValueError):
        raise CelError("not base64") from None


def _sets_contains(meter: Meter, a: list[object], b: list[object]) -> bool | UnknownValue:
    return _all_in(meter, b, a)


def _all_in(meter: Meter, items: list[object], container: list[object]) -> bool | UnknownValue:
    result: bool | UnknownValue = True
    meter.spend((len(items) * len(container)) >> 4)
    for item in items:
        found = list_contains(item, container, meter)
        if found is False:
            return False
        if found is not True:
            result = found
    return result


def _sets_equivalent(meter: Meter, a: list[object], b: list[object]) -> bool | UnknownValue:
    first, second = _all_in(meter, a, b), _all_in(meter, b, a)
    if first is False or second is False:
        return False
    return second if first is True else first


def _sets_intersects(meter: Meter, a: list[object], b: list[object]) -> bool | UnknownValue:
    result: bool | UnknownValue = False
    meter.spend((len(a) * len(b)) >> 4)
    for item in a:
        found = list_contains(item, b, meter)
        if found is True:
            return True
        if found is not False:
            result = found
    return result


def _sized(*kinds: type) -> tuple[Overload, ...]:
    return tuple(Overload((kind,), len, deep=False) for kind in kinds)


def _converts(code: object, *kinds: type) -> tuple[Overload, ...]:
    return tuple(Overload((kind,), code) for kind in kinds)  # type: ignore[arg-type]


def _list_size(items: list[object]) -> int | UnknownValue:
    """How many there are; unknown where an element stands for any number of them."""
    open_ended = next((i for i in items if type(i) is UnknownValue and i.many), None)
    return len(items) if open_ended is None else UnknownValue(open_ended.reason, questions=open_ended.questions)


_SIZE = (*_sized(str, bytes, dict), Overload((list,), _list_size, deep=False))
_NUMERIC = (int, Uint, float, str)


def _shallow(types: tuple[type, ...], code: object, metered: bool = False) -> tuple[Overload, ...]:
    return (Overload(types, code, False, metered),)  # type: ignore[arg-type]


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "size": _SIZE,
    ".size": _SIZE,
    ".contains": (Overload((str, str), str.__contains__),),
    ".startsWith": (Overload((str, str), str.startswith),),
    ".endsWith": (Overload((str, str), str.endswith),),
    "dyn": _shallow((object,), lambda value: value),
    "type": _shallow((object,), _type),
    "int": _converts(_int, *_NUMERIC, Timestamp),
    "uint": _converts(_uint, *_NUMERIC),
    "double": _converts(_double, *_NUMERIC),
    "bool": _converts(_bool, bool, str),
    "bytes": (Overload((str,), _bytes), Overload((bytes,), lambda value: value)),
    "string": (
        *_converts(_string, bool, *_NUMERIC, bytes, Timestamp, Duration),
        Overload((object,), _address_text),
    ),
    "optional.of": _shallow((object,), Optional),
    "optional.none": (Overload((), lambda: NONE),),
    "optional.ofNonZeroValue": _shallow((object,), _non_zero),
    ".value": _shallow((Optional,), _value),
    ".hasValue": _shallow((Optional,), lambda value: value.present),
    "base64.encode": (Overload((bytes,), _base64_encode),),
    "base64.decode": (Overload((str,), _base64_decode),),
    "sets.contains": _shallow((list, list), _sets_contains, True),
    "sets.equivalent": _shallow((list, list), _sets_equivalent, True),
    "sets.intersects": _shallow((list, list), _sets_intersects, True),
}
