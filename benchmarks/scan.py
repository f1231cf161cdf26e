"""What a scan costs, as ratios measured in one run.

    python benchmarks/scan.py FOLDER... [--rounds N]

For each figure the fastest of N fresh processes counts. The yardstick for a scan is a process that does nothing but
compose the same files with PyYAML's C loader; for start-up it is the bare interpreter.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMPOSE = """
import sys, yaml
for name in sys.stdin.read().splitlines():
    text = open(name, encoding="utf-8").read()
    try:
        for node in yaml.compose_all(text, Loader=yaml.CLoader):
            pass
    except yaml.YAMLError:
        pass
"""

SMALL = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.2
"""


ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""An installed package has its bytecode; a checkout gets it in the first round, which never is the fastest."""


def once(command: list[str], stdin: str = "") -> tuple[float, float]:
    """Wall seconds and peak MiB of a fresh process."""
    with tempfile.TemporaryFile("w+") as given:
        given.write(stdin)
        given.seek(0)
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        )
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def best(rounds: int, command: list[str], stdin: str = "") -> tuple[float, float]:
    """The fastest time and the largest memory of several rounds."""
    found = [once(command, stdin) for _ in range(rounds)]
    return min(t for t, _ in found), max(m for _, m in found)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    files = sorted(
        str(f) for folder in options.folders for f in Path(folder).rglob("*") if f.suffix in {".yaml", ".yml"}
    )
    size = sum(os.path.getsize(f) for f in files)
    python, rounds = sys.executable, options.rounds
    guardrail = [python, "-m", "guardrail.cli.main"]
    bare, _ = best(rounds, [python, "-c", "pass"])
    version, _ = best(rounds, [*guardrail, "--version"])
    compose, compose_memory = best(rounds, [python, "-c", COMPOSE], "\n".join(files))
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "out.sarif")
        scan, memory = best(rounds, [*guardrail, "scan", *options.folders, "-f", f"sarif={target}"])
        alone, _ = best(rounds, [*guardrail, "scan", *options.folders, "--jobs", "1", "-f", f"sarif={target}"])
        small = os.path.join(folder, "small.yaml")
        Path(small).write_text(SMALL)
        one, one_memory = best(rounds, [*guardrail, "scan", small])
    print(f"{len(files)} files, {size / 1e6:.1f} MB; fastest of {rounds} fresh processes\n")
    print("| what | seconds | peak MiB | ratio |")
    print("|---|---|---|---|")
    print(f"| compose every file with PyYAML's C loader | {compose:.3f} | {compose_memory:.0f} | 1 |")
    print(f"| scan, default profile, SARIF written | {scan:.3f} | {memory:.0f} | {scan / compose:.2f} x compose |")
    print(f"| the same with --jobs 1 | {alone:.3f} | | {alone / compose:.2f} x compose |")
    print(f"| scan of one small manifest, text | {one:.3f} | {one_memory:.0f} | |")
    print(f"| bare interpreter | {bare:.3f} | | |")
    print(f"| `guardrail --version` | {version:.3f} | | {1000 * (version - bare):.0f} ms over bare |")


if __name__ == "__main__":
    main()
