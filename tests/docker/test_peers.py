"""The tables of docs/docker.md: every policy that they name exists, and is one of these two formats."""

from __future__ import annotations

from pathlib import Path
from re import findall

from guardrail.catalog.load import Catalog

PAGE = Path(__file__).parents[2] / "docs" / "docker.md"
_FORMATS = ("dockerfile", "compose")


def test_policies_that_the_page_names_exist(catalog: Catalog) -> None:
    cells = [line.split("|")[2] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.count("|") == 3]
    named = {name for cell in cells for name in findall(r"`([a-z]+(?:-[a-z]+)+)`", cell)}
    known = {policy.id for policy in catalog.policies.values() if policy.match.type in _FORMATS}
    assert len(named) > 60
    assert named - known == set()


def test_what_is_told_to_be_an_equivalent_is_on_the_page(catalog: Catalog) -> None:
    page = PAGE.read_text(encoding="utf-8")
    ids = {
        one
        for policy in catalog.policies.values()
        if policy.match.type in _FORMATS
        for one in policy.equivalents.get("hadolint", ())
    }
    missing = sorted(one for one in ids if one not in page)
    assert missing == []
