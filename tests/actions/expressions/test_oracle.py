"""The same value, or both an error, as GitHub's own package (@actions/expressions of actions/languageservices).

GUARDRAIL_EXPRESSIONS_ORACLE names a copy of tests/oracles/expressions/evaluate.mjs beside which the package is
installed (`npm install` in that folder). Deliberate differences, where actions/runner, which runs the steps, differs
from that package; expressions that touch one are left out or named here:

- `'it''s' == 'it''''s'`: the package replaces only the first `''` of a string (src/lexer.ts, consumeString).
- `f(a,)`: the package takes a comma behind the last argument; the runner's LexicalAnalyzer.cs does not.
- `toJSON(NaN)`, numbers of more than 15 digits: the runner writes them as it does in strings (G15).
- `'0b1' == 1`, `0x1ffffffff`, `0XFF`: JavaScript's Number() takes these, ParseNumber of the runner does not.
- `'ß' == 'SS'`: toUpperCase() of JavaScript may make two letters of one.
- `[null][5e9]`: the package's arrays give nothing back as undefined; the runner's give null.
- objects with names that differ only in case: the first counts there, the last here.
- `case(true, 1, fromJSON('{'))`: the package evaluates all arguments first.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.actions.expressions import EvaluationError, ExpressionError, Value, calls, evaluate, parse, references
from guardrail.actions.expressions.availability import EVERYWHERE
from tests.actions.expressions.generate import EXPRESSIONS, RECORDS
from tests.actions.expressions.worlds import Known

Ask = Callable[[str, Value], object]
MANY = settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
SCRIPT = os.environ.get("GUARDRAIL_EXPRESSIONS_ORACLE", "")


@pytest.fixture(scope="module")
def theirs() -> Iterator[Ask]:
    if not SCRIPT:
        pytest.skip("GUARDRAIL_EXPRESSIONS_ORACLE names no oracle")
    if shutil.which("node") is None:
        pytest.skip("no node here to run GUARDRAIL_EXPRESSIONS_ORACLE")
    process = subprocess.Popen(
        ["node", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(text: str, data: Value) -> object:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"text": text, "data": data}) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        return f"<{answer['error']} error>" if "error" in answer else answer["value"]

    yield ask
    process.stdin.close()
    process.wait(timeout=10)


def ours(text: str, data: dict[str, Value]) -> object:
    try:
        node = parse(text)
    except ExpressionError:
        return "<parse error>"
    # contexts and functions that do not exist are for `availability` to tell, here
    if any(found.steps[0] not in data for found in references(node)):
        return "<parse error>"
    if any(found.name not in EVERYWHERE for found in calls(node)):
        return "<parse error>"
    try:
        return plain(evaluate(node, Known(data)))
    except EvaluationError:
        return "<evaluation error>"


def plain(value: Value) -> object:
    """A value as the oracle writes it."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")}
    return value


def alike(mine: object, other: object) -> bool:
    """Equal, and of one type where Python would have `1 == True`."""
    if isinstance(mine, list) and isinstance(other, list):
        return len(mine) == len(other) and all(map(alike, mine, other))
    if isinstance(mine, dict) and isinstance(other, dict):
        return mine.keys() == other.keys() and all(alike(mine[key], other[key]) for key in mine)
    return isinstance(mine, bool) == isinstance(other, bool) and mine == other


def test_same_value(theirs: Ask) -> None:
    @MANY
    @given(EXPRESSIONS, RECORDS, RECORDS)
    def check(text: str, a: Value, b: Value) -> None:
        if "NaN" in text and "JSON" in text:
            return
        data = {"a": a, "b": b}
        mine, other = ours(text, data), theirs(text, data)
        assert alike(mine, other), (text, data, mine, other)

    check()


def test_same_refusals(theirs: Ask) -> None:
    @MANY
    @given(st.lists(st.sampled_from(TOKENS), max_size=8).map("".join))
    def check(text: str) -> None:
        if text.count("''") > 1 or ",)" in text.replace(" ", ""):
            return
        data: dict[str, Value] = {"a": {"x": [1, {"b": "text"}]}, "b": "it's"}
        mine, other = ours(text, data), theirs(text, data)
        assert alike(mine, other), (text, mine, other)

    check()


TOKENS = ["a", "b", "a.x", ".", ".x", "[", "]", "[0]", "*", ".*", "(", ")", "!", "==", "!=", "<", ">=", "&&", "||", ","]
TOKENS += ["=", "&", " ", "1", "-1", ".5", "1.5", "+", "-", "0x1", "'a'", "''", "'", '"a"', "true", "null", "NaN", "é"]
TOKENS += ["contains(", "join(", "format(", "case(", "toJSON("]


@pytest.mark.parametrize(
    ("text", "mine", "other"),
    [
        ("'a''b''c'", "a'b'c", "a'b''c"),
        ("toJSON(1,)", "<parse error>", "1"),
        ("'0b1' == 1", False, True),
        ("'ß' == 'SS'", False, True),
        ("case(true, 1, fromJSON('{'))", 1.0, "<evaluation error>"),
    ],
)
def test_deliberate_differences_are_still_there(theirs: Ask, text: str, mine: object, other: object) -> None:
    assert (ours(text, {}), theirs(text, {})) == (mine, other)
