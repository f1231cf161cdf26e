"""Exact places: what each path covers, in every style the text may have."""

from __future__ import annotations

import pytest

from guardrail.formats.nodes import Lines
from guardrail.formats.regions import Regions
from guardrail.model.place import Path
from tests.formats.reading import covered, cut, one, one_json

BLOCK = """\
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: "a#b"}}
spec:
  containers:
    - name: web   # the first
      image: 'nginx:1'
      args: ["-c", "x"]

    # above the second
    - command:
      - sh
      - -c
      - |
        run # not a comment

        more
  empty:
  text: plain text
    that goes on
"""


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (("apiVersion",), "apiVersion: v1", 1),
        (("metadata",), "metadata", 3),
        (("metadata", "name"), "name: web", 3),
        (("metadata", "labels"), "labels", 3),
        (("metadata", "labels", "app"), 'app: "a#b"', 3),
        (("spec",), "spec", 4),
        (("spec", "containers"), "containers", 5),
        (("spec", "containers", 0), "name: web", 6),
        (("spec", "containers", 0, "image"), "image: 'nginx:1'", 7),
        (("spec", "containers", 0, "args", 1), '"x"', 8),
        (("spec", "containers", 1), "command:", 11),
        (("spec", "containers", 1, "command", 2), "|", 14),
        (("spec", "empty"), "empty", 18),
        (("spec", "text"), "text: plain text", 19),
        # what is missing: the nearest parent's key, at the root `kind`
        (("spec", "containers", 0, "resources", "limits"), "name: web", 6),
        (("spec", "securityContext"), "spec", 4),
        (("spec", "containers", 7), "containers", 5),
        (("status",), "kind: Pod", 2),
        ((), "kind: Pod", 2),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "\ufeff", "# 😀 é\n---\n", "a: 1\n---\n"])
def test_what_a_path_covers(path: Path, text: str, line: int, ending: str, before: str) -> None:
    whole = (before + BLOCK).replace("\n", ending)
    from guardrail.formats import yaml_text

    *_, parsed = yaml_text.read(whole, Lines(whole))
    assert not isinstance(parsed, Exception)
    shown = covered(parsed, path)
    assert shown.rstrip(":") == text.rstrip(":")
    assert parsed.places.locate(path).span.line == line + before.count("\n")


@pytest.mark.parametrize(
    ("text", "path", "shown"),
    [
        ("a: é😀 # c\n", ("a",), "a: é😀"),
        ("é😀: {b: c}\n", ("é😀", "b"), "b: c"),
        ("a: 'x\u2028y'\nb: c\n", ("b",), "b: c"),
        ("a: x\x85b: c\n", ("b",), "b: c"),
        ('a: "one\n  two"\n', ("a",), 'a: "one'),
        ("? a\n: b\n", ("a",), "a"),
        ("- - x\n  - y\n", (0, 1), "y"),
        ("-\n  a: 1\n", (0, "a"), "a: 1"),
        ("!!str a: !!int 1\n", ("a",), "!!str a: !!int 1"),
        ("&k a: &v b\n", ("a",), "&k a: &v b"),
        ("plain\n", (), "plain"),
        ("[a, b]\n", (), "[a, b]"),
        ("a: {}\n", ("a",), "a"),
        ("x: 1\n", (), "x: 1"),
    ],
)
def test_other_styles(text: str, path: Path, shown: str) -> None:
    assert covered(one(text), path) == shown


ALIASED = """\
base: &base
  image: a
  more: {x: 1}
use: *base
merged:
  <<: *base
  own: 2
list: [*base]
"""


@pytest.mark.parametrize(
    ("path", "shown", "line", "aliases"),
    [
        (("use",), "use: *base", 4, []),
        (("use", "image"), "image: a", 2, [(4, "*base")]),
        (("merged", "image"), "image: a", 2, [(6, "*base")]),
        (("merged", "more", "x"), "x: 1", 3, [(6, "*base")]),
        (("merged", "own"), "own: 2", 7, []),
        (("list", 0, "image"), "image: a", 2, [(8, "*base")]),
        (("use", "missing"), "use", 4, [(4, "*base")]),
    ],
)
def test_aliases_and_merges(path: Path, shown: str, line: int, aliases: list[tuple[int, str]]) -> None:
    parsed = one(ALIASED)
    place = parsed.places.locate(path)
    assert (place.span.line, covered(parsed, path)) == (line, shown)
    lines = parsed.places.lines
    assert [(s.line, cut(lines, s)) for s in place.aliases] == aliases


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [
        ((), 1, 20),
        (("metadata",), 3, 3),
        (("spec",), 4, 20),
        (("spec", "containers"), 5, 17),
        (("spec", "containers", 0), 6, 8),
        (("spec", "containers", 1), 11, 17),
        (("spec", "containers", 1, "command", 2), 14, 17),
        (("spec", "text"), 19, 20),
        (("spec", "containers", 0, "nothing"), 6, 8),
    ],
)
def test_lines_of(path: Path, first: int, last: int) -> None:
    assert one(BLOCK).places.lines_of(path) == (first, last)


def test_lines_of_ignores_where_a_key_was_given_first() -> None:
    parsed = one("m:\n  a: 1\n  b: 2\n  a:\n    - 3\nn: 4\n")
    assert parsed.places.lines_of(("m",)) == (1, 5)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("metadata", "name"), ["web"]),
        (("spec", "containers", 1, "command", 2), ["|", "        run # not a comment", "", "        more"]),
        (("spec", "text"), ["plain text", "    that goes on"]),
        (("spec", "empty"), []),
        (("spec",), []),
    ],
)
def test_value_lines(path: Path, expected: list[str]) -> None:
    parsed = one(BLOCK)
    lines = parsed.places.lines
    found = [lines.line(n)[start:end] for n, start, end in parsed.places.value_lines(path)]
    assert found == expected


@pytest.mark.parametrize(
    ("line", "block"),
    [
        (1, (1, 20)),
        (2, (2, 2)),
        (3, (3, 3)),
        (4, (4, 20)),
        (6, (6, 8)),
        (7, (7, 7)),
        (10, None),
        (11, (11, 17)),
        (12, (12, 12)),
        (14, (14, 17)),
        (16, None),
        (18, (18, 18)),
        (19, (19, 20)),
    ],
)
def test_block_at(line: int, block: tuple[int, int] | None) -> None:
    assert Regions(one(BLOCK).places).block_at(line) == block


@pytest.mark.parametrize(
    ("marker", "inside"), [("#b", True), ("# the first", False), ("# not a", True), ("# above", False)]
)
def test_in_scalar(marker: str, inside: bool) -> None:
    assert Regions(one(BLOCK).places).in_scalar(BLOCK.index(marker)) is inside


JSON = '{"kind": "Pod", "a": [1, {"b": "\\ud83d\\ude00x", "c": null}], "é": {"d": true}}'


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (("kind",), '"kind": "Pod"'),
        (("a",), '"a"'),
        (("a", 0), "1"),
        (("a", 1), '{"b": "\\ud83d\\ude00x", "c": null}'),
        (("a", 1, "b"), '"b": "\\ud83d\\ude00x"'),
        (("a", 1, "c"), '"c": null'),
        (("é", "d"), '"d": true'),
        (("é", "nothing"), '"é"'),
        ((), '"kind": "Pod"'),
    ],
)
def test_json_places(path: Path, shown: str) -> None:
    parsed = one_json(JSON)
    assert covered(parsed, path) == shown
    assert parsed.data == {"kind": "Pod", "a": [1, {"b": "😀x"}], "é": {"d": True}}


@pytest.mark.parametrize(
    ("text", "starts"),
    [("", [0]), ("a", [0]), ("a\nb", [0, 2]), ("a\r\nb\rc\n", [0, 3, 5, 7]), ("\u2028\x85a", [0]), ("\n\r", [0, 1, 2])],
)
def test_lines(text: str, starts: list[int]) -> None:
    lines = Lines(text)
    assert list(lines.starts) == starts
    assert [lines.line(n + 1) for n in range(len(starts))] == [
        text[a:b].rstrip("\r\n") for a, b in zip(starts, [*starts[1:], len(text)], strict=True)
    ]
    assert (lines.line(0), lines.line(len(starts) + 1)) == ("", "")
