"""Hostile expressions: they end soon, with an EvaluationError, and never with a RecursionError."""

from __future__ import annotations

import time

import pytest

from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.parser import parse_expression
from guardrail.hcl.syntax import (
    Binary,
    Conditional,
    Expression,
    GetAttr,
    Index,
    Literal,
    Name,
    Parentheses,
    Tuple,
    Unary,
)
from guardrail.hcl.types import Type, convert, parse_type
from guardrail.hcl.values import EvaluationError, Exceeded
from tests.hcl.expressions import Inputs, value

SCOPE = Inputs({"x": 1, "deep": {}})


def nested(wrap: object, levels: int) -> Expression:
    """A tree of a node within itself."""
    node: Expression = Literal(True, 0, 1)
    for _ in range(levels):
        node = wrap(node)  # type: ignore[operator]
    return node


@pytest.mark.parametrize(
    "wrap",
    [
        lambda n: Parentheses(n, 0, 1),
        lambda n: Unary("!", n, 0, 1),
        lambda n: Tuple((n,), 0, 1),
        lambda n: Binary("&&", Literal(True, 0, 1), n, 0, 1),
        lambda n: Conditional(n, Literal(True, 0, 1), Literal(False, 0, 1), 0, 1),
        lambda n: Index(Name("var", 0, 1), n, 0, 1),
    ],
)
@pytest.mark.parametrize("levels", [100_000, 300])
def test_deep_trees_are_refused(wrap: object, levels: int) -> None:
    """Whatever they are made of."""
    with pytest.raises(EvaluationError):
        evaluate(nested(wrap, levels), SCOPE)


def test_long_chains_are_not_deep() -> None:
    """Operators in a row and long paths are walked, not descended into."""
    chain = nested(lambda n: Binary("+", n, Literal(1, 0, 1), 0, 1), 0)
    node: Expression = Literal(0, 0, 1)
    for _ in range(20_000):
        node = Binary("+", node, Literal(1, 0, 1), 0, 1)
    assert evaluate(node, SCOPE) == 20_000
    assert evaluate(chain, SCOPE) is True
    path: Expression = Name("var", 0, 1)
    for _ in range(20_000):
        path = GetAttr(path, "deep", 0, 1)
    with pytest.raises(EvaluationError):
        evaluate(path, SCOPE)


@pytest.mark.parametrize(
    "text",
    [
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]",
        "{ for a in range(1000) : a => { for b in range(1000) : b => 1 } }",
        '"%{ for a in range(1000) }%{ for b in range(1000) }xxxxxxxxxxxxxxxxxxxx%{ endfor }%{ endfor }"',
    ],
)
def test_large_results_are_refused_in_time(text: str) -> None:
    """Steps and sizes are counted; `try` does not hide it."""
    begun = time.perf_counter()
    with pytest.raises(EvaluationError):
        value(text)
    assert time.perf_counter() - begun < 20


def test_numbers_do_not_grow_without_end() -> None:
    """A long product of whole numbers, and one of fractions."""
    for factor in (9_999_999_999, 1e200 + 0.5):
        node: Expression = Literal(factor, 0, 1)
        for _ in range(2_000):
            node = Binary("*", node, Literal(factor, 0, 1), 0, 1)
        with pytest.raises(Exceeded):
            evaluate(node, SCOPE)


def test_shared_values_are_not_walked_over_and_over() -> None:
    """Forty levels of lists that hold the one below twice: a comparison gives up."""
    shared: object = []
    for _ in range(40):
        shared = [shared, shared]
    other: object = []
    for _ in range(40):
        other = [other, other]
    for text in ("var.a == var.b", "var.a != var.b", "true ? var.a : 1"):
        try:
            found = value(text, a=shared, b=other)
        except Exceeded:
            continue
        assert found is shared


def test_deep_values_and_types() -> None:
    """Types within types, and values that go as deep as their type."""
    with pytest.raises(EvaluationError):
        parse_type(parse_expression("list(" * 90 + "string" + ")" * 90))
    declared, deep = Type("any"), []
    for _ in range(5_000):
        declared, deep = Type("list", declared), [deep]
    with pytest.raises(EvaluationError):
        convert(deep, declared)
