"""IP network functions, by Terraform's documentation, "IP Network Functions", and OpenTofu's cidrcontains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from guardrail.hcl.functions.limits import Open, limit
from guardrail.hcl.functions.signature import Signature, text, whole
from guardrail.hcl.values import EvaluationError

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    Network = IPv4Network | IPv6Network
    Address = IPv4Address | IPv6Address

_LEADING_ZEROS = re.compile(r"(^|\.)0+([0-9])")


def _network(prefix: str) -> Network:
    from ipaddress import ip_network

    if "%" in prefix or not prefix.partition("/")[2].isdecimal():
        raise EvaluationError(f'"{prefix}" is no CIDR block')
    # Terraform goes on reading leading zeros as decimal, unlike others ("net.ParseCIDR" of Go before 1.17).
    written = _LEADING_ZEROS.sub(r"\1\2", prefix) if ":" not in prefix else prefix
    try:
        network = ip_network(written, strict=False)
    except ValueError:
        raise EvaluationError(f'"{prefix}" is no CIDR block') from None
    if network.version == 6 and network.network_address.ipv4_mapped:
        raise Open("an IPv4 address written as IPv6")  # Terraform counts bits of the one or the other
    return network


def _written(address: int, network: Network) -> str:
    from ipaddress import IPv4Address, IPv6Address

    return str(IPv4Address(address) if network.version == 4 else IPv6Address(address))


def _subnet(network: Network, length: int, place: int) -> str:
    if length > network.max_prefixlen:
        raise EvaluationError(f"there are not {length} bits in an address")
    if place < 0:
        raise Open("a network before the first")  # Terraform has an address for it that makes no sense
    if place >= 1 << (length - network.prefixlen):
        raise EvaluationError(f"no network {place} in {length - network.prefixlen} bits")
    start = int(network.network_address) + (place << (network.max_prefixlen - length))
    return f"{_written(start, network)}/{length}"


def cidrsubnet(prefix: str, bits: int, place: int) -> str:
    """A network within another: its length is longer by some bits, which hold its number."""
    if bits < 0:
        raise Open("a network larger than the one it lies in")
    network = _network(prefix)
    return _subnet(network, network.prefixlen + bits, place)


def cidrsubnets(prefix: str, *bits: int) -> list[object]:
    """Networks one after the other within another, each longer by some bits."""
    network = _network(prefix)
    limit(len(bits))
    found: list[object] = []
    end = int(network.network_address)
    for each in bits:
        length = network.prefixlen + each
        if not 1 <= each <= 32 or length > network.max_prefixlen:
            raise EvaluationError(f"{each} bits more are not possible")
        step = 1 << (network.max_prefixlen - length)
        start = -(-end // step) * step
        end = start + step
        if end > int(network.broadcast_address) + 1:
            raise EvaluationError("there is not enough room for all networks")
        found.append(f"{_written(start, network)}/{length}")
    return found


def cidrhost(prefix: str, place: int) -> str:
    """The address of a number in a network, counted from the end where it is negative."""
    network = _network(prefix)
    if not -network.num_addresses <= place < network.num_addresses:
        raise EvaluationError(f"no host {place} in {prefix}")
    return _written(int(network.network_address) + place % network.num_addresses, network)


def cidrnetmask(prefix: str) -> str:
    """The mask of an IPv4 network."""
    network = _network(prefix)
    if network.version == 6:
        raise EvaluationError("IPv6 networks have no mask")
    return str(network.netmask)


def cidrcontains(prefix: str, other: str) -> bool:
    """Whether an address or a whole network lies in a network (OpenTofu)."""
    network = _network(prefix)
    inner = _network(other if "/" in other else f"{other}/{128 if ':' in other else 32}")
    if network.version != inner.version:
        raise EvaluationError("both must be of one address family")
    first, last = int(network.network_address), int(network.broadcast_address)
    return first <= int(inner.network_address) and int(inner.broadcast_address) <= last


FUNCTIONS: Mapping[str, Signature] = {
    "cidrcontains": Signature(cidrcontains, (text, text)),
    "cidrhost": Signature(cidrhost, (text, whole)),
    "cidrnetmask": Signature(cidrnetmask, (text,)),
    "cidrsubnet": Signature(cidrsubnet, (text, whole, whole)),
    "cidrsubnets": Signature(cidrsubnets, (text,), whole),
}
