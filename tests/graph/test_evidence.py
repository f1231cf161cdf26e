"""Gates in other workflows: runs that are followed, checks that GitHub requires (WORKFLOWS 4.4)."""

from __future__ import annotations

import pytest

from guardrail.graph.gates import PROVEN, UNPROVEN, VIOLATED
from guardrail.graph.protection import protections
from tests.graph.deliveries import CI, repository, said, verdict

TEST = (
    "name: Test\non: {pull_request: {}, push: {branches: [main]}}\njobs:\n"
    "  unit:\n    name: Unit tests\n    runs-on: x\n    steps: [{run: go test ./...}]\n"
)
STEPS = "    runs-on: x\n    environment: production\n    steps: [{run: kubectl apply -f k8s/}]\n"
ALONE = f"on: {{push: {{branches: [main]}}}}\njobs:\n  deploy:\n{STEPS}"
FOLLOWS = "on: {workflow_run: {workflows: [Test], types: [completed]}}\njobs:\n  deploy:\n"
TERRAFORM = """
resource "github_branch_protection" "main" {
  repository_id = github_repository.app.node_id
  pattern       = "main"
  required_status_checks {
    strict   = true
    contexts = ["Unit tests"]
  }
}
"""
SETTINGS = """
branches:
  - name: main
    protection:
      required_status_checks:
        strict: true
        contexts: [Unit tests]
"""
RULESET = """{"target": "branch", "enforcement": "active", "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
 "rules": [{"type": "required_status_checks",
            "parameters": {"required_status_checks": [{"context": "Unit tests"}]}}]}"""
RULESET_TF = """
resource "github_repository_ruleset" "main" {
  name        = "main"
  target      = "branch"
  enforcement = "active"
  conditions {
    ref_name {
      include = ["refs/heads/main"]
      exclude = []
    }
  }
  rules {
    required_status_checks {
      required_check {
        context = "Unit tests"
      }
    }
  }
}
"""


def test_a_gate_in_another_workflow_proves_nothing_by_itself() -> None:
    found = verdict({CI: ALONE, ".github/workflows/test.yml": TEST})
    assert said(found) == (UNPROVEN, "elsewhere")
    assert "test.yml" in found.reason


def test_where_no_workflow_has_it_it_is_missing() -> None:
    assert said(verdict({CI: ALONE})) == (VIOLATED, "missing")


def test_evidence_that_is_not_accepted_does_not_count() -> None:
    found = verdict({CI: ALONE, ".github/workflows/test.yml": TEST}, accepted=("same-run",))
    assert said(found) == (VIOLATED, "missing")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("infra/github.tf", TERRAFORM),
        ("infra/github.tf", RULESET_TF),
        (".github/settings.yml", SETTINGS),
        (".github/rulesets/main.json", RULESET),
    ],
    ids=["branch-protection", "ruleset", "settings-app", "exported-ruleset"],
)
def test_a_required_check_is_proof(name: str, text: str) -> None:
    assert said(verdict({CI: ALONE, ".github/workflows/test.yml": TEST, name: text})) == (PROVEN, "")


@pytest.mark.parametrize(
    "text",
    [
        TERRAFORM.replace("Unit tests", "Other"),
        TERRAFORM.replace('"main"\n', '"develop"\n'),
        RULESET_TF.replace("active", "evaluate"),
        RULESET_TF.replace('"branch"', '"tag"'),
        TERRAFORM.replace('["Unit tests"]', "var.checks"),
    ],
)
def test_what_requires_something_else_is_none(text: str) -> None:
    found = verdict({CI: ALONE, ".github/workflows/test.yml": TEST, "infra/github.tf": text})
    assert found.state == UNPROVEN


def test_a_workflow_that_follows_a_successful_run() -> None:
    asks = f"{FOLLOWS}    if: github.event.workflow_run.conclusion == 'success'\n{STEPS}"
    assert said(verdict({CI: asks, ".github/workflows/test.yml": TEST})) == (PROVEN, "")


def test_a_workflow_that_follows_any_run() -> None:
    """`workflow_run` comes whatever the conclusion (events that trigger workflows, `workflow_run`)."""
    found = verdict({CI: FOLLOWS + STEPS, ".github/workflows/test.yml": TEST})
    assert said(found) == (VIOLATED, "bypassed")


def test_a_followed_run_whose_tests_cannot_fail() -> None:
    asks = f"{FOLLOWS}    if: github.event.workflow_run.conclusion == 'success'\n{STEPS}"
    masked = TEST.replace("go test ./...", "go test ./... || true")
    assert verdict({CI: asks, ".github/workflows/test.yml": masked}).state == VIOLATED


def test_a_gate_for_pull_requests_in_the_same_file() -> None:
    text = (
        "on: {pull_request: {}, push: {branches: [main]}}\njobs:\n"
        "  unit: {name: Unit tests, if: github.event_name == 'pull_request', runs-on: x,"
        " steps: [{run: go test ./...}]}\n"
        "  deploy:\n    needs: unit\n    if: ${{ !failure() && github.event_name == 'push' }}\n" + STEPS
    )
    assert said(verdict(text)) == (UNPROVEN, "elsewhere")
    assert said(verdict({CI: text, "github.tf": TERRAFORM})) == (PROVEN, "")


ENVIRONMENT = """
resource "github_repository_environment" "production" {
  environment = "production"
  repository  = "app"
  reviewers {
    teams = [1]
    users = [2, 3]
  }
  deployment_branch_policy {
    protected_branches     = false
    custom_branch_policies = true
  }
}
resource "github_repository_environment_deployment_policy" "tags" {
  repository     = "app"
  environment    = github_repository_environment.production.environment
  branch_pattern = "release/*"
}
"""


def test_environments_in_terraform() -> None:
    found = protections(repository({"github.tf": ENVIRONMENT})).environments["production"]
    assert (found.reviewers, found.refs, found.protected_branches) == (3, ("release/*",), False)


def test_environments_of_the_settings_app() -> None:
    text = (
        "environments:\n  - name: production\n    reviewers: [{id: 1, type: Team}]\n"
        "    deployment_branch_policy: {protected_branches: true, custom_branch_policies: false}\n"
    )
    found = protections(repository({".github/settings.yml": text})).environments["production"]
    assert (found.reviewers, found.protected_branches) == (1, True)


@pytest.mark.parametrize("text", ["", "resource", "resource github_branch_protection {", "branches: 7", "[1, 2]"])
def test_broken_settings_are_no_evidence(text: str) -> None:
    found = protections(repository({"github.tf": text, ".github/settings.yml": text, ".github/rulesets/x.json": text}))
    assert found.checks == ()


REVIEWS_TF = TERRAFORM.replace(
    "  required_status_checks {\n",
    "  required_pull_request_reviews {\n    required_approving_review_count = 2\n  }\n  required_status_checks {\n",
)
REVIEWS_RULE = RULESET_TF.replace(
    "  rules {\n", "  rules {\n    pull_request {\n      required_approving_review_count = 2\n    }\n"
)
REVIEWS_JSON = RULESET.replace(
    '"rules": [', '"rules": [{"type": "pull_request", "parameters": {"required_approving_review_count": 2}}, '
)
REVIEWS_APP = SETTINGS + "      required_pull_request_reviews: {required_approving_review_count: 2}\n"


@pytest.mark.parametrize(
    ("name", "text", "people"),
    [
        ("github.tf", REVIEWS_TF, [2]),
        ("github.tf", REVIEWS_TF.replace("= 2", "= var.people"), []),
        ("github.tf", TERRAFORM, [0]),
        ("github.tf", REVIEWS_RULE, [2]),
        (".github/rulesets/main.json", REVIEWS_JSON, [2]),
        (".github/rulesets/main.json", RULESET, []),
        (".github/settings.yml", REVIEWS_APP, [2]),
        (".github/settings.yml", SETTINGS, [0]),
        (".github/settings.yml", REVIEWS_APP.replace("name: main", "name: develop"), []),
    ],
)
def test_reviews_that_a_branch_asks_for(name: str, text: str, people: list[int]) -> None:
    found = protections(repository({name: text})).reviews
    assert [r.people for r in found if r.covers("main")] == people
