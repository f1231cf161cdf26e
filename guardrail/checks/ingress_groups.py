"""Security groups and network ACLs of AWS, those of Azure, and Google's firewalls: the world let in, or all let out.

TERRAFORM 5, ranks 4, 5, 33, 34, 55 and 71. What an opening is and how it is written: `guardrail.views.ingress`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from guardrail.hcl.values import combine
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views import ingress, ingress_azure, ingress_google
from guardrail.views.cidr import LAST_PORT, Answer, everything, said, speaks
from guardrail.views.ingress import Opening, both
from guardrail.views.items import Item

__all__ = ["acl_all", "acl_ports", "all_egress", "all_ports", "any_rule", "ports"]

Ports = Mapping[str, int]
"""Port numbers by the name of what listens there."""

_MOST = 3
"""Names of ports that a message tells."""

_NEARLY_ALL = LAST_PORT - 1
"""From this many ports on a range is all of them: 1-65535 leaves out port 0, which nothing listens on."""


def ports(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Rules that let the world reach one of `tcp` or `udp` (port by name), also as part of a range or of all."""
    for opening in _of(item, "ingress"):
        yield from _reached(item, opening, arguments)


def _reached(item: Item, opening: Opening, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """One hit for an opening that admits some of the ports, one unknown where it may."""
    wanted = [(t, name, port) for t in ("tcp", "udp") for name, port in (arguments.get(t) or {}).items()]
    opened = [((name, port), opening.opens(port, t)) for t, name, port in wanted]
    if all(answer is False for _, answer in opened):
        return
    from_world = opening.world()
    answers = [(named, both(from_world, answer)) for named, answer in opened]
    found = [named for named, answer in answers if answer is True]
    doubts = [answer for _, answer in answers if isinstance(answer, UnknownValue)]
    if found:
        yield _told(item, opening, _message(opening, found))
    elif doubts:
        yield _open(item, opening, combine(doubts))


def _message(opening: Opening, found: list[tuple[str, int]]) -> str:
    """`port 22 (SSH) is open to 0.0.0.0/0`; of a range, which of the ports are in it."""
    world = said(opening.named())
    known = dict.fromkeys(f"{port} ({name})" for name, port in found)
    listed = ", ".join(list(known)[:_MOST]) + (f" and {len(known) - _MOST} more" if len(known) > _MOST else "")
    spoken = opening.ports()
    if spoken.startswith("port ") and len(known) == 1:
        return f"port {listed} is open to {world}"
    if everything(opening.protocol):
        return f"{spoken} is open to {world}, {listed} among them"
    return f"{spoken} are open to {world}, {listed} among them"


def all_ports(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Rules that let the world reach every port."""
    allowing = (o for o in _of(item, "ingress") if o.allows != "deny")
    yield from _all(item, allowing, lambda o: f"{_every(o)} is open to {said(o.named())}")


def all_egress(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Rules that let traffic to every port of the world out."""
    yield from _all(item, _of(item, "egress"), lambda o: f"{_every(o)} of {said(o.named())} can be reached")


def _all(item: Item, found: Iterable[Opening], message: Callable[[Opening], str]) -> Iterator[Hit | Undecided]:
    for opening in found:
        answer = both(opening.world(), _whole(opening))
        if answer is True:
            yield _told(item, opening, message(opening))
        elif isinstance(answer, UnknownValue):
            yield _open(item, opening, answer)


def _whole(opening: Opening) -> Answer:
    width = opening.width()
    return width if isinstance(width, UnknownValue) else width >= _NEARLY_ALL


def _every(opening: Opening) -> str:
    if everything(opening.protocol):
        return "every port of every protocol"
    return "every UDP port" if speaks(opening.protocol, "tcp") is False else "every TCP port"


def any_rule(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Rules of a group that should have none: the default security group."""
    for direction in ("ingress", "egress"):
        told = False
        for opening in _of(item, direction):
            if opening.maybe is not None:
                yield _open(item, opening, opening.maybe)
            elif not told:
                told = True
                word = "in" if direction == "ingress" else "out"
                message = f"the default security group lets traffic {word}; whatever names no group of its own gets it"
                yield Hit((*item.path, *opening.path), message)


def acl_ports(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Rules of a network ACL that admit the world to one of `tcp` or `udp`, and that no earlier rule denies."""
    found = [o for o in _of(item, "ingress") if o.allows == "allow" or isinstance(o.allows, UnknownValue)]
    denied = [o for o in _of(item, "ingress") if o.allows == "deny"]
    for opening in found:
        left = {t: _left(opening, denied, arguments.get(t) or {}, t) for t in ("tcp", "udp")}
        for result in _reached(item, opening, left):
            if isinstance(opening.allows, UnknownValue) and isinstance(result, Hit):
                yield _open(item, opening, opening.allows)
            else:
                yield result


def _left(opening: Opening, denied: list[Opening], named: Ports, transport: str) -> Ports:
    """The ports that no rule with a lower number closes for the world (VPC user guide, "Network ACL rules")."""
    before = [d for d in denied if _earlier(d, opening) and d.world() is True]
    return {n: p for n, p in named.items() if not any(d.opens(p, transport) is True for d in before)}


def _earlier(one: Opening, other: Opening) -> bool:
    first, second = one.number, other.number
    numbers = isinstance(first, int | float) and isinstance(second, int | float)
    return numbers and first < second  # type: ignore[operator]


def acl_all(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Rules of a network ACL that admit everything from the world."""
    allowing = (o for o in _of(item, "ingress") if o.allows == "allow" and everything(o.protocol))
    yield from _all(item, allowing, lambda o: f"every port of every protocol is open to {said(o.named())}")


def _of(item: Item, direction: str) -> Iterator[Opening]:
    data = item.bindings["object"]
    kind = item.resource.kind
    cloud = ingress_azure if kind.startswith("azurerm_") else ingress_google if kind.startswith("google_") else ingress
    found = cloud.openings(kind, data if isinstance(data, Mapping) else {})
    return (o for o in found if o.direction == direction)


def _told(item: Item, opening: Opening, message: str) -> Hit | Undecided:
    """What is found of a rule; of one that may not exist, that it is not known."""
    if opening.maybe is not None:
        return _open(item, opening, opening.maybe)
    return Hit((*item.path, *opening.place()), message)


def _open(item: Item, opening: Opening, unknown: UnknownValue) -> Undecided:
    return Undecided((*item.path, *opening.place()), unknown.reason, unknown.questions)
