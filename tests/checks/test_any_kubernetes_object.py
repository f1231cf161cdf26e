"""Every policy for Kubernetes on any object: what the API server takes makes none of them stumble."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.catalog.load import load
from guardrail.catalog.select import select
from guardrail.engine.compile import NEWEST_MINOR, Compiled, compile_policy
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.model.document import Resource
from guardrail.scan.judge import applies_to
from guardrail.scan.run import Run
from guardrail.settings import Settings
from guardrail.views.api_schema import faults
from guardrail.views.items import Lens
from tests.checks.made_kubernetes import KINDS, Odd, made

CATALOG = load()


def compiled() -> list[Compiled]:
    """All shipped policies for one Kubernetes object at a time, in all their profiles."""
    selected = select(CATALOG, Settings(profile="none", select=("*",)), NEWEST_MINOR)
    found = (s for s in selected if s.policy.match.type == "kubernetes" and s.policy.scope == "resource")
    return [compile_policy(s, NEWEST_MINOR) for s in found]


POLICIES = compiled()


def judged(resource: Resource) -> Outcome:
    lens = Lens(resource)
    outcome = Outcome()
    for policy in POLICIES:
        if applies_to(policy, resource, lens):
            before = len(outcome.failures)
            evaluate(policy, lens.items(policy.each), outcome)
            for failure in outcome.failures[before:]:
                raise AssertionError(f"{policy.policy.id}: {failure.reason} in {resource.data}")
    return outcome


@given(st.sampled_from(KINDS), st.integers(0, 2**32))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_refused_is_an_unknown_and_no_crash(kind: tuple[str, str, str], seed: int) -> None:
    judged(made(kind, Odd(seed)))


@pytest.mark.parametrize("source", [Random, Odd])
def test_objects_beside_each_other(source: type[Random], tmp_path: Path) -> None:
    random = source(7)
    for number in range(6):
        objects = [made(random.choice(KINDS), random).data for _ in range(30)]
        for index, one in enumerate(objects):
            if isinstance(one.get("metadata"), dict):
                one["metadata"]["name"] = f"a-{index % 7}"
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
        (tmp_path / f"list-{number}.json").write_text(text)
    report = Run(Settings(profile="none", select=("*",)), CATALOG, (str(tmp_path),), today="2026-01-01").report()
    assert [p.message for p in report.problems if p.code == "check-failed"] == []
    assert len(report.findings) > 100


@given(st.sampled_from(KINDS), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_policy_stumbles_over_an_object_that_is_well_formed(kind: tuple[str, str, str], random: Random) -> None:
    resource = made(kind, random)
    assert [f for f in faults(resource) if f.kind != "value"] == []
    judged(resource)
