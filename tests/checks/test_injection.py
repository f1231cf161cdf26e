"""Whose text becomes code: by context, by event, by guard, by the way it takes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest

from guardrail.actions import expressions
from guardrail.checks.injection_flow import values
from guardrail.checks.injection_sinks import sinks
from guardrail.model.report import Report
from guardrail.views.workflows import NO_JOB, Step

Scan = Callable[..., Report]
POLICIES = (
    "template-injection",
    "unprivileged-template-injection",
    "code-input-injection",
    "action-input-injection",
    "template-expansion-in-script",
)
OUTSIDER, CONTRIBUTOR, UNPROVEN = POLICIES[0], POLICIES[1], POLICIES[4]


def told(scan: Scan, text: str, *policies: str) -> list[str]:
    """The ids of the policies that have a finding, in the order of the file."""
    report = scan({".github/workflows/w.yml": text}, profile="none", select=policies or POLICIES)
    assert not report.problems
    return [f.policy.id for f in report.findings]


def workflow(expression: str, on: str, more: str = "") -> str:
    """A workflow whose only script holds an expression."""
    return f"""\
on: {on}
jobs:
  job:
    runs-on: ubuntu-latest
    {more}
    steps:
      - run: |
          echo "${{{{ {expression} }}}}"
"""


# GitHub's list ("Script injections": "These contexts typically end with body, default_branch, email, head_ref, label,
# message, name, page_name, ref, and title"; GitHub Security Lab, "Untrusted input"), each on an event that brings it.
LISTED = {
    "github.event.issue.title": "issues",
    "github.event.issue.body": "issue_comment",
    "github.event.pull_request.title": "pull_request_target",
    "github.event.pull_request.body": "pull_request_target",
    "github.event.comment.body": "issue_comment",
    "github.event.review.body": "pull_request_review",
    "github.event.pages[0].page_name": "gollum",
    "github.event.commits[0].message": "push",
    "github.event.head_commit.message": "push",
    "github.event.head_commit.author.email": "push",
    "github.event.head_commit.author.name": "push",
    "github.event.commits[1].author.email": "push",
    "github.event.commits[1].author.name": "push",
    "github.event.pull_request.head.ref": "pull_request_target",
    "github.event.pull_request.head.label": "pull_request_target",
    "github.event.pull_request.head.repo.default_branch": "pull_request_target",
    "github.event.workflow_run.head_branch": "workflow_run",
    "github.event.workflow_run.head_commit.message": "workflow_run",
    "github.event.discussion.title": "discussion",
    "github.event.discussion.body": "discussion_comment",
    "github.head_ref": "pull_request_target",
}


@pytest.mark.parametrize(("expression", "event"), LISTED.items())
def test_github_s_list(scan: Scan, expression: str, event: str) -> None:
    wanted = CONTRIBUTOR if event == "pull_request_review" else OUTSIDER
    assert told(scan, workflow(expression, event)) == [wanted]
    assert told(scan, workflow(expression, "schedule")) == []
    assert told(scan, workflow(expression, "[schedule, workflow_call]")) in ([wanted], [CONTRIBUTOR])


@pytest.mark.parametrize(
    "expression",
    [
        "github.sha",
        "github.run_id",
        "github.repository",
        "github.actor",
        "github.event.number",
        "github.event.issue.number",
        "github.event.issue.html_url",
        "github.event.issue.user.login",
        "github.event.pull_request.head.sha",
        "github.event.pull_request.head.repo.full_name",
        "github.event.repository.default_branch",
        "github.event.issue",
        "github.event",
        "runner.os",
        "secrets.TOKEN",
        "vars.REGION",
        "steps.x.outcome",
        "needs.x.result",
        "strategy.job-index",
        "hashFiles(github.head_ref)",
        "github.head_ref == 'x'",
        "!github.head_ref",
        "contains(github.event.issue.title, 'x')",
        "startsWith(github.head_ref, 'x') && 'yes' || 'no'",
        "github.event.issue.title && 'x'",
        "case(github.head_ref == 'x', 'a', 'b')",
        "fromJSON('{\"a\": 1}')[github.head_ref]",
    ],
)
def test_what_cannot_hold_code(scan: Scan, expression: str) -> None:
    assert told(scan, workflow(expression, "[issues, issue_comment, pull_request_target]")) == []


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("a.b || c", {("a", "b"), ("c",)}),
        ("a && b || c", {("b",), ("c",)}),
        ("a && (b || c)", {("b",), ("c",)}),
        ("format('{0}', a, b == c)", {("a",)}),
        ("join(a.*.b, c)", {("a", "*", "b"), ("c",)}),
        ("case(a, b, c, d, e)", {("b",), ("d",), ("e",)}),
        ("fromJSON(a).b[c]", {("a",)}),
        ("contains(a, b)", set()),
        ("'a'", set()),
    ],
)
def test_what_becomes_part_of_a_value(expression: str, found: set[tuple[str, ...]]) -> None:
    assert {steps for steps, _ in values(expressions.parse(expression))} == found


def test_only_what_is_written_out_whole_holds_what_is_below() -> None:
    assert dict(values(expressions.parse("toJSON(a.b)"))) == {("a", "b"): True}
    assert dict(values(expressions.parse("a.b"))) == {("a", "b"): False}


def test_a_pull_request_from_a_fork_has_no_secrets(scan: Scan) -> None:
    """events-that-trigger-workflows, "pull_request": a fork's run gets a read-only token and no secrets."""
    assert told(scan, workflow("github.head_ref", "pull_request")) == [CONTRIBUTOR]
    assert told(scan, workflow("github.head_ref", "[pull_request, pull_request_target]")) == [OUTSIDER]


def test_head_ref_exists_on_two_events_only(scan: Scan) -> None:
    """contexts, `github.head_ref`: only on pull_request and pull_request_target."""
    for event in ("push", "issues", "pull_request_review", "workflow_run"):
        assert told(scan, workflow("github.head_ref", event)) == []


@pytest.mark.parametrize(
    "guard",
    [
        "github.event_name == 'push'",
        "github.event.pull_request.head.repo.full_name == github.repository",
        "github.repository == github.event.pull_request.head.repo.full_name",
        "'acme/shop' == github.event.pull_request.head.repo.full_name",
        "!github.event.pull_request.head.repo.fork",
        "github.event.pull_request.head.repo.fork == false",
        "github.event.pull_request.user.login == 'octocat'",
        "github.actor == 'octocat' || github.actor == 'hubot'",
        'contains(fromJSON(\'["OWNER", "MEMBER"]\'), github.event.pull_request.author_association)',
        "github.event.pull_request.author_association == 'COLLABORATOR'",
        "github.head_ref == 'next'",
        "github.event_name != 'pull_request_target' || github.actor == 'octocat'",
    ],
)
def test_guards_that_keep_strangers_out(scan: Scan, guard: str) -> None:
    text = workflow("github.head_ref", "[push, pull_request_target]", f'if: "{guard}"'.replace('["', "['"))
    assert OUTSIDER not in told(
        scan, workflow("github.head_ref", "[push, pull_request_target]", f"if: >-\n      {guard}")
    )
    assert text


@pytest.mark.parametrize(
    "guard",
    [
        "github.repository == 'acme/shop'",
        "github.event.pull_request.draft == false",
        "!contains(github.event.pull_request.title, 'WIP')",
        "startsWith(github.head_ref, 'release/')",
        "github.actor != 'dependabot[bot]'",
        "github.event.pull_request.author_association != 'OWNER'",
        "github.event.pull_request.base.ref == 'main'",
        "contains(github.event.pull_request.labels.*.name, 'docs')",
        "always()",
        "github.ref == 'refs/heads/main'",
        "vars.ENABLED == 'true'",
    ],
)
def test_guards_that_do_not(scan: Scan, guard: str) -> None:
    """A label is no guard against text that lies there already and is read once somebody sets it."""
    assert told(scan, workflow("github.head_ref", "pull_request_target", f"if: >-\n      {guard}")) == [OUTSIDER]


def test_a_guard_before_it_counts_unless_it_is_passed_by(scan: Scan) -> None:
    """workflow-syntax, `needs`: a job is skipped when one that it needs is, unless its condition says otherwise."""
    text = """\
on: issues
jobs:
  members:
    if: github.event.issue.author_association == 'MEMBER'
    runs-on: ubuntu-latest
    steps: [{{run: make}}]
  next:
    needs: members
    {more}
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{{{ github.event.issue.title }}}}"
"""
    assert OUTSIDER not in told(scan, text.format(more="name: next"))
    assert told(scan, text.format(more="if: always()")) == [OUTSIDER]


@pytest.mark.parametrize(
    ("input_", "found"),
    [
        ("{type: choice, options: [a, b]}", []),
        ("{type: boolean}", []),
        ("{type: number}", []),
        ("{type: environment}", []),
        ("{type: string}", [UNPROVEN]),
        ("{description: free}", [UNPROVEN]),
    ],
)
def test_bounded_inputs(scan: Scan, input_: str, found: list[str]) -> None:
    """workflow-syntax, `on.workflow_dispatch.inputs.<input_id>.type`."""
    on = "{workflow_dispatch: {inputs: {x: " + input_ + "}}}"
    assert told(scan, workflow("inputs.x", on)) == found
    assert told(scan, workflow("github.event.inputs.X", on)) == found


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("{push: {branches: [main]}}", []),
        ("{push: {branches: [main], tags: [v1]}}", []),
        ("{push: {branches: ['release/**']}}", [UNPROVEN]),
        ("{push: {branches: [main], tags: ['v*']}}", [UNPROVEN]),
        ("push", [UNPROVEN]),
        ("pull_request", []),
        ("workflow_dispatch", [UNPROVEN]),
    ],
)
def test_names_of_branches_and_tags(scan: Scan, on: str, found: list[str]) -> None:
    """contexts, `github.ref_name`: of a pull request `<number>/merge`; of a push what the filters admit."""
    assert told(scan, workflow("github.ref_name", on)) == found


def test_the_nearest_variable_counts(scan: Scan) -> None:
    """variables, "Defining environment variables": the most specific one is used."""
    text = """\
on: issues
env: {A: "${{ github.event.issue.title }}", B: plain}
jobs:
  job:
    runs-on: ubuntu-latest
    env: {B: "${{ github.event.issue.title }}", C: plain}
    steps:
      - env: {A: plain, C: "${{ env.A }}"}
        run: |
          echo "${{ env.A }}"
          echo "${{ env.B }}"
          echo "${{ env.C }}"
"""
    report = scan({"w.yml": text}, profile="none", select=(OUTSIDER,))
    assert [f.location.span.line for f in report.findings] == [11, 12]


def test_definitions_that_go_round_in_circles_end(scan: Scan) -> None:
    jobs = ""
    for n in range(9):
        before = f"${{{{ needs.j{(n + 1) % 9}.outputs.x }}}}"
        jobs += f"""
  j{n}:
    needs: j{(n + 1) % 9}
    runs-on: ubuntu-latest
    outputs:
      x: {before * 20}
    steps:
      - run: echo "{before}"
"""
    start = perf_counter()
    told(scan, f"on: push\njobs:{jobs}")
    assert perf_counter() - start < 5


def test_many_steps_and_outputs_are_read_in_time(scan: Scan) -> None:
    steps = "".join(
        f"""
      - id: s{n}
        run: |
          echo "x=${{{{ steps.s{n - 1}.outputs.x }}}}" >> "$GITHUB_OUTPUT"
"""
        for n in range(1, 1500)
    )
    start = perf_counter()
    told(scan, f"on: issues\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:{steps}")
    assert perf_counter() - start < 10


@pytest.mark.parametrize(
    ("uses", "input_", "found"),
    [
        ("actions/github-script@v7", "script", True),
        ("Actions/GitHub-Script@v7", "script", True),
        ("actions/github-script@v7", "user-agent", False),
        ("azure/cli@v2", "inlineScript", True),
        ("azure/powershell@v2", "inlinescript", True),
        ("acme/script@v1", "script", False),
        ("docker://alpine:3", "args", False),
    ],
)
def test_inputs_that_are_code(uses: str, input_: str, found: bool) -> None:
    """The actions' own `action.yml`; names of inputs ignore case (metadata-syntax, `inputs.<input_id>`)."""
    step = Step({"uses": uses, "with": {input_: "${{ github.head_ref }}"}}, (), NO_JOB)
    assert bool(list(sinks(step))) is found
