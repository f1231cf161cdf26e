"""A secret seen in an object, and the sorts of places it may stand in."""

from __future__ import annotations

from typing import NamedTuple

from guardrail.model.place import Path

ENV, ARGUMENT, CONFIG, DATA, ANNOTATION, FIELD = (
    "env",
    "argument",
    "config map",
    "secret data",
    "annotation",
    "field",
)


class Sighting(NamedTuple):
    """A secret seen: the sort of place, the path of the scalar, the name it has there, what it is, and its text.

    `line` is its 0-based line within the scalar, for values that are whole files.
    """

    place: str
    path: Path
    name: str
    kind: str
    value: str
    line: int = 0
