"""What starts a workflow: events, activity types, filters, patterns, schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.actions.syntax import cron, events, patterns
from guardrail.actions.syntax.keys import hint
from guardrail.actions.syntax.shape import PLACEHOLDER, listed, short, text
from guardrail.actions.triggers import ACTIVITY_TYPES
from guardrail.model.document import Resource
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["activity_types", "crons", "filters", "frequent", "globs", "unknown"]


class _Event(NamedTuple):
    """An event of `on`: its name, the path of the name, its configuration."""

    name: str
    path: Path
    config: object = None


def unknown(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Events that start no workflow."""
    for event in _events(item.resource):
        if not events.known(event.name) and "${{" not in event.name:
            yield Hit(event.path, f"{short(event.name)} starts no workflow{_hint(event.name)}")


def activity_types(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Activity types that an event does not have: no run ever starts for them."""
    for event, given in _configured(item.resource):
        known = ACTIVITY_TYPES[event.name]
        for path, word in _words(given.get("types"), (*event.path, "types")):
            if known and word not in known and "${{" not in word:
                better = events.type_instead(event.name, word)
                more = f"; write {better}" if better else hint(word, known)
                yield Hit(path, f"{event.name} has no activity type {short(word)}{more}")


def filters(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Filters that an event does not take, that exclude one another, or that let nothing through."""
    for event, given in _configured(item.resource):
        if event.name not in events.WITH_KEYS:
            yield from _not_taken(event, given)
        for one, other in events.PAIRS:
            if one in given and other in given:
                first = ((Pointer("", (*event.path, one)), "the other filter"),)
                yield Hit((*event.path, other), f"{event.name} has both {one} and {other}; it takes one", related=first)
        for key in ("branches", "tags", "paths"):
            yield from _negatives(key, given.get(key), (*event.path, key))
    yield from _without_workflows(item.resource)


def _without_workflows(resource: Resource) -> Iterator[Hit]:
    for event in _events(resource):
        if event.name == "workflow_run" and not (isinstance(event.config, dict) and event.config.get("workflows")):
            yield Hit((*event.path, "workflows"), "workflow_run names no workflows, so no run starts", missing=True)


def _not_taken(event: _Event, given: Mapping[str, object]) -> Iterator[Hit]:
    taken = events.filters(event.name)
    for key in given:
        if key in taken or key == "reuse-previous-outcome":
            continue
        more = hint(key, taken) or (f"; it takes {listed(taken)}" if taken else "")
        yield Hit((*event.path, key), f"{event.name} takes no {short(key)}, and GitHub ignores it{more}")


def _negatives(key: str, given: object, path: Path) -> Iterator[Hit]:
    """`!` takes back what an earlier pattern let through: before the first such pattern it does nothing."""
    words = list(_words(given, path))
    for place, word in words:
        if not word.startswith("!"):
            return
        if all(other.startswith("!") for _, other in words):
            yield Hit(path, f"{key} has patterns with ! only, so nothing matches; begin with '**'")
            return
        yield Hit(place, f"{short(word)} takes back nothing: no pattern before it lets anything through")


def globs(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Patterns that GitHub refuses, or that match nothing."""
    for event, given in _configured(item.resource):
        for key in events.filters(event.name):
            if key in {"types", "workflows", "names", "versions"}:
                continue
            for path, word in _words(given.get(key), (*event.path, key)):
                told = "" if "${{" in word or PLACEHOLDER.match(word) else patterns.fault(word, key.startswith("paths"))
                if told:
                    yield Hit(path, f"pattern '{short(word)}' {told}")


def crons(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Schedules that GitHub refuses, or that never come."""
    if not isinstance(item.resource.data.get("on"), dict):
        for event in _events(item.resource):
            if event.name == "schedule":
                yield Hit(event.path, "schedule has no cron, so it starts nothing")
    for path, given in _crons(item.resource):
        try:
            cron.parse(given)
        except cron.CronError as error:
            yield Hit(path, f"cron '{short(given)}': {error.message}", text=error.text)


def frequent(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Schedules that come more often than GitHub runs them."""
    for path, given in _crons(item.resource):
        try:
            minutes = cron.gap(cron.parse(given))
        except cron.CronError:
            continue
        if minutes < cron.SHORTEST:
            yield Hit(
                path, f"cron '{short(given)}' comes every {minutes} min; GitHub runs at most every {cron.SHORTEST}"
            )


def _hint(name: str) -> str:
    instead = events.instead(name)
    return f"; {instead}" if instead else hint(name, ACTIVITY_TYPES)


def _events(resource: Resource) -> Iterator[_Event]:
    given, path = resource.data.get("on"), (*resource.path, "on")
    match given:
        case dict():
            yield from (_Event(name, (*path, name), config) for name, config in given.items())
        case list():
            scalars = [(at, name) for at, name in enumerate(given) if not isinstance(name, dict | list)]
            yield from (_Event(text(name), (*path, at)) for at, name in scalars if text(name))
        case _ if given is not None and given != "":
            yield _Event(text(given), path)


def _configured(resource: Resource) -> Iterator[tuple[_Event, Mapping[str, object]]]:
    """Known events that have a mapping of filters."""
    for event in _events(resource):
        if event.name in ACTIVITY_TYPES and isinstance(event.config, dict):
            yield event, event.config


def _words(given: object, path: Path) -> Iterator[tuple[Path, str]]:
    """A text or each text of a list, with its path."""
    if isinstance(given, str):
        yield path, given
    elif isinstance(given, list):
        yield from (((*path, at), word) for at, word in enumerate(given) if isinstance(word, str))


def _crons(resource: Resource) -> Iterator[tuple[Path, str]]:
    for event in _events(resource):
        entries = event.config if event.name == "schedule" and isinstance(event.config, list) else []
        for at, entry in enumerate(entries):
            cron_text = entry.get("cron") if isinstance(entry, dict) else None
            if isinstance(cron_text, str) and "${{" not in cron_text and not PLACEHOLDER.match(cron_text) and cron_text:
                yield (*event.path, at, "cron"), cron_text
