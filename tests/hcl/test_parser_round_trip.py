"""What is written comes back: trees to text to equal trees; any text at all gives a tree whose places make sense."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.hcl.parser import HclError, parse, parse_expression, parse_template
from guardrail.hcl.syntax import Body, Expression, File
from tests.hcl.writing import BODIES, EXPRESSIONS, Writer, without_places

SEEDS = st.integers(0, 2**32)


@given(BODIES, SEEDS)
@settings(max_examples=200)
def test_a_body_comes_back(body: Body, seed: int) -> None:
    text = Writer(seed).body(body)
    file = parse(text)
    assert not file.faults, text
    assert without_places(file.body) == without_places(body), text
    check_places(file, text)


@given(EXPRESSIONS, SEEDS)
@settings(max_examples=200)
def test_an_expression_comes_back(node: Expression, seed: int) -> None:
    text = Writer(seed).expression(node, True)
    found = parse_expression(text)
    assert without_places(found) == without_places(node), text
    shifted = parse_expression(text, 100)
    assert (shifted.start, shifted.end) == (found.start + 100, found.end + 100)


PIECES = st.sampled_from(
    [
        *"{}[]()=,.:?\"'$%#*/\\<>!&|~-+ \t\n\r\ufeffax1",
        *"${ %{ ~} <<E\n E\n <<-E\n /* */ 1.5e3".split(" "),
        *"for in if else endif true".split(),
        "\nb = 1\n",
        'resource "a" "b" {\n',
        "}\n",
        '"s"',
    ]
)
SOUP = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join))


@given(SOUP)
@settings(max_examples=800)
def test_any_text_gives_a_tree(text: str) -> None:
    file = parse(text)
    check_places(file, text)
    for read in (parse_expression, parse_template):
        with contextlib.suppress(HclError):
            check_node(read(text), 0, len(text))


@given(BODIES, SEEDS, st.integers(0, 10_000), SOUP)
@settings(max_examples=150)
def test_a_damaged_body_gives_a_tree(body: Body, seed: int, where: int, dirt: str) -> None:
    text = Writer(seed).body(body)
    where %= len(text) + 1
    damaged = text[:where] + dirt + text[where:]
    check_places(parse(damaged), damaged)


def check_places(file: File, text: str) -> None:
    """Everything lies within the text and within what is around it, in order; what is lost is told."""
    check_body(file.body, 0, len(text))
    for comment in file.comments:
        assert text[comment.start : comment.end] == comment.text
    starts = [comment.start for comment in file.comments]
    assert starts == sorted(set(starts))
    assert bool(file.lost) == any(fault.fatal for fault in file.faults)
    assert len(file.lost) == sum(fault.fatal for fault in file.faults)
    before = 0
    for start, end in file.lost:
        assert before <= start < end <= len(text)
        before = end
        inside = [*file.body.attributes.values(), *file.body.blocks]
        assert not any(start <= item.start < end for item in inside)
    assert all(0 <= fault.offset <= len(text) for fault in file.faults)


def check_body(body: Body, start: int, end: int) -> None:
    assert start <= body.start <= body.end <= end
    for name, attribute in body.attributes.items():
        assert body.start <= attribute.start < attribute.name_end < attribute.end <= body.end
        assert attribute.name_end - attribute.start == len(name)
        check_node(attribute.value, attribute.name_end, attribute.end)
    for block in body.blocks:
        assert body.start <= block.start < block.header_end < block.end <= body.end
        check_body(block.body, block.header_end, block.end)


def check_node(node: object, start: int, end: int) -> None:
    if isinstance(node, tuple) and hasattr(node, "start"):
        assert start <= node.start <= node.end <= end, node
        start, end = node.start, node.end
    if isinstance(node, tuple):
        for part in node:
            check_node(part, start, end)
