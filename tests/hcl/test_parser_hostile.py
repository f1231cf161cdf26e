"""Input that is meant to hurt: bounded depth, linear time, no RecursionError."""

from __future__ import annotations

import sys
import time

import pytest

from benchmarks.hcl import hostile
from guardrail.hcl.cursor import MAX_DEPTH
from guardrail.hcl.height import MAX_HEIGHT, height
from guardrail.hcl.json_syntax import parse_json
from guardrail.hcl.parser import HclError, parse, parse_expression
from guardrail.hcl.syntax import Attribute, File

SECONDS = 8.0
"""For a megabyte; it takes half a second at most, and what is not linear takes minutes."""

MORE = {
    "objects that may be made by for": "a = " + "{ /* */ # \n" * 25_000,
    "signs": "a = " + "!" * 200_000 + "b",
    "heredocs within heredocs": "a = " + "".join(f"<<A{i}\n${{" for i in range(20_000)),
    "heredocs of one name": "a = <<A\n" * 20_000,
    "markers": "a = <<A\n" + "A b\n" * 50_000,
    "dollars": 'a = "' + "$" * 300_000 + '"\n',
    "percents in a heredoc": "a = <<A\n" + "%" * 300_000 + "\nA\n",
    "backslashes": 'a = "' + "\\" * 300_001 + '"\n',
    "bad escapes": 'a = "' + "\\q" * 100_000 + '"\n',
    "stars of a comment": "/*" + "*" * 300_000,
    "digits": "a = " + "1" * 300_000,
    "dots of a number": "a = 1" + "." * 300_000,
    "exponents": "a = 1e999999999999999999999\nb = 1" + "e5" * 100_000,
    "attributes in a row": "a = b" + ".c" * 150_000,
    "indexes in a row": "a = b" + "[0]" * 50_000,
    "splats in a row": "a = b" + "[*]" * 100_000,
    "conditionals in a row": "a = " + "b ? c : " * 50_000 + "d",
    "differences": "a = " + "1 - " * 50_000 + "1",
    "sums": "a = " + "1 + " * 50_000 + "1",
    "commas": "a = [" + "," * 300_000 + "]",
    "labels": "a " + "b " * 150_000 + "{}",
    "attributes of one name": "a = 1\n" * 50_000,
    "blocks on one line": "a {} " * 60_000,
    "landmarks that are none": "a {\n" + "b " * 150_000,
    "words beyond ASCII": "é = é\n" * 50_000,
    "directives": 'a = "' + "%{ if b }" * 30_000 + '"',
    "directives in a row": 'a = "' + "%{ if b }c%{ endif }" * 15_000 + '"',
    "braces without a partner": "}\n" * 150_000,
    "blocks that each lack a value": "a {\n  b =\n}\n" * 30_000,
    "blocks that each lack a quote": 'a {\n  b = "${\n}\n' * 8_000,
    "brackets of all kinds": "a = " + "([{" * 60_000,
}


CASES = {**hostile(), **MORE}


@pytest.mark.parametrize("name", CASES)
def test_a_megabyte_is_read_in_time(name: str) -> None:
    text = CASES[name]
    started = time.process_time()
    file = parse(text)
    assert time.process_time() - started < SECONDS
    check_heights(file)


def check_heights(file: File) -> None:
    """No tree is higher than those who walk it were promised."""
    waiting = [file.body]
    depth = 0
    while waiting:
        depth += 1
        attributes = [a for body in waiting for a in body.attributes.values()]
        assert all(height(a.value) <= MAX_HEIGHT for a in attributes)
        waiting = [block.body for body in waiting for block in body.blocks]
    assert depth <= MAX_DEPTH + 1


def nested(opening: str, inside: str, closing: str, levels: int) -> str:
    return f"a = {opening * levels}{inside}{closing * levels}\n"


NESTED = [
    ("[", "", "]"),
    ("(", "1", ")"),
    ("{ b = ", "1", "}"),
    ("f(", "1", ")"),
    ("b[", "0", "]"),
    ('"${', "b", '}"'),
    ("[for x in y : ", "x", "]"),
    ("{for k, v in y : k => ", "v", "}"),
    ("b ? ", "1", " : 2"),
    ("b ? 1 : ", "2", ""),
    ("-(", "1", ")"),
    ("1 + 2 * (3 - ", "4", ")"),
]


@pytest.mark.parametrize(("opening", "inside", "closing"), NESTED)
def test_depth_is_limited_and_told(opening: str, inside: str, closing: str) -> None:
    assert not parse(nested(opening, inside, closing, 25)).faults
    for levels in (MAX_DEPTH + 1, 5_000):
        file = parse(nested(opening, inside, closing, levels) + "b = 1\n")
        assert [f.code for f in file.faults] == ["too-deep"]
        assert list(file.body.attributes) == ["b"]
        with pytest.raises(HclError) as caught:
            parse_expression(nested(opening, inside, closing, levels)[4:])
        assert caught.value.code == "too-deep"


def test_depth_of_blocks() -> None:
    assert not parse("a {\n" * MAX_DEPTH + "}\n" * MAX_DEPTH).faults
    for levels in (MAX_DEPTH + 1, 5_000):
        file = parse("  a {\n" * levels + "  }\n" * levels + "b {\n}\n")
        assert [f.code for f in file.faults] == ["too-deep"]
        assert [b.type for b in file.body.blocks] == ["b"]


def test_depth_of_directives() -> None:
    assert not parse('a = "' + "%{ if b }" * 90 + "%{ endif }" * 90 + '"').faults
    assert [f.code for f in parse('a = "' + "%{ if b }" * 120 + "%{ endif }" * 120 + '"').faults] == ["too-deep"]


@pytest.mark.parametrize("operator", ["||", "&&", "+"])
def test_long_chains_are_not_high(operator: str) -> None:
    node = parse_expression(f" {operator} ".join(f"v{i}" for i in range(3_000)))
    assert height(node) < 15
    names = []
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if hasattr(part, "left"):
            waiting += [part.right, part.left]
        else:
            names.append(part.name)  # type: ignore[union-attr]
    assert names == [f"v{i}" for i in range(3_000)]


@pytest.mark.parametrize("text", ["1 - " * 3_000 + "1", "a" + ".b" * 3_000, "a" + "[0]" * 3_000, "-" * 3_000 + "1"])
def test_chains_that_lean_are_bounded(text: str) -> None:
    with pytest.raises(HclError, match="nested more than") as caught:
        parse_expression(text)
    assert caught.value.code == "too-deep"


def test_chains_within_brackets_count_together() -> None:
    text = "1"
    for _ in range(20):
        text = f"({text}{' - 1' * 20})"
    assert [f.code for f in parse(f"a = {text}\n").faults] == ["too-deep"]


@pytest.mark.parametrize("left", [20, 40, 150, 400])
def test_little_stack_makes_no_difference(left: int) -> None:
    text = nested("[", "1", "]", MAX_DEPTH - 1) + "a {\n" * 99 + "}\n" * 99 + nested("[", "1", "]", 5_000)
    json = '{"a": ' + "[" * 90 + "]" * 90 + "}"
    expected = parse(text), parse_json(json)
    found: list[object] = []

    def down(levels: int) -> None:
        if levels:
            down(levels - 1)
        else:
            found.extend((parse(text), parse_json(json)))

    depth = 0
    frame = sys._getframe()
    while frame.f_back:
        frame, depth = frame.f_back, depth + 1
    down(sys.getrecursionlimit() - depth - left)
    assert tuple(found) == expected


def test_many_faults_are_told() -> None:
    file = parse("a = 1\n" * 1_000)
    assert len(file.faults) == 999
    assert isinstance(file.body.attributes["a"], Attribute)
