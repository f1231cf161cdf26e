"""What rules of roles allow: verbs on resources, one finding for a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["granted"]

_ANY = "*"
_BUILT_IN = "system:"


def granted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Rules that allow one of `verbs` on one of `resources` in one of `groups`.

    `*` in a rule stands for anything (rbac/v1 PolicyRule), `*/scale` for that subresource of anything. `namespaced`:
    roles of one namespace count, too; `named`: rules limited to resources by name count, too; `wildcards`: rules for
    every resource count, too, which policies of their own tell. Roles named `system:` are Kubernetes' own.
    """
    data = item.resource.data
    if item.resource.name.startswith(_BUILT_IN) or (item.resource.kind == "Role" and not arguments["namespaced"]):
        return
    rules = data.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or (rule.get("resourceNames") and not arguments.get("named", False)):
            continue
        resources = _resources(rule, arguments)
        verbs = _verbs(rule, arguments["verbs"])
        if resources and verbs and _in_group(rule, arguments["groups"]):
            path = (*item.path, "rules", index, "resources", resources[0][0])
            allowed = f"{', '.join(verbs)} on {', '.join(name for _, name in resources)}"
            yield Hit(path, f"{item.resource.kind} {item.resource.name} allows {allowed}{_tail(arguments)}")


def _tail(arguments: Mapping[str, Any]) -> str:
    means = arguments.get("means")
    return f": {means}" if means else ""


def _listed(rule: Mapping[str, object], key: str) -> list[str]:
    found = rule.get(key)
    return [str(v) for v in found] if isinstance(found, list) else []


def _resources(rule: Mapping[str, object], arguments: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Where and how a rule names one of the resources."""
    wanted = [str(r) for r in arguments["resources"]]
    wild = bool(arguments.get("wildcards", False))
    return [(i, given) for i, given in enumerate(_listed(rule, "resources")) if _names(given, wanted, wild)]


def _names(given: str, wanted: list[str], wild: bool) -> bool:
    if given == _ANY:
        return wild
    if given.startswith("*/"):
        return any("/" in w and w.partition("/")[2] == given[2:] for w in wanted)
    if given.endswith("/*"):
        return any(w.partition("/")[0] == given[:-2] and "/" in w for w in wanted)
    return given in wanted


def _verbs(rule: Mapping[str, object], wanted: list[str]) -> list[str]:
    return [v for v in _listed(rule, "verbs") if v == _ANY or v in wanted]


def _in_group(rule: Mapping[str, object], groups: list[str]) -> bool:
    return any(g == _ANY or g in groups for g in _listed(rule, "apiGroups"))
