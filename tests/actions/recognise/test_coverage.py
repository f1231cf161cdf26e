"""Coverage is a gate only where a threshold is set that the tool enforces (WORKFLOWS, the table of teeth)."""

from __future__ import annotations

import pytest

from guardrail.actions.model import ENFORCING, NOT_KNOWN, REPORT_ONLY
from guardrail.actions.recognise import Where, recognise
from tests.actions.recognise.recognising import Files, ability, run, shipped, uses

JACOCO = (
    "<plugin><artifactId>jacoco-maven-plugin</artifactId><executions><execution><goals><goal>check</goal></goals>"
    "<configuration><rules><rule><limits><limit><minimum>0.80</minimum></limit></limits></rule></rules></configuration>"
)
ENFORCED: list[tuple[str, Files, str]] = [
    ("pytest --cov --cov-fail-under=85", {}, "85"),
    ("pytest --cov=src", {"pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n"}, "90"),
    ("pytest --cov=src", {".coveragerc": "[report]\nfail_under = 75\n"}, "75"),
    ("pytest --cov=src", {"setup.cfg": "[coverage:report]\nfail_under = 70\n"}, "70"),
    ("pytest", {"pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov --cov-fail-under=60"\n'}, "60"),
    ("coverage report --fail-under=80", {}, "80"),
    ("coverage run -m pytest\ncoverage report", {".coveragerc": "[report]\nfail_under = 65\n"}, "65"),
    ("jest --coverage", {"package.json": '{"jest": {"coverageThreshold": {"global": {"lines": 80}}}}'}, "80"),
    (
        "jest --coverage",
        {"jest.config.js": "module.exports = {coverageThreshold: {global: {branches: 1, lines: 82}}}"},
        "82",
    ),
    (
        "jest",
        {"jest.config.ts": "export default {collectCoverage: true, coverageThreshold: {global: {lines: 83}}}"},
        "83",
    ),
    ("vitest run --coverage", {"vitest.config.ts": "test: {coverage: {thresholds: {lines: 84}}}"}, "84"),
    ("vitest run --coverage --coverage.thresholds.lines=81", {}, "81"),
    ("nyc --check-coverage --lines 95 mocha", {}, "95"),
    ("nyc mocha", {".nycrc": '{"check-coverage": true, "lines": 88}'}, "88"),
    ("c8 --check-coverage --lines 77 node test.js", {}, "77"),
    ("cargo tarpaulin --fail-under 66", {}, "66"),
    ("cargo llvm-cov --fail-under-lines 67", {}, "67"),
    ("mvn -B verify", {"pom.xml": JACOCO}, "80"),
    ("dotnet test /p:CollectCoverage=true /p:Threshold=71", {}, "71"),
    ("bundle exec rspec", {"spec/spec_helper.rb": "SimpleCov.start\nSimpleCov.minimum_coverage 92\n"}, "92"),
    ("mix test --cover", {}, "90"),
    ("pest --coverage --min=78", {}, "78"),
    ("gcovr --fail-under-line 64", {}, "64"),
]


@pytest.mark.parametrize(("script", "files", "threshold"), ENFORCED, ids=[c[0] for c in ENFORCED])
def test_thresholds(script: str, files: Files, threshold: str) -> None:
    found = ability(run(script, files), "coverage")
    assert (found.teeth, found.details["threshold"]) == (ENFORCING, threshold)


MEASURED: list[tuple[str, Files]] = [
    ("pytest --cov", {}),
    ("pytest --cov", {"pyproject.toml": "[tool.coverage.run]\nbranch = true\n"}),
    ("jest --coverage", {"package.json": '{"jest": {}}'}),
    ("vitest run --coverage", {}),
    ("nyc mocha", {}),
    ("nyc mocha", {".nycrc": '{"lines": 90}'}),
    ("go test -coverprofile=c.out ./...", {}),
    ("mvn -B test", {"pom.xml": JACOCO}),
    ("mvn -B verify", {"pom.xml": JACOCO.replace("<rules>", "<haltOnFailure>false</haltOnFailure><rules>")}),
    ("cargo tarpaulin", {}),
    ("coverage report", {}),
    ("phpunit --coverage-text", {}),
]


@pytest.mark.parametrize(("script", "files"), MEASURED)
def test_measured_without_a_gate(script: str, files: Files) -> None:
    assert ability(run(script, files), "coverage").teeth == REPORT_ONLY


@pytest.mark.parametrize(
    ("script", "files"),
    [
        (
            "jest",
            {"package.json": '{"jest": {"coverageThreshold": {"global": {"lines": 80}}}}'},
        ),  # nothing is collected
        ("pytest", {"pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n"}),
        ("go test ./...", {}),
    ],
)
def test_no_coverage_at_all(script: str, files: Files) -> None:
    assert "coverage" not in {a.capability for a in run(script, files).abilities}


def test_a_variable_is_no_evidence() -> None:
    step = {"run": "jest --coverage", "env": {"COVERAGE_THRESHOLD": 95}}
    assert ability(recognise(step, Where(), shipped()), "coverage").teeth == REPORT_ONLY


def test_a_name_tells_nothing_of_a_threshold() -> None:
    found = ability(run("npm run test:coverage"), "coverage")
    assert (found.teeth, found.sure) == (NOT_KNOWN, False)


def test_actions_with_thresholds() -> None:
    summary = "irongut/CodeCoverageSummary@v1"
    assert ability(uses(summary, {"thresholds": "60 80"}), "coverage").teeth == REPORT_ONLY
    assert ability(uses(summary, {"fail_below_min": True}), "coverage").teeth == ENFORCING
    very_good = uses("VeryGoodOpenSource/very_good_coverage@v3", {"min_coverage": 90})
    assert ability(very_good, "coverage").details["threshold"] == "90"
