"""Texts of which parts are not known: what is said of them holds whatever stands in the holes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail import cel
from guardrail.model.value import UnknownValue

VAR = UnknownValue("var.x")
PARTS = st.lists(st.one_of(st.text("ab:", max_size=3), st.just(VAR)), min_size=1, max_size=5)


def run(text: str, **names: object) -> object:
    return cel.compile(text, sorted(names), {})(names)


def whole(*parts: object) -> UnknownValue:
    return UnknownValue("var.x", known=parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a == 'allUsers'", False),
        ("a != 'allUsers'", True),
        ("'allUsers' == a", False),
        ("a in ['allUsers', 'allAuthenticatedUsers']", False),
        ("[a].exists(x, x == 'allUsers')", False),
        ("a == 'serviceAccount:app@x.com'", None),
        ("a.startsWith('serviceAccount:')", True),
        ("a.startsWith('user:')", False),
        ("a.startsWith('serviceAccount:app')", None),
        ("a.endsWith('.com')", True),
        ("a.endsWith('@developer.gserviceaccount.com')", None),
        ("a.endsWith('.org')", False),
        ("a.contains('Account')", True),
        ("a.contains('app')", None),
    ],
)
def test_what_is_known_of_a_member(text: str, expected: bool | None) -> None:
    found = run(text, a=whole("serviceAccount:", VAR, ".com"))
    assert isinstance(found, UnknownValue) if expected is None else found is expected


@given(PARTS, st.lists(st.text("ab:", max_size=3), min_size=5, max_size=5), st.text("ab:", max_size=6))
def test_it_holds_whatever_stands_in_the_holes(parts: list[object], fillings: list[str], other: str) -> None:
    filled = "".join(part if isinstance(part, str) else fillings[n] for n, part in enumerate(parts))
    for text in ("a == b", "a != b", "a in [b]", "a.startsWith(b)", "a.endsWith(b)", "a.contains(b)"):
        found = run(text, a=whole(*parts), b=other)
        if not isinstance(found, UnknownValue):
            assert found == run(text, a=filled, b=other)
