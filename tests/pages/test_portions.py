"""Words of a policy: paragraphs are wrapped, blocks keep their lines."""

from __future__ import annotations

from guardrail.pages.portions import as_lines, as_markdown, headline, portions

_TEXT = "Set it\nonce:\n\n    a:\n      b: `x`\n\n    c: \x1b\n\nThen look.\n"


def test_portions() -> None:
    assert portions(_TEXT) == [
        (False, "Set it once:"),
        (True, "a:\n  b: `x`\n\nc: \\x1b"),
        (False, "Then look."),
    ]
    assert portions(" \n\n") == []


def test_forms() -> None:
    assert headline(_TEXT) == "Set it once:"
    assert as_markdown(_TEXT) == ("Set it once:\n\n```yaml\na:\n  b: `x`\n\nc: \\x1b\n```\n\nThen look.")
    assert as_lines(_TEXT, 40, "fix: ", "     ") == [
        "fix: Set it once:",
        "       a:",
        "         b: `x`",
        "",
        "       c: \\x1b",
        "     Then look.",
    ]
    assert as_lines("    a: 1", 40, "fix: ", "     ") == ["fix:   a: 1"]
