"""What Terraform costs: parsing, evaluating and scanning made-up repositories of several sizes.

    python benchmarks/terraform.py [FOLDER...] [--rounds N] [--sizes 90,500,...]

A made-up repository has modules (variables, locals with conditions, resources with count, dynamic blocks and links) and
roots that call them, four files each. With folders, these are measured as well. `evaluate` is one process that parses
every file, puts every root together and works out every attribute of every instance; `scan` is the whole command with
the default profile. The fastest of N fresh processes counts, on one core. The exit code is 1 where an aim is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from workflows import Cost, best, once

AIM_FILES, AIM_EVALUATE, AIM_SCAN, AIM_MEMORY = 90, 0.5, 1.5, 200.0
"""Seconds and MiB for a repository of 90 files."""

EVALUATE = """
import os, sys
from guardrail.formats.terraform import parse
from guardrail.hcl.evaluation import Evaluation
from guardrail.hcl.inputs import candidates
from guardrail.hcl.world import World
from guardrail.scan.terraform.modules import Modules
from guardrail.scan.tree import FileTree

root = sys.argv[1]
names = [os.path.relpath(os.path.join(above, f), root) for above, _, files in os.walk(root) for f in files]
scanned = {}
for name in names:
    if name.endswith((".tf", ".tofu", ".tfvars")):
        with open(os.path.join(root, name), encoding="utf-8") as handle:
            scanned[name] = parse(name, handle.read())
modules = Modules(scanned, FileTree(root, {}, lambda: None), False, lambda source, version, arguments: None)
count = 0
for module in modules.roots():
    evaluation = Evaluation(module, modules, modules.inputs(module), World(candidates=candidates(module)))
    for frame in evaluation.frames():
        for group in frame.groups():
            for instance in group.instances:
                instance.built()
                count += 1
print(count)
"""

VARIABLE = """variable "{name}" {{
  description = "What {name} is for"
  type        = {type}
  default     = {default}
}}

"""

RESOURCES = """resource "aws_db_instance" "r{n}" {{
  count                   = local.create ? 1 : 0
  identifier              = "${{var.name}}-{n}"
  engine                  = "postgres"
  storage_encrypted       = var.flag_{a}
  multi_az                = var.environment == "production" ? true : var.flag_{b}
  backup_retention_period = lookup(local.retention, var.environment, 7)
  kms_key_id              = try(aws_kms_key.this[0].arn, null)
  tags                    = merge(local.tags, {{ Name = "${{var.name}}-{n}" }})

  dynamic "timeouts" {{
    for_each = length(keys(var.timeouts)) > 0 ? [var.timeouts] : []
    content {{
      create = lookup(timeouts.value, "create", "10m")
    }}
  }}
}}

resource "aws_s3_bucket" "b{n}" {{
  bucket = "${{var.name}}-{n}"
  tags   = local.tags
}}

resource "aws_s3_bucket_public_access_block" "b{n}" {{
  bucket                  = aws_s3_bucket.b{n}.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}}

"""

LOCALS = """locals {
  create    = var.flag_0 && var.flag_1
  retention = { production = 30, staging = 14 }
  tags      = merge({ ManagedBy = "Terraform", Module = var.name }, var.tags)
}

resource "aws_kms_key" "this" {
  count               = var.flag_2 ? 1 : 0
  enable_key_rotation = true
}

"""


class Case(NamedTuple):
    """A folder to measure and what it is called."""

    name: str
    folder: Path


def write(file: Path, text: str) -> None:
    """A file with the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def repository(folder: Path, files: int) -> Path:
    """A repository of about so many files: half of them modules, half of them roots that call three modules each."""
    count = max(files // 8, 1)
    flags = "".join(VARIABLE.format(name=f"flag_{i}", type="bool", default="true") for i in range(10))
    others = "".join(
        VARIABLE.format(name=name, type=type_, default=default)
        for name, type_, default in (
            ("name", "string", '"orders"'),
            ("environment", "string", '"staging"'),
            ("tags", "map(string)", "{}"),
            ("timeouts", "map(string)", "{}"),
        )
    )
    resources = "".join(RESOURCES.format(n=n, a=n % 10, b=(n + 3) % 10) for n in range(6))
    outputs = "".join(
        f'output "arn_{n}" {{\n  value = try(aws_db_instance.r{n}[0].arn, null)\n}}\n\n' for n in range(6)
    )
    versions = 'terraform {\n  required_version = ">= 1.5"\n}\n'
    for i in range(count):
        module, root = folder / f"modules/m{i}", folder / f"live/r{i}"
        write(module / "variables.tf", flags + others)
        write(module / "main.tf", LOCALS + resources)
        write(module / "outputs.tf", outputs)
        write(module / "versions.tf", versions)
        calls = "".join(
            f'module "a{k}" {{\n  source      = "../../modules/m{(i + k) % count}"\n  name        = "r{i}-{k}"\n'
            "  environment = var.environment\n}\n\n"
            for k in range(3)
        )
        write(root / "main.tf", calls)
        write(root / "variables.tf", 'variable "environment" {\n  type = string\n}\n')
        write(root / "outputs.tf", 'output "arn" {\n  value = module.a0.arn_0\n}\n')
        write(root / "versions.tf", versions)
    return folder


def nested(folder: Path, instances: int) -> Path:
    """A module within a module, five deep, with `for_each` over so many at the top."""
    keys = f"toset([for i in range({instances}) : tostring(i)])"
    call = 'module "next" {{\n  source = "../m{next}"\n  name   = "${{var.name}}-{next}"\n}}\n'
    top = f'module "first" {{\n  source   = "./m1"\n  for_each = {keys}\n  name     = each.key\n}}\n'
    write(folder / "main.tf", top)
    for i in range(1, 6):
        below = call.format(next=i + 1) if i < 5 else ""
        bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = var.name\n}\n'
        block = RESOURCES[RESOURCES.index('resource "aws_s3_bucket_public') :].format(n="").replace('"b"', '"b"', 1)
        write(folder / f"m{i}/main.tf", 'variable "name" {\n  type = string\n}\n' + bucket + block + below)
    return folder


def measured(case: Case, rounds: int) -> tuple[Cost, Cost]:
    """What evaluating and what scanning a folder costs."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as home:
        evaluate = [python, "-c", EVALUATE, str(case.folder)]
        scan = [python, "-m", "guardrail.cli.main", "scan", "--jobs", "1", str(case.folder)]
        once(scan, home)
        return (
            best([once(evaluate, home) for _ in range(rounds)]),
            best([once(scan, home) for _ in range(rounds)]),
        )


def main() -> int:
    """Measure and print a table; the exit code is 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="90,500,1000,2500,5000")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        sizes = [int(s) for s in options.sizes.split(",") if s]
        cases = [Case(f"{s} files", repository(base / f"r{s}", s)) for s in sizes]
        cases += [Case(f"5 modules deep, for_each of {n}", nested(base / f"n{n}", n)) for n in (50, 100, 200)]
        cases += [Case(Path(f).name, Path(f)) for f in options.folders]
        return table(cases, options.rounds)


def table(cases: list[Case], rounds: int) -> int:
    """Print a Markdown table; 1 where the aim for 90 files is missed."""
    print("| repository | files | evaluate s | scan s | scan ms for a file | peak MiB |\n|---|---|---|---|---|---|")
    missed = False
    for case in cases:
        files = sum(1 for f in case.folder.rglob("*") if f.suffix in {".tf", ".tofu", ".tfvars"})
        evaluate, scan = measured(case, rounds)
        each = 1000 * scan.processor / max(files, 1)
        figures = f"{evaluate.wall:.2f} | {scan.wall:.2f} | {each:.1f} | {scan.memory:.0f}"
        print(f"| {case.name} | {files} | {figures} |", flush=True)
        if case.name == f"{AIM_FILES} files":
            missed |= evaluate.wall > AIM_EVALUATE or scan.wall > AIM_SCAN or scan.memory > AIM_MEMORY
    aims = f"{AIM_EVALUATE} s, {AIM_SCAN} s, {AIM_MEMORY:.0f} MiB"
    print(f"\naim for {AIM_FILES} files: {aims}: {'missed' if missed else 'met'}")
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
