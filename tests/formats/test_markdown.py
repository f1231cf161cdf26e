"""Blocks of Markdown documents: which are read, what they are called, and that their lines are the document's."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.formats import files
from guardrail.formats.markdown import blocks, padded
from guardrail.formats.names import is_markdown, split_name
from guardrail.formats.nodes import Lines
from guardrail.model.document import Document

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  containers:\n    - name: a\n      image: b:1\n"


def named(text: str) -> list[tuple[str, str, int]]:
    return [(b.language, b.name, b.line) for b in blocks(dedent(text))]


def test_names_come_from_a_comment_the_info_string_or_the_language() -> None:
    text = """\
        # Runbook
        ```yaml
        # k8s/a.yaml
        a: 1
        ```
        ```yml title="b.yml"
        b: 1
        ```
        ```json:conf/c.json
        {}
        ```
        ~~~hcl
        d = 1
        ~~~
        ```Dockerfile
        FROM scratch
        ```
        ```terraform
        // modules/e/main.tf
        ```
        ````yaml
        # File: f.yaml
        ```
        f: 1
        ````
        """
    assert named(text) == [
        ("yaml", "k8s/a.yaml", 3),
        ("yaml", "b.yml", 7),
        ("json", "conf/c.json", 10),
        ("hcl", "block.tf", 13),
        ("dockerfile", "Dockerfile", 16),
        ("hcl", "modules/e/main.tf", 19),
        ("yaml", "f.yaml", 22),
    ]


def test_other_blocks_are_left_alone() -> None:
    assert named("```sh\n# a.yaml\n```\n```\nplain: 1\n```\n```typescript\nlet a = 1\n```\n") == []


def test_a_block_is_split_at_comments_with_a_path() -> None:
    text = "```yaml\na: 1\n# k8s/b.yaml\nb: 1\n---\n# k8s/c.yaml\nc: 1\n# not a path\nd: 1\n```\n"
    assert named(text) == [("yaml", "block.yaml", 2), ("yaml", "k8s/b.yaml", 3), ("yaml", "k8s/c.yaml", 6)]


def test_equal_names_are_told_apart_without_line_numbers() -> None:
    text = "```yaml\n# a/b.yaml\n```\n```yaml\n# a/b.yaml\n```\n```yaml\nx: 1\n```\n```yaml\ny: 1\n```\n"
    assert [n for _, n, _ in named(text)] == ["a/b.yaml", "a/b-2.yaml", "block.yaml", "block-2.yaml"]


def test_a_fence_that_is_never_closed_ends_with_the_text() -> None:
    (block,) = blocks("```yaml\na: 1\n")
    assert (block.start, block.end) == (8, 13)


def test_lines_are_those_of_the_document_even_when_the_fence_is_indented() -> None:
    pod = "".join(f"    {line}\n" for line in POD.format(name="x").splitlines())
    text = f"1. Do\n\n    ```yaml\n{pod}    ```\n"
    lines = Lines(text)
    (document,) = [d for d in files.documents("docs/a.md", text, lines) if isinstance(d, Document)]
    assert document.file == "docs/a.md/block.yaml"
    assert document.places.locate(("spec", "containers", 0, "image")).span[:2] == (11, 11)


def test_documents_of_a_block_are_numbered_by_themselves() -> None:
    text = f"```yaml\n{POD.format(name='a')}---\n{POD.format(name='b')}```\n```yaml\n{POD.format(name='c')}```\n"
    found = [d for d in files.documents("a.md", text, Lines(text)) if isinstance(d, Document)]
    assert [(d.file, d.index) for d in found] == [
        ("a.md/block.yaml", 0),
        ("a.md/block.yaml", 1),
        ("a.md/block-2.yaml", 0),
    ]


@pytest.mark.parametrize("text", ["principles:\n  - be kind\n", "a: {{ b }}\n  c: [\n", "just words\n"])
def test_prose_that_looks_like_yaml_is_counted_and_left_alone(text: str) -> None:
    whole = f"```yaml\n{text}```\n"
    assert list(files.documents("a.md", whole, Lines(whole))) == [files.Left(2)]


def test_a_broken_object_is_told() -> None:
    whole = "text\n```yaml\napiVersion: v1\nkind: [\n```\n"
    (found,) = files.documents("a.md", whole, Lines(whole))
    assert isinstance(found, files.Unreadable)
    assert Lines(whole).position(found.offset)[0] in (4, 5)


def test_names_of_blocks_lead_back_to_the_document() -> None:
    assert split_name("docs/a.md/k8s/b.yaml") == ("docs/a.md", "k8s/b.yaml")
    assert split_name("docs/a.md") == ("docs/a.md", "")
    assert split_name("k8s/b.yaml") == ("k8s/b.yaml", "")
    assert is_markdown("README.MD")


@given(st.text(alphabet="`~\n #ayml:hclk8s/.tf-", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    end = 0
    for block in blocks(text):
        assert end <= block.start <= block.end <= len(text)
        end = block.end
        assert block.line == text.count("\n", 0, block.start) + 1
        assert padded(text, block).count("\n") == block.line - 1 + text.count("\n", block.start, block.end)
        assert block.name
    list(files.documents("a.md", text, Lines(text)))


def test_many_blocks_and_long_lines_take_linear_time() -> None:
    text = ("`" * 50_000 + "\n") * 20 + "```yaml\na: 1\n```\n" * 5_000
    assert len(blocks(text)) <= 2_000
