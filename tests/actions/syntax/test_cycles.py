"""Circles: against a search that tries every way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.syntax.cycles import cycles

_NODES = "abcdefg"
_GRAPHS = st.fixed_dictionaries({n: st.lists(st.sampled_from(_NODES), max_size=3) for n in _NODES})


def _reached(graph: dict[str, list[str]], start: str) -> set[str]:
    seen: set[str] = set()
    pending = list(graph[start])
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += graph[node]
    return seen


@given(_GRAPHS)
def test_circles_are_circles_and_none_is_left(graph: dict[str, list[str]]) -> None:
    found = list(cycles(graph))
    on_one = {node for node in graph if node in _reached(graph, node)}
    for circle in found:
        assert all(b in graph[a] for a, b in zip(circle, [*circle[1:], circle[0]], strict=True))
        assert circle[0] == min(circle, key=list(graph).index)
    told = {node for circle in found for node in circle}
    assert told <= on_one
    assert sum(len(c) for c in found) == len(told), "no node is told twice"
    rest = {node: [n for n in leads if n not in told] for node, leads in graph.items() if node not in told}
    assert list(cycles(rest)) == []


def test_a_long_way_takes_no_long_time() -> None:
    many = 50_000
    chain = {str(n): [str(n + 1)] for n in range(many)} | {str(many): []}
    assert list(cycles(chain)) == []
    circle = {str(n): [str((n + 1) % many)] for n in range(many)}
    assert [len(c) for c in cycles(circle)] == [many]
