"""Files of the control plane in which the order counts: audit policies, encryption configurations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["admits_privileged", "logs_contents", "stores_plain"]

_NARROWING = ("users", "userGroups", "verbs", "namespaces", "nonResourceURLs")
"""What limits an audit rule to a part of the requests for a resource (audit.k8s.io/v1 PolicyRule)."""

_ALL = ("*.*", "*.")
"""Names that stand for all resources, and for all of the core group (EncryptionConfiguration)."""


def logs_contents(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Audit rules that log the bodies of requests for `resources` of the core group.

    The first rule that matches a request counts; one that logs metadata or nothing shields those behind it when
    nothing but the resource limits it. https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
    """
    for resource in arguments["resources"]:
        for index, rule in enumerate(_mappings(item.resource.data.get("rules"))):
            if rule.get("nonResourceURLs") or not _matches(rule, resource):
                continue
            level = rule.get("level")
            if level in ("Request", "RequestResponse"):
                path = (*item.path, "rules", index, "level")
                yield Hit(path, f"requests for {resource} are logged with what they hold: level {level}")
                break
            if level in ("None", "Metadata") and not _limited(rule):
                break


def _matches(rule: Mapping[str, Any], resource: str) -> bool:
    """Whether an audit rule is about a resource of the core group; one that names no resources is about all."""
    groups = _mappings(rule.get("resources"))
    return not groups or any(_lists(group, resource) for group in groups)


def _lists(group: Mapping[str, Any], resource: str) -> bool:
    """Whether a group of an audit rule has a resource; an empty list means all of the group."""
    listed = group.get("resources") or ["*"]
    return not group.get("group") and isinstance(listed, list) and (resource in listed or "*" in listed)


def _limited(rule: Mapping[str, Any]) -> bool:
    """Whether an audit rule is about some of the requests for its resources only."""
    return any(rule.get(key) for key in _NARROWING) or any(
        group.get("resourceNames") for group in _mappings(rule.get("resources"))
    )


def stores_plain(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Entries of an encryption configuration whose first provider encrypts nothing, where they are about Secrets.

    The first entry that names a resource counts, and in it the first provider writes.
    https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
    """
    for index, entry in enumerate(_mappings(item.resource.data.get("resources"))):
        names = entry.get("resources")
        if not isinstance(names, list) or not any(name in ("secrets", *_ALL) for name in names):
            continue
        first = next(iter(_mappings(entry.get("providers"))), {})
        if "identity" in first:
            path = (*item.path, "resources", index, "providers", 0, "identity")
            yield Hit(path, "the first provider is identity, so that Secrets are stored in clear text")
        return


def admits_privileged(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A configuration of PodSecurity whose default enforces nothing; an empty one means `privileged`.

    https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/
    """
    for index, plugin in enumerate(_mappings(item.resource.data.get("plugins"))):
        written = plugin.get("configuration")
        if plugin.get("name") != "PodSecurity" or not isinstance(written, dict):
            continue
        defaults = written.get("defaults")
        level = defaults.get("enforce") if isinstance(defaults, dict) else None
        if level not in ("baseline", "restricted"):
            path = (*item.path, "plugins", index, "configuration", "defaults", "enforce")
            yield Hit(path, "namespaces without a label admit every pod: set defaults.enforce", level is None)


def _mappings(listed: object) -> list[dict[str, Any]]:
    """The entries of a list; one that is no mapping stands as an empty one, so that positions stay."""
    return [entry if isinstance(entry, dict) else {} for entry in listed] if isinstance(listed, list) else []
