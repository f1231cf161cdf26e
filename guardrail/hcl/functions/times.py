"""Functions of times, by Terraform's documentation, "Date and Time Functions". The time of the run is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from guardrail.hcl.functions.limits import Open
from guardrail.hcl.functions.signature import Signature, text
from guardrail.hcl.values import EvaluationError

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d))", re.ASCII)
_DURATION = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}


class Moment(NamedTuple):
    """A time of RFC 3339: to the second in its zone, and nanoseconds."""

    at: datetime
    nanoseconds: int


def parse(written: str) -> Moment:
    """The time that a text of RFC 3339 gives."""
    match = _STAMP.fullmatch(written)
    if match is None:
        raise EvaluationError(f'"{written[:40]}" is no time of RFC 3339')
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    offset = timedelta(0)
    if not match[8]:
        if int(match[10]) > 24 or int(match[11]) > 60:
            raise EvaluationError(f'"{written[:40]}" has no zone of RFC 3339')
        offset = timedelta(hours=int(match[10]), minutes=int(match[11])) * (1 if match[9] == "+" else -1)
    if year == 0:
        raise Open("a time before the year 1")
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        raise EvaluationError(f'"{written[:40]}" is no time') from None
    return Moment(at, int((match[7] or "0")[:9].ljust(9, "0")))


def timecmp(one: str, other: str) -> int:
    """-1, 0 or 1: whether a time is before, at or after another."""
    left, right = parse(one), parse(other)
    return (left > right) - (left < right)


def timeadd(written: str, duration: str) -> str:
    """A time a duration such as "1.5h" or "-10m30s" later, to the second."""
    moment = parse(written)
    total = moment.nanoseconds + _nanoseconds(duration)
    try:
        at = moment.at + timedelta(seconds=total // 10**9)
    except OverflowError:
        raise Open("a time beyond the year 9999") from None
    return f"{at.year:04d}{at.strftime('-%m-%dT%H:%M:%S')}{_zone(at, 'Z', ':')}"


def _nanoseconds(duration: str) -> int:
    """The length of a duration as Go reads it (time.ParseDuration)."""
    from fractions import Fraction

    unsigned = duration[1:] if duration[:1] in ("-", "+") else duration
    if unsigned == "0":
        return 0
    if not re.fullmatch(f"(?:{_DURATION.pattern})+", unsigned) or len(unsigned) > 100:
        raise EvaluationError(f'"{duration[:40]}" is no duration')
    total = sum(
        int(Fraction(amount.strip(".") if amount.endswith(".") else "0" + amount) * _NANOSECONDS[unit])
        for amount, unit in _DURATION.findall(unsigned)
    )
    if total >= 1 << 63:
        raise EvaluationError(f'"{duration[:40]}" is too long')
    return -total if duration.startswith("-") else total


def _zone(at: datetime, zulu: str, colon: str) -> str:
    offset = at.utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds()) // 60
    if minutes == 0 and zulu:
        return zulu
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}{colon}{abs(minutes) % 60:02d}"


_FIELD = re.compile(r"'(?:[^']|'')*'?|([A-Za-z])\1*|[^A-Za-z']+")


def formatdate(layout: str, written: str) -> str:
    """A time in a layout: letters that repeat are fields, quoted text and other characters stand as they are."""
    at = parse(written).at
    made: list[str] = []
    for match in _FIELD.finditer(layout):
        field = match[0]
        if field.startswith("'"):
            if len(field) < 2 or not field.endswith("'"):
                raise EvaluationError("a quote is not closed")
            made.append(field[1:-1].replace("''", "'") or "'")
        elif match[1]:
            made.append(_field(field, at))
        else:
            made.append(field)
    return "".join(made)


def _field(field: str, at: datetime) -> str:
    month, day = _MONTHS[at.month - 1], _DAYS[at.weekday()]
    half = at.hour % 12 or 12
    known = {
        "YYYY": f"{at.year:04d}",
        "YY": f"{at.year % 100:02d}",
        "MMMM": month,
        "MMM": month[:3],
        "MM": f"{at.month:02d}",
        "M": str(at.month),
        "DD": f"{at.day:02d}",
        "D": str(at.day),
        "EEEE": day,
        "EEE": day[:3],
        "hh": f"{at.hour:02d}",
        "h": str(at.hour),
        "HH": f"{half:02d}",
        "H": str(half),
        "AA": "PM" if at.hour >= 12 else "AM",
        "aa": "pm" if at.hour >= 12 else "am",
        "mm": f"{at.minute:02d}",
        "m": str(at.minute),
        "ss": f"{at.second:02d}",
        "s": str(at.second),
        "ZZZZZ": _zone(at, "", ":"),
        "ZZZZ": _zone(at, "", ""),
        "ZZZ": _zone(at, "UTC", ""),
        "Z": _zone(at, "Z", ":"),
    }
    if field not in known:
        raise EvaluationError(f'"{field[:20]}" is no field of a time')
    return known[field]


def _now(*_: object) -> object:
    raise Open("the time of the run")


FUNCTIONS: Mapping[str, Signature] = {
    "formatdate": Signature(formatdate, (text, text)),
    "plantimestamp": Signature(_now),
    "timeadd": Signature(timeadd, (text, text)),
    "timecmp": Signature(timecmp, (text, text)),
    "timestamp": Signature(_now),
}
