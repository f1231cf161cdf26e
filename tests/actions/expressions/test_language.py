"""What expressions mean where all is known.

DOCS is github/docs content/actions/reference/workflows-and-actions/expressions.md (section), RUNNER is the source of
actions/runner below src/Sdk/Expressions (file).
"""

from __future__ import annotations

import math

import pytest

from guardrail.actions.expressions import EvaluationError, parse
from guardrail.actions.expressions.values import fold, number, text, truthy
from tests.actions.expressions.worlds import value

FRUITS = [{"name": "apple", "quantity": 1}, {"name": "orange", "quantity": 2}, {"name": "pear", "quantity": 1}]
VEGETABLES = {
    "scallions": {"colors": ["green", "white", "red"], "ediblePortions": ["roots", "stalks"]},
    "beets": {"colors": ["purple"], "ediblePortions": ["roots", "stems", "leaves"]},
    "artichokes": {"ediblePortions": ["hearts", "stems", "leaves"]},
}
SAME = {"x": [1]}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # DOCS "Literals", "Example of literals"
        ("null", None),
        ("false", False),
        ("true", True),
        ("711", 711.0),
        ("-9.2", -9.2),
        ("0xff", 255.0),
        ("-2.99e-2", -0.0299),
        ("'It''s open source!'", "It's open source!"),
        ("''", ""),
        ("''''''", "''"),
        # RUNNER Tokens/LexicalAnalyzer.cs, ReadNumberToken and ReadKeywordToken; Sdk/ExpressionUtility.cs, ParseNumber
        (".5", 0.5),
        ("5.", 5.0),
        ("+5", 5.0),
        ("0o17", 15.0),
        ("0x7fffffff", 2147483647.0),
        ("0xffffffff", -1.0),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        ("1e400", math.inf),
    ],
)
def test_literals(expression: str, expected: object) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


def test_nan_is_a_literal() -> None:
    """RUNNER Tokens/LexicalAnalyzer.cs, ReadKeywordToken."""
    found = value("NaN")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # DOCS "Operators", table of casts to a number
        (None, 0.0),
        (True, 1.0),
        (False, 0.0),
        ("", 0.0),
        ("12", 12.0),
        ("-1.5e3", -1500.0),
        # RUNNER Sdk/ExpressionUtility.cs, ParseNumber: trimmed; hexadecimal and octal within 32 bits; Infinity
        (" \t7\n", 7.0),
        ("0xFF", 255.0),
        ("0o10", 8.0),
        ("0x00000000ff", 255.0),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        (10**400, math.inf),
    ],
)
def test_casts_to_numbers(given: object, expected: float) -> None:
    assert number(given) == expected


@pytest.mark.parametrize("given", ["abc", "1 2", "0xfg", "0x1ffffffff", "0o9", "1e", "1_000", "０", [], [1], {}, "0b1"])
def test_casts_to_nan(given: object) -> None:
    """DOCS "Operators": otherwise NaN; arrays and objects NaN. RUNNER ParseNumber for the odd ones."""
    assert math.isnan(number(given))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # DOCS "Functions", table of casts to a string
        (None, ""),
        (True, "true"),
        (False, "false"),
        (1.0, "1"),
        (3, "3"),
        # RUNNER EvaluationResult.cs ConvertToString, ExpressionConstants.cs NumberFormat "G15"
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333333333333"),
        (123456789012345.0, "123456789012345"),
        (1e15, "1E+15"),
        (1.5e300, "1.5E+300"),
        (0.0001, "0.0001"),
        (0.00001, "1E-05"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        ([1], "Array"),
        ({"a": 1}, "Object"),
    ],
)
def test_casts_to_strings(given: object, expected: str) -> None:
    assert text(given) == expected


@pytest.mark.parametrize("given", [None, False, 0, 0.0, -0.0, ""])
def test_falsy(given: object) -> None:
    """DOCS "Literals": falsy values (false, 0, -0, "", '', null)."""
    assert not truthy(given)


def test_nan_is_falsy() -> None:
    """RUNNER EvaluationResult.cs, IsFalsy: `number == 0d || Double.IsNaN(number)`; DOCS does not say."""
    assert not truthy(math.nan)


@pytest.mark.parametrize("given", [True, 1, -1, 0.5, "false", "0", " ", [], {}, math.inf])
def test_truthy(given: object) -> None:
    """DOCS "Literals": true and other non-falsy values; RUNNER EvaluationResult.cs: arrays and objects always."""
    assert truthy(given)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # DOCS "Operators": ignores case when comparing strings
        ("'ABC' == 'abc'", True),
        ("'ABC' != 'abc'", False),
        ("'é' == 'É'", True),
        # RUNNER EvaluationResult.cs: StringComparison.OrdinalIgnoreCase, letter by letter
        ("'ß' == 'SS'", False),
        ("'ı' == 'I'", False),
        ("'ſ' == 's'", False),
        # DOCS "Operators": types that do not match are coerced to numbers
        ("1 == '1'", True),
        ("'1' == 1", True),
        ("'01' == 1", True),
        ("'01' == '1'", False),
        ("true == 1", True),
        ("true == '1'", True),
        ("true == 'true'", False),
        ("false == ''", True),
        ("false == null", True),
        ("null == ''", True),
        ("null == 0", True),
        ("null == '0'", True),
        ("'' == 0", True),
        ("null == 'null'", False),
        ("null == null", True),
        ("'abc' == 0", False),
        # DOCS "Operators": NaN makes every relational comparison false
        ("NaN == NaN", False),
        ("NaN != NaN", True),
        ("NaN > 0", False),
        ("NaN >= NaN", False),
        ("'abc' < 1", False),
        ("'abc' >= 1", False),
        ("x.o > 0", False),
        ("x.o <= 0", False),
        # DOCS "Operators": objects and arrays are equal only when they are the same instance
        ("x.o == x.o", True),
        ("x.o == x.same", True),
        ("x.o == x.other", False),
        ("x.o != x.other", True),
        ("x.o.x == x.same.x", True),
        ("x.o == 'Object'", False),
        ("x.o == null", False),
        ("fromJSON('[]') == fromJSON('[]')", False),
        # RUNNER EvaluationResult.cs, AbstractGreaterThanOrEqual: equal or greater
        ("x.o >= x.same", True),
        ("null >= null", True),
        ("null > null", False),
        ("2 > '10'", False),
        ("'2' > '10'", True),
        ("'b' > 'A'", True),
        ("'a' < 'B'", True),
        ("'A' <= 'a'", True),
        ("'A' >= 'a'", True),
        ("true > false", True),
        ("true < false", False),
        ("'z' < 'é'", True),
        # RUNNER Tokens/Token.cs, Precedence: ! over relations over equality over && over ||
        ("!true == false", True),
        ("!(true == true)", False),
        ("1 < 2 == true", True),
        ("true == 1 < 2", True),
        ("false == 1 > 2", True),
        ("3 > 2 > 1", False),
        ("true || false && false", True),
        ("(true || false) && false", False),
        ("false && false || true", True),
        ("1 == 1 && 2 == 2", True),
        # DOCS "Operators"; RUNNER Sdk/Operators/And.cs, Or.cs: an operand is returned, the first that settles it
        ("'a' && 'b'", "b"),
        ("'' && 'b'", ""),
        ("null && 'b'", None),
        ("'a' || 'b'", "a"),
        ("'' || 'b'", "b"),
        ("'' || null", None),
        ("0 || false || 'c' || 'd'", "c"),
        ("1 && 2 && 0 && 3", 0.0),
        ("x.name == 'Mona' && 'yes' || 'no'", "yes"),
        ("!''", True),
        ("!!'a'", True),
        ("!x.o", False),
    ],
)
def test_operators(expression: str, expected: object) -> None:
    found = value(expression, x={"o": SAME, "same": SAME, "other": {"x": [1]}, "name": "mona"})
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # DOCS-contexts (contexts.md "Available contexts"): index and property syntax
        ("x['name']", "mona"),
        ("x.name", "mona"),
        ("X.NAME", "mona"),
        ("x['NAME']", "mona"),
        ("x['na-me'].deep", 1),
        ("x.na-me.deep", 1),
        # contexts.md: a nonexistent property evaluates to an empty string, that is null
        ("x.nothing", None),
        ("x.nothing.at.all", None),
        ("x.name.more", None),
        ("x['true']", 5),
        ("x.true", 5),
        # RUNNER Sdk/Operators/Index.cs, IndexHelper
        ("x.list[0]", "a"),
        ("x.list['1']", "b"),
        ("x.list[1.9]", "b"),
        ("x.list[true]", "b"),
        ("x.list[null]", "a"),
        ("x.list[2]", None),
        ("x.list[-1]", None),
        ("x.list[NaN]", None),
        ("x.list[Infinity]", None),
        ("x.list.name", None),
        ("x[5]", "five"),
        ("x[null]", "blank"),
        ("x[x.key]", "mona"),
        ("x[format('{0}{1}', 'na', 'me')]", "mona"),
        ("x[x.list]", None),
        ("(x).name", "mona"),
        ("fromJSON('{\"a\": [1]}').a[0]", 1.0),
    ],
)
def test_index(expression: str, expected: object) -> None:
    data = {
        "name": "mona",
        "na-me": {"deep": 1},
        "true": 5,
        "list": ["a", "b"],
        "5": "five",
        "": "blank",
        "key": "name",
    }
    assert value(expression, x=data) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # DOCS "Object filters"
        ("fruits.*.name", ["apple", "orange", "pear"]),
        ("fruits[*]['name']", ["apple", "orange", "pear"]),
        (
            "vegetables.*.ediblePortions",
            [["roots", "stalks"], ["roots", "stems", "leaves"], ["hearts", "stems", "leaves"]],
        ),
        # RUNNER Sdk/Operators/Index.cs, HandleFilteredArray: items without the property are left out
        ("vegetables.*.colors", [["green", "white", "red"], ["purple"]]),
        ("vegetables.*.colors.*", ["green", "white", "red", "purple"]),
        ("vegetables.*.colors[0]", ["green", "purple"]),
        ("vegetables.*.colors[2]", ["red"]),
        ("fruits.*", FRUITS),
        ("fruits.*[0]", []),
        ("fruits.*.name.more", []),
        # RUNNER Index.cs: a wildcard on anything but a collection is an empty array
        ("fruits[0].name.*", []),
        ("nothing.*.x", []),
        ("contains(fruits.*.name, 'ORANGE')", True),
        ("contains(fruits.*.name, 'plum')", False),
        ("join(fruits.*.name, ', ')", "apple, orange, pear"),
    ],
)
def test_object_filters(expression: str, expected: object) -> None:
    assert value(expression, fruits=FRUITS, vegetables=VEGETABLES, nothing=None) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # DOCS "contains"
        ("contains('Hello world', 'llo')", True),
        ("contains('Hello world', 'LLO')", True),
        ("contains(fromJSON('[\"push\", \"pull_request\"]'), 'push')", True),
        ("contains(fromJSON('[\"push\", \"pull_request\"]'), 'pull')", False),
        ("contains('abc', '')", True),
        ("contains(123, 2)", True),
        ("contains(true, 'RU')", True),
        ("contains(null, '')", True),
        # RUNNER Sdk/Functions/Contains.cs: items are compared as by ==; an object contains nothing
        ("contains(fromJSON('[1, 2]'), '2')", True),
        ("contains(fromJSON('[null]'), false)", True),
        ("contains(fromJSON('[]'), null)", False),
        ("contains(fromJSON('{\"a\": 1}'), 'a')", False),
        ("contains('abc', fromJSON('[]'))", False),
        # DOCS "startsWith", "endsWith"
        ("startsWith('Hello world', 'He')", True),
        ("startsWith('Hello world', 'he')", True),
        ("startsWith('Hello world', 'lo')", False),
        ("startsWith(123, 1)", True),
        ("startsWith(fromJSON('[]'), '')", False),
        ("endsWith('Hello world', 'ld')", True),
        ("endsWith('Hello world', 'LD')", True),
        ("endsWith('Hello world', 'He')", False),
        ("endsWith('x', fromJSON('{}'))", False),
        # DOCS "format"
        ("format('Hello {0} {1} {2}', 'Mona', 'the', 'Octocat')", "Hello Mona the Octocat"),
        ("format('{{Hello {0} {1} {2}!}}', 'Mona', 'the', 'Octocat')", "{Hello Mona the Octocat!}"),
        # RUNNER Sdk/Functions/Format.cs
        ("format('{0}{0}', 'a')", "aa"),
        ("format('plain')", "plain"),
        ("format('{{0}}', 'a')", "{0}"),
        ("format('{{{0}}}', 'a')", "{a}"),
        ("format('{0}', null)", ""),
        ("format('{0} {1}', true, 1.50)", "true 1.5"),
        ("format('{0}', fromJSON('[]'))", "Array"),
        ("format(12)", "12"),
        # DOCS "join"
        ("join(fromJSON('[\"bug\", \"help wanted\"]'), ', ')", "bug, help wanted"),
        ('join(fromJSON(\'["a", "b"]\'))', "a,b"),
        ("join('abc', '-')", "abc"),
        ("join(fromJSON('[1, null, true, [2]]'), '-')", "1--true-Array"),
        # RUNNER Sdk/Functions/Join.cs
        ("join(fromJSON('[]'))", ""),
        ("join(fromJSON('{}'))", ""),
        ("join(fromJSON('[1, 2]'), fromJSON('[]'))", "1,2"),
        # DOCS "toJSON"; RUNNER Sdk/Functions/ToJson.cs for the layout
        ('toJSON(fromJSON(\'{"status": "success"}\'))', '{\n  "status": "success"\n}'),
        ("toJSON(fromJSON('[1, [], {}, {\"a\": null}]'))", '[\n  1,\n  [],\n  {},\n  {\n    "a": null\n  }\n]'),
        ("toJSON('a\"b')", '"a\\"b"'),
        ("toJSON(null)", "null"),
        ("toJSON(1.0)", "1"),
        ("toJSON(true)", "true"),
        # DOCS "fromJSON"
        ("fromJSON('true')", True),
        ("fromJSON('3')", 3.0),
        ("fromJSON('\"x\"')", "x"),
        ("fromJSON('null')", None),
        ("fromJSON(true)", True),
        # RUNNER Expressions/Data/JTokenExtensions.cs: names are told apart without case
        ('fromJSON(\'{"Key": 1, "KEY": 2}\').key', 2.0),
        ('fromJSON(toJSON(fromJSON(\'{"a": [1, "b"]}\'))).a[1]', "b"),
        # DOCS "case"
        ("case('refs/heads/main' == 'refs/heads/main', 'production', 'development')", "production"),
        ("case(false, 'a', true, 'b', 'c')", "b"),
        ("case(false, 'a', false, 'b', 'c')", "c"),
        # RUNNER Sdk/Functions/Case.cs: only the value that is chosen is evaluated
        ("case(true, 'a', fromJSON('{'))", "a"),
        # names of functions ignore case: RUNNER ExpressionConstants.cs, OrdinalIgnoreCase
        ("CONTAINS('a', 'A') && tojson(1) == '1' && FromJson('true')", True),
        # RUNNER Sdk/Operators/Or.cs: what comes behind is not evaluated
        ("true || fromJSON('{')", True),
        ("false && fromJSON('{')", False),
    ],
)
def test_functions(expression: str, expected: object) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("expression", "message", "offset"),
    [
        # RUNNER Sdk/Functions/FromJson.cs, JsonParser.cs
        ("fromJSON('')", "no JSON", 0),
        ("1 == fromJSON('{')", "no JSON", 5),
        ("fromJSON('{} {}')", "no JSON", 0),
        ("fromJSON('NaN')", "no JSON", 0),
        # RUNNER Sdk/Functions/Format.cs
        ("format('{0} {1}', 'a')", "no value for {1}", 0),
        ("format('{', 'a')", "stray '{'", 0),
        ("format('}', 'a')", "stray '}'", 0),
        ("format('{x}', 'a')", "stray '{'", 0),
        ("format('{0:x}', 'a')", "stray '{'", 0),
        ("format('{999}', 'a')", "no value for {999}", 0),
        # RUNNER Sdk/Functions/Case.cs
        ("case('a', 1, 2)", "no boolean", 5),
        ("case(1, 1, 2)", "no boolean", 5),
        # RUNNER ExpressionParser.cs, UnrecognizedFunction (there already when it is parsed)
        ("true && nope(1)", "no function nope()", 8),
    ],
)
def test_evaluation_errors(expression: str, message: str, offset: int) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(expression)
    assert message in caught.value.message
    assert caught.value.offset == offset


def test_status_functions_ask_the_world() -> None:
    """DOCS "Status check functions"."""
    from guardrail.actions.expressions import evaluate
    from tests.actions.expressions.worlds import Known

    world = Known()
    world.results = {"success": False, "failure": True, "always": True, "cancelled": False}
    assert evaluate(parse("failure() && !cancelled() && Always() && !SUCCESS()"), world) is True


def test_fold_is_letter_by_letter() -> None:
    assert fold("straße") == "STRAßE"
    assert fold("Ǆ") == fold("ǆ")
