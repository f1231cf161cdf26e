"""What a reader of text yields, and how much it reads before it refuses."""

from __future__ import annotations

from dataclasses import dataclass

from guardrail.formats.nodes import TreePlaces
from guardrail.model.document import Defect

MAX_DEPTH = 250
"""Levels of nesting, aliases followed; ten times what any manifest has."""

MAX_NODES = 1_000_000
"""Keys and values of one file, all its documents together."""

MAX_EXPANDED = 50_000
"""Values that the aliases of one document stand for: a file of 5 KB must not become 100,000 containers.

go-yaml stops at 400,000; no manifest in the wild comes near either number."""

MAX_UNREADABLE = 1_000
"""Broken documents of one file that are told one by one."""

MAX_DEFECTS = 1_000
"""Faults of one document that are told one by one."""

DOCUMENT_COST = 8
"""What a document costs besides its values, in values."""


class Unreadable(Exception):
    """A document that cannot be read: a sentence, and the offset in the file where reading stopped.

    `extent` is the document's first and last offset (exclusive) where they are known.
    """

    def __init__(self, message: str, offset: int, code: str = "unreadable") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.code = code
        self.extent = (0, 0)


def too_many(offset: int) -> Unreadable:
    """The refusal of a file that holds more values than MAX_NODES."""
    return Unreadable(f"more than {MAX_NODES:,} keys and values in one file", offset, "too-large")


@dataclass(slots=True, eq=False, repr=False)
class Parsed:
    """One document: plain data, its places, faults that reading survived, first and last offset in the file.

    `count` is how many keys and values it holds.
    """

    data: object
    places: TreePlaces
    defects: tuple[Defect, ...]
    start: int
    end: int
    count: int = 0
