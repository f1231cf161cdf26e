"""Circles among things that wait for, or call, one another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


def cycles(graph: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """A cycle for each group of nodes that lie on one, from its first node on; every node named is a key of the graph.

    What lies on none is taken away first, and after each.
    """
    order = {id_: at for at, id_ in enumerate(graph)}
    left = {id_: set(needs) for id_, needs in graph.items()}
    waiting: dict[str, list[str]] = {}
    for id_, needs in graph.items():
        for need in needs:
            waiting.setdefault(need, []).append(id_)
    _take(left, waiting, [id_ for id_, needs in left.items() if not needs])
    while left:
        cycle = _cycle(left, next(iter(left)))
        first = min(range(len(cycle)), key=lambda at: order[cycle[at]])
        yield cycle[first:] + cycle[:first]
        _take(left, waiting, cycle)


def _cycle(left: Mapping[str, set[str]], start: str) -> list[str]:
    """The cycle that one runs into from a node; every node that is left leads to one that is."""
    way: dict[str, int] = {}
    here = start
    while here not in way:
        way[here] = len(way)
        here = min(left[here])
    return list(way)[way[here] :]


def _take(left: dict[str, set[str]], waiting: Mapping[str, list[str]], free: list[str]) -> None:
    """Take away nodes, and whatever then leads nowhere."""
    while free:
        id_ = free.pop()
        if left.pop(id_, None) is None:
            continue
        for other in waiting.get(id_, ()):
            if other in left:
                left[other].discard(id_)
                if not left[other]:
                    free.append(other)
