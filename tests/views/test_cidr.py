"""What is the world, and which ports a range lets through."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.model.value import UnknownValue
from guardrail.views.cidr import block, makers, opens, port_range, said, speaks, width, world

VAR = UnknownValue("var.cidrs", symbol="var.cidrs")
MANY = UnknownValue("var.cidrs", many=True)


@pytest.mark.parametrize(
    "cidrs",
    [
        ["0.0.0.0/0"],
        ["10.0.0.0/8", "0.0.0.0/0"],
        ["::/0"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["0.0.0.0/1"],  # half of all: whoever scans the Internet is in it
        ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2"],
        ["2000::/3"],  # all IPv6 addresses there are
        ["0::0/0"],
        ["0.0.0.0/0", VAR],  # the known element suffices
        [["10.0.0.0/8"], ["0.0.0.0/0"]],
        ["1.2.3.4/0"],  # EC2 keeps the bits before the prefix only
        ["*"],
        ["Internet"],
        [" 0.0.0.0/0 "],
        ["0.0.0.0-255.255.255.255"],
    ],
)
def test_world(cidrs: list[object]) -> None:
    assert world(cidrs) is True
    assert makers(cidrs)


@pytest.mark.parametrize(
    "cidrs",
    [
        [],
        [None],
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        ["203.0.113.7"],
        ["0.0.0.0/2"],
        ["0.0.0.0"],  # one address
        ["VirtualNetwork", "AzureLoadBalancer", "sg-0123", ""],
        ["fc00::/7"],  # private addresses
        ["8000::/1"],  # nobody has them
        ["10.0.0.9-10.0.0.1", "10.0.0.1-::1", "1-2-3"],
        [UnknownValue("var.ip", known=(UnknownValue("var.ip", symbol="var.ip"), "/32"))],
        [UnknownValue("a", refs=(("aws_vpc.main", ".cidr_block"),))],
        [UnknownValue("a", refs=(("module.net.aws_subnet.a[0]", ".cidr_block"),))],
        [UnknownValue("a", refs=(("data.aws_vpc.selected", ".cidr_block"),), many=True)],
        [UnknownValue("a", refs=(("module.network", ".vpc_cidr_block"),))],
        [UnknownValue("a", refs=(("module.network", ".private_subnets_cidr_blocks"),), many=True)],
        ["x" * 10_000, "0.0.0.0/33", "0.0.0.0/0/0"],
    ],
)
def test_not_the_world(cidrs: list[object]) -> None:
    assert world(cidrs) is False
    assert makers(cidrs) == ()


@pytest.mark.parametrize(
    "cidrs",
    [
        [VAR],
        ["10.0.0.0/8", MANY],
        [UnknownValue("var.bits", known=("0.0.0.0/", UnknownValue("var.bits")))],
        [UnknownValue("var.x", known=(UnknownValue("var.x"), "/0"))],
        [UnknownValue("a", refs=(("aws_vpc.main", ".cidr_block"), ("aws_ssm_parameter.x", ".value")))],
        [UnknownValue("a", refs=(("aws_vpcx.main", ".cidr_block"),))],
        [UnknownValue("a", refs=(("module.network", ".allowed_cidr_blocks"),))],
    ],
)
def test_unknown(cidrs: list[object]) -> None:
    assert isinstance(world(cidrs), UnknownValue)


def test_unknown_names_causes_and_questions_once() -> None:
    answer = world([VAR, MANY, "10.0.0.0/8"])
    assert isinstance(answer, UnknownValue)
    assert answer.reason == "var.cidrs"


def test_makers_and_said() -> None:
    assert makers(["10.0.0.0/8", "0.0.0.0/0", "::/0"]) == ("0.0.0.0/0",)
    assert makers(["10.0.0.0/9", "0.0.0.0/2", "64.0.0.0/2"]) == ("0.0.0.0/2", "64.0.0.0/2")
    assert makers(["0.0.0.0/1", "128.0.0.0/1"]) == ("0.0.0.0/1", "128.0.0.0/1")
    slices = [f"{n}.0.0.0/9" for n in range(256)] + [f"{n}.128.0.0/9" for n in range(256)]
    assert makers(slices) == tuple(slices)
    assert said(("0.0.0.0/1",)) == "0.0.0.0/1, half of the world"
    assert said(("0.0.0.0/0",)) == "0.0.0.0/0"
    assert said(("0.0.0.0/1", "128.0.0.0/1")) == "0.0.0.0/1 and 128.0.0.0/1, together the world"
    assert said(("a", "b", "c", "d", "e")) == "a, b, c and 2 more, together the world"


networks = st.builds(
    lambda bits, prefix: str(ipaddress.ip_network((bits, prefix), strict=False)),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)


@given(st.lists(networks, max_size=12))
def test_agrees_with_collapsed_networks(cidrs: list[str]) -> None:
    merged = ipaddress.collapse_addresses([ipaddress.ip_network(c) for c in cidrs])
    assert world(cidrs) is (sum(n.num_addresses for n in merged) >= 2**31)


@given(st.lists(networks, max_size=6), networks)
def test_more_addresses_never_make_it_smaller(cidrs: list[str], more: str) -> None:
    assert world([*cidrs, more]) is True or world(cidrs) is False


@given(st.lists(st.one_of(st.text(max_size=30), st.none(), st.just(VAR), st.lists(st.text(max_size=20)))))
def test_any_input(values: list[object]) -> None:
    assert isinstance(world(values), bool | UnknownValue)


@given(st.text(max_size=40))
def test_block_of_any_text(text: str) -> None:
    found = block(text)
    assert found is None or found.low <= found.high


@pytest.mark.parametrize(
    ("start", "end", "protocol", "port", "answer"),
    [
        (22, 22, "tcp", 22, True),
        (20, 30, "TCP", 22, True),
        ("20", "30", "6", 22, True),
        (22, 22, 6, 22, True),
        (443, 443, "tcp", 22, False),
        (22, 22, "udp", 22, False),
        (22, 22, "17", 22, False),
        (0, 0, "-1", 22, True),
        (0, 0, -1, 22, True),
        (0, 0, "all", 22, True),
        (None, None, "-1", 22, True),
        (0, 0, "tcp", 22, False),  # port 0 alone
        (0, 65535, "tcp", 22, True),
        (8, 0, "icmp", 22, False),
        (-1, -1, "icmp", 22, False),
        (VAR, 21, "tcp", 22, False),
        (23, VAR, "tcp", 22, False),
        (VAR, VAR, "icmp", 22, False),
    ],
)
def test_opens(start: object, end: object, protocol: object, port: int, answer: bool) -> None:
    assert opens(start, end, protocol, port) is answer


@pytest.mark.parametrize(
    ("start", "end", "protocol"), [(VAR, 30, "tcp"), (20, VAR, "tcp"), (22, 22, VAR), (VAR, VAR, VAR)]
)
def test_opens_unknown(start: object, end: object, protocol: object) -> None:
    assert isinstance(opens(start, end, protocol, 22), UnknownValue)


def test_udp() -> None:
    assert opens(53, 53, "udp", 53, "udp") is True
    assert speaks("tcp", "udp") is False
    assert speaks("*", "udp") is True


def test_width() -> None:
    assert width(0, 65535, "tcp") == 65536
    assert width(None, None, "-1") == 65536
    assert width(0, 0, "-1") == 65536
    assert width(22, 22, "tcp") == 1
    assert width(30, 20, "tcp") == 0
    assert width(-1, -1, "icmp") == 0
    assert isinstance(width(VAR, 20, "tcp"), UnknownValue)
    assert isinstance(width(0, 65535, VAR), UnknownValue)


def test_port_range() -> None:
    assert port_range("22") == (22, 22)
    assert port_range(22) == (22, 22)
    assert port_range("8000-8100") == (8000, 8100)
    assert port_range("*") == (0, 65535)
    assert port_range("ssh") == ("", "")
    assert opens(*port_range("ssh"), "tcp", 22) is False
    assert port_range(VAR) == (VAR, VAR)
