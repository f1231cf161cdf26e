"""Plain data of a Dockerfile and its places, filled side by side."""

from __future__ import annotations

from guardrail.formats.nodes import MappingNode, Node, SequenceNode, leaf

Pair = tuple[str, int, int]
"""A text with the offsets of its start and end."""


class Record:
    """A mapping with its places, both filled entry by entry."""

    __slots__ = ("data", "node")

    def __init__(self, start: int, end: int) -> None:
        self.data: dict[str, object] = {}
        self.node = MappingNode(start)
        self.node.end = end

    def put(self, key: str, value: object, start: int, end: int) -> None:
        """An entry with a scalar."""
        place = leaf(start, max(end, start))
        self.data[key] = value
        self.node.entries[key] = (place, place, None)

    def hold(self, key: str, value: object, node: Node, start: int, end: int) -> None:
        """An entry with a collection, shown by what stands between two offsets."""
        self.data[key] = value
        self.node.entries[key] = (leaf(start, max(end, start)), node, None)

    def records(self, key: str, found: list[Record], start: int, end: int) -> None:
        """An entry with a list of mappings."""
        node = SequenceNode(start)
        node.end = end
        node.items = [record.node for record in found]
        self.hold(key, [record.data for record in found], node, start, end)

    def texts(self, key: str, found: list[Pair], start: int, end: int) -> None:
        """An entry with a list of texts."""
        node = SequenceNode(start)
        node.end = end
        node.items = [leaf(first, last) for _, first, last in found]
        self.hold(key, [value for value, _, _ in found], node, start, end)
