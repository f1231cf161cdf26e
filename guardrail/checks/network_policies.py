"""What network policies select, and what they forget to allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = ["names_forbidden", "namespaces"]

_BY_HAND = "name"
_OWN = "kubernetes.io/metadata.name"
_MOST = 500
"""Policies of a namespace that are looked at; in more of them one may say anything."""
_DNS = (53, 5353, 8053)
"""Ports of name servers in clusters: a policy sees the port of the pod, which is 5353 in OpenShift."""


def namespaces(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Selectors by the label `name` for a namespace that does not have it.

    The control plane puts kubernetes.io/metadata.name on every namespace, and no other label (Kubernetes' documents,
    "Network Policies", targeting a namespace by its name). Of a namespace that is not among the files it is not known.
    """
    found = item.bindings.get("namespaces")
    known = [_labels(n) for n in found] if isinstance(found, list) else []
    asked: set[str] = set()
    for path, wanted in _selected(item):
        if any(labels.get(_BY_HAND) == wanted for _, labels in known):
            continue
        if any(name == wanted for name, _ in known):
            yield Hit(path, f"namespace {wanted} has no label {_BY_HAND}; {_OWN} is on every namespace")
        elif wanted not in asked:
            asked.add(wanted)
            yield Undecided(path, f"whether namespace {wanted} has the label {_BY_HAND}, which nothing sets by itself")


def _labels(namespace: object) -> tuple[str, Mapping[str, object]]:
    metadata = namespace.get("metadata") if isinstance(namespace, dict) else None
    metadata = metadata if isinstance(metadata, dict) else {}
    labels = metadata.get("labels")
    return str(metadata.get("name", "")), labels if isinstance(labels, dict) else {}


def _selected(item: Item) -> Iterator[tuple[Path, str]]:
    """Where a peer selects namespaces by the label `name`, and the value it asks for."""
    spec = item.resource.data.get("spec")
    for rules, peers in (("ingress", "from"), ("egress", "to")):
        for i, rule in _entries(spec, rules):
            for j, peer in _entries(rule, peers):
                selector = peer.get("namespaceSelector")
                labels = selector.get("matchLabels") if isinstance(selector, dict) else None
                wanted = labels.get(_BY_HAND) if isinstance(labels, dict) else None
                if isinstance(wanted, str):
                    place = ("spec", rules, i, peers, j, "namespaceSelector", "matchLabels", _BY_HAND)
                    yield (*item.path, *place), wanted


def _entries(holder: object, key: str) -> Iterator[tuple[int, dict[str, object]]]:
    listed = holder.get(key) if isinstance(holder, dict) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def names_forbidden(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A policy that allows some traffic out and no DNS, where no other policy of the namespace does.

    Policies add up: what one allows is allowed. One that allows nothing means it, and one that names only addresses
    needs no names. Whether somebody else's policy lets the pods ask is known only of one that is about all pods, or
    where the files hold other policies of the namespace.
    """
    spec = item.resource.data.get("spec")
    rules = [rule for _, rule in _entries(spec, "egress")]
    if not rules or not _limits_egress(spec) or any(_may_ask(rule) for rule in rules):
        return
    if all(_only_addresses(rule) for rule in rules):
        return
    found = item.bindings.get("policies")
    others = [o.get("spec") for o in found if isinstance(o, dict)] if isinstance(found, list) else []
    others = [o for o in others[:_MOST] if o != spec]
    if len(others) >= _MOST - 1 or any(_may_ask(rule) for other in others for _, rule in _entries(other, "egress")):
        return
    path = (*item.path, "spec", "egress")
    if others or not _about(spec):
        yield Hit(path, "no rule allows DNS (port 53, UDP and TCP), so that no name can be looked up")
    else:
        yield Undecided(path, "whether another network policy lets these pods ask DNS")


def _about(spec: object) -> object:
    """What narrows a policy down to some pods; nothing where it is about all of the namespace."""
    selector = spec.get("podSelector") if isinstance(spec, dict) else None
    return any(selector.values()) if isinstance(selector, dict) else selector


def _limits_egress(spec: object) -> bool:
    types = spec.get("policyTypes") if isinstance(spec, dict) else None
    return not isinstance(types, list) or not types or "Egress" in types


def _may_ask(rule: Mapping[str, object]) -> bool:
    """Whether a rule may let DNS through: by its port, or by naming no port and more than pods of the namespace."""
    ports = rule.get("ports")
    if isinstance(ports, list) and ports:
        return any(_is_dns(port) for port in ports if isinstance(port, dict))
    peers = [peer for _, peer in _entries(rule, "to")]
    return not peers or any("namespaceSelector" in peer or "ipBlock" in peer for peer in peers)


def _is_dns(port: Mapping[str, object]) -> bool:
    first, last = port.get("port"), port.get("endPort")
    if isinstance(first, int) and not isinstance(first, bool):
        return any(first <= dns <= (last if isinstance(last, int) else first) for dns in _DNS)
    return first is None or not isinstance(first, str) or "dns" in first or "{" in first or "$" in first


def _only_addresses(rule: Mapping[str, object]) -> bool:
    peers = [peer for _, peer in _entries(rule, "to")]
    return bool(peers) and all(set(peer) == {"ipBlock"} for peer in peers)
