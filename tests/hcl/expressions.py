"""What tests of the evaluator share: scopes of inputs that have values or none, and when an unknown admits a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guardrail.hcl import functions
from guardrail.hcl.equality import fits
from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.parser import parse_expression
from guardrail.hcl.run import text
from guardrail.hcl.values import EvaluationError
from guardrail.hcl.world import same
from guardrail.model.value import Question, UnknownValue


class Inputs:
    """A scope with `var` and other roots, in which questions are answered by a function.

    `unifying` when a function is called that turns numbers to strings beside a string: whether an unknown is one is
    not told, so that numbers and strings count as the same.
    """

    place = ""

    def __init__(
        self,
        variables: Mapping[str, object],
        decide: Callable[[Question], bool | None] = lambda _: None,
        candidates: Mapping[str, tuple[object, ...]] = {},
        **roots: object,
    ) -> None:
        self.roots = {"var": dict(variables), **roots}
        self.decide = decide
        self.possible = candidates
        self.unifying = False

    def root(self, name: str) -> object:
        if name not in self.roots:
            raise EvaluationError(f"{name} is not declared")
        return self.roots[name]

    def candidates(self, symbol: str) -> tuple[object, ...] | None:
        return self.possible.get(symbol)

    def declared(self, symbol: str) -> str:
        kinds = {"var.n": "number", "var.flag": "bool", "var.o.az": "bool", "var.m.a": "number", "var.m.dev": "number"}
        return kinds.get(symbol, "")

    def call(self, name: str, arguments: list[object]) -> object:
        return functions.call(name, arguments)


def unknown(name: str) -> UnknownValue:
    """An input nobody gave."""
    return UnknownValue(f"var.{name}", symbol=f"var.{name}")


def value(written: str, **variables: object) -> Any:
    """What an expression is; `...` for an input nobody gave."""
    given = {n: unknown(n) if v is ... else v for n, v in variables.items()}
    return evaluate(parse_expression(written), Inputs(given))


def questions(written: str, **variables: object) -> list[tuple[str, object]]:
    """What the unknown result of an expression asks."""
    found = value(written, **variables)
    assert isinstance(found, UnknownValue), found
    return [tuple(q) for q in found.questions]  # type: ignore[misc]


def answering(world: Inputs) -> Callable[[Question], bool | None]:
    """Answers as a world gives them in which every input has a value."""

    def decide(question: Question) -> bool | None:
        try:
            found = evaluate(parse_expression(question.subject), world)
        except EvaluationError:
            return None
        if question.literal is True and found in ("true", "false", "1", "0"):  # a condition
            return found in ("true", "1")
        return None if isinstance(found, UnknownValue) else same(found, question.literal)

    return decide


def admits(known: object, concrete: object, world: Inputs) -> bool:
    """Whether what is known of a value holds for the value it has in a world."""
    if isinstance(known, UnknownValue):
        return _unknown_admits(known, concrete, world)
    if isinstance(known, list):
        return isinstance(concrete, list) and _list_admits(known, concrete, world)
    if isinstance(known, dict):
        if not isinstance(concrete, dict) or known.keys() != concrete.keys():
            return False
        return all(admits(v, concrete[k], world) for k, v in known.items())
    if world.unifying and None not in (known, concrete) and not isinstance(concrete, list | dict):
        return text(known) == text(concrete)
    return type(known) is type(concrete) and known == concrete


def _unknown_admits(known: UnknownValue, concrete: object, world: Inputs) -> bool:
    if known.symbol and not known.many:
        expected = evaluate(parse_expression(known.symbol), world)
        if not admits(expected, concrete, world):
            return False
    if isinstance(known.known, dict) and not (known.symbol and concrete is None):
        if not isinstance(concrete, dict):
            return False
        return all(k in concrete and admits(v, concrete[k], world) for k, v in known.known.items())
    if isinstance(known.known, tuple):
        return isinstance(concrete, str) and fits(known.known, concrete)
    return not (known.refs and concrete in (None, ""))


def _list_admits(known: list[object], concrete: list[object], world: Inputs) -> bool:
    """Positions are certain up to the first element of unknown number; behind it the known ones are somewhere."""
    many = [i for i, v in enumerate(known) if isinstance(v, UnknownValue) and v.many]
    sure = many[0] if many else len(known)
    if len(concrete) < sure or (not many and len(concrete) != sure):
        return False
    if not all(admits(a, b, world) for a, b in zip(known[:sure], concrete, strict=False)):
        return False
    rest = concrete[sure:]
    for wanted in known[sure:]:
        if isinstance(wanted, UnknownValue) and wanted.many:
            continue
        at = next((i for i, v in enumerate(rest) if admits(wanted, v, world)), None)
        if at is None:
            return False
        del rest[at]
    return True
