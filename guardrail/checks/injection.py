"""Text of other people that becomes part of a script: GitHub puts `${{ }}` in before a shell or interpreter reads it.

Facts: github/docs, "Script injections" and "Secure use reference" (Good practices for mitigating script injection).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.actions import expressions, triggers
from guardrail.actions.expressions import Compare, Embedded, Literal, Logic, Node
from guardrail.actions.expressions.walk import reference
from guardrail.checks.injection_flow import Leaf, Scope, Steps, leaves
from guardrail.checks.injection_sinks import DIRECTORY, Sink, sinks
from guardrail.checks.injection_sources import (
    ARGUMENT,
    CONTRIBUTOR,
    LEVELS,
    OUTSIDER,
    UNPROVEN,
    Danger,
    chosen_on,
    from_action,
    harmless,
)
from guardrail.checks.triggers_stranger import PRIVILEGED, Reach, brings
from guardrail.model.document import Resource
from guardrail.model.report import Hit
from guardrail.views import workflows
from guardrail.views.items import Item
from guardrail.views.once import once
from guardrail.views.workflows import Step

__all__ = ["expansions"]

_LONGEST = 60

_DOINGS: Mapping[str, str] = {
    "discussion": "opens a discussion",
    "discussion_comment": "comments on a discussion",
    "fork": "forks the repository",
    "gollum": "edits the wiki",
    "issue_comment": "comments",
    "issues": "opens an issue",
    "merge_group": "has a pull request merged",
    "pull_request": "opens a pull request",
    "pull_request_review": "reviews a pull request",
    "pull_request_review_comment": "comments on a pull request",
    "pull_request_target": "opens a pull request",
    "push": "has a commit merged",
    "workflow_run": "opens a pull request",
}


class Look(NamedTuple):
    """A file under these checks: its events, and what a stranger gets to run in it."""

    resource: Resource
    events: Mapping[str, triggers.Config]
    reach: Reach

    @property
    def called(self) -> bool:
        """Whether others decide on which event it runs."""
        return self.resource.kind == "Action" or "workflow_call" in self.events

    def danger(self, leaf: Leaf, step: Step) -> Danger | None:
        """What a value may do to the code it is put into, or None where it can do nothing."""
        on = chosen_on(leaf)
        if _steps_of(leaf) in fixed(step.data.get("if")) | fixed(step.job.data.get("if")):
            return None
        if on:
            return self._chosen(leaf, on, step)
        what = from_action(leaf)
        if what:
            pulls = ("pull_request", "pull_request_target", "issue_comment", "workflow_run")
            return self._chosen(leaf, pulls, step, what)
        if self.resource.kind == "Action" and leaf.steps[0] == "inputs":
            return Danger(ARGUMENT, leaf)
        if harmless(leaf, self.resource) or not (self.called or any(brings(e, leaf.steps) for e in self.events)):
            return None
        return Danger(UNPROVEN, leaf)

    def _chosen(self, leaf: Leaf, on: tuple[str, ...], step: Step, what: str = "") -> Danger | None:
        events = tuple(on if self.called else (event for event in on if event in self.events))
        if not events:
            return Danger(UNPROVEN, leaf) if what else None
        reached = tuple(event for event in events if self.reach.step(step, event))
        if not reached:
            return Danger(UNPROVEN, leaf, events, what)
        # Of what is called on whatever event, a pull request's text is read on pull requests first of all.
        worst = not PRIVILEGED.isdisjoint(reached) and not (self.called and "pull_request" in reached)
        return Danger(OUTSIDER if worst else CONTRIBUTOR, leaf, reached, what)

    def worst(self, embedded: Embedded, scope: Scope) -> Danger | None:
        """The most dangerous value that one `${{ }}` may put in."""
        if embedded.node is None:
            return None
        found = [d for leaf in leaves(embedded.node, scope) if (d := self.danger(leaf, scope.step))]
        return min(found, key=lambda d: LEVELS.index(d.level), default=None)


@once
def look_at(resource: Resource) -> Look:
    """The look at a workflow or action."""
    return Look(resource, triggers.events(resource.data), Reach(resource.data, patient=True))


def _steps_of(leaf: Leaf) -> Steps:
    return () if leaf.whole else leaf.steps


def fixed(condition: object) -> frozenset[Steps]:
    """The context paths that equal something written out wherever a condition holds."""
    given = expressions.condition(condition)
    return frozenset() if given.node is None or given.fenced else _fixed(given.node)


def _fixed(node: Node) -> frozenset[Steps]:
    if isinstance(node, Logic):
        parts = [_fixed(operand) for operand in node.operands]
        return frozenset[Steps]().union(*parts) if node.operator == "&&" else parts[0].intersection(*parts[1:])
    if isinstance(node, Compare) and node.operator == "==":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            found = reference(one)
            if found and isinstance(other, Literal):
                return frozenset({found.steps})
    return frozenset()


class Expansion(NamedTuple):
    """An expression within code whose value may hold anything: the place, the text with its braces, the danger."""

    sink: Sink
    embedded: Embedded
    text: str
    danger: Danger


@once
def found_in(resource: Resource) -> tuple[Expansion, ...]:
    """Every such expression of a file, each text once for a place."""
    look = look_at(resource)
    return tuple(e for step in workflows.steps(resource) for sink in sinks(step) for e in _expanded(look, step, sink))


def _expanded(look: Look, step: Step, sink: Sink) -> Iterator[Expansion]:
    scope = Scope(look.resource).at(step)
    seen: set[str] = set()
    for embedded in expressions.embedded(sink.text):
        text = sink.text[embedded.start : embedded.end]
        danger = look.worst(embedded, scope) if text not in seen else None
        seen.add(text)
        if danger is not None:
            yield Expansion(sink, embedded, text, danger)


def expansions(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Expressions within code whose value is chosen at one of `levels`, in sinks of one of `kinds`."""
    for found in found_in(item.resource):
        if found.danger.level in arguments["levels"] and found.sink.kind in arguments["kinds"]:
            message = _message(shown(found.danger, found.embedded), found.danger, found.sink)
            yield Hit(found.sink.path, message, related=found.danger.leaf.via, text=found.text)


def _message(name: str, danger: Danger, sink: Sink) -> str:
    if sink.kind == DIRECTORY:
        return f"{name} becomes {sink.words}: whoever {doing(danger)} chooses whose files the script finds"
    if danger.level in (OUTSIDER, CONTRIBUTOR):
        return f"{name} becomes part of {sink.words}: whoever {doing(danger)} runs commands here"
    if danger.level == ARGUMENT:
        return f"{name} becomes part of {sink.words}: the caller's text is run, not passed on"
    return f"{name} becomes part of {sink.words}, whatever it holds"


def shown(danger: Danger, embedded: Embedded) -> str:
    """The value as messages name it: as written where that is short, and what it stands for."""
    written = " ".join(embedded.text.split())
    name = written if len(written) <= _LONGEST else danger.leaf.name
    if danger.what:
        return f"{name}, {danger.what},"
    if danger.leaf.via and danger.level != UNPROVEN:
        return f"{name}, which holds {danger.leaf.name},"
    return name


def doing(danger: Danger) -> str:
    """What somebody does to choose the value."""
    first = min(danger.events, key=lambda e: (e not in PRIVILEGED, danger.events.index(e)))
    return _DOINGS.get(first, f"causes {first}")
