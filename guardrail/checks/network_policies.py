"""The namespaces that network policies select."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

__all__ = ["namespaces"]

_BY_HAND = "name"
_OWN = "kubernetes.io/metadata.name"


def namespaces(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Selectors by the label `name` for a namespace that does not have it.

    The control plane puts kubernetes.io/metadata.name on every namespace, and no other label (Kubernetes' documents,
    "Network Policies", targeting a namespace by its name). Of a namespace that is not among the files it is not known.
    """
    found = item.bindings.get("namespaces")
    known = [_labels(n) for n in found] if isinstance(found, list) else []
    for path, wanted in _selected(item):
        if any(labels.get(_BY_HAND) == wanted for _, labels in known):
            continue
        if any(name == wanted for name, _ in known):
            yield Hit(path, f"namespace {wanted} has no label {_BY_HAND}; {_OWN} is on every namespace")
        else:
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
