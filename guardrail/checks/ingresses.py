"""Hosts and paths of Ingresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.checks.object_references import pointer, world
from guardrail.checks.object_sets import together
from guardrail.graph.cluster import Cluster, Member
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["claimed_twice"]

_CLASS = "kubernetes.io/ingress.class"
_SHARES = ("/canary", "/group.order", "/priority", "router.priority", "/methods")
"""Ends of annotations by which Ingresses share a path on purpose: canaries, and an order among them."""
_CONDITIONS = ("/conditions.", "/headers.")
_APART = (
    "/group.name",
    "/scheme",
    "router.entrypoints",
    "/protocols",
    "global-static-ip-name",
    "regional-static-ip-name",
)
"""Ends of annotations that put Ingresses of one class behind load balancers or ports of their own."""
_MOST = 50
"""How many claims of one host and path are compared; more in one application is a generated test."""


class Claim(NamedTuple):
    """A path of an Ingress: whose it is, and where it stands within the object."""

    member: Member
    path: Path


Claimed = tuple[str, str, str, str, str]
"""Application, class with what keeps Ingresses of it apart, host, path and how the path is compared."""


def claimed_twice(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Hosts and paths that an Ingress of the same application, or this one, claims before.

    Kubernetes' documents leave open who wins ("Ingress", multiple matches, speak of longer and exact paths only);
    ingress-nginx refuses the second ("host and path is already defined in ingress", internal/ingress/controller).
    """
    cluster, member = world(item)
    table = _claims(cluster)
    for key, path in _of(member):
        for first in table.get(key, ())[:_MOST]:
            if first.member.resource is member.resource and first.path == path:
                break
            if together(first.member, member):
                shown = f"{key[2] or 'any host'}{key[3]}"
                where = ((pointer(first.member, first.path), "claimed here first"),)
                yield Hit((*item.path, *path), f"{shown} is claimed by {_by(first, member)} already", related=where)
                break


def _by(first: Claim, member: Member) -> str:
    return "this Ingress" if first.member.resource is member.resource else first.member.resource.label


def _claims(cluster: Cluster) -> Mapping[Claimed, list[Claim]]:
    def gather() -> dict[Claimed, list[Claim]]:
        found: dict[Claimed, list[Claim]] = {}
        for member in cluster.of_kind("Ingress"):
            for key, path in _of(member):
                found.setdefault(key, []).append(Claim(member, path))
        return found

    return cluster.once("ingress claims", gather)


def _of(member: Member) -> Iterator[tuple[Claimed, Path]]:
    """What an Ingress claims; nothing of one that shares on purpose."""
    data = member.data
    metadata = _mapping(data.get("metadata"))
    notes = {str(k): str(v) for k, v in _mapping(metadata.get("annotations")).items()}
    if any(k.endswith(_SHARES) or any(c in k for c in _CONDITIONS) for k in notes):
        return
    spec = _mapping(data.get("spec"))
    apart = (f"{k}={v}" for k, v in sorted(notes.items()) if k.endswith(_APART))
    name = " ".join((str(spec.get("ingressClassName") or notes.get(_CLASS, "")), *apart))
    for i, rule in _entries(spec.get("rules")):
        for j, entry in _entries(_mapping(rule.get("http")).get("paths")):
            kind, path = str(entry.get("pathType") or ""), str(entry.get("path") or "/")
            path = (path.rstrip("/") or "/") if kind == "Prefix" else path
            if "$" not in path and "{{" not in path:
                key = (member.application, name, str(rule.get("host") or ""), path, kind)
                yield key, ("spec", "rules", i, "http", "paths", j, "path" if "path" in entry else "backend")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _entries(value: object) -> Iterator[tuple[int, dict[str, object]]]:
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, dict):
            yield index, entry
