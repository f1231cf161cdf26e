"""IP addresses and CIDR networks (k8s.io/apiserver/pkg/cel/library/ip.go, cidr.go)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guardrail.cel.errors import CelError
from guardrail.cel.functions import Overload

_WIDTH = {4: 32, 6: 128}
_MAX_TEXT = 100


@dataclass(frozen=True, slots=True)
class Ip:
    """An IPv4 or IPv6 address: `family` 4 or 6, `number` its bits."""

    cel_type: ClassVar[str] = "net.IP"
    family: int
    number: int


@dataclass(frozen=True, slots=True)
class Cidr:
    """An address with a prefix length; bits behind the prefix are kept."""

    cel_type: ClassVar[str] = "net.CIDR"
    ip: Ip
    prefix: int


def parse_ip(text: str) -> Ip | None:
    """An address; None for zones, IPv4-mapped IPv6, leading zeros and everything else."""
    import ipaddress

    if len(text) > _MAX_TEXT or "%" in text or "/" in text:
        return None
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return None
    return Ip(found.version, int(found))


def parse_cidr(text: str) -> Cidr | None:
    """An address with `/` and a prefix length without leading zeros."""
    address, slash, length = text.partition("/")
    found = parse_ip(address)
    if found is None or not slash or not (length.isascii() and length.isdigit()):
        return None
    if (length != "0" and length.startswith("0")) or len(length) > 3:
        return None
    return Cidr(found, int(length)) if int(length) <= _WIDTH[found.family] else None


def ip_text(value: Ip) -> str:
    """The canonical text of an address."""
    import ipaddress

    kind = ipaddress.IPv4Address if value.family == 4 else ipaddress.IPv6Address
    return str(kind(value.number))


def cidr_text(value: Cidr) -> str:
    """The canonical text of an address and prefix length."""
    return f"{ip_text(value.ip)}/{value.prefix}"


def _ip(text: str) -> Ip:
    found = parse_ip(text)
    if found is None:
        raise CelError(f"not an IP address: {text[:60]!r}")
    return found


def _cidr(text: str) -> Cidr:
    found = parse_cidr(text)
    if found is None:
        raise CelError(f"not a CIDR network: {text[:60]!r}")
    return found


def _masked(value: Cidr) -> Cidr:
    free = _WIDTH[value.ip.family] - value.prefix
    return Cidr(Ip(value.ip.family, value.ip.number >> free << free), value.prefix)


def _contains_ip(value: Cidr, other: Ip | str) -> bool:
    address = _ip(other) if isinstance(other, str) else other
    same = value.ip.family == address.family
    return same and _masked(Cidr(address, value.prefix)) == _masked(value)


def _contains_cidr(value: Cidr, other: Cidr | str) -> bool:
    inner = _cidr(other) if isinstance(other, str) else other
    return value.prefix <= inner.prefix and _contains_ip(value, inner.ip)


def _in_block(value: Ip, v4: tuple[int, int], v6: tuple[int, int]) -> bool:
    start, prefix = v4 if value.family == 4 else v6
    shift = _WIDTH[value.family] - prefix
    return value.number >> shift == start


def _is_loopback(value: Ip) -> bool:
    return _in_block(value, (127, 8), (1, 128))


def _is_link_local_multicast(value: Ip) -> bool:
    if value.family == 6:  # any flags, scope 2 (Go's netip: addr & ff0f == ff02)
        return (value.number >> 112) & 0xFF0F == 0xFF02
    return _in_block(value, (0xE00000, 24), (0, 0))


def _is_link_local_unicast(value: Ip) -> bool:
    return _in_block(value, (0xA9FE, 16), (0xFE80 >> 6, 10))


def _is_multicast(value: Ip) -> bool:
    return _in_block(value, (0xE, 4), (0xFF, 8))


def _is_global_unicast(value: Ip) -> bool:
    if value.number == 0 or (value.family == 4 and value.number == 0xFFFFFFFF):
        return False
    return not (_is_loopback(value) or _is_multicast(value) or _is_link_local_unicast(value))


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "ip": (Overload((str,), _ip),),
    "isIP": (Overload((str,), lambda text: parse_ip(text) is not None),),
    "ip.isCanonical": (Overload((str,), lambda text: ip_text(_ip(text)) == text),),
    ".family": (Overload((Ip,), lambda ip: ip.family),),
    ".isUnspecified": (Overload((Ip,), lambda ip: ip.number == 0),),
    ".isLoopback": (Overload((Ip,), _is_loopback),),
    ".isLinkLocalMulticast": (Overload((Ip,), _is_link_local_multicast),),
    ".isLinkLocalUnicast": (Overload((Ip,), _is_link_local_unicast),),
    ".isGlobalUnicast": (Overload((Ip,), _is_global_unicast),),
    "cidr": (Overload((str,), _cidr),),
    "isCIDR": (Overload((str,), lambda text: parse_cidr(text) is not None),),
    ".containsIP": (Overload((Cidr, Ip), _contains_ip), Overload((Cidr, str), _contains_ip)),
    ".containsCIDR": (
        Overload((Cidr, Cidr), _contains_cidr),
        Overload((Cidr, str), _contains_cidr),
    ),
    ".ip": (Overload((Cidr,), lambda cidr: cidr.ip),),
    ".masked": (Overload((Cidr,), _masked),),
    ".prefixLength": (Overload((Cidr,), lambda cidr: cidr.prefix),),
}
