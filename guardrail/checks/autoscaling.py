"""Autoscalers and disruption budgets beside the workloads they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from re import compile as regex
from typing import Any

from guardrail.checks.object_references import pointer, world
from guardrail.checks.object_selectors import selected
from guardrail.checks.object_sets import together
from guardrail.graph.cluster import Cluster, Member
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item
from guardrail.views.pod_labels import pairs, templates

__all__ = ["blocks_at_minimum", "blocks_evictions", "in_conflict", "scaled_twice", "without_requests"]

_PERCENT = regex(r"([0-9]{1,3})%")
_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout")
_RESOURCES = ("cpu", "memory")
_FEWEST, _MOST = ("minReplicas", "minReplicaCount"), ("maxReplicas", "maxReplicaCount")
"""Bounds of a HorizontalPodAutoscaler and of a ScaledObject."""


def without_requests(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Utilization targets of a HorizontalPodAutoscaler for a resource that containers of its workload do not request.

    "if some of the Pod's containers do not have the relevant resource request set, CPU utilization for the Pod will
    not be defined and the autoscaler will not take any action for that metric" (Kubernetes' documents, "Horizontal
    Pod Autoscaling"). A limit stands for a request; a LimitRange may give one.
    """
    cluster, member = world(item)
    workload = _workload(cluster, member)
    if workload is None:
        return
    for name, path in _utilization(item.resource.data):
        for pod, _ in templates(workload.resource):
            missing = [c for c in pod.containers if c.role in ("container", "sidecar") and not _asks(c.data, name)]
            if pod.partial or not missing or pod.spec.get("resources"):
                continue
            full = (*item.path, *path)
            if "LimitRange" in cluster.unseen or any(
                _together(cluster, m, member) for m in cluster.of_kind("LimitRange")
            ):
                yield Undecided(full, "the requests that a LimitRange gives")
                continue
            first = missing[0]
            where = pointer(workload, ())._replace(path=first.path)
            words = f"scales by {name} utilization, and {first.title} requests no {name}"
            yield Hit(full, words, related=((where, f"requests no {name}"),))


def in_conflict(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """VerticalPodAutoscalers that change a resource by which a HorizontalPodAutoscaler scales the same workload.

    The autoscaler's documents (kubernetes/autoscaler, vertical-pod-autoscaler, "Known limitations"): not to be used
    with the HPA on the same resource metric. `updateMode: "Off"` only recommends.
    """
    cluster, member = world(item)
    spec = item.resource.data.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    policy = spec.get("updatePolicy")
    if isinstance(policy, dict) and policy.get("updateMode") in ("Off", False):
        return
    controlled = _controlled(spec)
    for scaler in _scalers(cluster).get(_target(member, "targetRef"), ()):
        if scaler.resource.kind != "HorizontalPodAutoscaler" or not _together(cluster, scaler, member):
            continue
        both = [name for name, _ in _utilization(scaler.data) if name in controlled]
        if both:
            words = f"{scaler.resource.label} scales by {' and '.join(dict.fromkeys(both))}, which this changes"
            place = ((pointer(scaler, ("spec",)), "scales by it"),)
            yield Hit((*item.path, "spec", "targetRef"), words, related=place)


def blocks_evictions(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Budgets that allow no eviction: by what they say, or for the number of pods that their workloads have.

    "If you set maxUnavailable to 0% or 0, or you set minAvailable to 100% or the number of replicas, you are
    requiring zero voluntary evictions" (Kubernetes' documents, "Specifying a Disruption Budget"). Percentages are
    rounded up, of both fields alike (ibid., "Rounding logic when specifying percentages"). With neither field no pod
    is expected, and then none may go (kubernetes/kubernetes, controller/disruption: getExpectedPodCount leaves the
    count at 0, updatePdbStatus allows nothing then).
    """
    cluster, member = world(item)
    spec = item.resource.data.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    field = "maxUnavailable" if "maxUnavailable" in spec else "minAvailable"
    value = spec.get(field)
    path = (*item.path, "spec", field)
    if value is None and "selector" in spec:
        yield Hit(path, "neither minAvailable nor maxUnavailable is set, which allows no eviction", missing=True)
        return
    if (field == "maxUnavailable" and value in (0, "0", "0%")) or (field == "minAvailable" and value == "100%"):
        yield Hit(path, f"{field}: {value} allows no eviction, whatever the number of pods")
        return
    if field == "maxUnavailable" or value is None:
        return
    workloads = _budgeted(cluster, member, spec)
    total = _pods(cluster, workloads, _MOST)
    if _blocks(value, total):
        words = f"minAvailable: {value} of {total} pod{'s' * (total > 1)} allows no eviction"
        yield Hit(path, words, related=((pointer(workloads[0], ("spec",)), "the workload"),))


def blocks_at_minimum(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Budgets that allow an eviction with the most pods of an autoscaler, and none with the fewest.

    The least number that KEDA keeps counts where it is written and not 0: with none there is nothing to evict.
    """
    cluster, member = world(item)
    spec = item.resource.data.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    value = spec.get("minAvailable")
    if value is None or "maxUnavailable" in spec:
        return
    workloads = _budgeted(cluster, member, spec)
    fewest, most = _pods(cluster, workloads, _FEWEST), _pods(cluster, workloads, _MOST)
    if 0 < fewest < most and _blocks(value, fewest) and not _blocks(value, most):
        words = f"minAvailable: {value} allows no eviction while there are {fewest} pods, the fewest of the autoscaler"
        first = next(s for w in workloads for s in _scalers_of(cluster, w))
        yield Hit((*item.path, "spec", "minAvailable"), words, related=((pointer(first, ("spec",)), "the autoscaler"),))


def scaled_twice(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Autoscalers of a workload that another one, which comes before, scales already.

    The controller takes no action for either ("pods by selector ... are controlled by multiple HPAs", condition
    AmbiguousSelector); KEDA makes a HorizontalPodAutoscaler of each ScaledObject.
    """
    cluster, member = world(item)
    kind, name = _target(member, "scaleTargetRef")
    for other in _scalers(cluster).get((kind, name), ()) if name else ():
        if other.resource is member.resource:
            return
        if together(other, member) and not _takes_over(member) and not _takes_over(other):
            where = ((pointer(other, ("spec", "scaleTargetRef")), "scales it, too"),)
            words = f"{other.resource.label} scales {kind} {name} already"
            yield Hit((*item.path, "spec", "scaleTargetRef"), words, related=where)
            return


def _takes_over(scaler: Member) -> bool:
    """Whether a ScaledObject takes over an autoscaler that is there (KEDA, "ScaledObject specification")."""
    metadata = scaler.data.get("metadata")
    notes = metadata.get("annotations") if isinstance(metadata, dict) else None
    return isinstance(notes, dict) and str(notes.get("scaledobject.keda.sh/transfer-hpa-ownership")) == "true"


def _budgeted(cluster: Cluster, budget: Member, spec: Mapping[str, object]) -> list[Member]:
    """The workloads whose pods a budget selects; none where that cannot be told from the files."""
    wanted = pairs(spec.get("selector"))
    found = selected(cluster, wanted, budget.resource.namespace) if wanted is not None else ()
    return list({id(one.member.data): one.member for one in found}.values())


def _pods(cluster: Cluster, workloads: Sequence[Member], bound: tuple[str, str]) -> int:
    """How many pods some workloads have together; 0 where that is not known of one of them."""
    counts = [_replicas(cluster, member, bound) for member in workloads]
    return 0 if any(count is None for count in counts) else sum(count or 0 for count in counts)


def _blocks(value: object, total: int) -> bool:
    least = _number(value, total)
    return total > 0 and least is not None and least >= total


def _number(value: object, total: int) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    return -(-int(match[1]) * total // 100) if match else None


def _replicas(cluster: Cluster, member: Member, bound: tuple[str, str]) -> int | None:
    """How many pods a workload has: what it says, or an autoscaler's `bound`; None where that is not known."""
    if member.resource.kind not in _SCALED:
        return None
    for scaler in _scalers_of(cluster, member):
        spec = scaler.data.get("spec")
        spec = spec if isinstance(spec, dict) else {}
        default = 1 if bound is _FEWEST and scaler.resource.kind == "HorizontalPodAutoscaler" else None
        count = spec.get(bound[0], spec.get(bound[1], default))
        return count if isinstance(count, int) and not isinstance(count, bool) else None
    spec = member.data.get("spec")
    count = spec.get("replicas", 1) if isinstance(spec, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def _workload(cluster: Cluster, scaler: Member) -> Member | None:
    """The workload an autoscaler is for, if the scan has just one that it may be."""
    target = _target(scaler, "scaleTargetRef")
    found = [m for m in cluster.named(*target, scaler.resource.namespace) if _together(cluster, m, scaler)]
    return found[0] if len(found) == 1 else None


def _scalers(cluster: Cluster) -> Mapping[tuple[str, str], list[Member]]:
    """Autoscalers by kind and name of what they scale."""

    def group() -> dict[tuple[str, str], list[Member]]:
        found: dict[tuple[str, str], list[Member]] = {}
        for scaler in cluster.of_kind("HorizontalPodAutoscaler", "ScaledObject"):
            found.setdefault(_target(scaler, "scaleTargetRef"), []).append(scaler)
        return found

    return cluster.once("autoscalers", group)


def _scalers_of(cluster: Cluster, workload: Member) -> Iterator[Member]:
    """The autoscalers of a workload."""
    found = _scalers(cluster).get((workload.resource.kind, workload.resource.name), ())
    return (scaler for scaler in found if _together(cluster, scaler, workload))


def _target(scaler: Member, field: str) -> tuple[str, str]:
    spec = scaler.data.get("spec")
    target = spec.get(field) if isinstance(spec, dict) else None
    target = target if isinstance(target, dict) else {}
    return str(target.get("kind") or "Deployment"), str(target.get("name") or "")


def _together(cluster: Cluster, one: Member, other: Member) -> bool:
    """Whether two objects are meant for each other: one written namespace, or one application."""
    first, second = one.resource.namespace, other.resource.namespace
    return first == second if first and second else one.application == other.application


def _utilization(data: Mapping[str, object]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Resources by whose utilization an autoscaler scales, with their paths; `container` metrics are left out."""
    spec = data.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    if "targetCPUUtilizationPercentage" in spec:
        yield "cpu", ("spec", "targetCPUUtilizationPercentage")
    listed = spec.get("metrics")
    for index, metric in enumerate(listed if isinstance(listed, list) else ()):
        resource = metric.get("resource") if isinstance(metric, dict) and metric.get("type") == "Resource" else None
        if isinstance(resource, dict):
            target = resource.get("target")
            kind = target.get("type") if isinstance(target, dict) else None
            if kind == "Utilization" or "targetAverageUtilization" in resource:
                yield str(resource.get("name")), ("spec", "metrics", index, "resource", "name")


def _controlled(spec: Mapping[str, object]) -> frozenset[str]:
    """Resources that a VerticalPodAutoscaler changes."""
    policy = spec.get("resourcePolicy")
    listed = policy.get("containerPolicies") if isinstance(policy, dict) else None
    entries = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
    if not any(e.get("containerName") == "*" for e in entries):
        return frozenset(_RESOURCES)
    found: set[str] = set()
    for entry in entries:
        if entry.get("mode") != "Off":
            named = entry.get("controlledResources")
            found.update(str(n) for n in named) if isinstance(named, list) else found.update(_RESOURCES)
    return frozenset(found)


def _asks(container: Mapping[str, object], name: str) -> bool:
    resources = container.get("resources")
    resources = resources if isinstance(resources, dict) else {}
    parts = (resources.get("requests"), resources.get("limits"))
    return any(isinstance(part, dict) and name in part for part in parts)
