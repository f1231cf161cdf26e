"""Conditions that let a bot in by the name of the actor, who on some events need not be the author.

`github.actor` is who acted last. Somebody who makes Dependabot push to a branch of their fork gets its name there
(github/docs, "Automating Dependabot with GitHub Actions" compares `github.event.pull_request.user.login`; Synacktiv,
"GitHub Actions exploitation: Dependabot").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions import triggers
from guardrail.actions.expressions import Call, Compare, Literal, Node
from guardrail.actions.expressions.walk import reference
from guardrail.checks.conditions import CONDITIONS, nodes
from guardrail.checks.triggers_stranger import ACTORS, Reach
from guardrail.model.document import Resource
from guardrail.model.report import Hit
from guardrail.views import workflows
from guardrail.views.expressions import Site, sites
from guardrail.views.items import Item

__all__ = ["spoofable"]

_EVENTS = ("pull_request_target", "workflow_run")


def spoofable(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Conditions that keep strangers out only by asking whether the actor is a bot."""
    resource = item.resource
    events = [event for event in triggers.events(resource.data) if event in _EVENTS]
    for site in sites(resource) if events else ():
        if site.path[-1] not in CONDITIONS:
            continue
        for found, node in nodes(site):
            bot = _bot(node)
            if bot and any(_opens(site, resource, event, bot) for event in events):
                text, times = site.part(found, node.offset, node.end)
                told = f"lets in whoever makes {bot} act last on a pull request of theirs; ask for its author"
                yield Hit(site.path, told, text=text, occurrence=times)


def _opens(site: Site, resource: Resource, event: str, bot: str) -> bool:
    """Whether a condition holds for a stranger who comes with a bot's name, and not without."""
    spoofed, plain = Reach(resource.data, actor=bot), Reach(resource.data)
    if not spoofed.holds(site.text, event) or plain.holds(site.text, event):
        return False
    job = next((j for j in workflows.jobs(resource) if j.id == site.job), None)
    return job is None or spoofed.job(job, event)


def _bot(node: Node) -> str:
    """The bot that a comparison with the actor lets in."""
    if isinstance(node, Compare) and node.operator == "==":
        return _named(node.left, node.right) or _named(node.right, node.left)
    if isinstance(node, Call) and node.name in ("startswith", "endswith", "contains") and len(node.arguments) == 2:
        first, second = node.arguments
        if node.name == "contains" and isinstance(first, Call) and first.arguments:
            return _named(second, first.arguments[0], part=True)
        return _named(first, second, part=True)
    return ""


def _named(actor: Node, name: Node, part: bool = False) -> str:
    found = reference(actor)
    if found is None or ".".join(map(str, found.steps)) not in ACTORS:
        return ""
    value = name.value if isinstance(name, Literal) else None
    if not isinstance(value, str):
        return ""
    if value.endswith("[bot]") and not {'"', ","} & set(value):
        return value if value != "[bot]" else "dependabot[bot]"
    bots = [bot for bot in ("dependabot[bot]", "renovate[bot]", "github-actions[bot]") if bot in value]
    if bots:
        return bots[0]
    return "dependabot[bot]" if part and value and "dependabot[bot]".startswith(value) else ""
