"""Names that lead nowhere: objects of a scan beside what they refer to, with three answers (see `graph.cluster`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any, cast

from guardrail.graph.cluster import ABSENT, UNKNOWN, Cluster, Member
from guardrail.graph.repository import Repository
from guardrail.model.place import Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item
from guardrail.views.object_references import ingress_backends

__all__ = ["dangling", "declared_twice", "key_missing", "port_missing"]

_GIVEN = {
    "ServiceAccount": frozenset({"default"}),
    "ConfigMap": frozenset({"kube-root-ca.crt", "openshift-service-ca.crt"}),
    "Role": frozenset({"extension-apiserver-authentication-reader"}),
    "ClusterRole": frozenset({"cluster-admin", "admin", "edit", "view"}),
}
"""Objects that every namespace or cluster has (Kubernetes' documents, "Using RBAC Authorization" and others)."""

_FILLED_IN = regex(r"[$<{%]")
_KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})


def dangling(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """References of some `kinds` to objects that are not there; those to optional ones are left out."""
    cluster, member = world(item)
    external = [regex(_pattern(text)) for text in arguments["params"].get("external", ())]
    told: set[tuple[str, str]] = set()
    for found in cluster.references(item.resource):
        kind, name = found.kind, found.name
        if kind not in arguments["kinds"] or found.optional or (kind, name) in told:
            continue
        told.add((kind, name))
        if name in _GIVEN.get(kind, ()) or name.startswith("system:") or any(p.fullmatch(name) for p in external):
            continue
        answer = cluster.answer(member, found, beside(item))
        if answer.verdict == ABSENT:
            near = ((pointer(answer.near, ("metadata", "name")), "what is there"),) if answer.near else ()
            yield Hit(found.path, f"no {kind} named {name} among the files: {answer.why}", related=near)
        elif answer.verdict == UNKNOWN:
            yield Undecided(found.path, answer.why)


def key_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Keys that are asked of ConfigMaps and Secrets which are there, and do not have them."""
    cluster, member = world(item)
    if not _KUSTOMIZATIONS.isdisjoint(beside(item)):
        return  # overlays merge into them
    for found in cluster.references(item.resource):
        if not found.key or found.optional or _FILLED_IN.search(found.key):
            continue
        if found.kind in cluster.unseen or cluster.is_made(found.kind, found.name):
            continue  # it may have further keys
        named = cluster.named(found.kind, found.name, member.resource.namespace)
        near = [m for m in named if m.application == member.application]
        keys = [_keys(m) for m in near]
        if keys and len(near) == len(named) and all(k and found.key not in k for k in keys):
            shown = ", ".join(sorted(keys[0])[:5])
            place = ((pointer(near[0], ("metadata", "name")), f"has {shown}"),)
            yield Hit(found.key_path, f"{found.kind} {found.name} has no key {found.key}", related=place)


def _keys(member: Member) -> frozenset[str]:
    """The keys of a ConfigMap or Secret; none where they are filled in by somebody else."""
    data = member.data
    metadata = data.get("metadata")
    annotated = isinstance(metadata, dict) and metadata.get("annotations")
    if annotated or data.get("type") == "kubernetes.io/service-account-token":
        return frozenset()
    held = (data.get(field) for field in ("data", "stringData", "binaryData"))
    return frozenset(str(key) for part in held if isinstance(part, dict) for key in part)


def port_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Ports that an Ingress names and its Service, which is there, does not have."""
    cluster, member = world(item)
    for at, backend in ingress_backends(item.resource.data):
        service = backend.get("service")
        if isinstance(service, dict):
            name, port, path = service.get("name"), service.get("port"), (*at, "service", "port")
            port = port if isinstance(port, dict) else {}
            wanted = port.get("number", port.get("name"))
        else:
            name, wanted, path = backend.get("serviceName"), backend.get("servicePort"), (*at, "servicePort")
        if not isinstance(name, str) or not isinstance(wanted, int | str) or _FILLED_IN.search(str(wanted)):
            continue
        found = cluster.named("Service", name, member.resource.namespace)
        ports = [_ports(m) for m in found]
        if wanted != "use-annotation" and ports and all(p and wanted not in p for p in ports):
            place = ((pointer(found[0], ("spec", "ports")), "its ports"),)
            yield Hit((*item.path, *path), f"Service {name} has no port {wanted}", related=place)


def _ports(member: Member) -> frozenset[int | str]:
    """Numbers and names of a Service's ports; none where it is a patch, or of another kind."""
    spec = member.data.get("spec")
    listed = spec.get("ports") if isinstance(spec, dict) else None
    entries = [p for p in listed if isinstance(p, dict)] if isinstance(listed, list) else []
    values = (p.get(field) for p in entries for field in ("port", "name"))
    found = frozenset(v for v in values if isinstance(v, int | str))
    return frozenset() if any(_FILLED_IN.search(str(v)) for v in found) else found


def declared_twice(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An object that its own file declares once more before; the later one wins without a word."""
    cluster, _ = world(item)
    own = item.resource
    if not own.name or "*" in own.name or _FILLED_IN.search(own.name + own.namespace):
        return
    for other in cluster.named(own.kind, own.name, own.namespace):
        found = other.resource
        if _position(found) == _position(own):
            return
        same = found.document.file == own.document.file and found.namespace == own.namespace
        if same and _group(found) == _group(own):
            where = ((pointer(other, ("metadata", "name")), "declared here first"),)
            yield Hit((*own.path, "metadata", "name"), f"{own.label} is declared a second time", related=where)
            return


def _position(resource: Any) -> tuple[str, int, tuple[str | int, ...]]:
    return (resource.document.file, resource.document.index, resource.path)


def _group(resource: Any) -> str:
    return str(resource.api_version).rpartition("/")[0]


def world(item: Item) -> tuple[Cluster, Member]:
    """The objects of the scan, and the item's own object among them."""
    return cast(Cluster, item.bindings["cluster"]), cast(Member, item.bindings["member"])


def beside(item: Item) -> tuple[str, ...]:
    """Names of the files in the item's folder."""
    repository = item.bindings.get("repository")
    return repository.names("") if isinstance(repository, Repository) else ()


def pointer(member: Member, path: tuple[str | int, ...]) -> Pointer:
    """Where something of another object is."""
    return Pointer(member.resource.document.file, (*member.resource.path, *path))


def _pattern(text: str) -> str:
    from re import escape

    return escape(text).replace(r"\*", ".*")
