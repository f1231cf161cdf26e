"""Terraform itself as an oracle: many expressions, one `terraform console`.

The program is the one that GUARDRAIL_TERRAFORM names, else `terraform` or `tofu` on the path.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from guardrail.hcl.values import number

FAILED = "\x01 failed"
"""What stands for an expression that Terraform refuses."""


class Set(NamedTuple):
    """A set among arguments; guardrail has it as a sorted list."""

    elements: tuple[object, ...]


class Raw(NamedTuple):
    """An argument as it is written in a configuration, and guardrail's value of it."""

    text: str
    value: object


def program() -> str | None:
    """The Terraform or OpenTofu to ask."""
    return os.environ.get("GUARDRAIL_TERRAFORM") or shutil.which("terraform") or shutil.which("tofu")


def written(value: object) -> str:
    """A value as an expression."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Set):
        return f"toset([{', '.join(map(written, value.elements))}])"
    if isinstance(value, str):
        body = "".join(_character(c) for c in value)
        return '"' + body.replace("${", "$${").replace("%{", "%%{") + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(k)} = {written(v)}" for k, v in value.items()) + "}"
    return json.dumps(value)


def _character(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    return c if c.isprintable() else f"\\U{ord(c):08x}"


def plain(value: object) -> object:
    """A value as guardrail has it."""
    if isinstance(value, Raw):
        return value.value
    if isinstance(value, Set):
        return sorted(set(value.elements))  # type: ignore[type-var]
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return number(value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value


def call(name: str, arguments: Sequence[object]) -> str:
    """A call as an expression."""
    return f"{name}({', '.join(map(written, arguments))})"


def ask(terraform: str, expressions: Sequence[str], folder: Path) -> list[object]:
    """The values of expressions, in order; FAILED for one that is refused."""
    lines = [f'    try(nonsensitive(jsonencode({expression})), "failed"),' for expression in expressions]
    (folder / "main.tf").write_text("locals {\n  found = [\n" + "\n".join(lines) + "\n  ]\n}\n", encoding="utf-8")
    # TF_CLI_CONFIG_FILE may name a file that is not there, which is told on standard output.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    done = subprocess.run(
        [terraform, "console"],
        input="base64encode(jsonencode(local.found))\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**environment, "CHECKPOINT_DISABLE": "1"},
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(base64.b64decode(done.stdout.strip().strip('"')))
    return [FAILED if f == "failed" else json.loads(f) for f in found]
