"""Names that are a slip away from a popular action, and names that only seem to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.popular import holders, owners
from guardrail.actions.resemblance import is_near, resembled, same_name
from guardrail.actions.uses import parse_uses

NAMES = st.text("abc-", max_size=8)


def test_the_table_is_in_lower_case_and_large_enough() -> None:
    actions = [f"{owner}/{name}" for owner, names in owners().items() for name in names]
    assert len(actions) > 150
    assert all(action == action.lower() for action in actions)


def test_no_popular_action_resembles_another_one() -> None:
    """Were one of them misspelt, or two owners a slip apart, the table would accuse what it lists."""
    for owner, names in owners().items():
        for name in names:
            assert resembled(parse_uses(f"{owner}/{name}@v1")) is None
            assert same_name(parse_uses(f"{owner}/{name}@v1")) == ""


@pytest.mark.parametrize(
    ("uses", "meant"),
    [
        ("actons/checkout@v4", "actions/checkout"),
        ("atcions/checkout@v4", "actions/checkout"),
        ("actions/checkuot@v4", "actions/checkout"),
        ("Aquasec/Trivy-Action@master", "aquasecurity/trivy-action"),
        ("g1thub/codeql-action/init@v4", "github/codeql-action"),
        ("dockr/anything@v1", "docker/anything"),
        # Forks and namesakes: an owner that has nothing in common, short owners, generic names.
        ("octo-tools/trivy-action@v1", None),
        ("acme/checkout@v1", None),
        ("rubi/setup-ruby@v1", "ruby/setup-ruby"),
        ("rubi/other@v1", None),
        ("step-security/changed-files@v1", None),
        ("reviewdog/action-tslint@v1", None),
        ("./actons/checkout", None),
        ("docker://dockr/app", None),
    ],
)
def test_what_a_name_looks_like(uses: str, meant: str | None) -> None:
    found = resembled(parse_uses(uses))
    assert (found.meant if found else None) == meant


def test_a_namesake_is_told_only_for_a_name_that_says_something() -> None:
    assert same_name(parse_uses("acme/trivy-action@v1")) == "aquasecurity/trivy-action"
    assert same_name(parse_uses("acme/setup-python@v1")) == ""
    assert all(holders()[name] for name in holders())


@given(NAMES, NAMES, st.integers(0, 3))
def test_nearness_is_mutual(one: str, other: str, most: int) -> None:
    assert is_near(one, other, most) == is_near(other, one, most)


@given(NAMES, st.data())
def test_one_slip_is_near(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name)))
    changed = data.draw(st.sampled_from([name[:at] + "x" + name[at:], name[:at] + "x" + name[at + 1 :], name[:at]]))
    assert is_near(name, changed, max(1, len(name) - at)) == (name != changed)


def test_a_huge_name_is_no_work() -> None:
    assert not is_near("a" * 10**6, "actions", 2)
    assert resembled(parse_uses("a" * 10**6 + "/checkout@v1")) is None
