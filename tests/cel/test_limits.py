"""Hostile expressions and data: every limit is final, nothing hangs, nothing fills the memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from guardrail.cel import CelCompileError, CelError, compile
from guardrail.cel.errors import CelLimit
from guardrail.cel.program import MAX_ITERATIONS
from tests.cel.running import LIMIT, outcome


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < 10


def bomb(depth: int) -> object:
    """A list of 2 ** depth leaves out of a few objects, as YAML aliases make it."""
    value: object = ["x"]
    for _ in range(depth):
        value = [value, value]
    return value


@pytest.mark.parametrize("nest", ["({})", "[{}]", "{{1: {}}}", "[1].map(a, {})", "size([{}])"])
def test_nesting_is_limited_when_compiled(nest: str) -> None:
    deep = "1"
    for _ in range(55 if "[{" not in nest else 25):
        deep = nest.format(deep) if nest != "{{1: {}}}" else f"{{1: {deep}}}"
    compile(deep, [])
    for _ in range(2000 if len(nest) < 8 else 700):
        deep = nest.format(deep) if nest != "{{1: {}}}" else f"{{1: {deep}}}"
    with pytest.raises(CelCompileError, match="nested more than 60 deep"):
        compile(deep, [])


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".b" * 5000,
        "1" + "+1" * 5000,
        "!" * 9000 + "a",
        "-" * 9000 + "1",
        "a" + "[0]" * 5000,
        "true?" * 4000 + "1" + ":1" * 4000,
        "(" * 9000,
        "[" * 9000,
        "a" + ".b()" * 4000,
    ],
)
def test_long_chains_are_refused_not_a_stack_overflow(text: str) -> None:
    with pytest.raises(CelCompileError):
        compile(text, ["a"])


def test_two_hundred_operands_of_one_operator_are_fine() -> None:
    """POLICY_LANGUAGE 6.3 defect 5: generated code broke at about 200 chained &&."""
    names = " && ".join(["a"] * 2000)
    assert compile(names, ["a"])({"a": True}) is True
    assert compile(names.replace("&&", "||"), ["a"])({"a": False}) is False


def test_text_is_limited() -> None:
    compile("'" + "a" * 19_900 + "'", [])
    with pytest.raises(CelCompileError, match="longer than 20,000"):
        compile("'" + "a" * 20_000 + "'", [])


RANGE = "lists.range(1000)"
WORK = [
    f"{RANGE}.all(a, {RANGE}.all(b, a + b >= 0))",
    f"{RANGE}.map(a, {RANGE}.map(b, a))",
    f"{RANGE}.all(a, {RANGE}.exists(b, {RANGE}.exists_one(c, c == a)))",
    f"{RANGE}.all(a, {RANGE}.transformMap(i, v, v).size() > 0)",
    f"{RANGE}.filter(a, {RANGE}.sortBy(b, -b).size() > 0).size() > 0",
    # nothing absorbs a limit, in neither mode
    f"true || {RANGE}.all(a, {RANGE}.all(b, true)) || true",
    f"{RANGE}.all(a, {RANGE}.all(b, x.zz || true)) || true",
    f"[1].exists(z, {RANGE}.all(a, {RANGE}.all(b, true))) || true",
]


@pytest.mark.parametrize("text", WORK[:5] + WORK[6:])
def test_iterations_are_limited(text: str) -> None:
    assert outcome(text, x={}) == LIMIT


def test_the_limit_is_two_hundred_thousand_shared_by_both_modes() -> None:
    """POLICY_LANGUAGE 6.3 defect 4: starting again in the other mode must not start a new count."""
    fits = f"[1, 2].all(a, lists.range({MAX_ITERATIONS * 2 // 5}).all(b, true))"
    assert compile(fits, [])({}) is True
    program = compile(f"{fits} && x.zz", ["x"])  # the missing key shows only at the end
    start = time.process_time()
    with pytest.raises(CelLimit):
        program({"x": {}})
    assert time.process_time() - start < 1


GROWTH = [
    "cel.bind(a, 'xxxxxxxx', {})",
    "cel.bind(a, [1, 2, 3, 4, 5, 6, 7, 8], {})",
    "cel.bind(a, b'xxxxxxxx', {})",
]


@pytest.mark.parametrize("text", GROWTH)
def test_doubling_is_limited(text: str) -> None:
    """POLICY_LANGUAGE 6.3 defect 6: variables can double strings."""
    for _ in range(30):
        text = text.replace("{}", "cel.bind(a, a + a, {})")
    assert outcome(text.replace("{}", "size(a)")) == LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "x.s.replace('', x.s).size()",
        "x.s.split('').join(x.s).size()",
        "'%s%s%s%s%s%s'.format([x.s, x.s, x.s, x.s, x.s, x.s]).size()",
        "regex.replace(x.s, 'a', x.s).size()",
        "lists.range(100000000).size()",
        "(x.s + x.s + x.s + x.s + x.s + x.s).size()",
        "lists.range(100000).map(i, x.s + 'b').size()",
        "lists.range(100000).map(i, x.s.upperAscii()).size()",
        "lists.range(100000).map(i, [i, i] + lists.range(5000)).size()",
        "lists.range(100000).all(i, x.s.contains('b') || true)",
        "lists.range(100000).all(i, !(i + 1000000 in x.l))",
        "lists.range(3000).distinct().size() + lists.range(100000).distinct().size()",
        "sets.contains(lists.range(100000), lists.range(100000))",
    ],
)
def test_growth_and_hidden_loops_are_limited(text: str) -> None:
    data = {"s": "a" * 200_000, "l": list(range(10_000))}
    assert outcome(text, x=data) == LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "x == y",
        "x in [y]",
        "[x].distinct() == [y]",
        "'%s'.format([x])",
        "x.flatten(100).size() > 0",
        "x.sort()",
        "x.indexOf(y)",
        "sets.contains([x], [y])",
        "x.isSorted()",
        "x != y",
    ],
)
def test_shared_data_cannot_explode(text: str) -> None:
    assert outcome(text, x=bomb(60), y=bomb(60)) in (LIMIT, "<error>", -1)


def test_data_nested_beyond_the_stack_is_an_error() -> None:
    deep: object = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(CelError, match="nested too deeply"):
        compile("x == y", ["x", "y"])({"x": deep, "y": [deep]})


def test_explaining_stops_at_the_limit_too() -> None:
    data = {"a": list(range(1000)), "b": 1}
    program = compile("x.b == 2 || x.a.all(p, x.a.exists(q, q == p + 5000))", ["x"])
    assert [blame.path for blame in program.explain({"x": data}, {"x": ()})] == [("b",), ("a",)]


@pytest.mark.parametrize(
    "text",
    [
        "x.__class__",
        "x.__class__.__mro__",
        "x['__class__']",
        "''.__class__",
        "x.?__dict__.value()",
        "x.items",
        "[].append",
        "x.keys == 1",
        "timestamp(0).nanos",
        "quantity('1').nanos",
    ],
)
def test_no_python_attribute_can_be_reached(text: str) -> None:
    assert outcome(text, x={"a": 1}) == "<error>"


@pytest.mark.parametrize("text", ["'a' * 3", "'%d' % 1", "[1] * 3", "'a' in 'cat'", "1 == 1 == 1"])
def test_python_operators_do_not_leak(text: str) -> None:
    """POLICY_LANGUAGE 6.3 defect 2."""
    assert outcome(text) in ("<error>", False)


def test_a_body_of_many_parts_costs_more_per_round() -> None:
    big = " + ".join(f"({'+'.join(['i'] * 50)})" for _ in range(20))
    assert outcome(f"lists.range(100000).all(i, {big} >= 0)") == LIMIT
