"""Values of which something is known: lists with an element that stands for any number, what a provider decides."""

from __future__ import annotations

import pytest

from guardrail import cel
from guardrail.model.value import Question, UnknownValue

MANY = UnknownValue("var.x", questions=(Question("var.x", True),), many=True)
ONE = UnknownValue("var.y")


@pytest.mark.parametrize("text", ["size(a) > 0", "a.size() > 0", "size(a) == 1", "size(a + a) > 1"])
def test_how_many_there_are_is_unknown(text: str) -> None:
    found = cel.compile(text, ["a"], {})({"a": [1, MANY]})
    assert isinstance(found, UnknownValue)
    assert found.questions == MANY.questions


def test_an_unknown_element_is_one_element() -> None:
    assert cel.compile("size(a)", ["a"], {})({"a": [1, ONE]}) == 2


REFERENCE = UnknownValue("aws_kms_key.x.arn", refs=(("aws_kms_key.x", ".arn"),))
PREFIXED = UnknownValue("var.y", known=("alias/", ONE))


@pytest.mark.parametrize("value", [REFERENCE, PREFIXED])
@pytest.mark.parametrize("text", ["a != ''", "'' != a", "a != null", "!(a in ['', null])"])
def test_what_a_provider_decides_is_neither_null_nor_empty(value: UnknownValue, text: str) -> None:
    assert cel.compile(text, ["a"], {})({"a": value}) is True


@pytest.mark.parametrize("text", ["a != 'x'", "a == 'alias/aws/s3'", "a != 1", "a != b"])
def test_what_it_is_stays_unknown(text: str) -> None:
    assert isinstance(cel.compile(text, ["a", "b"], {})({"a": REFERENCE, "b": ONE}), UnknownValue)


def test_an_input_may_be_empty() -> None:
    assert cel.compile("a != ''", ["a"], {})({"a": ONE}) == ONE


PARTLY = UnknownValue("var.tags", known={"a/b": "1"})


def test_a_known_entry_of_an_unknown_map_by_index() -> None:
    assert cel.compile("a['a/b'] == '1'", ["a"], {})({"a": PARTLY}) is True
    assert cel.compile("o.?a[?'a/b'].hasValue()", ["o"], {})({"o": {"a": PARTLY}}) is True
    assert cel.compile("a['c'] == '1'", ["a"], {})({"a": PARTLY}) == PARTLY


@pytest.mark.parametrize(("value", "there"), [(REFERENCE, True), (PREFIXED, True), (ONE, ONE), (PARTLY, PARTLY)])
def test_what_cannot_be_null_is_there(value: UnknownValue, there: object) -> None:
    assert cel.compile("has(o.a)", ["o"], {})({"o": {"a": value}}) == there
