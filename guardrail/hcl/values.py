"""Values of the Terraform language as plain data, and what is done with those that are not known.

A value is None, a bool, an int, a float (never a whole number), a str, a list (also for sets and tuples: sets sorted,
each element once), a dict (maps and objects), an UnknownValue, or an Entity.

Positions in a list are certain up to its first element of unknown number (`many`): behind it stands what is known to be
in the list, in no certain order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from guardrail.model.value import Question, UnknownValue

MOST_REASONS = 3
"""How many causes the reason of an unknown value names."""


class EvaluationError(Exception):
    """An expression that Terraform would refuse; `str()` is a sentence. `try` and `can` catch it."""


class Exceeded(EvaluationError):
    """An evaluation that became too deep, too long or too large. It says nothing of what Terraform does, so that `try`
    and `can` do not catch it."""


@runtime_checkable
class Entity(Protocol):
    """Something named in a configuration whose attributes are worked out when asked for: `var`, a resource, a module.

    `attribute` raises EvaluationError for what there is not; `plain` is the value where a whole one is needed.
    """

    def attribute(self, name: str) -> object:
        """The value of `entity.name` or `entity["name"]`."""

    def plain(self) -> object:
        """Everything of it as data."""


def combine(unknowns: Iterable[UnknownValue]) -> UnknownValue:
    """One unknown made from others: their causes and questions, each once."""
    reasons: dict[str, None] = {}
    questions: dict[tuple[str, str], Question] = {}
    for unknown in unknowns:
        reasons.update(dict.fromkeys(unknown.reason.split(" and ")))
        for question in unknown.questions:
            questions.setdefault((question.subject, repr(question.literal)), question)
    return UnknownValue(" and ".join(list(reasons)[:MOST_REASONS]), questions=tuple(questions.values()))


def unknowns(value: object) -> Iterator[UnknownValue]:
    """Every unknown in a value, itself included; what is known of an unknown is not looked into.

    A list or map that stands in a value several times is looked into once.
    """
    waiting, seen = [value], set[int]()
    while waiting:
        value = waiting.pop()
        if isinstance(value, UnknownValue):
            yield value
        elif isinstance(value, dict | list) and id(value) not in seen:
            seen.add(id(value))
            waiting.extend(reversed(list(value.values()) if isinstance(value, dict) else value))


def number(value: int | float) -> int | float:
    """A number as values have it: whole ones are int."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def number_text(value: float) -> str:
    """A number as Terraform writes it into a text: all digits, never an exponent (go-cty, convert: `Text('f', -1)`)."""
    if isinstance(value, int):
        if value.bit_length() > MOST_BITS:
            raise Exceeded("a number with too many digits")
        return str(value)
    written = repr(value)
    if "e" in written or "n" in written:
        from decimal import Decimal

        if written in ("inf", "-inf", "nan"):
            raise Exceeded("a number with too many digits")
        return format(Decimal(written), "f")
    return written


MOST_BITS = 8192
"""Of a whole number: go-cty keeps 512 bits and an exponent, no configuration needs as many."""
