"""Marks in templates, and lines found without them."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.scan.render.marks import actions, align, marked, unmarked

TEMPLATE = """\
{{- if .Values.on -}}
kind: Pod
metadata:
  name: {{ .Values.name }}
  labels: {{- toYaml .Values.labels | nindent 4 }}
{{- end }}
"""
PIECES = st.sampled_from(
    [
        "{{", "}}", "{{-", "-}}", " ", "\n", '"', "'", "`", "/*", "*/", "{{ .x }}", "{{- end }}", "{{ if .a -}}",
        '{{ define "a" }}', "key: value", "- item", "---", "# comment", "\\", "|", "é", '{{ "}}" }}', "{{/* c */}}",
    ]
)  # fmt: skip


def test_marks_stand_where_text_goes_to_the_output() -> None:
    told = marked(TEMPLATE, 1).replace("\ue000", "<").replace("\ue001", ">").splitlines()
    assert [line.endswith(">") for line in told] == [False, True, True, True, True, False]


@given(st.lists(PIECES, max_size=40).map("".join))
def test_marks_are_taken_out_again(text: str) -> None:
    assert unmarked(marked(text, 1))[0] == text


@given(st.lists(PIECES, max_size=40).map("".join))
def test_actions_are_in_order_and_apart(text: str) -> None:
    end = 0
    for action in actions(text):
        assert end <= action.start < action.end <= len(text)
        assert text.startswith("{{", action.start)
        assert text.endswith("}}", 0, action.end)
        end = action.end


@pytest.mark.parametrize(
    "text", ["{{" * 200_000, '{{ "' * 100_000, "{{/*" * 100_000, "{{ a }}" * 100_000, "{{ if a }}\n" * 50_000]
)
def test_hostile_templates_cost_little(text: str) -> None:
    begin = perf_counter()
    marked(text, 1)
    assert perf_counter() - begin < 5


def test_lines_are_found_by_their_texts() -> None:
    rendered = ["kind: Pod", "metadata:", "  name: web", "  labels:", "    a: b", "    kind: Pod"]
    assert align(rendered, TEMPLATE.splitlines()) == [1, 2, 3, 4, 4, 1]


def test_a_loop_finds_its_lines_again() -> None:
    template = ["{{- range .Values.all }}", "- name: {{ . }}", "  value: fixed", "{{- end }}", "last: 1"]
    rendered = ["- name: a", "  value: fixed", "- name: b", "  value: fixed", "last: 1"]
    assert align(rendered, template) == [1, 2, 1, 2, 4]


@given(st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=30).map("".join))
def test_every_line_finds_a_place(rendered: str, template: str) -> None:
    rows, lines = rendered.split("\n"), template.split("\n")
    found = align(rows, lines)
    assert len(found) == len(rows)
    assert all(0 <= at < len(lines) for at in found)
