"""What is refused of the fields of built-in kinds: types, words, slips, and fields at the wrong place."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.place import render_path
from guardrail.views.api_schema import Fault, faults
from tests.odd_data import nested


def told(data: dict[str, Any]) -> list[Fault]:
    api, kind = str(data.get("apiVersion")), str(data.get("kind"))
    return list(faults(Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", api, kind, "x")))


def pod(**container: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "b", **container}]}}


@pytest.mark.parametrize(
    ("container", "kind", "words"),
    [
        ({"securityContent": {}}, "misspelt", "there is no field securityContent; securityContext is meant"),
        ({"livenesProbe": {}}, "misspelt", "there is no field livenesProbe; livenessProbe is meant"),
        ({"resource": {}}, "misspelt", "there is no field resource; resources is meant"),
        ({"Image": "x"}, "unknown", "there is no field Image here"),
        ({"image_pull_policy": "Always"}, "misspelt", "there is no field image_pull_policy; imagePullPolicy is meant"),
        ({"resource": {}, "resources": {}}, "unknown", "there is no field resource here"),
        ({"hostNetwork": True}, "unknown", "there is no field hostNetwork here; spec has one"),
        ({"runAsUser": 1}, "unknown", "there is no field runAsUser here; securityContext has one"),
        ({"httpGet": {}}, "unknown", "there is no field httpGet here; livenessProbe has one"),
        ({"env": {"A": "b"}}, "type", "env must be a list, and is a mapping"),
        ({"env": [{"name": "A", "value": 1}]}, "type", "value must be a string, and is the number 1; put it in quotes"),
        ({"tty": "true"}, "type", "tty must be true or false, and is a string"),
        ({"securityContext": []}, "type", "securityContext must be a mapping, and is a list"),
        ({"securityContext": {"runAsUser": True}}, "type", "runAsUser must be a whole number, and is true"),
        ({"ports": [{"containerPort": 2**31}]}, "type", "containerPort must be a whole number, and is the number"),
        ({"resources": {"limits": {"cpu": True}}}, "type", "cpu must be a quantity, and is true"),
        ({"livenessProbe": {"httpGet": {"port": 1.5}}}, "type", "port must be a whole number or a string, and is"),
        ({"imagePullPolicy": "always"}, "value", "imagePullPolicy 'always' is none of Always, Never, IfNotPresent"),
    ],
)
def test_a_container(container: dict[str, Any], kind: str, words: str) -> None:
    (fault,) = told(pod(**container))
    assert fault.kind == kind
    assert fault.words.startswith(words)
    assert render_path(fault.path).startswith("spec.containers[0]")


@pytest.mark.parametrize(
    "container",
    [
        {"env": None},
        {"resources": {"limits": {"cpu": 2, "memory": "1Gi", "nvidia.com/gpu": 0.5}}},
        {"securityContext": {"runAsUser": 1000.0}},
        {"image": "${IMAGE}", "tty": "{{ .Values.tty }}", "ports": "<ports>"},
        {"$patch": "delete", "$setElementOrder/ports": []},
        {"imagePullPolicy": "${POLICY}"},
        {"livenessProbe": {"httpGet": {"port": "http"}}},
    ],
)
def test_what_is_taken(container: dict[str, Any]) -> None:
    assert told(pod(**container)) == []


def test_other_kinds_and_versions() -> None:
    odd: dict[str, Any] = {"spec": {"replicas": "3", "unheardOf": 1}}
    kinds = {"apps/v1": 2, "apps/v1beta1": 1, "example.com/v1": 0, "extensions/v1beta1": 1}
    for api, count in kinds.items():
        assert len(told({"apiVersion": api, "kind": "Deployment", **odd})) == count
    rollout = {"template": {"spec": {"containers": {}, "unheardOf": 1}}, "strategy": {"anything": 1}}
    assert len(told({"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": rollout})) == 2


def test_labels_status_and_owners_are_left_to_others() -> None:
    metadata = {"labels": {"a": 1}, "annotations": {"b": True}, "ownerReferences": [{"odd": 1}]}
    data = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": {"odd": 1}}
    assert told(data) == []


def test_many_strange_fields_are_one_slip() -> None:
    lost = {f"field{n}": n for n in range(9)}
    (fault,) = told({"apiVersion": "v1", "kind": "Service", **lost})
    assert fault.path == ("field0",)
    assert fault.words.endswith("nor fields field1, field2, field3, field4, field5 and 3 more")
    assert len(told({"apiVersion": "v1", "kind": "Service", "x1": 1, "x2": 2})) == 2


@pytest.mark.parametrize(
    "spec",
    [
        {f"strange{n}Field": n for n in range(50_000)},
        {"containers": [{"name": "a", "image": "b", f"strange{n}Field": n} for n in range(20_000)]},
        {"containers": [f"{n}" for n in range(50_000)]},
        {"volumes": {"x" * 100_000: 1, "y": [[[[[]]]]]}},
    ],
    ids=["fields", "containers", "entries", "names"],
)
def test_hostile_objects_cost_little(spec: dict[str, Any]) -> None:
    begin = perf_counter()
    found = told({"apiVersion": "v1", "kind": "Pod", "spec": spec})
    assert 1 <= len(found) <= 500
    assert perf_counter() - begin < 5


def test_what_is_encrypted_has_no_types() -> None:
    data: dict[str, Any] = {"apiVersion": "v1", "kind": "Secret", "data": {"a": "ENC[AES256_GCM,data:x]"}}
    assert len(told(data)) == 1
    assert told({**data, "sops": {"version": "3.8.1"}}) == []


def test_places_are_in_the_order_of_the_document() -> None:
    data = {"apiVersion": "v1", "kind": "Service", "spec": {"x1": 1, "ports": [{"y1": 1}, {"z1": 1}], "w1": 1}}
    places = [fault.path[-1] for fault in told(data)]
    assert places == ["x1", "w1", "y1", "z1"]


JSON = nested(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a$<%.iK \n{", max_size=6),
    st.sampled_from(
        "spec template containers name image env value ports metadata labels selector matchLabels volumes "
        "securityContext resources limits type data Spec templat".split()
    )
    | st.text(max_size=3),
    5,
    30,
)


@given(st.sampled_from(["Pod", "Service", "ConfigMap", "Secret"]), JSON)
def test_any_data_is_read(kind: str, data: Any) -> None:
    held = data if isinstance(data, dict) else {"spec": data}
    assert all(f.words for f in told({**held, "apiVersion": "v1", "kind": kind}))
    assert isinstance(told({"apiVersion": "apps/v1", "kind": "Deployment", "spec": data}), list)
