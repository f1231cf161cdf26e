"""Types parsed and values converted, beyond what terraform_answers.txt compares with Terraform."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.hcl.parser import parse_expression
from guardrail.hcl.types import ANY, Attribute, Type, candidates, convert, parse_type
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue
from tests.hcl.expressions import unknown

STRING, NUMBER, BOOL = Type("string"), Type("number"), Type("bool")


def declared(text: str) -> Type:
    return parse_type(parse_expression(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string", STRING),
        ("any", ANY),
        ("list(string)", Type("list", STRING)),
        ("set(list(number))", Type("set", Type("list", NUMBER))),
        ("map(any)", Type("map", ANY)),
        ("tuple([string, bool])", Type("tuple", items=(STRING, BOOL))),
        ("object({})", Type("object")),
        (
            'object({ a = string, b = optional(number, "3"), c = optional(bool), "d" = any })',
            Type(
                "object",
                attributes={
                    "a": Attribute(STRING),
                    "b": Attribute(NUMBER, True, 3),
                    "c": Attribute(BOOL, True),
                    "d": Attribute(ANY),
                },
            ),
        ),
        ('"string"', STRING),
        ('"list"', Type("list", ANY)),
        ("list", Type("list", ANY)),
    ],
)
def test_types_are_read(text: str, expected: Type) -> None:
    """Documentation, "Type constraints"."""
    assert declared(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "text",
        "5",
        "null",
        "list()",
        "list(string, string)",
        "object(string)",
        "tuple(string)",
        "optional(string)",
        "list([string]...)",
        "var.x",
        "object({ a = optional() })",
        "object({ a = optional(string, var.x) })",
        'object({ a = optional(number, "x") })',
        "object({ (string) = string })",
    ],
)
def test_what_is_no_type_is_refused(text: str) -> None:
    """As an error of evaluation."""
    with pytest.raises(EvaluationError):
        declared(text)


def test_unknown_values_stay_unknown() -> None:
    """What is known of them is converted."""
    for text in ("string", "bool", "list(string)", "object({ a = string })", "set(any)"):
        assert convert(unknown("x"), declared(text)) == unknown("x")
    part = UnknownValue("var.x", known={"a": 1, "b": unknown("b")})
    assert convert(part, declared("map(string)")) == UnknownValue("var.x", known={"a": "1", "b": unknown("b")})
    assert convert(part, declared("object({ a = optional(string) })")) == UnknownValue("var.x", known={"a": "1"})
    null = UnknownValue("var.x", known={"a": None})
    assert convert(null, declared("object({ a = optional(number, 2) })")) == UnknownValue("var.x", known={"a": 2})


def test_unknown_elements() -> None:
    """In a set, one that may be equal to another is any number of elements."""
    assert convert([1, unknown("x")], declared("list(string)")) == ["1", unknown("x")]
    assert convert([unknown("x")], declared("set(string)")) == [unknown("x")]
    found = convert(["b", unknown("x"), "a"], declared("set(string)"))
    assert isinstance(found, list)
    assert [v for v in found if isinstance(v, str)] == ["a", "b"]
    assert [v.many for v in found if isinstance(v, UnknownValue)] == [True]
    assert convert({"a": unknown("x")}, declared("object({ a = bool })")) == {"a": unknown("x")}


class Bucket:
    """A resource that works out only what is asked for."""

    def attribute(self, name: str) -> object:
        if name != "id":
            raise AssertionError(name)
        return "b-1"

    def plain(self) -> object:
        return {"id": "b-1", "size": 2}


def test_entities_are_asked_for_declared_attributes_only() -> None:
    """A whole resource as argument of a module: `any` passes it on, an object type takes what it names."""
    bucket = Bucket()
    assert convert(bucket, ANY) is bucket
    assert convert(bucket, declared("object({ id = string })")) == {"id": "b-1"}
    assert convert([bucket], declared("list(any)")) == [bucket]
    assert convert(bucket, declared("map(string)")) == {"id": "b-1", "size": "2"}


def test_candidates_of_booleans() -> None:
    """Wherever they are within a type."""
    whole = declared("object({ ha = bool, l = list(object({ on = bool })), t = tuple([bool, string]), n = number })")
    assert candidates(BOOL) == (True, False)
    assert candidates(whole, ("ha",)) == (True, False)
    assert candidates(whole, ("l", 0, "on")) == (True, False)
    assert candidates(whole, ("t", 0)) == (True, False)
    for steps in (("t", 1), ("t", 2), ("n",), ("missing",), ("ha", "x"), ()):
        assert candidates(whole, steps) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "1", "true", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
TYPES = st.recursive(
    st.sampled_from([STRING, NUMBER, BOOL, ANY]),
    lambda inner: st.one_of(
        st.builds(Type, st.sampled_from(["list", "set", "map"]), inner),
        st.dictionaries(st.sampled_from("abc"), st.builds(Attribute, inner, st.booleans()), max_size=3).map(
            lambda a: Type("object", attributes=a)
        ),
        st.lists(inner, max_size=2).map(lambda i: Type("tuple", items=tuple(i))),
    ),
    max_leaves=4,
)


@given(value=VALUES, wanted=TYPES)
def test_a_conversion_is_done_once(value: object, wanted: Type) -> None:
    """What has been converted is not changed by the same conversion, and the given value is not touched."""
    before = repr(value)
    try:
        found = convert(value, wanted)
    except EvaluationError:
        return
    finally:
        assert repr(value) == before
    assert repr(convert(found, wanted)) == repr(found)
