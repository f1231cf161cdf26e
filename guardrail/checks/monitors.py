"""What Prometheus is told to scrape: monitors that select nothing, or name ports that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.checks.object_references import world
from guardrail.checks.object_selectors import (
    WORKLOADS,
    Labelled,
    by_label,
    forgotten,
    having,
    labels_of,
    made,
    shown,
    slip_of,
    wanted_by,
)
from guardrail.graph.cluster import LARGEST, Cluster, Member
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.placeholders import filled_in

__all__ = ["port_not_scraped", "selects_nothing"]

_SHOWN = 4


def services(cluster: Cluster) -> tuple[Labelled, ...]:
    """All Services of the scan, by their own labels."""

    def gather() -> tuple[Labelled, ...]:
        return tuple(
            Labelled(m, _labels(m.data), (*m.resource.path, "metadata"))
            for m in cluster.of_kind("Service")
            if m.resource.api_version == "v1"
        )

    return cluster.once("services", gather)


def _labels(data: Mapping[str, object]) -> dict[str, str]:
    metadata = data.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    return {str(k): str(v) for k, v in labels.items()} if isinstance(labels, dict) else {}


def selects_nothing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Selectors of ServiceMonitors and PodMonitors, of which something of the application differs by a slip only.

    Also where what has the monitor's own name is selected by no monitor at all. Whatever else they select may be made
    elsewhere, as most things that are monitored are.
    """
    cluster, member = world(item)
    wanted, among, found = _monitored(cluster, member)
    if wanted is None or found or not cluster.unseen.isdisjoint((*WORKLOADS, "Service")):
        return
    near = [one for one in among if one.member.application == member.application]
    for one in near if len(near) <= LARGEST else ():
        slip = slip_of(wanted, one.labels)
        if slip or forgotten(cluster, member, one, wanted, "selector"):
            why = slip or f"is labelled {shown(one.labels)}"
            words = f"{shown(wanted)} selects nothing; {one.member.resource.label} is there, and {why}"
            place = ((labels_of(one), "what is there"),)
            yield Hit((*item.path, "spec", "selector"), words, related=place)
            return


def port_not_scraped(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Ports that a monitor names and nothing of what it selects, which is there, has."""
    cluster, member = world(item)
    wanted, _, found = _monitored(cluster, member)
    names = {name for one in found for name in _port_names(one)}
    spec = item.resource.data.get("spec")
    field = "endpoints" if item.resource.kind == "ServiceMonitor" else "podMetricsEndpoints"
    listed = spec.get(field) if isinstance(spec, dict) else None
    for index, endpoint in enumerate(listed if isinstance(listed, list) else ()):
        port = endpoint.get("port") if isinstance(endpoint, dict) else None
        if wanted and names and isinstance(port, str) and not filled_in(port) and port not in names:
            words = (
                f"{found[0].member.resource.label} has no port named {port}; it has {', '.join(sorted(names)[:_SHOWN])}"
            )
            yield Hit(
                (*item.path, "spec", field, index, "port"), words, related=((labels_of(found[0]), "what it selects"),)
            )


def _monitored(cluster: Cluster, member: Member) -> tuple[dict[str, str] | None, tuple[Labelled, ...], list[Labelled]]:
    """The labels a monitor asks for, what it may choose from, and what has them in the namespaces it looks at."""
    wanted = wanted_by(member, "selector")
    kind, of = ("Service", services) if member.resource.kind == "ServiceMonitor" else ("Pod", made)
    among = of(cluster)
    labelled = cluster.once(("monitored by label", kind), lambda: by_label(among))
    spec = member.data.get("spec")
    where = spec.get("namespaceSelector") if isinstance(spec, dict) else None
    namespaces = where.get("matchNames") if isinstance(where, dict) else None
    if not isinstance(namespaces, list):
        everywhere = isinstance(where, dict) and where.get("any") is True
        namespaces = [""] if everywhere else [member.resource.namespace]
    found = [one for n in namespaces for one in having(labelled, wanted, str(n))] if wanted else []
    return wanted, among, found


def _port_names(one: Labelled) -> Iterator[str]:
    spec = one.member.data.get("spec")
    holders = [c.data for c in one.pod.containers] if one.pod else [spec if isinstance(spec, dict) else {}]
    for holder in holders:
        listed = holder.get("ports")
        for port in listed if isinstance(listed, list) else ():
            if isinstance(port, dict) and isinstance(port.get("name"), str):
                yield port["name"]
