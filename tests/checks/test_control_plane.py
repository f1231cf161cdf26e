"""Audit policies, encryption and admission configurations: whatever shape they have, and in which order they count."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import control_plane
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.views.items import Item
from tests.odd_data import nested


def item(data: dict[str, Any]) -> Item:
    resource = Resource(Document("x.yaml", 0, data, OnePlace(), 1, 1), data, (), "kubernetes")
    return Item(resource, (), {"object": data}, {"object": ()})


def logged(*rules: dict[str, Any]) -> list[int | str]:
    hits = control_plane.logs_contents(item({"rules": list(rules)}), {"resources": ["secrets"]})
    return [hit.path[1] for hit in hits]


CORE = {"group": "", "resources": ["secrets"]}
SHIELD = {"level": "Metadata", "resources": [CORE]}
BODIES = {"level": "RequestResponse"}


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([BODIES], [0]),
        ([SHIELD, BODIES], []),
        ([BODIES, SHIELD], [0]),
        ([{**SHIELD, "verbs": ["get"]}, BODIES], [1]),
        ([{**SHIELD, "users": ["a"]}, BODIES], [1]),
        ([{"level": "None", "resources": [{**CORE, "resourceNames": ["a"]}]}, BODIES], [1]),
        ([{"level": "Metadata", "resources": [{"group": ""}]}, BODIES], []),
        ([{"level": "Metadata", "resources": [{"group": "apps", "resources": ["*"]}]}, BODIES], [1]),
        ([{"level": "None", "nonResourceURLs": ["*"]}, BODIES], [1]),
        ([{**BODIES, "nonResourceURLs": ["*"]}], []),
        ([{**BODIES, "resources": [{"group": "apps"}, {"resources": ["pods"]}]}], []),
        ([{**BODIES, "resources": [{"group": "apps"}, {"resources": ["*"]}]}], [0]),
        ([{"level": "Metadata"}, BODIES], []),
    ],
)
def test_the_first_audit_rule_that_matches_counts(rules: list[dict[str, Any]], found: list[int]) -> None:
    assert logged(*rules) == found


def plain(*entries: tuple[list[str], list[dict[str, Any]]]) -> list[int | str]:
    data = {"resources": [{"resources": names, "providers": providers} for names, providers in entries]}
    return [hit.path[1] for hit in control_plane.stores_plain(item(data), {})]


def test_the_first_provider_of_the_first_entry_writes() -> None:
    identity: dict[str, Any] = {"identity": {}}
    kms: dict[str, Any] = {"kms": {"name": "vault"}}
    assert plain((["secrets"], [identity, kms])) == [0]
    assert plain((["secrets"], [kms, identity])) == []
    assert plain((["events"], [identity]), (["*.*"], [identity])) == [1]
    assert plain((["secrets"], [kms]), (["*.*"], [identity])) == []
    assert plain((["*.apps"], [identity])) == []


SHAPES = nested(
    st.none() | st.booleans() | st.sampled_from(["secrets", "Request", "PodSecurity", ""]),
    st.sampled_from("rules level resources group providers identity plugins name configuration defaults".split()),
    4,
    12,
)


@given(SHAPES)
def test_no_shape_is_too_odd(shape: object) -> None:
    data = {"rules": shape, "resources": shape, "plugins": shape}
    for check in (control_plane.logs_contents, control_plane.stores_plain, control_plane.admits_privileged):
        assert isinstance(list(check(item(data), {"resources": ["secrets"]})), list)
