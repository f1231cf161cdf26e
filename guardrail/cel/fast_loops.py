"""Comprehensions in the fast mode. Each charges the meter for all its rounds before the first.

The variables of a loop take one assignment: `f[slot] = item` for one, and for two a slice of the
frame with a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from guardrail.cel.errors import SurpriseError
from guardrail.cel.fast_frames import Code, Compiler, Frame, meter_of
from guardrail.cel.nodes import Loop
from guardrail.cel.values import BoolKey, map_key, map_keys

# a loop compiled: its rounds, where its variables go (an int, or a slice for two), its body and test
_Parts: TypeAlias = tuple[Callable[[Frame], Iterable[Any]], Any, Code, Code | None]


def loop(compiler: Compiler, node: Loop) -> Code:
    """The closure of a comprehension."""
    source, weight = compiler.code(node.source), node.weight
    parts = [node.body] if node.test is None else [node.body, node.test]
    slots, (body, *tests) = compiler.inside(node.names, *parts)
    slot = slots[0] if len(slots) == 1 else slice(slots[0], slots[0] + 2)
    rounds = _items if len(slots) == 1 else _pairs

    def begin(f: Frame) -> Iterable[Any]:
        value = source(f)
        if type(value) is not list and type(value) is not dict:
            raise SurpriseError
        if value:
            meter_of(f).spend(len(value) * weight)
        return rounds(value)

    return _KINDS[node.kind]((begin, slot, body, tests[0] if tests else None))


def _items(value: list[object] | dict[object, object]) -> Iterable[object]:
    return value if isinstance(value, list) else map_keys(value)


def _pairs(value: list[object] | dict[object, object]) -> Iterable[tuple[object, object]]:
    if isinstance(value, list):
        return enumerate(value)
    return [(key.value if type(key) is BoolKey else key, item) for key, item in value.items()]


def _quantify(parts: _Parts, decisive: bool) -> Code:
    rounds, slot, body, _ = parts
    otherwise = not decisive

    def quantify(f: Frame) -> object:
        for item in rounds(f):
            f[slot] = item
            value = body(f)
            if value is not otherwise:
                if value is decisive:
                    return decisive
                raise SurpriseError
        return otherwise

    return quantify


def _all(parts: _Parts) -> Code:
    return _quantify(parts, False)


def _exists(parts: _Parts) -> Code:
    return _quantify(parts, True)


def _filter(parts: _Parts) -> Code:
    rounds, slot, body, _ = parts

    def keep(f: Frame) -> object:
        made = []
        for item in rounds(f):
            f[slot] = item
            value = body(f)
            if value is True:
                made.append(item)
            elif value is not False:
                raise SurpriseError
        return made

    return keep


def _chosen(parts: _Parts) -> Callable[[Frame], Iterable[Any]]:
    """The rounds that pass the loop's test, with the variables set."""
    rounds, slot, _, test = parts

    def chosen(f: Frame) -> Iterable[Any]:
        for item in rounds(f):
            f[slot] = item
            if test is not None:
                value = test(f)
                if value is False:
                    continue
                if value is not True:
                    raise SurpriseError
            yield item

    return chosen


def _map(parts: _Parts) -> Code:
    rounds, slot, body, test = parts
    chosen = _chosen(parts)

    def transform(f: Frame) -> object:
        made = []
        for item in rounds(f):
            f[slot] = item
            made.append(body(f))
        return made

    return transform if test is None else lambda f: [body(f) for _ in chosen(f)]


def _transform_map(parts: _Parts) -> Code:
    chosen, body = _chosen(parts), parts[2]
    return lambda f: {map_key(key): body(f) for key, _ in chosen(f)}


def _transform_entries(parts: _Parts) -> Code:
    chosen, body = _chosen(parts), parts[2]

    def transform(f: Frame) -> object:
        made: dict[object, object] = {}
        for _ in chosen(f):
            entries = body(f)
            if type(entries) is not dict or not made.keys().isdisjoint(entries):
                raise SurpriseError
            made.update(entries)
        return made

    return transform


def _exists_one(parts: _Parts) -> Code:
    rounds, slot, body, _ = parts

    def count(f: Frame) -> object:
        total = 0
        for item in rounds(f):
            f[slot] = item
            value = body(f)
            if value is True:
                total += 1
            elif value is not False:
                raise SurpriseError
        return total == 1

    return count


def _sort(parts: _Parts) -> Code:
    from guardrail.cel.library.lists import sort_order  # late: few expressions sort

    rounds, slot, body, _ = parts

    def ordered(f: Frame) -> object:
        items, keys = [], []
        for item in rounds(f):
            f[slot] = item
            keys.append(body(f))
            items.append(item)
        return [items[number] for number in sort_order(keys)]

    return ordered


_KINDS: Mapping[str, Callable[[_Parts], Code]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "filter": _filter,
    "map": _map,
    "transformMap": _transform_map,
    "transformMapEntry": _transform_entries,
    "sortBy": _sort,
}
