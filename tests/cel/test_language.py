"""The language: literals, operators, macros, optionals, conversions, and what is refused."""

from __future__ import annotations

import math

import pytest

from guardrail.cel import CelCompileError, CelError, compile
from guardrail.cel.values import Duration, Optional, Timestamp, TypeValue, Uint
from tests.cel.running import ERROR, outcome, same, value

DATA = {
    "x": {"n": None, "s": "str", "l": [1, 2], "m": {"k": 1, "a-b": 2}, "i": 3, "d": 1.5, "t": True},
    "y": {},
}

VALUES = {
    # literals
    "1": 1,
    "-9223372036854775808": -(2**63),
    "0x1F": 31,
    "-0x1f": -31,
    "7u": Uint(7),
    "0xffu": Uint(255),
    "1.5": 1.5,
    ".5": 0.5,
    "1e3": 1000.0,
    "true": True,
    "null": None,
    "'a\\n\\t\\\\\\'\\x41\\u00e9\\U0001F600\\101'": "a\n\t\\'Aé😀A",
    'r"\\d"': "\\d",
    "R'''a\"b\nc'''": 'a"b\nc',
    '"""a"b\\n"""': 'a"b\n',
    "b'é\\xff\\377'": b"\xc3\xa9\xff\xff",
    "br'\\x'": b"\\x",
    "[1, 2, ]": [1, 2],
    "{'a': 1, 'b': [2], }": {"a": 1, "b": [2]},
    "1 // a comment\n + 1": 2,
    # arithmetic
    "1 + 2 * 3 - 4": 3,
    "-7 / 2": -3,
    "7 / -2": -3,
    "-7 % 2": -1,
    "7 % -2": 1,
    "5u - 3u": Uint(2),
    "1.0 / 0.0": math.inf,
    "-1.0 / 0.0": -math.inf,
    "0.0 / 0.0": math.nan,
    "'a' + 'b'": "ab",
    "b'a' + b'b'": b"ab",
    "[1] + [2]": [1, 2],
    "--3": 3,
    "!!true": True,
    # comparison
    "1 == 1.0": True,
    "1u == 1": True,
    "1 == true": False,
    "0 == false": False,
    "1.0 == true": False,
    "'1' == 1": False,
    "null == 0": False,
    "null == null": True,
    "[1, 2u] == [1.0, 2]": True,
    "{'a': 1} == {'a': 1.0}": True,
    "{'a': 1} == {'a': 1, 'b': 2}": False,
    "1 < 1.5": True,
    "1u > -1": True,
    "9007199254740993 > 9007199254740992.0": True,
    "'a' < 'b'": True,
    "'\\U0001F600' > '\\uffee'": True,
    "false < true": True,
    "b'a' <= b'a'": True,
    "0.0 / 0.0 == 0.0 / 0.0": False,
    "0.0 / 0.0 < 1.0": False,
    "timestamp('2020-01-01T00:00:00Z') < timestamp('2020-01-01T00:00:01Z')": True,
    "duration('1h') == duration('60m')": True,
    # membership
    "1 in [1, 2]": True,
    "1.0 in [1, 2]": True,
    "true in [1]": False,
    "'a' in {'a': 1}": True,
    "2 in {1: 1}": False,
    "1u in {1: 1}": True,
    "true in {1: 1}": False,
    "null in [null]": True,
    # logic and choice
    "true && !false || false": True,
    "false && 1 / 0 > 0": False,
    "1 / 0 > 0 && false": False,
    "true || 1 / 0 > 0": True,
    "1 / 0 > 0 || true": True,
    "1 / 0 > 0 || false || true": True,
    "x.zz || true": True,
    "x.i && false": False,
    "true ? 1 : 1 / 0": 1,
    "false ? 1 : true ? 2 : 3": 2,
    # access
    "x.m.k": 1,
    "x['m']['k']": 1,
    "x.m.`a-b`": 2,
    "x.l[0]": 1,
    "x.l[1u]": 2,
    "x.l[1.0]": 2,
    "{1: 'a'}[1.0]": "a",
    "{true: 'a', 1: 'b'}[true]": "a",
    "has(x.n)": True,
    "has(x.zz)": False,
    "has(x.s.b)": False,
    "has(x.n.b)": False,
    # macros
    "[1, 2].all(e, e > 0)": True,
    "[].all(e, 1 / 0 > 0)": True,
    "[1, 0].all(e, 1 / e > 5)": False,
    "[0, 1].exists(e, 1 / e == 1)": True,
    "[].exists(e, true)": False,
    "[1, 2, 3].exists_one(e, e > 2)": True,
    "[1, 2, 3].existsOne(e, e > 1)": False,
    "[1, 2].map(e, e * 2)": [2, 4],
    "[1, 2].map(e, e > 1, e * 2)": [4],
    "[1, 2].filter(e, e > 1)": [2],
    "{'a': 1, 'b': 2}.map(k, k)": ["a", "b"],
    "{true: 1}.map(k, k)": [True],
    "{'a': 1}.all(k, k == 'a')": True,
    "[1, 2].all(i, v, i < v)": True,
    "{'a': 1}.all(k, v, k == 'a' && v == 1)": True,
    "[1, 2].exists(i, v, i == 1 && v == 2)": True,
    "[1, 2].exists_one(i, v, v > i)": False,
    "[3, 4].transformList(i, v, i + v)": [3, 5],
    "[3, 4].transformList(i, v, i > 0, v)": [4],
    "{'a': 1}.transformMap(k, v, v + 1)": {"a": 2},
    "[5].transformMap(i, v, v)": {0: 5},
    "{'a': 'b'}.transformMapEntry(k, v, {v: k})": {"b": "a"},
    "cel.bind(a, 2, a * a)": 4,
    "cel.bind(x, 2, [x].map(x, x + 1))": [3],
    "[[1], [2]].all(a, a.all(b, b > 0))": True,
    "[3, 1, 2].sortBy(e, -e)": [3, 2, 1],
    # optionals
    "x.?m": Optional({"k": 1, "a-b": 2}),
    "x.?m.k": Optional(1),
    "x.?zz.k.orValue(7)": 7,
    "x.?m.zz.orValue(7)": 7,
    "x.m[?'k'].orValue(7)": 1,
    "x.l[?5].orValue(7)": 7,
    "x.?l[5].orValue(7)": 7,
    "x.?n.?b.orValue(5)": 5,
    "x.?s.?b.orValue(5)": 5,
    "x.?zz.hasValue()": False,
    "x.?n.hasValue()": True,
    "has(x.?zz.k)": False,
    "has(x.?m.k)": True,
    "x.?i.value()": 3,
    "optional.of(1) == optional.of(1.0)": True,
    "optional.none() == optional.of(1)": False,
    "optional.none().or(optional.of(2)).value()": 2,
    "optional.of(1).or(1 / 0 > 0 ? optional.none() : optional.none())": Optional(1),
    "optional.of(1).orValue(1 / 0)": 1,
    "optional.ofNonZeroValue('').hasValue()": False,
    "optional.ofNonZeroValue(0u).hasValue()": False,
    "optional.ofNonZeroValue([0]).hasValue()": True,
    "x.?i.optMap(v, v + 1).orValue(0)": 4,
    "x.?zz.optMap(v, v + 1).orValue(0)": 0,
    "x.?m.optFlatMap(v, v.?k).orValue(0)": 1,
    "[?x.?zz, ?x.?i, 1]": [3, 1],
    "{?'a': x.?zz, ?'b': x.?i}": {"b": 3},
    # conversions
    "int('-5')": -5,
    "int(1.9)": 1,
    "int(-1.9)": -1,
    "int(5u)": 5,
    "int(timestamp('1970-01-01T00:01:00Z'))": 60,
    "uint(5)": Uint(5),
    "uint('5')": Uint(5),
    "double(1)": 1.0,
    "double('1e3')": 1000.0,
    "double('-inf')": -math.inf,
    "string(1.0)": "1",
    "string(1.5)": "1.5",
    "string(1000000.0)": "1e+06",
    "string(0.00001)": "1e-05",
    "string(-0.0)": "-0",
    "string(true)": "true",
    "string(7u)": "7",
    "string(b'\\xc3\\xa9')": "é",
    "string(duration('90m1.5s'))": "5401.5s",
    "string(timestamp('2020-01-01T01:00:00.5+01:00'))": "2020-01-01T00:00:00.5Z",
    "bytes('é')": b"\xc3\xa9",
    "bool('t')": True,
    "bool('FALSE')": False,
    "type(1) == int": True,
    "type(1u) == uint && type([]) == list && type({}) == map && type(null) == null_type": True,
    "type(type(1)) == type": True,
    "type(timestamp(0)) == google.protobuf.Timestamp": True,
    "type('')": TypeValue("string"),
    "dyn(1) == 1": True,
    # times
    "timestamp(5)": Timestamp(5 * 10**9),
    "timestamp('2020-02-29T23:59:59.123456789Z').getMilliseconds()": 123,
    "timestamp('2020-02-29T23:59:59Z').getFullYear()": 2020,
    "timestamp('2020-02-29T23:59:59Z').getMonth()": 1,
    "timestamp('2020-02-29T23:59:59Z').getDate()": 29,
    "timestamp('2020-02-29T23:59:59Z').getDayOfMonth()": 28,
    "timestamp('2020-02-29T23:59:59Z').getDayOfWeek()": 6,
    "timestamp('2020-02-29T23:59:59Z').getDayOfYear()": 59,
    "timestamp('2020-02-29T23:59:59Z').getHours('-02:30')": 21,
    "timestamp('2020-02-29T23:59:59Z').getMinutes('02:30')": 29,
    "timestamp('2020-01-01T00:00:00Z') + duration('1h') == timestamp('2020-01-01T01:00:00Z')": True,
    "timestamp('2020-01-01T00:00:00Z') - timestamp('2019-12-31T00:00:00Z')": Duration(86400 * 10**9),
    "duration('1h1m1.5s')": Duration(3661_500_000_000),
    "duration('-1.5s').getSeconds()": -1,
    "duration('3h').getMinutes()": 180,
    "duration('1.5s').getMilliseconds()": 500,
    # size
    "size('é')": 1,
    "size(b'é')": 2,
    "[1].size() + {'a': 1}.size()": 2,
}

ERRORS = [
    *("9223372036854775807 + 1", "-9223372036854775807 - 2", "9223372036854775807 * 2"),
    *("-(-9223372036854775808 + 0)", "(-9223372036854775808 + 0) / -1", "1u - 2u"),
    *("18446744073709551615u + 1u", "1 / 0", "1 % 0", "1u / 0u", "1 + 1.0", "1u + 1", "1 + 'a'"),
    *("1.0 % 2.0", "true + true", "-true", "-'a'", "!1", "!null", "1 ? 2 : 3", "1 && true"),
    *("null < null", "[1] < [2]", "{} < {}", "1 < '2'", "true < 1", "'a' in 'cat'", "1 in 1"),
    *("x.zz", "x.n.b", "x.i.b", "x.l.b", "x.l[2]", "x.l[-1]", "x.l[1.5]", "x.l[true]", "x.l['0']"),
    *("x.m[1]", "x.m[null]", "x['zz']", "has(x.zz.b)", "has(x.l.b)", "x.?l.?b"),
    *("[1, 'a'].all(e, e > 0)", "1.all(e, true)", "[1].map(e, e / 0)", "[1].filter(e, 1)"),
    *("[1, 'a'].exists(e, e > 1)", "[1, 'a'].exists_one(e, e > 0)", "'a'.map(e, e)"),
    *("{'a': 1, 'a': 2}", "{1: 1, 1u: 2}", "{1.5: 1}", "{null: 1}", "{[]: 1}"),
    *("{'a': 'c', 'b': 'c'}.transformMapEntry(k, v, {v: k})", "[1, 'a'].sortBy(e, e)"),
    *("optional.none().value()", "x.i.orValue(1)", "x.i.hasValue()", "[?1]", "{?'a': 1}"),
    *("int('a')", "int('')", "int(' 1')", "int('9223372036854775808')", "int(1e19)", "int(true)"),
    *("int(0.0 / 0.0)", "uint(-1)", "uint('-1')", "uint(1e20)", "double('a')", "double('1_0')"),
    *("bool('yes')", "bool(1)", "string(null)", "string([])", "string(b'\\xff')", "bytes(1)"),
    *("timestamp('2020-13-01T00:00:00Z')", "timestamp('2020-01-01')", "duration('1d')"),
    *("duration('')", "duration('1')", "duration('s')", "size(1)", "size(null)"),
    *("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "timestamp(999999999999999)"),
    "timestamp('2020-01-01T00:00:00Z').getHours('Nowhere/Land')",
    "timestamp('2020-01-01T00:00:00Z') + timestamp('2020-01-01T00:00:00Z')",
]

REFUSED = {
    # text: (part of the message, line, column)
    "": ("ends too early", 1, 1),
    "1 +": ("ends too early", 1, 4),
    "a.b\n  .c &&": ("ends too early", 2, 8),
    "(a": ("expected ')'", 1, 3),
    "a b": ("unexpected 'b'", 1, 3),
    "a == 'x": ("string is not closed", 1, 6),
    "'\\q'": ("invalid escape", 1, 2),
    "b'\\u0041'": ("invalid escape in bytes", 1, 3),
    "'\\ud800'": ("invalid escape", 1, 2),
    "a # b": ("unexpected character '#'", 1, 3),
    "9223372036854775808": ("out of range", 1, 1),
    "18446744073709551616u": ("out of range", 1, 1),
    "if": ("reserved word", 1, 1),
    "a.in": ("backquotes", 1, 3),
    "contaner.name": ("unknown name 'contaner' (did you mean 'container'?)", 1, 1),
    "container.foo()": ("unknown function 'foo'", 1, 10),
    "container.name.startWith('a')": ("did you mean 'startsWith'?", 1, 15),
    "sise(a)": ("did you mean 'size'?", 1, 1),
    "startsWith(a, 'b')": ("is a member function", 1, 1),
    "a.type()": ("is not a member function", 1, 2),
    "size(a, b)": ("size takes 1 arguments, not 2", 1, 1),
    "a.all(1, true)": ("must be a plain name", 1, 7),
    "a.all(e)": ("all takes 2 or 3 arguments, not 1", 1, 2),
    "a.all(e, e, true)": ("different names", 1, 10),
    "has(a)": ("has() takes one field selection", 1, 1),
    "has(a.b, a.c)": ("has() takes one field selection", 1, 1),
    "cel.bind(a, 1)": ("cel.bind takes", 1, 4),
    "a.optMap(v)": ("optMap takes", 1, 2),
    "a.transformMapEntry(k, v, v)": ("needs a map literal", 1, 27),
    "a{b: 1}": ("message literals are not offered", 1, 1),
    "authorizer.group('')": ("authorizer is not offered", 1, 1),
    "now()": ("same result every time", 1, 1),
    "a.matches('(?=b)')": ("look-around is not offered", 1, 11),
    "math.foo(1)": ("unknown function 'math.foo'", 1, 5),
    "[a].map(e, e) == e": ("unknown name 'e'", 1, 18),
    "{1}": ("expected ':'", 1, 3),
}


@pytest.mark.parametrize("text", VALUES)
def test_value(text: str) -> None:
    assert same(value(text, None, **DATA), VALUES[text])


@pytest.mark.parametrize("text", ERRORS)
def test_error(text: str) -> None:
    assert outcome(text, **DATA) == ERROR


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    message, line, column = REFUSED[text]
    with pytest.raises(CelCompileError) as caught:
        compile(text, ["a", "b", "container"])
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_an_unbound_name_is_an_error_that_absorbs() -> None:
    program = compile("a || b", ["a", "b"])
    assert program({"b": True}) is True
    with pytest.raises(CelError, match="'a' is not bound"):
        program({"b": False})


def test_roots_are_the_run_time_names_in_use() -> None:
    program = compile("a.b == params.c && [1].all(d, d == e)", ["a", "d", "e"], {"params": {"c": 1}})
    assert program.roots == {"a", "e"}
    assert program.text.startswith("a.b")
    assert program({"a": {"b": 1}, "e": 1}) is True


def test_names_shadow_constants_shadow_types_and_macros_shadow_all() -> None:
    assert compile("type", ["type"])({"type": 1}) == 1
    assert compile("cel.bind(p, 2, p)", [], {"p": 1})({}) == 2
    assert compile("params.x", ["params"], {"params": {"x": 1}})({"params": {"x": 2}}) == 1


def test_a_missing_constant_is_a_run_time_error_that_absorbs() -> None:
    assert compile("params.x || true", [], {"params": {}})({}) is True


def test_nothing_is_converted_or_copied() -> None:
    data = {"a": {"b": [1, {"c": "d"}]}}
    assert compile("x.a.b[1]", ["x"])({"x": data}) is data["a"]["b"][1]
