"""What starts a workflow: events, activity types, filters, schedules, inputs.

Sources: github/docs `events-that-trigger-workflows.md` and `workflow-syntax.md`, `on`.
"""

from __future__ import annotations

import json

import pytest

from guardrail.actions.syntax import events
from guardrail.actions.triggers import ACTIVITY_TYPES
from tests.checks.workflow_texts import hits, job, told

STEPS = "{runs-on: x, steps: [{run: y}]}"
CHECKS = ("unknown", "activity_types", "filters", "globs", "crons")


def _told(check: str, on: str) -> str:
    return told(f"workflow_events.{check}", job(STEPS, on))


@pytest.mark.parametrize("event", sorted(ACTIVITY_TYPES))
@pytest.mark.parametrize("check", CHECKS)
def test_every_event_with_all_it_takes_is_fine(event: str, check: str) -> None:
    taken = {key: ["a"] for key in events.filters(event) if not key.endswith("-ignore")}
    given = {**taken, **({"types": list(ACTIVITY_TYPES[event])} if ACTIVITY_TYPES[event] else {})}
    config: object = [{"cron": "5 4 * * *"}] if event == "schedule" else given or None
    assert _told(check, json.dumps({event: config})) == ""


@pytest.mark.parametrize("event", sorted({*ACTIVITY_TYPES, *events.INTERNAL} - {"schedule", "workflow_run"}))
@pytest.mark.parametrize("on", ["{}", "[{}]"])
def test_an_event_by_its_name_alone(event: str, on: str) -> None:
    assert [_told(check, on.replace("{}", event)) for check in CHECKS] == [""] * len(CHECKS)


@pytest.mark.parametrize("check", CHECKS)
def test_placeholders_of_templates_and_expressions_are_not_judged(check: str) -> None:
    on = "{push: {branches: [$default-branch, $protected-branches]}, schedule: [{cron: $cron-weekly}]}"
    assert _told(check, on) == ""


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("pul_request", "did you mean pull_request?"),
        ("[push, Push]", "did you mean push?"),
        ("{cron: }", "use schedule"),
        ("pull_request_comment", "use issue_comment"),
        ("[push, 5]", "5 starts no workflow"),
        ("true", "true starts no workflow"),
    ],
)
def test_unknown_events(on: str, words: str) -> None:
    assert words in _told("unknown", on)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("{pull_request: {types: [opened, merged]}}", "types: [closed]"),
        ("{pull_request: {types: synchronised}}", "did you mean synchronize?"),
        ("{release: {types: [publish]}}", "did you mean published?"),
        ("{repository_dispatch: {types: [anything at all]}}", ""),  # "any custom event type"
        ("{pull_request: {types: ['${{ x }}']}}", ""),
        ("{push: {types: [created]}}", ""),  # a filter that is ignored, told by another policy
    ],
)
def test_activity_types(on: str, words: str) -> None:
    found = _told("activity_types", on)
    assert (words in found) if words else (found == "")


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("{push: {branches: a, branches-ignore: b}}", "both branches and branches-ignore"),
        ("{push: {tags: a, tags-ignore: b, paths: c}}", "both tags and tags-ignore"),
        ("{pull_request: {tags: [a]}}", "takes no tags"),
        ("{issues: {branches: [a]}}", "takes no branches"),
        ("{push: {types: [created]}}", "takes no types"),
        ("{push: {branch: [a]}}", "did you mean branches?"),
        ("{push: {branches: ['!a']}}", "begin with '**'"),
        ("{push: {branches: ['!a', b]}}", "takes back nothing"),
        ("{push: {branches: [b, '!a']}}", ""),
        ("workflow_run", "names no workflows"),
        ("{workflow_run: {types: [completed]}}", "names no workflows"),
        ("{schedule: [{cron: x}]}", ""),
    ],
)
def test_filters(on: str, words: str) -> None:
    found = _told("filters", on)
    assert (words in found) if words else (found == "")


def test_a_filter_is_shown_with_the_one_it_excludes() -> None:
    text = "on:\n  push:\n    branches: a\n    branches-ignore: b\njobs: {}\n"
    assert [line for line, _ in hits("workflow_events.filters", text)] == [4]


@pytest.mark.parametrize(
    ("cron", "invalid", "minutes"),
    [
        ("0 0 * * *", False, ""),
        ("*/5 * * * *", False, ""),
        ("* * * * *", False, "every 1 min"),
        ("0,3 * * * *", False, "every 3 min"),
        ("59,0 * * * *", False, "every 1 min"),
        ("0 0 * *", True, ""),
        ("60 0 * * *", True, ""),
        ("@daily", True, ""),
        ("0 0 30 2 *", True, ""),
    ],
)
def test_schedules(cron: str, invalid: bool, minutes: str) -> None:
    on = f"{{schedule: [{{cron: '{cron}'}}]}}"
    assert bool(_told("crons", on)) == invalid
    found = _told("frequent", on)
    assert (minutes in found) if minutes else (found == "")


@pytest.mark.parametrize("on", ["schedule", "[push, schedule]"])
def test_a_schedule_without_times(on: str) -> None:
    assert "has no cron" in _told("crons", on)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("releases/**", ""),
        ("v[0-9]+.[0-9]+", ""),
        ("feature/*", ""),
        ("a b", "pattern"),
        ("v[9-0]", "pattern"),
        ("refs/heads/main", "refs/heads"),
    ],
)
def test_patterns(pattern: str, words: str) -> None:
    found = _told("globs", json.dumps({"push": {"branches": [pattern]}}))
    assert (words in found) if words else (found == "")


DECLARED = [
    ("workflow_dispatch", {"type": "choice"}, "options"),
    ("workflow_dispatch", {"type": "choice", "options": ["b"], "default": "c"}, "none of its options"),
    ("workflow_dispatch", {"type": "choice", "options": ["b"], "default": "b"}, ""),
    ("workflow_dispatch", {"type": "boolean", "default": "yes"}, "boolean"),
    ("workflow_dispatch", {"type": "boolean", "default": False}, ""),
    ("workflow_dispatch", {"type": "number", "default": "many"}, "number"),
    ("workflow_dispatch", {"type": "string", "options": ["b"]}, "options"),
    ("workflow_call", {"type": "boolean", "default": True}, ""),
    ("workflow_call", {"type": "number", "default": "x"}, "number"),
    ("workflow_call", {"type": "string", "default": "${{ github.ref }}"}, ""),
]


@pytest.mark.parametrize(("event", "given", "words"), DECLARED, ids=[json.dumps(row[:2]) for row in DECLARED])
def test_declared_inputs(event: str, given: dict[str, object], words: str) -> None:
    found = told("workflow_inputs.declared", job(STEPS, json.dumps({event: {"inputs": {"a": given}}})))
    assert (words in found) if words else (found == "")


@pytest.mark.parametrize(("count", "found"), [(25, 0), (26, 1)])
def test_the_most_inputs_of_a_dispatch(count: int, found: int) -> None:
    """Workflow syntax, `on.workflow_dispatch.inputs`: "The maximum number of top-level properties ... is 25"."""
    on = json.dumps({"workflow_dispatch": {"inputs": {f"i{n}": {} for n in range(count)}}})
    assert len(hits("workflow_inputs.declared", job(STEPS, on))) == found
