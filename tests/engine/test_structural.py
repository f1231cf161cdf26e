"""Structural checks: each operator against a plain Python reading of its definition."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail import cel
from guardrail.engine.structural import steps, translate

ABSENT = object()


def outcome(check: dict[str, Any], data: Any) -> bool:
    found = translate(check, "container", {"limit": 3})
    program = cel.compile(found.text, ("container",), found.constants)
    return bool(program({"container": data}))


def reference(operator: str, argument: Any, value: Any) -> bool:
    """The definition: absent fails all but the negative operators and `exists: false`."""
    if operator == "exists":
        return (value is not ABSENT) == argument
    if value is ABSENT:
        return operator in {"notEquals", "notIn"}
    same = {
        "equals": lambda: value == argument,
        "notEquals": lambda: value != argument,
        "in": lambda: value in argument,
        "notIn": lambda: value not in argument,
        "lt": lambda: value < argument,
        "le": lambda: value <= argument,
        "gt": lambda: value > argument,
        "ge": lambda: value >= argument,
        "contains": lambda: argument in value,
        "containsAll": lambda: all(a in value for a in argument),
        "containsAny": lambda: any(a in value for a in argument),
    }
    return bool(same[operator]())


@given(
    operator=st.sampled_from(["equals", "notEquals", "lt", "le", "gt", "ge"]),
    argument=st.integers(-5, 5),
    value=st.one_of(st.just(ABSENT), st.integers(-5, 5)),
)
def test_scalar_operators_follow_their_definition(operator: str, argument: int, value: Any) -> None:
    data = {"a": {}} if value is ABSENT else {"a": {"b": value}}
    assert outcome({"path": "a.b", operator: argument}, data) == reference(operator, argument, value)


@given(
    operator=st.sampled_from(["in", "notIn"]),
    argument=st.lists(st.sampled_from("abc"), max_size=3),
    value=st.one_of(st.just(ABSENT), st.sampled_from("abcd")),
)
def test_membership_follows_its_definition(operator: str, argument: list[str], value: Any) -> None:
    data = {} if value is ABSENT else {"a": value}
    assert outcome({"path": "a", operator: argument}, data) == reference(operator, argument, value)


@given(
    operator=st.sampled_from(["containsAll", "containsAny"]),
    argument=st.lists(st.sampled_from("abc"), max_size=3),
    value=st.one_of(st.just(ABSENT), st.lists(st.sampled_from("abcd"), max_size=3)),
)
def test_containment_follows_its_definition(operator: str, argument: list[str], value: Any) -> None:
    data = {} if value is ABSENT else {"a": value}
    assert outcome({"path": "a", operator: argument}, data) == reference(operator, argument, value)


@pytest.mark.parametrize(
    ("check", "data", "expected"),
    [
        ({"path": "a", "exists": True}, {"a": 1}, True),
        ({"path": "a", "exists": True}, {}, False),
        ({"path": "a", "exists": False}, {}, True),
        ({"path": "a.b[0].c", "equals": 1}, {"a": {"b": [{"c": 1}]}}, True),
        ({"path": "a.b[1].c", "equals": 1}, {"a": {"b": [{"c": 1}]}}, False),
        ({"path": "a[*].b", "equals": 1}, {"a": [{"b": 1}, {"b": 1}]}, True),
        ({"path": "a[*].b", "equals": 1}, {"a": [{"b": 1}, {"b": 2}]}, False),
        ({"path": "a[*].b", "equals": 1}, {"a": [{"b": 1}, {}]}, False),
        ({"path": "a[*].b", "equals": 1}, {}, True),
        ({"path": "a", "equals": 1, "default": 1}, {}, True),
        ({"path": "a", "equals": 1, "default": 2}, {}, False),
        ({"path": "a", "matches": "^x+$"}, {"a": "xx"}, True),
        ({"path": "a", "matches": "^x+$"}, {}, False),
        ({"path": "a", "notMatches": "^x+$"}, {}, True),
        ({"path": "a", "notMatches": "^x+$"}, {"a": "x"}, False),
        ({"path": "a", "matches": "^1$"}, {"a": 1}, True),
        ({"path": "a", "quantity": {"le": "1Gi"}}, {"a": "1024Mi"}, True),
        ({"path": "a", "quantity": {"lt": "1Gi"}}, {"a": "1024Mi"}, False),
        ({"path": "a", "quantity": {"ge": "500m"}}, {"a": 1}, True),
        ({"path": "a['b.c/d']", "equals": 1}, {"a": {"b.c/d": 1}}, True),
        ({"path": "a", "le": "${params.limit}"}, {"a": 3}, True),
        ({"all": [{"path": "a", "equals": 1}, {"path": "b", "equals": 2}]}, {"a": 1, "b": 2}, True),
        ({"any": [{"path": "a", "equals": 1}, {"path": "b", "equals": 2}]}, {"b": 2}, True),
        ({"not": {"path": "a", "exists": True}}, {}, True),
    ],
)
def test_checks(check: dict[str, Any], data: Any, expected: bool) -> None:
    assert outcome(check, data) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a.b", ["a", "b"]), ("a[0].b", ["a", 0, "b"]), ("a[*]", ["a", "*"]), ("a['x.y'].z", ["a", "x.y", "z"])],
)
def test_steps(path: str, expected: list[object]) -> None:
    assert steps(path) == expected


@pytest.mark.parametrize("path", ["a[", "a[x]", "a]]"])
def test_a_path_that_is_not_one(path: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        steps(path)
