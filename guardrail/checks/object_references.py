"""Names that lead nowhere: objects of a scan beside what they refer to, with three answers (see `graph.cluster`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from re import compile as regex
from typing import Any, NamedTuple, cast

from guardrail.graph.cluster import ABSENT, UNKNOWN, Answer, Cluster, Member
from guardrail.graph.repository import Repository
from guardrail.model.document import KUSTOMIZATIONS
from guardrail.model.place import Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item
from guardrail.views.object_references import Reference
from guardrail.views.placeholders import filled_in
from guardrail.views.pods import pods

__all__ = ["dangling", "declared_twice", "key_missing"]

_GIVEN = {
    "ServiceAccount": frozenset({"default"}),
    "ConfigMap": frozenset({"kube-root-ca.crt", "openshift-service-ca.crt"}),
    "Role": frozenset({"extension-apiserver-authentication-reader"}),
    "ClusterRole": frozenset({"cluster-admin", "admin", "edit", "view"}),
    "PriorityClass": frozenset({"system-cluster-critical", "system-node-critical"}),
    "AppProject": frozenset({"default"}),
}
"""Objects that every namespace or cluster has (Kubernetes' documents, "Using RBAC Authorization" and others)."""


def dangling(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """References of some `kinds` to objects that are not there; those to optional ones are left out.

    What is unknown is told once for an application and the sort of objects that refer, with all names: one cause, which
    one look into the cluster settles.
    """
    cluster, member = world(item)
    unknown: list[Reference] = []
    for found, answer in _answers(item, member, arguments):
        if answer.verdict == ABSENT:
            near = ((pointer(answer.near, ("metadata", "name")), "what is there"),) if answer.near else ()
            yield Hit(found.path, f"no {found.kind} named {found.name} among the files: {answer.why}", related=near)
        elif answer.verdict == UNKNOWN and cluster.shows(found.kind, member.application):
            unknown.append(found)
    if unknown:
        all_of = _unknown_of(item, member, arguments)
        if all_of.first is member.data:
            yield Undecided(unknown[0].path, f"{_listed(all_of.names)}, which may be made outside of these files")


class _Unknown(NamedTuple):
    """What objects of one sort in one application refer to and no file has; `first` is the one that is told of."""

    first: object
    names: tuple[tuple[str, str], ...]


def _unknown_of(item: Item, member: Member, arguments: Mapping[str, Any]) -> _Unknown:
    cluster = world(item)[0]
    sort = _sort(cluster, member)
    key = ("unknown", sort, member.application, *arguments["kinds"], *arguments["params"].get("external", ()))

    def gather() -> _Unknown:
        first: object = None
        names: dict[tuple[str, str], None] = {}
        for other in cluster.every_of(member.application):
            if _sort(cluster, other) != sort:
                continue
            for found, answer in _answers(item, other, arguments):
                if answer.verdict == UNKNOWN and cluster.shows(found.kind, other.application):
                    first = other.data if first is None else first
                    names[found.kind, found.name] = None
        return _Unknown(first, tuple(names))

    return cluster.once(key, gather)


def _sort(cluster: Cluster, member: Member) -> str:
    """Objects with pods are of one sort, whatever their kind; so are autoscalers, bindings and routes."""

    def find() -> str:
        kind = member.resource.kind
        return "" if pods(member.resource) else next((end for end in _SORTS if kind.endswith(end)), kind)

    return cluster.once(("sort", id(member.data)), find)


_SORTS = ("Autoscaler", "Binding", "Route", "WebhookConfiguration")


def _listed(names: Sequence[tuple[str, str]]) -> str:
    """`Secret a, Secret b and 3 more`."""
    shown = [f"{kind} {name}" for kind, name in names[:_SHOWN]]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


_SHOWN = 8


def _answers(item: Item, member: Member, arguments: Mapping[str, Any]) -> Iterator[tuple[Reference, Answer]]:
    """References of an object to some `kinds`, each name once, and what is said of it."""
    cluster = world(item)[0]
    external = [regex(_pattern(text)) for text in arguments["params"].get("external", ())]
    told: set[tuple[str, str]] = set()
    for found in cluster.references(member.resource):
        kind, name = found.kind, found.name
        if kind not in arguments["kinds"] or found.optional or (kind, name) in told:
            continue
        told.add((kind, name))
        if name in _GIVEN.get(kind, ()) or name.startswith("system:") or any(p.fullmatch(name) for p in external):
            continue
        yield found, cluster.answer(member, found, beside(item))


def key_missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Keys that are asked of ConfigMaps and Secrets which are there, and do not have them."""
    cluster, member = world(item)
    if any(name in KUSTOMIZATIONS for name in beside(item)):
        return  # overlays merge into them
    for found in cluster.references(item.resource):
        if not found.key or found.optional or filled_in(found.key):
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


def declared_twice(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An object that its own file declares once more before; the later one wins without a word."""
    cluster, _ = world(item)
    own = item.resource
    if not own.name or "*" in own.name or filled_in(own.name + own.namespace):
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
    """Names of the files in the item's folder; none matter to an object that was built from all of them."""
    if world(item)[1].built:
        return ()
    repository = item.bindings.get("repository")
    return repository.names("") if isinstance(repository, Repository) else ()


def pointer(member: Member, path: tuple[str | int, ...]) -> Pointer:
    """Where something of another object is."""
    document = member.resource.document
    return Pointer(document.file, (*member.resource.path, *path), document=document.index)


def _pattern(text: str) -> str:
    from re import escape

    return escape(text).replace(r"\*", ".*")
