"""The fast mode gives exactly what the precise mode gives, or leaves it to that."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.cel import CelCompileError, CelError, Program, compile
from guardrail.cel.errors import Meter
from guardrail.cel.program import MAX_ITERATIONS
from guardrail.cel.values import Optional
from guardrail.model.value import UnknownValue
from tests.cel.generate import RECORD, UNSURE, UNSURE_RECORD, expressions, rich
from tests.cel.running import same

MANY = settings(
    derandomize=True,
    deadline=None,
    max_examples=500,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def _compiled(text: str) -> Program | None:
    try:
        return compile(text, ["x", "y", "e", "i"])
    except CelCompileError:
        return None


@MANY
@given(expressions(), UNSURE_RECORD, UNSURE_RECORD)
def test_fast_is_precise(text: str, x: object, y: object) -> None:
    _agree(text, {"x": x, "y": y, "e": 1, "i": 0})


@MANY
@given(rich(), UNSURE_RECORD, RECORD, st.one_of(UNSURE, st.builds(Optional, UNSURE)))
def test_fast_is_precise_for_optionals_and_two_variables(text: str, x: object, y: object, e: object) -> None:
    _agree(text, {"x": x, "y": y, "e": e, "i": 0})


def _agree(text: str, bindings: dict[str, object]) -> None:
    program = _compiled(text)
    if program is None:
        return
    meter = Meter(MAX_ITERATIONS)
    results: list[object] = []
    for run in (lambda: program(bindings), lambda: program.precise(bindings, meter)):
        try:
            results.append(run())
        except CelError as error:
            results.append(("error", error.message))
    assert same(*results), (text, results)


@MANY
@given(expressions(), UNSURE_RECORD, RECORD, st.sampled_from([1, "a", True, None, [1], {"a": 1}]))
def test_what_is_decided_with_unknowns_holds_without(text: str, x: object, y: object, real: object) -> None:
    """Replacing the unknowns by any one value never contradicts a decided boolean."""
    program = _compiled(text)
    if program is None:
        return
    try:
        unsure = program({"x": x, "y": y, "e": 1, "i": 0})
    except CelError:
        return
    if not isinstance(unsure, bool):
        return
    try:
        sure = program({"x": _settle(x, real), "y": y, "e": 1, "i": 0})
    except CelError:
        return
    assert sure is unsure, text


def _settle(value: object, real: object) -> object:
    if isinstance(value, UnknownValue):
        return real
    if isinstance(value, list):
        return [_settle(item, real) for item in value]
    if isinstance(value, dict):
        return {key: _settle(item, real) for key, item in value.items()}
    return value


@MANY
@given(expressions(), UNSURE_RECORD, RECORD)
def test_explaining_never_fails_and_blames_what_exists(text: str, x: object, y: object) -> None:
    program = _compiled(text)
    if program is None:
        return
    for blame in program.explain({"x": x, "y": y, "e": 1, "i": 0}, {"x": ("X",), "y": ("Y",)}):
        value: object = {"X": x, "Y": y}
        steps = list(blame.path)
        while steps and isinstance(value, (dict, list)):
            try:
                value = value[steps[0]]  # type: ignore[index]
            except (LookupError, TypeError):
                break
            steps.pop(0)
        assert bool(steps) is blame.missing, (text, blame)
        if not blame.missing:
            assert value is blame.observed


@MANY
@given(st.text("abxy01.?[](){}'\" \\&|!=<>+-*/%,:\n", max_size=30))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    program = _compiled(text)
    if program is not None:
        with contextlib.suppress(CelError):
            program({"x": {"a": 1}, "y": [1], "e": 1, "i": 0})


CONTAINER = {
    "name": "c",
    "livenessProbe": {"httpGet": {"port": 80}, "exec": None},
    "startupProbe": {"tcpSocket": {"port": "x"}},
    "limits": {"cpu": 1, "memory": "1Gi"},
}
PROBES = "[x.?livenessProbe, x.?readinessProbe, x.?startupProbe]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("['httpGet', 'tcpSocket'].filter(h, x.livenessProbe[?h].hasValue())", ["httpGet"]),
        ("x.?limits[?'c' + 'pu'].orValue(0)", 1),
        ("[[1, 2][?1].value(), [1][?5].orValue(7)]", [2, 7]),
        ("['exec', 'tcpSocket'].all(h, x.livenessProbe[?h] == x.startupProbe[?h])", False),
        ("x.limits.all(k, v, string(v) != '') && [1].exists(i, v, i == 0) && [4, 5].existsOne(i, v, v > i + 3)", False),
        ("x.limits.transformList(k, v, k + string(v))", ["cpu1", "memory1Gi"]),
        ("[5, 6].transformList(i, v, i > 0, v)", [6]),
        ("x.limits.transformMap(k, v, type(v) == int, v + 1)", {"cpu": 2}),
        ("x.limits.transformMapEntry(k, v, {string(v): k})", {"1": "cpu", "1Gi": "memory"}),
        ("[3, 1, 2].map(n, n > 1, n * 2)", [6, 4]),
        ("[3, 1, 2].sortBy(n, -n)", [3, 2, 1]),
        (f"{PROBES}.map(p, p.?httpGet.?port).filter(p, p.hasValue()).map(p, p.value())", [80]),
        (f"{PROBES}.map(p, p.httpGet.port.orValue(0))", [80, 0, 0]),
        (f"{PROBES}.map(p, has(p.tcpSocket))", [False, False, True]),
        (f"{PROBES}.map(p, [p.?httpGet.?port, p.?tcpSocket.?port]).flatten().filter(p, p.hasValue()).size()", 2),
        ("cel.bind(p, x.?livenessProbe, cel.bind(q, p.?exec, q.hasValue() && q != p && p == x.?livenessProbe))", True),
        ("[?x.?name, 'd', ?x.?other]", ["c", "d"]),
        ("{?'a': x.?name, ?'b': x.?other, 'c': 1}", {"a": "c", "c": 1}),
        ("x.?limits.optMap(l, l.transformList(k, v, k)).orValue([])", ["cpu", "memory"]),
    ],
)
def test_stays_in_fast_mode(text: str, expected: object, monkeypatch: pytest.MonkeyPatch) -> None:
    program = compile(text, ["x"])
    assert same(program.precise({"x": CONTAINER}), expected)

    def fail(*_: object) -> object:
        raise AssertionError("fell back to the precise mode")

    monkeypatch.setattr(Program, "precise", fail)
    assert same(program({"x": CONTAINER}), expected)
