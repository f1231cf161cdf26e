"""The shipped policies: their fixtures, their words, their place on the ladder."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.catalog.files import documents, validate
from guardrail.catalog.load import Catalog, load, shipped_directory
from guardrail.catalog.select import Selected
from guardrail.engine.compile import NEWEST_MINOR, compile_policy
from guardrail.model.policy import Policy
from guardrail.scan.fixtures import cases, check, judge, orphans
from guardrail.settings import Settings

CATALOG = load()
POLICIES = list(CATALOG.policies.values())
BY_ID = pytest.mark.parametrize("policy", POLICIES, ids=[p.id for p in POLICIES])
GOOD = [c for p in POLICIES for c in cases(p) if c.path.name.startswith("good")]


@BY_ID
def test_fixtures(policy: Policy, catalog: Catalog) -> None:
    assert [f"{m.place}: {m.message}" for m in check(policy, catalog)] == []


@pytest.mark.parametrize("case", GOOD, ids=[f"{c.policy.id}/{c.path.name}" for c in GOOD])
def test_good_files_are_clean_under_the_default_profile(case: object, catalog: Catalog) -> None:
    report = judge(case, catalog, Settings())  # type: ignore[arg-type]
    found = [f"{f.location.file}:{f.location.span.line} {f.policy.id}" for f in report.live]
    assert found == []


def test_no_fixture_is_without_a_policy() -> None:
    assert list(orphans(POLICIES)) == []


@BY_ID
def test_words(policy: Policy) -> None:
    assert len(policy.why.split()) >= 10
    assert "    " in policy.remediation, "something to paste, indented"
    assert policy.profiles or policy.severity == "info" or "opt-in" in policy.tags
    assert not policy.title.endswith(".")
    for ids in policy.equivalents.values():
        assert len(set(ids)) == len(ids)


@BY_ID
def test_every_version_compiles(policy: Policy) -> None:
    for minor in (0, 18, 25, NEWEST_MINOR):
        compile_policy(Selected(policy, policy.severity, {}, True), minor)


FILES = sorted(shipped_directory().rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=[f.stem for f in FILES])
def test_shape(file: Path) -> None:
    """Shipped files are not validated at run time, so they are here."""
    for written in documents(file):
        kind = str(written.data["kind"])
        validate(written, kind.lower())
        if kind in ("Recognition", "Defaults"):
            continue
        assert written.data["id"] == file.stem
        if kind == "Policy":
            assert list(file.relative_to(shipped_directory()).parts)[-1] == f"{written.data['id']}.yaml"
