"""Whether the policies of a group ask for a second factor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.checks.iam_documents import undecided
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.iam import PolicyDocument, document
from guardrail.views.iam_match import Truth, any_of, equals
from guardrail.views.items import Item

__all__ = ["not_asked_for"]

_KEYS = ("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge")


def not_asked_for(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """A group none of whose policies has a condition on the second factor.

    `item.bindings["inline"]` are the aws_iam_group_policy resources of the group.
    """
    listed = item.bindings.get("inline")
    truth = any_of(_asks(other) for other in (listed if isinstance(listed, list) else ()))
    if isinstance(truth, UnknownValue):
        yield undecided(item.path, [truth])
    elif not truth:
        yield Hit(item.path, "no policy of this group has a condition on aws:MultiFactorAuthPresent", missing=True)


def _asks(other: object) -> Truth:
    if isinstance(other, UnknownValue):
        return other
    found = document(other.get("policy")) if isinstance(other, dict) else PolicyDocument()
    keys = (equals(c.key, key) for s in found.statements for c in s.conditions for key in _KEYS)
    return any_of((*keys, found.unknown or False))
