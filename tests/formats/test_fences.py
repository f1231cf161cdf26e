"""Fenced blocks, wherever a document has them: compared with markdown-it, which follows CommonMark."""

from __future__ import annotations

import re
from textwrap import dedent
from time import perf_counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from guardrail.formats.fences import fences
from guardrail.formats.markdown import blocks

ORACLE = MarkdownIt("commonmark")


def found(text: str) -> list[tuple[int, str, str]]:
    """Line, info string and content of every fence, the content without its margin."""
    shown = {b.line: b for b in blocks(text)}
    return [(f.line, f.info, shown[f.line + 1].text(text)) for f in fences(text)]


def expected(text: str) -> list[tuple[int, str]]:
    tokens = [t for t in ORACLE.parse(text) if t.type == "fence" and t.map]
    return [(t.map[0] + 1, t.info.strip()) for t in tokens if t.map]


CONTAINERS = ("- ", "1. ", "10) ", "2. ", "-\n", " ", "  ", "    ", "\t", "> ", ">")
LEAVES = (
    "```yaml\n",
    "```\n",
    "~~~\n",
    "````\n",
    "\n",
    "\n\n",
    "a: 1\n",
    "text\n",
    "text  \n",
    "# H\n",
    "---\n",
    "***\n",
)
ODD = ("`` ` ``\n", "``` x`y\n", "* * *\n")
PIECES = st.sampled_from((*CONTAINERS, *LEAVES, *ODD))


@settings(max_examples=600)
@given(st.lists(PIECES, max_size=14))
def test_every_fence_of_commonmark_is_found(pieces: list[str]) -> None:
    text = "".join(pieces)
    assume(not re.search(r"(?: {4}|\t)[ \t]*>", text))  # markdown-it takes an indented `>` for a quote that goes on
    here = {(f.line, f.info) for f in fences(text)}
    assert [one for one in expected(text) if one not in here] == []


@settings(max_examples=300)
@given(st.text(alphabet="`~>- \n\t1.#a:", max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    end = 0
    for fence in fences(text):
        assert end <= fence.start <= fence.end <= len(text)
        assert text.count("\n", 0, fence.start) == fence.line or fence.start == len(text)
        end = fence.end


CASES = {
    "nothing": ("no `code` here\n", []),
    "tildes": ("~~~yaml\na\n~~~\n", [(1, "yaml")]),
    "a longer fence holds a shorter one": ("````md\n```yaml\na\n```\n````\n", [(1, "md")]),
    "tildes hold backticks": ("~~~\n```yaml\n```\n~~~\n```b\n```\n", [(1, ""), (5, "b")]),
    "backticks in the info string": ("``` a`b\nx\n```\n", [(3, "")]),
    "a closing fence has no info string": ("```a\nx\n```b\ny\n```\n", [(1, "a")]),
    "in a list": ("- x\n\n  ```yaml\n  a\n  ```\n", [(3, "yaml")]),
    "on the line of its list item": ("- ```yaml\n  a\n  ```\n", [(1, "yaml")]),
    "a list item ends it": ("- ```yaml\n  a\n\nout\n```b\n```\n", [(1, "yaml"), (5, "b")]),
    "in a quote": ("> ```yaml\n> a\n> ```\n", [(1, "yaml")]),
    "a quote ends it": ("> ```yaml\n> a\nout\n```b\n```\n", [(1, "yaml"), (4, "b")]),
    "in a quote in a list": ("1. > ```yaml\n   > a\n   > ```\n", [(1, "yaml")]),
    "in a tab of MkDocs": ('=== "A"\n\n    ```yaml\n    a\n    ```\n\n=== "B"\n', [(3, "yaml")]),
    "in an admonition that is not closed": ("!!! note\n\n    ```a\n    x\n\nout\n\n```b\n```\n", [(3, "a"), (8, "b")]),
    "never closed": ("```yaml\na: 1\n", [(1, "yaml")]),
    "carriage returns": ("```yaml\r\na: 1\r\n```\r\n", [(1, "yaml")]),
    "a byte-order mark": ("\ufeff```yaml\na\n```\n", [(1, "yaml")]),
    "within details": ("<details>\n<summary>x</summary>\n\n```yaml\na\n```\n\n</details>\n", [(4, "yaml")]),
    "right behind HTML": ("<details>\n```yaml\na\n```\n</details>\n", [(2, "yaml")]),
    "in a comment": ("<!--\n```yaml\na\n```\n-->\n```b\n```\n", [(6, "b")]),
    "behind a comment of one line": ("<!-- x -->\n```yaml\n```\n", [(2, "yaml")]),
    "indented by a tab": ("1.\tx\n\n\t```yaml\n\ta: 1\n\t```\n", [(3, "yaml")]),
    "an indented closing fence is content": ("```yaml\n    ```\na\n```\n", [(1, "yaml")]),
    "front matter": ("---\ntitle: x\n---\n\n```yaml\na\n```\n", [(5, "yaml")]),
    "MDX": ("import A from 'a'\n\n<Tabs>\n  <Item>\n\n  ```yaml\n  a\n  ```\n\n  </Item>\n</Tabs>\n", [(6, "yaml")]),
}


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES)
def test_fences(text: str, wanted: list[tuple[int, str]]) -> None:
    assert [(f.line, f.info) for f in fences(text)] == wanted


def test_content_ends_where_its_container_does() -> None:
    text = "- ```yaml\n  a: 1\n\nout\n"
    (fence,) = fences(text)
    assert (text[fence.start : fence.end], fence.closed) == ("  a: 1\n\n", False)


def test_the_margin_of_a_block_is_blanked_and_its_length_kept() -> None:
    text = dedent(
        """\
        > 1. x
        >
        >    ```yaml
        >    a: 1
        >
        >    ---
        >    b: >
        >      2
        >    ```
        """
    )
    ((_, _, shown),) = found(text)
    assert shown == "     a: 1\n \n---     \n     b: >\n       2\n"


@pytest.mark.parametrize(
    "text",
    [
        "```yaml\na: 1\n```\n" * 20_000,
        "> " * 50_000 + "```yaml\n" * 5,
        "- " * 20_000 + "\n" + "  " * 20_000 + "```\n",
        ("`" * 50_000 + "\n") * 20,
        "```" + " " * 200_000 + "x\n",
        "# " + " #" * 100_000 + "\n```\n",
        "1. a\n" * 30_000 + "```\n",
        "    ```yaml\n" * 20_000,
        "<!--\n" * 30_000 + "```\n",
        "```yaml\n" + "# " + "-" * 200_000 + "\n```\n",
        "*_`" * 100_000 + "\n```yaml\n```\n",
        "```yaml\n" + "# a/b.yaml\n" * 20_000 + "```\n",
        "```sh\n" + "cat <<A\n" * 50_000 + "```\n",
        "```sh\n" + "".join(f"cat <<A{n}\n" for n in range(30_000)) + "```\n",
        "```sh\n" + ("kubectl apply " * 70 + "<<E\nE\n") * 3_000 + "```\n",
        "```yaml\n" + "...\n" * 30_000 + "```\n",
    ],
    ids=range(16),
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    before = perf_counter()
    blocks(text)
    assert perf_counter() - before < 3
