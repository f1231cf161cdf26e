"""What rules of roles allow: verbs on resources, one finding for a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["granted", "wildcards"]

_ANY = "*"
_BUILT_IN = "system:"
_OWN_GROUPS = frozenset({"", "*", "rbac.authorization.k8s.io"})
"""API groups in which a wildcard covers secrets, exec and roles."""


def granted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Rules that allow one of `verbs` on one of `resources` in one of `groups`; one hit for a rule.

    `*` in a rule stands for anything, `*/scale` for that subresource of anything (rbac/v1 PolicyRule). `namespaced`:
    roles of one namespace count, too; `wildcards`: rules for every resource count, too; `exact`: only verbs that are
    named. `everything`: the rules meant are those for every verb on every resource in every group, which are left out
    otherwise. Rules limited to resources by name, and roles that are Kubernetes' own, do not count.
    """
    if item.resource.name.startswith(_BUILT_IN) or (item.resource.kind == "Role" and not arguments["namespaced"]):
        return
    rules = item.resource.data.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or rule.get("resourceNames"):
            continue
        path, label = (*item.path, "rules", index), f"{item.resource.kind} {item.resource.name}"
        if _everything(rule):
            if arguments.get("everything", False):
                yield Hit((*path, "verbs"), f"{label} allows every verb on every resource")
            continue
        resources = _resources(rule, arguments)
        verbs = _verbs(rule, arguments)
        if resources and verbs and _in_group(rule, arguments["groups"]):
            at = (*path, "resources", resources[0][0])
            yield Hit(at, f"{label} allows {', '.join(verbs)} on {', '.join(name for _, name in resources)}")


def wildcards(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Rules with a wildcard that is not all there is; one hit for a rule, at its widest word.

    `core`: those that name every resource of one of Kubernetes' own groups; else the others.
    """
    rules = item.resource.data.get("rules")
    if item.resource.name.startswith(_BUILT_IN):
        return
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or _everything(rule):
            continue
        key = next((k for k in ("resources", "verbs") if _ANY in _listed(rule, k)), "")
        own = key == "resources" and not _OWN_GROUPS.isdisjoint(_listed(rule, "apiGroups"))
        if key and own == bool(arguments["core"]):
            path = (*item.path, "rules", index, key, _listed(rule, key).index(_ANY))
            what = "Kubernetes' own resources by *" if own else f"{key} by *"
            yield Hit(path, f"{item.resource.kind} {item.resource.name} names {what}")


def _everything(rule: Mapping[str, object]) -> bool:
    return all(_ANY in _listed(rule, key) for key in ("apiGroups", "resources", "verbs"))


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


def _verbs(rule: Mapping[str, object], arguments: Mapping[str, Any]) -> list[str]:
    any_of = () if arguments.get("exact", False) else (_ANY,)
    return [v for v in _listed(rule, "verbs") if v in any_of or v in arguments["verbs"]]


def _in_group(rule: Mapping[str, object], groups: list[str]) -> bool:
    return any(g == _ANY or g in groups for g in _listed(rule, "apiGroups"))
