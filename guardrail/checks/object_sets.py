"""Which objects of a scan are in force at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from json import dumps
from typing import Any

from guardrail.checks.object_references import pointer, world
from guardrail.graph.cluster import Cluster, Member, same_namespace
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["services_alike"]

_MOST = 50
"""How many Services of an application are compared that say the same; more of them are a generated test."""


def together(one: Member, other: Member) -> bool:
    """Whether two objects are applied together, so that what they say may clash.

    Files that merely lie side by side may be alternatives; those of one rendering are not. One object that is there
    twice is another fault.
    """
    first, second = one.resource, other.resource
    if first is second:
        return True
    if first.name and (first.kind, first.name, first.namespace) == (second.kind, second.name, second.namespace):
        return False
    if one.application != other.application or not same_namespace(first.namespace, second.namespace):
        return False
    return first.document.file == second.document.file or (one.built and other.built)


def services_alike(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Services that differ from one before in nothing but the name; those that a Rollout steers are left out."""
    cluster, member = world(item)
    key = _told_by(member)
    if not key or member.resource.name in _steered(cluster):
        return
    for other in _alike(cluster).get(key, ())[:_MOST]:
        if other.resource is member.resource or other.data is member.data:
            return
        if together(other, member) and other.resource.name not in _steered(cluster):
            words = f"Service {member.resource.name} selects the same pods by the same ports as {other.resource.name}"
            where = ((pointer(other, ("metadata", "name")), "the other"),)
            yield Hit((*item.path, "metadata", "name"), words, related=where)
            return


def _alike(cluster: Cluster) -> Mapping[str, list[Member]]:
    def gather() -> dict[str, list[Member]]:
        found: dict[str, list[Member]] = {}
        for one in cluster.of_kind("Service"):
            found.setdefault(_told_by(one), []).append(one)
        return found

    return cluster.once("services alike", gather)


def _told_by(member: Member) -> str:
    """What a Service says besides its name and labels; empty where it selects nothing."""
    spec, metadata = member.data.get("spec"), member.data.get("metadata")
    if not isinstance(spec, dict) or not spec.get("selector") or member.resource.api_version != "v1":
        return ""
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    return dumps([member.application, member.resource.namespace, spec, annotations], sort_keys=True, default=str)


def _steered(cluster: Cluster) -> frozenset[str]:
    def gather() -> frozenset[str]:
        rollouts = cluster.of_kind("Rollout")
        return frozenset(r.name for m in rollouts for r in cluster.references(m.resource) if r.kind == "Service")

    return cluster.once("steered", gather)
