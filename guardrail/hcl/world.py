"""What is assumed of inputs nobody gave: one world for each way to answer the questions that a verdict hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.model.value import Question

Literal = str | int | float | bool | None


class World(NamedTuple):
    """Answers so far: `values` of symbols (True or False of conditions), and values that symbols do not have.

    `candidates` are the only values that a symbol can have, where its declaration says so.
    """

    values: Mapping[str, object] = {}
    without: Mapping[str, tuple[object, ...]] = {}
    candidates: Mapping[str, tuple[object, ...]] = {}

    def decide(self, question: Question) -> bool | None:
        """The answer to a question, None where it is open."""
        subject, literal = question
        if subject in self.values:
            return same(self.values[subject], literal)
        if any(same(v, literal) for v in self.without.get(subject, ())):
            return False
        possible = self.candidates.get(subject)
        if possible is not None and not any(same(v, literal) for v in possible):
            return False
        return None

    def open(self, symbol: str) -> tuple[object, ...] | None:
        """The candidates of a symbol that are not excluded; None where it can be anything else, too."""
        possible = self.candidates.get(symbol)
        if possible is None:
            return None
        gone = self.without.get(symbol, ())
        return tuple(v for v in possible if not any(same(v, g) for g in gone))

    def answers(self, question: Question) -> list[World]:
        """The worlds in which a question has an answer: one for each candidate, or one for yes and one for no."""
        subject, literal = question
        possible = self.open(subject)
        if possible is not None:
            return [self.assuming(subject, v) for v in possible]
        no = {**self.without, subject: (*self.without.get(subject, ()), literal)}
        if literal is True or literal is False:
            return [self.assuming(subject, literal), self.assuming(subject, not literal)]
        return [self.assuming(subject, literal), self._replace(without=no)]

    def assuming(self, subject: str, value: object) -> World:
        """This world with a symbol of a value."""
        return self._replace(values={**self.values, subject: value})

    def key(self) -> str:
        """What tells one world from another."""
        return repr((sorted(self.values.items(), key=repr), sorted(self.without.items(), key=repr)))


def same(one: object, other: object) -> bool:
    """Equality of literals as Terraform has it: no boolean is a number."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
