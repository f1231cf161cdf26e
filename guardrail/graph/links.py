"""Which Terraform resources refer to which: by the address that a value carries, else by an equal known name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from guardrail.model.value import UnknownValue

NAMING = (
    "id",
    "name",
    "bucket",
    "identifier",
    "cluster_identifier",
    "function_name",
    "arn",
    "repository",
    "user",
    "role",
)
"""Attributes by which resources are named in others, beside the one that the reference has itself."""


class Object(NamedTuple):
    """A resource instance: its address, type and data; `doubt` is why it may not exist."""

    address: str
    type: str
    data: dict[str, object]
    doubt: UnknownValue | None = None


Objects = Callable[[str], Sequence[Object]]
"""The objects of a type in one configuration."""


@dataclass(slots=True, eq=False, repr=False)
class Links:
    """Finds related objects by tables of addresses and names, so that a policy costs what it finds and no more."""

    objects: Objects
    _referring: dict[tuple[str, str], _Referring] = field(default_factory=dict)
    _named: dict[tuple[str, str], dict[str, list[Object]]] = field(default_factory=dict)
    _addressed: dict[str, dict[str, Object]] = field(default_factory=dict)

    def related(self, subject: Object, relation: Mapping[str, Any]) -> list[object]:
        """What a policy's `related` entry binds: data of the objects, with an unknown where there may be more."""
        types = relation["resource"]
        found: list[object] = []
        for type_ in [types] if isinstance(types, str) else types:
            if "refers" in relation:
                found += self._refers(subject, type_, str(relation["refers"]))
            elif "referredBy" in relation:
                found += self._referred(subject, type_, str(relation["referredBy"]))
            else:
                found += [_seen(subject, o) for o in self.objects(type_)]
        return found

    def _refers(self, subject: Object, type_: str, path: str) -> list[object]:
        """Objects whose attribute refers to the subject, by its address or by one of its names."""
        key = (type_, path)
        if key not in self._referring:
            self._referring[key] = _referring(self.objects(type_), path)
        table = self._referring[key]
        name = path.rpartition(".")[2]
        linked = {o.address: o for o in table.by_address.get(subject.address, ())}
        for known in _names(subject, name):
            linked |= {o.address: o for o in table.by_value.get(known, ())}
        doubts = [doubt for address, doubt in table.doubtful.items() if address not in linked][:1]
        unnamed = _unnamed(subject, name)
        if not doubts and not linked and unnamed and table.by_value:
            doubts = [unnamed]
        return [*(_seen(subject, o) for o in linked.values()), *map(_perhaps, doubts)]

    def _referred(self, subject: Object, type_: str, path: str) -> list[object]:
        """Objects that the subject's attribute refers to."""
        if type_ not in self._addressed:
            self._addressed[type_] = {o.address: o for o in self.objects(type_)}
        name = path.rpartition(".")[2]
        linked: dict[str, Object] = {}
        doubts: list[UnknownValue] = []
        for value in values(subject.data, path.split(".")):
            addresses = [a for a in refs(value) if a in self._addressed[type_]]
            linked |= {a: self._addressed[type_][a] for a in addresses}
            if isinstance(value, str):
                linked |= {o.address: o for o in self._by_name(type_, name).get(value, ())}
            elif isinstance(value, UnknownValue) and not addresses and not list(refs(value)):
                doubts.append(value)
        return [*(_seen(subject, o) for o in linked.values()), *map(_perhaps, doubts[:1])]

    def _by_name(self, type_: str, name: str) -> dict[str, list[Object]]:
        key = (type_, name)
        if key not in self._named:
            table = self._named[key] = {}
            for each in self.objects(type_):
                for known in dict.fromkeys(_names(each, name)):
                    table.setdefault(known, []).append(each)
        return self._named[key]


class _Referring(NamedTuple):
    """Objects by what one of their attributes says: an address, a text, or nothing that is known."""

    by_address: dict[str, list[Object]]
    by_value: dict[str, list[Object]]
    doubtful: dict[str, UnknownValue]


def _referring(objects: Sequence[Object], path: str) -> _Referring:
    table = _Referring({}, {}, {})
    for each in objects:
        for value in values(each.data, path.split(".")):
            addresses = dict.fromkeys(refs(value))
            for address in addresses:
                table.by_address.setdefault(address, []).append(each)
            if isinstance(value, str):
                table.by_value.setdefault(value, []).append(each)
            elif isinstance(value, UnknownValue) and not addresses and not isinstance(value.known, tuple):
                table.doubtful[each.address] = value
    return table


def _seen(subject: Object, other: Object) -> object:
    """An object's data; an unknown that holds them where it may not exist, or in a number that is not known.

    What hangs on the same thing as the subject, or is there for each of the subject, is there whenever the subject is.
    """
    doubt = other.doubt
    if doubt is None or (subject.doubt is not None and subject.doubt.reason == doubt.reason):
        return other.data
    if any(address == subject.address for address, _ in doubt.refs):
        return other.data
    return UnknownValue(doubt.reason, questions=doubt.questions, known=other.data, many=True)


def _perhaps(doubt: UnknownValue) -> UnknownValue:
    """An object that may be there or not."""
    return UnknownValue(doubt.reason, questions=doubt.questions, many=True)


def refs(value: object) -> Iterator[str]:
    """Addresses of the resources a value refers to, also within texts and collections."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, UnknownValue):
            yield from (address for address, _ in value.refs)
            waiting.extend(value.known.values() if isinstance(value.known, dict) else value.known or ())
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _names(other: Object, name: str) -> list[str]:
    found = (other.data.get(n) for n in (name, *NAMING))
    return [v for v in found if isinstance(v, str) and v]


def _unnamed(other: Object, name: str) -> UnknownValue | None:
    """Why an object's own name is not known, if it is not."""
    for attribute in (name, *NAMING):
        value = other.data.get(attribute)
        if isinstance(value, UnknownValue) and not value.refs:
            return value
    return None


def values(node: object, steps: list[str]) -> Iterator[object]:
    """Every value at a dotted path, lists gone through."""
    if isinstance(node, list):
        for item in node:
            yield from values(item, steps)
    elif not steps:
        if node is not None:
            yield node
    elif isinstance(node, dict):
        yield from values(node.get(steps[0]), steps[1:])
    elif isinstance(node, UnknownValue):
        if isinstance(node.known, dict) and steps[0] in node.known:
            yield from values(node.known[steps[0]], steps[1:])
        else:
            yield node
