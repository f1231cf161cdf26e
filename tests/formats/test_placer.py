"""Excerpts and columns of locations, also where a line is the whole file."""

from __future__ import annotations

import time

from guardrail.formats.kubernetes import resources
from guardrail.formats.nodes import Lines
from guardrail.model.place import Span
from guardrail.scan.place import WIDTH, Placer
from tests.formats.reading import documents


def test_utf16_columns_count_wide_characters_twice() -> None:
    placer = Placer("x", Lines("ascii\na😀b😀c\n"))
    assert placer.location(Span(2, 3, 2, 4)).utf16 == (4, 5)
    assert placer.location(Span(2, 5, 2, 6)).utf16 == (7, 8)
    assert placer.location(Span(1, 3, 1, 4)).utf16 == (3, 4)
    assert placer.location(Span(9, 1, 9, 1)).excerpt == ""


def test_excerpts_of_a_long_line_are_cut_around_the_place() -> None:
    text = "".join(f"{i:08}" for i in range(50_000))
    placer = Placer("x", Lines(text))
    for column in (1, 61, 100, 5_000, 70_000, 399_900, 3):
        found = placer.location(Span(1, column, 1, column + 8))
        assert found.excerpt == text[found.excerpt_offset :][:WIDTH]
        assert found.excerpt_offset == max(0, column - 61)


def test_many_places_in_one_long_line() -> None:
    text = "x😀" * 1_000_000
    placer = Placer("x", Lines(text))
    begin = time.monotonic()
    for column in range(1, 2_000_000, 1_000):
        placer.location(Span(1, column, 1, column + 1))
    assert time.monotonic() - begin < 30


def test_secrets_are_masked_wherever_they_stand() -> None:
    secret = "c2VjcmV0LXZhbHVlLTE="
    head = '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {'
    text = head + ", ".join(f'"k{i}": "{secret}"' for i in range(5_000)) + "}}"
    found = documents(text, "x.json")
    placer = Placer("x.json", Lines(text), [r for d in found for r in resources(d)])
    for column in (70, 100_000, 150_000):
        assert secret not in placer.location(Span(1, column, 1, column + 1)).excerpt
        assert "***" in placer.location(Span(1, column, 1, column + 1)).excerpt
