"""Equality as Terraform has it, in three values; and what two values have in common.

Documentation, "Arithmetic and logical operators": `a == b` is true if a and b have the same type and the same value.
go-cty, Value.Equals: values of different types are not equal, null equals null only.
"""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.hcl.run import PLAIN, SCALARS, Run
from guardrail.hcl.values import combine
from guardrail.model.value import Question, UnknownValue

Answer = bool | UnknownValue


def equal(run: Run, left: object, right: object) -> Answer:
    """Whether two values are equal; unknown with the questions that would tell."""
    run.spend()
    a, b = type(left), type(right)
    if a in SCALARS and b in SCALARS:
        return (a is bool) == (b is bool) and left == right
    if isinstance(left, UnknownValue):
        return _with_unknown(run, left, right)
    if isinstance(right, UnknownValue):
        return _with_unknown(run, right, left)
    if left is None or right is None:
        return False
    if a not in PLAIN or b not in PLAIN:
        return equal(run, run.plain(left), run.plain(right))
    return _collections(run, left, right)


def _collections(run: Run, left: object, right: object) -> Answer:
    run.spend(5)  # as many nodes take as long
    if isinstance(left, list) and isinstance(right, list):
        return _lists(run, left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return _maps(run, left, right)
    return False


def negated(answer: Answer) -> Answer:
    """The opposite."""
    return answer if type(answer) is UnknownValue else not answer


def both(answers: Sequence[Answer]) -> Answer:
    """Whether all are true: false as soon as one is."""
    if any(a is False for a in answers):
        return False
    open_ones = [a for a in answers if type(a) is UnknownValue]
    return combine(open_ones) if open_ones else True


def _lists(run: Run, left: list[object], right: list[object]) -> Answer:
    first, second = run.tail(left), run.tail(right)
    pairs = [equal(run, a, b) for a, b in zip(left[:first], right[:second], strict=False)]
    if first == len(left) and second == len(right):
        return both(pairs) if first == second else False
    least = min(_least(left), _least(right))
    if (first == len(left) and _least(right) > first) or (second == len(right) and _least(left) > second):
        return False
    rest = [v for v in (*left[first:], *right[second:]) if type(v) is UnknownValue and v.many]
    return both([*pairs[: max(least, first, second)], run.caused(rest)])


def _least(items: list[object]) -> int:
    return sum(1 for v in items if not (type(v) is UnknownValue and v.many))


def _maps(run: Run, left: dict[str, object], right: dict[str, object]) -> Answer:
    if left.keys() != right.keys():
        return False
    return both([equal(run, v, right[k]) for k, v in left.items()])


def _with_unknown(run: Run, unknown: UnknownValue, other: object) -> Answer:
    if isinstance(other, UnknownValue):
        return _unknowns(run, unknown, other)
    if type(unknown.known) is tuple:
        answer = _hole(unknown, other)
    elif type(unknown.known) is dict:
        answer = _part(run, unknown, other)
    elif unknown.symbol and type(other) in SCALARS and not unknown.many:
        answer = run.ask(Question(unknown.symbol, other), unknown.reason)
    else:
        answer = None
    if answer is None and unknown.refs and (other is None or other == ""):
        return False  # the provider decides it, so that it is set
    return run.caused((unknown,)) if answer is None else answer


def _unknowns(run: Run, one: UnknownValue, other: UnknownValue) -> Answer:
    if one_value(one, other):
        return True
    if type(one.known) in _KNOWN and type(other.known) in _KNOWN and type(one.known) is not type(other.known):
        return False  # a text and a map
    return run.caused((one, other))


_KNOWN = frozenset({tuple, dict})


def one_value(one: UnknownValue, other: UnknownValue) -> bool:
    """Whether two unknowns stand for the same value: the same input, or the same attribute of one instance."""
    if one.many or other.many:
        return False
    if one.symbol:
        return one.symbol == other.symbol
    if one.refs:
        return (
            len(one.refs) == 1
            and one.refs == other.refs
            and one.known is None
            and other.known is None
            and ("*" not in one.refs[0][0] + one.refs[0][1])
        )
    if type(one.known) is tuple and type(other.known) is tuple and len(one.known) == len(other.known):
        return all(
            a == b if type(a) is str else type(b) is UnknownValue and one_value(a, b)  # type: ignore[arg-type]
            for a, b in zip(one.known, other.known, strict=True)
        )
    return False


def _hole(unknown: UnknownValue, other: object) -> Answer | None:
    """A text with holes compared; None where it is open."""
    return None if type(other) is str and fits(unknown.known, other) else False  # type: ignore[arg-type]


def fits(parts: tuple[object, ...], wanted: str) -> bool:
    """Whether the known parts of a text stand in another one, in order, from its beginning to its end."""
    at, last = 0, len(wanted)
    if parts and type(parts[-1]) is str:
        if not wanted.endswith(parts[-1]):
            return False
        last -= len(parts[-1])
        parts = parts[:-1]
    for index, part in enumerate(parts):
        if type(part) is not str:
            continue
        found = wanted.find(part, at, last)
        if found < 0 or (index == 0 and found != 0):
            return False
        at = found + len(part)
    return at <= last


def _part(run: Run, unknown: UnknownValue, other: object) -> Answer | None:
    """A map that is known in part compared; None where it is open."""
    known = unknown.known
    if other is None:
        return None if unknown.symbol else False
    if type(other) is dict:
        if any(k not in other for k in known):  # type: ignore[union-attr]
            return False
        pairs = [equal(run, v, other[k]) for k, v in known.items()]  # type: ignore[union-attr]
        return False if any(p is False for p in pairs) else None
    return None if type(other) is UnknownValue or type(other) not in PLAIN else False


def same(one: object, other: object) -> bool:
    """Whether two values are certainly one and the same, of the same type throughout."""
    a, b = type(one), type(other)
    if a is UnknownValue and b is UnknownValue:
        return one_value(one, other)  # type: ignore[arg-type]
    if one is other:
        return True
    return a in SCALARS and b in SCALARS and (a is bool) == (b is bool) and one == other


def either(run: Run, values: Sequence[object], cause: UnknownValue) -> object:
    """What is known of a value that is one of several; `cause` is what it depends on which.

    Equal values are that value. Maps and lists are kept as far as they agree.
    """
    found = values[0]
    for other in values[1:]:
        found = _pair(run, found, other, cause)
    return found


def _pair(run: Run, one: object, other: object, cause: UnknownValue) -> object:
    run.spend()
    if same(one, other):
        return one
    if isinstance(one, list) and isinstance(other, list):
        return _common_items(run, one, other, cause)
    first, second = _entries(one), _entries(other)
    if first is not None and second is not None:
        shared = {k: _pair(run, v, second[k], cause) for k, v in first.items() if k in second}
        if type(one) is dict and type(other) is dict and len(shared) == len(first) == len(second):
            return shared
        made = _caused(cause, one, other)
        return UnknownValue(made.reason, questions=made.questions, known=shared)
    return _caused(cause, one, other)


def _entries(value: object) -> dict[str, object] | None:
    if type(value) is dict:
        return value
    if type(value) is UnknownValue and type(value.known) is dict and not value.symbol:
        return value.known
    return None


def _caused(cause: UnknownValue, *values: object) -> UnknownValue:
    return combine((cause, *[v for v in values if type(v) is UnknownValue]))


def _common_items(run: Run, one: list[object], other: list[object], cause: UnknownValue) -> object:
    run.spend(5)
    first, second = run.tail(one), run.tail(other)
    items = [_pair(run, a, b, cause) for a, b in zip(one[:first], other[:second], strict=False)]
    if first == len(one) and second == len(other) and first == second:
        return items
    made = _caused(cause, *one[first:], *other[second:])
    return [*items, UnknownValue(made.reason, questions=made.questions, many=True)]
