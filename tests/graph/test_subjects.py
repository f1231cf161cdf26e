"""Jobs, steps and refs by the words people use for them."""

from __future__ import annotations

import pytest

from guardrail.actions.model import ENFORCING, Ability, Fault
from guardrail.actions.scenarios import scenarios
from guardrail.errors import UsageError
from guardrail.graph.refs import on_ref
from guardrail.graph.subjects import faults_named, job_named, labels
from tests.graph.made import pipeline

CALLED = "on: workflow_call\njobs: {publish: {name: Publish it, runs-on: x, steps: [{run: npm publish}]}}"
TEXT = """\
on: push
jobs:
  test:
    name: All tests
    runs-on: x
    steps:
      - {uses: actions/checkout@v4}
      - {id: unit, name: Unit tests, run: npm test}
      - {run: echo done}
  lint: {runs-on: x, steps: [{uses: actions/checkout@v4}, {run: npm run lint}]}
  release: {uses: ./called.yml}
  far: {uses: acme/x/.github/workflows/y.yml@v1}
"""
IT = pipeline(TEXT, {"called.yml": CALLED}, {"npm test": Ability("unit-test", ENFORCING, evidence="npm test", order=3)})


@pytest.mark.parametrize("word", ["test", "All tests", "all TESTS"])
def test_jobs(word: str) -> None:
    assert job_named(IT, word).id == "test"


@pytest.mark.parametrize("word", ["release/publish", "publish", "Publish it"])
def test_called_jobs(word: str) -> None:
    assert job_named(IT, word).id == "release/publish"


def test_a_wrong_job_is_a_usage_error() -> None:
    with pytest.raises(
        UsageError, match=r"there is no job 'tset' \(did you mean 'test'\?\); known: test, lint, release"
    ):
        job_named(IT, "tset")
    twice = pipeline("on: push\njobs: {a: {name: x, runs-on: x, steps: []}, b: {name: x, runs-on: x, steps: []}}")
    with pytest.raises(UsageError, match="'x' may be any of a, b"):
        job_named(twice, "x")


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("test/2", Fault("test/2", 0)),
        ("unit", Fault("test/1", 3)),
        ("unit tests", Fault("test/1", 3)),
        ("npm test", Fault("test/1", 3)),
        ("npm run lint", Fault("lint/1", 0)),
        ("release/publish/0", Fault("release/publish/0", 0)),
        ("npm publish", Fault("release/publish/0", 0)),
        ("test", Fault("test/1", 3)),
        ("lint", Fault("lint/1", 0)),
        ("release", Fault("release/publish/0", 0)),
    ],
)
def test_what_to_make_fail(word: str, fault: Fault) -> None:
    assert faults_named(IT, word) == (fault,)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("actions/checkout", "may be any of the steps test/0, lint/0"),
        ("npm tset", r"there is no step or job 'npm tset' \(did you mean 'npm test'\?\)"),
        ("far", "no step of job 'far' is known"),
    ],
)
def test_what_cannot_be_made_to_fail(word: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        faults_named(IT, word)


def test_labels() -> None:
    assert labels(IT)["test/0"] == "actions/checkout@v4"
    assert labels(IT)["test/1"] == "Unit tests"
    assert labels(IT)["release/publish/0"] == "npm publish"


REFS = """\
on:
  push: {branches: [main, "release/**"], tags: ["v*"]}
  pull_request: {branches: [main]}
  workflow_dispatch:
  schedule: [{cron: "0 0 * * *"}]
jobs: {a: {runs-on: x, steps: [{run: x}]}}
"""


@pytest.mark.parametrize(
    ("ref", "labels"),
    [
        ("main", ["push to main", "pull_request to main", "workflow_dispatch on main", "schedule"]),
        ("refs/heads/main", ["push to main", "pull_request to main", "workflow_dispatch on main", "schedule"]),
        ("release/2.0", ["push to release/2.0", "workflow_dispatch on release/2.0"]),
        ("feature/x", ["workflow_dispatch on feature/x"]),
        ("v2.3.4", ["push of tag v2.3.4", "workflow_dispatch on v2.3.4"]),
        ("refs/tags/nightly", ["workflow_dispatch on nightly"]),
    ],
)
def test_runs_on_a_ref_need_no_sample_of_its_name(ref: str, labels: list[str]) -> None:
    it = pipeline(REFS)
    found = on_ref(it, scenarios(it), ref)
    assert [s.label for s in found] == labels
    for scenario in found:
        if scenario.event == "push":
            assert scenario.ref in (ref, f"refs/heads/{ref}", f"refs/tags/{ref}")


def test_a_merged_pull_request_runs_on_its_base() -> None:
    it = pipeline("on: {pull_request: {types: [closed]}}\njobs: {a: {runs-on: x, steps: [{run: x}]}}")
    refs = {s.ref for s in on_ref(it, scenarios(it), "develop")}
    assert refs == {"refs/heads/develop", "refs/pull/1/merge"}
    assert {s.base for s in on_ref(it, scenarios(it), "develop")} == {"develop"}
