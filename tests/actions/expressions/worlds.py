"""Worlds for tests: plain data for some contexts, Symbols for all others, answers to questions."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.actions import expressions
from guardrail.actions.expressions import Atom, Symbol, Value

Question = tuple[str, str, object]


class Known:
    """`data` holds whole contexts; `answers` are by (kind, subject, literal), `asked` notes what was asked."""

    def __init__(self, data: Mapping[str, Value] | None = None, answers: Mapping[Question, bool] | None = None) -> None:
        self.data = data or {}
        self.answers = answers or {}
        self.asked: list[Atom] = []
        self.results: dict[str, Value] = {}

    def lookup(self, steps: tuple[str, ...]) -> Value:
        if steps[0] not in self.data:
            return Symbol(".".join(steps))
        return expressions.descend(self.data[steps[0]], steps[1:])

    def decide(self, atom: Atom) -> bool | None:
        self.asked.append(atom)
        return self.answers.get(tuple(atom))

    def status(self, name: str) -> Value:
        return self.results.get(name, Symbol(f"{name}()"))


def value(text: str, **data: Value) -> Value:
    """The value of an expression where the named contexts are known."""
    return expressions.evaluate(expressions.parse(text), Known(data))


def unknown(text: str, answers: Mapping[Question, bool] | None = None, **data: Value) -> tuple[Value, bool | Symbol]:
    """Value and truth of an expression, with the answers the world gives."""
    world = Known(data, answers)
    found = expressions.evaluate(expressions.parse(text), world)
    return found, expressions.truth(found, world)
