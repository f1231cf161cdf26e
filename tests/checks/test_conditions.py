"""Conditions: what is always so, what never is, and what GitHub makes of booleans and texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardrail.model.report import Report

Scan = Callable[..., Report]
POLICIES = (
    "condition-always-true",
    "condition-constant",
    "ternary-with-falsy-value",
    "substring-as-list",
    "boolean-compared-with-text",
    "text-used-as-boolean",
    "obfuscated-expression",
)


def told(scan: Scan, condition: str, on: str = "push", more: str = "") -> list[str]:
    """The policies that say something of a step's condition."""
    text = f"""\
on: {on}
jobs:
  job:
    runs-on: ubuntu-latest
    {more}
    steps:
      - if: >-
          {condition}
        run: make
"""
    report = scan({"w.yml": text}, profile="none", select=POLICIES)
    assert not report.problems
    return [f.policy.id for f in report.findings]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        # expressions, "Operators": || and && return an operand; "Literals": a text that is not empty counts as true
        ("github.ref == 'a' || 'b'", ["condition-constant"]),
        ("!(github.ref == 'a' || 'b')", ["condition-constant"]),
        ("github.ref == 'a' && ('b' || github.actor == 'c')", ["condition-constant"]),
        ("github.ref != 'a' || github.ref != 'b'", ["condition-constant"]),
        ("github.ref == 'a' && github.ref == 'b'", ["condition-constant"]),
        ("'a' == 'b'", ["condition-constant"]),
        ("github.ref != 'a' && github.ref != 'b'", []),
        ("github.ref != 'a' || github.actor != 'b'", []),
        ("github.ref == 'a' || github.ref == 'b'", []),
        ("github.ref == 'a' && github.ref == 'A'", []),
        ("github['ref'] == 'a' && github.REF == 'b'", ["condition-constant"]),
        ("github.event.labels.*.name == 'a' && github.event.labels.*.name == 'b'", []),
        ("false", []),
        ("true", []),
        ("false && github.ref == 'a'", []),
        ("always()", []),
        ("success() || failure()", []),
        ("always() || github.ref == 'a'", []),
        ("!cancelled() && github.ref == 'a'", []),
        ("hashFiles('x') != ''", []),
        ("github.ref", []),
        ("fromJSON('true') && github.ref == 'a'", ["condition-constant"]),
        # expressions, "Operators": `a && b || c` with a falsy b
        ("github.ref == (github.actor == 'a' && '' || 'b')", ["ternary-with-falsy-value"]),
        ("github.ref == (github.actor == 'a' && '0' || 'b')", []),
        ("github.ref == (github.actor == 'a' && 'x' || '')", []),
        # expressions, "contains": a text is searched for a substring
        ("contains('refs/heads/a refs/heads/b', github.ref)", ["substring-as-list"]),
        ("contains('a', github.event.pull_request.title)", ["substring-as-list"]),
        ("contains(github.ref, 'a')", []),
        ("contains('push pull_request', github.event_name)", []),
        ("contains(fromJSON('[1]'), github.ref)", []),
        # expressions, "Operators": loose equality turns both sides into numbers; a text that is none is NaN
        ("success() == 'true'", ["boolean-compared-with-text"]),
        ("(github.ref == 'a') == 'false'", ["boolean-compared-with-text"]),
        ("steps.x.outputs.y == true", ["boolean-compared-with-text"]),
        ("needs.x.outputs.y != false", ["boolean-compared-with-text"]),
        ("vars.X == true", ["boolean-compared-with-text"]),
        ("steps.x.outputs.y == 'true'", []),
        ("success() == true", []),
        ("steps.x.outputs.y == 1", []),
        ("github.event.pull_request.draft == false", []),
        ("github.event.pull_request.draft == 'false'", []),
        ("matrix.flag == 'true'", []),
    ],
)
def test_conditions(scan: Scan, condition: str, found: list[str]) -> None:
    assert told(scan, condition) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("${{ github.ref == 'a' }} && true", ["condition-always-true"]),
        ("${{ github.ref }} == 'a'", ["condition-always-true"]),
        ("github.ref == ${{ github.ref }}", ["condition-always-true"]),
        ("${{ github.ref == 'a' }}", []),
        ("github.ref == 'a'", []),
    ],
)
def test_what_stands_outside_of_the_braces(scan: Scan, condition: str, found: list[str]) -> None:
    """actionlint, "Constant conditions at if:"; actions/runner, ConvertToIfCondition."""
    assert told(scan, condition) == found


@pytest.mark.parametrize(
    ("type_", "condition", "found"),
    [
        ("boolean", "inputs.x == 'true'", ["boolean-compared-with-text"]),
        ("boolean", "inputs.x == true", []),
        ("boolean", "inputs.x", []),
        ("boolean", "github.event.inputs.x == 'true'", []),
        ("boolean", "github.event.inputs.x == true", ["boolean-compared-with-text"]),
        ("boolean", "github.event.inputs.x", ["text-used-as-boolean"]),
        ("string", "inputs.x == 'true'", []),
        ("string", "inputs.x == true", ["boolean-compared-with-text"]),
        ("string", "inputs.x", []),
        ("number", "inputs.x == true", []),
    ],
)
def test_inputs(scan: Scan, type_: str, condition: str, found: list[str]) -> None:
    """contexts, "inputs context": booleans stay booleans there, and are texts in `github.event.inputs`."""
    assert told(scan, condition, "{workflow_dispatch: {inputs: {x: {type: " + type_ + "}}}}") == found


def test_an_input_of_two_types_is_left_alone(scan: Scan) -> None:
    on = "{workflow_dispatch: {inputs: {x: {type: boolean}}}, workflow_call: {inputs: {x: {type: string}}}}"
    assert told(scan, "inputs.x == 'true'", on) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("false", True),
        ("${{ github.ref == 'a' }}", True),
        ("${{ !github.ref }}", True),
        ("true", False),
        ("yes please", False),
        ("${{ github.ref }}", False),
        ("${{ github.ref == 'a' }}x", False),
    ],
)
def test_variables_are_texts(scan: Scan, value: str, found: bool) -> None:
    """workflow-syntax, `env`: values are texts, also that of a comparison."""
    wanted = ["text-used-as-boolean"] if found else []
    assert told(scan, "env.X", more=f'env: {{X: "{value}"}}') == wanted
    assert told(scan, "env.X == 'true'", more=f'env: {{X: "{value}"}}') == []


SPOOF = "spoofable-bot-check"


@pytest.mark.parametrize(
    ("condition", "on", "found"),
    [
        ("github.actor == 'dependabot[bot]'", "pull_request_target", True),
        ("github.actor == 'dependabot[bot]'", "pull_request", False),
        ("github.actor == 'dependabot[bot]'", "push", False),
        ("github.actor != 'dependabot[bot]'", "pull_request_target", False),
        ("github.actor == 'octocat'", "pull_request_target", False),
        ("endsWith(github.actor, '[bot]')", "pull_request_target", True),
        ("github.actor == 'dependabot[bot]' || always()", "pull_request_target", False),
        ("github.actor == 'dependabot[bot]' && github.event_name == 'push'", "pull_request_target", False),
        (
            "github.actor == 'dependabot[bot]' && !github.event.pull_request.head.repo.fork",
            "pull_request_target",
            False,
        ),
        ("github.event.pull_request.user.login == 'dependabot[bot]'", "pull_request_target", False),
    ],
)
def test_bots(scan: Scan, condition: str, on: str, found: bool) -> None:
    """Automating Dependabot with GitHub Actions asks for the pull request's author, not the actor."""
    text = f"""\
on: {on}
jobs:
  job:
    if: >-
      {condition}
    runs-on: ubuntu-latest
    steps: [{{run: make}}]
"""
    report = scan({"w.yml": text}, profile="none", select=(SPOOF,))
    assert bool(report.findings) is found
