"""What a release is made of: caches and artifacts that others may have written, and the credentials it is made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.actions import caching, publishing
from guardrail.actions.shell import commands
from guardrail.actions.triggers import events
from guardrail.actions.uses import Uses, parse_uses
from guardrail.checks.workflow_supply_scripts import script_of
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views import workflows
from guardrail.views.items import Item

__all__ = ["cache_in_release"]


class _Published(NamedTuple):
    """What a job publishes, and the step that does, or none where the event tells it."""

    what: str
    path: Path


def cache_in_release(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Caches that are restored by a job that publishes, or by one it waits for."""
    resource = item.resource
    steps = list(workflows.steps(resource))
    published = _published(item, steps)
    behind = _behind(list(workflows.jobs(resource)), set(published)) if published else {}
    for step in steps:
        by = behind.get(step.job.id, "")
        uses = _uses(step.data)
        found = caching.restored(uses, _mapping(step.data.get("with"))) if by and uses is not None else None
        if found is not None:
            what, last = published[by]
            path = (*step.path, "with", found.input) if found.input else (*step.path, "uses")
            told = f"{found.action} restores a cache in a run that publishes {what}"
            yield Hit(path, told, related=((Pointer("", last), f"publishes {what}"),))


def _published(item: Item, steps: list[workflows.Step]) -> dict[str, _Published]:
    """What jobs publish, by id: all of them where nothing but a release or a tag starts the workflow."""
    found: dict[str, _Published] = {}
    for step in steps:
        what = _publishes(step, item.resource.data)
        if what:
            key = "uses" if "uses" in step.data else "run"
            found.setdefault(step.job.id, _Published(what, (*step.path, key)))
    if _is_for_releases(item.resource.data):
        for step in steps:
            found.setdefault(step.job.id, _Published("a release", (*item.resource.path, "on")))
    return found


def _is_for_releases(data: Mapping[str, object]) -> bool:
    """Whether only a release or a tag starts a workflow, or a person."""
    started = events(data)
    pushed = started.get("push")
    tagged = pushed is not None and "tags" in pushed and "branches" not in pushed
    return bool({"release"} & set(started) or tagged) and set(started) <= (
        {"release", "workflow_dispatch"} | ({"push"} if tagged else set())
    )


def _publishes(step: workflows.Step, data: Mapping[str, object]) -> str:
    uses = _uses(step.data)
    if uses is not None:
        return publishing.by_action(uses, _mapping(step.data.get("with")))
    text, used = script_of(step.data, step.job.data, data)
    if not any(word in text for word in ("publish", "push", "release", "upload", "deploy")):
        return ""
    return next((what for c in commands(text, used.name) if (what := publishing.by_command(c.words))), "")


def _behind(jobs: list[workflows.Job], publishing_jobs: set[str]) -> dict[str, str]:
    """The jobs that publish and those they wait for, each with the publishing job it leads to."""
    needs = {job.id: _listed(job.data.get("needs")) for job in jobs}
    found: dict[str, str] = {}
    for name in sorted(publishing_jobs):
        stack = [name]
        while stack:
            at = stack.pop()
            if at not in found:
                found[at] = name
                stack.extend(needs.get(at, []))
    return found


def _listed(value: object) -> list[str]:
    return (
        [value]
        if isinstance(value, str)
        else [v for v in value if isinstance(v, str)]
        if isinstance(value, list)
        else []
    )


def _uses(step: Mapping[str, object]) -> Uses | None:
    given = step.get("uses")
    return parse_uses(given.strip()) if isinstance(given, str) else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
