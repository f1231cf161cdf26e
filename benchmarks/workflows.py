"""What a scan of GitHub workflows costs, as ratios measured in one run.

    python benchmarks/workflows.py FOLDER... [--rounds N] [--profile NAME]

Every YAML file below the folders is named on the command line, so that it is read wherever it lies. For each figure the
fastest of N fresh processes counts, on one core (`--jobs 1`). The yardstick for a scan is a process that does nothing
but compose the same files with PyYAML's C loader; for start-up it is the bare interpreter. Ratios are those of
processor time, which holds on a busy machine, too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

COMPOSE = """
import sys, yaml
for name in sys.argv[1:]:
    text = open(name, encoding="utf-8").read()
    try:
        for node in yaml.compose_all(text, Loader=yaml.CLoader):
            pass
    except yaml.YAMLError:
        pass
"""

AIM_SECONDS, AIM_MEMORY = 1.0, 120.0
"""For all of actions/starter-workflows, cold."""

ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""An installed package has its bytecode; a checkout gets it in the first round, which never is the fastest."""


class Cost(NamedTuple):
    """What a process takes: wall and processor seconds, MiB at its peak, its exit code."""

    wall: float
    processor: float
    memory: float
    code: int


def once(command: Sequence[str], home: str) -> Cost:
    """The cost of a fresh process, whose cache folder lies below `home`."""
    environment = {**ENVIRONMENT, "XDG_CACHE_HOME": home}
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def best(found: Sequence[Cost]) -> Cost:
    """The fastest times and the largest memory of several rounds."""
    return Cost(
        min(c.wall for c in found),
        min(c.processor for c in found),
        max(c.memory for c in found),
        max(c.code for c in found),
    )


def measured(files: Sequence[str], rounds: int, profile: str) -> dict[str, Cost]:
    """Every figure of the table, by what it is called there."""
    python = sys.executable
    guardrail = [python, "-m", "guardrail.cli.main"]
    with tempfile.TemporaryDirectory() as home:
        sarif = f"sarif={os.path.join(home, 'out.sarif')}"
        scan = [*guardrail, "scan", "--jobs", "1", "--profile", profile]
        commands = {
            "bare interpreter": [python, "-c", "pass"],
            "`guardrail --version`": [*guardrail, "--version"],
            "compose every file with PyYAML's C loader": [python, "-c", COMPOSE, *files],
            "scan, cold (--no-cache), text": [*scan, "--no-cache", *files],
            "scan, cold, SARIF written": [*scan, "--no-cache", "-f", sarif, *files],
            "scan, warm, text": [*scan, *files],
            "scan of the first file, warm": [*scan, files[0]],
        }
        found = [{name: once(command, home) for name, command in commands.items()} for _ in range(rounds)]
        return {name: best([one[name] for one in found]) for name in commands}


def main() -> int:
    """Measure and print a table; the exit code is 1 where the aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--profile", default="recommended")
    options = parser.parse_args()
    files = sorted(
        str(f) for folder in options.folders for f in Path(folder).rglob("*") if f.suffix in {".yaml", ".yml"}
    )
    if not files:
        parser.error("there is no YAML file in those folders")
    costs = measured(files, options.rounds, options.profile)
    size = sum(os.path.getsize(f) for f in files)
    print(
        f"{len(files)} files, {size / 1e6:.1f} MB, profile {options.profile}; fastest of {options.rounds} processes\n"
    )
    print_table(costs)
    cold = costs["scan, cold (--no-cache), text"]
    met = cold.wall <= AIM_SECONDS and cold.memory <= AIM_MEMORY
    print(
        f"\naim: {AIM_SECONDS} s, {AIM_MEMORY:.0f} MiB, cold on one core: "
        f"{cold.wall:.2f} s, {cold.memory:.0f} MiB, {'met' if met else 'missed'}"
    )
    return 0 if met else 1


def print_table(costs: dict[str, Cost]) -> None:
    """A Markdown table; ratios are those of processor time."""
    bare = costs["bare interpreter"].processor
    compose = costs["compose every file with PyYAML's C loader"].processor
    print("| what | wall s | processor s | peak MiB | x compose | x bare |")
    print("|---|---|---|---|---|---|")
    for name, cost in costs.items():
        ratio = "" if name.startswith("`") else f"{cost.processor / compose:.2f}"
        print(
            f"| {name} | {cost.wall:.3f} | {cost.processor:.3f} | {cost.memory:.0f} | {ratio} "
            f"| {cost.processor / bare:.1f} |"
        )
        if cost.code not in (0, 1, 3):
            raise SystemExit(f"{name}: exit code {cost.code}")


if __name__ == "__main__":
    raise SystemExit(main())
