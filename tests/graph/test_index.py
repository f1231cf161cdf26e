"""The index of related resources, and label selectors."""

from __future__ import annotations

from typing import Any

import pytest

from guardrail.graph.index import Index, selects


def deployment(name: str, labels: dict[str, str], namespace: str = "") -> dict[str, Any]:
    return {
        "kind": "Deployment",
        "metadata": {"name": name} | ({"namespace": namespace} if namespace else {}),
        "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}},
    }


def service(selector: dict[str, str] | None, namespace: str = "", name: str = "s") -> dict[str, Any]:
    spec: dict[str, Any] = {} if selector is None else {"selector": selector}
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"kind": "Service", "metadata": metadata, "spec": spec}


@pytest.mark.parametrize(
    ("selector", "namespace", "found"),
    [
        ({"app": "a"}, "web", True),
        ({"app": "a"}, "", True),
        ({"app": "a"}, "other", False),
        ({"app": "b"}, "web", False),
        ({"app": "a", "tier": "x"}, "web", False),
        ({}, "web", False),
        (None, "web", False),
    ],
)
def test_services_that_select_pods(selector: dict[str, str] | None, namespace: str, found: bool) -> None:
    index = Index()
    index.add(service(selector, namespace))
    subject = deployment("d", {"app": "a"}, "web")
    assert bool(index.related(subject, {"kind": "Service", "selects": "podTemplate"})) is found


def test_selected_by_and_references() -> None:
    index = Index()
    one, two = deployment("one", {"app": "a"}), deployment("two", {"app": "b"})
    index.add(one)
    index.add(two)
    assert index.related(service({"app": "b"}), {"kind": "Deployment", "selectedBy": "podTemplate"}) == [two]
    scaler = {"kind": "X", "spec": {"target": [{"name": "one"}]}}
    assert index.related(scaler, {"kind": "Deployment", "references": "spec.target.name"}) == [one]
    assert index.related(scaler, {"kind": "Deployment"}) == [one, two]


def test_any_namespace() -> None:
    index = Index()
    index.add(service({"app": "a"}, "other"))
    relation = {"kind": "Service", "selects": "podTemplate", "namespace": "any"}
    assert index.related(deployment("d", {"app": "a"}, "web"), relation)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (None, False),
        ({}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "b", "operator": "NotIn", "values": ["1"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": ["nonsense"]}, False),
    ],
)
def test_selectors(selector: dict[str, Any] | None, expected: bool) -> None:
    assert selects(selector, {"a": "1"}) is expected


def test_together() -> None:
    """Objects that write no namespace are surely together only within one application."""
    index = Index()
    found: list[dict[str, object]] = [
        {"kind": "LimitRange", "metadata": {"name": name, **({"namespace": namespace} if namespace else {})}}
        for name, namespace in (("here", ""), ("there", ""), ("named", "shop"))
    ]
    subject: dict[str, object] = {"kind": "Pod", "metadata": {"name": "web"}}
    named: dict[str, object] = {"kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}}
    for data, application in zip([*found, subject, named], ("a", "b", "a", "a", "b"), strict=True):
        index.add(data, application=application)
    relation = {"kind": "LimitRange", "namespace": "together"}
    assert index.related(subject, relation) == [found[0]]
    assert index.related(named, relation) == [found[2]]
