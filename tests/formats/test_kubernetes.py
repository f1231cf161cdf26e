"""Kubernetes objects in documents: lists taken apart, everything else left alone."""

from __future__ import annotations

import pytest

from guardrail.formats.kubernetes import resources
from tests.formats.reading import documents

ITEM = "{apiVersion: v1, kind: Pod, metadata: {name: p}}"


def addresses(text: str, name: str = "x.yaml") -> list[str]:
    return [r.address for d in documents(text, name) for r in resources(d)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ITEM, ["v1/Pod/p"]),
        ("apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\n", ["v1/Pod/p-*"]),
        (f"apiVersion: v1\nkind: List\nitems: [{ITEM}, {ITEM}]\n", ["v1/Pod/p", "v1/Pod/p"]),
        (f"apiVersion: v1\nkind: List\nitems: [{{apiVersion: v1, kind: List, items: [{ITEM}]}}]", ["v1/Pod/p"]),
        ("apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: p}}]\n", ["v1/Pod/p"]),
        ("apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: d}}, 5]\n", ["apps/v1/Deployment/d"]),
        ("apiVersion: v1\nkind: List\nitems: [{metadata: {name: p}}]\n", []),
        ("apiVersion: v1\nkind: List\n", ["v1/List"]),
        ("apiVersion: v1\nkind: 5\n", []),
        ("apiVersion: 1\nkind: Pod\n", []),
        ("apiVersion: v1\nkind: Pod\nmetadata: [a]\n", ["v1/Pod"]),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: 5, labels: {a: {b: c}, d: e}}\n", ["v1/Pod"]),
        ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", []),
        ("apiVersion: v1\nkind: Config\nclusters: []\n", []),
        ("services: {a: {image: b}}\n", []),
        ("- a\n", []),
        ("just text\n", []),
    ],
)
def test_what_is_found(text: str, expected: list[str]) -> None:
    assert addresses(text) == expected


KUSTOMIZED = "kustomize.config.k8s.io/v1beta1/Kustomization"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("base/kustomization.yaml", "images: [{name: a, newTag: b}]\n", [f"{KUSTOMIZED}/base"]),
        ("Kustomization", "images: []\n", [KUSTOMIZED]),
        ("base/kustomization.yml", "resources: [a.yaml]\n", []),
        ("base/kustomization.yaml", "images: {a: b}\n", []),
        ("base/images.yaml", "images: [{name: a, newTag: b}]\n", []),
        ("x.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages: [a]\n", [KUSTOMIZED]),
        ("kustomization.yaml", "apiVersion: v1\nkind: Pod\nimages: [a]\n", ["v1/Pod"]),
    ],
)
def test_kustomizations_that_name_images(name: str, text: str, expected: list[str]) -> None:
    assert addresses(text, name) == expected


def test_json_of_several_objects() -> None:
    item = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}'
    assert addresses(item + "\n" + item, "x.json") == ["v1/Pod/p"] * 2
    assert addresses(item + "\n---\n" + item) == ["v1/Pod/p"] * 2
    assert addresses(f'{{"apiVersion": "v1", "kind": "List", "items": [{item}]}}') == ["v1/Pod/p"]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1,}',
        '{"a" 1}',
        '{"a": }',
        "[1 2]",
        "[",
        "{]",
        '{"a": tru}',
        '{"a": 1.2.3}',
        '"\\x"',
        "{'a': 1}",
        '{"a": "\n"}',
        "[1,]",
        "nul",
        "-",
        "{1: 2}",
        '{"a": 1} }',
        '["\\u12"]',
    ],
)
def test_json_that_is_none(text: str) -> None:
    from guardrail.formats.json_text import read
    from guardrail.formats.nodes import Lines
    from guardrail.formats.parsed import Unreadable

    *_, last = read(text, Lines(text))
    assert isinstance(last, Unreadable)
    assert last.message.startswith("not valid JSON: ")
    assert 0 <= last.offset <= len(text)


def test_json_duplicates() -> None:
    (document,) = documents('{"a": [{"b": 1, "c": 2, "b": 3}]}', "x.json")
    assert document.data == {"a": [{"b": 3, "c": 2}]}
    (defect,) = document.defects
    assert (defect.path, defect.span.column) == (("a", 0, "b"), 25)


def test_items_of_a_typed_list_say_what_they_are() -> None:
    text = "apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: p}}]\n"
    (resource,) = [r for d in documents(text) for r in resources(d)]
    assert (resource.data["apiVersion"], resource.data["kind"]) == ("v1", "Pod")
