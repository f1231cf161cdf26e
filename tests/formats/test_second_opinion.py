"""python-hcl2 as a second parser: the same tree as our own where both read a text, and bounded where it does not."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hcl import configuration
from guardrail.formats.second_opinion import MOST, MOST_PARTS, completed, second_opinion
from guardrail.hcl.parser import parse
from guardrail.hcl.syntax import Body
from tests.hcl.shapes import outline
from tests.hcl.test_parser import EXPRESSIONS, MORE_LINES
from tests.hcl.writing import BODIES, Writer


@pytest.mark.parametrize("text", [text for text, _ in EXPRESSIONS + MORE_LINES])
def test_the_same_tree_where_both_read(text: str) -> None:
    second = second_opinion(f"a = {text}\n")
    if second is None:
        pytest.skip("python-hcl2 does not read it")
    assert second.body == parse(f"a = {text}\n").body


def test_most_of_the_language_is_read() -> None:
    texts = [text for text, _ in EXPRESSIONS]
    unread = [text for text in texts if second_opinion(f"a = {text}\n") is None]
    assert len(unread) < len(texts) / 6, unread


def test_the_same_tree_of_a_configuration() -> None:
    text = configuration(20)
    second = second_opinion(text)
    assert second is not None
    assert second.body == parse(text).body


class Plain(Writer):
    """No comments between tokens, of which python-hcl2 does not read all."""

    def gap(self, deaf: bool, least: str = "") -> str:
        return super().gap(False, least).replace('/* # " */', " ")


@given(BODIES, st.integers(0, 2**32), st.booleans())
@settings(max_examples=80)
def test_never_another_tree(body: Body, seed: int, simple: bool) -> None:
    text = (Plain if simple else Writer)(seed).body(body)
    text = text.replace("Ünï", "uni").replace("名", "name") if simple else text
    second = second_opinion(text)
    assert second is None or second.body == parse(text).body, text


ONLY_THERE = [
    ('a "b"\n{\n  c = 1\n}\n', {"a b {}": [{"c": "1"}]}),
    ('a = "x\ny"\n', {"a": '"x\\ny"'}),
    ('a = "${f(\\"x\\")}"\n', {"a": '<f("x")>'}),
    ("a = <<EOT  \nx\nEOT\nb = 1\n", {"a": '"x\\n"', "b": "1"}),
]


@pytest.mark.parametrize(("text", "expected"), ONLY_THERE)
def test_what_our_parser_refuses(text: str, expected: dict[str, object]) -> None:
    assert parse(text).lost
    second = second_opinion(text)
    assert second is not None
    assert outline(second.body) == expected


def test_a_part_of_a_text() -> None:
    text = 'a = [\n\nb "c"\n{\n  d = e.f\n}\n'
    start = text.index("b")
    second = second_opinion(text, start)
    assert second is not None
    (block,) = second.body.blocks
    value = block.body.attributes["d"].value
    assert text[block.start : block.header_end] == 'b "c"'
    assert text[value.start : value.end] == "e.f"
    assert second_opinion(text) is None


def test_only_what_was_lost_is_asked_about() -> None:
    text = 'a {\n  b = 1\n}\nd {\n  f = "x\ny"\n}\ng {\n  h = = 3\n}\ni {\n}\n'
    file = parse(text)
    assert len(file.lost) == 2
    whole = completed(text, file)
    assert [block.type for block in whole.body.blocks] == ["a", "d", "i"]
    assert [text[start:end] for start, end in whole.lost] == ["g {\n  h = = 3\n}\n"]
    assert whole.faults == file.faults


def test_many_lost_parts_are_not_all_asked_about() -> None:
    text = 'a {\n  b = "\n"\n}\n' * 50
    file = completed(text, parse(text))
    assert (len(file.body.blocks), len(file.lost)) == (MOST_PARTS, 50 - MOST_PARTS)


def test_no_silent_loss() -> None:
    """Blanks behind the end of a heredoc make python-hcl2 read on (amplify-education/python-hcl2#343)."""
    text = "\ufeff" + "".join(f'r "x{i}" {{\r\n  a = <<EOT\r\n  y\r\n  EOT {" " * i}\r\n}}\r\n' for i in range(5))
    second = second_opinion(text)
    assert second is not None
    assert second.body == parse(text).body
    assert len(second.body.blocks) == 5


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "a = " + "[" * 10_000 + "]" * 10_000,
        "a = " + "(" * 150 + "1" + ")" * 150,
        "a = " + "1 - " * 5_000 + "1",
        "a {\n" * 3_000 + "}\n" * 3_000,
        "<<A\n" * 7_000,
        "a = <<A\n" * 3_000,
        '"' * MOST,
        "/*" * 15_000,
        "a = b" + ".c" * 10_000,
        "\n" * MOST,
        "a = {\n" + "".join(f"  k{i} = 1\n" for i in range(2_500)) + "}\n",
        "x" * (MOST + 1),
        "",
    ],
    ids=lambda text: text[:12],
)
def test_bounded(text: str) -> None:
    started = time.process_time()
    second_opinion(text)
    assert time.process_time() - started < 10.0


def test_nothing_is_imported_before_it_is_asked() -> None:
    code = "import guardrail.formats.second_opinion, sys; sys.exit('hcl2' in sys.modules or 'lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
