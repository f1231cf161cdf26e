"""Asks Terraform what expressions and conversions are worth, and records it in `terraform_answers.txt`.

    python tests/hcl/ask_terraform.py

The record is JSON line by line: the variables, then [expression, answer] and [type, value, answer]. Adds nothing and
drops nothing: put new cases into the file with `null` as answer and run it. An answer is a list with the value, or
"failed". Needs the `terraform` command; the tests only read the file.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

RECORD = Path(__file__).with_name("terraform_answers.txt")


def console(files: dict[str, str], question: str) -> Any:
    """The answer of `terraform console` in a folder with these files, None where it has none."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        asked = subprocess.run(
            ["terraform", "console"], cwd=folder, input=question, capture_output=True, text=True, check=False
        )
    return json.loads(json.loads(asked.stdout)) if asked.stdout.startswith('"') else None


def expressions(variables: dict[str, Any], asked: list[str]) -> list[Any]:
    """What each expression is: a list with its value, or "failed"."""
    declared = "".join(f"variable {json.dumps(n)} {{ default = {json.dumps(v)} }}\n" for n, v in variables.items())
    written = "".join(f'e{i} = try([{e}], "failed")\n' for i, e in enumerate(asked))
    question = f"jsonencode([{', '.join(f'local.e{i}' for i in range(len(asked)))}])\n"
    answers = console({"main.tf": f"{declared}locals {{\n{written}}}\n"}, question)
    if answers is not None:
        return list(answers)
    if len(asked) == 1:  # refused as a whole, such as a call of what is no function
        return ["failed"]
    half = len(asked) // 2
    return expressions(variables, asked[:half]) + expressions(variables, asked[half:])


def conversion(declared: str, value: str) -> Any:
    """What a value becomes as default of a variable of a type."""
    text = f'variable "v" {{\n  type = {declared}\n  default = {value}\n}}\n'
    answer = console({"main.tf": text}, "jsonencode([var.v])\n")
    return "failed" if answer is None else answer


class Record(NamedTuple):
    """What is in the file, without its first line."""

    variables: dict[str, Any]
    expressions: list[tuple[str, Any]]
    conversions: list[tuple[str, str, Any]]


def recorded() -> Record:
    """The file's content."""
    variables, *cases = map(json.loads, RECORD.read_text(encoding="utf-8").splitlines()[1:])
    return Record(variables, [(c[0], c[1]) for c in cases if len(c) == 2], [tuple(c) for c in cases if len(c) == 3])


def main() -> None:
    """Asks for everything in the record."""
    found = subprocess.run(["terraform", "version", "-json"], capture_output=True, text=True, check=True)
    version = json.loads(found.stdout)["terraform_version"]
    variables, asked, converted = recorded()
    texts = [e for e, _ in asked]
    answers: list[Any] = [variables, *zip(texts, expressions(variables, texts), strict=True)]
    answers += [[t, v, conversion(t, v)] for t, v, _ in converted]
    lines = [f"Terraform {version}, asked by ask_terraform.py (variables; expressions; types, values)"]
    lines += [json.dumps(a, ensure_ascii=False) for a in answers]
    RECORD.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
