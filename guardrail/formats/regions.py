"""What starts on a line of a document, and where its scalars lie: worked out once, for files with comments to us."""

from __future__ import annotations

from bisect import bisect_right

from guardrail.formats.nodes import (
    AliasNode,
    MappingNode,
    Node,
    SequenceNode,
    TreePlaces,
    end_of,
    start_of,
)


class Regions:
    """The nodes of one document by line, and its scalars in the order of the text."""

    def __init__(self, places: TreePlaces) -> None:
        self._places = places
        self._blocks: dict[int, tuple[int, int]] = {}
        self._by_line: dict[int, list[tuple[Node, Node]]] = {}
        scalars: list[tuple[int, int]] = []
        for key, node in places.nodes():
            first = node if key is None else key
            line = places.lines.position(places.base + start_of(first))[0]
            self._by_line.setdefault(line, []).append((first, node))
            if key is not None:
                scalars.append((start_of(key), end_of(key)))
            if not isinstance(node, MappingNode | SequenceNode | AliasNode):
                scalars.append((start_of(node), end_of(node)))
        scalars.sort()
        self._starts = [start for start, _ in scalars]
        self._ends = [end for _, end in scalars]

    def block_at(self, line: int) -> tuple[int, int] | None:
        """First and last line of the largest node that starts on `line`: an entry, an item, or the document."""
        if line not in self._blocks:
            extents = (self._places.extent(first, node) for first, node in self._by_line.get(line, ()))
            last = max((end for _, end in extents), default=0)
            if not last:
                return None
            self._blocks[line] = (line, last)
        return self._blocks[line]

    def in_scalar(self, offset: int) -> bool:
        """Whether a file offset lies inside a scalar, where `#` does not start a comment."""
        at = offset - self._places.base
        index = bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ends[index]
