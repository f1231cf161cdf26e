"""Input made to hurt: errors or answers, in bounded time, never a RecursionError."""

from __future__ import annotations

import json
import time

import pytest

from guardrail.actions.expressions import (
    EvaluationError,
    ExpressionError,
    Symbol,
    Value,
    condition,
    embedded,
    evaluate,
    parse,
    parts,
    substitute,
)
from tests.actions.expressions.worlds import Known, value

MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def _bounded_time() -> object:
    begin = time.process_time()
    yield
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 10_000 + "a" + ")" * 10_000,
        "(" * 61 + "a" + ")" * 61,
        "!" * 20_000 + "a",
        "a" + "[a" * 10_000,
        "a" + "[a" * 200 + "]" * 200,
        "a" + ".b" * 10_000,
        "f(" * 5_000,
        "f(" * 200 + ")" * 200,
        "a == " * 4_000 + "a",
        "a < " * 4_000 + "a",
        "1 || 1 && 1 == 1 < (" * 70 + "1" + ")" * 70,
        "'" * 20_999,
        "'" * 100_001,
        "''" * 10_000 + "'",
        "a" * MEGABYTE,
        "0x" + "f" * 20_000,
        "1" * 20_000 + "x",
        "case(" + "true, " * 3_000 + "1",
        "\x00",
        "\ud800",
    ],
)
def test_expressions(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_the_deepest_that_is_accepted_is_evaluated() -> None:
    deep = "1 || 1 && 1 == 1 < (" * 11 + "1" + ")" * 11
    assert value(deep) == 1.0
    assert value("(" * 60 + "1" + ")" * 60) == 1.0
    assert value("1" * 20_000) == float("inf")
    assert value("true && " * 2_500 + "1") == 1.0
    assert value("'" + "''" * 10_000 + "'") == "'" * 10_000


@pytest.mark.parametrize(
    "text",
    [
        "${{" * (MEGABYTE // 3),
        "${{ a }}" * (MEGABYTE // 10),
        "${{ ' }}" * (MEGABYTE // 10),
        "${{ '}}' " * (MEGABYTE // 10),
        "}}" * (MEGABYTE // 2),
        "$" * MEGABYTE,
        "x" * MEGABYTE,
        "'" * MEGABYTE + "${{ a }}",
        "${{ " + "a" * MEGABYTE + " }}",
        "${{ " + "'" * MEGABYTE + " }}",
        "${{ }" * (MEGABYTE // 5),
    ],
)
def test_strings(text: str) -> None:
    found = parts(text)
    assert sum(len(part) if isinstance(part, str) else part.end - part.start for part in found) == len(text)
    condition(text)
    try:
        substitute(text, Known())
    except ExpressionError:
        assert any(part.error for part in embedded(text)) or len(text) > 100_000


def nested_format(depth: int) -> str:
    return "format('{0}{0}{0}{0}', " * depth + "a.text" + ")" * depth


@pytest.mark.parametrize(
    "text",
    [
        nested_format(20),
        "join(a.many, a.text)",
        "toJSON(a.many)",
        "toJSON(a.laughs)",
        "toJSON(a.loop)",
        "toJSON(a.deep)",
        "fromJSON(a.brackets)",
        "fromJSON(a.objects)",
    ],
)
def test_results_are_bounded(text: str) -> None:
    laughs: Value = "lol"
    for _ in range(40):
        laughs = [laughs] * 10
    loop: list[Value] = []
    loop.append(loop)
    deep: Value = None
    for _ in range(5_000):
        deep = [deep]
    a = {"text": "x" * 1_000, "many": ["y" * 1_000] * 2_000, "laughs": laughs, "loop": loop, "deep": deep}
    a |= {"brackets": "[" * 200_000, "objects": '{"a":' * 200_000}
    with pytest.raises(EvaluationError, match=r"longer than|nested more than"):
        value(text, a=a)


def test_brackets_in_strings_of_json_do_not_count() -> None:
    text = json.dumps({"a": "[" * 500, "b": '\\"[{' * 200})
    assert value("fromJSON(a.text).b", a={"text": text}) == '\\"[{' * 200


@pytest.mark.parametrize("text", ["join(a.loop, vars.y)", "a.wide[vars.y]", "format(vars.y, a.wide) == 1"])
def test_names_of_unknown_values_are_bounded(text: str) -> None:
    loop: list[Value] = [Symbol("vars.x")]
    loop.append(loop)
    wide: Value = [Symbol("vars.x")]
    for _ in range(30):
        wide = [wide, wide]
    with pytest.raises(EvaluationError, match=r"longer than|nested more than"):
        value(text, a={"loop": loop, "wide": wide})


def test_many_unknown_parts_keep_names_short() -> None:
    text = " && ".join(f"vars.a{index}" for index in range(1_500))
    found = evaluate(parse(text), Known())
    assert isinstance(found, Symbol)
    assert len(found.name) < 2_000
