"""Comments that speak to scanners: found where they are comments, and what each covers."""

from __future__ import annotations

import pytest

from guardrail.formats.comments import Comment, comments
from guardrail.formats.nodes import Lines
from tests.formats.reading import documents

MARK = "guardrail: ignore[x] y"


def found(text: str) -> list[Comment]:
    return list(comments(text, Lines(text), documents(text)))


@pytest.mark.parametrize(
    ("text", "line", "covers", "trailing"),
    [
        (f"a: 1\nb: 2  # {MARK}\n", 2, (2, 2), True),
        (f"a:\n  # {MARK}\n  b:\n    c: 1\n    d: 2\ne: 3\n", 2, (3, 5), False),
        (f"a:  # {MARK}\n  b: 1\n  c: 2\n", 1, (1, 3), True),
        (f"a:\n# {MARK}\n# and another\n\n- b: 1\n  c: 2\n- d: 3\n", 2, (5, 6), False),
        (f"a:\n- b: 1  # {MARK}\n  c: 2\n- d: 3\n", 2, (2, 3), True),
        (f"# {MARK}\na: 1\nb: 2\n", 1, (2, 3), False),
        (f"a: 1\n---\n# {MARK}\nb: 2\nc: 3\n", 3, (4, 5), False),
        (f"# {MARK}\n---\nb: 2\nc: 3\n", 1, (3, 4), False),
        (f"a: 1 #{MARK}\n", 1, (1, 1), True),
        (f"a: http://x/#frag # {MARK}\n", 1, (1, 1), True),
        (f"a: 'b # c' # {MARK}\n", 1, (1, 1), True),
        (f"a: x#y # {MARK}\n", 1, (1, 1), True),
        (f"a: {{b: 1, # {MARK}\n  c: 2}}\n", 1, (1, 2), True),
        (f"a: 1\r\nb: 2 # {MARK}\r\n", 2, (2, 2), True),
        (f"a: 1\rb: 2 # {MARK}\r", 2, (2, 2), True),
        (f"a: 1\n# {MARK}\n", 2, (2, 2), False),
        (f"a: |\n  x\n# {MARK}\nb: 1\n", 3, (4, 4), False),
        (f"a: 1 # note # {MARK}\n", 1, (1, 1), True),
    ],
)
def test_what_a_comment_covers(text: str, line: int, covers: tuple[int, int], trailing: bool) -> None:
    (comment,) = found(text)
    assert (comment.line, comment.covers, comment.trailing) == (line, covers, trailing)
    assert comment.text.endswith(MARK)
    assert comment.text.startswith("#")


@pytest.mark.parametrize(
    "text",
    [
        f"a: |\n  x\n  # {MARK}\n  y\n",
        f"a: '# {MARK}'\n",
        f"a: x#{MARK}\n",
        f'a: "x\n  # {MARK}"\n',
        f"a: {MARK}\n".replace(": ignore", ":ignore"),
        f'{{"a": "# {MARK}"}}',
        "a: 1 # nothing to us\n",
        f"a: [\n# {MARK}\n",
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    assert found(text) == []


def test_many_comments_take_no_longer_than_their_number() -> None:
    text = "a:\n" + f"# {MARK}\n" * 20_000 + f"- 1 # {MARK}\n" * 20_000
    assert len(found(text)) == 40_000


def test_one_long_line_of_hashes() -> None:
    assert len(found("a: 1 " + "# " * 500_000 + MARK + "\n")) == 1
