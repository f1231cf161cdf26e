"""Selectors that select nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.checks.object_references import pointer, world
from guardrail.graph.cluster import LARGEST, Cluster, Member, nearly, same_namespace
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item
from guardrail.views.pod_labels import pairs, templates
from guardrail.views.pods import Pod

__all__ = ["selects_nothing"]

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


class Made(NamedTuple):
    """Pods that an object makes: the object, the pod spec and the labels."""

    member: Member
    pod: Pod
    labels: Mapping[str, str]


def made(cluster: Cluster) -> tuple[Made, ...]:
    """All pods that objects of the scan make."""

    def gather() -> tuple[Made, ...]:
        return tuple(Made(m, pod, labels) for m in cluster.every() for pod, labels in templates(m.resource))

    return cluster.once("pods", gather)


def selected(cluster: Cluster, wanted: Mapping[str, str], namespace: str) -> list[Made]:
    """Pods of the scan that have all of some labels, in a namespace."""

    def index() -> dict[tuple[str, str], list[Made]]:
        found: dict[tuple[str, str], list[Made]] = {}
        for one in made(cluster):
            for pair in one.labels.items():
                found.setdefault(pair, []).append(one)
        return found

    first = next(iter(wanted.items()))
    return [
        one
        for one in cluster.once("pods by label", index).get(first, ())
        if wanted.items() <= one.labels.items() and same_namespace(one.member.resource.namespace, namespace)
    ]


def selects_nothing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A selector at `spec.<field>` that no pod of the scan has all labels of.

    A fault where the same application shows what was meant: pods with the same labels but for a slip in one value, or
    the workload of the same name that no other object of this kind selects. Else pods may come from elsewhere.
    """
    cluster, member = world(item)
    spec = item.resource.data.get("spec")
    field = arguments["field"]
    wanted = pairs(spec.get(field)) if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or wanted is None or spec.get("type") == "ExternalName":
        return
    if selected(cluster, wanted, item.resource.namespace):
        return
    path = (*item.path, "spec", field)
    if cluster.unseen.isdisjoint(WORKLOADS):
        for one in _near(cluster, member):
            slip = _slip(wanted, one.labels)
            if slip or _forgotten(cluster, member, one, wanted, field):
                why = slip or f"its pods are labelled {_shown(one.labels)}"
                metadata = pointer(one.member, ())._replace(path=one.pod.metadata_path)
                words = f"{_shown(wanted)} selects no pod; {one.member.resource.label} is there, and {why}"
                yield Hit(path, words, related=((metadata, "the pods that are there"),))
                return
    yield Undecided(path, f"pods labelled {_shown(wanted)}, which may be made outside of these files")


def _near(cluster: Cluster, member: Member) -> Iterator[Made]:
    """Pods of the same application, of kinds that make pods as their template says."""

    def group() -> dict[str, list[Made]]:
        found: dict[str, list[Made]] = {}
        for one in made(cluster):
            if one.member.resource.kind in WORKLOADS:
                found.setdefault(one.member.application, []).append(one)
        return found

    found = cluster.once("pods by application", group).get(member.application, ())
    for one in found if len(found) <= LARGEST else ():
        if same_namespace(one.member.resource.namespace, member.resource.namespace) and not one.pod.partial:
            yield one


def _slip(wanted: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """How labels differ from those wanted in one value only, if they look like a slip."""
    if not wanted.keys() <= labels.keys():
        return ""
    other = [key for key in wanted if labels[key] != wanted[key]]
    if len(other) == 1 and nearly(labels[other[0]], wanted[other[0]]):
        return f"{other[0]} is {labels[other[0]]} there"
    return ""


def _forgotten(cluster: Cluster, member: Member, one: Made, wanted: Mapping[str, str], field: str) -> bool:
    """Whether a workload of the same name is selected by nothing of the subject's kind, and shares no label wanted."""
    if one.member.resource.name != member.resource.name or not one.labels:
        return False
    differing = {k for k in wanted if one.labels.get(k) != wanted[k]}
    absent = {k for k in wanted if k not in one.labels}
    if differing & _CHOSEN_LATER or (absent and len(differing) < len(wanted)):
        return False
    for other in cluster.of_kind(member.resource.kind):
        spec = other.data.get("spec")
        asked = pairs(spec.get(field)) if isinstance(spec, dict) else None
        if asked and asked.items() <= one.labels.items():
            return False
    return True


def _shown(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{k}={v}" for k, v in labels.items())
