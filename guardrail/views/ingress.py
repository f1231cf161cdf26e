"""Who may reach whom: openings of firewalls in one form, however they are written.

AWS has security groups with rules inside (blocks or lists of objects), `aws_security_group_rule`, and the newer
`aws_vpc_security_group_*_rule`; network ACLs, too, inside and as `aws_network_acl_rule`. Sources: the provider's
documentation of each resource, "Argument Reference". Other clouds make an Opening of theirs with `Opening(...)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrail.hcl.values import combine
from guardrail.model.place import Path
from guardrail.model.value import UnknownValue
from guardrail.views.cidr import Answer, everything, flat, makers, number, opens, speaks, width, world

Sources = tuple[tuple[Path, object], ...]
"""Addresses with the path of the attribute that holds them, from the resource's root."""

GROUPS = ("aws_security_group", "aws_default_security_group")
RULES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
LISTS = ("aws_network_acl", "aws_default_network_acl")

_CIDRS = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "cidr_block", "ipv6_cidr_block")


class Opening(NamedTuple):
    """Traffic that one rule lets through: `sources` are addresses it comes from (of an egress: goes to).

    `start`, `end` and `protocol` are as `cidr.opens` takes them. `maybe` is why it may not exist. `number` orders the
    rules of a network ACL.
    """

    path: Path
    direction: str
    protocol: object
    start: object
    end: object
    sources: Sources
    maybe: UnknownValue | None = None
    number: object = None
    allows: object = True

    def world(self) -> Answer:
        """Whether it is open to the world."""
        return world(value for _, value in self.sources)

    def place(self) -> Path:
        """The attribute to show: the one with the addresses that make the world, or that may."""
        for path, value in self.sources:
            if makers([value]):
                return path
        unknown = (path for path, value in self.sources if isinstance(world([value]), UnknownValue))
        return next(unknown, self.path)

    def named(self) -> tuple[str, ...]:
        """The addresses that make the world."""
        return makers(value for _, value in self.sources)

    def opens(self, port: int, transport: str = "tcp") -> Answer:
        """Whether it lets a port through."""
        return opens(self.start, self.end, self.protocol, port, transport)

    def width(self) -> int | UnknownValue:
        """How many ports it lets through."""
        return width(self.start, self.end, self.protocol)

    def ports(self) -> str:
        """The ports in words: `port 22`, `ports 20-30`, `every port`."""
        if everything(self.protocol):
            return "every port of every protocol"
        first, last = number(self.start), number(self.end)
        if first is None or last is None:
            unknown = isinstance(self.start, UnknownValue) or isinstance(self.end, UnknownValue)
            return "ports" if unknown else "every port"
        spoken = [t for t in ("tcp", "udp") if speaks(self.protocol, t) is True]
        of = f" ({spoken[0].upper()})" if len(spoken) == 1 and spoken[0] == "udp" else ""
        return f"port {first}{of}" if first == last else f"ports {first}-{last}{of}"


def openings(kind: str, data: Mapping[str, object]) -> Iterator[Opening]:
    """The openings of a resource of AWS, as its attributes are evaluated."""
    if kind in (*GROUPS, *LISTS):
        for direction in ("ingress", "egress"):
            for path, rule, maybe in _entries(data.get(direction), direction):
                yield _opening(path, rule, direction, maybe)
    elif kind in RULES:
        yield _opening((), data, _direction(kind, data), None)
    elif kind == "aws_network_acl_rule":
        yield _opening((), data, "egress" if data.get("egress") is True else "ingress", None)


def _direction(kind: str, data: Mapping[str, object]) -> str:
    if kind == "aws_security_group_rule":
        return str(data.get("type")) if isinstance(data.get("type"), str) else ""
    return kind.removeprefix("aws_vpc_security_group_").removesuffix("_rule")


def _entries(rules: object, direction: str) -> Iterator[tuple[Path, Mapping[str, object], UnknownValue | None]]:
    """Rules written inside a resource, and those that may be there: path, attributes, why it may not exist."""
    if isinstance(rules, UnknownValue):
        yield (direction,), _body(rules), rules
    elif isinstance(rules, Mapping):
        yield (direction,), rules, None
    for at, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, UnknownValue):
            yield (direction, at), _body(rule), rule
        elif isinstance(rule, Mapping):
            yield (direction, at), rule, None


def _body(rule: UnknownValue) -> Mapping[str, object]:
    """What is known of a rule that may be there: all else is unknown for the same reason."""
    known = rule.known if isinstance(rule.known, dict) else {}
    if known:
        return known
    return {"protocol": rule, "from_port": rule, "to_port": rule, "cidr_blocks": rule, "action": rule}


def _opening(path: Path, rule: Mapping[str, object], direction: str, maybe: UnknownValue | None) -> Opening:
    protocol = rule.get("protocol", rule.get("ip_protocol"))
    allows: object = rule.get("action", rule.get("rule_action", "allow"))
    sources = tuple(((*path, key), rule[key]) for key in _CIDRS if rule.get(key) is not None)
    # an attribute that is written as a list of objects has every key; [] and null say nothing
    sources = tuple((p, v) for p, v in sources if not (isinstance(v, list) and not v))
    return Opening(
        path,
        direction,
        protocol,
        rule.get("from_port"),
        rule.get("to_port"),
        sources,
        maybe,
        rule.get("rule_no", rule.get("rule_number")),
        allows,
    )


def both(one: Answer, *others: Answer) -> Answer:
    """True if all are, False if one is, else unknown with all causes."""
    answers = (one, *others)
    if any(a is False for a in answers):
        return False
    unknown = [a for a in answers if isinstance(a, UnknownValue)]
    return combine(unknown) if unknown else True


def unreadable(opening: Opening) -> bool:
    """Whether a rule has no addresses at all: it opens to groups, prefix lists or itself."""
    return not list(flat(value for _, value in opening.sources))
