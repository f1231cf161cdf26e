"""What is an expression and what is not (actions/runner src/Sdk/Expressions, file in the comment)."""

from __future__ import annotations

import pytest

from guardrail.actions.expressions import (
    Call,
    Compare,
    ExpressionError,
    Index,
    Literal,
    Logic,
    Name,
    Not,
    Star,
    parse,
)


def test_the_tree() -> None:
    tree = parse("!a.b['c'].* || f(1, 'x') == null && g()")
    assert tree == Logic(
        "||",
        (
            Not(
                Index(
                    Index(Index(Name("a", 1, 2), Literal("b", 3, 4), 1, 4), Literal("c", 5, 8), 1, 9),
                    Star(10, 11),
                    1,
                    11,
                ),
                0,
                11,
            ),
            Logic(
                "&&",
                (
                    Compare(
                        "==",
                        Call("f", (Literal(1.0, 17, 18), Literal("x", 20, 23)), 15, 24),
                        Literal(None, 28, 32),
                        15,
                        32,
                    ),
                    Call("g", (), 36, 39),
                ),
                15,
                39,
            ),
        ),
        0,
        39,
    )


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a && b && c", "(a && b) && c"),
        ("a || (b || c)", "a || b || c"),
        (" a\t==\n'b' ", "a=='b'"),
        ("((((a))))", "a"),
        ("a.*", "a[*]"),
        ("a . b", "a.b"),
        ("f ( a )", "f(a)"),
        ("a.true.null", "a['true']['null']"),
        ("a\u00a0==\u20281", "a==1"),
    ],
)
def test_spellings(text: str, same: str) -> None:
    assert _shape(parse(text)) == _shape(parse(same))


def _shape(node: object) -> object:
    """A tree without places."""
    if isinstance(node, tuple) and hasattr(node, "_fields"):
        return type(node), [_shape(getattr(node, name)) for name in node._fields if name not in ("offset", "end")]
    return [_shape(item) for item in node] if isinstance(node, tuple) else node


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        # WorkflowParser/ObjectTemplating/TemplateReader.cs, ParseExpression
        ("", "missing", 0),
        (" \n", "missing", 0),
        # Tokens/LexicalAnalyzer.cs; docs "Literals": double quotes are an error
        ('a == "push"', "single quotes", 5),
        ("a == 'push", "not closed", 5),
        ("'it's'", "unexpected", 4),
        ("a = b", "did you mean '=='?", 2),
        ("a & b", "did you mean '&&'?", 2),
        ("a | b", "did you mean '||'?", 2),
        ("1 + 2", "arithmetic", 2),
        ("a + 2", "arithmetic", 2),
        ("1+2", "arithmetic", 0),
        ("a*2", "arithmetic", 0),
        ("a/b", "arithmetic", 0),
        ("a % 2", "arithmetic", 2),
        ("-a", "not a number", 0),
        ("- 1", "not a number", 0),
        ("1.2.3", "not a number", 0),
        ("0b1", "not a number", 0),
        ("0x", "not a number", 0),
        ("a.1", "unexpected a literal", 2),
        ("@a", "unexpected '@a'", 0),
        ("1a", "not a number", 0),
        ("é", "unexpected 'é'", 0),
        ("${{ a", "unexpected '${{'", 0),
        # Tokens/LexicalAnalyzer.cs, CreateToken: what may follow what
        ("a b", "unexpected 'b'", 2),
        ("a 'b'", "unexpected a literal", 2),
        ("a.", "too early", 2),
        ("a..b", "not a number", 2),
        ("a.'b'", "expected the name of a property", 2),
        ("a[", "too early", 2),
        ("a[]", "unexpected ']'", 2),
        ("a[0", "too early, expected ']'", 3),
        ("a[*", "too early, expected ']'", 3),
        ("a[* ]x", "unexpected 'x'", 5),
        ("*", "unexpected '*'", 0),
        ("a.*b", "unexpected 'b'", 3),
        ("'a'.b", "not a number", 3),
        ("'a'[0]", "unexpected '['", 3),
        ("1[0]", "unexpected '['", 1),
        ("true.a", "not a number", 4),
        ("true()", "unexpected '('", 4),
        ("(a", "too early, expected ')'", 2),
        ("a)", "unexpected ')'", 1),
        ("()", "unexpected ')'", 1),
        ("(a)(b)", "unexpected '('", 3),
        ("(a, b)", "unexpected ','", 2),
        ("a, b", "unexpected ','", 1),
        ("f(a,)", "unexpected ')'", 4),
        ("f(,a)", "unexpected ','", 2),
        ("f(a", "too early, expected ')'", 3),
        ("f(a b)", "unexpected 'b'", 4),
        ("f()()", "unexpected '('", 3),
        ("a.f()", "unexpected '('", 3),
        ("a ==", "too early", 4),
        ("== a", "unexpected '=='", 0),
        ("a == == b", "unexpected '=='", 5),
        ("a !b", "unexpected '!'", 2),
        ("!", "too early", 1),
        ("a && || b", "unexpected '||'", 5),
        # ExpressionParser.cs, FlushTopEndParameters; ExpressionConstants.cs, AddFunction
        ("contains('a')", "contains() takes 2 arguments, not 1", 0),
        ("x || Contains('a', 'b', 'c')", "Contains() takes 2 arguments, not 3", 5),
        ("toJSON()", "takes 1 argument, not 0", 0),
        ("join()", "takes 1 to 2 arguments", 0),
        ("format()", "takes at least 1 argument", 0),
        ("hashFiles()", "takes at least 1 argument", 0),
        ("always(1)", "takes 0 arguments", 0),
        ("case(true, 1)", "takes at least 3 arguments", 0),
        ("case(true, 1, false, 2)", "pairs", 0),
    ],
)
def test_errors(text: str, message: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert message in caught.value.message
    assert caught.value.offset == offset


def test_limits_are_those_of_github() -> None:
    """ExpressionConstants.cs: MaxDepth 50, MaxLength 21000; ExpressionParser.cs, CheckMaxDepth: And and Or are flat."""
    assert parse("a" + ".b" * 49)
    with pytest.raises(ExpressionError, match="nested more than 50 deep"):
        parse("a" + ".b" * 50)
    assert parse("!" * 49 + "a")
    with pytest.raises(ExpressionError, match="nested more than 50 deep"):
        parse("!" * 50 + "a")
    assert parse(" && ".join(["a"] * 1000))
    assert parse("a" * 21_000)
    with pytest.raises(ExpressionError, match="longer than 21,000"):
        parse("a" * 21_001)
