"""A stranger's code, and who runs it: events, guards, checkouts, what runs a tree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from guardrail.actions import shell
from guardrail.checks.triggers_checkout import Checkout, refuses
from guardrail.checks.triggers_execution import runs_tree
from guardrail.checks.triggers_stranger import Reach
from guardrail.model.report import Report
from guardrail.views.workflows import NO_JOB, Job, Step

Scan = Callable[..., Report]
EXECUTED, PRESENT = "untrusted-checkout-executed", "untrusted-checkout"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies around a workflow is read within the root of a scan only."""
    monkeypatch.chdir(tmp_path)


def checkout(uses: str, allowed: bool = False) -> Checkout:
    """A checkout by actions/checkout."""
    return Checkout(Step({}, (), NO_JOB), (), "", "", True, f"actions/checkout@{uses}", allowed)


@pytest.mark.parametrize(
    ("ref", "refused"),
    [
        ("v7", True),
        ("v7.0.0", True),
        ("v8", True),
        ("v6", True),
        ("v6.1.0", True),
        ("v6.0.3", False),
        ("v5.1.0", True),
        ("v5.0.1", False),
        ("v4", True),
        ("v4.4.0", True),
        ("v4.3.1", False),
        ("v4.2", False),
        ("v3", True),
        ("v3.6.0", False),
        ("v2", True),
        ("v2.7.0", False),
        ("v1", False),
        ("main", True),
        ("some-branch", False),
    ],
)
def test_the_guard_of_checkout(ref: str, refused: bool) -> None:
    """GitHub Changelog 2026-06-18: v7, and from 2026-07-20 all lines but v1; floating tags follow, exact versions stay.

    actions/checkout#2519 ("all major versions (except for v1)"); releases v4.4.0, v5.1.0 and v6.1.0.
    """
    assert refuses(checkout(ref), "pull_request_target", "") is refused


def test_the_guard_is_for_two_events_and_can_be_switched_off() -> None:
    """actions/checkout `src/unsafe-pr-checkout-helper.ts`: the events, and `allow-unsafe-pr-checkout`."""
    assert refuses(checkout("v7"), "workflow_run", "") is True
    assert refuses(checkout("v7"), "issue_comment", "") is False
    assert refuses(checkout("v7", allowed=True), "pull_request_target", "") is False


def test_the_version_of_a_commit_is_what_its_comment_says() -> None:
    commit = "11bd71901bbe5b1630ceea73d27597364c9af683"
    assert refuses(checkout(commit), "pull_request_target", "4.2.2") is False
    assert refuses(checkout(commit), "pull_request_target", "4.4.0") is True
    assert refuses(checkout(commit), "pull_request_target", "") is None


RUNS = [
    "npm ci",
    "npm install",
    "npm run build",
    "yarn",
    "pnpm install --frozen-lockfile",
    "make test",
    "make",
    "./gradlew build",
    "mvn -B verify",
    "pip install .",
    "pip install -e '.[dev]'",
    "pip install -r requirements.txt",
    "python -m pip install -r requirements.txt",
    "python setup.py test",
    "python -m pytest",
    "pytest",
    "tox -e py",
    "poetry install",
    "uv sync",
    "cargo test",
    "go test ./...",
    "go generate ./...",
    "bundle install",
    "rake",
    "composer install",
    "dotnet test",
    "docker build .",
    "docker compose up",
    "terraform plan",
    "pre-commit run -a",
    "eslint .",
    "npx eslint .",
    "bash scripts/x.sh",
    "sh x.sh",
    "source env.sh",
    ". ./env.sh",
    "scripts/x.sh",
    "node index.js",
    "skaffold run",
]
STAYS = [
    "npm --version",
    "npm install -g npm",
    "npm ci --ignore-scripts",
    "node --version",
    "python -c 'print(1)'",
    "pip install ruff",
    "python -m pip install --upgrade pip",
    "uv pip install ruff",
    "go install golang.org/x/tools/gopls@latest",
    "go version",
    "cargo fmt --check",
    "terraform fmt -check",
    "docker login ghcr.io",
    "docker pull alpine",
    "git diff",
    "grep -r TODO .",
    "cat README.md",
    "ls",
    "gh pr comment 1 --body hello",
    "jq . file.json",
    "bash -c 'echo hello'",
    "/usr/local/bin/tool",
    "curl -fsS https://example.com",
    "echo make test",
]


@pytest.mark.parametrize(("script", "runs"), [(s, True) for s in RUNS] + [(s, False) for s in STAYS])
def test_what_runs_the_tree(script: str, runs: bool) -> None:
    """github/docs, "Securely using pull_request_target": build and test commands, configuration, dependencies."""
    assert any(runs_tree(command) for command in shell.commands(script, "bash")) is runs


def workflow(on: str, steps: str, more: str = "") -> str:
    """A workflow with one job."""
    return f"""\
on: {on}
jobs:
  job:
    {more}
    runs-on: ubuntu-latest
    steps:
{steps}
"""


HEAD = """\
      - uses: actions/checkout@v4.2.2
        with:
          ref: {ref}
      - run: make
"""


def told(scan: Scan, files: dict[str, str] | str, *policies: str) -> list[str]:
    """The ids of the policies that have a finding."""
    given = {".github/workflows/w.yml": files} if isinstance(files, str) else files
    report = scan(given, profile="none", select=policies or (EXECUTED, PRESENT))
    assert not report.problems
    return [f.policy.id for f in report.findings]


@pytest.mark.parametrize(
    ("ref", "event"),
    [
        ("${{ github.event.pull_request.head.sha }}", "pull_request_target"),
        ("${{ github.event.pull_request.head.ref }}", "pull_request_target"),
        ("${{ github.head_ref }}", "pull_request_target"),
        ("${{ github.event.pull_request.merge_commit_sha }}", "pull_request_target"),
        ("refs/pull/${{ github.event.pull_request.number }}/merge", "pull_request_target"),
        ("pull/${{ github.event.number }}/head", "pull_request_target"),
        ("${{ format('refs/pull/{0}/merge', github.event.number) }}", "pull_request_target"),
        ("${{ github.event.workflow_run.head_sha }}", "workflow_run"),
        ("${{ github.event.workflow_run.head_branch }}", "workflow_run"),
        ("${{ github.event.workflow_run.pull_requests[0].head.sha }}", "workflow_run"),
        ("refs/pull/${{ github.event.issue.number }}/head", "issue_comment"),
    ],
)
def test_what_names_the_head(scan: Scan, ref: str, event: str) -> None:
    """github/docs, "Securely using pull_request_target": common vulnerable shapes."""
    assert told(scan, workflow(event, HEAD.format(ref=ref))) == [EXECUTED]
    assert told(scan, workflow("pull_request", HEAD.format(ref=ref))) == []


@pytest.mark.parametrize(
    "ref",
    [
        "main",
        "${{ github.sha }}",
        "${{ github.ref }}",
        "${{ github.base_ref }}",
        "${{ github.event.pull_request.base.sha }}",
        "${{ github.event.repository.default_branch }}",
        "${{ inputs.ref }}",
    ],
)
def test_what_does_not(scan: Scan, ref: str) -> None:
    assert told(scan, workflow("pull_request_target", HEAD.format(ref=ref))) == []


def test_a_value_that_the_event_does_not_bring_is_no_head(scan: Scan) -> None:
    ref = "${{ github.event.pull_request.head.sha || github.sha }}"
    assert told(scan, workflow("issue_comment", HEAD.format(ref=ref))) == []


def test_order_of_steps_and_a_second_checkout(scan: Scan) -> None:
    before = (
        "      - run: make\n      - uses: actions/checkout@v1\n        with:\n          ref: ${{ github.head_ref }}"
    )
    assert told(scan, workflow("pull_request_target", before)) == [PRESENT]
    behind = "      - uses: actions/checkout@v1\n        with:\n          ref: ${{ github.head_ref }}"
    again = "\n      - uses: actions/checkout@v1\n      - run: make"
    assert told(scan, workflow("pull_request_target", behind + again)) == [PRESENT]
    beside = again.replace("@v1", "@v1\n        with:\n          path: ours")
    assert told(scan, workflow("pull_request_target", behind + beside)) == [EXECUTED]


@pytest.mark.parametrize("types", ["[labeled]", "[labeled, assigned]"])
def test_types_that_take_rights_are_a_gate(scan: Scan, types: str) -> None:
    """Securely using pull_request_target, "Gate runs behind approval": a label that only some can add."""
    on = "{pull_request_target: {types: " + types + "}}"
    assert told(scan, workflow(on, HEAD.format(ref="${{ github.head_ref }}"))) == []
    assert told(scan, workflow(on.replace("[", "[opened, "), HEAD.format(ref="${{ github.head_ref }}"))) == [EXECUTED]


def test_a_filter_by_branch_keeps_no_fork_out(scan: Scan) -> None:
    """GitHub Security Lab: a fork may call its branch as it likes, `branches` of workflow_run is about that name."""
    on = "{workflow_run: {workflows: [CI], branches: [main]}}"
    assert told(scan, workflow(on, HEAD.format(ref="${{ github.event.workflow_run.head_sha }}"))) == [EXECUTED]


def test_what_a_workflow_run_follows(scan: Scan) -> None:
    after = workflow("{workflow_run: {workflows: [CI]}}", HEAD.format(ref="${{ github.event.workflow_run.head_sha }}"))
    for event, wanted in (("push", []), ("pull_request", [EXECUTED])):
        first = f"name: CI\n{workflow(event, '      - run: make')}"
        files = {".github/workflows/after.yml": after, ".github/workflows/ci.yml": first}
        assert told(scan, files) == wanted


def test_calls_are_followed_to_the_event(scan: Scan) -> None:
    """reusing-workflow-configurations: "the github context is always associated with the caller workflow"."""
    called = workflow("workflow_call", HEAD.format(ref="${{ github.event.pull_request.head.sha }}"))
    middle = "on: workflow_call\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n"
    for event, wanted in (("pull_request_target", [EXECUTED]), ("pull_request", [])):
        first = f"on: {event}\njobs:\n  a:\n    uses: ./.github/workflows/middle.yml\n"
        files = {"called": called, "middle": middle, "first": first}
        assert told(scan, {f".github/workflows/{n}.yml": text for n, text in files.items()}) == wanted


def test_calls_in_a_circle_end(scan: Scan) -> None:
    text = "on: [workflow_call, pull_request_target]\njobs:\n  a:\n    uses: ./.github/workflows/w.yml\n"
    assert told(scan, text) == []


def test_long_chains_of_needs_end() -> None:
    jobs = {f"j{n}": {"needs": f"j{n + 1}"} for n in range(5000)}
    assert Reach({"jobs": jobs}).job(Job("j0", dict(jobs["j0"]), ()), "issues")


@pytest.mark.parametrize(
    "line",
    [
        "pull/1" * 20000,
        "git " * 30000,
        "gh pr " * 20000,
        "collaborators/" * 10000,
        "echo " * 30000 + "::set-outpu",
        "<<EOF " * 20000 + "$GITHUB_ENV",
        "A=$(cat " * 10000 + ">> $GITHUB_ENV",
        "${" * 40000,
        "$(" * 40000 + "GITHUB_OUTPUT",
    ],
)
def test_hostile_scripts_are_read_in_time(scan: Scan, line: str) -> None:
    steps = (
        f"      - uses: actions/checkout@v1\n        with:\n          ref: ${{{{ github.head_ref }}}}\n"
        f"      - id: x\n        run: |\n          {line}\n      - run: echo ${{{{ steps.x.outputs.y }}}}"
    )
    start = perf_counter()
    families = ("untrusted-env-write", "untrusted-output-write", "template-injection", "deprecated-workflow-command")
    told(scan, workflow("[pull_request_target, workflow_run]", steps), EXECUTED, *families)
    assert perf_counter() - start < 5


def test_commands_of_comments(scan: Scan) -> None:
    """`issue_comment` runs with the repository's rights for everybody's comment (events page, `issue_comment`)."""
    policy = "comment-command-open-to-all"
    steps = "      - run: ./deploy\n        env: {TOKEN: '${{ secrets.TOKEN }}'}"
    command = "if: contains(github.event.comment.body, '/deploy')"
    assert told(scan, workflow("issue_comment", steps, command), policy) == [policy]
    assert told(scan, workflow("issue_comment", steps, command + " && github.actor == 'octocat'"), policy) == []
    assert told(scan, workflow("issue_comment", steps), policy) == []
    assert told(scan, workflow("issue_comment", steps.replace("secrets.TOKEN", "github.token"), command), policy) == []
    asked = "      - run: gh api repos/x/y/collaborators/$WHO/permission\n" + steps
    assert told(scan, workflow("issue_comment", asked, command), policy) == []


@pytest.mark.parametrize(
    ("guard", "wanted"),
    [
        ('contains(fromJSON(\'["OWNER", "MEMBER"]\'), github.event.pull_request.author_association)', []),
        ("contains('OWNER MEMBER', github.event.pull_request.author_association)", []),
        ("github.event.pull_request.author_association == 'COLLABORATOR'", []),
        ("github.event.pull_request.author_association != 'NONE'", [EXECUTED]),
        ('contains(fromJSON(\'["OWNER", "CONTRIBUTOR"]\'), github.event.pull_request.author_association)', [EXECUTED]),
        ("contains(github.event.pull_request.labels.*.name, 'ok')", []),
        ("github.event.label.name == 'ok'", []),
        ("github.event.pull_request.merged", []),
        ("github.event.pull_request.merged == true && github.actor != 'x'", []),
    ],
)
def test_guards_of_a_checkout(scan: Scan, guard: str, wanted: list[str]) -> None:
    """GraphQL, CommentAuthorAssociation: CONTRIBUTOR "has previously committed to the repository", and no more."""
    text = workflow("pull_request_target", HEAD.format(ref="${{ github.head_ref }}"), f"if: >-\n      {guard}")
    assert told(scan, text) == wanted


def test_a_label_that_stays(scan: Scan) -> None:
    policy = "approval-outlived-by-push"
    guard = "if: contains(github.event.pull_request.labels.*.name, 'ok')"
    text = workflow("pull_request_target", HEAD.format(ref="${{ github.head_ref }}"), guard)
    assert told(scan, text, policy) == [policy]
    assert told(scan, text.replace("pull_request_target", "{pull_request_target: {types: [labeled]}}", 1), policy) == []
    assert told(scan, text + "      - uses: actions-ecosystem/action-remove-labels@v1\n", policy) == []
    assert told(scan, text.replace("labels.*.name, 'ok'", "title, 'ok'"), policy) == []
