"""What is wrong is told where it is, and costs no more than the block around it."""

from __future__ import annotations

import pytest

from guardrail.hcl.parser import HclError, parse, parse_expression
from tests.hcl.shapes import outline, shape

REFUSED = [
    ("a = ", 4, "missing"),
    ("a = [1 2]", 7, "','"),
    ("a = [,]", 5, "','"),
    ("a = {a = 1 b = 2}", 11, "','"),
    ("a = {a = 1\n, b = 2}", 11, "','"),
    ("a = {b}", 6, "'='"),
    ("a = {for = 1}", 5, "in quotes"),
    ("a = [for]", 8, "variable"),
    ("a = [for x in y : x...]", 19, "']'"),
    ("a = {for x in y : x}", 19, "'=>'"),
    ("a = {for k, v, w in y : k => v}", 13, "`in`"),
    ("a = f(1...,)", 10, "','"),
    ("a = ()", 5, "')'"),
    ("a = b[]", 6, "']'"),
    ('a = b."c"', 6, "attribute"),
    ("a = b.(c)", 6, "attribute"),
    ("a = b ? c", 9, "other case"),
    ("a = 1 +\n 2", 7, "missing"),
    ("a = true ? 1\n : 2", 12, "other case"),
    ("a = 1.2.3", 4, "not a number"),
    ("a = 1..2", 4, "not a number"),
    ("a = 1e5e5", 4, "not a number"),
    ("a = 0x10", 5, "new line"),
    ("a = .5", 4, "'.'"),
    ("a = 1 b = 2", 6, "new line"),
    ("a {} b {}", 5, "new line"),
    ("a = 'x'", 4, 'no "\'"'),
    ("a = 1 & 2", 6, "no '&'"),
    ("a = 1;", 5, "no ';'"),
    ("a\r = 1", 1, "no '\\r'"),
    ("a = 1\u00a0", 5, "not a name"),
    ("a = \u201cx\u201d", 4, "not a name"),
    ("a = a\u00b2", 4, "not a name"),
    ('a = "x', 4, "not closed"),
    ('a = "x\ny"', 4, "not closed"),
    ('a = "${b', 8, "'}'"),
    ('a = "${b c}"', 9, "'}'"),
    ('a = "${}"', 7, "'}'"),
    ('a = "%{ if b }"', 5, "no `endif`"),
    ('a = "%{ endif }"', 5, "nothing that this `endif`"),
    ('a = "%{ if b }%{ else }%{ else }%{ endif }"', 23, "nothing that this `else`"),
    ('a = "%{ for b in c }%{ else }%{ endfor }"', 20, "nothing that this `else`"),
    ('a = "%{ if b }%{ endfor }"', 14, "nothing that this `endfor`"),
    ('a = "%{ b }"', 8, "no directive `b`"),
    ('a = "${ {b = 1 ~} }"', 15, "`~}`"),
    ("a = <<EOT\nx\n", 4, "no line EOT"),
    ("a = << EOT\nx\nEOT", 4, "'<'"),
    ("a = <<EOT  \nx\nEOT", 4, "'<'"),
    ("a = <<9\n9", 4, "'<'"),
    ("a = 1 /* x", 6, "not closed"),
    ("a {", 3, "not closed"),
    ("a {\n b = 1\n", 11, "not closed"),
    ("}", 0, "attribute or a block"),
    ("a", 1, "'='"),
    ("a\n{}", 1, "'='"),
    ("a : 1", 2, "'='"),
    ("a.b = 1", 0, "attribute or a block"),
    ('"a" = 1', 0, "attribute or a block"),
    ('a "${b}" {}', 2, "interpolation"),
    ("a 1 {}", 2, "'='"),
    ("a = [", 5, "missing"),
    ("a = 1e99999", 4, "not a number"),
]


@pytest.mark.parametrize(("text", "offset", "message"), REFUSED, ids=[text for text, _, _ in REFUSED])
def test_what_terraform_refuses(text: str, offset: int, message: str) -> None:
    file = parse(text)
    (fault,) = [f for f in file.faults if f.fatal]
    assert (fault.code, fault.offset) == ("syntax", offset)
    assert message.replace("no line", "by a line") in fault.message
    assert outline(file.body) == {}
    assert file.lost == ((0, len(text)),)


READ_ALL_THE_SAME = [
    ("a = 1\na = 2\n", "duplicate-attribute", 6, {"a": "1"}),
    ("b {\n a = 1\n a = 2\n}\n", "duplicate-attribute", 12, {"b {}": [{"a": "1"}]}),
    (r'a = "x\q"', "bad-escape", 6, {"a": r'"x\\q"'}),
    (r'a = "\u12"', "bad-escape", 5, {"a": r'"\\u12"'}),
    (r'a = "\ud800"', "bad-escape", 5, {"a": r'"\\ud800"'}),
    (r'a = "${b}\d"', "bad-escape", 9, {"a": r'<b | "\\d">'}),
    (r'a "\d" {}', "bad-escape", 3, {r"a \d {}": [{}]}),
    ("a { b {} }", "syntax", 3, {"a {}": [{"b {}": [{}]}]}),
    ("a { b = 1\n}", "syntax", 9, {"a {}": [{"b": "1"}]}),
    ("a {\n b = 1 }", "syntax", 11, {"a {}": [{"b": "1"}]}),
    ("a = b.0.1", "syntax", 6, {"a": "b.0.1"}),
    ("a = b.*.c.*.d", "syntax", 9, {"a": "b.*(*.c).*(*.d)"}),
]


@pytest.mark.parametrize(("text", "code", "offset", "expected"), READ_ALL_THE_SAME)
def test_faults_that_reading_survives(text: str, code: str, offset: int, expected: dict[str, object]) -> None:
    file = parse(text)
    assert [(f.code, f.offset, f.fatal) for f in file.faults] == [(code, offset, False)]
    assert outline(file.body) == expected
    assert file.lost == ()


GOOD = 'resource "x" "good" {\n  a = 1\n}\n'
BROKEN = [
    'resource "x" "bad" {\n  a = \n}\n',
    'resource "x" "bad" {\n  a = [1, 2\n}\n',
    'resource "x" "bad" {\n  a = "unclosed\n  b = 1\n}\n',
    'resource "x" "bad" {\n  a = "${unclosed"\n}\n',
    'resource "x" "bad" {\n  sub {\n    a = 1\n  # forgotten\n}\n',
    'resource "x" "bad" {\n  a = 1\n\n',
    "}\n",
    'resource "x" "bad"\n{\n  a = 1\n}\n',
    'resource "x" bad" {\n  a = 1\n}\n',
    "resource \"x\" 'bad' {\n  a = 1\n}\n",
    'resource "x" "bad" {\n  a = <<EOT\n    text\n}\n',
    'resource "x" "bad" {\n  a = 1 /* never\n}\n',
    "<<<<<<< HEAD\n",
    "=======\n",
    "text of a person, with (brackets\n",
    '"\n',
    'a = "${\n',
]


@pytest.mark.parametrize("broken", BROKEN)
def test_the_blocks_around_a_broken_one_are_read(broken: str) -> None:
    text = GOOD + broken + GOOD.replace("good", "other")
    file = parse(text)
    assert outline(file.body) == {"resource x good {}": [{"a": "1"}], "resource x other {}": [{"a": "1"}]}
    assert all(f.fatal for f in file.faults)
    assert 1 <= len(file.faults) == len(file.lost) <= 2
    at = len(GOOD)
    assert all(at <= start < end <= at + len(broken) for start, end in file.lost)


def test_one_missing_brace_does_not_lose_the_file() -> None:
    blocks = [f'resource "x" "r{i}" {{\n  a = {i}\n}}\n' for i in range(9)]
    blocks[4] = blocks[4].replace("}\n", "")
    file = parse("".join(blocks))
    assert [b.labels[1] for b in file.body.blocks] == [f"r{i}" for i in range(9) if i != 4]


def test_attributes_of_the_top_level_go_on_at_the_next_one() -> None:
    file = parse('a = 1\nb = [\nc = "x"\nd = {\n  e = 1\n}\n')
    assert outline(file.body) == {"a": "1", "c": '"x"', "d": '{"e" = 1}'}


def test_lines_of_a_heredoc_are_no_landmarks() -> None:
    heredoc = 'resource "x" "y" {\n  a = 1 2\n  b = <<EOT\nresource "no" "block" {\n}\nEOT\n}\n'
    file = parse(heredoc + GOOD)
    assert outline(file.body) == {"resource x good {}": [{"a": "1"}]}
    assert file.lost == ((0, len(heredoc)),)


def test_comments_of_what_is_lost_are_kept() -> None:
    text = '# one\na {\n  b = # two\n  c = "# no" /* three */\n} // four\n' + GOOD + "# five\n"
    file = parse(text)
    assert [c.text for c in file.comments] == ["# one", "# two", "/* three */", "// four", "# five"]


def test_faults_within_what_is_lost_are_not_told_as_well() -> None:
    file = parse('a {\n  b = "\\q"\n  b = 1\n  c = \n}\n')
    assert [(f.code, f.fatal) for f in file.faults] == [("syntax", True)]


def test_a_file_of_conflict_marks() -> None:
    text = f'{GOOD}resource "x" "y" {{\n<<<<<<< HEAD\n  a = 1\n=======\n  a = 2\n>>>>>>> other\n}}\n{GOOD}'
    file = parse(text)
    assert len(file.body.blocks) == 2
    assert text[file.faults[0].offset :].startswith("<<<<<<<")


def test_an_expression_that_is_broken_raises() -> None:
    for text in ("", "a b", "[1", '"${"', "a +"):
        with pytest.raises(HclError):
            parse_expression(text)


def test_json_of_a_person_is_no_configuration() -> None:
    file = parse('{"resource": {"a": {}}}\n')
    assert file.lost == ((0, 24),)
    assert outline(file.body) == {}


def test_a_broken_directive_names_the_innermost() -> None:
    with pytest.raises(HclError, match="This `for` has no `endfor`"):
        parse_expression('"%{ if a }%{ for x in a }"')
    with pytest.raises(HclError, match="This `if` has no `endif`"):
        parse_expression('"%{ if a }%{ else }"')
    assert shape(parse_expression('"%{ if a }%{ else }%{ endif }"')) == "<if a then  end>"
