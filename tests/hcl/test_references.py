"""What expressions refer to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.hcl.cursor import HclError
from guardrail.hcl.modules import Module, Source, build
from guardrail.hcl.parser import parse, parse_expression
from guardrail.hcl.references import places, references


def module(text: str) -> Module:
    return build("", [Source("main.tf", parse(text))])


def targets(text: str) -> list[str]:
    return sorted(r.target for r in references(parse_expression(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var.x", ["var.x"]),
        ('var["x"]', ["var.x"]),
        ("aws_vpc.main.id", ["aws_vpc.main"]),
        ("aws_vpc.main[0].id", ["aws_vpc.main"]),
        ("aws_vpc.main.0.id", ["aws_vpc.main"]),
        ("aws_vpc.main[*].id", ["aws_vpc.main"]),
        ("aws_vpc.main.*.id", ["aws_vpc.main"]),
        ("data.aws_vpc.main.id", ["data.aws_vpc.main"]),
        ("module.a[each.key].b", ["each.key", "module.a"]),
        ("local.a[var.i][var.j].c", ["local.a", "var.i", "var.j"]),
        ('"${var.a}-${upper(local.b)}"', ["local.b", "var.a"]),
        ('"%{ if var.a }${local.b}%{ else }c%{ endif }"', ["local.b", "var.a"]),
        ('"%{ for x in var.a }${x}${y}%{ endfor }"', ["var.a", "y"]),
        ("[for a in var.a : a.b if a.c]", ["var.a"]),
        ("{for k, v in a.b : k => v.c...}", ["a.b"]),
        ("[for a in a.b : [for b in a.c : [a, b, var.z]]]", ["a.b", "var.z"]),
        ("f(var.a)[var.b]", ["var.a", "var.b"]),
        ("(var.a).b", ["var.a"]),
        ("{ a = b.c, (d.e) = 1, f = 2 }", ["b.c", "d.e"]),
        ("a.b ? !c.d : -e.f", ["a.b", "c.d", "e.f"]),
        ("true", []),
        ("foo", ["foo"]),
    ],
)
def test_targets(text: str, expected: list[str]) -> None:
    assert targets(text) == expected


def test_positions_and_calls() -> None:
    text = "upper(sha256(aws_x.a[0].b))"
    (found,) = references(parse_expression(text))
    assert text[found.start : found.end] == "aws_x.a[0].b"
    assert found.steps == ("a", "b")
    assert found.calls == ("upper", "sha256")


def test_steps_of_a_splat() -> None:
    (found,) = references(parse_expression("random_password.x[*].result"))
    assert found.steps == ("x", "result")


TEXT = """
variable "a" {
  type    = object({ b = string })
  default = 1
  validation {
    condition     = var.a != var.z
    error_message = "no"
  }
}
terraform {
  backend "s3" {
    bucket = nothing
  }
}
resource "aws_x" "y" {
  provider   = aws.west
  depends_on = [module.m]
  name       = local.n
  dynamic "rule" {
    for_each = rule.outside
    iterator = it
    labels   = [it.key]
    content {
      port = it.value
      dynamic "inner" {
        for_each = it.value.list
        content {
          a = inner.value
          b = it.key
          c = rule.c
        }
      }
    }
  }
  lifecycle {
    ignore_changes       = [tags]
    replace_triggered_by = [aws_z.z.id]
  }
}
module "m" {
  source    = "./m"
  providers = { aws = aws.west }
}
moved {
  from = aws_gone.x
  to   = aws_x.y
}
import {
  to = aws_x.y
  id = var.id
}
"""


def test_places() -> None:
    found = [r.target for p in places(module(TEXT)) for r in references(p.attribute.value, p.bound)]
    wanted = "var.a var.z module.m local.n rule.outside rule.c aws_z.z var.id"
    assert sorted(found) == sorted(wanted.split())


@given(st.text(alphabet="ab.[]*(){}\"$,:=?! \n0'for in", max_size=60))
def test_any_expression(text: str) -> None:
    try:
        node = parse_expression(text)
    except HclError:
        return
    for found in references(node):
        assert 0 <= found.start < found.end <= len(text)


def test_long_chains_and_many_terms() -> None:
    assert targets("a" + ".b" * 150) == ["a.b"]
    assert len(targets(f"[{', '.join(['a.b'] * 3_000)}]")) == 3_000
