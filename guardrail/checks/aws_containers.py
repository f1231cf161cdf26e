"""Containers of ECS task definitions and Batch jobs, and environments of Lambda functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.checks.secret_places import env
from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.iam_json import JsonFault, Members, read
from guardrail.views.items import Item

__all__ = ["environment_secrets", "privileged", "writable_root"]

_HOLDERS = {"aws_ecs_task_definition": "container_definitions", "aws_batch_job_definition": "container_properties"}
"""Attributes whose JSON describes containers: a list of them, or a single one."""

_LONGEST_NAME = 60


_Variable = tuple[str, object, Path]
"""Name and value, and the steps from the environment to the value."""


class _Container(NamedTuple):
    """A container as it is defined; `path` leads into the JSON, which says where a `jsonencode` has it."""

    path: Path
    name: str
    data: Members


def privileged(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Containers that run privileged."""
    for found in _containers(item):
        if isinstance(found, Undecided):
            yield found
            continue
        value = _member(found.data, "privileged")
        path = (*found.path, "privileged")
        if isinstance(value, UnknownValue):
            yield Undecided(path, value.reason, value.questions)
        elif value is True:
            yield Hit(path, f"{_who(found)}runs privileged: take privileged out of its definition")


def writable_root(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Containers that may write to their image's file system; Windows containers cannot do otherwise."""
    if "WINDOWS" in str(item.bindings["object"].get("runtime_platform", "")):  # type: ignore[attr-defined]
        return
    message = "may write to its root file system: set readonlyRootFilesystem = true"
    for found in _containers(item):
        if isinstance(found, Undecided):
            yield found
            continue
        value = _member(found.data, "readonlyRootFilesystem")
        path = (*found.path, "readonlyRootFilesystem")
        if isinstance(value, UnknownValue):
            yield Undecided(path, value.reason, value.questions)
        elif value is not True:
            yield Hit(path, f"{_who(found)}{message}", missing=value is None)


def environment_secrets(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Secrets that stand as text in the environment of a container or function.

    What is not known comes from elsewhere, and is no secret of this file.
    """
    for found in _containers(item):
        if isinstance(found, _Container):
            yield from _secrets((*found.path, "environment"), _who(found), _listed(_member(found.data, "environment")))
    blocks = item.bindings["object"].get("environment")  # type: ignore[attr-defined]
    for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
        variables = block.get("variables") if isinstance(block, dict) else None
        known = variables.known if isinstance(variables, UnknownValue) else variables
        if isinstance(known, dict):
            path = (*item.path, "environment", index, "variables")
            yield from _secrets(path, "", [(name, value, (name,)) for name, value in known.items()])


def _secrets(path: Path, who: str, variables: list[_Variable]) -> Iterator[Hit]:
    entries = [{"name": name, "value": value} for name, value, _ in variables]
    seen_at: set[Path] = set()
    for seen in env({"env": entries}, ()):
        # env/index/value
        place = (*path, *variables[int(seen.path[1])][2])
        if place not in seen_at:
            seen_at.add(place)
            name = seen.name if len(seen.name) <= _LONGEST_NAME else f"{seen.name[: _LONGEST_NAME - 1]}…"
            yield Hit(place, f"{who}{name} holds a {seen.kind} in clear")


def _listed(value: object) -> list[_Variable]:
    """The variables of an `environment` list."""
    found: list[_Variable] = []
    for index, entry in enumerate(_items(value)):
        name = _member(entry, "name") if isinstance(entry, Members) else None
        if isinstance(entry, Members) and isinstance(name, str):
            found.append((name, _member(entry, "value"), (index, "value")))
    return found


def _containers(item: Item) -> Iterator[_Container | Undecided]:
    """The containers that a resource defines; those that are not known as undecided."""
    holder = _HOLDERS.get(item.resource.kind)
    value = item.bindings["object"].get(holder) if holder else None  # type: ignore[attr-defined]
    if holder is None or value is None:
        return
    path = (*item.path, holder)
    try:
        data = read(value)
    except JsonFault:  # Terraform refuses it, and says where
        return
    for index, found in enumerate(_items(data)):
        place = (*path, index) if isinstance(data, list) else path
        if isinstance(found, UnknownValue):
            yield Undecided(place, found.reason, found.questions)
        elif isinstance(found, Members):
            name = _member(found, "name")
            yield _Container(place, name[:_LONGEST_NAME] if isinstance(name, str) else "", found)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _member(data: Members, name: str) -> object:
    """The value of a key, in any case as the provider reads it; an unknown where keys are that are not known."""
    for key, value in reversed(data.pairs):
        if isinstance(key, str) and key.lower() == name.lower():
            return value
    return data.rest


def _who(found: _Container) -> str:
    return f"container {found.name} " if found.name else "the container "
