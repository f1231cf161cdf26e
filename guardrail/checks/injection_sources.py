"""Who chooses a value of a run, and on which event.

Which contexts hold a stranger's text is told by `guardrail.actions.expressions.untrusted`; on which events they exist
by the payloads of webhooks. A value that no event of the workflow brings along does not exist.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from guardrail.actions import globs, triggers, versions
from guardrail.actions.expressions.untrusted import harmless as never
from guardrail.actions.expressions.untrusted import is_text, untrusted
from guardrail.actions.expressions.walk import Reference
from guardrail.actions.tables import rows
from guardrail.actions.uses import parse_uses
from guardrail.checks.injection_artifacts import ARTIFACT
from guardrail.checks.injection_flow import Leaf, Steps
from guardrail.checks.triggers_stranger import BROUGHT, PULL_REQUESTS
from guardrail.model.document import Resource

_SEVERAL_LINES = frozenset({ARTIFACT, "body", "from", "message", "summary", "description"})

_OUTPUTS = """
# action | before version | outputs (a `*` at either end stands for anything) | what they are
peter-evans/find-comment           |    | comment-body | a comment
marocchino/on_artifact             |    | *            | a file of another run
xt0rted/pull-request-comment-branch |   | head_ref     | the name of the pull request's branch
tj-actions/changed-files           | 41 | *files       | names of files in the pull request
tj-actions/branch-names            | 8.2.1 | head_ref_branch current_branch | the name of the pull request's branch
"""
"""Outputs of actions that hold such values, by their documentation. `tj-actions/changed-files` escapes them since 41
(`safe_output`), `tj-actions/branch-names` since 8.2.1 (GHSA-gq52-6phf-x2r6)."""

_HARMLESS_ENDS = ("url", "_at", "_id", "_count", "_sha", "_number")
_INSIDE_REPOSITORY = ("organization", "enterprise", "installation", "repository")

OUTSIDER, CONTRIBUTOR, ARGUMENT, UNPROVEN = "outsider", "contributor", "argument", "unproven"
LEVELS = (OUTSIDER, CONTRIBUTOR, ARGUMENT, UNPROVEN)
"""Who chooses a value: anybody, in a run with the repository's rights; anybody, in a run without; the caller of an
action; somebody who is not known here, or who may write to the repository."""


class Danger(NamedTuple):
    """A value that may hold anything: the level, the events of the workflow that bring it, and where it comes from."""

    level: str
    leaf: Leaf
    events: tuple[str, ...] = ()
    what: str = ""

    @property
    def several_lines(self) -> bool:
        """Whether it may have more than one line."""
        return self.leaf.whole or self.leaf.steps[-1] in _SEVERAL_LINES


def chosen_on(leaf: Leaf) -> tuple[str, ...]:
    """The events on which a stranger chooses this value; none if that is never so."""
    return ("workflow_run",) if leaf.steps == (ARTIFACT,) else _chosen_on(leaf.steps, leaf.whole)


@lru_cache(maxsize=2048)
def _chosen_on(steps: Steps, whole: bool) -> tuple[str, ...]:
    if untrusted(steps) is None or not (whole or is_text(Reference(steps))):
        return ()
    if steps == ("github", "head_ref"):
        return PULL_REQUESTS[:2]
    known = BROUGHT.get(str(steps[2])) if len(steps) > 2 else None
    return known if known is not None else tuple(dict.fromkeys(e for events in BROUGHT.values() for e in events))


def from_action(leaf: Leaf) -> str:
    """What an action's output holds, if it is known to hold a stranger's text."""
    uses = leaf.step.data.get("uses")
    if len(leaf.steps) != 4 or not isinstance(uses, str):
        return ""
    parsed = parse_uses(uses.strip())
    for action, before, outputs, what in rows(_OUTPUTS, 4):
        named = any(_like(str(leaf.steps[3]), name) for name in outputs.split())
        if parsed.name == action and named and (not before or versions.certainly_before(parsed.ref, before)):
            return what
    return ""


def _like(name: str, pattern: str) -> bool:
    return name.endswith(pattern[1:]) if pattern.startswith("*") else name == pattern


@lru_cache(maxsize=2048)
def _never(steps: Steps) -> bool:
    return never(steps) is not None


def harmless(leaf: Leaf, resource: Resource) -> bool:
    """Whether a value cannot break out of where it is put: made by GitHub, by the file itself, or one of a few."""
    head, *rest = leaf.steps
    if head == "inputs":
        return _bounded_input(rest, resource)
    if head != "github":
        return _never(leaf.steps)
    if len(rest) == 1 and rest[0] in ("ref", "ref_name", "workflow_ref"):
        return _fixed_ref(triggers.events(resource.data), resource)
    if rest[:2] == ["event", "inputs"]:
        return _bounded_input(rest[2:], resource)
    if not leaf.whole and untrusted(leaf.steps) is not None:
        return True  # on no event of this workflow, or an object: of that only the word `Object` is put in
    if rest[:1] == ["event"] and len(rest) > 1:
        last = rest[-1]
        if rest[1] in _INSIDE_REPOSITORY or (last is not None and last.endswith(_HARMLESS_ENDS)):
            return True
    return _never(leaf.steps)


def _fixed_ref(events: Mapping[str, triggers.Config], resource: Resource) -> bool:
    """Whether the ref is made by GitHub, or one of the branches that are written out in `on`."""
    if resource.kind != "Workflow":
        return False
    if {"workflow_call", "workflow_dispatch", "create", "delete", "release", "deployment"} & set(events):
        return False
    push = events.get("push")
    return push is None or (_named(push, "branches") and ("tags" not in push or _named(push, "tags")))


def _named(config: triggers.Config, key: str) -> bool:
    patterns = triggers.strings(config.get(key)) if key in config else ()
    return bool(patterns) and all(globs.is_literal(p) for p in patterns)


def _bounded_input(rest: Collection[str | None], resource: Resource) -> bool:
    """Whether an input can only be one of a few values: a boolean, a number, a choice, an environment.

    Of an input that is not declared nothing ever comes (workflow syntax, `on.workflow_dispatch.inputs`).
    """
    if resource.kind != "Workflow" or len(rest) != 1:
        return False
    declared = [i for i in declared_inputs(resource) if i.name.lower() == next(iter(rest))]
    return all(i.type in ("boolean", "number", "choice", "environment") for i in declared)


def declared_inputs(resource: Resource) -> list[triggers.Input]:
    """The inputs a workflow or action declares, those of a dispatch and of a call one after the other."""
    if resource.kind != "Workflow":
        return list(triggers.inputs(resource.data.get("inputs")))
    events = triggers.events(resource.data)
    given = (triggers.inputs(events[e].get("inputs")) for e in ("workflow_dispatch", "workflow_call") if e in events)
    return [i for inputs in given for i in inputs]
