"""What kind of value something is."""

from __future__ import annotations

from guardrail.hcl.run import PLAIN
from guardrail.hcl.values import Entity


def plain(value: object) -> object:
    """A value as data: an entity is worked out, what lies in a list or map is left alone."""
    if type(value) in PLAIN:
        return value
    return value.plain() if isinstance(value, Entity) else value


def kind(value: object) -> str:
    """What a value is, in the words of Terraform's types."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list) else "object"


PRIMITIVE = frozenset({"string", "number", "bool"})
