"""API versions that a cluster of the target version does not serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.api_lifecycle import RELEASED, Retired, retired, served_since
from guardrail.views.items import Item
from guardrail.views.pods import pods

__all__ = ["custom_removed", "deprecated", "not_yet_served", "removed", "removed_volumes"]


def removed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """API versions that the target version of Kubernetes serves no longer."""
    row = _row(item)
    if row is not None and 0 < row.removed <= _minor(arguments):
        day = RELEASED.get(row.removed, "")
        words = f"{row.api} {item.resource.kind} is not served since Kubernetes 1.{row.removed} ({day})"
        yield Hit(_place(item), f"{words}{_advice(row)}")


def deprecated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """API versions that the target version still serves, while their successor is there already."""
    row = _row(item)
    minor = _minor(arguments)
    if row is None or minor < max(row.since, row.deprecated) or 0 < row.removed <= minor:
        return
    end = f", and removed in 1.{row.removed}" if row.removed else ""
    yield Hit(_place(item), f"{row.api} {item.resource.kind} is deprecated{end}{_advice(row)}")


def not_yet_served(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """API versions that a later Kubernetes than the target brought."""
    resource = item.resource
    since = served_since(resource.api_version, resource.kind)
    if since > _minor(arguments):
        target = arguments["kubernetes"]["version"]
        words = f"{resource.api_version} {resource.kind} is served since 1.{since}, and the target is {target}"
        yield Hit(_place(item), words)


def custom_removed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """API versions of operators that current releases of them serve no longer, by the table in `with`."""
    for row in arguments["versions"]:
        kinds = row.get("kinds", (item.resource.kind,))
        if item.resource.api_version == row["api"] and item.resource.kind in kinds:
            words = f"{row['api']} is not served since {row['since']} ({row['on']}); write {row['instead']}"
            yield Hit(_place(item), words)


def removed_volumes(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Volumes of a type whose driver the target version of Kubernetes has no more; of pods and PersistentVolumes."""
    held = [(pod.path, pod.spec.get("volumes")) for pod in pods(item.resource)]
    places = [
        ((*path, "volumes", index), volume)
        for path, listed in held
        for index, volume in enumerate(listed if isinstance(listed, list) else ())
    ]
    if item.resource.kind == "PersistentVolume":
        places.append(((*item.path, "spec"), item.resource.data.get("spec")))
    for path, volume in places:
        for name, minor in arguments["removed"].items() if isinstance(volume, dict) else ():
            if name in volume and minor <= _minor(arguments):
                yield Hit((*path, name), f"Kubernetes has no driver for {name} since 1.{minor}")


def _row(item: Item) -> Retired | None:
    return retired(item.resource.api_version, item.resource.kind)


def _minor(arguments: Mapping[str, Any]) -> int:
    return int(arguments["kubernetes"]["minor"])


def _advice(row: Retired) -> str:
    where = f"; write {row.instead}" if row.instead and row.api != "v1" else ""
    return f"{where}{'; ' if row.note else ''}{row.note}"


def _place(item: Item) -> tuple[str | int, ...]:
    """The version as written; of an item of a typed list its kind stands with the list."""
    return (*item.path, "apiVersion") if "apiVersion" in item.resource.data else item.path
