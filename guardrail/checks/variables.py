"""Environment variables that change what a program trusts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.pods import pods

__all__ = ["listed"]


def listed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Variables with one of the values that `variables` lists: of containers, and of ConfigMaps that hold some."""
    values = arguments["variables"]
    for pod in pods(item.resource):
        for container in pod.containers:
            who = f"{container.role} {container.data.get('name')}: "
            entries = container.data.get("env")
            for index, entry in enumerate(entries if isinstance(entries, list) else ()):
                name, value = (entry.get("name"), entry.get("value")) if isinstance(entry, dict) else ("", "")
                if str(value).lower() in values.get(str(name), ()):
                    path = (*container.path, "env", index, "value")
                    yield Hit(path, f"{who}{name}={value} {arguments['words']}")
    for field in ("data", "stringData") if item.resource.kind in ("ConfigMap", "Secret") else ():
        held = item.resource.data.get(field)
        for key, value in held.items() if isinstance(held, dict) else ():
            if isinstance(value, str) and value.strip().lower() in values.get(str(key), ()):
                yield Hit((*item.path, field, str(key)), f"{key}={value.strip()} {arguments['words']}")
