"""Routes to Services that are there: ports they do not have, and subsets that nobody defines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.checks.object_references import pointer, world
from guardrail.graph.cluster import Cluster, Member, same_namespace
from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item
from guardrail.views.object_references import destinations, holders, host, ingress_backends
from guardrail.views.placeholders import filled_in

__all__ = ["port_missing", "subset_missing"]


class Wanted(NamedTuple):
    """A port that is asked of a Service, by number or name; `namespace` is empty for the object's own."""

    name: str
    namespace: str
    port: int | str
    path: Path


def port_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Ports that an Ingress or a route names and its Service, which is there, does not have."""
    cluster, member = world(item)
    for name, namespace, wanted, path in _wanted(member):
        found = cluster.named("Service", name, namespace or member.resource.namespace)
        ports = [_ports(m) for m in found]
        if ports and all(p and wanted not in p for p in ports):
            place = ((pointer(found[0], ("spec", "ports")), "its ports"),)
            yield Hit((*item.path, *path), f"Service {name} has no port {wanted}", related=place)


def _wanted(member: Member) -> Iterator[Wanted]:
    asked = {"Ingress": _of_ingress, "VirtualService": _of_virtual_service}.get(member.resource.kind, _of_route)
    for one in asked(member.data):
        if one.name and one.port != "use-annotation" and not filled_in(str(one.port)):
            yield one


def _of_ingress(data: Mapping[str, object]) -> Iterator[Wanted]:
    for at, backend in ingress_backends(data):
        service = backend.get("service")
        if isinstance(service, dict):
            port = service.get("port")
            port = port if isinstance(port, dict) else {}
            yield from _asked(service.get("name"), "", port.get("number", port.get("name")), (*at, "service", "port"))
        else:
            yield from _asked(backend.get("serviceName"), "", backend.get("servicePort"), (*at, "servicePort"))


def _of_route(data: Mapping[str, object]) -> Iterator[Wanted]:
    """Backends of the routes of Gateway API; those that are no Services are left out."""
    for at, backend in holders(data, "spec.rules[].backendRefs[]"):
        if backend.get("kind", "Service") == "Service":
            namespace = backend.get("namespace")
            namespace = namespace if isinstance(namespace, str) else ""
            yield from _asked(backend.get("name"), namespace, backend.get("port"), (*at, "port"))


def _of_virtual_service(data: Mapping[str, object]) -> Iterator[Wanted]:
    for at, destination in destinations(data):
        name, namespace = host(str(destination.get("host", "")))
        port = destination.get("port")
        if isinstance(port, dict):
            yield from _asked(name, namespace, port.get("number"), (*at, "port", "number"))


def _asked(name: object, namespace: str, port: object, path: Path) -> Iterator[Wanted]:
    if isinstance(name, str) and isinstance(port, int | str):
        yield Wanted(name, namespace, port, path)


def _ports(member: Member) -> frozenset[int | str]:
    """Numbers and names of a Service's ports; none where it is a patch, or of another kind."""
    spec = member.data.get("spec")
    listed = spec.get("ports") if isinstance(spec, dict) else None
    entries = [p for p in listed if isinstance(p, dict)] if isinstance(listed, list) else []
    values = (p.get(field) for p in entries for field in ("port", "name"))
    found = frozenset(v for v in values if isinstance(v, int | str))
    return frozenset() if any(filled_in(str(v)) for v in found) else found


def subset_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Subsets that a VirtualService sends traffic to and no DestinationRule of the host defines.

    Where the files have no DestinationRule for the host it may be made elsewhere, which is told once for an object.
    """
    cluster, member = world(item)
    by_host = cluster.once("destination rules by host", lambda: _by_host(cluster))
    doubts: list[Path] = []
    for at, destination in destinations(member.data):
        subset, text = destination.get("subset"), destination.get("host")
        if not isinstance(subset, str) or not isinstance(text, str) or filled_in(subset + text):
            continue
        rules = [rule for rule in by_host.get(host(text)[0] or text, ()) if _same_host(member, text, rule)]
        path = (*item.path, *at, "subset")
        if not rules:
            doubts.append(path)
        elif not any(subset in _subsets(rule) for rule in rules):
            place = ((pointer(rules[0], ("spec", "host")), f"has {', '.join(sorted(_subsets(rules[0]))) or 'none'}"),)
            yield Hit(path, f"no DestinationRule of {text} has a subset {subset}", related=place)
    if doubts:
        yield Undecided(doubts[0], "a DestinationRule with the subset, which may be made outside of these files")


def _by_host(cluster: Cluster) -> Mapping[str, list[Member]]:
    """DestinationRules by the Service that their host stands for, or the host itself where that is none."""
    found: dict[str, list[Member]] = {}
    for rule in cluster.of_kind("DestinationRule"):
        text = _host(rule)
        found.setdefault(host(text)[0] or text, []).append(rule)
    return found


def _host(rule: Member) -> str:
    spec = rule.data.get("spec")
    found = spec.get("host") if isinstance(spec, dict) else None
    return found if isinstance(found, str) else ""


def _same_host(member: Member, text: str, rule: Member) -> bool:
    other = _host(rule)
    (name, namespace), (its, where) = host(text), host(other)
    if not name or not its:
        return text == other
    own, theirs = namespace or member.resource.namespace, where or rule.resource.namespace
    return name == its and same_namespace(own, theirs)


def _subsets(rule: Member) -> frozenset[str]:
    return frozenset(str(entry.get("name")) for _, entry in holders(rule.data, "spec.subsets[]"))
