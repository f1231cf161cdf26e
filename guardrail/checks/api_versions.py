"""API versions that a cluster of the target version does not serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.api_lifecycle import RELEASED, Version, advice, is_mistaken, served, version
from guardrail.views.items import Item
from guardrail.views.pods import pods

__all__ = ["custom_removed", "deprecated", "never_served", "not_yet_served", "removed", "removed_volumes"]


def removed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """API versions that the target version of Kubernetes serves no longer."""
    found, minor = _version(item), _minor(arguments)
    if found is not None and 0 < found.removed <= minor:
        day = f" ({RELEASED[found.removed]})" if found.removed in RELEASED else ""
        words = f"{found.api} {found.kind} is not served since Kubernetes 1.{found.removed}{day}"
        yield Hit(_place(item), "; ".join(filter(None, (words, advice(found, minor)))))


def deprecated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """API versions that the target version still serves, while their successor is there already."""
    found, minor = _version(item), _minor(arguments)
    if found is None or not 0 < found.deprecated <= minor or not found.served(minor):
        return
    instead = advice(found, minor)
    if instead:
        end = f", and removed in 1.{found.removed}" if found.removed else ""
        words = f"{found.api} {found.kind} is deprecated since Kubernetes 1.{found.deprecated}{end}"
        yield Hit(_place(item), f"{words}; {instead}")


def not_yet_served(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """API versions that a later Kubernetes than the target brought."""
    found, minor = _version(item), _minor(arguments)
    if found is not None and found.introduced > minor:
        target, older = arguments["kubernetes"]["version"], served(found.kind, minor)
        write = f", and the target is {target}{f', which has {older.api}' if older else ''}"
        yield Hit(_place(item), f"{found.api} {found.kind} is served since 1.{found.introduced}{write}")


def never_served(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Built-in kinds with a version or group of Kubernetes' own that never had them, such as `v1 Deployment`."""
    api, kind = item.resource.api_version, item.resource.kind
    if is_mistaken(api, kind):
        right = served(kind, _minor(arguments))
        yield Hit(_place(item), f"{api} has no {kind}{f'; write {right.api}' if right else ''}")


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


def _version(item: Item) -> Version | None:
    return version(item.resource.api_version, item.resource.kind)


def _minor(arguments: Mapping[str, Any]) -> int:
    return int(arguments["kubernetes"]["minor"])


def _place(item: Item) -> tuple[str | int, ...]:
    """The version as written; of an item of a typed list its kind stands with the list."""
    return (*item.path, "apiVersion") if "apiVersion" in item.resource.data else item.path
