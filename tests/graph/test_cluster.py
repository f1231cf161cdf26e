"""Names looked up among the objects of a scan: present, absent, and all that is not known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.graph.cluster import ABSENT, PRESENT, UNKNOWN, Cluster, Member
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.views.object_references import Reference, references
from guardrail.views.pod_labels import pairs
from guardrail.views.slips import nearly
from tests.odd_data import nested


def made(kind: str, name: str, namespace: str = "", spec: Any = None) -> Resource:
    data = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec or {}}
    document = Document("app/objects.yaml", 0, None, OnePlace(), 1, 1)
    return Resource(document, data, (), "kubernetes", "v1", kind, name, namespace)


def pod(name: str, *configs: str, namespace: str = "") -> Resource:
    sources = [{"configMapRef": {"name": config}} for config in configs]
    return made("Pod", name, namespace, {"containers": [{"name": "app", "image": "a:1", "envFrom": sources}]})


def answer(
    name: str, *others: Resource, namespace: str = "", beside: tuple[str, ...] = (), unseen: tuple[str, ...] = ()
) -> str:
    cluster = Cluster(frozenset(unseen))
    subject = pod("app", name, namespace=namespace)
    for resource in (subject, *others):
        cluster.add(resource, "app")
    return cluster.answer(Member(subject, "app"), Reference("ConfigMap", name, ()), beside).verdict


def test_what_is_there_is_present() -> None:
    assert answer("settings", made("ConfigMap", "settings")) == PRESENT


def test_a_namespace_that_is_not_written_may_be_any() -> None:
    assert answer("settings", made("ConfigMap", "settings", "web")) == PRESENT
    assert answer("settings", made("ConfigMap", "settings"), namespace="web") == PRESENT


def test_in_another_namespace_only() -> None:
    assert answer("settings", made("ConfigMap", "settings", "web"), namespace="jobs") == ABSENT


def test_made_by_another_object() -> None:
    assert answer("settings", made("Bundle", "settings")) == PRESENT


def test_alone_it_is_unknown() -> None:
    assert answer("settings") == UNKNOWN


def test_a_slip() -> None:
    assert answer("settings", made("ConfigMap", "setings")) == ABSENT


def test_no_slip_where_something_refers_to_the_other() -> None:
    assert answer("settings", made("ConfigMap", "setings"), pod("other", "setings")) == UNKNOWN


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
def test_overlays_rename_and_generate(name: str) -> None:
    assert answer("settings", made("ConfigMap", "setings"), beside=(name,)) == UNKNOWN


def test_input_that_could_not_be_read_may_hold_it() -> None:
    assert answer("settings", made("ConfigMap", "setings"), unseen=("ConfigMap",)) == UNKNOWN


def test_placeholders_are_unknown() -> None:
    assert answer("${settings}", made("ConfigMap", "${setings}")) == UNKNOWN


def test_one_of_a_family_is_missing() -> None:
    family = [made("ConfigMap", "shop-a"), made("ConfigMap", "shop-b"), pod("rest", "shop-a", "shop-b")]
    assert answer("shop-mail", *family) == ABSENT
    assert answer("platform-mail", *family) == UNKNOWN
    assert answer("mail", *family) == UNKNOWN
    assert answer("shop-mail", *family, pod("more", "shop-other")) == UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("settings", "setings", True),
        ("settings", "settigns", True),
        ("web", "wep", True),
        ("web", "api", False),
        ("shard-1", "shard-2", False),
        ("web", "web", False),
        ("ab", "ac", False),
        ("x" * 100, "x" * 99, False),
    ],
)
def test_slips(one: str, other: str, same: bool) -> None:
    assert nearly(one, other) is nearly(other, one) is same


@given(st.text("ab-1", max_size=70), st.text("ab-1", max_size=70))
def test_slips_go_both_ways(one: str, other: str) -> None:
    assert nearly(one, other) == nearly(other, one)


JSON = nested(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    st.sampled_from("containers env envFrom volumes configMap name secretRef items key spec rules subjects".split()),
    4,
)


@given(st.sampled_from(["Pod", "Deployment", "Ingress", "RoleBinding", "HorizontalPodAutoscaler", "Odd"]), JSON)
def test_any_data_is_read(kind: str, spec: Any) -> None:
    resource = made(kind, "x", spec=spec)
    resource.data.update(spec if isinstance(spec, dict) else {})
    assert all(isinstance(found.name, str) for found in references(resource))


@given(JSON)
def test_any_selector_is_read(selector: Any) -> None:
    found = pairs(selector)
    assert found is None or all(isinstance(v, str) for v in found.values())
