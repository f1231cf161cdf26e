"""Expressions and conversions compared with what Terraform itself says of them (terraform_answers.txt)."""

from __future__ import annotations

import json

import pytest

from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.parser import parse_expression
from guardrail.hcl.types import convert, parse_type
from guardrail.hcl.values import EvaluationError
from tests.hcl.ask_terraform import recorded
from tests.hcl.expressions import Inputs

VARIABLES, EXPRESSIONS, CONVERSIONS = recorded()

DIFFERENT = {
    'true ? [1] : ["a"]': [[1]],  # the arm not taken is looked at for strings only at its top
    '"string" | 1': ["1"],  # Terraform took types in quotes up to 0.14
    '"list" | [1, "a"]': [["1", "a"]],
    '"map" | { a = 1 }': [{"a": 1}],
}
"""Where the answer is another one here, and why."""


def same(found: object, answer: object) -> bool:
    """Whether two answers are the same to the type."""
    return json.dumps(found, sort_keys=True) == json.dumps(answer, sort_keys=True)


@pytest.mark.parametrize(("text", "answer"), EXPRESSIONS, ids=[e for e, _ in EXPRESSIONS])
def test_expressions_are_worth_what_terraform_says(text: str, answer: object) -> None:
    """The value, or an error where Terraform has one."""
    try:
        found: object = [evaluate(parse_expression(text), Inputs(VARIABLES))]
    except EvaluationError:
        found = "failed"
    assert same(found, DIFFERENT.get(text, answer)), (found, answer)


@pytest.mark.parametrize(("declared", "written", "answer"), CONVERSIONS)
def test_values_become_what_terraform_makes_of_them(declared: str, written: str, answer: object) -> None:
    """As default of a variable of a type."""
    try:
        value = evaluate(parse_expression(written), Inputs({}))
        found: object = [convert(value, parse_type(parse_expression(declared)))]
    except EvaluationError:
        found = "failed"
    assert same(found, DIFFERENT.get(f"{declared} | {written}", answer)), (found, answer)


def test_differences_are_differences() -> None:
    """No entry of the table of differences has become idle."""
    answers = dict(EXPRESSIONS) | {f"{t} | {v}": a for t, v, a in CONVERSIONS}
    assert not [case for case, ours in DIFFERENT.items() if same(ours, answers[case])]
