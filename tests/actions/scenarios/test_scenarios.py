"""How a workflow can start."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions import triggers
from guardrail.actions.scenarios import LIMIT, complete, scenarios
from tests.actions.simulate.playing import build

EVENTS = "github/docs, actions reference, events-that-trigger-workflows.md"


def started(on: str, text: str = "true") -> list[str]:
    """Labels of all scenarios of a workflow with one condition."""
    return [s.label for s in scenarios(build(f'on: {on}\njobs: {{a: {{if: "{text}", runs-on: x, steps: []}}}}'))]


PUSHES = {
    "push": ["push to main", "push to some-branch", "push of tag v1.0.0"],
    "{push: {branches: [main]}}": ["push to main"],
    "{push: {branches: [master]}}": ["push to master"],
    "{push: {branches: [$default-branch]}}": ["push to $default-branch"],
    "{push: {branches: [main, 'release/**']}}": ["push to main", "push to release/some-branch"],
    "{push: {branches: ['**']}}": ["push to main", "push to some-branch"],
    "{push: {branches-ignore: [main]}}": ["push to some-branch"],
    "{push: {branches: ['**', '!main']}}": ["push to some-branch"],
    "{push: {tags: ['v[0-9]+.[0-9]+']}}": ["push of tag v1.1"],
    "{push: {tags: [v*]}}": ["push of tag v1.0.0"],
    "{push: {tags: ['v*.*.*', 'nightly']}}": ["push of tag v1.1.1", "push of tag nightly", "push of tag v1.0.0"],
    "{push: {branches: [main], tags: [v*]}}": ["push to main", "push of tag v1.0.0"],
    "{push: {branches: ['a..b', 'fine']}}": ["push to a..b", "push to fine"],
}


@pytest.mark.parametrize("on", PUSHES)
def test_pushes(on: str) -> None:
    assert started(on) == PUSHES[on]


def test_names_in_conditions_are_among_the_samples() -> None:
    text = (
        "github.ref == 'refs/heads/develop' || 'staging' == github.ref_name || startsWith(github.ref, 'refs/tags/x-')"
    )
    assert started("push", text) == [
        "push to main",
        "push to develop",
        "push to staging",
        "push to some-branch",
        "push of tag v1.0.0",
        "push of tag x-x",
    ]
    assert started("{push: {branches: [main]}}", text) == ["push to main"]


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ("startsWith(github.ref, 'refs/heads/release/')", "push to release/x"),
        ("endsWith(github.ref_name, '-rc')", "push to x-rc"),
        ("contains(github.ref, 'hotfix')", "push to hotfix"),
        ('contains(fromJSON(\'[\\"qa\\", \\"uat\\"]\'), github.ref_name)', "push to uat"),
        ("github.ref == 'refs/heads/it''s'", "push to it's"),
        ("github.ref_name == 'v2.0'", "push of tag v2.0"),
        ("GITHUB.REF == 'refs/heads/loud'", "push to loud"),
    ],
)
def test_conditions_on_refs(condition: str, name: str) -> None:
    assert name in started("push", condition)


def test_pull_requests() -> None:
    """The ref is the merge of the pull request, or the branch it was merged into (events page, pull_request)."""
    found = scenarios(build("on: {pull_request: {types: [opened, closed], branches: [main]}}\njobs: {}"))
    assert [(s.label, s.ref, s.base, s.merged, s.trusted) for s in found] == [
        ("pull_request to main (opened)", "refs/pull/1/merge", "main", False, False),
        ("pull_request to main (merged)", "refs/heads/main", "main", True, False),
        ("pull_request to main (closed)", "refs/pull/1/merge", "main", False, False),
    ]


def test_pull_request_target_runs_on_the_default_branch() -> None:
    """Events page, pull_request_target: GITHUB_REF is the default branch, whatever the base."""
    found = scenarios(build("on: {pull_request_target: {branches: [release]}}\njobs: {}"))
    assert [(s.ref, s.base, s.trusted) for s in found] == [("refs/heads/main", "release", False)]


def test_activity_types_matter_where_they_are_looked_at() -> None:
    assert started("pull_request") == ["pull_request to main", "pull_request to some-branch"]
    assert "pull_request to main (synchronize)" in started("pull_request", "github.event.action == 'synchronize'")


def test_heads_of_pull_requests() -> None:
    found = started("{pull_request: {branches: [main]}}", "startsWith(github.head_ref, 'release/')")
    assert found == ["pull_request to main (from release/x)", "pull_request to main"]


def test_dispatches() -> None:
    env = "{type: choice, options: [dev, prod], default: prod}"
    on = f"{{workflow_dispatch: {{inputs: {{env: {env}, dry: {{type: boolean}}}}}}}}"
    assert started(on, "inputs.env == 'prod' && github.ref == 'refs/heads/main'") == [
        "workflow_dispatch on main with env: prod",
        "workflow_dispatch on main with env: dev",
        "workflow_dispatch on some-branch with env: prod",
        "workflow_dispatch on some-branch with env: dev",
    ]
    assert len(started(on, "inputs.env == 'prod' && !inputs.dry")) == 8
    assert started(on) == ["workflow_dispatch on main", "workflow_dispatch on some-branch"]


def test_dispatches_on_tags_where_the_file_knows_tags() -> None:
    assert "workflow_dispatch on v1.0.0" in started("workflow_dispatch", "startsWith(github.ref, 'refs/tags/')")


def test_workflow_run() -> None:
    """It starts whatever the upstream conclusion, and a pull request's branch may have any name."""
    on = "{workflow_run: {workflows: [CI], types: [completed], branches: [main]}}"
    found = scenarios(build(f"on: {on}\njobs: {{}}"))
    assert [(s.conclusion, s.origin, s.head, s.ref, s.trusted) for s in found] == [
        ("success", "push", "main", "refs/heads/main", True),
        ("success", "pull_request", "main", "refs/heads/main", False),
        ("failure", "push", "main", "refs/heads/main", True),
        ("failure", "pull_request", "main", "refs/heads/main", False),
    ]
    assert {s.upstream for s in scenarios(build("on: {workflow_run: {workflows: [A, B]}}\njobs: {}"))} == {"A", "B"}


def test_workflow_run_starts_early_without_types() -> None:
    found = scenarios(build("on: {workflow_run: {workflows: [CI]}}\njobs: {}"))
    assert {(s.action, s.conclusion) for s in found} == {
        ("completed", "success"),
        ("completed", "failure"),
        ("requested", ""),
        ("in_progress", ""),
    }, f"{EVENTS}, workflow_run"


OTHERS = {
    "{release: {types: [published]}}": [("release published", "refs/tags/v1.0.0")],
    "merge_group": [
        ("merge_group for main", "refs/heads/gh-readonly-queue/main/pr-1"),
        ("merge_group for some-branch", "refs/heads/gh-readonly-queue/some-branch/pr-1"),
    ],
    "{schedule: [{cron: '0 2 * * *'}, {cron: '0 3 * * *'}]}": [("schedule", "refs/heads/main")],
    "{issue_comment: {types: [created]}}": [("issue_comment (created)", "refs/heads/main")],
    "{repository_dispatch: {types: [go, stop]}}": [
        ("repository_dispatch (go)", "refs/heads/main"),
        ("repository_dispatch (stop)", "refs/heads/main"),
    ],
    "workflow_call": [("workflow_call", "")],
    "deployment": [("deployment", "")],
    "create": [("create of some-branch", "refs/heads/some-branch"), ("create of v1.0.0", "refs/tags/v1.0.0")],
    "{pull_request_review: {types: [submitted]}}": [("pull_request_review (submitted)", "refs/pull/1/merge")],
    "nonsense": [("nonsense", "refs/heads/main")],
}


@pytest.mark.parametrize("on", OTHERS)
def test_other_events(on: str) -> None:
    assert [(s.label, s.ref) for s in scenarios(build(f"on: {on}\njobs: {{}}"))] == OTHERS[on], EVENTS


def test_names_in_called_workflows_count() -> None:
    lib = "on: workflow_call\njobs: {a: {if: \"github.ref == 'refs/heads/qa'\", runs-on: x, steps: []}}"
    built = build("on: push\njobs: {call: {uses: ./.github/workflows/lib.yml}}", lib=lib)
    assert "push to qa" in [s.label for s in scenarios(built)]


def test_there_is_a_limit_and_it_is_told() -> None:
    tags = ", ".join(f"t{i}" for i in range(20))
    options = ", ".join(f"o{i}" for i in range(20))
    text = (
        f"""
    on: {{push: {{tags: [{tags}]}}, workflow_dispatch: {{inputs: {{x: {{type: choice, options: [{options}]}}}}}}}}
    jobs: {{a: {{if: "inputs.x == 'o1' && contains(fromJSON('{list("abcdefghijklmnop")}'), github.ref_name)"}}}}
    """.replace("['", '[\\"')
        .replace("', '", '\\", \\"')
        .replace("']", '\\"]')
    )
    built = build(text)
    assert len(scenarios(built)) == LIMIT
    assert not complete(built)
    assert {s.label for s in scenarios(built, 7)} <= {s.label for s in scenarios(built)}
    assert complete(build("on: push\njobs: {}"))


ON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab*!/[v'$", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *triggers.ACTIVITY_TYPES,
                    "branches",
                    "branches-ignore",
                    "tags",
                    "types",
                    "inputs",
                    "workflows",
                    "options",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(ON)
def test_anything_can_stand_in_on(on: object) -> None:
    from guardrail.actions import pipeline

    built = pipeline.build({"on": on, "jobs": {}}, "f.yml", lambda _: None, lambda step, facts: None)  # type: ignore[arg-type, return-value]
    found = scenarios(built)
    assert found == scenarios(built)
    assert len(set(map(repr, found))) == len(found)


def test_an_event_with_many_cases_leaves_room_for_the_others() -> None:
    many = ", ".join(f"b{i}" for i in range(24))
    on = f"{{pull_request: {{branches: [{many}], types: [labeled, closed]}}, push: {{branches: [main]}}}}"
    text = "github.event.action == 'labeled'"
    built = build(f'on: {on}\njobs: {{a: {{if: "{text}", runs-on: x, steps: []}}}}')
    found = scenarios(built, limit=20)
    assert len(found) == 20
    assert "push to main" in [s.label for s in found]
    assert not complete(built, limit=20)
