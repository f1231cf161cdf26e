"""Pod specs wherever they are, their containers, and what these inherit."""

from __future__ import annotations

from typing import Any

import pytest

from guardrail.model.document import Document, Resource
from guardrail.model.place import Path
from guardrail.views.pods import pods
from tests.formats.reading import one

SPEC: dict[str, Any] = {"containers": [{"name": "c", "image": "i"}]}


def resource(kind: str, data: dict[str, Any]) -> Resource:
    document = Document("x.yaml", 0, data, one("a: 1").places, 1, 1)
    return Resource(document, data, ("items", 0), "kubernetes", "v1", kind)


def at(path: Path, spec: object) -> dict[str, Any]:
    for step in reversed(path):
        spec = {step: spec} if isinstance(step, str) else [spec]
    assert isinstance(spec, dict)
    return spec


TEMPLATE: Path = ("spec", "template", "spec")


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("Pod", ("spec",)),
        *((k, TEMPLATE) for k in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job")),
        ("ReplicationController", TEMPLATE),
        ("DeploymentConfig", TEMPLATE),
        ("CronJob", ("spec", "jobTemplate", *TEMPLATE)),
        ("PodTemplate", ("template", "spec")),
        ("Rollout", TEMPLATE),
        ("Service", TEMPLATE),
        ("ScaledJob", ("spec", "jobTargetRef", "template", "spec")),
        ("JobSet", ("spec", "replicatedJobs", 0, "template", *TEMPLATE)),
        ("RayCluster", ("spec", "workerGroupSpecs", 0, "template", "spec")),
        ("Anything", ("a", "b", 0, "c")),
        ("Deployment", ("spec", "templates", "spec")),
    ],
)
def test_found_in_any_kind(kind: str, path: Path) -> None:
    (found,) = pods(resource(kind, at(path, SPEC)))
    assert found.path == ("items", 0, *path)
    assert found.spec is SPEC
    assert [c.path for c in found.containers] == [("items", 0, *path, "containers", 0)]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("CustomResourceDefinition", at(TEMPLATE, SPEC)),
        ("ConfigMap", {"data": SPEC}),
        ("Foo", {"spec": {"containers": []}}),
        ("Foo", {"spec": {"containers": "x"}}),
        ("Foo", {"spec": {"containers": {"a": {"image": "b"}}}}),
        ("Foo", {"spec": {"containers": [{"port": 1}]}}),
        ("Foo", {"spec": {"containers": ["x"]}}),
        ("Pod", {"spec": None}),
        ("Pod", {"spec": []}),
        ("Deployment", {"spec": {"template": []}}),
    ],
)
def test_what_is_none(kind: str, data: dict[str, Any]) -> None:
    assert pods(resource(kind, data)) == ()


def test_several_in_order_and_none_inside_another() -> None:
    inner = {**SPEC, "more": SPEC}
    found = pods(resource("Foo", {"b": [inner, {"x": 1}, inner], "a": {"c": SPEC}}))
    assert [p.path[2:] for p in found] == [("b", 0), ("b", 2), ("a", "c")]


def test_metadata_is_that_of_the_template() -> None:
    data = {"spec": {"template": {"metadata": {"labels": {"a": "b"}}, "spec": SPEC}}}
    (found,) = pods(resource("Rollout", data))
    assert found.metadata == {"labels": {"a": "b"}}
    assert found.metadata_path == ("items", 0, "spec", "template", "metadata")


def test_roles() -> None:
    spec = {
        "initContainers": [
            {"name": "a", "image": "i"},
            {"name": "b", "image": "i", "restartPolicy": "Always"},
            "junk",
        ],
        "containers": [{"name": "c", "image": "i"}],
        "ephemeralContainers": [{"name": "d", "image": "i"}],
    }
    (found,) = pods(resource("Pod", {"spec": spec}))
    assert [(c.data["name"], c.role) for c in found.containers] == [
        ("a", "initContainer"),
        ("b", "sidecar"),
        ("c", "container"),
        ("d", "ephemeralContainer"),
    ]
    assert not found.partial


def test_a_patch_names_no_image() -> None:
    (found,) = pods(resource("Pod", {"spec": {"containers": [{"name": "c"}]}}))
    assert found.partial


def test_inheritance() -> None:
    spec = {
        "securityContext": {"runAsUser": 1, "runAsNonRoot": False, "fsGroup": 3},
        "containers": [{"image": "i", "securityContext": {"runAsNonRoot": True, "privileged": True}}],
    }
    (found,) = pods(resource("Pod", {"spec": spec}))
    (container,) = found.containers
    base = ("items", 0, "spec")
    assert container.effective == {"runAsUser": 1, "runAsNonRoot": True}
    assert container.origins == {
        "runAsUser": (*base, "securityContext", "runAsUser"),
        "runAsNonRoot": (*base, "containers", 0, "securityContext", "runAsNonRoot"),
    }


def test_windows_options_are_inherited_field_by_field() -> None:
    spec = {
        "securityContext": {"windowsOptions": {"hostProcess": True, "runAsUserName": "a"}},
        "containers": [{"image": "i", "securityContext": {"windowsOptions": {"runAsUserName": "b"}}}],
    }
    (found,) = pods(resource("Pod", {"spec": spec}))
    (container,) = found.containers
    assert container.effective == {"windowsOptions": {"hostProcess": True, "runAsUserName": "b"}}
    assert container.origins["windowsOptions"] == ("items", 0, "spec", "securityContext", "windowsOptions")


@pytest.mark.parametrize("context", [None, [], "x", 5])
def test_odd_security_contexts(context: object) -> None:
    spec = {"securityContext": context, "containers": [{"image": "i", "securityContext": context}]}
    (found,) = pods(resource("Pod", {"spec": spec}))
    assert found.containers[0].effective == {}


def test_wide_and_deep_data_is_searched_to_the_end() -> None:
    deep: object = [{} for _ in range(100_000)] + [SPEC]
    for _ in range(200):
        deep = [deep]
    (found,) = pods(resource("Foo", {"a": deep}))
    assert found.spec is SPEC
