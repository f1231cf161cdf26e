"""Version constraints as hashicorp/go-version reads them: its constraint.go, and Terraform's "Version constraints"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.hcl.versions import Version, allows, bounded, constraint, exact, least, parse


def version(text: str) -> Version:
    found = parse(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    ("written", "tried", "expected"),
    [
        ("", "0.0.1", True),
        (">= 1.0, < 1.4", "1.0", True),
        (">= 1.0, < 1.4", "1.4.0", False),
        ("1.2.0", "1.2.0", True),
        ("1.2", "1.2.0", True),
        ("= 1.2.0", "1.2.1", False),
        ("=1.2.0", "v1.2.0", True),
        ("!= 1.2.0", "1.2.0", False),
        ("!= 1.2.0", "1.2.1", True),
        ("> 1.2", "1.2.0", False),
        ("> 1.2", "1.2.1", True),
        ("<= 1.2", "1.2.0", True),
        ("<= 1.2", "1.2.1", False),
        # "Version constraints", Operators: only the right-most number that is written may grow
        ("~> 1.2.3", "1.2.4", True),
        ("~> 1.2.3", "1.3.0", False),
        ("~> 1.2.3", "1.2.2", False),
        ("~> 1.2", "1.9.0", True),
        ("~> 1.2", "2.0.0", False),
        ("~> 1", "7.1.0", True),
        ("~> 1", "0.9.0", False),
        ("~> 6.0", "6.13.1", True),
        # prereleaseCheck: a prerelease is taken only where a prerelease of the same numbers is named
        (">= 1.0", "1.1.0-beta", False),
        ("~> 1.0", "1.1.0-beta", False),
        ("1.1.0-beta", "1.1.0-beta", True),
        ("1.1.0", "1.1.0-beta", False),
        (">= 2.1.0-a", "2.1.0-beta", True),
        (">= 2.1.0-a", "2.1.1-beta", False),
        (">= 2.1.0-a", "2.1.0", True),
        ("~> 2.1.0-a", "2.1.0", False),
        ("~> 2.1.0-a", "2.1.0-beta", True),
        ("< 2.0.0", "2.0.0-rc1", False),
        ("> 1.0.0-rc.2", "1.0.0-rc.10", True),
        ("= 1.0.0", "1.0.0+build.5", True),
    ],
)
def test_allows(written: str, tried: str, expected: bool) -> None:
    conditions = constraint(written)
    assert conditions is not None
    assert allows(conditions, version(tried)) is expected


@pytest.mark.parametrize(
    "written",
    [
        "latest",
        ">=",
        "1.x",
        "^1.2",
        ">= 1.0 < 2.0",
        "1.0,",
        ",",
        "=> 1.0",
        "~ 1.0",
        "1..2",
        "9" * 2000,
        ",".join(["1"] * 60),
    ],
)
def test_no_constraint(written: str) -> None:
    assert constraint(written) is None


@pytest.mark.parametrize("text", ["", "v", "main", "1.", ".1", "1.2.3-", "1.2.3+", "٣.1", "9" * 19])
def test_no_version(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("written", "start", "expected"),
    [
        ("", "5.0.0", "5.0.0"),
        ("~> 5.9", "5.0.0", "5.9.0"),
        ("~> 5.9", "6.0.0", None),
        ("> 5.1.0, != 5.1.1, != 5.1.2", "5.0.0", "5.1.3"),
        ("!= 5.0.0", "5.0.0", "5.0.1"),
        ("= 5.1.0-rc1", "5.0.0", "5.1.0-rc1"),
        (">= 7, < 6", "5.0.0", None),
    ],
)
def test_least(written: str, start: str, expected: str | None) -> None:
    conditions = constraint(written)
    assert conditions is not None
    found = least(conditions, version(start))
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [(">= 1.5", False), ("~> 1", False), ("~> 1.5", True), (">= 1, < 3", True), ("1.2.3", True), ("!= 1.0", False)],
)
def test_bounded(written: str, expected: bool) -> None:
    assert bounded(constraint(written) or ()) is expected


def test_exact() -> None:
    assert exact(constraint("6.1") or ()) == Version((6, 1, 0))
    assert exact(constraint(">= 6.1") or ()) is None


_numbers = st.tuples(*[st.integers(0, 4)] * 3).map(Version)
_conditions = st.lists(
    st.builds("{} {}".format, st.sampled_from("= != > >= < <= ~>".split()), _numbers.map(str)), min_size=1, max_size=3
).map(", ".join)


@given(_conditions, _numbers)
def test_least_is_the_first_allowed(written: str, start: Version) -> None:
    """Compared with trying every version of a small world, whose last numbers leave room for what lies behind it."""
    conditions = constraint(written)
    assert conditions is not None
    world = [Version((a, b, c)) for a in range(6) for b in range(6) for c in range(10)]
    expected = next((v for v in world if v.order() >= start.order() and allows(conditions, v)), None)
    assert least(conditions, start) == expected


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    conditions = constraint(text)
    if conditions:
        assert least(conditions, Version((0, 0, 0))) is None or allows(
            conditions, least(conditions, Version((0, 0, 0))) or Version((0, 0, 0))
        )
    found = parse(text)
    if found:
        assert parse(str(found)) == found
