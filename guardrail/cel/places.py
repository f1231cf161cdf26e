"""Where values come from: the place that precise mode keeps beside every value.

At: it lies in the data. Gone: it was looked for and is absent. Parts: a list or map built by the
expression out of values with places of their own. Sum: it was computed from several places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

Step: TypeAlias = object


class At(NamedTuple):
    """Present in the data, `steps` below the root variable."""

    root: str
    steps: tuple[Step, ...]


class Gone(NamedTuple):
    """Absent: `steps` exist below the root variable, `absent` do not."""

    root: str
    steps: tuple[Step, ...]
    absent: tuple[Step, ...]


class Parts(NamedTuple):
    """A list or map made by the expression: the places of its parts, and what it was made from."""

    base: object
    items: Mapping[object, object]


class Sum(NamedTuple):
    """Computed from all of these places."""

    places: tuple[object, ...]


Place: TypeAlias = At | Gone | Parts | Sum | None
Traced: TypeAlias = tuple[object, Place]  # a value, or an error in its place, and where it is from


def child(place: object, key: Step) -> Place:
    """The place of an existing part of a value."""
    if type(place) is At:
        return At(place.root, (*place.steps, key))
    if type(place) is Parts:
        found = place.items.get(key)
        return found if isinstance(found, (At, Gone, Parts, Sum)) else None
    return place if isinstance(place, (Gone, Sum)) else None


def gone(place: object, key: Step) -> Place:
    """The place of a missing part of a value."""
    if type(place) is At:
        return Gone(place.root, place.steps, (key,))
    if type(place) is Gone:
        return Gone(place.root, place.steps, (*place.absent, key))
    if type(place) is Parts:
        return gone(place.base, key) if type(place.base) is At else total(place)
    return place if type(place) is Sum else None


def total(*places: object) -> Place:
    """The place of something computed from values at these places."""
    known = tuple(place for place in places if place is not None)
    if not known:
        return None
    if len(known) == 1:
        only = known[0]
        return only if isinstance(only, (At, Gone, Parts, Sum)) else None
    return Sum(known)


MOVERS = frozenset({".distinct", ".flatten", ".reverse", ".slice", ".sort", ".sortBy"})
"""Functions whose list holds elements of their receiver, elsewhere."""


def moved(source: Traced, value: object) -> Place:
    """The place of a list that one of MOVERS made: each element where it was in the receiver."""
    found: dict[object, list[Place]] = {}
    stack = [source]
    while stack:
        held, place = stack.pop()
        if isinstance(held, list):
            stack.extend((item, child(place, i)) for i, item in reversed(list(enumerate(held))))
        if held is not source[0]:
            found.setdefault(_identity(held), []).append(place)
    items: dict[object, object] = {}
    for i, item in enumerate(value if isinstance(value, list) else ()):
        known = found.get(_identity(item), [])
        items[i] = (known.pop(0) if len(known) > 1 else known[0]) if known else None
    return Parts(source[1], items)


def _identity(value: object) -> object:
    """Equal scalars are the same; a list or map is only itself."""
    return (type(value), value) if isinstance(value, (str, int, float, bytes, bool)) else id(value)


def flatten(place: object) -> Iterator[At | Gone]:
    """The plain places a value depends on, in the order they were met, each shared part once."""
    return _flatten(place, set())


def _flatten(place: object, seen: set[int]) -> Iterator[At | Gone]:
    if isinstance(place, (At, Gone)):
        yield place
    elif isinstance(place, (Sum, Parts)) and id(place) not in seen:
        seen.add(id(place))  # parts are shared, so their number can be far below that of paths
        if isinstance(place, Sum):
            for part in place.places:
                yield from _flatten(part, seen)
            return
        found = False
        for item in place.items.values():
            for leaf in _flatten(item, seen):
                found = True
                yield leaf
        if not found:
            yield from _flatten(place.base, seen)
