"""Runs the installed command on hostile input, in a child with bounded memory, and says what became of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEMORY = 1 << 30
SECONDS = 300
"""A safety net only; what a scan may take is asserted by each test."""

POD = """apiVersion: v1
kind: Pod
metadata:
  name: {name}
spec:
  containers:
    - name: c
      image: registry.example/c:1.0
      securityContext:
        privileged: true
"""


def pod(name: str = "p") -> str:
    """A pod with a fault that any profile of weight finds."""
    return POD.format(name=name)


@dataclass(frozen=True)
class Outcome:
    """Exit code, JSON report, what was said on standard error, seconds and peak memory in MB."""

    code: int
    report: dict[str, Any]
    errors: str
    seconds: float
    megabytes: float

    @property
    def problems(self) -> list[tuple[str, str, int]]:
        """Code, file and line of each problem."""
        return [(p["code"], p["file"], p["line"]) for p in self.report.get("problems", ())]

    @property
    def privileged(self) -> list[tuple[str, int]]:
        """File and line of each privileged container found."""
        found = self.report.get("findings", ())
        return sorted((f["file"], f["line"]) for f in found if f["policy"] == POLICY)


POLICY = "privileged-container"

_CHILD = f"""
import os, re, resource, sys

def leave(code, path=sys.argv.pop(1), leave=os._exit):
    with open("/proc/self/status") as status, open(path, "w") as out:
        out.write(re.search(r"VmHWM:\\s*(\\d+)", status.read()).group(1))
    leave(code)

os._exit = leave
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
sys.argv[0] = "guardrail"
from guardrail.cli.main import main
main()
"""


def scan(
    folder: Path,
    *paths: str | bytes,
    stdin: bytes | None = b"",
    options: tuple[str, ...] = ("--only", POLICY),
) -> Outcome:
    """Scan in `folder`; no traceback and no internal error, whatever the input."""
    with tempfile.TemporaryDirectory() as kept:
        target, peak = os.path.join(kept, "report.json"), os.path.join(kept, "peak")
        command = [sys.executable, "-c", _CHILD, peak, "scan", "-f", f"json={target}", *options]
        begin = time.monotonic()
        done = subprocess.run(
            [*command, *(paths or (".",))],
            cwd=folder,
            input=stdin,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        seconds = time.monotonic() - begin
        report = json.loads(Path(target).read_bytes()) if os.path.exists(target) else {}
        megabytes = int(Path(peak).read_text()) / 1024
    said = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in said, said
    assert done.returncode in {0, 1, 2, 3}, said
    print(f"{seconds:.1f} s, {megabytes:.0f} MB, exit {done.returncode}")
    return Outcome(done.returncode, report, said, seconds, megabytes)
