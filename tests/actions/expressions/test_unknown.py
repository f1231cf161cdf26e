"""What is known of an expression although parts of it are not."""

from __future__ import annotations

import pytest

from guardrail.actions.expressions import Atom, Symbol, Value, evaluate, parse, truth
from tests.actions.expressions.worlds import Known, Question, unknown

TRUE: dict[Question, bool] = {("truthy", "vars.x", None): True}
FALSE: dict[Question, bool] = {("truthy", "vars.x", None): False}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("false && vars.x", False),
        ("vars.x && false", False),
        ("true || vars.x", True),
        ("vars.x || true", True),
        ("vars.x || 'dev'", True),
        ("vars.x && vars.y && ''", False),
        ("vars.x || vars.y || 'dev'", True),
        ("!(vars.x && false)", True),
        ("(vars.x || true) && (vars.y || true)", True),
        ("(vars.x && false) || (vars.y && null)", False),
        ("vars.x == vars.x", True),
        ("VARS.X != vars['x']", False),
        ("contains(fromJSON('[\"a\", \"b\"]'), 'b') || vars.x", True),
        ("format('v{0}', vars.x)", True),
        ("format('{0}{1}', vars.x, 'a')", True),
        # an operand that ends the run with an error may never be evaluated
        ("vars.x || fromJSON('{')", None),
        ("vars.x", None),
        ("!vars.x", None),
        ("vars.x && true", None),
        ("vars.x || false", None),
        ("vars.x == 'a'", None),
        ("vars.x == vars.y", None),
        ("format('{0}', vars.x)", None),
        ("contains(vars.x, 'a')", None),
        ("hashFiles('**/go.sum')", None),
        ("case(vars.x, true, true)", None),
        ("fromJSON(vars.x).y", None),
    ],
)
def test_truth(text: str, holds: bool | None) -> None:
    _, found = unknown(text)
    if holds is None:
        assert isinstance(found, Symbol)
    else:
        assert found is holds


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vars.REGION", "vars.region"),
        ("Steps['Build'].Outputs.image", "steps.build.outputs.image"),
        (
            "contains( GitHub.Event.head_commit.message , '[skip ci]' )",
            "contains(github.event.head_commit.message, '[skip ci]')",
        ),
        ("STARTSWITH(github.ref, known.text)", "startsWith(github.ref, 'it''s')"),
        ("hashfiles('**/go.sum')", "hashFiles('**/go.sum')"),
        ("fromJson(vars.x).a[0].*.b", "fromJSON(vars.x).a[0].*.b"),
        ("vars.x || 'dev'", "vars.x || 'dev'"),
        ("!(vars.x == 1)", "!(vars.x == 1)"),
        ("1 < vars.x", "vars.x > 1"),
        ("vars.b == vars.a", "vars.a == vars.b"),
        ("format('{0}-{1}', vars.x, known.number)", "format('{0}-{1}', vars.x, 3)"),
        ("join(known.list, vars.x)", "join(['a', true, null], vars.x)"),
        ("known.list[vars.x]", "['a', true, null][vars.x]"),
        ("vars[matrix.x]", "vars[matrix.x]"),
        ("needs.*.result", "needs.*.result"),
        ("toJSON(vars)", "toJSON(vars)"),
        ("case(vars.x, 1, null)", "case(vars.x, 1, null)"),
    ],
)
def test_names_are_canonical(text: str, name: str) -> None:
    known = {"text": "it's", "number": 3, "list": ["a", True, None]}
    found, _ = unknown(text, known=known)
    assert isinstance(found, Symbol)
    assert found.name == name


def test_an_answer_settles_what_rests_on_it() -> None:
    assert unknown("vars.x && 'b'", TRUE) == ("b", True)
    assert unknown("vars.x || 'b'", FALSE) == ("b", True)
    assert unknown("!vars.x", TRUE) == (False, False)
    assert unknown("case(vars.x, 'a', 'b')", TRUE)[0] == "a"
    assert unknown("case(vars.x, 'a', 'b')", FALSE)[0] == "b"
    # the value stays unknown where it is the Symbol's own, its truth does not
    assert unknown("vars.x || 'b'", TRUE) == (Symbol("vars.x", True), True)
    assert unknown("vars.x && 'b'", FALSE) == (Symbol("vars.x", False), False)


@pytest.mark.parametrize(
    ("text", "atoms"),
    [
        ("vars.x", [Atom("truthy", "vars.x")]),
        ("vars.x == 'Prod'", [Atom("equals", "vars.x", "prod")]),
        ("'Prod' != vars.x", [Atom("equals", "vars.x", "prod")]),
        ("vars.x == 1", [Atom("equals", "vars.x", 1.0)]),
        ("vars.x == null", [Atom("equals", "vars.x", None)]),
        ("vars.x < 3", [Atom("less", "vars.x", 3.0)]),
        ("3 < vars.x", [Atom("greater", "vars.x", 3.0)]),
        ("vars.x >= 3", [Atom("equals", "vars.x", 3.0), Atom("greater", "vars.x", 3.0)]),
        ("vars.b == vars.a", [Atom("truthy", "vars.a == vars.b")]),
        (
            'contains(fromJSON(\'["a", "b"]\'), vars.x)',
            [Atom("equals", "vars.x", "a"), Atom("equals", "vars.x", "b")],
        ),
        ("endsWith(vars.x, 'a')", [Atom("truthy", "endsWith(vars.x, 'a')")]),
        ("vars.x == vars.x", []),
        ("false && vars.x", []),
        ("format('v{0}', vars.x)", []),
    ],
)
def test_questions(text: str, atoms: list[Atom]) -> None:
    world = Known()
    found = evaluate(parse(text), world)
    asked = list(world.asked)
    if not asked:
        truth(found, world)
    assert (asked or world.asked) == atoms


@pytest.mark.parametrize(
    ("text", "answers", "holds"),
    [
        ("vars.x == 'Prod'", {("equals", "vars.x", "prod"): True}, True),
        ("vars.x != 'Prod'", {("equals", "vars.x", "prod"): True}, False),
        ("vars.x != 'Prod'", {("equals", "vars.x", "prod"): False}, True),
        ("vars.x >= 3", {("equals", "vars.x", 3.0): True}, True),
        ("vars.x >= 3", {("equals", "vars.x", 3.0): False, ("greater", "vars.x", 3.0): False}, False),
        ('contains(fromJSON(\'["a", "b"]\'), vars.x)', {("equals", "vars.x", "b"): True}, True),
        ("contains(vars.x, 'a') == true", {("truthy", "contains(vars.x, 'a')", None): True}, True),
        ("vars.b == vars.a", {("truthy", "vars.a == vars.b", None): False}, False),
    ],
)
def test_answers(text: str, answers: dict[Question, bool], holds: bool) -> None:
    assert unknown(text, answers)[1] is holds


def test_lists_and_objects_may_hold_what_is_not_known() -> None:
    needs: Value = {"build": {"result": "success"}, "test": {"result": Symbol("needs.test.result")}}
    assert unknown("contains(needs.*.result, 'success')", needs=needs) == (True, True)
    assert isinstance(unknown("contains(needs.*.result, 'failure')", needs=needs)[1], Symbol)
    answers: dict[Question, bool] = {("equals", "needs.test.result", "failure"): False}
    assert unknown("contains(needs.*.result, 'failure')", answers, needs=needs)[1] is False
    some: Value = {"build": {"result": "success"}, "test": Symbol("needs.test")}
    assert isinstance(unknown("contains(needs.*.result, 'failure')", needs=some)[1], Symbol)
    for text in ("toJSON(needs)", "join(needs.*.result)", "format('{0}', needs.test.result)", "needs.test.result.x"):
        assert isinstance(unknown(text, needs=needs)[0], Symbol)


def test_equal_names_mean_equal_values_though_data_differs() -> None:
    """Two matrix legs with other data never share the name of what depends on it."""
    first = unknown("join(matrix.list, vars.x)", matrix={"list": ["a", "b"]})[0]
    second = unknown("join(matrix.list, vars.x)", matrix={"list": ["a", "c"]})[0]
    assert first != second


def test_names_stay_short() -> None:
    first = unknown("contains(a.text, vars.x)", a={"text": "x" * 100_000 + "1"})[0]
    second = unknown("contains(a.text, vars.x)", a={"text": "x" * 100_000 + "2"})[0]
    assert isinstance(first, Symbol)
    assert len(first.name) < 200
    assert first != second


def test_arguments_of_status_functions_are_left_to_the_world() -> None:
    """actions/runner WorkflowTemplateConverter.cs, s_jobConditionFunctions: success and failure take any number."""
    world = Known()
    world.results = {"success": True}
    assert evaluate(parse("success('build')"), world) == Symbol("success('build')")
