"""Unknown values: Kleene's logic, element-wise equality, and what absorbs what."""

from __future__ import annotations

import itertools

import pytest

from guardrail.cel import CelError, compile
from guardrail.model.value import UnknownValue
from tests.cel.running import outcome

U = UnknownValue("var.a")
W = UnknownValue("var.b")
DATA = {"u": U, "w": W, "x": {"u": U, "l": [1, U], "m": {"k": U}, "deep": [{"a": [U]}]}, "n": None}

UNKNOWN = [
    *("u", "x.u", "u.a.b", "u[0]", "u == 1", "1 != u", "u + 1", "-u", "!u", "u < 1", "u in [1]"),
    *("u && true", "true && u", "u || false", "false || u", "u ? 1 : 2", "true ? u : 1", "u && w"),
    *("size(u)", "u.startsWith('a')", "'a'.contains(u)", "has(u.a)", "has(x.u)", "has(x.m.k)"),
    *("x.?u", "x.?u.?b.orValue(1)", "x.?m.?k.orValue(1)", "x.?u.hasValue()", "u.all(e, e)"),
    *("x.l == [1, 2]", "[1, 2] == x.l", "2 in x.l", "!(2 in x.l)", "x.l != [1, 2]", "x.l == x.l"),
    *("x.m == {'k': 1}", "x.deep == [{'a': [1]}]", "x.l.all(e, e == 1)", "x.l.exists(e, e == 2)"),
    *("x.l.exists_one(e, e == 1)", "x.l.filter(e, e == 1)", "x.l.map(e, e > 0, e)", "x.l[u]"),
    *(
        "x.l.sum()",
        "x.l.max()",
        "x.l.sort()",
        "x.l.join(',')",
        "'%s'.format([x.l])",
        "x.l.distinct()",
    ),
    *("sets.contains(x.l, [2])", "sets.intersects(x.l, [2])", "sets.equivalent(x.l, [1, 2])"),
    *("x.l.indexOf(2)", "{u: 1}", "[?x.?u]", "{?'a': x.?u}", "x.l.sortBy(e, e)", "u.optMap(v, v)"),
    *(
        "x.deep.all(d, d.a.all(e, e == 1))",
        "cel.bind(v, u, v == 1)",
        "string(u)",
        "type(u)",
        "dyn(u)",
    ),
    *("u.matches('a')", "optional.of(u).orValue(1)", "optional.none().orValue(u)"),
    # unknown beats error, whichever comes first
    *("u && 1 / 0 > 0", "1 / 0 > 0 && u", "u || n.a", "n.a || u", "u + 1 / 0", "1 / 0 + u"),
    *("x.l.all(e, e / 0 > 0)", "[1, 2].all(e, e == 1 ? u : 1 / 0 > 0)"),
]
KNOWN = {
    "false && u": False,
    "u && false": False,
    "true || u": True,
    "u || true": True,
    "u && 1 / 0 > 0 && false": False,
    "1 in x.l": True,
    "x.l == [2, 2]": False,
    "x.l == [1]": False,
    "x.l != [2, 2]": True,
    "x.m == {'j': 1}": False,
    "x.m == {'k': 1, 'l': 1}": False,
    "x.deep == []": False,
    "u in []": False,
    "u in {}": False,
    "x.l.exists(e, e == 1)": True,
    "x.l.all(e, e == 2)": False,
    "size(x.l)": 2,
    "x.l[0]": 1,
    "x.l.slice(0, 1)": [1],
    "[u].size() == 1": True,
    "sets.contains(x.l, [1])": True,
    "sets.intersects(x.l, [1])": True,
    "'k' in x.m": True,
    "x.m.all(k, k == 'k')": True,
    "true ? 1 : u": 1,
    "has(x.zz)": False,
    "x.?zz.orValue(1)": 1,
    "(x.l + [2]).size()": 3,
    "x.l.map(e, 1)": [1, 1],
    "optional.of(1).orValue(u)": 1,
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown(text: str) -> None:
    assert isinstance(outcome(text, **DATA), UnknownValue)


@pytest.mark.parametrize("text", KNOWN)
def test_known_whatever_the_unknown_turns_out_to_be(text: str) -> None:
    assert outcome(text, **DATA) == KNOWN[text]


def test_the_reasons_of_both_sides_are_kept_once() -> None:
    both = compile("u && w && u", ["u", "w"])(DATA)
    assert both == UnknownValue("var.a and var.b")
    assert compile("u == u", ["u"])(DATA) == U


@pytest.mark.parametrize("op", ["&&", "||"])
def test_logic_table(op: str) -> None:
    """Decided by one operand, else unknown, else error, else the neutral value; in any order."""
    operands = {"true": True, "false": False, "u": U, "(1 / 0 > 0)": "error"}
    decisive = op == "||"
    for left, right in itertools.product(operands, repeat=2):
        seen = {operands[left], operands[right]}
        result = outcome(f"{left} {op} {right}", u=U)
        if decisive in seen:
            assert result is decisive
        elif U in seen:
            assert result == U
        else:
            assert result == ("<error>" if "error" in seen else not decisive)


SOUND = ["x == y", "x in [1, y]", "[x, 1] == [y, 1]", "{'a': x} == {'a': y}", "x && y || !x"]
SOUND += ["[x, y].all(e, e == 1)", "[x, y].exists(e, e == 1)", "x == 1 ? y == 1 : true"]
SOUND += [
    "sets.contains([x], [y])",
    "[x, y].indexOf(1) == 0",
    "size([x]) == 1",
    "[x] + [y] == [1, 2]",
]
SOUND += ["{'k': x}.k == y", "cel.bind(z, x, z == y)", "[x, y].exists_one(e, e == 1)", "x != y"]
SOUND += ["optional.of(x) == optional.of(y)", "[x, y].filter(e, true) == [1, 1]", "x in {'a': y}"]


@pytest.mark.parametrize("text", SOUND)
def test_a_decided_result_holds_for_every_value_the_unknown_may_have(text: str) -> None:
    """Soundness: whenever the answer with unknowns is not unknown, no real value contradicts it."""
    possible: list[object] = [1, 2, True, False, "a", None, [1], {"a": 1}, 1.0]
    program = compile(text, ["x", "y"])

    def run(x: object, y: object) -> object:
        try:
            return program({"x": x, "y": y})
        except CelError:
            return "error"

    for known in [*possible, U]:
        for bindings in ((U, known), (known, U)):
            verdict = run(*bindings)
            if isinstance(verdict, UnknownValue):
                continue
            for x in possible if bindings[0] is U else [bindings[0]]:
                for y in possible if bindings[1] is U else [bindings[1]]:
                    assert run(x, y) in (verdict, "error"), (text, bindings, x, y)
