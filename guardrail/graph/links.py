"""Which Terraform resources refer to which: by the address that a value carries, else by an equal known name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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


def related(subject: Object, relation: Mapping[str, Any], objects: Objects) -> list[object]:
    """What a policy's `related` entry binds: data of the objects, with an unknown for each that may be one of them."""
    types = relation["resource"]
    found: list[object] = []
    for type_ in [types] if isinstance(types, str) else types:
        for other in objects(type_):
            if "refers" in relation:
                linked = refers(other, str(relation["refers"]), subject)
            elif "referredBy" in relation:
                linked = refers(subject, str(relation["referredBy"]), other)
            else:
                linked = True
            if linked is True and other.doubt is not None and not _together(other.doubt, subject.doubt):
                linked = other.doubt
            if linked is True:
                found.append(other.data)
            elif isinstance(linked, UnknownValue):
                found.append(UnknownValue(linked.reason, questions=linked.questions, many=True))
    return found


def _together(doubt: UnknownValue, own: UnknownValue | None) -> bool:
    """Whether a resource that may not exist does where the other does: both hang on the same, which nobody can ask."""
    return own is not None and not doubt.questions and doubt.reason == own.reason


def refers(one: Object, path: str, other: Object) -> bool | UnknownValue:
    """Whether an attribute of one object refers to another: yes, no, or why that is not known."""
    doubt: UnknownValue | None = None
    name = path.rpartition(".")[2]
    for value in values(one.data, path.split(".")):
        addresses = set(refs(value))
        if other.address in addresses:
            return True
        if isinstance(value, UnknownValue):
            if not addresses and not _another(value):
                doubt = value
        elif value in _names(other, name):
            return True
        elif isinstance(value, str) and _unnamed(other, name):
            doubt = _unnamed(other, name)
    return doubt or False


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


def _another(value: UnknownValue) -> bool:
    """Whether an unknown text has parts that are known: it is made up here, and names nothing by reference."""
    return isinstance(value.known, tuple)


def _names(other: Object, name: str) -> list[object]:
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
