"""Concurrency groups and uploads to code scanning: the facts the policies rest on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardrail.model.report import Report

Scan = Callable[..., Report]


def told(scan: Scan, policy: str, **files: str) -> list[str]:
    """The messages of one policy on workflows by name."""
    texts = {f".github/workflows/{name}.yml": text for name, text in files.items()}
    report = scan(texts, profile="none", select=(policy,))
    assert report.problems == ()
    return [f.message for f in report.findings]


JOBS = "jobs:\n  a:\n    runs-on: x\n    steps: [{run: x}]\n"


@pytest.mark.parametrize(
    ("event", "group", "shared"),
    [
        ("pull_request", "ci", True),
        ("pull_request", "${{ github.workflow }}-${{ github.event_name }}", True),
        ("pull_request", "${{ github.workflow }}-${{ github.base_ref }}", True),
        ("pull_request", "${{ github.repository }}-${{ github.event.repository.name }}", True),
        ("pull_request", "${{ github.ref }}", False),
        ("pull_request", "${{ github.head_ref }}", False),
        ("pull_request", "${{ github.event.number }}", False),
        ("pull_request", "${{ github.event.pull_request.number }}", False),
        ("pull_request", "${{ github.run_id }}", False),
        ("pull_request", "${{ inputs.name }}", False),
        # events-that-trigger-workflows.md: GITHUB_REF is the base branch, GITHUB_SHA its last commit
        ("pull_request_target", "${{ github.ref }}-${{ github.sha }}", True),
        ("pull_request_target", "${{ github.head_ref }}", False),
        ("pull_request_target", "${{ github.event.number }}", False),
        # ... the default branch
        ("issue_comment", "${{ github.ref }}", True),
        ("issue_comment", "${{ github.event.issue.number }}", False),
        ("workflow_run", "${{ github.ref }}", True),
        ("workflow_run", "${{ github.event.workflow_run.head_branch }}", False),
        ("push", "ci", False),
        ("schedule", "ci", False),
    ],
)
def test_whose_runs_share_a_group(scan: Scan, event: str, group: str, shared: bool) -> None:
    head = f"on: {event}\nconcurrency:\n  group: {group}\n  cancel-in-progress: "
    assert bool(told(scan, "concurrency-cancels-others", a=f"{head}true\n{JOBS}")) is shared
    assert told(scan, "concurrency-cancels-others", a=f"{head}false\n{JOBS}") == []
    assert told(scan, "concurrency-cancels-others", a=head + "${{ github.ref != 'x' }}\n" + JOBS) == []


@pytest.mark.parametrize(
    ("push", "told_of"),
    [
        ("", True),
        ("{branches: [main]}", False),
        ("{branches: [main, dev]}", True),
        ("{branches: ['r/*']}", True),
        ("{tags: ['v*']}", False),
    ],
)
def test_a_head_ref_is_empty_on_push(scan: Scan, push: str, told_of: bool) -> None:
    """actions-group-concurrency.md, "Using a fallback value": head_ref is only defined on pull_request events."""
    text = "concurrency: {group: '${{ github.head_ref }}', cancel-in-progress: true}\n"
    found = told(scan, "concurrency-cancels-others", a=f"on:\n  push: {push}\n  pull_request:\n{text}{JOBS}")
    assert bool(found) is told_of


@pytest.mark.parametrize(
    ("legs", "more", "cancelled"),
    [
        (3, "", True),
        (2, "", False),  # one runs, one waits
        (2, ", cancel-in-progress: true", True),
        (9, ", queue: max", False),  # github.blog/changelog/2026-05-07: up to 100 may wait
        (1, ", cancel-in-progress: true", False),
    ],
)
def test_legs_of_a_matrix_in_one_group(scan: Scan, legs: int, more: str, cancelled: bool) -> None:
    """actions-group-concurrency.md: at most one running and one pending job in a group."""
    matrix = f"strategy: {{matrix: {{n: {list(range(legs))}}}}}"
    job = f"jobs:\n  a:\n    {matrix}\n    concurrency: {{group: x{more}}}\n    steps: [{{run: x}}]\n"
    assert bool(told(scan, "concurrency-cancels-others", a=f"on: push\n{job}")) is cancelled


def test_names_of_groups_ignore_case(scan: Scan) -> None:
    """actions-group-concurrency.md: "The concurrency group name is case insensitive"."""
    job = "jobs:\n  a:\n    concurrency: %s\n    steps: [{run: x}]\n"
    assert told(scan, "concurrency-deadlock", a="on: push\nconcurrency: Prod\n" + job % "prod")
    assert told(scan, "concurrency-deadlock", a="on: push\nconcurrency: Prod\n" + job % "{group: PROD}")
    assert told(scan, "concurrency-deadlock", a="on: push\nconcurrency: Prod\n" + job % "prod-2") == []


def test_a_called_workflow_has_the_callers_github_context(scan: Scan) -> None:
    """reusing-workflow-configurations.md: a called workflow uses the name of its caller in github.workflow."""
    call = "jobs:\n  a:\n    uses: ./.github/workflows/b.yml\n"
    inner = f"on: [workflow_call, push]\n%s\n{JOBS}"
    group = "concurrency: ${{ github.workflow }}-${{ github.ref }}"
    (message,) = told(scan, "concurrency-deadlock", a=f"on: push\n{group}\n{call}", b=inner % group)
    assert "is cancelled" in message
    other = "concurrency: b-${{ github.ref }}"
    assert told(scan, "concurrency-deadlock", a=f"on: push\n{group}\n{call}", b=inner % other) == []


SCAN = "      - run: semgrep scan --error --sarif --output out.sarif\n"
UPLOAD = "      - uses: github/codeql-action/upload-sarif@v3\n        with: {sarif_file: out.sarif}\n"


@pytest.mark.parametrize(
    ("condition", "skipped"),
    [
        ("", True),
        ("github.ref == 'refs/heads/main'", True),
        ("success()", False),  # it says what it means
        ("always()", False),
        ("failure()", False),
        ("${{ !cancelled() }}", False),
        ("success() || failure()", False),
    ],
)
def test_a_condition_without_a_status_function_is_success(scan: Scan, condition: str, skipped: bool) -> None:
    """expressions.md, "Status check functions": a default status check of success() is applied."""
    upload = UPLOAD + (f"        if: {condition}\n" if condition else "")
    text = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n{SCAN}{upload}"
    assert bool(told(scan, "sarif-upload-skipped", a=text)) is skipped


def test_a_scan_that_cannot_fail_skips_nothing(scan: Scan) -> None:
    head = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
    assert told(scan, "sarif-upload-skipped", a=head + SCAN.replace(" --error", "") + UPLOAD) == []
    assert told(scan, "sarif-upload-skipped", a=head + SCAN.replace("out.sarif", "out.sarif || true") + UPLOAD) == []
    assert told(scan, "sarif-upload-skipped", a=head + UPLOAD + SCAN) == []
    assert told(scan, "sarif-upload-skipped", a=head + SCAN.replace("out.", "other.") + UPLOAD) == []
