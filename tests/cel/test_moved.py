"""Blame follows elements through functions that move them."""

from __future__ import annotations

import pytest

from guardrail import cel

DATA = {"a": [{"p": [1, 2]}, {"p": [3]}], "image": "reg/app:1"}


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("object.a.map(x, x.p).flatten().all(v, v < 3)", [("a", 1, "p", 0)]),
        ("object.a[0].p.reverse().all(v, v < 2)", [("a", 0, "p", 1)]),
        ("object.a[0].p.slice(1, 2).all(v, v < 2)", [("a", 0, "p", 1)]),
        ("object.a.map(x, x.p[0]).sort().all(v, v < 2)", [("a", 1, "p", 0)]),
        ("object.a.map(x, x.p).flatten().distinct().all(v, v < 2)", [("a", 0, "p", 1), ("a", 1, "p", 0)]),
        ("object.image.split(':').all(v, v == 'x')", [("image",)]),
    ],
)
def test_places_after_moving(text: str, paths: list[tuple[object, ...]]) -> None:
    program = cel.compile(text, ("object",))
    assert program({"object": DATA}) is False
    assert [b.path for b in program.explain({"object": DATA}, {"object": ()})] == paths
