"""Timestamps and durations (cel-spec langdef.md "Timestamps", "Durations")."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from guardrail.cel import values as v
from guardrail.cel.errors import CelError
from guardrail.cel.functions import Overload
from guardrail.cel.values import SECOND, Duration, Timestamp

if TYPE_CHECKING:
    from datetime import datetime

_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DURATION = re.compile(r"(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_OFFSET = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6}
_UNITS |= {"s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND}
_DAY = 86_400 * SECOND


def parse_timestamp(text: str) -> Timestamp:
    """An RFC 3339 date and time; CelError for anything else."""
    from datetime import datetime

    found = _RFC3339.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute, second = map(int, found.groups()[:6])
        moment = datetime(year, month, day, hour, minute, second)
        seconds = (moment - datetime(1970, 1, 1)).total_seconds()
        offset = 0 if found.group(8) == "Z" else _offset(found.group(8))
    except ValueError:
        raise CelError(f"invalid timestamp: {text[:60]!r}") from None
    nanos = int((found.group(7) or "0").ljust(9, "0"))
    return v.checked_timestamp((int(seconds) - offset) * SECOND + nanos)


def _offset(text: str) -> int:
    found = _OFFSET.fullmatch(text)
    if found is None or int(found.group(2)) > 23 or int(found.group(3)) > 59:
        raise ValueError(text)
    seconds = int(found.group(2)) * 3600 + int(found.group(3)) * 60
    return -seconds if found.group(1) == "-" else seconds


def parse_duration(text: str) -> Duration:
    """A duration as Go writes it, such as `1h30m` or `-1.5s`; CelError for anything else."""
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    total, at = 0, 0
    if rest == "0":
        return Duration(0)
    while at < len(rest):
        found = _DURATION.match(rest, at)
        if found is None or len(rest) > 100 or not (found.group(1) or found.group(2)):
            break
        whole, part, unit = found.groups()
        size = _UNITS[unit]
        total += int(whole or "0") * size
        if part:
            total += int(part) * size // 10 ** len(part)
        at = found.end()
    if not rest or at < len(rest):
        raise CelError(f"invalid duration: {text[:60]!r}")
    return v.checked_duration(sign * total)


def _fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def timestamp_text(value: Timestamp) -> str:
    """RFC 3339 in UTC, fractions as short as possible."""
    moment = _moment(value, 0)
    return f"{moment.isoformat()}{_fraction(value.nanos % SECOND)}Z"


def duration_text(value: Duration) -> str:
    """Seconds with an `s`, fractions as short as possible."""
    seconds, nanos = divmod(abs(value.nanos), SECOND)
    return f"{'-' if value.nanos < 0 else ''}{seconds}{_fraction(nanos)}s"


def _moment(value: Timestamp, offset: int) -> datetime:
    from datetime import datetime, timedelta

    try:
        return datetime(1970, 1, 1) + timedelta(seconds=value.nanos // SECOND + offset)
    except OverflowError:
        raise CelError("timestamp out of range") from None


def _zoned(value: Timestamp, zone: str) -> datetime:
    if zone in ("", "UTC", "Z"):
        return _moment(value, 0)
    if _OFFSET.fullmatch(zone):
        return _moment(value, _offset(zone))
    from datetime import UTC
    from zoneinfo import ZoneInfo

    try:
        delta = _moment(value, 0).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    except (KeyError, ValueError, OSError):
        raise CelError(f"unknown timezone: {zone[:60]!r}") from None
    return _moment(value, int(delta.total_seconds()) if delta else 0)


def _part(read: Callable[[datetime], int], value: Timestamp, zone: str = "UTC") -> int:
    return read(_zoned(value, zone))


def _milliseconds(value: Timestamp, zone: str = "UTC") -> int:
    return value.nanos % SECOND // 10**6


def _timestamp(value: object) -> object:
    if isinstance(value, str):
        return parse_timestamp(value)
    return v.checked_timestamp(value * SECOND) if isinstance(value, int) else value


def _duration(value: object) -> object:
    if isinstance(value, str):
        return parse_duration(value)
    return value


def _whole(size: int, value: Duration) -> int:
    return value.nanos // size if value.nanos >= 0 else -(-value.nanos // size)


def _getter(read: Callable[[datetime], int], size: int | None = None) -> tuple[Overload, ...]:
    code = partial(_part, read)
    of_time = (Overload((Timestamp,), code), Overload((Timestamp, str), code))
    return of_time if size is None else (*of_time, Overload((Duration,), partial(_whole, size)))


def _duration_milliseconds(value: Duration) -> int:
    """What is left after the seconds, as cel-spec has it (cel-go gives the whole duration)."""
    return _whole(10**6, value) - 1000 * _whole(SECOND, value)


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "timestamp": tuple(Overload((kind,), _timestamp) for kind in (str, int, Timestamp)),
    "duration": tuple(Overload((kind,), _duration) for kind in (str, Duration)),
    ".getFullYear": _getter(lambda moment: moment.year),
    ".getMonth": _getter(lambda moment: moment.month - 1),
    ".getDate": _getter(lambda moment: moment.day),
    ".getDayOfMonth": _getter(lambda moment: moment.day - 1),
    ".getDayOfWeek": _getter(lambda moment: moment.isoweekday() % 7),
    ".getDayOfYear": _getter(lambda moment: moment.timetuple().tm_yday - 1),
    ".getHours": _getter(lambda moment: moment.hour, 3600 * SECOND),
    ".getMinutes": _getter(lambda moment: moment.minute, 60 * SECOND),
    ".getSeconds": _getter(lambda moment: moment.second, SECOND),
    ".getMilliseconds": (
        Overload((Timestamp,), _milliseconds),
        Overload((Timestamp, str), _milliseconds),
        Overload((Duration,), _duration_milliseconds),
    ),
}
