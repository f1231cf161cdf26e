"""Other parsers read the same: HashiCorp's own (pygohcl: what is valid, what literals are) and tree-sitter (places).

What python-hcl2 makes of a text is compared in tests/formats/test_second_opinion.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.hcl import configuration
from guardrail.hcl.parser import parse
from guardrail.hcl.syntax import Body, Directive, Expression, Literal, Object, Template, Tuple
from tests.hcl.test_parser import BODIES as SMALL_BODIES
from tests.hcl.test_parser import EXPRESSIONS, HEREDOCS, MORE_LINES
from tests.hcl.test_parser_broken import BROKEN, READ_ALL_THE_SAME, REFUSED
from tests.hcl.test_parser_round_trip import PIECES
from tests.hcl.writing import BODIES, Writer

MORE_LENIENT = [
    "a = <<EOT\nx\nEOT",  # a heredoc that ends with the file, without a line end
    "a = [1,\r2]",  # a carriage return alone, where blanks may stand
]
STRICTER = ["a = b.1e5\n", "a = 1e99999\n", "a = 1e-9999\n"]  # an index with an exponent, numbers that no one means


@pytest.fixture(scope="module")
def hashicorp() -> Callable[[str], bool]:
    pygohcl = pytest.importorskip("pygohcl", reason="HashiCorp's parser is not installed (extra `dev`)")

    def valid(text: str) -> bool:
        try:
            pygohcl.loads(text)
        except Exception as error:  # also for what it parses but cannot turn to JSON
            return "invalid HCL" not in str(error)
        return True

    return valid


VALID = [f"a = {text}\n" for text, _ in EXPRESSIONS + MORE_LINES + HEREDOCS] + [text for text, _ in SMALL_BODIES]
INVALID = [text for text, *_ in REFUSED + READ_ALL_THE_SAME] + BROKEN


def test_all_that_is_tested_here_is_valid_there(hashicorp: Callable[[str], bool]) -> None:
    assert [text for text in VALID if not hashicorp(text)] == []


def test_all_that_is_refused_here_is_invalid_there(hashicorp: Callable[[str], bool]) -> None:
    assert [text for text in INVALID if hashicorp(text)] == ["a = 1e99999"]


def test_the_differences(hashicorp: Callable[[str], bool]) -> None:
    assert [text for text in MORE_LENIENT if parse(text).faults or hashicorp(text)] == []
    assert [text for text in STRICTER if not parse(text).faults or not hashicorp(text)] == []


@given(
    BODIES, st.integers(0, 2**32), st.integers(0, 10_000), st.lists(PIECES, max_size=3).map("".join), st.integers(0, 3)
)
@settings(max_examples=250)
def test_the_same_damage_is_told(
    hashicorp: Callable[[str], bool], body: Body, seed: int, where: int, dirt: str, cut: int
) -> None:
    text = Writer(seed).body(body)
    where %= len(text) + 1
    damaged = text[:where] + dirt + text[where + cut :]
    assume("\0" not in damaged)  # where pygohcl's text ends
    assume(not re.search(r"\r(?!\n)|\.[0-9.]*[eE]|E[0-9]+ *$", damaged))  # the differences above
    assert hashicorp(damaged) == (not parse(damaged).faults), damaged


LINES = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "  ", "    ", "\t", "\u00a0"]),
        st.sampled_from(
            ["", "x", "x y ", "a$b", "$${z}", "%%{", "\\n", '"', '${"in"}', "${~ 1 ~}", '${~ "s"}  ', '  ${"e" ~}', "é"]
        ),
        st.sampled_from(["", " ", "t"]),
    ).map("".join),
    max_size=5,
)


@given(LINES, st.booleans(), st.sampled_from(["", "  "]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=300)
def test_heredocs_say_the_same(lines: list[str], flush: bool, margin: str, end: str) -> None:
    pygohcl = pytest.importorskip("pygohcl", reason="HashiCorp's parser is not installed (extra `dev`)")
    text = f"a = <<{'-' if flush else ''}EOT{end}{''.join(f'{line}{end}' for line in lines)}{margin}EOT{end}"
    file = parse(text)
    assert not file.faults
    assert plain(file.body.attributes["a"].value) == pygohcl.loads(text)["a"], text


@given(
    st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(0, 10**15),
            st.floats(0, 1e6).map(lambda x: int(x) if x.is_integer() else x),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
            st.sampled_from(["${", "%{", "$${", "$", '"', "\\", "a\n", "\u2028", "\ufeff"]),
        ).map(lambda value: Literal(value, 0, 0)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: Tuple(tuple(items), 0, 0)),
            st.dictionaries(st.text("abcü-_.$ ", max_size=4), inner, max_size=3).map(
                lambda d: Object(tuple((Literal(k, 0, 0), v) for k, v in d.items()), 0, 0)
            ),
        ),
        max_leaves=8,
    ),
    st.integers(0, 2**32),
)
@settings(max_examples=300)
def test_literals_say_the_same(node: Expression, seed: int) -> None:
    pygohcl = pytest.importorskip("pygohcl", reason="HashiCorp's parser is not installed (extra `dev`)")
    text = f"a = [{Writer(seed).value(node, True)}]\n"
    found = plain(parse(text).body.attributes["a"].value)
    assert same(found, pygohcl.loads(text)["a"]), text  # where strings are normalised (zclconf/go-cty, StringVal)


def plain(node: Expression) -> object:
    """The value of an expression without references."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Template):
        return "".join(str(plain(part)) for part in node.parts) if len(node.parts) > 1 else plain(node.parts[0])
    if isinstance(node, Tuple):
        return [plain(item) for item in node.items]
    if isinstance(node, Object):
        return {normalize("NFC", str(plain(key))): plain(value) for key, value in node.entries}
    raise AssertionError(node)


def same(one: Any, other: Any) -> bool:
    """Equal up to the last digit of a number."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, float):
        return isinstance(other, (int, float)) and math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-300)
    return normalize("NFC", one) == other if isinstance(one, str) else bool(one == other)


def test_places_are_those_of_tree_sitter() -> None:
    pytest.importorskip("tree_sitter", reason="tree-sitter is not installed (extra `dev`)")
    tree_sitter_hcl = pytest.importorskip("tree_sitter_hcl", reason="its grammar is not installed (extra `dev`)")
    from tree_sitter import Language, Parser

    parser = Parser(Language(tree_sitter_hcl.language()))
    accents = 'ü = "é"\nresource "ä" "b" {\n  c = ["😀", ö.d] # ß\n}\n'
    for text in (configuration(60, 7), accents, *[t for t in VALID if "<<" not in t and "\r" not in t]):
        tree = parser.parse(text.encode())
        if tree.root_node.has_error:  # it knows fewer numbers and templates
            continue
        assert list(ours(parse(text).body)) == list(theirs(tree.root_node, text)), text


Found = tuple[str, str, int, int]


def ours(body: Body) -> Iterator[Found]:
    items = sorted([*body.attributes.values(), *body.blocks], key=lambda item: item.start)
    for item in items:
        if hasattr(item, "value"):
            yield "attribute", item.name, item.start, item.end
        else:
            yield "block", " ".join((item.type, *item.labels)), item.start, item.end
            yield from ours(item.body)


def theirs(node: Any, text: str) -> Iterator[Found]:
    data = text.encode()

    def at(offset: int) -> int:
        return len(data[:offset].decode())

    for child in node.children:
        if child.type == "attribute":
            name = child.children[0].text.decode()
            yield "attribute", name, at(child.start_byte), at(child.end_byte)
        elif child.type == "block":
            words = [c.text.decode() for c in child.children if c.type in ("identifier", "string_lit")]
            labels = [re.sub(r"\$\$\{", "${", w[1:-1]) if w[0] == '"' else w for w in words]
            yield "block", " ".join(labels), at(child.start_byte), at(child.end_byte)
            yield from theirs(child, text)
        elif child.type == "body":
            yield from theirs(child, text)


def test_nothing_is_compared_with_itself() -> None:
    """The helpers above see a difference."""
    assert same([1.0, {"a": None}], [1, {"a": None}])
    assert not same([1], [2])
    assert not same({"a": 1}, {"b": 1})
    assert list(ours(parse("a = 1\nb {\n  c = 2\n}\n").body)) == [
        ("attribute", "a", 0, 5),
        ("block", "b", 6, 19),
        ("attribute", "c", 12, 17),
    ]
    assert not isinstance(parse('a = "%{if b}c%{endif}"').body.attributes["a"].value, Directive)
