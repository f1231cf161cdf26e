"""Network security groups of Azure and firewalls of Google: every way to write an opening, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import ingress_groups
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views import ingress_azure, ingress_google
from guardrail.views.items import Item

SSH = {"tcp": {"SSH": 22}}
VAR = UnknownValue("var.x", symbol="var.x")
GROUP, RULE = ingress_azure.GROUP, ingress_azure.RULE


def run(check: str, kind: str, data: dict[str, Any], **arguments: object) -> list[Hit | Undecided]:
    document = Document("main.tf", 0, data, OnePlace(), 1, 1)
    resource = Resource(document, data, (), "terraform", kind=kind, name=f"{kind}.x")
    item = Item(resource, (), {"object": data}, {"object": ()})
    return list(getattr(ingress_groups, check)(item, arguments or SSH))


def azure(**more: object) -> dict[str, object]:
    rule = {"direction": "Inbound", "access": "Allow", "protocol": "Tcp", "priority": 200}
    return {**rule, "destination_port_range": "22", "source_address_prefix": "*", **more}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"direction": "inbound", "access": "allow", "protocol": "TCP"},
        {"protocol": "*"},
        {"destination_port_range": 22},
        {"destination_port_range": "20-30"},
        {"destination_port_range": "*"},
        {"destination_port_range": None, "destination_port_ranges": ["443", "22"]},
        {"source_address_prefix": "Internet"},
        {"source_address_prefix": "0.0.0.0/0"},
        {"source_address_prefix": "::/0"},
        {"source_address_prefix": None, "source_address_prefixes": ["0.0.0.0/1", "128.0.0.0/1"]},
        {"source_address_prefix": None, "source_address_prefixes": [VAR, "0.0.0.0/0"]},
    ],
)
def test_azure_open(more: dict[str, object]) -> None:
    data = {k: v for k, v in azure(**more).items() if v is not None}
    for kind, written, path in ((RULE, data, ()), (GROUP, {"security_rule": [data]}, ("security_rule", 0))):
        (hit,) = run("acl_ports", kind, written)
        assert isinstance(hit, Hit)
        assert hit.path[: len(path)] == path
        assert str(hit.path[-1]).startswith("source_address_prefix")


@pytest.mark.parametrize(
    "more",
    [
        {"direction": "Outbound", "destination_address_prefix": "10.0.0.0/8"},
        {"access": "Deny"},
        {"protocol": "Udp"},
        {"protocol": "Icmp", "destination_port_range": "*"},
        {"destination_port_range": "443"},
        {"source_port_range": "22", "destination_port_range": "443"},
        {"source_address_prefix": "VirtualNetwork"},
        {"source_address_prefix": "10.0.0.0/8"},
        {"source_address_prefix": ""},
    ],
)
def test_azure_closed(more: dict[str, object]) -> None:
    assert run("acl_ports", RULE, azure(**more)) == []


@pytest.mark.parametrize("key", ["direction", "access", "protocol", "destination_port_range", "source_address_prefix"])
def test_azure_unknown(key: str) -> None:
    (found,) = run("acl_ports", RULE, azure(**{key: VAR}))
    assert isinstance(found, Undecided)
    assert found.reason == "var.x"


def test_azure_rules_that_may_be_there() -> None:
    (found,) = run("acl_ports", GROUP, {"security_rule": [UnknownValue("var.rules", known=azure(), many=True)]})
    assert isinstance(found, Undecided)
    harmless = azure(source_address_prefix="10.0.0.0/8")
    assert run("acl_ports", GROUP, {"security_rule": [UnknownValue("var.rules", known=harmless, many=True)]}) == []


@pytest.mark.parametrize(
    ("deny", "left"),
    [
        ({"priority": 100}, 0),
        ({"priority": 300}, 1),
        ({"priority": 100, "source_address_prefix": "10.0.0.0/8"}, 1),
        ({"priority": 100, "protocol": "Udp"}, 1),
        ({"priority": 100, "destination_port_range": "443"}, 1),
        ({"priority": 100, "destination_port_range": "*", "protocol": "*"}, 0),
        ({"priority": 100, "source_address_prefix": VAR}, 1),
    ],
)
def test_azure_denied_before(deny: dict[str, object], left: int) -> None:
    rules = [azure(), azure(**{"access": "Deny", **deny})]
    assert len(run("acl_ports", GROUP, {"security_rule": rules})) == left


def test_azure_everything() -> None:
    whole = azure(destination_port_range="*", protocol="*")
    assert len(run("all_ports", GROUP, {"security_rule": [whole]})) == 1
    closed = {**whole, "access": "Deny", "priority": 100}
    assert run("all_ports", GROUP, {"security_rule": [whole, closed]}) == []
    assert len(run("all_ports", GROUP, {"security_rule": [whole, {**closed, "priority": 300}]})) == 1
    assert run("all_ports", RULE, azure()) == []


def google(**more: object) -> dict[str, object]:
    return {"source_ranges": ["0.0.0.0/0"], "allow": [{"protocol": "tcp", "ports": ["22"]}], **more}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"direction": "INGRESS", "disabled": False},
        {"source_ranges": ["::/0"]},
        {"source_ranges": ["10.0.0.0/8", VAR, "0.0.0.0/0"]},
        {"source_tags": ["bastion"]},  # either lets in: the documentation of source_tags
        {"allow": [{"protocol": "all"}]},
        {"allow": [{"protocol": "tcp"}]},
        {"allow": [{"protocol": "6", "ports": [22]}]},
        {"allow": [{"protocol": "icmp"}, {"protocol": "tcp", "ports": ["443", "1-1024"]}]},
        {"source_ranges": None},
        {"source_ranges": [], "source_tags": []},
    ],
)
def test_google_open(more: dict[str, object]) -> None:
    data = {k: v for k, v in google(**more).items() if v is not None}
    (hit,) = run("ports", ingress_google.FIREWALL, data)
    assert isinstance(hit, Hit)
    assert hit.path == ("source_ranges",)


@pytest.mark.parametrize(
    "more",
    [
        {"direction": "EGRESS"},
        {"disabled": True},
        {"source_ranges": ["35.235.240.0/20"]},
        {"source_ranges": None, "source_tags": ["bastion"]},
        {"source_ranges": None, "source_service_accounts": ["a@b.iam.gserviceaccount.com"]},
        {"allow": [{"protocol": "udp"}]},
        {"allow": [], "deny": [{"protocol": "all"}]},
    ],
)
def test_google_closed(more: dict[str, object]) -> None:
    data = {k: v for k, v in google(**more).items() if v is not None}
    assert run("ports", ingress_google.FIREWALL, data) == []


@pytest.mark.parametrize(
    "more",
    [
        {"direction": VAR},
        {"disabled": VAR},
        {"source_ranges": VAR},
        {"source_ranges": [VAR]},
        {"allow": [{"protocol": VAR, "ports": ["22"]}]},
        {"allow": [{"protocol": "tcp", "ports": VAR}]},
        {"allow": [UnknownValue("var.x", known={"protocol": "tcp", "ports": ["22"]}, many=True)]},
        {"allow": VAR},
    ],
)
def test_google_unknown(more: dict[str, object]) -> None:
    (found,) = run("ports", ingress_google.FIREWALL, google(**more))
    assert isinstance(found, Undecided)


@pytest.mark.parametrize("kind", ingress_google.POLICY_RULES)
def test_rules_of_firewall_policies(kind: str) -> None:
    match = {"src_ip_ranges": ["0.0.0.0/0"], "layer4_configs": [{"ip_protocol": "tcp", "ports": ["22"]}]}
    data: dict[str, Any] = {"direction": "INGRESS", "action": "allow", "match": [match]}
    (hit,) = run("ports", kind, data)
    assert hit.path == ("match", 0, "src_ip_ranges")
    for more in ({"action": "deny"}, {"action": "goto_next"}, {"direction": "EGRESS"}, {"disabled": True}):
        assert run("ports", kind, {**data, **more}) == []


NAMES = ["protocol", "ports", "ip_protocol", "destination_port_range", "source_address_prefix", "access", "direction"]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["22", "*", "0.0.0.0/0", VAR]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "protocol",
                    "ports",
                    "ip_protocol",
                    "destination_port_range",
                    "source_address_prefix",
                    "access",
                    "direction",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
KEYS = ["security_rule", "allow", "match", "source_ranges", "direction", "access", "priority", "disabled", "action"]


@given(st.sampled_from([GROUP, RULE, ingress_google.FIREWALL, *ingress_google.POLICY_RULES]), st.data())
def test_whatever_is_written_is_survived(kind: str, data: st.DataObject) -> None:
    written = data.draw(st.dictionaries(st.sampled_from(KEYS), ANY, max_size=5))
    for check in ("ports", "acl_ports", "all_ports"):
        assert all(isinstance(found, Hit | Undecided) for found in run(check, kind, written))
