"""The arithmetic of disruption budgets, beside a model of the controller that allows evictions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from guardrail.checks import autoscaling, ingresses
from guardrail.graph.cluster import Cluster, Member
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit
from guardrail.views.items import Item
from tests.odd_data import nested

Amount = int | str
AMOUNTS = st.integers(0, 12) | st.integers(0, 100).map(lambda n: f"{n}%")
POD = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "b"}]}}


def evictions(field: str, value: Amount, pods: int) -> int:
    """How many of `pods` healthy pods may go: getExpectedPodCount and updatePdbStatus, controller/disruption."""
    share = ceil(Fraction(int(value[:-1]), 100) * pods) if isinstance(value, str) else value
    wanted = max(pods - share, 0) if field == "maxUnavailable" else share
    return max(pods - wanted, 0)


def judged(budget: Mapping[str, Amount], *others: Mapping[str, Any]) -> tuple[list[Hit], list[Hit]]:
    """What is said of a budget: that it always blocks, and that it blocks at the autoscaler's minimum."""
    selector = {"matchLabels": {"app": "web"}}
    whole: list[Mapping[str, Any]] = [{"kind": "PodDisruptionBudget", "spec": {**budget, "selector": selector}}]
    whole += others
    cluster = Cluster()
    resources = [
        Resource(Document("f", n, None, OnePlace(), 1, 1), {**o}, (), "kubernetes", "v1", o["kind"], "web")
        for n, o in enumerate(whole)
    ]
    for resource in resources:
        cluster.add(resource, "")
    bindings = {"object": resources[0].data, "cluster": cluster, "member": Member(resources[0], "")}
    item = Item(resources[0], (), bindings, {"object": ()})
    return list(autoscaling.blocks_evictions(item, {})), list(autoscaling.blocks_at_minimum(item, {}))


def workload(replicas: int | None) -> dict[str, Any]:
    spec = {"template": POD} if replicas is None else {"template": POD, "replicas": replicas}
    return {"kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def scaler(fewest: int | None, most: int) -> dict[str, Any]:
    target = {"kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "maxReplicas": most} | ({} if fewest is None else {"minReplicas": fewest})
    return {"kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": spec}


@given(st.sampled_from(["minAvailable", "maxUnavailable"]), AMOUNTS, st.integers(1, 12))
@example("minAvailable", "50%", 1)
@example("maxUnavailable", "1%", 1)
@example("minAvailable", "67%", 3)
def test_a_number_of_pods(field: str, value: Amount, pods: int) -> None:
    always, at_minimum = judged({field: value}, workload(pods))
    assert bool(always) is (evictions(field, value, pods) == 0)
    assert not at_minimum


@given(AMOUNTS, st.none() | st.integers(1, 8), st.integers(1, 12))
def test_an_autoscaler(value: Amount, fewest: int | None, more: int) -> None:
    low = 1 if fewest is None else fewest
    high = low + more - 1
    always, at_minimum = judged({"minAvailable": value}, workload(None), scaler(fewest, high))
    blocked_low, blocked_high = (evictions("minAvailable", value, n) == 0 for n in (low, high))
    assert bool(always) is blocked_high
    assert bool(at_minimum) is (blocked_low and not blocked_high)


def test_neither_field_allows_nothing() -> None:
    """With neither, the controller expects no pod, and then allows no disruption."""
    always, at_minimum = judged({}, workload(3))
    assert [hit.path for hit in always] == [("spec", "minAvailable")]
    assert not at_minimum


def test_pods_of_other_objects_settle_nothing() -> None:
    other = {"kind": "DaemonSet", "metadata": {"name": "web"}, "spec": {"template": POD}}
    assert judged({"minAvailable": 1}, other) == ([], [])
    assert judged({"minAvailable": 1}) == ([], [])


ANY = nested(
    st.none() | st.booleans() | st.integers() | st.text("a$/%{\n", max_size=4),
    st.sampled_from("http paths path rules host pathType annotations minReplicas name kind".split()),
)


@given(ANY, ANY)
def test_any_ingress_and_any_autoscaler(spec: Any, metadata: Any) -> None:
    for kind, check in (("Ingress", ingresses.claimed_twice), ("HorizontalPodAutoscaler", autoscaling.scaled_twice)):
        data = {"kind": kind, "metadata": metadata, "spec": {"rules": spec, "scaleTargetRef": spec}}
        resource = Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", "v1", kind, "x")
        cluster = Cluster()
        cluster.add(resource, "")
        bindings = {"object": data, "cluster": cluster, "member": Member(resource, "")}
        for hit in check(Item(resource, (), bindings, {"object": ()}), {}):
            assert hit.path[0] == "spec"


def test_many_claims_of_one_path_end() -> None:
    """A generated file with thousands of the same path is judged in time that grows with it, not with its square."""
    rule = {"host": "a.example", "http": {"paths": [{"path": "/", "pathType": "Prefix"}] * 4000}}
    data = {"kind": "Ingress", "metadata": {}, "spec": {"rules": [rule]}}
    resource = Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", "v1", "Ingress", "x")
    cluster = Cluster()
    cluster.add(resource, "")
    bindings = {"object": data, "cluster": cluster, "member": Member(resource, "")}
    hits = list(ingresses.claimed_twice(Item(resource, (), bindings, {"object": ()}), {}))
    assert len(hits) == 3999
