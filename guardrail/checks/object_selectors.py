"""Selectors that select nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from guardrail.checks.object_references import pointer, world
from guardrail.graph.cluster import LARGEST, Cluster, Member, same_namespace
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item
from guardrail.views.pod_labels import pairs, templates
from guardrail.views.pods import Pod
from guardrail.views.slips import nearly

__all__ = ["peer_selects_nothing", "selects_nothing"]

WORKLOADS = (
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Pod",
    "Job",
    "CronJob",
    "DeploymentConfig",
    "Rollout",
)
_CHOSEN_LATER = frozenset(
    "version track slot color colour release role environment env stage app.kubernetes.io/version "
    "app.kubernetes.io/instance".split()
)
"""Labels by which traffic is switched, or which a release or a controller sets."""
_SHOWN = 4


class Labelled(NamedTuple):
    """What a selector may select: an object of the scan or its pods, and their labels.

    `metadata` is where the labels stand in the file, `pod` the pod spec of pods.
    """

    member: Member
    labels: Mapping[str, str]
    metadata: Path
    pod: Pod | None = None


ByLabel = Mapping[tuple[str, str], Sequence[Labelled]]


def made(cluster: Cluster) -> tuple[Labelled, ...]:
    """All pods that objects of the scan make."""

    def gather() -> tuple[Labelled, ...]:
        return tuple(
            Labelled(m, labels, pod.metadata_path, pod)
            for m in cluster.every()
            for pod, labels in templates(m.resource)
        )

    return cluster.once("pods", gather)


def selected(cluster: Cluster, wanted: Mapping[str, str], namespace: str) -> list[Labelled]:
    """Pods of the scan that have all of some labels, in a namespace."""
    return having(cluster.once("pods by label", lambda: by_label(made(cluster))), wanted, namespace)


def by_label(among: Iterable[Labelled]) -> ByLabel:
    """Things by each of their labels."""
    found: dict[tuple[str, str], list[Labelled]] = {}
    for one in among:
        for pair in one.labels.items():
            found.setdefault(pair, []).append(one)
    return found


def having(among: ByLabel, wanted: Mapping[str, str], namespace: str) -> list[Labelled]:
    """Those that have all of some labels, one at least, in a namespace."""
    return [
        one
        for one in among.get(next(iter(wanted.items())), ())
        if wanted.items() <= one.labels.items() and same_namespace(one.member.resource.namespace, namespace)
    ]


def selects_nothing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A selector at `spec.<field>` that no pod of the scan has all labels of.

    A fault where the same application shows what was meant: pods with the same labels but for a slip in one value, or
    the workload of the same name that no other object of this kind selects. Else pods may come from elsewhere.
    """
    cluster, member = world(item)
    wanted = wanted_by(member, arguments["field"])
    if wanted is None or selected(cluster, wanted, item.resource.namespace):
        return
    path = (*item.path, "spec", arguments["field"])
    meant = _meant(cluster, member, wanted, arguments["field"])
    if meant is not None:
        one, why = meant
        words = f"{shown(wanted)} selects no pod; {one.member.resource.label} is there, and {why}"
        yield Hit(path, words, related=((labels_of(one), "the pods that are there"),))
        return
    first, all_of = _lost(cluster, member, arguments["field"])
    if first is member.data and all_of:
        yield Undecided(path, f"pods labelled {'; '.join(all_of)}, which may be made outside of these files")


def _meant(cluster: Cluster, member: Member, wanted: Mapping[str, str], field: str) -> tuple[Labelled, str] | None:
    """The pods that a selector which selects none was meant for, and how they differ."""
    for one in _near(cluster, member) if cluster.unseen.isdisjoint(WORKLOADS) else ():
        slip = slip_of(wanted, one.labels)
        if slip or forgotten(cluster, member, one, wanted, field):
            return one, slip or f"its pods are labelled {shown(one.labels)}"
    return None


def wanted_by(member: Member, field: str) -> dict[str, str] | None:
    """The labels that a selector at `spec.<field>` asks for; None where nothing can be said of it."""
    spec = member.data.get("spec")
    if not isinstance(spec, dict) or spec.get("type") == "ExternalName":
        return None
    return pairs(spec.get(field))


def _lost(cluster: Cluster, member: Member, field: str) -> tuple[object, tuple[str, ...]]:
    """Selectors of the kind that select nothing in an application, and the first object of them: one cause, told once.

    Documents that show no pods at all are left out: what their snippets select is the reader's.
    """

    def gather() -> tuple[object, tuple[str, ...]]:
        if not any(cluster.shows(kind, member.application) for kind in WORKLOADS):
            return None, ()
        lost = [
            (other.data, wanted)
            for other in cluster.every_of(member.application)
            if other.resource.kind == member.resource.kind
            and other.resource.api_version.partition("/")[0] == member.resource.api_version.partition("/")[0]
            and (wanted := wanted_by(other, field)) is not None
            and not selected(cluster, wanted, other.resource.namespace)
            and _meant(cluster, other, wanted, field) is None
        ]
        told = list(dict.fromkeys(shown(wanted) for _, wanted in lost))
        rest = [f"{len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
        return (lost[0][0] if lost else None), (*told[:_SHOWN], *rest)

    return cluster.once(("lost", member.resource.kind, field, member.application), gather)


def _near(cluster: Cluster, member: Member) -> Iterator[Labelled]:
    """Pods of the same application, of kinds that make pods as their template says."""

    def group() -> dict[str, list[Labelled]]:
        found: dict[str, list[Labelled]] = {}
        for one in made(cluster):
            if one.member.resource.kind in WORKLOADS:
                found.setdefault(one.member.application, []).append(one)
        return found

    found = cluster.once("pods by application", group).get(member.application, ())
    for one in found if len(found) <= LARGEST else ():
        whole = one.pod is not None and not one.pod.partial
        if whole and same_namespace(one.member.resource.namespace, member.resource.namespace):
            yield one


def slip_of(wanted: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """How labels differ from those wanted in one value only, if they look like a slip."""
    if not wanted.keys() <= labels.keys():
        return ""
    other = [key for key in wanted if labels[key] != wanted[key]]
    if len(other) == 1 and nearly(labels[other[0]], wanted[other[0]]):
        return f"{other[0]} is {labels[other[0]]} there"
    return ""


def forgotten(cluster: Cluster, member: Member, one: Labelled, wanted: Mapping[str, str], field: str) -> bool:
    """Whether what has the same name is selected by nothing of the subject's kind, and shares no label wanted."""
    if one.member.resource.name != member.resource.name or not one.labels:
        return False
    differing = {k for k in wanted if one.labels.get(k) != wanted[k]}
    absent = {k for k in wanted if k not in one.labels}
    if differing & _CHOSEN_LATER or (absent and len(differing) < len(wanted)):
        return False
    for other in cluster.of_kind(member.resource.kind):
        asked = wanted_by(other, field)
        if asked and asked.items() <= one.labels.items():
            return False
    return True


def peer_selects_nothing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Peers of a NetworkPolicy, in its own namespace, of which a pod of the application differs by a slip only."""
    cluster, member = world(item)
    if not cluster.unseen.isdisjoint(WORKLOADS):
        return
    for path, peer in _peers(item):
        wanted = pairs(peer.get("podSelector"))
        if wanted is None or "namespaceSelector" in peer or selected(cluster, wanted, item.resource.namespace):
            continue
        for one in _near(cluster, member):
            slip = slip_of(wanted, one.labels)
            if slip:
                words = f"{shown(wanted)} selects no pod; {one.member.resource.label} is there, and {slip}"
                yield Hit((*path, "podSelector"), words, related=((labels_of(one), "the pods that are there"),))
                break


def _peers(item: Item) -> Iterator[tuple[Path, Mapping[str, object]]]:
    spec = item.resource.data.get("spec")
    for direction, field in (("ingress", "from"), ("egress", "to")):
        rules = spec.get(direction) if isinstance(spec, dict) else None
        for i, rule in enumerate(rules if isinstance(rules, list) else ()):
            peers = rule.get(field) if isinstance(rule, dict) else None
            for j, peer in enumerate(peers if isinstance(peers, list) else ()):
                if isinstance(peer, dict):
                    yield (*item.path, "spec", direction, i, field, j), peer


def labels_of(one: Labelled) -> Pointer:
    """Where the labels stand."""
    return pointer(one.member, ())._replace(path=one.metadata)


def shown(labels: Mapping[str, str]) -> str:
    """Labels as they are written on a command line."""
    return ", ".join(f"{k}={v}" for k, v in labels.items())
