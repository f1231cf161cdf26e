"""Openings of Azure's network security groups.

Rules stand inside `azurerm_network_security_group` (`security_rule`) or apart as `azurerm_network_security_rule`.
Source: the provider's documentation of both, "Argument Reference": `access` Allow or Deny, `direction` Inbound or
Outbound, `protocol` Tcp, Udp, Icmp, Esp, Ah or `*`, ports as `22`, `20-30` or `*`, one or a list; the lowest
`priority` is looked at first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guardrail.hcl.values import combine
from guardrail.model.place import Path
from guardrail.model.value import UnknownValue
from guardrail.views.cidr import LAST_PORT, everything, flat, number, port_range
from guardrail.views.ingress import Opening, Sources

GROUP = "azurerm_network_security_group"
RULE = "azurerm_network_security_rule"

_LAST_PRIORITY = 4096
"""The highest number that a rule may have, and so the last one to be looked at."""

_DIRECTIONS = {"inbound": "ingress", "outbound": "egress"}
_SIDES = {"ingress": "source", "egress": "destination"}


def openings(kind: str, data: Mapping[str, object]) -> Iterator[Opening]:
    """Every rule of a group or the one of a rule, an opening for each range of ports.

    Rules that deny are there, too, with `allows` "deny", but none that an earlier one makes pointless by denying
    everything to the world.
    """
    rules = _inside(data.get("security_rule")) if kind == GROUP else iter([((), data, None)])
    found = [opening for path, rule, maybe in rules for opening in _openings(path, rule, maybe)]
    limits = {direction: _limit(found, direction) for direction in _SIDES}
    yield from (o for o in found if not isinstance(o.number, int) or o.number <= limits[o.direction])


def _limit(found: list[Opening], direction: str) -> int:
    """The priority of the first rule that denies everything to the world; rules after it count for nothing."""
    priorities = [o.number for o in found if o.direction == direction and _closes(o) and isinstance(o.number, int)]
    return min(priorities, default=_LAST_PRIORITY)


def _inside(rules: object) -> Iterator[tuple[Path, Mapping[str, object], UnknownValue | None]]:
    """Rules of a group: path, attributes, and why it may not exist."""
    if isinstance(rules, UnknownValue):
        yield ("security_rule",), _body(rules), rules
    for at, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, UnknownValue):
            yield ("security_rule", at), _body(rule), rule
        elif isinstance(rule, Mapping):
            yield ("security_rule", at), rule, None


def _body(rule: UnknownValue) -> Mapping[str, object]:
    """What is known of a rule that may be there: all else is unknown for the same reason."""
    if isinstance(rule.known, dict) and rule.known:
        return rule.known
    keys = ("access", "direction", "protocol", "destination_port_range", "source_address_prefix")
    return dict.fromkeys(keys, rule)


def _openings(path: Path, rule: Mapping[str, object], maybe: UnknownValue | None) -> Iterator[Opening]:
    direction, doubt = _direction(rule.get("direction"))
    access = rule.get("access")
    if isinstance(access, UnknownValue):
        doubt.append(access)
    side = _SIDES[direction]
    sources = _sources(path, rule, side)
    doubt += [maybe] if maybe else []
    for start, end in _ports(rule):
        yield Opening(
            path,
            direction,
            rule.get("protocol"),
            start,
            end,
            sources,
            combine(doubt) if doubt else None,
            number(rule.get("priority")),
            "deny" if str(access).lower() == "deny" else "allow",
        )


def _direction(value: object) -> tuple[str, list[UnknownValue]]:
    """The direction; an unknown one is taken for inbound, and is a doubt."""
    if isinstance(value, UnknownValue):
        return "ingress", [value]
    return _DIRECTIONS.get(str(value).lower(), "egress"), []


def _sources(path: Path, rule: Mapping[str, object], side: str) -> Sources:
    keys = (f"{side}_address_prefix", f"{side}_address_prefixes")
    found = (((*path, key), rule[key]) for key in keys if rule.get(key) is not None)
    return tuple((p, v) for p, v in found if v not in ([], ""))


def _ports(rule: Mapping[str, object]) -> Iterator[tuple[object, object]]:
    """First and last port of each range."""
    for value in flat([rule.get("destination_port_range"), rule.get("destination_port_ranges")]):
        start, end = port_range(value)
        if start != "":
            yield start, end


def _closes(opening: Opening) -> bool:
    """Whether a rule certainly denies everything to the world."""
    whole = opening.start == 0 and opening.end == LAST_PORT and everything(opening.protocol)
    sure = opening.allows == "deny" and opening.maybe is None
    return sure and whole and opening.world() is True
