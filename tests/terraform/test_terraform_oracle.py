"""What Terraform itself plans for whole configurations, against what is evaluated here.

Offline: `terraform_data` is built in. Skipped, with a reason, where there is no `terraform` and no `tofu`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from guardrail.formats.terraform import parse
from guardrail.hcl.evaluation import Evaluation
from guardrail.hcl.inputs import candidates
from guardrail.hcl.nested import plain
from guardrail.hcl.world import World
from guardrail.model.value import UnknownValue
from guardrail.scan.terraform.modules import Modules
from guardrail.scan.tree import FileTree
from tests.hcl.terraform import program
from tests.terraform.judging import write

COMMAND = program()

DATA = 'resource "terraform_data" "%s" {\n%s\n}\n'

CONFIGURATIONS: dict[str, dict[str, str]] = {
    "variables, defaults and types": {
        "main.tf": """
            variable "settings" {
              type    = object({ name = string, size = optional(number, 3), tags = optional(map(string), {}) })
              default = { name = "a", tags = { n = 1 } }
            }
            variable "names" {
              type    = set(string)
              default = ["b", "a", "b"]
            }
            variable "flag" {
              type    = bool
              default = "true"
            }
            variable "nothing" {
              type    = string
              default = null
            }
            resource "terraform_data" "x" {
              input = { s = var.settings, n = var.names, f = var.flag, z = coalesce(var.nothing, "d") }
            }
        """
    },
    "tfvars in their order": {
        "main.tf": 'variable "a" {\n}\nvariable "b" {\n}\nvariable "c" {\n  type = list(number)\n}\n'
        + DATA % ("x", "  input = [var.a, var.b, var.c]"),
        "terraform.tfvars": 'a = "1"\nb = "1"\nc = ["1", 2]\n',
        "terraform.tfvars.json": '{"b": "2"}\n',
        "z.auto.tfvars": 'a = "4"\n',
        "y.auto.tfvars": 'a = "3"\nb = "3"\n',
        "other.tfvars": 'b = "5"\n',
    },
    "count and for_each": {
        "main.tf": """
            locals {
              zones = { a = 1, b = 2 }
            }
            resource "terraform_data" "counted" {
              count = length(local.zones)
              input = "n${count.index}"
            }
            resource "terraform_data" "each" {
              for_each = { for k, v in local.zones : "${k}-x" => v * 10 if v > 1 }
              input    = [each.key, each.value, terraform_data.counted[each.value / 10 - 1].input]
            }
            resource "terraform_data" "set" {
              for_each = toset(["q", "p"])
              input    = each.key
            }
            resource "terraform_data" "none" {
              count = false ? 1 : 0
              input = 1
            }
            output "all" {
              value = [for k, d in terraform_data.set : "${k}=${d.input}"]
            }
            output "splat" {
              value = terraform_data.counted[*].input
            }
        """
    },
    "modules": {
        "main.tf": """
            module "a" {
              source   = "./child"
              for_each = { one = true, two = false }
              on       = each.value
              name     = upper(each.key)
            }
            module "b" {
              source = "./child"
              on     = null
              name   = module.a["one"].name
            }
            output "names" {
              value = { for k, m in module.a : k => m.name }
            }
            output "b" {
              value = module.b.all
            }
        """,
        "child/main.tf": """
            variable "on" {
              type     = bool
              default  = true
              nullable = false
            }
            variable "name" {
              type = string
            }
            module "inner" {
              source = "../inner"
              count  = var.on ? 1 : 0
              text   = "${var.name}!"
            }
            resource "terraform_data" "x" {
              input = { on = var.on, texts = module.inner[*].text }
            }
            output "name" {
              value = try(module.inner[0].text, "none")
            }
            output "all" {
              value = terraform_data.x.input
            }
        """,
        "inner/main.tf": 'variable "text" {\n}\noutput "text" {\n  value = format("<%s>", var.text)\n}\n',
    },
    "overrides": {
        "main.tf": 'locals {\n  a = 1\n  b = 1\n}\nvariable "v" {\n  default = "x"\n}\n'
        + DATA % ("x", "  input = [local.a, local.b, var.v]"),
        "a_override.tf": 'locals {\n  b = 2\n}\nvariable "v" {\n  default = "y"\n}\n',
        "override.tf": "locals {\n  b = 3\n}\n",
    },
    "json syntax": {
        "main.tf.json": json.dumps(
            {
                "locals": {"n": [1, "${2 + 3}", "a${1}b", True, None]},
                "variable": {"v": {"type": "string", "default": "w"}},
                "resource": {"terraform_data": {"x": {"input": ["${local.n}", "${var.v}-%%"]}}},
                "output": {"o": {"value": "${[for x in local.n : x if x != null]}"}},
            }
        )
    },
    "templates and heredocs": {
        "main.tf": """
            locals {
              names = ["a", "b"]
              text  = <<-EOT
                start
                %{ for n in local.names ~}
                - ${n}
                %{ endfor ~}
                %{ if length(local.names) > 1 }many%{ else }one%{ endif }
              EOT
            }
            resource "terraform_data" "x" {
              input = [local.text, "$${x}", "${"nested ${1 + 1}"}", "${local.names}"]
            }
        """
    },
    "conditions and functions": {
        "main.tf": """
            variable "environment" {
              default = "production"
            }
            locals {
              production = contains(["prod", "production"], lower(var.environment))
              sizes      = { production = { n = 3 }, dev = { n = 1 } }
              merged     = merge({ a = 1, b = { c = 2 } }, { b = 3 }, null)
              grouped    = { for s in ["ax", "ay", "bz"] : substr(s, 0, 1) => s... }
            }
            resource "terraform_data" "x" {
              input = {
                n       = local.production ? local.sizes[var.environment].n : "none"
                m       = local.merged
                g       = local.grouped
                l       = lookup(local.sizes, "test", { n = 0 }).n
                j       = jsondecode(jsonencode({ a = [1, true, null, "x"] }))
                c       = cidrsubnet("10.0.0.0/16", 8, 3)
                t       = try(local.sizes.nothing.here, "fallback")
                r       = can(regex("^prod", var.environment))
                f       = flatten([[1, [2]], [], [[[3]]]])
                z       = zipmap(["x", "y"], [1, 2])
                s       = [for i, v in ["a", "b"] : "${i}${v}"]
                e       = element(["a", "b", "c"], 4)
                o       = one(toset(["single"]))
                sum     = sum([1, 2.5])
                neg     = -5 % 3
                int     = 7 / 2
                cmp     = 3 > 2 && "3" == "3" && 3 != "3"
                dynamic = setproduct(["a"], ["b", "c"])
              }
            }
        """
    },
}


def _run(folder: Path, *words: str) -> str:
    done = subprocess.run([str(COMMAND), *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def planned(folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """Inputs of every `terraform_data` by address, and outputs, as Terraform plans them."""
    _run(folder, "init", "-input=false", "-no-color")
    _run(folder, "plan", "-input=false", "-no-color", "-out=plan.out")
    data = json.loads(_run(folder, "show", "-json", "plan.out"))
    inputs: dict[str, object] = {}
    waiting = [data["planned_values"]["root_module"]]
    while waiting:
        module = waiting.pop()
        waiting.extend(module.get("child_modules", ()))
        inputs |= {r["address"]: r["values"].get("input") for r in module.get("resources", ())}
    outputs = {name: o["value"] for name, o in data["planned_values"].get("outputs", {}).items() if "value" in o}
    return inputs, outputs


def evaluated(folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """The same, as it is worked out here."""
    names = [str(f.relative_to(folder)) for f in folder.rglob("*") if ".terraform" not in f.parts]
    scanned = {n: parse(n, (folder / n).read_text()) for n in names if n.endswith((".tf", ".tfvars", ".json"))}
    modules = Modules(scanned, FileTree(str(folder), {}, lambda: None), False, lambda *_: None)  # type: ignore[arg-type,return-value]
    module = modules.at("")
    assert module is not None
    world = World(candidates=candidates(module))
    evaluation = Evaluation(module, modules, modules.inputs(module), world)
    inputs = {
        instance.address: instance.built().data.get("input")
        for frame in evaluation.frames()
        for group in frame.groups()
        for instance in group.instances
    }
    outputs = {name: plain(evaluation.root.output(name)) for name in module.outputs}
    return inputs, outputs


def compact(value: object) -> object:
    """A value without nulls in maps, which are not told apart from what is absent here."""
    if isinstance(value, Mapping):
        return {k: compact(v) for k, v in value.items() if v is not None}
    return [compact(v) for v in value] if isinstance(value, list) else value


@pytest.mark.skipif(COMMAND is None, reason="there is no `terraform` and no `tofu` to ask")
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_terraform_agrees(name: str, tmp_path: Path) -> None:
    write(tmp_path, CONFIGURATIONS[name])
    theirs, ours = planned(tmp_path), evaluated(tmp_path)
    assert {a: compact(v) for a, v in ours[0].items()} == {a: compact(v) for a, v in theirs[0].items()}
    known = {n: compact(v) for n, v in ours[1].items() if n in theirs[1]}
    assert known == {n: compact(v) for n, v in theirs[1].items()}
    assert not any(isinstance(v, UnknownValue) for v in known.values())
