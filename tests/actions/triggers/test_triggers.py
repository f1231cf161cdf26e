"""`on` in all its forms."""

from __future__ import annotations

import pytest

from guardrail.actions import triggers
from guardrail.actions.triggers import Input, empty_value, events, inputs, pushes_to, trigger
from tests.actions.simulate.playing import data

SYNTAX = "github/docs, actions reference, workflow-syntax.md"
EVENTS = "github/docs, actions reference, events-that-trigger-workflows.md"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on: push", {"push": {}}),
        ("on: [push, fork]", {"push": {}, "fork": {}}),
        ("on: {push: null, pull_request: {branches: [main]}}", {"push": {}, "pull_request": {"branches": ["main"]}}),
        ("on:\n  push:\n  workflow_dispatch:", {"push": {}, "workflow_dispatch": {}}),
        ("on: {schedule: [{cron: '0 0 * * *'}]}", {"schedule": {"schedule": [{"cron": "0 0 * * *"}]}}),
        ("on: 3", {}),
        ("on: null", {}),
        ("on: [push, {a: b}, 3]", {"push": {}}),
        ("on: {push: [main]}", {"push": {}}),
        ("jobs: {}", {}),
    ],
)
def test_events(text: str, found: object) -> None:
    assert events(data(text)) == found, f"{SYNTAX}, on"


def test_on_read_as_a_boolean() -> None:
    assert events({True: "push"}) == {"push": {}}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("config", "kind", "name", "starts"),
    [
        ("{}", "heads", "any", True),
        ("{}", "tags", "any", True),
        ("{branches: [main, 'release/**']}", "heads", "release/1/x", True),
        ("{branches: [main]}", "heads", "dev", False),
        # "If you define only tags or only branches, the workflow won't run for events affecting the undefined Git ref"
        ("{branches: [main]}", "tags", "main", False),
        ("{branches-ignore: [main]}", "tags", "v1", False),
        ("{tags: [v*]}", "heads", "v1", False),
        ("{tags-ignore: [v*]}", "heads", "main", False),
        ("{tags: [v*]}", "tags", "v1", True),
        ("{branches: [main], tags: [v*]}", "tags", "v1", True),
        ("{branches: [main], tags: [v*]}", "heads", "main", True),
        ("{branches-ignore: ['dependabot/**']}", "heads", "main", True),
        ("{branches-ignore: ['dependabot/**']}", "heads", "dependabot/npm/x", False),
        ("{branches: ['**', '!main']}", "heads", "main", False),
        ("{branches: []}", "heads", "main", False),
        ("{branches: main}", "heads", "main", True),
        # "If you define neither, the workflow will run for events affecting either branches or tags"
        ("{paths: [src/**]}", "heads", "main", True),
        ("{paths: [src/**]}", "tags", "v1", True),
    ],
)
def test_pushes(config: str, kind: str, name: str, starts: bool) -> None:
    assert pushes_to(trigger("push", data(config)), kind, name) is starts, f"{SYNTAX}, on.push.<branches|tags|...>"


def test_activity_types() -> None:
    assert trigger("pull_request", {}).types == ("opened", "synchronize", "reopened"), f"{EVENTS}, pull_request"
    assert trigger("pull_request_target", {}).types == ("opened", "synchronize", "reopened")
    assert trigger("pull_request", {"types": "closed"}).types == ("closed",)
    assert trigger("workflow_run", {}).types == ("completed", "requested", "in_progress"), f"{EVENTS}, workflow_run"
    assert "published" in trigger("release", {}).types, f"{EVENTS}, release"
    assert trigger("push", {}).types == ()


def test_every_event_of_the_page_is_known() -> None:
    assert {"merge_group", "workflow_call", "image_version", "gollum", "registry_package"} <= set(
        triggers.ACTIVITY_TYPES
    )
    assert set(triggers.ACTIVITY_TYPES) >= triggers.STRANGERS


def test_workflow_run() -> None:
    read = trigger("workflow_run", data("{workflows: [CI, Build], branches: ['releases/**']}"))
    assert read.workflows == ("CI", "Build")
    assert read.branches.admits("releases/1")
    assert not read.branches.admits("main")


def test_schedules() -> None:
    text = "on: {schedule: [{cron: '15 4,5 * * *'}, {cron: '0 0 * * 0'}, nonsense]}"
    assert trigger("schedule", events(data(text))["schedule"]).crons == ("15 4,5 * * *", "0 0 * * 0")


def test_inputs() -> None:
    declared = data(
        """
        env: {type: environment, required: true}
        level: {type: choice, default: warning, options: [info, warning]}
        dry: {type: boolean, default: true}
        name: null
        times: {type: number}
        """
    )
    assert inputs(declared) == (
        Input("env", "environment", True),
        Input("level", "choice", False, "warning", ("info", "warning")),
        Input("dry", "boolean", False, True),
        Input("name"),
        Input("times", "number"),
    )
    assert inputs("nonsense") == ()


def test_inputs_nobody_gives() -> None:
    """workflow-syntax.md, on.workflow_call.inputs: false for a boolean, 0 for a number, "" for a string."""
    assert [empty_value(kind) for kind in ("boolean", "number", "string")] == [False, 0, ""]
