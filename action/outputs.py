"""Read the JSON report for the action's outputs, and decide whether SARIF is uploaded.

Standard library only. Whatever stands in the environment or the report is written to GITHUB_OUTPUT
between delimiters nobody can guess, so no value can add an output of its own.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from typing import Any

UNREAD = ("partly-read", "unreadable")


def existing(path: str) -> str:
    """The path if a report was written there, else nothing."""
    return path if path and os.path.isfile(path) and os.path.getsize(path) else ""


def load(path: str) -> dict[str, Any] | None:
    """The JSON report; None if it is missing or not a report."""
    try:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) else None


def live_findings(report: Mapping[str, Any]) -> int:
    """How many findings are not suppressed."""
    return sum(not finding.get("suppression") for finding in report.get("findings", []))


def unparsed_files(report: Mapping[str, Any]) -> list[str]:
    """Files that were not read, or only partly: the coverage ledger and the problems say which."""
    ledger = report.get("coverage", {}).get("files", [])
    found = {entry["path"] for entry in ledger if entry.get("status") in UNREAD}
    found |= {problem["file"] for problem in report.get("problems", []) if problem.get("file")}
    return sorted(found)


def read_only_token(env: Mapping[str, str]) -> bool:
    """Whether the token of this run cannot write: a fork's pull request, or Dependabot.

    The head repository is compared with this one, rather than asked whether it is a fork: in a
    repository that is itself a fork, a branch of its own may be uploaded. A deleted head repository
    has no name and counts as foreign.
    """
    if env.get("ACTOR") == "dependabot[bot]":
        return True
    from_pull_request = env.get("EVENT_NAME", "").startswith("pull_request")
    return from_pull_request and env.get("HEAD_REPOSITORY") != env.get("REPOSITORY")


def upload(env: Mapping[str, str], sarif: str) -> bool:
    """Whether to upload: there is a report, it is asked for, and (for auto) the token can."""
    wanted = env.get("INPUT_UPLOAD_SARIF", "").strip() or "auto"
    if not sarif or wanted not in ("auto", "true"):
        return False
    if wanted == "auto" and read_only_token(env):
        print("::notice::guardrail: not uploaded to code scanning, this run's token is read-only")
        return False
    return True


def entry(name: str, value: str) -> str:
    """One output in the form that survives any value."""
    delimiter = f"guardrail-{secrets.token_hex(16)}"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def outputs(env: Mapping[str, str]) -> dict[str, str]:
    """All outputs of this step."""
    json_file = existing(env.get("JSON_FILE", ""))
    report = load(json_file)
    sarif = existing(env.get("SARIF_FILE", ""))
    return {
        "sarif-file": sarif,
        "json-file": json_file,
        "findings": "" if report is None else str(live_findings(report)),
        "unparsed-files": json.dumps([] if report is None else unparsed_files(report)),
        "upload": "true" if upload(env, sarif) else "false",
    }


def main(env: Mapping[str, str]) -> None:
    """Write the outputs where the runner reads them."""
    with open(env["GITHUB_OUTPUT"], "a", encoding="utf-8") as out:
        out.writelines(entry(name, value) for name, value in outputs(env).items())


if __name__ == "__main__":
    main(os.environ)
