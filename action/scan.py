"""One run of `guardrail scan` for the action: inputs in the environment, reports under RUNNER_TEMP.

Always passes; the exit code of the scan is an output, and the action's last step fails with it.
Standard library only. Runs isolated (`python -I`), so that nothing in the workspace is imported.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

USAGE, INTERNAL = 2, 4

# input -> option; `=` binds the value, so a value that begins with a dash stays a value
SINGLE = {
    "CONFIG": "--config",
    "PROFILE": "--profile",
    "BASELINE": "--baseline",
    "SEVERITY": "--severity",
    "FAIL_ON": "--fail-on",
    "KUBERNETES_VERSION": "--kubernetes-version",
    "CATEGORY": "--category",  # what SARIF says itself wins over the category of the upload
}
LISTS = {"SELECT": "--select", "ONLY": "--only", "IGNORE": "--ignore"}
CHOICES = {
    "ANNOTATIONS": ("true", "false"),
    "SUMMARY": ("true", "false"),
    "UPLOAD_SARIF": ("auto", "true", "false"),
}


class InputError(Exception):
    """An input of the action that makes no sense."""


def single(inputs: Mapping[str, str], name: str) -> str:
    """The value of an input that is one line."""
    value = inputs.get(f"INPUT_{name}", "").strip()
    if re.search(r"[\r\n\0]", value):
        raise InputError(f"'{spelling(name)}' must be one line")
    return value


def spelling(name: str) -> str:
    """An input as the user writes it: ARGS_FILE is args-file."""
    return name.lower().replace("_", "-")


def choice(inputs: Mapping[str, str], name: str) -> str:
    """The value of an input with a fixed set of values, the first of which is the default."""
    value = single(inputs, name) or CHOICES[name][0]
    if value not in CHOICES[name]:
        raise InputError(f"'{spelling(name)}' must be one of {', '.join(CHOICES[name])}")
    return value


def lines(text: str) -> list[str]:
    """Lines with something on them."""
    return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]


def further_arguments(inputs: Mapping[str, str]) -> list[str]:
    """What the args-file says: one argument per line, comments left out, nothing expanded."""
    name = single(inputs, "ARGS_FILE")
    if not name:
        return []
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError("'args-file' cannot be read") from error
    return [line for line in lines(text) if not line.startswith("#")]


def arguments(inputs: Mapping[str, str], reports: Mapping[str, str]) -> list[str]:
    """Arguments of `guardrail scan`: every report in one run, options, and paths after `--`."""
    for name in CHOICES:
        choice(inputs, name)
    found = [f"--format={name}={path}" for name, path in reports.items()]
    found.append(f"--format={'github' if choice(inputs, 'ANNOTATIONS') == 'true' else 'text'}")
    for name, option in SINGLE.items():
        if value := single(inputs, name):
            found.append(f"{option}={value}")
    for name, option in LISTS.items():
        words = re.split(r"[,\s]+", inputs.get(f"INPUT_{name}", ""))
        found += [f"{option}={word}" for word in words if word]
    found += further_arguments(inputs)
    found += ["--", *(lines(inputs.get("INPUT_PATHS", "")) or ["."])]
    if any("\0" in argument for argument in found):
        raise InputError("an input holds a NUL character")
    return found


def report_files(inputs: Mapping[str, str]) -> dict[str, str]:
    """Where this run writes its reports: a folder of its own, a job may use the action twice.

    A file left at the user's own path by something else must not pass for this run's report.
    """
    folder = tempfile.mkdtemp(prefix="guardrail-", dir=inputs["RUNNER_TEMP"])
    sarif = single(inputs, "SARIF_FILE") or os.path.join(folder, "report.sarif")
    try:
        Path(sarif).unlink(missing_ok=True)
    except OSError as error:
        raise InputError("'sarif-file' cannot be written") from error
    return {
        "sarif": sarif,
        "json": os.path.join(folder, "report.json"),
        "markdown": os.path.join(folder, "summary.md"),
    }


def scan(arguments: list[str], annotate: bool) -> int:
    """Run guardrail and give its exit code; anything it does not promise counts as internal error.

    Without annotations its output is shown with workflow commands switched off: what a scanned file
    says must not be able to talk to the runner.
    """
    command = [sys.executable, "-I", "-m", "guardrail.cli.main", "scan", *arguments]
    token = secrets.token_hex(16)
    if not annotate:
        print(f"::stop-commands::{token}", flush=True)
    code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    if not annotate:
        print(f"::{token}::", flush=True)
    return code if code in range(5) else INTERNAL


def main(inputs: Mapping[str, str]) -> None:
    """Scan, and tell the following steps how it went and where the reports are."""
    reports = {"sarif": "", "json": "", "markdown": ""}
    try:
        reports = report_files(inputs)
        command = arguments(inputs, reports)
        code = scan(command, choice(inputs, "ANNOTATIONS") == "true")
    except InputError as error:
        print(f"::error::guardrail: input {error}")
        code = USAGE
    with open(inputs["GITHUB_OUTPUT"], "a", encoding="utf-8") as out:
        out.write(f"exit-code={code}\n")
        out.writelines(f"{name}-file={path}\n" for name, path in reports.items())


if __name__ == "__main__":
    main(os.environ)
