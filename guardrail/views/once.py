"""Work on a resource that several policies ask for, done once while they are judged one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from guardrail.model.document import Resource

Made = TypeVar("Made")


class _Same:
    """A resource as a key: the same one, not one that looks the same."""

    __slots__ = ("resource",)

    def __init__(self, resource: Resource) -> None:
        self.resource = resource

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.resource.data is self.resource.data

    def __hash__(self) -> int:
        return id(self.resource.data)


def once(make: Callable[[Resource], Made]) -> Callable[[Resource], Made]:
    """`make`, with its last few results remembered. The key holds the resource, so its identity is not given again."""

    @lru_cache(maxsize=4)
    def kept(key: _Same) -> Made:
        return make(key.resource)

    @wraps(make)
    def found(resource: Resource) -> Made:
        return kept(_Same(resource))

    return found
