"""Lists of addresses that may connect, and Google's default service accounts."""

from __future__ import annotations

from typing import Any

import pytest

from guardrail.checks import address_lists, google_accounts
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.items import Item

VAR = UnknownValue("var.x", symbol="var.x")


def item(data: dict[str, Any]) -> Item:
    document = Document("main.tf", 0, data, OnePlace(), 1, 1)
    return Item(Resource(document, data, (), "terraform", kind="x", name="x.y"), (), {"object": data}, {"object": ()})


def reached(value: object, **more: object) -> list[Hit | Undecided]:
    arguments = {"paths": ["networks[*].blocks[*].value"], "what": "it", **more}
    return list(address_lists.world(item({"networks": [{"blocks": value}]}), arguments))


def test_world_is_shown_where_it_stands() -> None:
    (hit,) = reached([{"value": "10.0.0.0/8"}, {"value": "0.0.0.0/0"}])
    assert hit == Hit(("networks", 0, "blocks", 1, "value"), "it can be reached from 0.0.0.0/0")


def test_two_halves_are_a_world() -> None:
    (hit,) = reached([{"value": "0.0.0.0/1"}, {"value": "128.0.0.0/1"}])
    assert hit.path == ("networks", 0, "blocks", 0, "value")


@pytest.mark.parametrize("blocks", [[], [{}], [{"value": None}], None])
def test_nobody(blocks: object) -> None:
    assert reached(blocks) == []
    assert reached(blocks, missing="none are named") == [Hit(("networks",), "none are named", missing=True)]


def test_somebody() -> None:
    assert reached([{"value": "10.0.0.0/8"}], missing="none are named") == []


@pytest.mark.parametrize(
    "blocks", [VAR, [VAR], [{"value": VAR}], [UnknownValue("var.x", known={"value": VAR}, many=True)]]
)
def test_perhaps(blocks: object) -> None:
    (found,) = reached(blocks, missing="none are named")
    assert isinstance(found, Undecided)


def spans(**data: object) -> list[Hit | Undecided]:
    return list(address_lists.spans(item(data), {"first": ["start_ip_address", "start_ip"], "last": ["end"]}))


def test_spans() -> None:
    (hit,) = spans(start_ip="0.0.0.0", end="255.255.255.255")
    assert hit == Hit(("end",), "start_ip 0.0.0.0 to end 255.255.255.255 is the whole Internet")
    assert spans(start_ip="0.0.0.0", end="0.0.0.0") == []
    assert spans(start_ip="203.0.113.0", end="203.0.113.255") == []
    assert spans(start_ip=VAR, end=VAR) == [], "one address, whichever it is"
    assert spans(start_ip="0.0.0.0", end=VAR) == [Undecided(("end",), "var.x")]
    assert spans(end="255.255.255.255") == []


def computed(address: str) -> UnknownValue:
    return UnknownValue(f"{address}.email", refs=((address, ".email"),))


def holes(*parts: object) -> UnknownValue:
    return UnknownValue("var.x", known=parts)


@pytest.mark.parametrize(
    ("account", "default"),
    [
        ("123-compute@developer.gserviceaccount.com", True),
        ("serviceAccount:shop@appspot.gserviceaccount.com", True),
        ("app@shop.iam.gserviceaccount.com", False),
        ("group:team@example.com", False),
        (computed("google_service_account.app"), False),
        (computed('module.a["b"].google_service_account.app[0]'), False),
        (computed("data.google_service_account.app"), False),
        (computed("data.google_compute_default_service_account.default"), True),
        (computed("module.a.data.google_app_engine_default_service_account.default"), True),
        (computed("google_service_account_key.app"), None),
        (holes(VAR, "-compute@developer.gserviceaccount.com"), True),
        (holes("serviceAccount:", computed("data.google_compute_default_service_account.default")), True),
        (holes("serviceAccount:app@", VAR, ".iam.gserviceaccount.com"), False),
        (holes("serviceAccount:", VAR), None),
        (holes("group:", VAR), False),
        (holes(VAR, "@example.com"), None),
        (VAR, None),
    ],
)
def test_default_accounts(account: object, default: bool | None) -> None:
    found = google_accounts.is_default(account)
    assert isinstance(found, UnknownValue) if default is None else found is default


def used(blocks: object, **more: object) -> list[Hit | Undecided]:
    arguments = {"block": "account", "attribute": "email", "message": "default", **more}
    data = {} if blocks is None else {"account": blocks}
    return list(google_accounts.used(item(data), arguments))


def test_blocks_without_an_account_use_the_default_one() -> None:
    assert used([{}]) == [Hit(("account", 0, "email"), "default")]
    assert used([{"email": ""}]) == [Hit(("account", 0, "email"), "default")]
    assert used([{"email": "a@b.iam.gserviceaccount.com"}]) == []
    assert used(None) == []
    assert used(None, required=True) == [Hit(("account",), "default", missing=True)]
    assert used([{"email": VAR}]) == [Undecided(("account", 0, "email"), "var.x")]
    assert used(VAR) == [Undecided(("account", 0), "var.x")]
    assert used([UnknownValue("var.x", known={}, many=True)]) == [Undecided(("account", 0, "email"), "var.x")]


def test_only_with_all_scopes() -> None:
    short, long = "cloud-platform", "https://www.googleapis.com/auth/cloud-platform"
    for scope in (short, long):
        assert used([{"scopes": ["x", scope]}], scoped=True) == [Hit(("account", 0, "scopes"), "default")]
    assert used([{"scopes": ["storage-ro"]}], scoped=True) == []
    assert used([{"scopes": [short], "email": "a@b.iam.gserviceaccount.com"}], scoped=True) == []
    assert used([{"scopes": VAR}], scoped=True) == [Undecided(("account", 0, "scopes"), "var.x")]


def test_grants() -> None:
    data = {"members": ["group:a@b.c", "serviceAccount:1-compute@developer.gserviceaccount.com", VAR]}
    found = list(google_accounts.granted(item(data), {"message": "default"}))
    assert found == [Hit(("members", 1), "default"), Undecided(("members", 2), "var.x")]
    assert list(google_accounts.granted(item({"member": "user:a@b.c"}), {"message": "default"})) == []
