# ruff: noqa: E501 (a case in a line reads better than in five)
"""Configurations made to hang or exhaust a scanner: bounded, and what lies beyond the bound is told, never passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.catalog.load import Catalog
from tests.terraform.judging import catalog, judged, verdict, write

AZ = "test-multi-az"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return catalog(tmp_path_factory.mktemp("policies"))


def database(value: str, more: str = "") -> str:
    return f'{more}resource "aws_db_instance" "m" {{\n  multi_az = {value}\n}}\n'


def doubling(start: str, step: str) -> str:
    steps = "".join(f"  s{i} = {step.format(f'local.s{i - 1}', f'local.s{i - 1}')}\n" for i in range(1, 60))
    return f"locals {{\n  s0 = {start}\n{steps}}}\n"


CALL = 'module "x{}" {{\n  source = "{}"\n{}}}\n'
NESTED = """resource "aws_db_instance" "m" {
  multi_az = false
  dynamic "a" {
    for_each = range(1000)
    content {
      dynamic "b" {
        for_each = range(1000)
        content {
          x = b.value
        }
      }
    }
  }
}
"""

CASES = {
    "for_each over a million": (
        {"main.tf": 'resource "aws_db_instance" "m" {\n  for_each = toset([for i in range(1000000) : i])\n}\n'},
        "fail",
    ),
    "count of a million": ({"main.tf": 'resource "aws_db_instance" "m" {\n  count = 1000000\n}\n'}, "fail, problem"),
    "lists of lists of lists": (
        {"main.tf": database("length([for i in range(1000) : [for j in range(1000) : [for k in range(1000) : k]]]) > 1")},
        "unknown",
    ),
    "a text that doubles": ({"main.tf": database("length(local.s59) > 1", doubling('"xx"', '"${{{}}}${{{}}}"'))}, "unknown"),
    "a list that doubles": ({"main.tf": database("length(local.s59) > 1", doubling("[1]", "concat({}, {})"))}, "unknown"),
    "a text of a million characters": ({"main.tf": database(f'length("{"x" * 1_000_000}") > 1')}, "pass"),
    "a map of 20,000 entries": (
        {"main.tf": database("length(local.m) == 20000", "locals {\n  m = {\n" + "".join(f"    k{i} = {i}\n" for i in range(20_000)) + "  }\n}\n")},
        "pass",
    ),
    "a heredoc without end": ({"main.tf": database("false") + "locals {\n  s = <<EOT\n" + "x\n" * 50_000}, "fail, problem"),
    "locals that lead to each other": ({"main.tf": database("local.a", "locals {\n  a = local.b\n  b = local.a\n}\n")}, "unknown"),
    "a chain of 5,000 locals": (
        {"main.tf": database("local.s4999", "locals {\n  s0 = true\n" + "".join(f"  s{i} = local.s{i - 1}\n" for i in range(1, 5000)) + "}\n")},
        "unknown",
    ),
    "a module that calls itself": ({"main.tf": CALL.format(0, "./", "") + CALL.format(1, "./", "") + database("false")}, "fail"),
    "outputs that lead to each other": (
        {
            "main.tf": CALL.format(0, "./m", "  a = module.x0.a\n") + database("module.x0.a"),
            "m/main.tf": 'variable "a" {\n}\noutput "a" {\n  value = var.a\n}\n',
        },
        "unknown",
    ),
    "modules that multiply": (
        {f"m{i}/main.tf": "".join(CALL.format(k, f"../m{i + 1}", "") for k in range(10)) for i in range(7)}
        | {"m7/main.tf": database("false")},
        "fail, problem",
    ),
    "blocks that multiply": ({"main.tf": NESTED}, "fail"),
    "more questions than are asked": (
        {
            "main.tf": "".join(f'variable "v{i}" {{\n  type = bool\n}}\n' for i in range(40))
            + database(" && ".join(f"(var.v{i} ? true : false)" for i in range(40)))
        },
        "unknown",
    ),
    "brackets within brackets": ({"main.tf": "locals {\n  a = " + "[" * 5000 + "]" * 5000 + "\n}\n" + database("false")}, "fail, problem"),
    "a power": ({"main.tf": database("pow(10, 1000000) > 1")}, "unknown"),
    "a product of sets": ({"main.tf": database("length(setproduct(range(1000), range(1000), range(1000))) > 1")}, "unknown"),
    "a width of a billion": ({"main.tf": database('length(format("%1000000000d", 1)) > 1')}, "unknown"),
    "a pattern that backtracks": ({"main.tf": database(f'!can(regex("(a+)+$", "{"a" * 5000}b"))')}, "pass"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_ends(name: str, tmp_path: Path, known: Catalog) -> None:
    files, expected = CASES[name]
    write(tmp_path, files)
    report = judged(tmp_path, known, AZ)
    assert verdict(report) == expected, [u.reason for u in report.unknowns] + [p.message for p in report.problems]
