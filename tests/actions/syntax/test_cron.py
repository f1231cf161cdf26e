"""Schedules: github/docs `events-that-trigger-workflows.md`, "schedule", and the table of operators there."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.syntax import cron


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("15 4,5 * * *", 1, {4, 5}),  # "," value list separator
        ("30 4-6 * * *", 1, {4, 5, 6}),  # "-" range of values
        ("20/15 * * * *", 0, {20, 35, 50}),  # "/" step values, the example of the table
        ("0 0 * JAN-mar *", 3, {1, 2, 3}),  # "JAN-DEC"
        ("0 0 * * SUN,6", 4, {0, 6}),  # "SUN-SAT"
        ("0 0 * * 7", 4, {7}),
        ("1-9/4 * * * *", 0, {1, 5, 9}),
    ],
)
def test_what_is_understood(text: str, field: int, values: set[int]) -> None:
    assert cron.parse(text)[field] == values


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@daily", "does not support"),  # "does not support the non-standard syntax @yearly, @monthly, ..."
        ("0 0 * *", "4 fields"),
        ("0 0 0 * * *", "6 fields"),
        ("60 * * * *", "out of range 0 to 59"),
        ("0 0 0 * *", "out of range 1 to 31"),
        ("0 0 * 13 *", "out of range 1 to 12"),
        ("0 0 * * 8", "out of range 0 to 6"),
        ("0 5-1 * * *", "backwards"),
        ("*/0 * * * *", "step of 0"),
        ("*-3 * * * *", "not understood"),
        ("0 0 L * *", "not understood"),
        ("0 0 ? * *", "not understood"),
        ("0,, * * * *", "not understood"),
        ("0 0 30 2 *", "never runs"),
        ("0 0 31 2,4,6 *", "never runs"),
        ("99999999999 * * * *", "not understood"),
    ],
)
def test_what_is_refused(text: str, words: str) -> None:
    with pytest.raises(cron.CronError) as caught:
        cron.parse(text)
    assert words in caught.value.message
    assert caught.value.text in text


@pytest.mark.parametrize("text", ["0 0 29 2 *", "0 0 31 2 1", "0 0 31 1-2 *"])
def test_a_day_that_comes_sometimes_is_one(text: str) -> None:
    """POSIX crontab: day of the month and day of the week, both given, are alternatives."""
    assert cron.parse(text)


_HOURS = st.sets(st.integers(0, 23), min_size=1)


@given(minutes=st.sets(st.integers(0, 59), min_size=1), hours=_HOURS)
def test_the_gap_is_that_of_the_runs_of_two_days(minutes: set[int], hours: set[int]) -> None:
    text = f"{','.join(map(str, minutes))} {','.join(map(str, hours))} * * *"
    runs = sorted(d * 1440 + h * 60 + m for d in (0, 1) for h in hours for m in minutes)
    least = min(b - a for a, b in pairwise(runs))
    # beyond an hour, no more than "at least an hour" is claimed
    assert min(cron.gap(cron.parse(text)), 61) == min(least, 61)


@given(st.text(alphabet="0123456789*/,-LW?#@ JANSUNjan", max_size=40))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        found = cron.parse(text)
    except cron.CronError as error:
        found = (frozenset({1}),) * 5 if error.message else ()
    assert len(found) == 5
    assert all(found)
