"""Events and the filters that each of them takes.

Sources: github/docs `events-that-trigger-workflows.md`; workflow syntax, `on.<event_name>.types`,
`on.push.<branches|tags|...>`, `on.workflow_run.<branches|branches-ignore>`. Filters that an event does not take are
read and ignored (actions/runner `workflow-v1.0.json`, `on-event-config-mapping-relaxed`).
"""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.actions.triggers import ACTIVITY_TYPES

_BRANCHES = ("branches", "branches-ignore")
_PATHS = ("paths", "paths-ignore")
_FILTERS: Mapping[str, tuple[str, ...]] = {
    "push": (*_BRANCHES, "tags", "tags-ignore", *_PATHS),
    "pull_request": (*_BRANCHES, *_PATHS),
    "pull_request_target": (*_BRANCHES, *_PATHS),
    "merge_group": _BRANCHES,
    "workflow_run": ("workflows", *_BRANCHES),
    "image_version": ("names", "versions"),
    "repository_dispatch": ("types",),
}

WITH_KEYS = frozenset({"schedule", "workflow_call", "workflow_dispatch"})
"""Events that are configured by other things than filters."""

INTERNAL = frozenset({"dynamic", "interactive_component", "member"})
"""Events that GitHub's reader knows and its documentation does not."""

PAIRS = (("branches", "branches-ignore"), ("tags", "tags-ignore"), ("paths", "paths-ignore"))
"""Filters of which an event takes one (workflow syntax, "You cannot use both")."""

_INSTEAD: Mapping[str, str] = {
    "pull_request_comment": "use issue_comment and test github.event.issue.pull_request",
    "pull_request_merged": "use pull_request with types: [closed] and test github.event.pull_request.merged",
    "merge": "use pull_request with types: [closed] and test github.event.pull_request.merged",
    "tag": "use push with tags",
    "tags": "use push with tags",
    "branch": "use push with branches",
    "cron": "use schedule",
    "manual": "use workflow_dispatch",
    "commit": "use push",
    "pr": "use pull_request",
    "workflow_job": "use workflow_run",
    "package": "use registry_package",
    "star": "use watch",
}

_OF_PULL_REQUEST: Mapping[str, str] = {
    "merged": "types: [closed], with if: github.event.pull_request.merged",
    "approved": "pull_request_review with types: [submitted]",
    "created": "opened",
    "updated": "edited, or synchronize for new commits",
    "synchronized": "synchronize",
    "pushed": "synchronize",
    "draft": "converted_to_draft",
}
_TYPES_INSTEAD: Mapping[str, Mapping[str, str]] = {
    "pull_request": _OF_PULL_REQUEST,
    "pull_request_target": _OF_PULL_REQUEST,
    "pull_request_review": {
        "approved": "submitted, with if: github.event.review.state == 'approved'",
        "created": "submitted",
    },
    "issues": {"created": "opened"},
    "release": {"tagged": "published"},
}


def type_instead(event: str, word: str) -> str:
    """What to write for an activity type that does not exist, or nothing."""
    return _TYPES_INSTEAD.get(event, {}).get(word, "")


def filters(event: str) -> tuple[str, ...]:
    """The filters an event takes."""
    types = ("types",) if ACTIVITY_TYPES.get(event) else ()
    return (*types, *_FILTERS.get(event, ()))


def known(event: str) -> bool:
    """Whether an event can start a workflow."""
    return event in ACTIVITY_TYPES or event in INTERNAL


def instead(event: str) -> str:
    """What to write for an event that does not exist, or nothing."""
    return _INSTEAD.get(event, "")
