"""Comprehensions in the precise mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from guardrail.cel import places
from guardrail.cel.errors import CelError, Meter
from guardrail.cel.nodes import Loop, Node
from guardrail.cel.operators import no_overload
from guardrail.cel.places import Parts, Place, Traced
from guardrail.cel.values import BoolKey, map_key, map_keys, merge_unknown
from guardrail.model.value import UnknownValue


class Walk(Protocol):
    """What a comprehension needs of the precise mode."""

    meter: Meter

    def eval(self, node: Node) -> Traced:
        """The value of a node and its place."""

    def inside(self, names: tuple[str, ...], found: list[Traced], node: Node) -> Traced:
        """The value of a node with macro variables bound."""

    def attempt(self, code: Callable[[], object]) -> object:
        """What the code gives, or the error it raises as a value."""


class _Tally:
    """The first error and all unknowns met by a loop; unknown beats error."""

    def __init__(self) -> None:
        self.unknown: UnknownValue | None = None
        self.error: CelError | None = None

    def add(self, value: object, name: str) -> None:
        if isinstance(value, UnknownValue):
            self.unknown = value if self.unknown is None else merge_unknown(self.unknown, value)
        elif self.error is None:
            self.error = value if isinstance(value, CelError) else no_overload(name, value)

    @property
    def verdict(self) -> object | None:
        return self.unknown if self.unknown is not None else self.error


def run(walk: Walk, node: Loop) -> Traced:
    """The value of a comprehension, its place with the place of each element."""
    source, place = walk.eval(node.source)
    if isinstance(source, (UnknownValue, CelError)):
        return source, place
    if not isinstance(source, (list, dict)):
        return no_overload(node.kind, source), place
    walk.meter.spend(len(source) * node.weight)
    if node.kind in ("all", "exists"):
        return _quantify(walk, node, source, place)
    if node.kind == "exists_one":
        return _exists_one(walk, node, source, place)
    if node.kind in ("map", "filter", "sortBy"):
        return _build_list(walk, node, source, place)
    return _build_map(walk, node, source, place)


def elements(node: Loop, source: list[object] | dict[object, object], place: Place) -> Iterator[list[Traced]]:
    """For each round, the values and places of the loop's one or two variables."""
    if isinstance(source, list):
        for number, value in enumerate(source):
            own = places.child(place, number)
            yield [(value, own)] if len(node.names) == 1 else [(number, own), (value, own)]
        return
    for key in map_keys(source):
        slot = BoolKey(key) if isinstance(key, bool) else key
        own = places.child(place, slot)
        yield [(key, own)] if len(node.names) == 1 else [(key, own), (source[slot], own)]


def _quantify(walk: Walk, node: Loop, source: list[object] | dict[object, object], place: Place) -> Traced:
    decisive = node.kind == "exists"
    tally = _Tally()
    for found in elements(node, source, place):
        value, own = walk.inside(node.names, found, node.body)
        if value is decisive:
            element = found[-1][0]
            if not (isinstance(element, UnknownValue) and element.many):
                return decisive, own if own is not None else found[-1][1]
            value = element  # there may be none of it
        if value is not (not decisive):
            tally.add(value, node.kind)
    verdict = tally.verdict
    return (verdict if verdict is not None else not decisive), place


def _exists_one(walk: Walk, node: Loop, source: list[object] | dict[object, object], place: Place) -> Traced:
    tally, count = _Tally(), 0
    for found in elements(node, source, place):
        value, _ = walk.inside(node.names, found, node.body)
        if value is True:
            count += 1
        elif value is not False:
            tally.add(value, node.kind)
    verdict = tally.verdict
    return (verdict if verdict is not None else count == 1), place


def _build_list(walk: Walk, node: Loop, source: list[object] | dict[object, object], place: Place) -> Traced:
    tally = _Tally()
    made: list[object] = []
    items: dict[object, object] = {}
    keys: list[object] = []
    for found in elements(node, source, place):
        test = node.body if node.kind == "filter" else node.test
        if test is not None:
            keep, _ = walk.inside(node.names, found, test)
            if keep is not True:
                if keep is not False:
                    tally.add(keep, node.kind)
                continue
        value, own = found[0]
        if node.kind != "filter":
            result = walk.inside(node.names, found, node.body)
            if isinstance(result[0], CelError):
                tally.add(result[0], node.kind)
                continue
            if node.kind == "sortBy":
                keys.append(result[0])
            else:
                value, own = result[0], result[1] if result[1] is not None else found[-1][1]
        items[len(made)] = own
        made.append(value)
    if tally.verdict is not None:
        return tally.verdict, place
    if node.kind == "sortBy":
        return _sorted(walk, made, keys, items, place)
    return made, Parts(place, items)


def _sorted(
    walk: Walk,
    made: list[object],
    keys: list[object],
    items: dict[object, object],
    place: Place,
) -> Traced:
    from guardrail.cel.library.lists import sort_order

    for key in keys:
        if isinstance(key, UnknownValue):
            return key, place
    order = walk.attempt(lambda: sort_order(keys))
    if not isinstance(order, list):
        return order, place
    return [made[i] for i in order], Parts(place, {n: items[i] for n, i in enumerate(order)})


def _build_map(walk: Walk, node: Loop, source: list[object] | dict[object, object], place: Place) -> Traced:
    tally = _Tally()
    made: dict[object, object] = {}
    items: dict[object, object] = {}
    for found in elements(node, source, place):
        if node.test is not None:
            keep, _ = walk.inside(node.names, found, node.test)
            if keep is not True:
                if keep is not False:
                    tally.add(keep, node.kind)
                continue
        value, own = walk.inside(node.names, found, node.body)
        if isinstance(value, CelError):
            tally.add(value, node.kind)
        elif node.kind == "transformMap":
            slot = map_key(found[0][0])
            made[slot], items[slot] = value, own if own is not None else found[-1][1]
        elif isinstance(value, dict):
            for slot, entry in value.items():
                if slot in made:
                    tally.add(CelError(f"duplicate key in map: {slot}"), node.kind)
                made[slot], items[slot] = entry, places.child(own, slot)
        else:
            tally.add(value, node.kind)
    return (tally.verdict, place) if tally.verdict is not None else (made, Parts(place, items))
