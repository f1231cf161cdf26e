"""EKS clusters: who reaches the API server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.cidr import makers, said, world
from guardrail.views.items import Item

__all__ = ["open_endpoint"]


def open_endpoint(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Clusters whose public endpoint takes the whole internet.

    Both are defaults: `endpoint_public_access` is true and `public_access_cidrs` is 0.0.0.0/0
    (website/docs/r/eks_cluster of terraform-provider-aws; EKS API, VpcConfigRequest).
    """
    blocks = item.bindings["object"].get("vpc_config") or ()  # type: ignore[attr-defined]
    for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
        path = (*item.path, "vpc_config", index)
        if not isinstance(block, dict):
            continue
        public, cidrs = block.get("endpoint_public_access", True), block.get("public_access_cidrs")
        if public in (False, "false"):
            continue
        listed = cidrs if isinstance(cidrs, list) else [cidrs]
        if isinstance(public, UnknownValue):
            if cidrs is None or world(listed) is not False:
                yield Undecided((*path, "endpoint_public_access"), public.reason, public.questions)
        elif cidrs is None:
            message = (
                "the API is open to 0.0.0.0/0, the default: set public_access_cidrs, or endpoint_public_access = false"
            )
            yield Hit((*path, "public_access_cidrs"), message, missing=True)
        else:
            yield from _listed((*path, "public_access_cidrs"), listed)


def _listed(path: tuple[str | int, ...], cidrs: list[object]) -> Iterator[Hit | Undecided]:
    """What a list of networks that is written says."""
    answer = world(cidrs)
    if answer is True:
        yield Hit(path, f"the API is open to {said(makers(cidrs))}")
    elif isinstance(answer, UnknownValue):
        yield Undecided(path, answer.reason, answer.questions)
