"""Documents of a text: split, broken ones alone lost, nothing left out in silence."""

from __future__ import annotations

import pytest

from guardrail.formats import files, yaml_text
from guardrail.formats.nodes import Lines
from guardrail.formats.parsed import MAX_NODES, MAX_UNREADABLE, Parsed, Unreadable
from tests.formats.reading import data, documents, one, read, refused

A, B = {"a": 1}, {"b": 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n---\nb: 2\n", [A, B]),
        ("---\na: 1\n---\nb: 2\n---\n", [A, B]),
        ("--- # first\na: 1\n--- \nb: 2", [A, B]),
        ("--- {a: 1}\n--- {b: 2}", [A, B]),
        ("a: 1\n...\nb: 2\n", [A, B]),
        ("a: 1\n... # end\n---\nb: 2\n", [A, B]),
        ("a: 1\n...\n%YAML 1.1\n---\nb: 2\n", [A, B]),
        ("%YAML 1.1\n# c\n---\na: 1\n", [A]),
        ("%TAG !e! tag:x,2000:\n---\na: !e!b c\n", [{"a": "c"}]),
        ("a: 1\r\n---\r\nb: 2\r\n", [A, B]),
        ("a: 1\r---\rb: 2\r", [A, B]),
        ("a: 1\x85---\x85b: 2\x85", [A, B]),
        ("a: 1\u2028---\u2028b: 2", [A, B]),
        ("\ufeffa: 1\n---\n\ufeffb: 2\n", [A, B]),
        ("a: 1\n\ufeff---\nb: 2\n", [A, B]),
        ("---\n# note\n\ufeffa: 1\n", [A]),
        ("\ufeff", []),
        ("\ufeff\ufeff# c\n", []),
        ("", []),
        ("\n\n# only a comment\n---\n---\n...\n# c", []),
        ("a: |\n  ---\n  ...\n", [{"a": "---\n...\n"}]),
        ("a: ----\n", [{"a": "----"}]),
        ("----\n", ["----"]),
        ("-\n", [[None]]),
        ("- ---\n- ...\n", [["---", "..."]]),
        ("---a: 1\n", [{"---a": 1}]),
        ("null\n", [None]),
        ("--- ~\n", [None]),
    ],
)
def test_documents_of_a_text(text: str, expected: list[object]) -> None:
    assert data(text) == expected


@pytest.mark.parametrize(
    "broken", ["a: [1", "a: 'x", "\ta: 1", "a: b: c", "a: *x", "}", "a: \x01", "? [a]\n: b", "{<<: 1}"]
)
def test_only_the_broken_document_is_lost(broken: str) -> None:
    text = f"a: 1\n---\n{broken}\n---\nb: 2\n"
    first, lost, last = read(text)
    assert isinstance(first, Parsed)
    assert isinstance(last, Parsed)
    assert isinstance(lost, Unreadable)
    assert (first.data, last.data) == (A, B)
    assert 5 <= lost.offset < text.rindex("---")
    assert Lines(text).position(last.start)[0] == Lines(text).position(text.rindex("---"))[0]


def test_tabs_are_explained() -> None:
    assert "YAML is indented with spaces" in refused("a:\n\tb: 1\n").message


def test_what_stands_behind_the_end_is_told() -> None:
    first, rest = read("  a: 1\nb: 2\n")
    assert isinstance(first, Parsed)
    assert isinstance(rest, Unreadable)
    assert first.data == A
    assert Lines("  a: 1\nb: 2\n").position(rest.offset) == (2, 1)


def test_a_control_character_is_placed() -> None:
    text = "é: 1\nb: 'x\x07'\n"
    assert refused(text).offset == text.index("\x07")


def test_limits_are_per_file() -> None:
    one_list = "---\n[" + "1," * (MAX_NODES // 2) + "]\n"
    found = read(one_list * 3)
    assert [type(f) for f in found[:2]] == [Parsed, Unreadable]
    assert isinstance(found[-1], Unreadable)
    assert found[-1].code == "too-large"


def test_broken_documents_are_told_up_to_a_limit() -> None:
    found = read("---\n}\n" * (MAX_UNREADABLE * 2))
    assert len(found) == MAX_UNREADABLE + 1
    assert isinstance(found[-1], Unreadable)
    assert "the rest was not tried" in found[-1].message


def test_depth_counts_through_aliases() -> None:
    lines = ["a0: &a0 [1]", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 400))]
    assert refused("\n".join(lines)).code == "too-deep"
    assert refused("[" * 300 + "]" * 300).code == "too-deep"
    assert one("[" * 200 + "]" * 200).count == 200


def test_alias_growth_is_bounded() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert refused("\n".join(rows)).code == "too-large"


def test_chunks_start_where_the_document_does() -> None:
    text = "# c\n---\na: 1\n...\n%YAML 1.1\n---\nb: 2\n"
    assert [(s, t) for s, t in yaml_text.chunks(text)] == [
        (4, "---\na: 1\n..."),
        (17, "%YAML 1.1\n---\nb: 2\n"),
    ]


def test_first_and_last_lines() -> None:
    found = documents("# c\na: 1\n---\nb:\n  - 2\n\n---\n# nothing\n---\nc: 3")
    assert [(d.index, d.first_line, d.last_line) for d in found] == [(0, 1, 2), (1, 3, 6), (2, 9, 10)]


TEMPLATE = "a: 1\n{{ if x }}\nb: 2\n{{ end }}\n"


def test_a_template_is_told_by_its_broken_document() -> None:
    found = list(files.documents("x.yaml", TEMPLATE, Lines(TEMPLATE)))
    assert found == [files.Template(2)]


def test_a_template_costs_only_its_document() -> None:
    text = f"a: '{{{{ fine }}}}'\n---\n{TEMPLATE}---\nb: [\n"
    good, template, broken = files.documents("x.yaml", text, Lines(text))
    assert getattr(good, "data", None) == {"a": "{{ fine }}"}
    assert isinstance(template, Unreadable)
    assert isinstance(broken, Unreadable)
    assert (template.code, broken.code) == ("not-rendered", "unreadable")


def test_marks_elsewhere_do_not_make_a_template() -> None:
    text = "a: '{{ quoted }}'\n---\nb: [\n"
    good, broken = files.documents("x.yaml", text, Lines(text))
    assert getattr(good, "data", None) == {"a": "{{ quoted }}"}
    assert getattr(broken, "code", None) == "unreadable"
