"""Environment variables that change what a program trusts."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.pods import pods

__all__ = ["listed"]


def listed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Variables with one of the values that `variables` lists: of containers, and of ConfigMaps that hold some.

    `unless` names, for a variable, those beside it that take its effect away.
    """
    for pod in pods(item.resource):
        for container in pod.containers:
            who = f"{container.title}: "
            listed = container.data.get("env")
            entries = [e if isinstance(e, dict) else {} for e in listed] if isinstance(listed, list) else []
            beside = {str(e.get("name")) for e in entries}
            for index, entry in enumerate(entries):
                name, value = str(entry.get("name")), str(entry.get("value"))
                if _tells(name, value, beside, arguments):
                    path = (*container.path, "env", index, "value")
                    yield Hit(path, f"{who}{name}={value} {arguments['words']}")
    for field in ("data", "stringData") if item.resource.kind in ("ConfigMap", "Secret") else ():
        held = item.resource.data.get(field)
        if not isinstance(held, dict):
            continue
        for key, value in held.items():
            if isinstance(value, str) and _tells(str(key), value.strip(), held, arguments):
                yield Hit((*item.path, field, str(key)), f"{key}={value.strip()} {arguments['words']}")


def _tells(name: str, value: str, beside: Container[str], arguments: Mapping[str, Any]) -> bool:
    others = arguments.get("unless", {}).get(name, ())
    return value.lower() in arguments["variables"].get(name, ()) and not any(other in beside for other in others)
