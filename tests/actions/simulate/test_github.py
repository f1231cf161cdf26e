"""The `github` and `inputs` contexts of each scenario."""

from __future__ import annotations

import pytest

from guardrail.actions import expressions
from guardrail.actions.expressions import Symbol
from guardrail.actions.model import Scenario
from guardrail.actions.scenarios import scenarios
from guardrail.actions.simulate.github import Github
from tests.actions.simulate.playing import build, play

CONTEXTS = "github/docs, actions reference, contexts.md, github context"

DISPATCH = """{workflow_dispatch: {inputs: {env: {type: choice, options: [dev, prod]}, dry: {type: boolean},
    text: {}, n: {type: number}}}}"""


def value(on: str, path: str, label: str = "", text: str = "true") -> object:
    """The value of an expression in the first scenario, or the one with a label."""
    built = build(f'on: {on}\nname: CI\njobs: {{a: {{if: "{text}", runs-on: x, steps: []}}}}')
    scenario = next(s for s in scenarios(built) if label in s.label)
    return Github(scenario, built).lookup(tuple(path.split(".")))


KNOWN = {
    ("push", "github.event_name"): "push",
    ("push", "github.ref"): "refs/heads/main",
    ("push", "github.ref_name"): "main",
    ("push", "github.ref_type"): "branch",
    ("push", "github.head_ref"): "",
    ("push", "github.workflow"): "CI",
    ("push", "github.event.ref"): "refs/heads/main",
    ("push", "github.event.pull_request.merged"): None,
    ("push", "github.event.pull_request"): None,
    ("push", "github.event.inputs.env"): None,
    ("push", "github.event.action"): None,
    ("push", "github.ref.nothing"): None,
    ("{push: {tags: [v*]}}", "github.ref_type"): "tag",
    ("{push: {tags: [v*]}}", "github.ref_name"): "v1.0.0",
    ("{push: {branches: [feature/a/b]}}", "github.ref_name"): "feature/a/b",
    ("pull_request", "github.ref"): "refs/pull/1/merge",
    ("pull_request", "github.ref_name"): "1/merge",
    ("pull_request", "github.base_ref"): "main",
    ("pull_request", "github.head_ref"): "topic",
    ("pull_request", "github.event.pull_request.base.ref"): "main",
    ("pull_request", "github.event.pull_request.merged"): False,
    ("pull_request", "github.event.action"): "opened",
    ("{pull_request: {types: [closed]}}", "github.event.pull_request.merged"): True,
    ("{pull_request: {types: [closed]}}", "github.ref"): "refs/heads/main",
    ("pull_request_target", "github.ref"): "refs/heads/main",
    ("{release: {types: [published]}}", "github.ref"): "refs/tags/v1.0.0",
    ("{release: {types: [published]}}", "github.event.release.tag_name"): "v1.0.0",
    ("{release: {types: [published]}}", "github.event.release.draft"): False,
    ("{release: {types: [prereleased]}}", "github.event.release.prerelease"): True,
    ("{workflow_run: {workflows: [CI]}}", "github.event.workflow_run.conclusion"): "success",
    ("{workflow_run: {workflows: [CI]}}", "github.event.workflow_run.head_branch"): "main",
    ("{workflow_run: {workflows: [CI]}}", "github.event.workflow_run.event"): "push",
    ("{workflow_run: {workflows: [CI]}}", "github.event.workflow_run.name"): "CI",
    ("{workflow_run: {workflows: [CI]}}", "github.ref"): "refs/heads/main",
    ("merge_group", "github.event.merge_group.base_ref"): "refs/heads/main",
    ("merge_group", "github.base_ref"): "",
    ("{repository_dispatch: {types: [go]}}", "github.event.action"): "go",
}


@pytest.mark.parametrize(("on", "path"), KNOWN)
def test_what_a_scenario_fixes(on: str, path: str) -> None:
    assert value(on, path) == KNOWN[on, path], CONTEXTS


OPEN = {
    ("push", "github.event.head_commit.message"): None,
    ("push", "github.actor"): True,
    ("push", "github.repository_owner"): True,
    ("push", "github.event.repository.fork"): None,
    ("push", "github.event.head_commit"): True,
    ("pull_request", "github.event.pull_request"): True,
    ("pull_request", "github.event.pull_request.draft"): None,
    ("pull_request", "github.event.pull_request.head.repo.fork"): None,
    ("pull_request", "github.event.number"): True,
    ("issue_comment", "github.event.comment.body"): None,
    ("issue_comment", "github.event.issue.pull_request"): None,
    ("{release: {types: [published]}}", "github.event.release.prerelease"): None,
    ("repository_dispatch", "github.event.client_payload.env"): None,
    ("workflow_call", "github.event_name"): None,
    ("workflow_call", "github.ref"): None,
    ("deployment", "github.ref"): None,
    ("some_new_event", "github.event.whatever"): None,
}


@pytest.mark.parametrize(("on", "path"), OPEN)
def test_what_a_scenario_leaves_open(on: str, path: str) -> None:
    assert value(on, path) == Symbol(path, OPEN[on, path]), CONTEXTS


def test_inputs_of_a_dispatch() -> None:
    """events page, workflow_dispatch: `inputs` keeps booleans, `github.event.inputs` makes strings of them."""
    built = build(f"on: {DISPATCH}\njobs: {{}}")
    github = Github(Scenario("workflow_dispatch", "refs/heads/main", inputs={"dry": True, "env": "prod"}), built)
    assert github.inputs.lookup(("inputs", "dry")) is True
    assert github.inputs.lookup(("inputs", "env")) == "prod"
    assert github.inputs.lookup(("inputs", "text")) == Symbol("inputs.text")
    assert github.inputs.lookup(("inputs", "nothing")) is None
    assert github.lookup(("github", "event", "inputs", "dry")) == "true"
    assert github.lookup(("github", "event", "inputs", "text")) == Symbol("inputs.text")


def test_inputs_are_empty_for_other_events() -> None:
    """contexts.md, inputs context: only available in a reusable or manually triggered workflow."""
    text = """
    on: {push: {branches: [main]}, workflow_dispatch: {inputs: {dry: {type: boolean, default: true}}}}
    jobs:
      a: {if: "!inputs.dry", runs-on: x, steps: []}
      b: {if: "inputs.dry == false", runs-on: x, steps: []}
      c: {if: "inputs.dry == ''", runs-on: x, steps: []}
    """
    (trace,) = play(text)
    assert [run.result for run in trace.jobs.values()] == ["success", "success", "success"]


def test_one_of_several_crons() -> None:
    text = """
    on: {schedule: [{cron: '0 1 * * *'}, {cron: '0 2 * * *'}]}
    jobs:
      a: {if: "github.event.schedule == '0 1 * * *'", runs-on: x, steps: []}
      b: {if: "github.event.schedule == '0 2 * * *'", runs-on: x, steps: []}
      c: {if: "github.event.schedule == '0 3 * * *'", runs-on: x, steps: []}
    """
    ran = sorted("".join(j for j, r in t.jobs.items() if r.result != "skipped") for t in play(text))
    assert ran == ["a", "b"]


def test_a_workflow_that_is_called_by_anyone() -> None:
    """Its event is its caller's: conditions on it are open, and fit together."""
    text = """
    on: {workflow_call: {inputs: {go: {type: boolean}}}}
    jobs:
      a: {if: "github.event_name == 'push' && inputs.go", runs-on: x, steps: []}
      b: {if: "github.event_name == 'release'", runs-on: x, steps: []}
    """
    ran = {"".join(j for j, r in t.jobs.items() if r.result != "skipped") for t in play(text)}
    assert ran == {"", "a", "b"}


def test_conditions_of_the_documents_on_pull_requests() -> None:
    """events page, "Running your pull_request workflow when a pull request merges"."""
    text = """
    on: {pull_request: {types: [closed], branches: [main]}}
    jobs: {if_merged: {if: github.event.pull_request.merged == true, runs-on: x, steps: []}}
    """
    built = build(text)
    results = [play(text, scenario=s)[0].jobs["if_merged"].result for s in scenarios(built)]
    assert results == ["success", "skipped"]
    assert expressions.parse("github.event.pull_request.merged == true")
