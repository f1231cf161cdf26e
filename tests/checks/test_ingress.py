"""Security groups and network ACLs: every way to write an opening, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.checks import ingress_groups
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import Question, UnknownValue
from guardrail.views.ingress import GROUPS, LISTS, RULES, openings
from guardrail.views.items import Item

WANTED = {"tcp": {"SSH": 22, "RDP": 3389}, "udp": {"RDP": 3389}}
VAR = UnknownValue("var.x", symbol="var.x", questions=(Question("var.x", "a"),))


def run(check: str, kind: str, data: dict[str, Any], **arguments: object) -> list[Hit | Undecided]:
    document = Document("main.tf", 0, data, OnePlace(), 1, 1)
    resource = Resource(document, data, (), "terraform", kind=kind, name=f"{kind}.x")
    item = Item(resource, (), {"object": data}, {"object": ()})
    return list(getattr(ingress_groups, check)(item, {**WANTED, **arguments}))


def rule(*ports: object, protocol: object = "tcp", **more: object) -> dict[str, object]:
    start, end = ports[0], ports[-1]
    return {"from_port": start, "to_port": end, "protocol": protocol, "cidr_blocks": ["0.0.0.0/0"], **more}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"ingress": [rule(22)]}, "port 22 (SSH) is open to 0.0.0.0/0"),
        ({"ingress": [rule(20, 30)]}, "ports 20-30 are open to 0.0.0.0/0, 22 (SSH) among them"),
        (
            {"ingress": [rule(0, protocol="-1")]},
            "every port of every protocol is open to 0.0.0.0/0, 22 (SSH), 3389 (RDP) among them",
        ),
        ({"ingress": [rule(22, self=True)]}, "port 22 (SSH) is open to 0.0.0.0/0"),
        (
            {"ingress": [rule(22, cidr_blocks=["0.0.0.0/1", "128.0.0.0/1"])]},
            "port 22 (SSH) is open to 0.0.0.0/1 and 128.0.0.0/1, together the world",
        ),
        ({"ingress": [rule(3389, protocol="udp")]}, "port 3389 (RDP) is open to 0.0.0.0/0"),
        ({"ingress": [rule(22, cidr_blocks=["10.0.0.0/8", VAR, "0.0.0.0/0"])]}, "port 22 (SSH) is open to 0.0.0.0/0"),
    ],
)
def test_reached(data: dict[str, Any], message: str) -> None:
    (hit,) = run("ports", "aws_security_group", data)
    assert isinstance(hit, Hit)
    assert hit.message == message
    assert hit.path == ("ingress", 0, "cidr_blocks")


def test_six_shows_the_attribute_of_ipv6() -> None:
    rules = [rule(22, cidr_blocks=["10.0.0.0/8"], ipv6_cidr_blocks=["::/0"])]
    (hit,) = run("ports", "aws_security_group", {"ingress": rules})
    assert hit.path == ("ingress", 0, "ipv6_cidr_blocks")


@pytest.mark.parametrize(
    ("kind", "data", "path"),
    [
        ("aws_security_group_rule", rule(22, type="ingress"), ("cidr_blocks",)),
        (
            "aws_vpc_security_group_ingress_rule",
            {"from_port": 22, "to_port": 22, "ip_protocol": "tcp", "cidr_ipv4": "0.0.0.0/0"},
            ("cidr_ipv4",),
        ),
        ("aws_vpc_security_group_ingress_rule", {"ip_protocol": "-1", "cidr_ipv6": "::/0"}, ("cidr_ipv6",)),
        ("aws_default_security_group", {"ingress": [rule(22)]}, ("ingress", 0, "cidr_blocks")),
        ("aws_security_group", {"ingress": rule(22)}, ("ingress", "cidr_blocks")),
    ],
)
def test_other_ways_to_write_it(kind: str, data: dict[str, Any], path: tuple[object, ...]) -> None:
    (hit,) = run("ports", kind, data)
    assert isinstance(hit, Hit)
    assert hit.path == path


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("aws_security_group", {}),
        ("aws_security_group", {"ingress": []}),
        ("aws_security_group", {"ingress": [rule(443)]}),
        ("aws_security_group", {"ingress": [rule(22, cidr_blocks=["10.0.0.0/8"])]}),
        ("aws_security_group", {"ingress": [rule(22, cidr_blocks=[], security_groups=["sg-1"])]}),
        ("aws_security_group", {"egress": [rule(22)]}),
        ("aws_security_group", {"ingress": [rule(8, 0, protocol="icmp")]}),
        ("aws_security_group", {"ingress": [rule(443, cidr_blocks=[VAR])]}),
        ("aws_security_group_rule", rule(22, type="egress")),
        ("aws_vpc_security_group_egress_rule", {"ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0"}),
        ("aws_vpc_security_group_ingress_rule", {"ip_protocol": "-1", "referenced_security_group_id": "sg-1"}),
        ("aws_vpc_security_group_ingress_rule", {"ip_protocol": "-1", "prefix_list_id": "pl-1"}),
        ("aws_instance", {"ingress": [rule(22)]}),
    ],
)
def test_not_reached(kind: str, data: dict[str, Any]) -> None:
    assert run("ports", kind, data) == []


@pytest.mark.parametrize(
    "data",
    [
        {"ingress": [rule(22, cidr_blocks=[VAR])]},
        {"ingress": [rule(22, cidr_blocks=VAR)]},
        {"ingress": [rule(VAR)]},
        {"ingress": [rule(22, protocol=VAR)]},
        {"ingress": VAR},
        {"ingress": [UnknownValue("var.x", questions=VAR.questions, many=True)]},
        {"ingress": [UnknownValue("var.x", questions=VAR.questions, many=True, known=rule(22))]},
    ],
)
def test_unknown_names_the_cause_and_asks(data: dict[str, Any]) -> None:
    (found,) = run("ports", "aws_security_group", data)
    assert isinstance(found, Undecided)
    assert found.reason == "var.x"
    assert found.questions == VAR.questions


def test_a_rule_that_may_be_there_and_harms_nobody_is_fine() -> None:
    maybe = UnknownValue("var.x", many=True, known=rule(443))
    assert run("ports", "aws_security_group", {"ingress": [maybe]}) == []


def test_direction_unknown_is_neither() -> None:
    assert run("ports", "aws_security_group_rule", rule(22, type=VAR)) == []


def test_all_ports() -> None:
    for ports, protocol in (((0, 65535), "tcp"), ((1, 65535), "tcp"), ((0,), "-1")):
        (hit,) = run("all_ports", "aws_security_group", {"ingress": [rule(*ports, protocol=protocol)]})
        assert "every" in hit.message if isinstance(hit, Hit) else False
    assert run("all_ports", "aws_security_group", {"ingress": [rule(1024, 65535)]}) == []
    (found,) = run("all_ports", "aws_security_group", {"ingress": [rule(0, VAR)]})
    assert isinstance(found, Undecided)


def test_egress() -> None:
    (hit,) = run("all_egress", "aws_security_group", {"egress": [rule(0, protocol="-1")]})
    assert isinstance(hit, Hit)
    assert hit.message == "every port of every protocol of 0.0.0.0/0 can be reached"
    assert run("all_egress", "aws_security_group", {"egress": [rule(443)]}) == []
    assert run("all_egress", "aws_security_group", {"ingress": [rule(0, protocol="-1")]}) == []


def test_default_group_has_no_rules() -> None:
    both = {"ingress": [rule(22), rule(443)], "egress": [rule(0, protocol="-1")]}
    found = run("any_rule", "aws_default_security_group", both)
    assert [h.path for h in found] == [("ingress", 0), ("egress", 0)]
    assert run("any_rule", "aws_default_security_group", {"vpc_id": "vpc-1"}) == []
    assert run("any_rule", "aws_default_security_group", {"ingress": [], "egress": []}) == []


def acl(number: int, action: str, *ports: int, cidr: str = "0.0.0.0/0") -> dict[str, object]:
    return {
        "rule_no": number,
        "action": action,
        "from_port": ports[0],
        "to_port": ports[-1],
        "protocol": "tcp",
        "cidr_block": cidr,
    }


def test_acl_denied_before() -> None:
    allow = acl(200, "allow", 0, 65535)
    assert len(run("acl_ports", "aws_network_acl", {"ingress": [allow]})) == 1
    assert run("acl_ports", "aws_network_acl", {"ingress": [acl(100, "deny", 22), acl(110, "deny", 3389), allow]}) == []
    (hit,) = run("acl_ports", "aws_network_acl", {"ingress": [acl(100, "deny", 22), allow]})
    assert isinstance(hit, Hit)
    assert hit.message == "ports 0-65535 are open to 0.0.0.0/0, 3389 (RDP) among them"
    later = [acl(300, "deny", 22), allow]
    assert "22 (SSH)" in run("acl_ports", "aws_network_acl", {"ingress": later})[0].message  # type: ignore[union-attr]
    inside = [acl(100, "deny", 22, cidr="10.0.0.0/8"), allow]
    assert "22 (SSH)" in run("acl_ports", "aws_network_acl", {"ingress": inside})[0].message  # type: ignore[union-attr]


def test_acl_rule_alone() -> None:
    given = {"rule_number": 1, "rule_action": "allow", "protocol": "6", "from_port": 22, "to_port": 22}
    world = {**given, "cidr_block": "0.0.0.0/0"}
    assert len(run("acl_ports", "aws_network_acl_rule", world)) == 1
    assert run("acl_ports", "aws_network_acl_rule", {**world, "egress": True}) == []
    assert run("acl_ports", "aws_network_acl_rule", {**world, "rule_action": "deny"}) == []
    (found,) = run("acl_ports", "aws_network_acl_rule", {**world, "rule_action": VAR})
    assert isinstance(found, Undecided)


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.just(VAR)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=12), inner, max_size=3)),
    max_leaves=8,
)
keys = st.sampled_from(["ingress", "egress", "from_port", "to_port", "protocol", "cidr_blocks", "cidr_ipv4", "action"])
bodies = st.dictionaries(keys, st.one_of(plain, st.dictionaries(keys, plain), st.lists(st.dictionaries(keys, plain))))


@given(st.sampled_from([*GROUPS, *RULES, *LISTS, "aws_network_acl_rule"]), bodies)
def test_any_input(kind: str, data: dict[str, Any]) -> None:
    assert all(o.ports() for o in openings(kind, data))
    for check in ingress_groups.__all__:
        assert all(isinstance(found, Hit | Undecided) for found in run(check, kind, data))
