"""Equality of values of which some are not known, without asking for inputs: that is the evaluator's."""

from __future__ import annotations

from collections.abc import Iterable

from guardrail.hcl.equality import fits, one_value
from guardrail.hcl.functions import limits
from guardrail.hcl.functions.kinds import plain
from guardrail.hcl.values import combine
from guardrail.model.value import UnknownValue

Verdict = bool | UnknownValue


def equal(one: object, other: object, depth: int = 0) -> Verdict:
    """Whether two values are the same, as `==` has it: no string is a number, no number a bool."""
    limits.depth(depth)
    one, other = plain(one), plain(other)
    if isinstance(one, UnknownValue):
        return _unknown(one, other)
    if isinstance(other, UnknownValue):
        return _unknown(other, one)
    if isinstance(one, list) and isinstance(other, list):
        return _lists(one, other, depth)
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return False
        return every(equal(value, other[key], depth + 1) for key, value in one.items())
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _lists(one: list[object], other: list[object], depth: int) -> Verdict:
    several = [e for e in (*one, *other) if isinstance(e, UnknownValue) and e.many]
    if several:
        return combine(several)
    if len(one) != len(other):
        return False
    return every(equal(a, b, depth + 1) for a, b in zip(one, other, strict=True))


def _unknown(unknown: UnknownValue, other: object) -> Verdict:
    if isinstance(other, UnknownValue):
        return True if one_value(unknown, other) else combine((unknown, other))
    if other is None and (unknown.refs or (unknown.known is not None and not unknown.symbol)):
        return False  # a provider's value, or one of which something is known, is not null
    if isinstance(unknown.known, tuple) and not (isinstance(other, str) and fits(unknown.known, other)):
        return False
    if isinstance(unknown.known, dict) and other is not None and not _holds(unknown.known, other):
        return False
    return combine((unknown,))


def _holds(known: dict[str, object], other: object) -> bool:
    """Whether a map of which entries are known can be a value."""
    return isinstance(other, dict) and all(
        key in other and equal(value, other[key]) is not False for key, value in known.items()
    )


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether all hold: False as soon as one does not."""
    return _first(verdicts, wanted=False)


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether one holds: True as soon as one does."""
    return _first(verdicts, wanted=True)


def _first(verdicts: Iterable[Verdict], wanted: bool) -> Verdict:
    opened: list[UnknownValue] = []
    for verdict in verdicts:
        if verdict is wanted:
            return wanted
        if isinstance(verdict, UnknownValue):
            opened.append(verdict)
    return combine(opened) if opened else not wanted
