"""The language, feature by feature (hcl/hclsyntax/spec.md); HashiCorp's parser takes and refuses the same
(test_parser_oracles.py)."""

from __future__ import annotations

import pytest

from guardrail.hcl.parser import HclError, parse, parse_expression, parse_template
from guardrail.hcl.syntax import Comment, Literal
from tests.hcl.shapes import outline, shape, value

EXPRESSIONS = [
    # literals
    ("1", "1"),
    ("1.50", "1.5"),
    ("1.0", "1"),
    ("1e3", "1000"),
    ("1.5E+2", "150"),
    ("25e-1", "2.5"),
    ("010", "10"),
    ("9007199254740993", "9007199254740993"),
    ("true", "true"),
    ("null", "null"),
    ('""', '""'),
    ('"a b"', '"a b"'),
    (r'"\n\r\t\"\\A\U0001F600"', '"\\n\\r\\t\\"\\\\A😀"'),
    # templates
    ('"${a}"', "<a>"),
    ('"${ a.b }"', "<a.b>"),
    ('"x-${a.b}-${c}"', '<"x-" | a.b | "-" | c>'),
    ('"${"${a}"}"', "<<a>>"),
    ('"${ {a = 1}["a"] }"', '<{"a" = 1}["a"]>'),
    ('"${true}"', "<true>"),
    ('"$${a} %%{if}"', '"${a} %{if}"'),
    ('"$$${a}"', '"$${a}"'),
    ('"a$ %"', '"a$ %"'),
    ('"{}"', '"{}"'),
    (r'"\\${a}"', r'<"\\" | a>'),
    ('"x ${~ a ~} y"', '<"x" | a | "y">'),
    ('"${~ a ~}"', "<a>"),
    ('"${~ a ~} "', '<a | "">'),
    ('"%{ if a }x%{ endif }"', '<if a then "x" end>'),
    ('"%{ if a ~} x %{~ else ~} y %{~ endif }"', '<if a then "x" else "y" end>'),
    ('"%{ for x in a }${x},%{ endfor }"', '<for x in a do x | "," end>'),
    ('"%{ for k, v in a }%{ if v }${k}%{ endif }%{ endfor }"', "<for k,v in a do if v then k end end>"),
    # names and what stands behind them
    ("a.b.c", "a.b.c"),
    ("a . b", "a.b"),
    ("a-b", "a-b"),
    ("ünï.名", "ünï.名"),
    ("a[0]", "a[0]"),
    ('a["x"].b', 'a["x"].b'),
    ("a[b.c]", "a[b.c]"),
    ("a.0", "a.0"),
    ("a.0.b", "a.0.b"),
    ("a[*]", "a[*](*)"),
    ("a[*].b[0].c", "a[*](*.b[0].c)"),
    ("a[*].b[*].c", "a[*](*.b[*](*.c))"),
    ("a.*", "a.*(*)"),
    ("a.*.b.c", "a.*(*.b.c)"),
    ("a.*.b[0]", "a.*(*.b)[0]"),
    ("a.b.for", "a.b.for"),
    ('"x".b', '"x".b'),
    ("[1][0]", "[1][0]"),
    # calls
    ("f()", "f()"),
    ("f (1, a,)", "f(1, a)"),
    ("f(a...)", "f(a...)"),
    ("ns::f(1)", "ns::f(1)"),
    ("provider::aws::arn_parse(a).b", "provider::aws::arn_parse(a).b"),
    # operators
    ("1 + 2 * 3", "(1 + (2 * 3))"),
    ("1 - 2 - 3", "((1 - 2) - 3)"),
    ("1 - -1", "(1 - (-1))"),
    ("a || b && c", "(a || (b && c))"),
    ("a == b != c", "((a == b) != c)"),
    ("a < b == c >= d", "((a < b) == (c >= d))"),
    ("a + b % c / d", "(a + ((b % c) / d))"),
    ("!a && !!b", "((!a) && (!(!b)))"),
    ("-a.b[0]", "(-a.b[0])"),
    ("(a)", "pa"),
    ("(1 + 2) * 3", "(p(1 + 2) * 3)"),
    ("a ? b : c", "(a ? b : c)"),
    ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
    ("a ? b ? 1 : 2 : 3", "(a ? (b ? 1 : 2) : 3)"),
    ("a == 1 ? [] : {}", "((a == 1) ? [] : {})"),
    # collections
    ("[]", "[]"),
    ("[1, a,]", "[1, a]"),
    ("{}", "{}"),
    ("{ a = 1, b : 2, }", '{"a" = 1, "b" = 2}'),
    ('{ "a" = 1, (b) = 2, "${c}" = 3, 4 = 5, true = 6 }', '{"a" = 1, pb = 2, <c> = 3, 4 = 5, "true" = 6}'),
    ("{ a.b = 1 }", "{a.b = 1}"),
    ("{ if = 1, in = 2 }", '{"if" = 1, "in" = 2}'),
    ("[for x in a : x]", "for x in a : x"),
    ("[for i, x in a : i if x != null]", "for i,x in a : i if (x != null)"),
    ("{for k, v in a : k => v}", "for k,v in a : k => v"),
    ("{for k, v in a : v => k... if k}", "for k,v in a : v => k... if k"),
    ("/* one */ 1 /* two */", "1"),
]


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_expressions(text: str, expected: str) -> None:
    assert value(f"a = {text}\n") == expected
    assert shape(parse_expression(text)) == expected


MORE_LINES = [
    ("(\n1\n+\n2\n)", "p(1 + 2)"),
    ("[\n  1, # one\n\n  2\n  # two\n]", "[1, 2]"),
    ("[1\n, 2]", "[1, 2]"),
    ("f(\n  a,\n  b\n)", "f(a, b)"),
    ("f(a, {\n  b = 1\n  c = 2\n})", 'f(a, {"b" = 1, "c" = 2})'),
    ("{\n\n  a = 1 # one\n  /* two */ b = 2\n\n  c = 3,\n  d = 4\n}", '{"a" = 1, "b" = 2, "c" = 3, "d" = 4}'),
    ("{ // none\n}", "{}"),
    ("{\n  a = [\n    1\n  ]\n  b = (\n    2\n  )\n}", '{"a" = [1], "b" = p2}'),
    ("[\n  for x in a :\n  x\n  if x\n]", "for x in a : x if x"),
    ("{ # why\n  for k, v in a : k => v\n}", "for k,v in a : k => v"),
    ("(a\n  ? b\n  : c)", "p(a ? b : c)"),
    ("(a\n  .b)", "pa.b"),
    ('"${\n  a\n}"', "<a>"),
    ("[<<A\nx\nA\n, 1]", '["x\\n", 1]'),
    ("f(<<A\nx\nA\n)", 'f("x\\n")'),
    ("{\n  b = <<A\nx\nA\n  c = 1\n}", '{"b" = "x\\n", "c" = 1}'),
    ("1 /* over\nlines */", "1"),
]


@pytest.mark.parametrize(("text", "expected"), MORE_LINES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_expressions_over_lines(text: str, expected: str, end: str) -> None:
    found = value(f"a = {text}\nb = 1\n".replace("\n", end))
    assert found == expected.replace("x\\n", "x\\r\\n" if end == "\r\n" else "x\\n")


HEREDOCS = [
    ("<<EOT\nx\n  y\nEOT", '"x\\n  y\\n"'),
    ("<<EOT\nEOT", '""'),
    ("<<EOT\nx\n  EOT  ", '"x\\n"'),  # scan_tokens.rl trims the line with the marker
    ("<<EOT\nx\nEOTX\n EOT EOT\nEOT", '"x\\nEOTX\\n EOT EOT\\n"'),
    ("<<A-b_1\nx\nA-b_1", '"x\\n"'),
    ("<<-EOT\n    x\n      y\n   EOT", '"x\\n  y\\n"'),
    ("<<-EOT\n    x\n\n      y\n \n   z\n   EOT", '" x\\n\\n   y\\n \\nz\\n"'),
    ("<<-EOT\n\tx\n\t\ty\nEOT", '"x\\n\\ty\\n"'),
    ("<<-EOT\n  ${a}\n    y\nEOT", '<a | "\\n  y\\n">'),
    ("<<-EOT\n  x\n${a}\nEOT", '<"  x\\n" | a | "\\n">'),
    ('<<EOT\n\\n "q" $${x} %%{y} $ %\nEOT', '"\\\\n \\"q\\" ${x} %{y} $ %\\n"'),
    ("<<EOT\n${a}EOT\nEOT", '<a | "EOT\\n">'),
    ("<<EOT\n${\nEOT\n}\nEOT", '<EOT | "\\n">'),
    ("<<A\n${<<B\nx\nB\n}\nA", '<"x\\n" | "\\n">'),
    ("<<EOT\n  ${~ a ~}  \n  x\nEOT", '<a | "  x\\n">'),  # a strip marker reaches to the end of its line
    ("<<EOT\n  ${~ a ~}\nEOT", '<"" | a>'),  # a string in any case
    ("<<EOT\n%{ for x in a ~}\n- ${x}\n%{ endfor ~}\nEOT", '<for x in a do "- " | x | "\\n" end>'),
    ("<<EOT\n%{ if a ~}\ny\n%{ else ~}\nn\n%{ endif ~}\nEOT", '<if a then "y\\n" else "n\\n" end>'),
]


@pytest.mark.parametrize(("text", "expected"), HEREDOCS)
def test_heredocs(text: str, expected: str) -> None:
    assert value(f"a = {text}\nb = 1\n") == expected


BODIES = [
    ("", {}),
    ("\n\n# only\n", {}),
    ("a = 1", {"a": "1"}),
    ("a=1\nb= 2\n c =3\n", {"a": "1", "b": "2", "c": "3"}),
    ("a {}\n", {"a {}": [{}]}),
    ("a {\n}\n", {"a {}": [{}]}),
    ("a { b = 1 }\n", {"a {}": [{"b": "1"}]}),
    ('a "b" c {\n  d = 1\n}\n', {"a b c {}": [{"d": "1"}]}),
    ('a "x y" {}\na "$${z}" {}\n', {"a x y {}": [{}], "a ${z} {}": [{}]}),
    ("a {\n  b {\n    c = 1\n  }\n  b {\n  }\n}\n", {"a {}": [{"b {}": [{"c": "1"}, {}]}]}),
    ("a = 1\na {\n}\n", {"a": "1", "a {}": [{}]}),
    ("for = 1\nif {\n  in = 2\n}\nnull = 3\n", {"for": "1", "if {}": [{"in": "2"}], "null": "3"}),
    ("a { # why\n  b = 1 // how\n} /* end */\n", {"a {}": [{"b": "1"}]}),
    ("\ufeffa = 1\n", {"a": "1"}),
    ("a {\r\n  b = 1\r\n}\r\n", {"a {}": [{"b": "1"}]}),
    ("é = 1\n", {"é": "1"}),
]


@pytest.mark.parametrize(("text", "expected"), BODIES)
def test_bodies(text: str, expected: dict[str, object]) -> None:
    file = parse(text)
    assert not file.faults
    assert outline(file.body) == expected


def test_places() -> None:
    text = '# c\nresource "x" "y" {\n  name = "a-${var.b}" // d\n  sub {\n    k = [1, f(z)]\n  }\n}\n'
    file = parse(text)
    (block,) = file.body.blocks
    assert text[block.start : block.header_end] == 'resource "x" "y"'
    assert text[block.start : block.end] == text[4:-1]
    assert text[block.body.start : block.body.end] == text[text.index("{") + 1 : -2]
    name = block.body.attributes["name"]
    assert text[name.start : name.name_end] == "name"
    assert text[name.start : name.end] == 'name = "a-${var.b}"'
    assert [text[p.start : p.end] for p in name.value.parts] == ["a-", "var.b"]  # type: ignore[union-attr]
    assert text[name.value.parts[1].base.start : name.value.parts[1].base.end] == "var"  # type: ignore[union-attr]
    (sub,) = block.body.blocks
    one, call = sub.body.attributes["k"].value.items  # type: ignore[union-attr]
    assert (text[one.start : one.end], text[call.start : call.end]) == ("1", "f(z)")
    assert file.comments == (Comment("# c", 0, 3), Comment("// d", text.index("//"), text.index("//") + 4))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("-a.b + 1", ["-a.b + 1", "-a.b", "a.b", "a", "1"]),
        ("a[*].b[0]", ["a[*].b[0]", "a", "*].b[0]", "*].b", "*", "0"]),
        ("a.*.b[0]", ["a.*.b[0]", "a.*.b", "a", "*.b", "*", "0"]),
        ("a.*", ["a.*", "a", "*"]),
        ("a[*]", ["a[*]", "a", "*"]),
        ("a ? (b) : [c]", ["a ? (b) : [c]", "a", "(b)", "b", "[c]", "c"]),
        ("{a = b, (c) = d}", ["{a = b, (c) = d}", "a", "b", "(c)", "c", "d"]),
        ("{for k, v in a : k => v if c}", ["{for k, v in a : k => v if c}", "a", "k", "v", "c"]),
        (
            '"x${ a }%{ if b }y%{ endif }"',
            ['"x${ a }%{ if b }y%{ endif }"', "x", "a", "%{ if b }y%{ endif }", "b", "y"],
        ),
        ("a.b.0.c", ["a.b.0.c", "a.b.0", "a.b", "a"]),
    ],
)
def test_places_of_expressions(text: str, written: list[str]) -> None:
    from guardrail.hcl.syntax import children

    found = []
    waiting = [parse_expression(text)]
    while waiting:
        node = waiting.pop(0)
        found.append(text[node.start : node.end])
        waiting[:0] = children(node)
    assert found == written


def test_comments_of_all_kinds_and_places() -> None:
    text = 'a = [ # one\r\n  1, /* two */\n  "${ /* three */ b }" // four\n]\n/* five\n*/ c = "# no" # six'
    assert [c.text for c in parse(text).comments] == [
        "# one",
        "/* two */",
        "/* three */",
        "// four",
        "/* five\n*/",
        "# six",
    ]


def test_one_expression_at_an_offset() -> None:
    node = parse_expression(" a.b", 10)
    assert (node.start, node.end) == (11, 14)
    with pytest.raises(HclError, match="behind the end") as caught:
        parse_expression("a b", 10)
    assert caught.value.offset == 12


def test_templates_without_quotes() -> None:
    assert shape(parse_template('a "${b}"\n$${c}')) == '<"a \\"" | b | "\\"\\n${c}">'
    assert parse_template("plain") == Literal("plain", 0, 5)
    assert parse_template("") == Literal("", 0, 0)
    node = parse_template("x${y}", 7)
    assert (node.start, node.end, node.parts[1].start) == (7, 12, 10)  # type: ignore[union-attr]
    with pytest.raises(HclError):
        parse_template("${a")
