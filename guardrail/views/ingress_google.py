"""Openings of Google's VPC firewalls: `google_compute_firewall` and rules of firewall policies.

Source: the provider's documentation of `google_compute_firewall`, `google_compute_firewall_policy_rule`,
`google_compute_network_firewall_policy_rule` and `google_compute_region_network_firewall_policy_rule`: `direction` is
INGRESS by default, a disabled rule does not count, and without `ports` all ports are meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guardrail.hcl.values import combine
from guardrail.model.place import Path
from guardrail.model.value import UnknownValue
from guardrail.views.cidr import port_range
from guardrail.views.ingress import Opening, Sources

FIREWALL = "google_compute_firewall"
POLICY_RULES = (
    "google_compute_firewall_policy_rule",
    "google_compute_network_firewall_policy_rule",
    "google_compute_region_network_firewall_policy_rule",
)

EVERYWHERE = "0.0.0.0/0"
"""What a rule without any source is open to (VPC documentation, "VPC firewall rules", "Sources")."""

_RANGES = {"ingress": "source_ranges", "egress": "destination_ranges"}
_POLICY_RANGES = {"ingress": "src_ip_ranges", "egress": "dest_ip_ranges"}
_OTHER_SOURCES = ("source_tags", "source_service_accounts")


def openings(kind: str, data: Mapping[str, object]) -> Iterator[Opening]:
    """What a rule lets through, an opening for each range of ports; rules that deny are left out."""
    disabled = data.get("disabled")
    if disabled is True:
        return
    doubt = [disabled] if isinstance(disabled, UnknownValue) else []
    direction, unknown = _direction(data.get("direction"))
    doubt += unknown
    if kind == FIREWALL:
        yield from _firewall(data, direction, doubt)
    elif kind in POLICY_RULES:
        yield from _policy_rule(data, direction, doubt)


def _direction(value: object) -> tuple[str, list[UnknownValue]]:
    if isinstance(value, UnknownValue):
        return "ingress", [value]
    return ("egress" if str(value).upper() == "EGRESS" else "ingress"), []


def _firewall(data: Mapping[str, object], direction: str, doubt: list[UnknownValue]) -> Iterator[Opening]:
    key = _RANGES[direction]
    sources = _sources((), data, key)
    if not sources and not any(data.get(other) for other in _OTHER_SOURCES):
        sources = (((key,), EVERYWHERE),)
    for path, entry, maybe in _blocks("allow", data.get("allow")):
        yield from _entry(path, entry, ("protocol", "ports"), direction, sources, doubt + maybe)


def _policy_rule(data: Mapping[str, object], direction: str, doubt: list[UnknownValue]) -> Iterator[Opening]:
    action = data.get("action")
    if isinstance(action, UnknownValue):
        doubt = [*doubt, action]
    elif str(action).lower() != "allow":
        return
    for path, match, maybe in _blocks("match", data.get("match")):
        sources = _sources(path, match, _POLICY_RANGES[direction])
        for below, entry, more in _blocks("layer4_configs", match.get("layer4_configs")):
            names = ("ip_protocol", "ports")
            yield from _entry((*path, *below), entry, names, direction, sources, doubt + maybe + more)


def _blocks(name: str, blocks: object) -> Iterator[tuple[Path, Mapping[str, object], list[UnknownValue]]]:
    """Nested blocks with their path, and the reason why one may not exist."""
    listed = blocks if isinstance(blocks, list) else [blocks] if isinstance(blocks, UnknownValue) else []
    for at, block in enumerate(listed):
        if isinstance(block, UnknownValue):
            known = block.known if isinstance(block.known, dict) and block.known else None
            body = known or dict.fromkeys(("protocol", "ip_protocol", "ports"), block)
            yield (name, at), body, [block]
        elif isinstance(block, Mapping):
            yield (name, at), block, []


def _entry(
    path: Path,
    entry: Mapping[str, object],
    names: tuple[str, str],
    direction: str,
    sources: Sources,
    doubt: list[UnknownValue],
) -> Iterator[Opening]:
    protocol, ports = entry.get(names[0]), entry.get(names[1])
    maybe = combine(doubt) if doubt else None
    for value in _listed(ports):
        start, end = (None, None) if value is None else port_range(value)
        if start != "":
            yield Opening(path, direction, protocol, start, end, sources, maybe)


def _listed(ports: object) -> list[object]:
    """The ranges of ports; [None] for all of them."""
    if isinstance(ports, list) and ports:
        return ports
    return [ports] if isinstance(ports, UnknownValue) else [None]


def _sources(path: Path, data: Mapping[str, object], key: str) -> Sources:
    value = data.get(key)
    return () if value is None or value == [] else (((*path, key), value),)
