"""Address ranges and port ranges as firewalls have them: what is the world, and which ports a range lets through.

Plain values in, three-valued answers out: True, False, or an UnknownValue. One unknown address in a list is not an
unknown list: what is known may already be the world, and what is unknown may be too small to be it. Addresses are
texts as AWS, Azure and Google take them: `0.0.0.0/0`, `::/0`, `203.0.113.7`, `10.0.0.1-10.0.0.9`, `*`, `Internet`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from re import compile as regex
from typing import NamedTuple

from guardrail.hcl.values import combine
from guardrail.model.value import UnknownValue

Answer = bool | UnknownValue

LAST_PORT = 65535

_ANYWHERE = frozenset({"*", "any", "internet"})
"""Names of the world: `source_address_prefix` of azurerm_network_security_rule, and its case does not matter."""

_SPACE = {4: (0, 2**32 - 1), 6: (0x2000 << 112, (0x4000 << 112) - 1)}
"""IPv4 as a whole; of IPv6 the global unicast addresses, 2000::/3 (RFC 4291, 2.4; IANA assigns no others)."""

_WIDE = {4: 2**24 - 1, 6: 2**120 - 1}
"""A network of more addresses than this counts towards the world; a message leaves smaller ones out."""

_LEAST_WIDE = 8
"""A single network of this prefix length or more, address unknown, is never taken for the world."""

_TAIL = regex(r"/(\d{1,3})\s*\Z")
_GIVEN = regex(
    r"(?:^|\.)(?:data\.)?(?:aws_(?:default_)?(?:vpc|subnet)|aws_vpc_ipv4_cidr_block_association|aws_eip|aws_nat_gateway"
    r"|aws_instance|aws_network_interface|aws_ip_ranges|azurerm_(?:virtual_network|subnet|public_ip|network_interface"
    r"|public_ip_prefix)|google_compute_(?:subnetwork|address|global_address|instance)|google_netblock_ip_ranges"
    r"|cloudflare_ip_ranges)\."
)
"""Resources whose addresses a cloud assigns from its own, or the ranges a provider publishes: far from the world."""

_NETWORK = regex(r"\.(?:vpc|[a-z_]*subnets?)_[a-z0-9_]*cidr[a-z_]*\Z")
"""Outputs of modules that are called after a network: `.vpc_cidr_block`, `.private_subnets_cidr_blocks`."""

_LONGEST = 100
"""Characters of an address; anything longer is none."""


class Block(NamedTuple):
    """Addresses from `low` to `high`, both inclusive, of the IP version `family`."""

    family: int
    low: int
    high: int


@lru_cache(maxsize=4096)
def block(text: str) -> Block | None:
    """The addresses that a text stands for; None for what is no address (a service tag, a group's id)."""
    import ipaddress

    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if text.lower() in _ANYWHERE:
        return Block(4, *_SPACE[4])
    try:
        if "-" in text:
            first, last = (ipaddress.ip_address(end.strip()) for end in text.split("-", 1))
            same = first.version == last.version and int(first) <= int(last)
            return Block(first.version, int(first), int(last)) if same else None
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return Block(network.version, int(network.network_address), int(network.broadcast_address))


def world(cidrs: Iterable[object]) -> Answer:
    """Whether addresses together are the world: at least half of all there are of one IP version.

    Half, because `0.0.0.0/1` twice is how the whole is hidden, and every list of "all but private" holds more.
    """
    values = list(flat(cidrs))
    if makers(values):
        return True
    open_ones = [v for v in values if isinstance(v, UnknownValue) and not _narrow(v)]
    return combine(open_ones) if open_ones else False


def makers(cidrs: Iterable[object]) -> tuple[str, ...]:
    """Those of the addresses that make the world, for a message: one that holds everything, else all that it takes."""
    known = [(text, found) for text in flat(cidrs) if isinstance(text, str) and (found := block(text))]
    for family in (4, 6):
        members = [(text, found) for text, found in known if found.family == family]
        for text, found in members:
            if _is_whole(found):
                return (text,)
        wide = [(text, found) for text, found in members if found.high - found.low >= _WIDE[family]]
        for counted in (wide, members):
            if _is_world([found for _, found in counted], family):
                return tuple(dict.fromkeys(text for text, _ in counted))
    return ()


def said(texts: tuple[str, ...], most: int = 3) -> str:
    """Addresses in a message: `0.0.0.0/0`, `0.0.0.0/1 and 128.0.0.0/1, together the world`."""
    if len(texts) == 1:
        alone = block(texts[0])
        return texts[0] if alone is None or _is_whole(alone) else f"{texts[0]}, half of the world"
    named = " and ".join(texts) if len(texts) <= most else f"{', '.join(texts[:most])} and {len(texts) - most} more"
    return f"{named}, together the world"


def flat(values: Iterable[object]) -> Iterator[object]:
    """The elements of lists in lists; None is none. Azure and Google take a text or a list of texts."""
    waiting = list(values)[::-1]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list | tuple):
            waiting.extend(reversed(value))
        elif value is not None:
            yield value


def _is_whole(found: Block) -> bool:
    low, high = _SPACE[found.family]
    return found.low <= low and found.high >= high


def _is_world(blocks: list[Block], family: int) -> bool:
    low, high = _SPACE[family]
    return 2 * _covered(blocks, low, high) >= high - low + 1


def _covered(blocks: list[Block], low: int, high: int) -> int:
    """How many addresses of `low` to `high` the blocks hold together."""
    total, reached = 0, low - 1
    for part in sorted(blocks, key=lambda b: b.low):
        start, end = max(part.low, reached + 1), min(part.high, high)
        if end >= start:
            total += end - start + 1
            reached = end
    return total


def _narrow(unknown: UnknownValue) -> bool:
    """Whether an unknown address cannot be the world: `${x}/32`, or one that a cloud has assigned."""
    if isinstance(unknown.known, tuple) and unknown.known and isinstance(unknown.known[-1], str):
        tail = _TAIL.search(unknown.known[-1])
        if tail and int(tail[1]) >= _LEAST_WIDE:
            return True
    return bool(unknown.refs) and all(_GIVEN.search(f"{a}.") or _NETWORK.match(what) for a, what in unknown.refs)


def port_range(value: object) -> tuple[object, object]:
    """First and last port of `22`, "22", "8000-8100", "*": numbers, or (unknown, unknown); ("", "") for nonsense."""
    if isinstance(value, UnknownValue):
        return value, value
    text = str(value).strip()
    if text.lower() in ("*", "all", "any"):
        return 0, LAST_PORT
    first, dash, last = text.partition("-")
    start = number(first)
    return (start, number(last) if dash else start) if start is not None else ("", "")


def opens(start: object, end: object, protocol: object, port: int, transport: str = "tcp") -> Answer:
    """Whether a range of ports for a protocol lets `port` of a transport (`tcp`, `udp`) through.

    Protocols are names or numbers in any case; `-1`, `all`, `any` and `*` are every protocol, and then ports count for
    nothing (EC2 API, IpPermission; as Azure's `*` and Google's `all`). Missing ports are all ports.
    """
    spoken = speaks(protocol, transport)
    if spoken is False:
        return False
    if everything(protocol):
        return True
    first = 0 if start is None else number(start)
    last = LAST_PORT if end is None else number(end)
    inside = _between(first, last, start, end, port)
    if inside is False or spoken is True:
        return inside
    unknown = [x for x in (spoken, inside) if isinstance(x, UnknownValue)]
    return combine(unknown)


def _between(first: float | None, last: float | None, start: object, end: object, port: int) -> Answer:
    """Whether first <= port <= last, where either may be unknown."""
    if (first is not None and first > port) or (last is not None and last < port):
        return False
    unknown = [v for v in (start, end) if isinstance(v, UnknownValue)]
    if unknown:
        return combine(unknown)
    return first is not None and last is not None


def width(start: object, end: object, protocol: object) -> int | UnknownValue:
    """How many ports a rule lets through of a transport that it speaks; 0 for protocols without ports."""
    spoken = [speaks(protocol, t) for t in ("tcp", "udp")]
    if all(s is False for s in spoken):
        return 0
    if everything(protocol):
        return LAST_PORT + 1
    first = 0 if start is None else number(start)
    last = LAST_PORT if end is None else number(end)
    if first is None or last is None:
        unknown = [v for v in (start, end) if isinstance(v, UnknownValue)]
        return combine(unknown) if unknown else 0
    unknown = [s for s in spoken if isinstance(s, UnknownValue)]
    if True not in spoken and unknown:
        return combine(unknown)
    return max(0, int(last - first) + 1)


_NUMBERS = {"tcp": "6", "udp": "17"}
"""IANA's protocol numbers."""


def everything(protocol: object) -> bool:
    """Whether a protocol is known to mean all of them."""
    return str(protocol).strip().lower() in ("-1", "all", "any", "*")


def speaks(protocol: object, transport: str) -> Answer:
    """Whether a protocol includes a transport."""
    if isinstance(protocol, UnknownValue):
        return combine([protocol])
    text = str(protocol).strip().lower()
    return everything(text) or text in (transport, _NUMBERS[transport])


def number(value: object) -> int | None:
    """A port as a number, also where it is written as a text; None where it is none or unknown."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value)
    if isinstance(value, str) and value.strip().removeprefix("-").isdigit() and len(value) < 10:
        return int(value.strip())
    return None
