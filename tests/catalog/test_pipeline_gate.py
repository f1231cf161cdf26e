"""A PipelineGate becomes gate policies with its parameters (WORKFLOWS 4.5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.catalog.load import load
from guardrail.errors import PolicyError
from guardrail.model.report import Report
from guardrail.scan.run import Run
from guardrail.settings import Settings

GATE = """
guardrail: 1
kind: PipelineGate
id: acme-production
applies_to: {deploys_to: production}
"""
WORKFLOW = """
name: Deliver
on:
  push:
    branches: [main]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: go test ./...
  deploy:
    needs: [test]
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: kubectl apply -n production -f k8s/
"""

STAGING = """
  try-out:
    needs: [test]
    runs-on: ubuntu-24.04
    environment: staging
    steps:
      - run: kubectl apply -n staging -f k8s/
"""


def scan(tmp_path: Path, gate: str, workflow: str = WORKFLOW, today: str = "2026-01-01") -> Report:
    (tmp_path / "gate.yaml").write_text(GATE + gate)
    folder = tmp_path / "repo" / ".github" / "workflows"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "deliver.yml").write_text(workflow)
    catalog = load((tmp_path / "gate.yaml",))
    chosen = tuple(id_ for id_ in catalog.policies if id_.startswith("acme-"))
    settings = Settings(profile="none", select=chosen)
    return Run(settings, catalog, (str(tmp_path / "repo"),), today=today).report()


def ids(report: Report) -> set[str]:
    return {f.policy.id.removeprefix("acme-production-") for f in report.live}


def test_only_what_is_demanded_is_asked_for(tmp_path: Path) -> None:
    assert ids(scan(tmp_path, "gates: {unit-test: required}")) == set()
    assert ids(scan(tmp_path, "gates: {lint: required, unit-test: required}")) == {"deploy-without-lint"}


def test_tools_that_count(tmp_path: Path) -> None:
    scanned = WORKFLOW.replace("go test ./...", "gosec ./...")
    assert ids(scan(tmp_path, "gates: {sast: required}", scanned)) == set()
    found = ids(scan(tmp_path, "gates: {sast: {required: true, any_of: [semgrep]}}", scanned))
    assert found in ({"deploy-without-sast"}, {"deploy-without-gates"})


def test_a_tool_that_counts_and_only_reports(tmp_path: Path) -> None:
    """Another tool that does the same does not stand in for the one that was asked for."""
    both = WORKFLOW.replace("- run: go test ./...", "- run: bandit -r src\n      - run: semgrep scan")
    assert ids(scan(tmp_path, "gates: {sast: required}", both)) == set()
    found = scan(tmp_path, "gates: {sast: {required: true, any_of: [semgrep]}}", both)
    assert ids(found) == {"scan-cannot-fail"}
    assert ids(scan(tmp_path, "gates: {sast: {required: true, any_of: [bandit]}}", both)) == set()


def test_each_of_several_tools(tmp_path: Path) -> None:
    """Every one of `all_of` has to stand there and to hold; of `any_of` beside it one does."""
    both = WORKFLOW.replace("- run: go test ./...", "- run: bandit -r src\n      - run: semgrep scan --error")
    assert ids(scan(tmp_path, "gates: {sast: {required: true, all_of: [bandit, semgrep]}}", both)) == set()
    found = scan(
        tmp_path, "gates: {sast: {required: true, all_of: [bandit, codeql, gosec]}, unit-test: required}", both
    )
    assert ids(found) == {"deploy-without-sast", "deploy-without-tests"}
    (told,) = (f.message for f in found.live if f.policy.id.endswith("-sast"))
    assert "without static security analysis by codeql and by gosec" in told
    mixed = "gates: {sast: {required: true, any_of: [codeql, gosec], all_of: [bandit]}, lint: required}"
    assert ids(scan(tmp_path, mixed, both)) == {"deploy-without-sast", "deploy-without-lint"}
    assert ids(scan(tmp_path, mixed.replace("gosec", "semgrep").replace(", lint: required", ""), both)) == set()


def test_one_of_several_tools_only_reports(tmp_path: Path) -> None:
    both = WORKFLOW.replace("- run: go test ./...", "- run: bandit -r src\n      - run: semgrep scan")
    found = scan(tmp_path, "gates: {sast: {required: true, all_of: [bandit, semgrep]}}", both)
    assert ids(found) == {"scan-cannot-fail"}
    assert "semgrep" in found.live[0].message


def test_a_second_gate_leaves_the_first_alone(tmp_path: Path) -> None:
    staging = GATE.replace("acme-production", "acme-staging").replace("production}", "staging}")
    demanded = "gates: {lint: required, unit-test: required}\n"
    found = scan(tmp_path, f"{demanded}---{staging}{demanded}", WORKFLOW + STAGING)
    assert {f.policy.id for f in found.live} == {
        "acme-production-deploy-without-lint",
        "acme-staging-deploy-without-lint",
    }


AFTER = """
gates: {e2e: required, unit-test: required}
after: {verify: [smoke-test]}
"""
PACKAGE = """
{"scripts": {"smoke": "playwright test --config live.config.ts", "quick": "jest --config live.config.js"}}
"""


@pytest.mark.parametrize("command", ["npm run smoke", "pnpm smoke", "yarn smoke", "make smoke", "npx playwright test"])
@pytest.mark.parametrize("job", ["      - run: %s\n", "  after:\n    needs: [deploy]\n    steps:\n      - run: %s\n"])
def test_what_follows_a_deploy_is_no_gate_in_the_wrong_place(tmp_path: Path, command: str, job: str) -> None:
    """A test of what was deployed, by whichever script it is run, verifies the deploy, and is missing before it."""
    repository = tmp_path / "repo"
    repository.mkdir()
    (repository / "package.json").write_text(PACKAGE)
    (repository / "Makefile").write_text("smoke:\n\tnpx cypress run --spec live\n")
    assert ids(scan(tmp_path, AFTER, WORKFLOW + job % command)) == {"deploy-without-e2e-tests"}
    before = WORKFLOW.replace("go test ./...", "npx playwright test && go test ./...")
    assert ids(scan(tmp_path, AFTER, before + job % command)) == set()


def test_tests_that_nothing_waits_for_are_in_the_wrong_place(tmp_path: Path) -> None:
    beside = WORKFLOW + "  browser:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx playwright test\n"
    assert ids(scan(tmp_path, "gates: {e2e: required}", beside)) == {"gate-not-awaited"}


def test_unit_tests_behind_the_deploy_are_in_the_wrong_place(tmp_path: Path) -> None:
    late = WORKFLOW.replace("    needs: [test]\n", "").replace("  test:\n", "  test:\n    needs: [deploy]\n")
    assert ids(scan(tmp_path, "gates: {unit-test: required}", late)) == {"gate-not-awaited"}


@pytest.mark.parametrize(
    ("demand", "found"),
    [
        ("promotion: {before: [staging]}", {"staging-skipped"}),
        ("concurrency: {required: true}", {"deploy-without-concurrency"}),
        ("after: {verify: [smoke-test], on_failure: [rollback]}", {"deploy-not-verified", "no-rollback"}),
        ("environment: {required: true, literal: true}", set()),
        ("triggers: {allow: ['push:release/*']}", {"deploy-trigger-refused"}),
        ("triggers: {allow: ['push:main'], forbid: [schedule]}", set()),
        ("triggers: {forbid: [push]}", {"deploy-trigger-refused"}),
        ("gates: {unit-test: {required: true, coverage: {min: 80}}}", {"coverage-threshold-low"}),
    ],
)
def test_each_demand_asks_for_its_policy(tmp_path: Path, demand: str, found: set[str]) -> None:
    assert ids(scan(tmp_path, demand)) == found


ENVIRONMENT = """
environments:
  - name: production
    reviewers: [{type: Team, id: 42}]
    deployment_branch_policy: {protected_branches: false, custom_branches: [main, "v*", develop]}
"""


def test_only_the_refs_that_are_demanded_may_deploy(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".github").mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()  # files beyond the root of a scan are not read
    (tmp_path / "repo" / ".github" / "settings.yml").write_text(ENVIRONMENT)
    demand = "environment: {protected: {reviewers: 1, refs: [%s]}}"
    assert ids(scan(tmp_path, demand % 'main, "v*", develop')) == set()
    report = scan(tmp_path, demand % 'main, "v*"')
    assert ids(report) == {"environment-unprotected"}
    assert "develop may deploy, too" in report.live[0].message


def test_other_environments_are_left_alone(tmp_path: Path) -> None:
    staging = WORKFLOW.replace("environment: production", "environment: staging").replace("-n production", "-n staging")
    assert ids(scan(tmp_path, "concurrency: {required: true}", staging)) == set()


def test_it_takes_the_place_of_the_shipped_policies(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text(GATE + "concurrency: {required: true}")
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "deliver.yml").write_text(WORKFLOW)
    report = Run(Settings(profile="delivery"), load((tmp_path / "gate.yaml",)), (str(tmp_path),)).report()
    told = [f.policy.id for f in report.live if f.policy.id.endswith("deploy-without-concurrency")]
    assert told == ["acme-production-deploy-without-concurrency"]


WAIVER = """
concurrency: {required: true}
waivers: [{job: deploy, until: "2026-06-30", reason: the runner is replaced in June, approved_by: ops}]
"""


def test_a_waived_job_is_marked_until_its_day(tmp_path: Path) -> None:
    waived = scan(tmp_path, WAIVER)
    assert waived.live == ()
    (finding,) = waived.findings
    assert finding.suppression is not None
    assert (finding.suppression.source, finding.suppression.owner, finding.suppression.until) == (
        "waiver",
        "ops",
        "2026-06-30",
    )
    assert ids(scan(tmp_path, WAIVER, today="2026-06-30")) == set()
    assert ids(scan(tmp_path, WAIVER, today="2026-07-01")) == {"deploy-without-concurrency"}


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("gates: {linting: required}", "no gate named 'linting'"),
        ("gate: {lint: required}", "gate"),
        ("evidence: [trust-me]", "trust-me"),
        ("environment: {protected: {reviewers: -1}}", "-1"),
        ("gates: {lint: {required: true, any_of: [eslint]}}", "any_of"),
        ("gates: {lint: {required: true, all_of: [eslint]}}", "all_of"),
    ],
)
def test_a_wrong_demand_is_an_error_with_its_place(tmp_path: Path, gate: str, message: str) -> None:
    (tmp_path / "gate.yaml").write_text(GATE + gate)
    with pytest.raises(PolicyError, match=message) as error:
        load((tmp_path / "gate.yaml",))
    assert "gate.yaml:" in str(error.value)
