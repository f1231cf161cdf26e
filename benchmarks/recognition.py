"""How much of real workflows is recognised: `python benchmarks/recognition.py FOLDER [--verbose]`.

The folder holds workflows in folders that say what they are for, as actions/starter-workflows does: `ci`,
`code-scanning`, `deployments`, `pages`, `automation`. For each folder the table tells in how many files something of
the kind was recognised (surely, or by a name only), how many steps are opaque, and where a deploy was seen that the
folder does not promise. With --verbose every file without its kind and every opaque step is listed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import yaml

from guardrail.actions.model import Ability
from guardrail.actions.recognise import Where, recognise
from guardrail.catalog.recognise import load

EXPECTED: Mapping[str, frozenset[str]] = {
    "ci": frozenset(
        "build unit-test lint format typecheck integration-test e2e publish image-push performance attest".split()
    ),
    "code-scanning": frozenset(
        "sast secret-scan dependency-audit container-scan iac-scan dast sarif-upload lint sbom licence-check".split()
    ),
    "deployments": frozenset({"deploy"}),
    "pages": frozenset({"deploy"}),
}


class Seen(NamedTuple):
    """What was recognised in a file."""

    abilities: list[Ability]
    opaque: list[str]
    steps: int


def steps(data: Any) -> Iterator[tuple[Mapping[str, Any], Where]]:
    """Every step and every calling job of a workflow, with where it runs."""
    shell = _shell(data)
    for job in (data.get("jobs") or {}).values():
        if isinstance(job, dict):
            inner = _shell(job) or shell
            windows = "windows" in str(job.get("runs-on"))
            if "uses" in job:
                yield job, Where()
            for step in job.get("steps") or ():
                if isinstance(step, dict):
                    yield step, Where(shell=str(step.get("shell") or inner), windows=windows)


def _shell(data: Mapping[str, Any]) -> str:
    defaults = data.get("defaults") or {}
    return str((defaults.get("run") or {}).get("shell") or "") if isinstance(defaults, dict) else ""


def main(folder: Path, verbose: bool) -> int:
    """Read the workflows below a folder and print the table."""
    table = load()
    rows: dict[str, list[tuple[Path, Seen]]] = {}
    began = perf_counter()
    spent = 0.0
    for file in sorted(folder.rglob("*.y*ml")):
        try:
            data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            print(f"{file}: not YAML: {str(error).splitlines()[0]}")
            data = None
        if not isinstance(data, dict) or "jobs" not in data:
            continue
        start = perf_counter()
        found = [recognise(step, where, table) for step, where in steps(data)]
        spent += perf_counter() - start
        seen = Seen(
            [a for one in found for a in one.abilities], [one.opaque for one in found if one.opaque], len(found)
        )
        rows.setdefault(file.parent.name, []).append((file, seen))
    print(f"{'folder':24} {'files':>5} {'sure':>5} {'named':>5} {'steps':>6} {'opaque':>6} {'stray deploys':>13}")
    for name, files in rows.items():
        _row(name, files, verbose)
    print(f"recognition {spent * 1000:.0f} ms of {(perf_counter() - began) * 1000:.0f} ms")
    return 0


def _row(name: str, files: list[tuple[Path, Seen]], verbose: bool) -> None:
    wanted = EXPECTED.get(name, frozenset())
    sure = [f for f, seen in files if any(a.capability in wanted and a.sure for a in seen.abilities)]
    named = [f for f, seen in files if f not in sure and any(a.capability in wanted for a in seen.abilities)]
    stray = [f for f, seen in files if "deploy" not in wanted and any(a.capability == "deploy" for a in seen.abilities)]
    count = sum(seen.steps for _, seen in files)
    opaque = Counter(reason for _, seen in files for reason in seen.opaque)
    print(f"{name:24} {len(files):5} {len(sure):5} {len(named):5} {count:6} {opaque.total():6} {len(stray):13}")
    if verbose:
        for file, seen in files:
            if wanted and file not in sure and file not in named:
                print(f"    nothing recognised: {file.name}: {sorted({a.capability for a in seen.abilities})}")
        for file in stray:
            print(f"    stray deploy: {file.name}")
        for reason, times in opaque.most_common():
            print(f"    opaque {times}: {reason}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    raise SystemExit(main(Path(sys.argv[1]), "--verbose" in sys.argv))
