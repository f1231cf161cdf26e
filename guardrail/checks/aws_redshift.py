"""Redshift, whose defaults the provider changed with version 6.0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.items import Item

__all__ = ["public", "unencrypted"]

_CLUSTER = "aws_redshift_cluster"


def public(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Clusters and workgroups with a public address.

    Where nothing is said a cluster has one before 6.0 and none from then on (version 6 upgrade guide of
    terraform-provider-aws, "resource/aws_redshift_cluster"); a workgroup never has.
    """
    yield from _judged(item, "publicly_accessible", True, "publicly_accessible is true: it gets a public address")


def unencrypted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Clusters that are not encrypted; where nothing is said, the provider asks for none before 6.0 (plan of 5.100)."""
    yield from _judged(item, "encrypted", False, "the warehouse is not encrypted: set encrypted = true")


def _judged(item: Item, name: str, wrong: bool, message: str) -> Iterator[Hit | Undecided]:
    data = item.bindings["object"]
    value = data.get(name) if isinstance(data, dict) else None
    path = (*item.path, name)
    if isinstance(value, UnknownValue):
        yield Undecided(path, value.reason, value.questions)
    elif value is None:
        if item.resource.kind == _CLUSTER:
            default = str(wrong).lower()
            yield Undecided(path, f"the version of the aws provider ({name} is {default} by default before 6.0)")
    elif str(value).lower() == str(wrong).lower():
        yield Hit(path, message)
