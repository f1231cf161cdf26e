"""Equality of values of which some are not known: True, False, or the questions it hangs on."""

from __future__ import annotations

from collections.abc import Iterable

from guardrail.hcl.functions import holes, limits
from guardrail.hcl.functions.literals import plain
from guardrail.hcl.functions.signature import Decide
from guardrail.hcl.values import combine
from guardrail.model.value import Question, UnknownValue

Verdict = bool | UnknownValue


def undecided(_: Question) -> None:
    """Answers no question."""
    return


def equal(one: object, other: object, decide: Decide = undecided, depth: int = 0) -> Verdict:
    """Whether two values are the same, as `==` has it: no string is a number, no number a bool.

    An input that nobody gave is asked for: the answer, or an unknown with the question.
    """
    limits.depth(depth)
    one, other = plain(one), plain(other)
    if isinstance(one, UnknownValue):
        return _unknown(one, other, decide)
    if isinstance(other, UnknownValue):
        return _unknown(other, one, decide)
    if isinstance(one, list) and isinstance(other, list):
        return _lists(one, other, decide, depth)
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return False
        return every(equal(value, other[key], decide, depth + 1) for key, value in one.items())
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _lists(one: list[object], other: list[object], decide: Decide, depth: int) -> Verdict:
    open_ended = [e for e in (*one, *other) if isinstance(e, UnknownValue) and e.many]
    if open_ended:
        return combine(open_ended)
    if len(one) != len(other):
        return False
    return every(equal(a, b, decide, depth + 1) for a, b in zip(one, other, strict=True))


def _unknown(unknown: UnknownValue, other: object, decide: Decide) -> Verdict:
    if isinstance(other, UnknownValue):
        return True if unknown == other and unknown.symbol else combine((unknown, other))
    if other is None and (unknown.refs or unknown.known is not None):
        return False  # a provider's value, or one of which something is known, is not null
    if isinstance(unknown.known, tuple) and not _fits(unknown, other):
        return False
    if isinstance(unknown.known, dict) and not _holds(unknown.known, other):
        return False
    if not unknown.symbol or isinstance(other, list | dict):
        return combine((unknown,))
    question = Question(unknown.symbol, other)
    answer = decide(question)
    return UnknownValue(unknown.reason, questions=(question,)) if answer is None else answer


def _fits(unknown: UnknownValue, other: object) -> bool:
    """Whether a text with holes can be a value: only beginnings and ends are looked at."""
    if not isinstance(other, str):
        return False
    lead, trail = holes.lead(unknown), holes.trail(unknown)
    return other.startswith(lead) and other.endswith(trail) and len(other) >= len(lead) + len(trail)


def _holds(known: dict[str, object], other: object) -> bool:
    """Whether a map of which entries are known can be a value."""
    return isinstance(other, dict) and all(
        key in other and equal(value, other[key]) is not False for key, value in known.items()
    )


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether all hold: False as soon as one does not."""
    opened: list[UnknownValue] = []
    for verdict in verdicts:
        if verdict is False:
            return False
        if isinstance(verdict, UnknownValue):
            opened.append(verdict)
    return combine(opened) if opened else True


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether one holds: True as soon as one does."""
    opened: list[UnknownValue] = []
    for verdict in verdicts:
        if verdict is True:
            return True
        if isinstance(verdict, UnknownValue):
            opened.append(verdict)
    return combine(opened) if opened else False
