"""References and calls of an expression."""

from __future__ import annotations

import pytest

from guardrail.actions.expressions import calls, parse, references


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1", []),
        ("GitHub.SHA", [("github", "sha")]),
        ("github['Event']['issue']", [("github", "event", "issue")]),
        ("github.event.commits[0].message", [("github", "event", "commits", "0", "message")]),
        ("needs.*.result", [("needs", "*", "result")]),
        ("needs[*].result", [("needs", "*", "result")]),
        ("env[format('a{0}', matrix.x)].y", [("env", None, "y"), ("matrix", "x")]),
        ("a[b[c]]", [("a", None), ("b", None), ("c",)]),
        ("f(a.b, !c == d) && e || g", [("a", "b"), ("c",), ("d",), ("e",), ("g",)]),
        ("fromJSON(a.b).c[d]", [("a", "b"), ("d",)]),
        ("(github.event).issue", [("github", "event", "issue")]),
        ("x[true][null]", [("x", "true", "")]),
    ],
)
def test_references(text: str, steps: list[tuple[str | None, ...]]) -> None:
    assert [reference.steps for reference in references(parse(text))] == steps


def test_places() -> None:
    text = " a.b == env[ (c).d ] "
    found = {text[reference.offset : reference.end] for reference in references(parse(text))}
    assert found == {"a.b", "env[ (c).d ]", "(c).d"}


def test_calls() -> None:
    text = "toJSON(a[Contains(b, 'x')]) && !ALWAYS()"
    found = list(calls(parse(text)))
    assert [call.name for call in found] == ["tojson", "contains", "always"]
    assert [text[call.offset : call.end] for call in found] == [
        "toJSON(a[Contains(b, 'x')])",
        "Contains(b, 'x')",
        "ALWAYS()",
    ]
    assert [len(call.arguments) for call in found] == [1, 2, 0]
