"""The oracles that are Go programs of a folder here: built where nobody names a built one, asked line by line."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import pytest

FOLDER = Path(__file__).parent

Ask = Callable[[object], Any]
"""Something that JSON can say in, the answer out."""


def program(name: str, factory: pytest.TempPathFactory) -> str:
    """The oracle's binary: that of `GUARDRAIL_<NAME>_ORACLE`, else a fresh one; without Go the test is skipped."""
    variable = f"GUARDRAIL_{name.upper()}_ORACLE"
    if named := os.environ.get(variable):
        return named
    go = which("go")
    if go is None:
        pytest.skip(f"no Go here, and {variable} names no oracle")
    target = str(factory.mktemp(name) / name)
    built = subprocess.run(
        [go, "build", "-o", target, "."], cwd=FOLDER / name, capture_output=True, text=True, check=False
    )
    if built.returncode:
        pytest.skip(f"the oracle cannot be built: {built.stderr.strip()[-300:]}")
    return target


@contextmanager
def running(name: str, factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A running oracle, which answers each line of JSON with one."""
    with subprocess.Popen(
        [program(name, factory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def ask(question: object) -> Any:
            stdin.write(json.dumps(question) + "\n")
            stdin.flush()
            return json.loads(stdout.readline())

        yield ask
        stdin.close()
