"""Schedules: the five fields of `cron`.

Source: github/docs `events-that-trigger-workflows.md`, "schedule" and the table of operators; POSIX crontab. A day of
the week of 7 is not documented and not refused here: other crons know it as Sunday.
"""

from __future__ import annotations

from calendar import monthrange
from itertools import pairwise
from re import compile as regex
from typing import NamedTuple

SHORTEST = 5
"""Minutes: "The shortest interval you can run scheduled workflows is once every 5 minutes"."""

_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_DAYS = "SUN MON TUE WED THU FRI SAT".split()
_ITEM = regex(r"(\*|[0-9]{1,4}|[A-Za-z]{3})(?:-([0-9]{1,4}|[A-Za-z]{3}))?(?:/([0-9]{1,4}))?\Z")


class Field(NamedTuple):
    """A field: its name, least and greatest value, names that stand for values."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()


FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of the month", 1, 31),
    Field("month", 1, 12, tuple(_MONTHS)),
    Field("day of the week", 0, 7, tuple(_DAYS)),
)


class CronError(Exception):
    """What is wrong with a schedule; `text` is the part at fault, empty for the whole."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.text = text


def parse(text: str) -> tuple[frozenset[int], ...]:
    """The values of each field; CronError where GitHub would refuse the schedule, or it never comes."""
    fields = text.split()
    if text.strip().startswith("@"):
        raise CronError(f"GitHub does not support {text.strip()}; write the five fields")
    if len(fields) != len(FIELDS):
        raise CronError(f"has {len(fields)} fields; minute, hour, day, month and day of the week are five")
    found = tuple(_values(given, field) for given, field in zip(fields, FIELDS, strict=True))
    _happens(fields, found)
    return found


def _happens(fields: list[str], found: tuple[frozenset[int], ...]) -> None:
    """Refuse a day that no month has; a day of the week beside it is an alternative (POSIX crontab)."""
    if fields[4] == "*" and not any(day <= monthrange(2024, month)[1] for month in found[3] for day in found[2]):
        raise CronError("never runs: there is no such day in that month")


def _values(given: str, field: Field) -> frozenset[int]:
    values: set[int] = set()
    for item in given.split(","):
        values |= _item(item, field)
    return frozenset(values)


def _item(item: str, field: Field) -> set[int]:
    match = _ITEM.match(item)
    if match is None or (match[1] == "*" and match[2]):
        raise CronError(f"{field.name} '{item}' is not understood", item)
    first, last, step = match.groups()
    start = field.least if first == "*" else _number(first, field, item)
    end = field.most if first == "*" or (step and not last) else start
    if last:
        end = _number(last, field, item)
        if end < start:
            raise CronError(f"{field.name} '{item}' runs backwards", item)
    if step and int(step) == 0:
        raise CronError(f"{field.name} '{item}' has a step of 0", item)
    return set(range(start, end + 1, int(step or 1)))


def _number(text: str, field: Field, item: str) -> int:
    if text.isdigit():
        value = int(text)
        if not field.least <= value <= field.most:
            most = field.most - (field.name == "day of the week")
            raise CronError(f"{field.name} '{item}' is out of range {field.least} to {most}", item)
        return value
    if text.upper() not in field.names:
        raise CronError(f"{field.name} '{item}' is not understood", item)
    return field.names.index(text.upper()) + field.least


def gap(found: tuple[frozenset[int], ...]) -> int:
    """The fewest minutes between two runs, as far as the minutes and hours of a day tell."""
    minutes, hours = sorted(found[0]), found[1]
    gaps = [b - a for a, b in pairwise(minutes)]
    if any((hour + 1) % 24 in hours for hour in hours):
        gaps.append(minutes[0] + 60 - minutes[-1])
    return min(gaps, default=24 * 60)
