"""Versions behind tags: what a tag that moves may stand for, and the tables that rest on it."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions import advisories, retired
from guardrail.actions.tables import rows
from guardrail.actions.uses import parse_uses
from guardrail.actions.versions import certainly_before, newest, parse


@pytest.mark.parametrize(
    ("ref", "version"),
    [
        ("v4", (4, inf, inf)),
        ("4.1", (4, 1, inf)),
        ("V4.1.2", (4, 1, 2)),
        ("refs/tags/v4.1.2", (4, 1, 2)),
        ("main", None),
        ("v4.1.2-beta", None),
        ("v3-node20", None),
        ("1.2.3.4", None),
        ("11bd71901bbe5b1630ceea73d27597364c9af683", None),
        ("99999999999999999999", None),
    ],
)
def test_a_tag_stands_for_its_last_release(ref: str, version: object) -> None:
    assert newest(ref) == version


@pytest.mark.parametrize(
    ("ref", "introduced", "fixed", "affected"),
    [
        ("v4.1.2", "4.0.0", "4.1.3", True),
        ("v4.1.3", "4.0.0", "4.1.3", False),
        ("v4", "4.0.0", "4.1.3", False),  # v4 was moved to the fixed release
        ("v4.1", "4.0.0", "4.1.3", False),
        ("v4.0", "4.0.0", "4.1.3", True),
        ("v3", "4.0.0", "4.1.3", False),
        ("v2", "2.26.11", "3.0.0", True),
        ("v2.26.10", "2.26.11", "3.0.0", False),
        ("main", "0", "4.1.3", False),
    ],
)
def test_only_what_is_certain_counts(ref: str, introduced: str, fixed: str, affected: bool) -> None:
    assert certainly_before(ref, fixed, introduced) is affected


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=3), st.integers(0, 10**6))
def test_a_longer_tag_is_never_newer_than_its_line(numbers: list[int], patch: int) -> None:
    line = newest(".".join(map(str, numbers)))
    exact = newest(".".join(map(str, [*numbers, patch][:3])))
    assert line is not None
    assert exact is not None
    assert exact <= line


def test_every_row_of_the_tables_can_be_read() -> None:
    for one in advisories.advisories():
        assert one.action == one.action.lower()
        assert one.level in advisories.LEVELS
        assert one.id.startswith("GHSA-")
        assert not one.cve or one.cve.startswith("CVE-")
        assert parse(one.introduced) < parse(one.fixed)
        assert one.what
    for commit in advisories.compromises():
        assert parse_uses(f"{commit.action}@{commit.commit}").pin == "sha"
    assert retired.archived(parse_uses("Actions-RS/anything@v1")) is not None


def test_a_row_with_too_many_cells_is_refused() -> None:
    assert rows("# told\n\na | b\n", 3) == (("a", "b", ""),)
    with pytest.raises(ValueError, match="more than 2 cells"):
        rows("a | b | c", 2)


@pytest.mark.parametrize(
    ("uses", "cves"),
    [
        ("tj-actions/changed-files@v35", ["CVE-2025-30066", "CVE-2023-51664"]),
        ("tj-actions/changed-files@v45", ["CVE-2025-30066"]),
        ("tj-actions/changed-files@v46", []),
        ("tj-actions/changed-files-mirror@v35", []),
        ("aquasecurity/trivy-action@0.33.1", ["CVE-2026-33634", "CVE-2026-26189"]),
        ("actions/download-artifact@main", []),
        ("pytorch/pytorch/.github/actions/filter-test-configs-2@v1", []),
    ],
)
def test_advisories_by_use(uses: str, cves: list[str]) -> None:
    """Affected versions: github.com/advisories/GHSA-mrrh-fwg8-r2c3, GHSA-mcph-m25j-8j63, GHSA-69fq-xp46-6x23."""
    assert [one.cve for one in advisories.known(parse_uses(uses))] == cves


def test_the_least_level_leaves_out_what_is_below() -> None:
    uses = parse_uses("pypa/gh-action-pypi-publish@v1.12.4")
    assert advisories.known(uses, "low")
    assert not advisories.known(uses, "moderate")


@pytest.mark.parametrize(
    ("uses", "is_removed"),
    [
        # "Starting January 30th, 2025 ... no longer be able to use v3" (GitHub changelog of 2024-04-16)
        ("actions/upload-artifact@v3", True),
        ("actions/upload-artifact@v4", False),
        # "please use the SHAs of versions v4.2.0 or v3.4.0" (release notes of actions/cache v4.2.0)
        ("actions/cache@v2", True),
        ("actions/cache/save@v3.3.3", True),
        ("actions/cache@v3", False),
        ("actions/cache@v3.4.0", False),
        ("actions/cache@v4.1.2", True),
        ("actions/cache@v4.2.0", False),
    ],
)
def test_versions_that_github_fails(uses: str, is_removed: bool) -> None:
    assert (retired.removed(parse_uses(uses)) is not None) is is_removed
