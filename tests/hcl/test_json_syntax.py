"""Terraform's JSON configuration syntax (developer.hashicorp.com/terraform/language/syntax/json)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.hcl.json_syntax import parse_json, parse_json_values
from guardrail.hcl.parser import parse
from guardrail.hcl.syntax import File, Literal
from tests.hcl.shapes import outline
from tests.hcl.test_parser_round_trip import check_body, check_node


def read(data: object) -> dict[str, object]:
    file = parse_json(json.dumps(data))
    assert not file.faults
    return outline(file.body)


SAME = [
    # the examples of the documentation, each with its native form
    ({"variable": {"example": {"default": "hello"}}}, 'variable "example" {\n default = "hello"\n}'),
    (
        {"resource": {"aws_instance": {"example": {"instance_type": "t2.micro", "ami": "ami-abc123"}}}},
        'resource "aws_instance" "example" {\n instance_type = "t2.micro"\n ami = "ami-abc123"\n}',
    ),
    ({"output": {"e": {"value": "${aws_instance.example}"}}}, 'output "e" {\n value = "${aws_instance.example}"\n}'),
    (
        {"resource": {"aws_instance": {"e": {"lifecycle": {"create_before_destroy": True}}}}},
        'resource "aws_instance" "e" {\n lifecycle {\n  create_before_destroy = true\n }\n}',
    ),
    (
        {"resource": {"a": {"b": {"provisioner": [{"local-exec": {"command": "x"}}, {"file": {"source": "y"}}]}}}},
        'resource "a" "b" {\n provisioner "local-exec" {\n  command = "x"\n }\n'
        ' provisioner "file" {\n  source = "y"\n }\n}',
    ),
    (
        {"resource": {"a": {"b": {"provider": "aws.foo", "depends_on": ["aws_instance.example"]}}}},
        'resource "a" "b" {\n provider = aws.foo\n depends_on = [aws_instance.example]\n}',
    ),
    (
        {"resource": {"a": {"b": {"lifecycle": {"ignore_changes": "all"}}}}},
        'resource "a" "b" {\n lifecycle {\n  ignore_changes = all\n }\n}',
    ),
    (
        {"resource": {"a": {"b": {"lifecycle": {"ignore_changes": ["ami", "tags[0].x"]}}}}},
        'resource "a" "b" {\n lifecycle {\n  ignore_changes = [ami, tags[0].x]\n }\n}',
    ),
    ({"locals": {"greeting": "Hello, ${var.name}"}}, 'locals {\n greeting = "Hello, ${var.name}"\n}'),
    (
        {
            "module": {
                "e": {"source": "h/c/a", "version": "= 1.0.0", "providers": {"aws": "aws.usw1"}, "tags": {"a": 1}}
            }
        },
        'module "e" {\n source = "h/c/a"\n version = "= 1.0.0"\n providers = { aws = aws.usw1 }\n tags = { a = 1 }\n}',
    ),
    (
        {"provider": {"aws": [{"region": "us-east-1"}, {"alias": "usw1", "region": "us-west-1"}]}},
        'provider "aws" {\n region = "us-east-1"\n}\nprovider "aws" {\n alias = "usw1"\n region = "us-west-1"\n}',
    ),
    (
        {
            "terraform": {
                "required_version": ">= 0.12.0",
                "backend": {"s3": {"region": "us-west-2", "assume_role": {"role_arn": "$${x}"}}},
                "required_providers": {"aws": {"source": "hashicorp/aws"}},
                "cloud": {"workspaces": {"tags": ["a"]}},
            }
        },
        'terraform {\n required_version = ">= 0.12.0"\n backend "s3" {\n  region = "us-west-2"\n'
        '  assume_role = { role_arn = "$$${x}" }\n }\n required_providers {\n'
        '  aws = { source = "hashicorp/aws" }\n }\n cloud {\n  workspaces {\n   tags = ["a"]\n  }\n }\n}',
    ),
    # expressions
    (
        {"locals": {"a": [1, -2.5, 1e3, True, None, {"b": "%{if c}d%{endif}", "${e}": "f"}], "g": '"\\\n\t\u00e9😀'}},
        'locals {\n a = [1, -2.5, 1000, true, null, { b = "%{if c}d%{endif}", "${e}" = "f" }]\n'
        ' g = "\\"\\\\\\n\\t\u00e9😀"\n}',
    ),
    # what is read as it stands
    ({"variable": {"a": {"default": "${b}", "type": "list(object({ c = string }))"}}}, None),
    # nested blocks of providers, dynamic ones, several of them
    (
        {
            "resource": {
                "a": {"b": {"ingress": [{"p": 1}, {"p": 2}], "rule": {"apply": {"k": "v"}}, "tags": {"x": "y"}}}
            }
        },
        'resource "a" "b" {\n ingress {\n  p = 1\n }\n ingress {\n  p = 2\n }\n'
        ' rule {\n  apply {\n   k = "v"\n  }\n }\n tags = { x = "y" }\n}',
    ),
    (
        {
            "resource": {
                "a": {
                    "b": {"dynamic": {"s": {"for_each": "${var.l}", "iterator": "i", "content": {"v": "${i.value}"}}}}
                }
            }
        },
        'resource "a" "b" {\n dynamic "s" {\n  for_each = "${var.l}"\n  iterator = i\n'
        '  content {\n   v = "${i.value}"\n  }\n }\n}',
    ),
    ({"resource": [{"a": [{"b": [{"c": 1}]}]}]}, 'resource "a" "b" {\n c = 1\n}'),
    (
        [{"locals": {"a": 1}}, {"locals": [{"b": 2}, {"c": 3}]}],
        "locals {\n a = 1\n}\nlocals {\n b = 2\n}\nlocals {\n c = 3\n}",
    ),
    ({"locals": None}, ""),
    ({"moved": {"from": "a.b", "to": "a.c[0]"}}, "moved {\n from = a.b\n to = a.c[0]\n}"),
    (
        {"removed": {"from": "a.b", "lifecycle": {"destroy": False}}},
        "removed {\n from = a.b\n lifecycle {\n  destroy = false\n }\n}",
    ),
    (
        {"check": {"c": {"data": {"a": {"b": {"d": 1}}}, "assert": {"condition": "${x}"}}}},
        'check "c" {\n data "a" "b" {\n  d = 1\n }\n assert {\n  condition = "${x}"\n }\n}',
    ),
]


@pytest.mark.parametrize(("data", "native"), SAME, ids=[json.dumps(d)[:60] for d, _ in SAME])
def test_the_same_as_native(data: object, native: str | None) -> None:
    if native is None:
        native = 'variable "a" {\n default = "$${b}"\n type = list(object({ c = string }))\n}'
    expected = parse(native + "\n")
    assert not expected.faults
    assert ordered(read(data)) == ordered(negated(outline(expected.body)))


def ordered(data: Any) -> Any:
    return sorted(data.items(), key=str) if isinstance(data, dict) else data


def negated(data: dict[str, object]) -> dict[str, object]:
    """JSON has numbers with a sign."""
    return json.loads(json.dumps(data).replace("(-2.5)", "-2.5"))  # type: ignore[no-any-return]


def test_comments_are_no_attributes_but_heard() -> None:
    resource = '{"a": {"b": {"//": "why", "c": {"//": "in a value"}}}}'
    text = f'{{"//": "made by a program", "resource": {resource}, "locals": {{"//": 1}}}}'
    file = parse_json(text)
    assert outline(file.body) == {"resource a b {}": [{"c {}": [{}]}], "locals {}": [{}]}
    assert [(c.text, text[c.start : c.end]) for c in file.comments] == [
        ("// made by a program", '"made by a program"'),
        ("// why", '"why"'),
        ("// in a value", '"in a value"'),
    ]
    assert read({"locals": {"a": {"//": "part of a value"}}}) == {"locals {}": [{"a": '{"//" = "part of a value"}'}]}


def test_places() -> None:
    text = (
        '{\n  "resource": {"a": {"b": {\n    "name": "x-\\u0041\\n${var.c}",\n    "sub": [{"k": 1}, {"k": 2}]\n  }}}\n}'
    )
    file = parse_json(text)
    (block,) = file.body.blocks
    assert text[block.start : block.header_end] == '"b"'
    assert text[block.end - 1] == "}"
    name = block.body.attributes["name"]
    assert text[name.start : name.name_end] == '"name"'
    assert text[name.value.start : name.value.end] == '"x-\\u0041\\n${var.c}"'
    literal, reference = name.value.parts  # type: ignore[union-attr]
    assert (literal.value, text[literal.start]) == ("x-A\n", "x")
    assert text[reference.start : reference.end] == "var.c"
    first, second = block.body.blocks
    assert text[first.start : first.header_end] == '"sub"'
    assert (text[second.start : second.header_end], text[second.start : second.end]) == ("{", '{"k": 2}')


BROKEN = [
    ("", 0),
    ("{", 1),
    ('{"a"', 4),
    ('{"a": }', 6),
    ('{"a": 1,}', 8),
    ('{"a": [1,]}', 9),
    ('{"a": [1 2]}', 9),
    ("{'a': 1}", 1),
    ('{"a": 1} x', 9),
    ('{"a": "\n"}', 6),
    ('{"a": "\\x"}', 6),
    ('{"a": 01}', 7),
    ('{"a": .5}', 6),
    ('{"a": nul}', 6),
    ('{"a": 1e99999}', 6),
    ("{a: 1}", 1),
    ('{"a": 1 // no\n}', 8),
    ('"text"', 0),
    ("1", 0),
]


@pytest.mark.parametrize(("text", "offset"), BROKEN)
def test_what_is_no_json_is_told(text: str, offset: int) -> None:
    file = parse_json(text)
    assert [(f.code, f.offset, f.fatal) for f in file.faults] == [("syntax", offset, True)]
    assert file.lost == ((0, len(text)),)
    assert outline(file.body) == {}


def test_one_bad_block_does_not_lose_the_file() -> None:
    text = '{"locals": {"a": 1}, "resource": {"x": {"y": 5}}, "module": {"m": {"source": "./m"}}}'
    file = parse_json(text)
    assert outline(file.body) == {"locals {}": [{"a": "1"}], "module m {}": [{"source": '"./m"'}]}
    assert [text[f.offset] for f in file.faults] == ["5"]
    assert [text[start:end] for start, end in file.lost] == ['"resource": {"x": {"y": 5}}']


def test_faults_of_templates_and_keys() -> None:
    text = '{"locals": {"a": "x ${b", "c": "${\\"\\\\q\\"}", "a": 2}}'
    file = parse_json(text)
    assert outline(file.body) == {"locals {}": [{"a": '"x ${b"', "c": '<"\\\\q">'}]}
    assert [f.code for f in file.faults] == ["syntax", "bad-escape", "duplicate-attribute"]
    assert not any(f.fatal for f in file.faults)
    assert text.index('"c"') < file.faults[1].offset < text.rindex('"a"')


def test_values_of_variables() -> None:
    file = parse_json_values('{"a": "${b}", "c": {"d": [1]}, "resource": {"e": null}, "//": "no"}')
    assert outline(file.body) == {"a": '"${b}"', "c": '{"d" = [1]}', "resource": '{"e" = null}'}


@pytest.mark.parametrize("opening", ["[", '{"a": ', '{"resource": '])
def test_depth_is_limited(opening: str) -> None:
    assert [f.code for f in parse_json(opening * 5_000).faults] == ["too-deep"]


def test_a_large_file_is_read() -> None:
    data = {"resource": {"aws_x": {f"r{i}": {"name": f"n-${{var.v}}-{i}", "tags": {"a": "b"}} for i in range(5_000)}}}
    assert len(parse_json(json.dumps(data)).body.blocks) == 5_000


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_values_come_back(data: object, ascii_only: bool) -> None:
    text = json.dumps({"a": data}, ensure_ascii=ascii_only)
    file = parse_json_values(text)
    assert not file.faults
    assert plain(file.body.attributes["a"].value) == json.loads(text)["a"]
    check(file, text)


@given(
    st.one_of(
        st.text(max_size=40),
        VALUES.map(json.dumps),
        st.lists(st.sampled_from([*'{}[]:,"\\u1 -.e', '"a"', '"resource"', '"//"', "null", '"${'])).map("".join),
    )
)
def test_any_text_gives_a_tree(text: str) -> None:
    check(parse_json(text), text)


def plain(node: Any) -> object:
    if isinstance(node, Literal):
        return node.value
    if hasattr(node, "items"):
        return [plain(item) for item in node.items]
    return {plain(k): plain(v) for k, v in node.entries}


def check(file: File, text: str) -> None:
    check_body(file.body, 0, len(text)) if not file.body.attributes else [
        check_node(a.value, a.name_end, len(text)) for a in file.body.attributes.values()
    ]
    assert bool(file.lost) == any(f.fatal for f in file.faults)
