"""Objects that are in force at the same time, and the images that kustomizations name for them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import container_images
from guardrail.checks.object_sets import together
from guardrail.graph.cluster import Member
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.views.items import Lens
from tests.odd_data import nested


def member(name: str, file: str, application: str = "app", namespace: str = "", built: bool = False) -> Member:
    document = Document(file, 0, {}, OnePlace(), 1, 1)
    resource = Resource(document, {}, (), "kubernetes", "v1", "Ingress", name, namespace)
    return Member(resource, application, built)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (member("a", "x.yaml"), member("b", "x.yaml"), True),
        (member("a", "x.yaml"), member("b", "y.yaml"), False),
        (member("a", "x.yaml", built=True), member("b", "y.yaml", built=True), True),
        (member("a", "x.yaml", "one", built=True), member("b", "y.yaml", "two", built=True), False),
        (member("a", "x.yaml"), member("a", "x.yaml"), False),
        (member("a", "x.yaml", namespace="n"), member("b", "x.yaml", namespace="m"), False),
        (member("a", "x.yaml", namespace="n"), member("b", "x.yaml"), True),
        (member("", "x.yaml"), member("", "x.yaml"), True),
    ],
)
def test_together(one: Member, other: Member, expected: bool) -> None:
    """Side by side is not together; one rendering or one file is, unless it is the same object again."""
    assert together(one, other) is expected
    assert together(other, one) is expected


ANY = nested(
    st.none() | st.booleans() | st.integers() | st.text("a=:@/$ \n", max_size=6),
    st.sampled_from("images name newName newTag digest source sources kustomize spec".split()),
)


@given(st.sampled_from(["Kustomization", "Application"]), ANY)
def test_any_images_are_judged(kind: str, given_data: Any) -> None:
    """Whatever stands below `images`, each image is named at a place within the object."""
    data = {"kind": kind, "spec": given_data, "images": given_data}
    resource = Resource(Document("f", 0, None, OnePlace(), 1, 1), data, (), "kubernetes", "v1", kind, "x")
    arguments = {"tags": ["latest"], "exempt": [], "allowed": ["a"], "denied": []}
    for item in Lens(resource).items("containers"):
        for check in (container_images.moving, container_images.unpinned, container_images.malformed):
            for hit in check(item, arguments):
                assert hit.path[0] in ("spec", "images")
