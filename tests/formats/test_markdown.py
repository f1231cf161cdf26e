"""Blocks of Markdown documents: which are read, what they are called, and that their lines are the document's."""

from __future__ import annotations

from textwrap import dedent
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.formats import files
from guardrail.formats.block_names import read_info
from guardrail.formats.gaps import gaps_blanked
from guardrail.formats.markdown import MOST_BLOCKS, blocks, remarks
from guardrail.formats.names import is_markdown, split_name
from guardrail.formats.nodes import Lines
from guardrail.model.document import LEFT_OUT, Document
from guardrail.model.report import BlockStatus
from guardrail.model.value import UnknownValue

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  containers:\n    - name: a\n      image: b:1\n"
WORKFLOW = "name: a\non: push\njobs:\n  b:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n"
BUCKET = 'resource "aws_s3_bucket" "a" {\n}\n'


def named(text: str) -> list[tuple[str, str, int]]:
    return [(b.language, b.name, b.line) for b in blocks(dedent(text))]


def read(text: str, name: str = "a.md") -> list[object]:
    return list(files.documents(name, text, Lines(text)))


def ledger(text: str) -> list[tuple[int, str, str]]:
    """Line, status, and what is in a block or why it was left alone."""
    told = [item for item in read(text) if isinstance(item, BlockStatus)]
    return [(b.line, b.status, b.reason if b.status == "left-alone" else b.holds) for b in told]


def documents(text: str) -> list[Document]:
    return [item for item in read(text) if isinstance(item, Document)]


def test_names_come_from_a_comment_the_info_string_or_the_heading() -> None:
    text = f"""\
        # Runbook
        ```yaml
        # k8s/a.yaml
        a: 1
        ```
        ```yml title="b.yml"
        b: 1
        ```
        ```json:conf/c.json
        {{}}
        ```
        ~~~hcl
        resource "a" "b" {{}}
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
        ## Roll out, then *wait*!
        ```yaml
        g: 1
        ```
        ```yaml
        h: {1}
        ```
        """
    assert named(text) == [
        ("yaml", "k8s/a.yaml", 3),
        ("yaml", "b.yml", 7),
        ("json", "conf/c.json", 10),
        ("hcl", "runbook.tf", 13),
        ("dockerfile", "Dockerfile", 16),
        ("hcl", "modules/e/main.tf", 19),
        ("yaml", "f.yaml", 22),
        ("yaml", "roll-out-then-wait.yaml", 28),
        ("yaml", "roll-out-then-wait-2.yaml", 31),
    ]


@pytest.mark.parametrize(
    ("info", "word", "title"),
    [
        ("yaml", "yaml", ""),
        ("YAML", "yaml", ""),
        ('yaml title="k8s/a.yml" {1,3-4}', "yaml", "k8s/a.yml"),
        ("yaml {linenos=table}", "yaml", ""),
        ("yaml{1,3}", "yaml", ""),
        ("{.yaml}", "yaml", ""),
        ("{.yaml .numberLines title='a.yml'}", "yaml", "a.yml"),
        ("yaml,ignore", "yaml", ""),
        ("yaml:k8s/a.yml", "yaml", "k8s/a.yml"),
        ("yaml k8s/a.yml", "yaml", "k8s/a.yml"),
        ("hcl filename=main.tf", "hcl", "main.tf"),
        ("{code-block} yaml", "yaml", ""),
        ('yaml linenums="1" hl_lines="2 3"', "yaml", ""),
        ("", "", ""),
    ],
)
def test_info_strings(info: str, word: str, title: str) -> None:
    assert read_info(info) == (word, title)


@pytest.mark.parametrize(
    "above",
    [
        "**`k8s/deploy.yaml`**",
        "`k8s/deploy.yaml`:",
        "**k8s/deploy.yaml:**",
        "### `k8s/deploy.yaml`",
        "k8s/deploy.yaml",
        "_k8s/deploy.yaml_",
        "<!-- k8s/deploy.yaml -->",
        "File: `k8s/deploy.yaml`",
        "- `k8s/deploy.yaml`",
        "Write this to `k8s/deploy.yaml`:",
        "`./k8s/deploy.yaml`\n\n",
    ],
)
def test_the_line_above_may_name_a_block(above: str) -> None:
    assert [b.name for b in blocks(f"# H\n\n{above}\n\n```yaml\na: 1\n```\n")] == ["k8s/deploy.yaml"]


@pytest.mark.parametrize(
    "above",
    ["Compare `k8s/a.yaml` with `k8s/b.yaml`:", "See k8s/deploy.yaml.", "`main.tf`:", "It is in `k8s/deploy.yaml`"],
)
def test_other_lines_above_do_not(above: str) -> None:
    assert [b.name for b in blocks(f"# H\n\n{above}\n```yaml\na: 1\n```\n")] == ["h.yaml"]


@pytest.mark.parametrize(
    "comment",
    [
        "# k8s/a.yaml",
        "#k8s/a.yaml",
        "// k8s/a.yaml",
        "# File: k8s/a.yaml",
        "# --- k8s/a.yaml ---",
        "# ./k8s/a.yaml",
        "# k8s/a.yaml:",
        "# k8s/a.yaml - what runs",
        "# k8s/a.yaml (production)",
        "---\n# k8s/a.yaml",
        "\n\n# `k8s/a.yaml`",
    ],
)
def test_comments_that_name_a_file(comment: str) -> None:
    text = f"```yaml\n{comment}\n{POD.format(name='a')}```\n"
    assert [(b.name, b.named) for b in blocks(text)] == [("k8s/a.yaml", True)]


def test_a_comment_before_json_is_no_json() -> None:
    text = '```json\n// k8s/a.json\n{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}\n```\n'
    (document,) = documents(text)
    assert document.file == "a.md/k8s/a.json"
    assert document.places.locate(("metadata", "name")).span[:2] == (3, 50)


def test_other_blocks_are_left_alone_and_counted() -> None:
    text = "```sh\n# a.yaml\n```\n```\nplain: 1\n```\n```typescript\nlet a = 1\n```\n```diff\n-a: 1\n```\n"
    assert ledger(text) == [
        (2, "left-alone", "sh"),
        (5, "left-alone", "without a language"),
        (8, "left-alone", "typescript"),
        (11, "left-alone", "diff"),
    ]


def test_the_ledger_says_what_a_block_holds() -> None:
    text = "".join(
        f"```{language}\n{content}```\n"
        for language, content in [
            ("yaml", f"{POD.format(name='a')}---\n{POD.format(name='b')}---\nkind: Service\napiVersion: v1\n"),
            ("yaml", WORKFLOW),
            ("dockerfile", "FROM scratch\n"),
            ("dockerfile", "RUN make\n"),
            ("hcl", BUCKET),
            ("hcl", 'path "secret/*" {\n}\n'),
            ("hcl", "# terragrunt.hcl\ninclude {\n}\n"),
            ("json", '{"dashboard": {}}\n'),
            ("yaml", "# .github/workflows/a.yml\njobs:\n  a: {}\n"),
            ("yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"),
            ("yaml", f"{POD.format(name='a')}---\napiVersion: v1\nkind: [\n"),
        ]
    )
    assert [told[1:] for told in ledger(text)] == [
        ("read", "2 Pod, Service"),
        ("read", "Workflow"),
        ("read", "Dockerfile"),
        ("left-alone", "a part of a Dockerfile, without FROM"),
        ("read", "Terraform"),
        ("left-alone", "hcl"),
        ("left-alone", "hcl"),
        ("left-alone", "JSON that is nothing guardrail judges"),
        ("left-alone", "a part of a Workflow"),
        ("left-alone", "YAML that is nothing guardrail judges"),
        ("partly-read", "Pod"),
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (POD.format(name="a"), "h.yaml"),
        (WORKFLOW, "h.yaml"),
        ("# build\nFROM scratch\n", "Dockerfile"),
        (BUCKET, "h.tf"),
        ('{"kind": "Pod", "apiVersion": "v1"}\n', "h.json"),
        ("# deploy/values.yaml\na: 1\n", "deploy/values.yaml"),
        ("a: 1\n", ""),
        ("FROMAGE is cheese\n", ""),
        ("├── main.tf\n", ""),
    ],
)
def test_a_block_without_a_language_is_read_by_its_content(content: str, name: str) -> None:
    assert [b.name for b in blocks(f"# H\n```\n{content}```\n")] == [name]


def test_a_block_is_split_at_comments_with_a_path() -> None:
    text = "```yaml\na: 1\n\n# k8s/b.yaml\nb: 1\n---\n# k8s/c.yaml\nc: 1\n\n# not a path\nd: 1\n```\n"
    assert named(text) == [("yaml", "block.yaml", 2), ("yaml", "k8s/b.yaml", 4), ("yaml", "k8s/c.yaml", 7)]


@pytest.mark.parametrize(
    "inside",
    [
        "a:\n  # k8s/b.yaml\n  b: 1\n",
        "a: 1\n# k8s/b.yaml\nb: 1\n",
        "a:\n\n# k8s/b.yaml\n  b: 1\n",
        "a: 1\n\n# main.tf\n",
    ],
)
def test_a_comment_within_a_file_does_not_split_it(inside: str) -> None:
    assert named(f"```yaml\n{inside}```\n") == [("yaml", "block.yaml", 2)]


def test_dockerfiles_are_split_only_where_one_begins() -> None:
    text = "```dockerfile\n# a/Dockerfile\nFROM a\n\n# b/Dockerfile\nRUN x\n\n# c/Dockerfile\nFROM c\n```\n"
    assert named(text) == [("dockerfile", "a/Dockerfile", 2), ("dockerfile", "c/Dockerfile", 8)]


def test_equal_names_are_told_apart_without_line_numbers() -> None:
    text = "```yaml\n# a/b.yaml\n```\n```yaml\n# a/b.yaml\n```\n```yaml\n# a/b-2.yaml\n```\n```yaml\ny: 1\n```\n"
    assert [n for _, n, _ in named(text)] == ["a/b.yaml", "a/b-2.yaml", "a/b-2-2.yaml", "block.yaml"]


def test_a_heading_never_makes_an_override_or_a_file_of_values() -> None:
    assert [n for _, n, _ in named(f"# Override\n```hcl\n{BUCKET}```\n")] == ["block.tf"]
    assert ledger("# Core values\n```yaml\nbe: kind\npassword: hunter2\n```\n")[0][1] == "left-alone"


def test_a_fence_that_is_never_closed_ends_with_the_text() -> None:
    (block,) = blocks("```yaml\na: 1\n")
    assert (block.start, block.end) == (8, 13)


@pytest.mark.parametrize(
    ("before", "margin"), [("1. Do\n\n", "    "), ("", "> "), ("> > x\n", "> > "), ("- x\n\n", "\t")]
)
def test_lines_are_those_of_the_document_whatever_stands_before_them(before: str, margin: str) -> None:
    pods = f"{POD.format(name='a')}---\n{POD.format(name='b')}"
    inside = "".join(f"{margin}{line}\n" for line in ("```yaml", *pods.splitlines(), "```"))
    text = before + inside
    first, second = documents(text)
    line = text[: text.index("image: b:1")].count("\n") + 1
    assert first.places.locate(("spec", "containers", 0, "image")).span[:2] == (line, 7 + len(margin))
    assert second.places.locate(("spec", "containers", 0, "image")).span.line == line + 9


def test_documents_of_a_block_are_numbered_by_themselves() -> None:
    text = f"```yaml\n{POD.format(name='a')}---\n{POD.format(name='b')}```\n```yaml\n{POD.format(name='c')}```\n"
    assert [(d.file, d.index) for d in documents(text)] == [
        ("a.md/block.yaml", 0),
        ("a.md/block.yaml", 1),
        ("a.md/block-2.yaml", 0),
    ]


def test_carriage_returns() -> None:
    text = f"# H\n\n```yaml\n# k8s/a.yaml\n{POD.format(name='a')}```\n".replace("\n", "\r\n")
    (document,) = documents(text)
    assert document.file == "a.md/k8s/a.yaml"
    assert document.places.locate(("metadata", "name")).span[:2] == (8, 3)


@pytest.mark.parametrize("text", ["principles:\n  - be kind\n", "a: {{ b }}\n  c: [\n", "just words\n"])
def test_prose_that_looks_like_yaml_is_counted_and_left_alone(text: str) -> None:
    assert ledger(f"```yaml\n{text}```\n") == [(2, "left-alone", "YAML that is nothing guardrail judges")]


def test_a_broken_object_is_told() -> None:
    whole = "text\n```yaml\napiVersion: v1\nkind: [\n```\n"
    found, status = read(whole)
    assert isinstance(found, files.Unreadable)
    assert Lines(whole).position(found.offset)[0] in (4, 5)
    assert isinstance(status, BlockStatus)
    assert status.status == "unreadable"


def test_names_of_blocks_lead_back_to_the_document() -> None:
    assert split_name("docs/a.md/k8s/b.yaml") == ("docs/a.md", "k8s/b.yaml")
    assert split_name("docs/a.md") == ("docs/a.md", "")
    assert split_name("k8s/b.yaml") == ("k8s/b.yaml", "")
    assert is_markdown("README.MD")


REMARK = "<!-- guardrail: ignore[latest-tag] shown -->"


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        (f"{REMARK}\n```yaml\na: 1\n```\n", "a: 1\n"),
        (f"{REMARK}\n\n**`k8s/a.yaml`**\n\n<!-- x -->\n\n```yaml\na: 1\n```\n", "a: 1\n"),
        (f"> {REMARK}\n>\n> ```yaml\n> a: 1\n> ```\n", "> a: 1\n"),
        (f"{REMARK}\n```yaml\na: 1\n\n# k8s/b.yaml\nb: 1\n```\n", "a: 1\n\n# k8s/b.yaml\nb: 1\n"),
        (f"{REMARK}\nSome text between.\n```yaml\na: 1\n```\n", REMARK),
        (f"{REMARK}\n", REMARK),
        (f"````md\n{REMARK}\n```yaml\na: 1\n```\n````\n", None),
    ],
)
def test_a_comment_is_about_the_block_right_below(text: str, covered: str | None) -> None:
    found = [text[slice(*r.covers)] for r in remarks(text, blocks(text))]
    assert found == ([] if covered is None else [covered])


@given(st.text(alphabet="`~\n #ayml:hclk8s/.tf->", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    end = 0
    for block in blocks(text):
        assert end <= block.start <= block.end <= len(text)
        end = block.end
        assert block.line == text.count("\n", 0, block.start) + 1 or block.start == len(text)
        assert len(block.text(text)) == block.end - block.start
        assert block.name or not block.language
    list(files.documents("a.md", text, Lines(text)))


@pytest.mark.parametrize("content", ["a: 1\n", POD.format(name="a"), "FROM a\n", BUCKET, '{"kind": "x"}\n'])
def test_five_thousand_blocks_take_linear_time(content: str) -> None:
    def seconds(count: int) -> float:
        language = {"F": "dockerfile", "r": "hcl", "{": "json"}.get(content[0], "yaml")
        text = f"Words.\n\n```{language}\n{content}```\n\n" * count
        before = perf_counter()
        read(text)
        return perf_counter() - before

    few = min(seconds(500) for _ in range(3))
    assert seconds(5_000) < 30 * few + 0.1


def test_blocks_beyond_the_bound_are_told() -> None:
    text = "```yaml\na: 1\n```\n" * (MOST_BLOCKS + 1)
    *_, last = read(text)
    assert isinstance(last, files.Unreadable)
    assert last.code == "too-large"


@pytest.mark.parametrize(
    ("command", "content", "name"),
    [
        ("cat <<EOF | kubectl apply -f -", POD.format(name="a"), "h.yaml"),
        ("$ cat <<'EOF' | oc -n shop create -f=- ", POD.format(name="a"), "h.yaml"),
        ("kubectl apply -f - <<EOF", POD.format(name="a"), "h.yaml"),
        ("kubectl apply -f - <<-EOF", POD.format(name="a").replace("\n", "\n\t"), "h.yaml"),
        ("cat > k8s/a.yaml <<EOF", POD.format(name="a"), "k8s/a.yaml"),
        ("cat <<EOF >k8s/a.yaml", POD.format(name="a"), "k8s/a.yaml"),
        ("sudo tee -a /etc/a.yaml <<EOF", POD.format(name="a"), "/etc/a.yaml"),
        ("cat <<EOF > Dockerfile", "FROM a\n", "Dockerfile"),
        ("cat <<EOF > main.tf", BUCKET, "main.tf"),
        ("kubectl apply -f a.yaml <<EOF", POD.format(name="a"), None),
        ("psql <<EOF", "select 1;\n", None),
        ("kubectl apply -f - <<EOF", "$(make manifest)\n", None),
        ("cat > notes.txt <<EOF", POD.format(name="a"), None),
    ],
)
def test_what_commands_are_fed_with_is_read(command: str, content: str, name: str | None) -> None:
    dashed = "<<-" in command
    text = f"# H\n\n```bash\n{command}\n{chr(9) * dashed}{content.rstrip(chr(9))}{chr(9) * dashed}EOF\nmake\n```\n"
    script, *fed = blocks(text)
    assert (script.language, script.word) == ("", "bash")
    assert [(b.name.lstrip("/"), b.line) for b in fed] == ([] if name is None else [(name.lstrip("/"), 5)])
    assert not any(isinstance(item, files.Unreadable) for item in read(text))


def test_a_here_document_that_does_not_end_is_left_alone() -> None:
    text = "```sh\ncat <<EOF | kubectl apply -f -\napiVersion: v1\nkind: Pod\n```\n"
    assert ledger(text) == [(2, "left-alone", "sh")]


@pytest.mark.parametrize(
    ("gap", "shown"),
    [
        ("  ...\n", "     \n"),
        ("  …\n", "   \n"),
        ("a: {...}\n", 'a: "..."\n'),
        ("a: [ ... ]\n", "a: [ ... ]\n"),
        ("a: ...\n", "a: ...\n"),
        ("a: 1  # ... and more\n", "a: 1  # ... and more\n"),
        ("# the rest of it ...\n", "# the rest of it ...\n"),
    ],
)
def test_what_a_document_leaves_out_is_noticed(gap: str, shown: str) -> None:
    text, gaps = gaps_blanked(f"b: 1\n{gap}")
    assert text == f"b: 1\n{shown}"
    assert len(gaps) == 1


@pytest.mark.parametrize("text", ["a: wait...\n", "# wait for it... then go\n", "a: b # e.g. a/.../b\n", "- x...\n"])
def test_other_dots_leave_nothing_out(text: str) -> None:
    assert gaps_blanked(text) == (text, [])


def test_only_the_document_with_the_gap_is_an_excerpt() -> None:
    one, two, three = (POD.format(name=name) for name in "abc")
    found = documents(f"```yaml\n{one}  ...\n---\n{two}      env: ...\n---\n{three}```\n")
    assert [bool(d.excerpt) for d in found] == [True, True, False]
    assert found[1].data["spec"]["containers"][0]["env"] == UnknownValue(LEFT_OUT)  # type: ignore[index]


@pytest.mark.parametrize("name", ["a.md", "A.MD", "a.markdown", "docs/a.mdx"])
def test_documents_by_name(name: str) -> None:
    assert is_markdown(name)
    assert split_name(f"{name}/k8s/b.yaml") == (name, "k8s/b.yaml")
    assert len([d for d in read(f"```yaml\n{POD.format(name='a')}```\n", name) if isinstance(d, Document)]) == 1
