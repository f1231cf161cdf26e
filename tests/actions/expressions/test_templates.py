"""Strings with `${{ }}` and conditions.

READER is actions/runner src/Sdk/WorkflowParser/ObjectTemplating/TemplateReader.cs (ParseScalar), CONVERTER is
src/Sdk/WorkflowParser/Conversion/WorkflowTemplateConverter.cs (ConvertToIfCondition) and its counterpart in
actions/languageservices, workflow-parser/src/model/converter/if-condition.ts; DOCS is github/docs
workflows-and-actions/expressions.md.
"""

from __future__ import annotations

import pytest

from guardrail.actions.expressions import (
    Call,
    Embedded,
    EvaluationError,
    ExpressionError,
    Symbol,
    condition,
    embedded,
    evaluate,
    holds,
    parse,
    parts,
    substitute,
)
from tests.actions.expressions.worlds import Known


@pytest.mark.parametrize(
    ("text", "insides"),
    [
        ("", []),
        ("plain", []),
        ("$ { {{ }} $ {{ a }}", []),
        ("${{ a }}", [" a "]),
        ("x ${{ a }} y ${{b}}z", [" a ", "b"]),
        ("${{ a }}${{ b }}", [" a ", " b "]),
        ("${{ '}}' }}", [" '}}' "]),
        ("${{ 'it''s }}' }} }}", [" 'it''s }}' "]),
        ("${{ a }}}", [" a "]),
        ("${{ a\n  || b }}", [" a\n  || b "]),
        ("$${{ a }}", [" a "]),
        ("${{ '${{' }}", [" '${{' "]),
    ],
)
def test_parts(text: str, insides: list[str]) -> None:
    """READER: `}}` closes unless a quote is open."""
    found = parts(text)
    assert [part.text for part in found if isinstance(part, Embedded)] == insides
    assert embedded(text) == tuple(part for part in found if isinstance(part, Embedded))
    assert "".join(part if isinstance(part, str) else text[part.start : part.end] for part in found) == text
    assert all(part.error is None and part.node == parse(part.text) for part in embedded(text))


@pytest.mark.parametrize(
    ("text", "message", "end"),
    [
        # READER: ExpressionNotClosed
        ("a ${{ b", "not closed", 7),
        ("a ${{ 'b }}", "not closed", 11),
        ("${{ a } }", "not closed", 9),
        # READER, ParseExpression: ExpectedExpression
        ("${{ }}", "missing", 6),
        ("${{}}", "missing", 5),
        ("${{ a b }} ${{ c }}", "unexpected 'b'", 10),
    ],
)
def test_malformed_parts_do_not_hide_others(text: str, message: str, end: int) -> None:
    first = embedded(text)[0]
    assert first.node is None
    assert first.error is not None
    assert message in first.error.message
    assert first.end == end
    assert all(part.error is None for part in embedded(text)[1:])


@pytest.mark.parametrize(
    ("value", "implicit"),
    [
        # DOCS "Status check functions": success() is applied unless one of them is included
        ("github.ref == 'a'", True),
        ("${{ github.ref == 'a' }}", True),
        ("always()", False),
        ("${{ !Cancelled() }}", False),
        ("github.ref == 'a' || FAILURE()", False),
        ("a[success()]", False),
        ("contains('always()', needs.always)", True),
        ("steps.failure.outcome == 'failure'", True),
        # CONVERTER: an empty condition is success()
        (None, True),
        ("", True),
        (" \n", True),
        (True, True),
        (False, True),
        (1, True),
        # CONVERTER: text in front does not count, a call inside of ${{ }} does
        ("success() && ${{ a }}", True),
        ("x ${{ always() }}", False),
    ],
)
def test_implicit_success(value: object, implicit: bool) -> None:
    found = condition(value)
    assert found.error is None
    assert found.implicit_success is implicit


@pytest.mark.parametrize(
    "value",
    [
        # READER: text and expressions become format(); actions/runner issue 1173
        "${{ env.TAG }} == 'false'",
        "true && ${{ false }}",
        " ${{ false }}",
        "${{ false }} '",
        # a block scalar ends in a newline: zizmor documentation, audit unsound-condition; actionlint issue 272
        "${{ false }}\n",
        "\n${{ false }}",
        "!${{ true }}",
        # two of them make a string as well: actionlint issue 272
        "${{ false }}${{ false }}",
        "${{ 'fa' }}${{ 'lse' }}",
    ],
)
def test_text_around_an_expression_makes_a_condition_always_hold(value: str) -> None:
    found = condition(value)
    assert found.fenced
    assert found.implicit_success
    assert isinstance(found.node, Call)
    assert found.node.name == "format"
    world = Known()
    for success in (True, False):
        world.results = {"success": success}
        assert holds(found, world) is success


def test_fenced_whatever_the_parts_are() -> None:
    """READER: braces of the text are escaped for format()."""
    world = Known({"x": {"a": "b"}})
    world.results = {"success": True}
    assert holds(condition("${{ vars.a == 1 }}${{ vars.b }}"), world) is True
    found = condition("{0} }}{{ ' ${{ x.a }}{")
    assert found.node is not None
    assert evaluate(found.node, world) == "{0} }}{{ ' b{"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("false", False),
        ("${{ false }}", False),
        # CONVERTER: text without ${{ }} is trimmed, so a block scalar does no harm
        ("false\n", False),
        (" false ", False),
        ("github.event_name == 'push'\n", True),
        (False, False),
        (True, True),
        (0, False),
        # actionlint issue 272: an empty string and null together are an empty string
        ("${{ '' }}${{ null }}", False),
        # READER, IsExpressionString: the text of a lone string literal takes its place, and is then the expression
        ("${{ 'false' }}", False),
        ("${{ '1 == 1' }}", True),
        ("${{ ('false') }}", True),
        ("'false'", True),
    ],
)
def test_conditions_that_are_not_fenced(value: object, expected: bool) -> None:
    found = condition(value)
    assert not found.fenced
    world = Known({"github": {"event_name": "push"}})
    world.results = {"success": True}
    assert holds(found, world) is expected


def test_a_status_function_replaces_success() -> None:
    """DOCS "failure with conditions"."""
    world = Known({"x": {"no": ""}})
    world.results = {"success": False, "failure": True, "always": True, "cancelled": False}
    assert holds(condition("always()"), world) is True
    assert holds(condition("always() && x.no"), world) is False
    assert holds(condition("${{ always() }}\n"), world) is True
    assert holds(condition("true"), world) is False
    assert holds(condition(None), world) is False


def test_conditions_that_depend_on_what_is_not_known() -> None:
    world = Known()
    world.results = {"success": True}
    assert holds(condition("vars.x"), world) == Symbol("vars.x")
    assert holds(condition("vars.x && false"), world) is False
    world.results = {}
    assert holds(condition("true"), world) == Symbol("success()")
    assert holds(condition("vars.x"), world) == Symbol("success() && vars.x")
    assert holds(condition("false"), world) is False
    world.results = {"success": False}
    assert holds(condition("vars.x"), world) is False


@pytest.mark.parametrize("value", ["a ==", "${{ a", "${{ }}", "x ${{ a b }}", [], {"a": 1}, "${{ 'a b' }}"])
def test_malformed_conditions(value: object) -> None:
    found = condition(value)
    assert found.node is None
    assert found.error is not None
    with pytest.raises(ExpressionError):
        holds(found, Known())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("${{ x.flag }}", True),
        ("${{ x.list }}", [1]),
        ("${{ x.none }}", None),
        ("a${{ x.none }}b", "ab"),
        ("v${{ x.number }}-${{ x.flag }}", "v1.5-true"),
        ("${{ x.flag }} ", "true "),
        ("{0} }} ${{ x.number }} {{", "{0} }} 1.5 {{"),
        ("${{ x.number }}${{ x.number }}", "1.51.5"),
        ("<${{ x.list }}>", "<Array>"),
        ("${{ vars.x }}", Symbol("vars.x")),
        ("refs/${{ vars.x }}/${{ x.number }}", Symbol("refs/${{ vars.x }}/1.5", True)),
        ("${{ vars.x }}${{ vars.y }}", Symbol("${{ vars.x }}${{ vars.y }}")),
    ],
)
def test_substitute(text: str, expected: object) -> None:
    """READER: one expression alone keeps its value, with text around it is format()."""
    found = substitute(text, Known({"x": {"flag": True, "list": [1], "number": 1.5, "none": None}}))
    assert found == expected
    assert type(found) is type(expected)


def test_substitute_raises_what_is_wrong() -> None:
    with pytest.raises(ExpressionError, match="unexpected"):
        substitute("a ${{ b c }}", Known())
    with pytest.raises(EvaluationError, match="no JSON"):
        substitute("${{ fromJSON('x') }}", Known())
