"""Whether what a scanner finds can fail the step. Each group names what says so; see the comments in the table, too."""

from __future__ import annotations

import pytest

from guardrail.actions.model import ENFORCING, MASKED, NOT_KNOWN, REPORT_ONLY
from tests.actions.recognise.recognising import Files, ability, run, teeth, uses

TRIVY = "aquasecurity/trivy-action@0.28.0"


@pytest.mark.parametrize(
    ("inputs", "env", "files", "expected"),
    [
        # trivy.dev, docs, configuration/others, "Exit Code": "By default, Trivy exits with code 0 even when security
        # issues are detected". trivy-action's action.yaml: no default for exit-code.
        ({}, {}, {}, REPORT_ONLY),
        ({"severity": "CRITICAL"}, {}, {}, REPORT_ONLY),
        ({"exit-code": "1"}, {}, {}, ENFORCING),
        ({"exit-code": 1}, {}, {}, ENFORCING),
        ({"exit-code": "0"}, {}, {}, REPORT_ONLY),
        ({"exit-code": "${{ inputs.code }}"}, {}, {}, NOT_KNOWN),
        ({}, {"TRIVY_EXIT_CODE": "1"}, {}, ENFORCING),
        ({"exit-code": "0"}, {"TRIVY_EXIT_CODE": "1"}, {}, REPORT_ONLY),
        ({}, {}, {"trivy.yaml": "exit-code: 1\n"}, ENFORCING),
        ({}, {}, {"trivy.yaml": "exit-code: 0\n"}, REPORT_ONLY),
        ({"trivy-config": "ci/trivy.yaml"}, {}, {"ci/trivy.yaml": "exit-code: 2 # yes\n"}, ENFORCING),
    ],
)
def test_trivy_action(inputs: dict[str, object], env: dict[str, str], files: Files, expected: str) -> None:
    assert teeth(uses(TRIVY, inputs, files, env), "container-scan") == expected


COMMANDS = [
    # Trivy on the command line, the same source.
    ("trivy image app:1", "container-scan", REPORT_ONLY),
    ("trivy image --exit-code 1 app:1", "container-scan", ENFORCING),
    ("trivy image --exit-code=1 app:1", "container-scan", ENFORCING),
    ("trivy image --exit-code 0 app:1", "container-scan", REPORT_ONLY),
    ("TRIVY_EXIT_CODE=1 trivy image app:1", "container-scan", ENFORCING),
    ("trivy fs --exit-code 1 .", "dependency-audit", ENFORCING),
    ("trivy image app:1 --format json | jq -e '.Results == []'", "container-scan", ENFORCING),
    ("trivy image --exit-code 1 app:1 || true", "container-scan", MASKED),
    ("trivy image --exit-code 1 app:1 | tee log", "container-scan", MASKED),
    # semgrep.dev, CLI reference, exit codes: `ci` fails on blocking findings, `scan` only with --error.
    ("semgrep ci", "sast", ENFORCING),
    ("semgrep scan --config auto", "sast", REPORT_ONLY),
    ("semgrep --config auto --error", "sast", ENFORCING),
    ("semgrep ci || echo found", "sast", MASKED),
    # docs.sonarsource.com, "Failing a pipeline job when the quality gate fails": sonar.qualitygate.wait.
    ("sonar-scanner", "sast", REPORT_ONLY),
    ("sonar-scanner -Dsonar.qualitygate.wait=true", "sast", ENFORCING),
    ("mvn sonar:sonar -Dsonar.qualitygate.wait=true", "sast", ENFORCING),
    # grype README, "Gating on severity of vulnerabilities": --fail-on.
    ("grype app:1", "container-scan", REPORT_ONLY),
    ("grype app:1 --fail-on high", "container-scan", ENFORCING),
    # docs.docker.com, docker scout cves: --exit-code.
    ("docker scout cves app:1", "container-scan", REPORT_ONLY),
    ("docker scout cves --exit-code app:1", "container-scan", ENFORCING),
    # --help of each: bandit --exit-zero, gosec -no-fail, tfsec --soft-fail, checkov --soft-fail, hadolint --no-fail.
    ("bandit -r src", "sast", ENFORCING),
    ("bandit -r src --exit-zero", "sast", REPORT_ONLY),
    ("gosec ./...", "sast", ENFORCING),
    ("gosec -no-fail ./...", "sast", REPORT_ONLY),
    ("tfsec .", "iac-scan", ENFORCING),
    ("tfsec . --soft-fail", "iac-scan", REPORT_ONLY),
    ("checkov -d .", "iac-scan", ENFORCING),
    ("checkov -d . --soft-fail", "iac-scan", REPORT_ONLY),
    ("hadolint Dockerfile", "lint", ENFORCING),
    ("hadolint --no-fail Dockerfile", "lint", REPORT_ONLY),
    ("flake8 --exit-zero", "lint", REPORT_ONLY),
    ("ruff check --exit-zero .", "lint", REPORT_ONLY),
    ("pylint --exit-zero src", "lint", REPORT_ONLY),
    ("gofmt -l .", "format", REPORT_ONLY),
    ('test -z "$(gofmt -l .)"', "format", ENFORCING),
    # jestjs.io, CLI: --passWithNoTests only concerns the absence of tests.
    ("jest --passWithNoTests", "unit-test", ENFORCING),
    # docs.npmjs.com, npm audit: "will exit with a non-zero code if any vulnerability is found"; --audit-level none.
    ("npm audit", "dependency-audit", ENFORCING),
    ("npm audit --audit-level=none", "dependency-audit", REPORT_ONLY),
    # trufflehog README: --fail; gitleaks README: --exit-code.
    ("trufflehog git file://.", "secret-scan", REPORT_ONLY),
    ("trufflehog git file://. --fail", "secret-scan", ENFORCING),
    ("gitleaks detect", "secret-scan", ENFORCING),
    ("gitleaks detect --exit-code 0", "secret-scan", REPORT_ONLY),
    # govulncheck documentation, "Exit codes": 0 with -json and -format.
    ("govulncheck ./...", "dependency-audit", ENFORCING),
    ("govulncheck -format=sarif ./...", "dependency-audit", REPORT_ONLY),
    ("dotnet list package --vulnerable", "dependency-audit", REPORT_ONLY),
    ("dependency-check.sh --scan .", "dependency-audit", REPORT_ONLY),
    ("dependency-check.sh --scan . --failOnCVSS 7", "dependency-audit", ENFORCING),
    ("audit-ci", "dependency-audit", REPORT_ONLY),
    ("audit-ci --moderate", "dependency-audit", ENFORCING),
    ("snyk monitor", "dependency-audit", REPORT_ONLY),
    ("kubescape scan .", "iac-scan", REPORT_ONLY),
    ("polaris audit --set-exit-code-on-danger", "iac-scan", ENFORCING),
    ("license-checker --summary", "licence-check", REPORT_ONLY),
    ("license-checker --failOn GPL", "licence-check", ENFORCING),
    # stryker-mutator.io, configuration, thresholds: break is null by default.
    ("stryker run", "mutation", REPORT_ONLY),
    # maven.apache.org, surefire: testFailureIgnore; mvn --help: --fail-never.
    ("mvn verify -Dmaven.test.failure.ignore=true", "unit-test", REPORT_ONLY),
    ("mvn --fail-never verify", "unit-test", REPORT_ONLY),
    # curl.se, manual: without -f/--fail the exit code is 0 for an HTTP error.
    ("curl https://x/health", "smoke-test", REPORT_ONLY),
    ("curl -f https://x/health", "smoke-test", ENFORCING),
    ("curl -sSf https://x/health", "smoke-test", ENFORCING),
    ("curl --fail --retry 5 https://x/health", "smoke-test", ENFORCING),
    ("curl -s https://x/health | grep -q ok", "smoke-test", ENFORCING),
    ("curl -f https://x/health || true", "smoke-test", MASKED),
    ('s=$(curl -s -o /dev/null -w "%{http_code}" https://x/health)\n[ "$s" = 200 ] || exit 1', "smoke-test", ENFORCING),
    ('s=$(curl -s -o /dev/null -w "%{http_code}" https://x/health)\necho $s', "smoke-test", REPORT_ONLY),
    ("wget -q https://x/health", "smoke-test", ENFORCING),
]


@pytest.mark.parametrize(("script", "capability", "expected"), COMMANDS, ids=[c[0] for c in COMMANDS])
def test_commands(script: str, capability: str, expected: str) -> None:
    assert teeth(run(script), capability) == expected


ACTIONS: list[tuple[str, dict[str, object], str, str]] = [
    # anchore/scan-action action.yml: fail-build is true by default.
    ("anchore/scan-action@v3", {"image": "x"}, "container-scan", ENFORCING),
    ("anchore/scan-action@v3", {"image": "x", "fail-build": False}, "container-scan", REPORT_ONLY),
    # github/docs, code scanning: alerts block only by a ruleset.
    ("github/codeql-action/analyze@v3", {}, "sast", REPORT_ONLY),
    ("github/codeql-action/upload-sarif@v3", {}, "sarif-upload", REPORT_ONLY),
    ("SonarSource/sonarcloud-github-action@v3", {}, "sast", REPORT_ONLY),
    ("SonarSource/sonarqube-scan-action@v4", {"args": "-Dsonar.qualitygate.wait=true"}, "sast", ENFORCING),
    ("SonarSource/sonarqube-quality-gate-action@v1", {}, "sast", ENFORCING),
    # codecov-action README: fail_ci_if_error is about the upload.
    ("codecov/codecov-action@v4", {"fail_ci_if_error": True}, "coverage-upload", REPORT_ONLY),
    ("docker/scout-action@v1", {"command": "cves", "image": "x"}, "container-scan", REPORT_ONLY),
    ("docker/scout-action@v1", {"command": "cves", "image": "x", "exit-code": True}, "container-scan", ENFORCING),
    ("bridgecrewio/checkov-action@v12", {}, "iac-scan", ENFORCING),
    ("bridgecrewio/checkov-action@v12", {"soft_fail": True}, "iac-scan", REPORT_ONLY),
    ("aquasecurity/tfsec-action@v1", {"soft_fail": "true"}, "iac-scan", REPORT_ONLY),
    # zaproxy/action-baseline action.yml: fail_action is false by default.
    ("zaproxy/action-baseline@v0.12.0", {"target": "x"}, "dast", REPORT_ONLY),
    ("zaproxy/action-baseline@v0.12.0", {"target": "x", "fail_action": True}, "dast", ENFORCING),
    ("hadolint/hadolint-action@v3", {"no-fail": True}, "lint", REPORT_ONLY),
    ("actions/dependency-review-action@v4", {}, "dependency-audit", ENFORCING),
    ("actions/dependency-review-action@v4", {"warn-only": True}, "dependency-audit", REPORT_ONLY),
    ("trufflesecurity/trufflehog@main", {}, "secret-scan", ENFORCING),
    ("psf/black@stable", {}, "format", ENFORCING),
    ("psf/black@stable", {"options": "--verbose"}, "format", REPORT_ONLY),
    # nick-fields/retry src/index.ts: spawned by `bash -c`, continue_on_error ends well.
    ("nick-fields/retry@v3", {"command": "pytest"}, "unit-test", ENFORCING),
    ("nick-fields/retry@v3", {"command": "pytest; echo done"}, "unit-test", MASKED),
    ("nick-fields/retry@v3", {"command": "pytest", "continue_on_error": True}, "unit-test", MASKED),
]


@pytest.mark.parametrize(("name", "inputs", "capability", "expected"), ACTIONS)
def test_actions(name: str, inputs: dict[str, object], capability: str, expected: str) -> None:
    assert teeth(uses(name, inputs), capability) == expected


def test_dependency_review_is_for_pull_requests() -> None:
    """Its action.yml: base-ref "must be provided" unless the event is pull_request or pull_request_target."""
    found = ability(uses("actions/dependency-review-action@v4"), "dependency-audit")
    assert found.details["events"].split() == ["pull_request", "pull_request_target", "merge_group"]
    given = uses("actions/dependency-review-action@v4", {"base-ref": "main", "head-ref": "${{ github.sha }}"})
    assert "events" not in ability(given, "dependency-audit").details


def test_sonar_waits_by_its_settings_file() -> None:
    files = {"sonar-project.properties": "sonar.projectKey=x\nsonar.qualitygate.wait=true\n"}
    assert teeth(run("sonar-scanner", files), "sast") == ENFORCING
    assert teeth(run("sonar-scanner", {"sonar-project.properties": "a=b"}), "sast") == REPORT_ONLY


def test_reasons_name_the_default() -> None:
    assert ability(uses(TRIVY), "container-scan").reason == "exit-code is not set, and Trivy's default is 0"
    assert ability(uses(TRIVY, {"exit-code": "1"}), "container-scan").reason == "exit-code is 1"
    assert ability(run("semgrep scan"), "sast").reason.startswith("semgrep scan exits with 0")
