"""The combinations of a matrix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.matrix import MOST_LEGS, legs
from tests.actions.simulate.playing import data

SYNTAX = "github/docs, actions reference, workflow-syntax.md"

MATRICES = {
    "jobs.<job_id>.strategy.matrix, Using a single-dimension matrix": (
        "{version: [10, 12, 14]}",
        "[{version: 10}, {version: 12}, {version: 14}]",
    ),
    "Using a multi-dimensional matrix: the first variable is the first job": (
        "{os: [a, b], version: [1, 2, 3]}",
        "[{os: a, version: 1}, {os: a, version: 2}, {os: a, version: 3},"
        " {os: b, version: 1}, {os: b, version: 2}, {os: b, version: 3}]",
    ),
    "Using a multi-dimensional matrix, an array of objects": (
        "{os: [u, m], node: [{version: 14}, {version: 20, env: x}]}",
        "[{os: u, node: {version: 14}}, {os: u, node: {version: 20, env: x}},"
        " {os: m, node: {version: 14}}, {os: m, node: {version: 20, env: x}}]",
    ),
    "matrix.include, Expanding configurations": (
        "{os: [w, u], node: [12, 14, 16], include: [{os: w, node: 16, npm: 6}]}",
        "[{os: w, node: 12}, {os: w, node: 14}, {os: w, node: 16, npm: 6}, {os: u, node: 12}, {os: u, node: 14},"
        " {os: u, node: 16}]",
    ),
    "matrix.include, Adding configurations": (
        "{os: [m, w, u], version: [12, 14, 16], include: [{os: w, version: 17}]}",
        "[{os: m, version: 12}, {os: m, version: 14}, {os: m, version: 16}, {os: w, version: 12},"
        " {os: w, version: 14}, {os: w, version: 16}, {os: u, version: 12}, {os: u, version: 14},"
        " {os: u, version: 16}, {os: w, version: 17}]",
    ),
    "Running variations of jobs, Expanding or adding matrix configurations": (
        "{fruit: [apple, pear], animal: [cat, dog], include: [{color: green}, {color: pink, animal: cat},"
        " {fruit: apple, shape: circle}, {fruit: banana}, {fruit: banana, animal: cat}]}",
        "[{fruit: apple, animal: cat, color: pink, shape: circle}, {fruit: apple, animal: dog, color: green,"
        " shape: circle}, {fruit: pear, animal: cat, color: pink}, {fruit: pear, animal: dog, color: green},"
        " {fruit: banana}, {fruit: banana, animal: cat}]",
    ),
    "Running variations of jobs, only include": (
        "{include: [{site: production, datacenter: a}, {site: staging, datacenter: b}]}",
        "[{site: production, datacenter: a}, {site: staging, datacenter: b}]",
    ),
    "matrix.exclude: a partial match": (
        "{os: [m, w], version: [12, 14], environment: [s, p],"
        " exclude: [{os: m, version: 12, environment: p}, {os: w, version: 14}]}",
        "[{os: m, version: 12, environment: s}, {os: m, version: 14, environment: s},"
        " {os: m, version: 14, environment: p}, {os: w, version: 12, environment: s},"
        " {os: w, version: 12, environment: p}]",
    ),
    "matrix.exclude: include adds back": ("{n: [1, 2], exclude: [{n: 1}], include: [{n: 1}]}", "[{n: 2}, {n: 1}]"),
    "expressions.md, fromJSON of a constant": ("{n: \"${{ fromJSON('[1, 2]') }}\"}", "[{n: 1}, {n: 2}]"),
    "everything excluded": ("{n: [1], exclude: [{n: 1}]}", "[]"),
}


@pytest.mark.parametrize("source", MATRICES)
def test_combinations(source: str) -> None:
    matrix, found = MATRICES[source]
    expected = data(f"x: {found}")["x"]
    assert list(legs({"matrix": data(matrix)}) or ()) == expected, f"{SYNTAX}, {source}"


@pytest.mark.parametrize(
    "matrix",
    [
        "${{ fromJSON(needs.a.outputs.matrix) }}",
        {"n": "${{ fromJSON(needs.a.outputs.n) }}"},
        {"n": [1], "include": "${{ fromJSON(needs.a.outputs.more) }}"},
        {"n": list(range(300))},
        {"a": list(range(20)), "b": list(range(20))},
        {"n": 3},
        {"n": "${{ fromJSON('[1') }}"},
    ],
)
def test_what_only_a_run_can_tell(matrix: object) -> None:
    assert legs({"matrix": matrix}) is None


@pytest.mark.parametrize("strategy", [None, {}, {"fail-fast": False}, {"matrix": None}, []])
def test_no_matrix(strategy: object) -> None:
    assert legs(strategy) == ({},)


VALUES = st.lists(st.integers(0, 3) | st.sampled_from("ab"), max_size=3, unique=True)
PARTS = st.lists(st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3), max_size=3), max_size=4)


@given(st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=3), PARTS, PARTS)
def test_properties(vectors: dict[str, list[object]], include: list[object], exclude: list[dict[str, object]]) -> None:
    found = legs({"matrix": {**vectors, "include": include, "exclude": exclude}})
    assert found is not None
    without = legs({"matrix": {**vectors, "exclude": exclude}}) or ()
    assert len(without) <= len(found) <= MOST_LEGS
    for before, after in zip(without, found, strict=False):
        assert before.items() <= after.items(), "original values are never overwritten"
        assert not any(out and out.items() <= before.items() for out in exclude)
