"""What starts a workflow: the events of `on`, their filters, activity types and inputs.

Source: workflow syntax, "on"; "Events that trigger workflows".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from guardrail.actions import globs

Config = Mapping[str, object]

_PULL_REQUEST = (
    "opened synchronize reopened assigned unassigned labeled unlabeled edited closed converted_to_draft "
    "ready_for_review locked unlocked enqueued dequeued milestoned demilestoned review_requested "
    "review_request_removed auto_merge_enabled auto_merge_disabled"
)
_TYPES = {
    "branch_protection_rule": "created edited deleted",
    "check_run": "created rerequested completed requested_action",
    "check_suite": "completed",
    "discussion": "created edited deleted transferred pinned unpinned labeled unlabeled locked unlocked "
    "category_changed answered unanswered",
    "discussion_comment": "created edited deleted",
    "issue_comment": "created edited deleted",
    "issues": "opened edited deleted transferred pinned unpinned closed reopened assigned unassigned labeled "
    "unlabeled locked unlocked milestoned demilestoned field_added field_removed typed untyped",
    "label": "created edited deleted",
    "merge_group": "checks_requested",
    "milestone": "created closed opened edited deleted",
    "project": "created closed reopened edited deleted",
    "project_card": "created moved converted edited deleted",
    "project_column": "created updated moved deleted",
    "pull_request": _PULL_REQUEST,
    "pull_request_review": "submitted edited dismissed",
    "pull_request_review_comment": "created edited deleted",
    "pull_request_target": _PULL_REQUEST,
    "registry_package": "published updated",
    "release": "published unpublished created edited deleted prereleased released",
    "watch": "started",
    "workflow_run": "completed requested in_progress",
}
_WITHOUT_TYPES = (
    "create delete deployment deployment_status fork gollum image_version page_build public push "
    "repository_dispatch schedule status workflow_call workflow_dispatch"
)

ACTIVITY_TYPES: Mapping[str, tuple[str, ...]] = {
    **{event: tuple(types.split()) for event, types in _TYPES.items()},
    **dict.fromkeys(_WITHOUT_TYPES.split(), ()),
}
"""Every event that can start a workflow, with its activity types (events page, the tables)."""

DEFAULT_TYPES: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("pull_request", "pull_request_target"), ("opened", "synchronize", "reopened")
)
"""Events that start a workflow for some of their types only when `types` is not given (events page, the notes)."""

STRANGERS = frozenset(
    "discussion discussion_comment fork gollum issue_comment issues pull_request pull_request_review "
    "pull_request_review_comment pull_request_target watch".split()
)
"""Events that anyone can cause, on a public repository, without write access."""


MOST_PATTERNS = 1000
"""Patterns of a filter; those beyond it are not looked at."""


class Filter(NamedTuple):
    """A filter of names. `ignore` is one of the `-ignore` kind; `given` is false where none is written."""

    patterns: tuple[str, ...] = ()
    ignore: bool = False
    given: bool = False

    def admits(self, name: str) -> bool:
        """Whether a run starts for a branch, tag or path of this name."""
        if not self.given:
            return True
        if self.ignore:
            return not any(globs.matches(p, name) for p in self.patterns)
        return globs.selects(self.patterns, name)


class Input(NamedTuple):
    """An input of `workflow_dispatch`, `workflow_call` or an action; `default` is None where none is written."""

    name: str
    type: str = "string"
    required: bool = False
    default: object = None
    options: tuple[str, ...] = ()


class Trigger(NamedTuple):
    """One event of `on`. `types` are those written, or else those that count by default."""

    event: str
    types: tuple[str, ...] = ()
    explicit_types: bool = False
    branches: Filter = Filter()
    tags: Filter = Filter()
    paths: Filter = Filter()
    workflows: tuple[str, ...] = ()
    crons: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()


def events(data: Mapping[str, object]) -> dict[str, Config]:
    """The events of a workflow with their configuration, from `on` as a string, a list or a mapping.

    What is malformed is left out. A reader of YAML 1.1 makes the key `on` a boolean: that is understood, too.
    """
    given = data.get("on", data.get(True))  # type: ignore[call-overload]
    if isinstance(given, str):
        return {given: {}}
    if isinstance(given, list):
        return {event: {} for event in given if isinstance(event, str)}
    if not isinstance(given, Mapping):
        return {}
    return {str(event): _config(str(event), config) for event, config in given.items()}


def _config(event: str, config: object) -> Config:
    if event == "schedule" and isinstance(config, list):
        return {"schedule": config}
    return config if isinstance(config, Mapping) else {}


def trigger(event: str, config: Config) -> Trigger:
    """An event's configuration, read."""
    types = strings(config.get("types"))
    entries = config.get("schedule")
    crons = [e.get("cron") for e in entries if isinstance(e, Mapping)] if isinstance(entries, list) else []
    return Trigger(
        event,
        types or DEFAULT_TYPES.get(event, ACTIVITY_TYPES.get(event, ())),
        bool(types),
        _filter(config, "branches"),
        _filter(config, "tags"),
        _filter(config, "paths"),
        strings(config.get("workflows")),
        tuple(c for c in crons if isinstance(c, str)),
        inputs(config.get("inputs")),
    )


def _filter(config: Config, name: str) -> Filter:
    for key, ignore in ((name, False), (f"{name}-ignore", True)):
        if key in config:
            return Filter(strings(config[key])[:MOST_PATTERNS], ignore, True)
    return Filter()


def pushes_to(event: Trigger, kind: str, name: str) -> bool:
    """Whether a push of a branch or tag (`kind`: `heads`, `tags`) starts a run, as far as names decide.

    With a filter of one kind only, the other kind starts nothing; path filters are not asked for tags (workflow
    syntax, `on.push.<branches|tags|...>` and `on.<push|...>.<paths|paths-ignore>`).
    """
    asked, other = (event.branches, event.tags) if kind == "heads" else (event.tags, event.branches)
    if not asked.given:
        return not other.given
    return asked.admits(name)


def inputs(declared: object) -> tuple[Input, ...]:
    """Declared inputs in their order; malformed ones count as strings without default."""
    if not isinstance(declared, Mapping):
        return ()
    out = []
    for name, given in declared.items():
        node = given if isinstance(given, Mapping) else {}
        kind = node.get("type")
        out.append(
            Input(
                str(name),
                kind if isinstance(kind, str) else "string",
                node.get("required") is True,
                node.get("default"),
                strings(node.get("options")),
            )
        )
    return tuple(out)


def empty_value(kind: str) -> object:
    """What an input of this type is when nobody gives it (workflow syntax, `on.workflow_call.inputs`)."""
    return {"boolean": False, "number": 0}.get(kind, "")


def strings(value: object) -> tuple[str, ...]:
    """One string or a list of strings; numbers in it count as written, anything else is left out."""
    items: Iterable[object] = value if isinstance(value, list) else [value]
    return tuple(
        i if isinstance(i, str) else str(i) for i in items if isinstance(i, str | int | float) and i is not True
    )
