"""What is known of expressions over inputs nobody gave, and what is asked."""

from __future__ import annotations

from typing import Any

import pytest

from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.parser import parse_expression
from guardrail.hcl.values import EvaluationError
from guardrail.hcl.world import World
from guardrail.model.value import Question, UnknownValue
from tests.hcl.expressions import Inputs, questions, unknown, value

REF = UnknownValue("aws_kms_key.a", refs=(("aws_kms_key.a", ".arn"),))
MANY = UnknownValue("aws_subnet.s", refs=(("aws_subnet.s[*]", ""),), many=True)


def resources(text: str, decide: Any = lambda _: None, **variables: object) -> Any:
    """The value of an expression beside a key, and subnets of which there are one or more."""
    given = {n: unknown(n) if v is ... else v for n, v in variables.items()}
    scope = Inputs(given, decide, aws_kms_key={"a": {"arn": REF}}, aws_subnet={"s": [{"id": "s-0"}, MANY]})
    return evaluate(parse_expression(text), scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # hcl/hclsyntax/expression_ops.go, ShortCircuit
        ("false && var.x", False),
        ("var.x && false", False),
        ("true || var.x", True),
        ("var.x || true", True),
        ("var.x == 1 && false", False),
        ("var.x > 1 || true", True),
        ("contains([1, var.x], 1)", True),
        ("contains([var.x, 1], 1)", True),
        ('"a-${var.x}" == "b-c"', False),
        ('"a-${var.x}-z" == "a-y"', False),
        ('"a-${var.x}" == null', False),
        ('"a-${var.x}" != ""', True),
        ('"${var.x}-a-${var.x}" == "1-a-1"', ...),
        ('"a-${var.x}" == "a-b"', ...),
        ("[1, var.x] == [2, var.x]", False),
        ("[var.x] == [var.x]", True),
        ("[1] == [var.x, 1]", False),
        ("{ a = var.x } == { b = 1 }", False),
        ("{ a = var.x, b = 1 } == { a = 1, b = 2 }", False),
        ("var.x == var.x", True),
        ("var.x == var.y", ...),
        ("var.x ? 1 : 1", 1),
        ('var.x == "a" ? [1, 2] : [1, 2]', [1, 2]),
        ("var.x ? null : null", None),
        ("length([var.x, 1])", 2),
        ("{ a = 1, b = 1 }[var.x]", 1),
        ("[5, 5, 5][var.x]", 5),
        ("[for k, v in { a = var.x } : k]", ["a"]),
        ("try(1, var.x)", 1),
        ("can(1)", True),
        ("can(null.a)", False),
        ('"%{ if var.x }a%{ else }a%{ endif }"', "a"),
        ("var.x ? var.y : var.y", unknown("y")),
        ("(var.x)", unknown("x")),
        ('"${var.x}"', unknown("x")),
        ("[var.x][0]", unknown("x")),
        ("try(var.x, 1)", unknown("x")),
    ],
)
def test_what_does_not_hang_on_the_unknown_is_known(text: str, expected: object) -> None:
    """`...` for what stays unknown."""
    found = value(text, x=..., y=...)
    if expected is ...:
        assert isinstance(found, UnknownValue)
    else:
        assert found == expected
        assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('var.x == "a"', [("var.x", "a")]),
        ('"a" == var.x', [("var.x", "a")]),
        ('var.x != "a"', [("var.x", "a")]),
        ("var.x == null", [("var.x", None)]),
        ("var.x == true", [("var.x", True)]),
        ("var.x", []),
        ("!var.x", [("var.x", True)]),
        ("var.x && var.y", [("var.x", True), ("var.y", True)]),
        ('var.x == "a" || var.x == "b"', [("var.x", "a"), ("var.x", "b")]),
        ("var.x ? 1 : 2", [("var.x", True)]),
        ('var.x == "a" ? 1 : 2', [("var.x", "a")]),
        ("var.x > 3", [("var.x > 3", True)]),
        ("3 < var.x", [("var.x > 3", True)]),
        ("var.x <= 3", [("var.x > 3", True)]),
        ("var.x < 3", [("var.x < 3", True)]),
        ("3 <= var.x", [("var.x < 3", True)]),
        ("length(var.x) > var.n", [("length(var.x) > 2", True)]),
        ('upper(var.x) == "A"', [('upper(var.x) == "A"', True)]),
        ('"A" == upper(var.x)', [('upper(var.x) == "A"', True)]),
        ('startswith(var.x, "a") ? 1 : 2', [('startswith(var.x, "a")', True)]),
        ('can(regex("^a", var.x)) ? 1 : 2', [('can(regex("^a", var.x))', True)]),
        ("var.x == []", [("var.x == []", True)]),
        ('var.x.a["b c"][0] == 1', [('var.x.a["b c"][0]', 1)]),
        ('contains(["a", "b"], var.x)', [("var.x", "a"), ("var.x", "b")]),
        ("{ a = 1, b = 2 }[var.x]", [("var.x", "a"), ("var.x", "b")]),
        ("[1, 2][var.x]", [("var.x", 0), ("var.x", 1)]),
        ("lookup({ a = 1 }, var.x, 2)", [("var.x", "a")]),
        ("[for v in [1, 2] : v if var.x][0]", [("var.x", True)]),
        ("uuid() == var.x", []),
        ('timestamp() == "a" ? 1 : 2', []),
    ],
)
def test_what_is_asked(text: str, expected: list[tuple[str, object]]) -> None:
    """Inputs are asked for a value, other conditions by one text whichever way they are written."""
    assert questions(text, x=..., y=..., n=2) == expected


def test_conditions_in_a_module_are_asked_for_with_its_place() -> None:
    """The same words in two modules are two conditions; what an input of the root is, is one."""
    scope = Inputs({"size": UnknownValue("var.big and var.small"), "env": unknown("environment")})
    scope.place = "module.a"
    found = evaluate(parse_expression('var.size > 3 && var.env == "x" && length(var.env) > 2'), scope)
    assert isinstance(found, UnknownValue)
    assert [q.subject for q in found.questions] == [
        "module.a.var.size > 3",
        "var.environment",
        "length(var.environment) > 2",
    ]


def test_conditions_on_loop_variables_are_not_asked_for_by_their_name() -> None:
    """Their name means something else the next time."""
    scope = Inputs({"l": [UnknownValue("one"), UnknownValue("two")]}, each={"value": UnknownValue("three")})
    found = evaluate(parse_expression("[for v in var.l : v > 1]"), scope)
    assert [u.questions for u in found] == [(), ()]
    each = evaluate(parse_expression("each.value > 1"), scope)
    assert each.questions == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # tfsec#1792, trivy#8485: a reference to a computed attribute is set
        ("aws_kms_key.a.arn != null", True),
        ("aws_kms_key.a.arn == null", False),
        ('aws_kms_key.a.arn == ""', False),
        ('aws_kms_key.a.arn != ""', True),
        ("aws_kms_key.a.arn == aws_kms_key.a.arn", True),
        ('aws_kms_key.a.arn == "x"', ...),
        ('contains(["", null], aws_kms_key.a.arn)', False),
        ('try(aws_kms_key.a.arn, "")', REF),
        ("aws_kms_key.a.missing", EvaluationError),
        ("aws_subnet.s[0].id", "s-0"),
        ("aws_subnet.s[1].id", UnknownValue("aws_subnet.s", refs=(("aws_subnet.s[*]", ".id"),))),
        (
            "aws_subnet.s[*].id",
            ["s-0", UnknownValue("aws_subnet.s", refs=(("aws_subnet.s[*]", ".id"),), many=True)],
        ),
        (
            "[for s in aws_subnet.s : s.id]",
            ["s-0", UnknownValue("aws_subnet.s", refs=(("aws_subnet.s[*]", ".id"),), many=True)],
        ),
        ("aws_kms_key.a.arn[0].b", UnknownValue("aws_kms_key.a", refs=(("aws_kms_key.a", ".arn[0].b"),))),
    ],
)
def test_computed_attributes(text: str, expected: object) -> None:
    """They are unknown, but set, and say whose they are."""
    if expected is EvaluationError:
        with pytest.raises(EvaluationError):
            resources(text)
        return
    found = resources(text)
    if expected is ...:
        assert isinstance(found, UnknownValue)
    else:
        assert found == expected


def test_the_index_that_may_not_be_there_is_not_taken_for_granted() -> None:
    """`try(x[1].id, "none")` may be either."""
    found = resources('try(aws_subnet.s[1].id, "none")')
    assert isinstance(found, UnknownValue)
    assert found.refs == ()


@pytest.mark.parametrize(
    "text",
    [
        "try(var.x.a, true)",
        "try(var.x[0], var.l[0])",
        "try(upper(var.x), 1)",
        'try("a${var.x}", 1)',
        "try(var.x.a == 1 ? 1 : 1, 2)",
        "try(var.x + 1, 0)",
        "try([for v in var.x : 1], [2])",
        "try(var.l[var.x], 5)",
        "try(false && var.x.a, 5)",
        "can(var.x.a)",
        "can(tonumber(var.x))",
        "can(var.x || null.a)",
    ],
)
def test_what_may_fail_is_open_to_try_and_can(text: str) -> None:
    """An unknown that has no such attribute would lead to the next argument."""
    found = value(text, x=..., l=[1, 2])
    if text == "try(false && var.x.a, 5)":
        assert found is False  # settled before the right side (Terraform 1.12)
    else:
        assert isinstance(found, UnknownValue)
        assert found.symbol == ""


def test_attributes_of_inputs_are_inputs() -> None:
    """By key, by index, through locals and loops."""
    assert value("var.db.multi_az", db=...) == UnknownValue("var.db", symbol="var.db.multi_az")
    assert value('var.db["a b"]', db=...).symbol == 'var.db["a b"]'
    assert value('var.db["a"][0]', db=...).symbol == "var.db.a[0]"
    assert value("var.db.0.b", db=...).symbol == "var.db[0].b"


def test_decided_questions_are_not_asked_again() -> None:
    """The world's answer is taken."""
    node = parse_expression('var.env == "production" ? 30 : 7')
    world = World(values={"var.env": "production"})
    assert evaluate(node, Inputs({"env": unknown("env")}, world.decide)) == 30
    world = World(without={"var.env": ("production",)})
    assert evaluate(node, Inputs({"env": unknown("env")}, world.decide)) == 7
    big = parse_expression("var.n <= 3 ? 1 : 2")
    assert evaluate(big, Inputs({"n": unknown("n")}, World(values={"var.n > 3": True}).decide)) == 2
    assert evaluate(big, Inputs({"n": unknown("n")}, World(values={"var.n > 3": False}).decide)) == 1


def test_attributes_of_few_values_have_the_one_that_is_assumed() -> None:
    """A boolean within an object that nobody gave."""
    world, candidates = World(values={"var.db.ha": False}), {"var.db.ha": (True, False)}
    scope = Inputs({"db": unknown("db")}, world.decide, candidates)
    assert evaluate(parse_expression("var.db.ha"), scope) is False


def test_keys_are_asked_for_as_the_input_is_declared() -> None:
    """`{ "1" = ... }[var.n]` is about the number 1 where n is declared as number, or can only be one."""
    node = parse_expression('{ "1" = "a", "2" = "b" }[var.n]')
    assert [q.literal for q in evaluate(node, Inputs({"n": unknown("n")})).questions] == [1, 2]  # type: ignore[attr-defined]
    scope = Inputs({"x": unknown("x")}, candidates={"var.x": (2, 1)})
    found = evaluate(parse_expression('{ "1" = "a", "2" = "b" }[var.x]'), scope)
    assert [q.literal for q in found.questions] == [1, 2]  # type: ignore[attr-defined]


def test_inputs_of_few_values_are_asked_for_wherever_they_end_up() -> None:
    """A value made from one has its question, so that each can be tried."""
    candidates = {"var.env": ("dev", "prod"), "var.flag": (True, False)}

    def asked(text: str, **decided: object) -> tuple[Question, ...]:
        inputs = {"env": unknown("env"), "flag": unknown("flag")}
        scope = Inputs(inputs, World(values=decided).decide, candidates)
        found = evaluate(parse_expression(text), scope)
        assert isinstance(found, UnknownValue)
        return found.questions

    first = Question("var.env", "dev")
    assert asked('"x-${var.env}"') == (first,)
    assert asked("upper(var.env)") == (first,)
    assert asked("var.flag + 1") == (Question("var.flag", True),)
    assert asked('"x-${var.env}"', **{"var.env": "dev"}) == ()
    scope = Inputs({"env": unknown("env")}, candidates=candidates)
    assert evaluate(parse_expression('contains(["dev", "prod", "test"], var.env)'), scope) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var.x ? { a = 1, b = 2 } : { a = 1, b = 3 }", {"a": 1, "b": ...}),
        ("var.x ? { a = 1, b = 2 } : { a = 1 }", UnknownValue("", known={"a": 1})),
        ("var.x ? { a = { b = 1, c = 2 } } : { a = { b = 1, c = 3 } }", {"a": {"b": 1, "c": ...}}),
        ("var.x ? [1, 2] : [1, 3]", [1, ...]),
        ("var.x ? [1, 2] : [1]", [1, UnknownValue("", many=True)]),
        ("var.x ? [1] : []", [UnknownValue("", many=True)]),
        ("var.x ? [1] : 1", ...),
        ("var.x ? 1 : null.a", ...),
        ('var.x ? 1 : "1"', "1"),
    ],
)
def test_both_arms_agree_as_far_as_they_do(text: str, expected: object) -> None:
    """Entries and elements of open conditionals; `...` for an unknown."""
    assert alike(value(text, x=...), expected)


def alike(found: object, expected: object) -> bool:
    """Equality but for reasons and questions."""
    if expected is ...:
        return isinstance(found, UnknownValue) and found.known is None and not found.many
    if isinstance(expected, UnknownValue):
        return isinstance(found, UnknownValue) and (found.known, found.many) == (expected.known, expected.many)
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(alike(found[k], v) for k, v in expected.items())
        )
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(found) == len(expected)
            and all(alike(f, e) for f, e in zip(found, expected, strict=True))
        )
    return found == expected and type(found) is type(expected)


ANY = UnknownValue("", many=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[for v in var.x : v]", ...),
        ("{ for k, v in var.x : k => v }", ...),
        ("var.x[*].id", ...),
        ('[for v in concat(["a"], var.x) : upper(v)]', ["A", ANY]),
        ("[for v in [1, 2] : v if var.x]", [ANY, ANY]),
        ("[for v in [{ a = 1 }] : v if var.x]", [UnknownValue("", known={"a": 1}, many=True)]),
        ("[for v in [1, 2, 3] : v if v != var.x && v < 3]", [ANY, ANY]),
        ("{ for v in [1, 2] : v => v if v == 1 || var.x }", UnknownValue("", known={"1": 1})),
        ('{ for v in ["a", var.x] : v => 1 }', UnknownValue("", known={"a": 1})),
        ('{ for v in ["a", var.x] : v => 1... }', UnknownValue("", known={"a": [ANY, 1]})),
        ("{ a = 1, (var.x) = 2, b = 3 }", UnknownValue("", known={"a": ..., "b": 3})),
        ('{ a = 1, "b-${var.x}" = 2 }', UnknownValue("", known={"a": 1})),
        ("{ a = 2, (var.x) = 2 }", UnknownValue("", known={"a": 2})),
        ('"%{ for v in concat(["a"], var.x) }<${v}>%{ endfor }"', UnknownValue("", known=("<a>", ...))),
        ('"%{ for v in var.x }${v}%{ endfor }b"', UnknownValue("", known=(..., "b"))),
        ('"a%{ if var.x }1%{ else }2%{ endif }b"', UnknownValue("", known=("a", ..., "b"))),
        ('"${"a${var.x}b"}c"', UnknownValue("", known=("a", ..., "bc"))),
        ("concat([1], var.x)[0]", 1),
        ("concat([1], var.x)[1]", ...),
        ("concat(var.x, [1])[0]", ...),
    ],
)
def test_collections_known_in_part(text: str, expected: object) -> None:
    """What is known of them stays."""
    found = value(text, x=...)
    if isinstance(expected, UnknownValue) and expected.known is not None:
        assert isinstance(found, UnknownValue)
        one, other = found.known, expected.known
        assert alike(list(one), list(other)) if isinstance(one, tuple) else loosely(one, other)  # type: ignore[call-overload]
    else:
        assert loosely(found, expected)


def loosely(found: object, expected: object) -> bool:
    """Like `alike`, with `known` of unknowns compared only where it is expected."""
    if isinstance(expected, UnknownValue) and expected.known is None:
        return isinstance(found, UnknownValue) and found.many == expected.many
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(loosely, found, expected))
    if isinstance(expected, dict) and isinstance(found, dict):
        return found.keys() == expected.keys() and all(loosely(found[k], v) for k, v in expected.items())
    return alike(found, expected)


def test_infinity_is_not_known() -> None:
    """Terraform divides by zero: 1 / 0 > 5 is true."""
    assert value("1 / 0").reason == "a division by zero"
    assert isinstance(value("try(0 / 0, 1)"), UnknownValue)
    assert isinstance(value("1 / 0 > 5"), UnknownValue)


def test_reasons_name_the_inputs() -> None:
    """They read after "depends on", the first three."""
    assert value('var.a == "x" ? 1 : 2', a=...).reason == "var.a"
    assert value('var.a == "x" ? var.b : 2', a=..., b=...).reason == "var.a and var.b"
    assert value('"${var.a}${var.b}${var.c}${var.d}"', a=..., b=..., c=..., d=...).reason == (
        "var.a and var.b and var.c"
    )


def test_texts_with_holes_keep_what_fills_them() -> None:
    """A hole is the unknown itself."""
    found = value('"a-${var.x}-b"', x=...)
    assert found.known == ("a-", unknown("x"), "-b")
    assert value('"${var.x}${var.x}"', x=...).known == (unknown("x"), unknown("x"))


def test_an_arm_written_as_a_string_makes_a_number_one() -> None:
    """An input declared as number is then a text, not the input itself."""
    node = parse_expression('var.flag ? var.n : "none"')
    found = evaluate(node, Inputs({"flag": True, "n": unknown("n")}))
    assert found.known == (unknown("n"),)
    assert found.symbol == ""
