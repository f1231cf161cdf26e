"""Gates under fault injection: each way in which a gate does not gate, and the look-alike that does.

The semantics that a verdict rests on are tested one by one in tests/actions/simulate; here they are put together
(WORKFLOWS 4.2 to 4.4).
"""

from __future__ import annotations

import pytest

from guardrail.graph import gates
from guardrail.graph.delivery import MOST_RUNS
from guardrail.graph.gates import PROVEN, UNPROVEN, VIOLATED
from tests.graph.deliveries import CI, opened, said, verdict

TEST = "  test: {runs-on: ubuntu-latest, steps: [{run: go test ./...}]}\n"
DEPLOY = "runs-on: ubuntu-latest, environment: production, steps: [{run: kubectl apply -f k8s/}]"


def workflow(jobs: str, on: str = "{push: {branches: [main]}}") -> str:
    return f"on: {on}\njobs:\n{jobs}"


CASES = {
    "nothing tests": (f"  deploy: {{{DEPLOY}}}\n", VIOLATED, "missing"),
    "tests first": (TEST + f"  deploy: {{needs: test, {DEPLOY}}}\n", PROVEN, ""),
    "tests beside": (TEST + f"  deploy: {{{DEPLOY}}}\n", VIOLATED, "not-awaited"),
    "tests far before": (
        TEST + "  build: {needs: test, runs-on: x, steps: [{run: make}]}\n" + f"  deploy: {{needs: build, {DEPLOY}}}\n",
        PROVEN,
        "",
    ),
    "tests in the same script": (
        "  deploy: {runs-on: x, environment: production, steps: [{run: 'go test ./... && kubectl apply -f k8s/'}]}\n",
        PROVEN,
        "",
    ),
    "tests after the deploy in the same script": (
        "  deploy: {runs-on: x, environment: production, steps: [{run: 'kubectl apply -f k8s/ && go test ./...'}]}\n",
        VIOLATED,
        "not-awaited",
    ),
    "masked by || true": (
        "  test: {runs-on: x, steps: [{run: go test ./... || true}]}\n" + f"  deploy: {{needs: test, {DEPLOY}}}\n",
        VIOLATED,
        "masked",
    ),
    "|| exit 1 masks nothing": (
        "  test: {runs-on: x, steps: [{run: go test ./... || exit 1}]}\n" + f"  deploy: {{needs: test, {DEPLOY}}}\n",
        PROVEN,
        "",
    ),
    "piped without pipefail": (
        "  test: {runs-on: ubuntu-latest, steps: [{run: go test ./... | tee log}]}\n"
        f"  deploy: {{needs: test, {DEPLOY}}}\n",
        VIOLATED,
        "masked",
    ),
    "piped with pipefail": (
        "  test: {runs-on: ubuntu-latest, steps: [{shell: bash, run: go test ./... | tee log}]}\n"
        f"  deploy: {{needs: test, {DEPLOY}}}\n",
        PROVEN,
        "",
    ),
    "step continue-on-error": (
        "  test: {runs-on: x, steps: [{run: go test ./..., continue-on-error: true}]}\n"
        f"  deploy: {{needs: test, {DEPLOY}}}\n",
        VIOLATED,
        "masked",
    ),
    "job continue-on-error": (
        "  test: {runs-on: x, continue-on-error: true, steps: [{run: go test ./...}]}\n"
        f"  deploy: {{needs: test, {DEPLOY}}}\n",
        VIOLATED,
        "masked",
    ),
    "outcome asked for later": (
        "  test: {runs-on: x, steps: [{id: t, run: go test ./..., continue-on-error: true},"
        " {if: steps.t.outcome == 'failure', run: exit 1}]}\n"
        f"  deploy: {{needs: test, {DEPLOY}}}\n",
        PROVEN,
        "",
    ),
    "always on the deploy": (TEST + f"  deploy: {{needs: test, if: always(), {DEPLOY}}}\n", VIOLATED, "bypassed"),
    "always with the result asked for": (
        TEST + f"  deploy: {{needs: test, if: always() && needs.test.result == 'success', {DEPLOY}}}\n",
        PROVEN,
        "",
    ),
    "failure is not success": (
        TEST + f"  deploy: {{needs: test, if: needs.test.result != 'skipped', {DEPLOY}}}\n",
        PROVEN,
        "",
    ),
    "aggregator that asks nothing": (
        TEST + "  ok: {needs: test, if: always(), runs-on: x, steps: [{run: 'true'}]}\n"
        f"  deploy: {{needs: ok, if: always() && needs.ok.result == 'success', {DEPLOY}}}\n",
        VIOLATED,
        "laundered",
    ),
    "skipped by an input": (
        "  test: {if: '!inputs.fast', runs-on: x, steps: [{run: go test ./...}]}\n"
        f"  deploy: {{needs: test, if: '!failure() && !cancelled()', {DEPLOY}}}\n",
        VIOLATED,
        "skipped",
    ),
    "a skipped need skips the deploy": (
        "  test: {if: vars.TESTS == 'yes', runs-on: x, steps: [{run: go test ./...}]}\n"
        f"  deploy: {{needs: test, {DEPLOY}}}\n",
        PROVEN,
        "",
    ),
    "an action nobody knows": (
        "  check: {runs-on: x, steps: [{uses: acme/check@v1}]}\n" + f"  deploy: {{needs: check, {DEPLOY}}}\n",
        UNPROVEN,
        "opaque",
    ),
    "a remote workflow": (
        "  check: {uses: acme/ci/.github/workflows/check.yml@v1}\n" + f"  deploy: {{needs: check, {DEPLOY}}}\n",
        UNPROVEN,
        "opaque",
    ),
    "one leg that may fail": (
        "  test: {strategy: {matrix: {go: [a, b]}}, runs-on: x, steps: [{run: go test ./...}]}\n"
        f"  deploy: {{needs: test, {DEPLOY}}}\n",
        PROVEN,
        "",
    ),
    "in the background, and not waited for before the deploy": (
        "  deploy: {runs-on: ubuntu-latest, environment: production,"
        " steps: [{id: t, run: go test ./..., background: true}, {run: kubectl apply -f k8s/}, {wait: t}]}\n",
        VIOLATED,
        None,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_way_to_gate_and_not_to(name: str) -> None:
    jobs, state, cause = CASES[name]
    on = "{push: {branches: [main]}, workflow_dispatch: {inputs: {fast: {type: boolean}}}}"
    found = verdict(workflow(jobs, on if "inputs." in jobs else "{push: {branches: [main]}}"))
    assert found.state == state
    if cause is not None:
        assert found.cause == cause


def test_the_counterexample_is_a_run_in_which_the_gate_fails_and_the_deploy_runs() -> None:
    found = verdict(workflow(TEST + f"  deploy: {{needs: test, if: always(), {DEPLOY}}}\n"))
    assert found.trace is not None
    assert found.trace.jobs["test"].result == "failure"
    assert found.trace.jobs["deploy"].result == "success"
    assert found.pointer.path == ("jobs", "deploy", "if")
    assert found.always


def test_a_gate_that_is_skipped_on_some_assumption_only() -> None:
    jobs = (
        "  test: {runs-on: x, steps: [{if: vars.TESTS == 'yes', run: go test ./...}]}\n"
        f"  deploy: {{needs: test, {DEPLOY}}}\n"
    )
    found = verdict(workflow(jobs))
    assert said(found) == (VIOLATED, "skipped")
    assert not found.always
    assert found.pointer.path == ("jobs", "test", "steps", 0, "if")


def test_too_many_unknowns_are_unproven() -> None:
    """Every job may be skipped or not, and the deploy takes whatever comes: 2 to the power of 10 runs."""
    jobs = "".join(
        f"  t{i}: {{if: vars.V{i} == 'x', runs-on: x, steps: [{{run: go test ./pkg{i}}}]}}\n" for i in range(10)
    )
    needs = ", ".join(f"t{i}" for i in range(10))
    deploy = f"  deploy: {{needs: [{needs}], if: '!failure() && !cancelled()', {DEPLOY}}}\n"
    assert said(verdict(workflow(jobs + deploy))) == (UNPROVEN, "limit")


def test_a_called_workflow_is_looked_into() -> None:
    called = "on: {workflow_call: {}}\njobs:\n" + TEST
    texts = {
        CI: workflow(f"  check: {{uses: ./.github/workflows/check.yml}}\n  deploy: {{needs: check, {DEPLOY}}}\n"),
        ".github/workflows/check.yml": called,
    }
    assert said(verdict(texts)) == (PROVEN, "")
    texts[".github/workflows/check.yml"] = called.replace("go test ./...", "go test ./... || true")
    found = verdict(texts)
    assert said(found) == (VIOLATED, "masked")
    assert found.pointer.file == ".github/workflows/check.yml"


def test_a_composite_action_is_looked_into() -> None:
    texts = {
        CI: workflow(
            "  check: {runs-on: x, steps: [{uses: actions/checkout@v5}, {uses: ./check}]}\n"
            f"  deploy: {{needs: check, {DEPLOY}}}\n"
        ),
        "check/action.yml": "runs:\n  using: composite\n  steps: [{run: go test ./..., shell: bash}]\n",
    }
    assert said(verdict(texts)) == (PROVEN, "")


def test_scripts_of_the_repository_are_followed() -> None:
    texts = {
        CI: workflow(
            "  check: {runs-on: ubuntu-latest, steps: [{run: npm test}]}\n" + f"  deploy: {{needs: check, {DEPLOY}}}\n"
        ),
        "package.json": '{"scripts": {"test": "jest"}}',
    }
    assert said(verdict(texts)) == (PROVEN, "")
    texts["package.json"] = '{"scripts": {"test": "jest || true"}}'
    assert said(verdict(texts)) == (VIOLATED, "masked")
    del texts["package.json"]
    assert verdict(texts).state == UNPROVEN


def test_a_deploy_to_staging_does_not_count_as_production() -> None:
    _, found = opened({CI: workflow(f"  deploy: {{{DEPLOY.replace('production', 'staging')}}}\n")})
    assert [d.job.id for d in found.going_to(["production"])] == []
    assert [d.job.id for d in found.going_to(["staging"])] == ["deploy"]


def test_an_environment_that_depends_on_the_run() -> None:
    environment = "environment: ${{ github.ref_name == 'main' && 'production' || 'staging' }}"
    jobs = f"  deploy:\n    runs-on: x\n    {environment}\n    steps: [{{run: kubectl apply -f k8s/}}]\n"
    _, found = opened({CI: workflow(jobs, "{push: {branches: [main, develop]}}")})
    (deploy,) = found.going_to(["production"])
    assert [live.scenario.ref for live in found.live(deploy)] == ["refs/heads/main"]


def test_a_deploy_that_waits_for_a_failure_is_not_called_dead() -> None:
    _, found = opened({CI: workflow(TEST + f"  deploy: {{needs: test, if: failure(), {DEPLOY}}}\n")})
    assert not found.live(found.deploys[0])
    assert found.heeds_failure("deploy")
    assert list(found.idle()) == []


def test_one_workflow_takes_a_bounded_number_of_runs() -> None:
    jobs = "".join(
        f"  j{i}: {{{f'needs: j{i - 1}, ' if i else ''}if: vars.A{i} == 'x' || vars.B{i} == 'y', {DEPLOY}}}\n"
        for i in range(14)
    )
    _, found = opened({CI: workflow(jobs, "{push: {branches: [a, b, c]}, schedule: [{cron: '1 1 * * *'}]}")})
    for deploy in found.deploys:
        for capability in ("lint", "sast", "unit-test", "deploy"):
            gates.verdict(found, deploy, capability, found.gates((capability,)))
    assert sum(len(traces.traces) for traces in found._played.values()) < 2 * MOST_RUNS
