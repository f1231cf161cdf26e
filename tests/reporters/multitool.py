"""Microsoft's SARIF Multitool as an oracle.

Found through GUARDRAIL_MULTITOOL or a node_modules folder.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_INSIDE = Path("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool")
_LARGEST = 10_000 * 1024
ABSENT = (
    "SARIF Multitool is not here: npm install @microsoft/sarif-multitool outside the repository, "
    "then set GUARDRAIL_MULTITOOL to .../sarif-multitool-linux/Sarif.Multitool"
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One result of Multitool's validation."""

    rule: str
    level: str
    text: str


def find() -> Path | None:
    """The binary itself: the npm shim hands its arguments to a shell, which splits `Sarif;Ghas`."""
    named = os.environ.get("GUARDRAIL_MULTITOOL", "")
    if named:
        path = Path(named)
        path = path / _INSIDE if path.is_dir() else path
        return path if os.access(path, os.X_OK) else None
    here = Path(__file__).resolve()
    found = (parent / _INSIDE for parent in here.parents)
    return next((path for path in found if os.access(path, os.X_OK)), None)


def _run(tool: Path, *arguments: str, folder: Path) -> str:
    """What the tool printed; its exit status says nothing (0 even with errors)."""
    done = subprocess.run(
        [str(tool), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout + done.stderr


def _settings(tool: Path, folder: Path) -> Path:
    """Settings as XML (the JSON form cannot be read back) with GH1* and GH2*, off by default,
    turned on.
    """
    path = folder / "multitool.xml"
    _run(tool, "export-validation-config", str(path), folder=folder)
    text = path.read_text(encoding="utf-8")
    turned = re.sub(
        r'(<Properties Key="GH[12][^"]*\.Options">\s*<Property Key="RuleEnabled" Value=)"Default"',
        r'\1"Error"',
        text,
    )
    path.write_text(turned, encoding="utf-8")
    return path


def validate(log: Path, folder: Path) -> list[Remark]:
    """Remarks of the rule kinds Sarif and Ghas on a log.

    RuntimeError when it could not be done, OSError without a log: Multitool itself says nothing
    about a file that is missing or too large, and that would look like success.
    """
    tool = find()
    if tool is None:
        raise RuntimeError(ABSENT)
    size = log.stat().st_size
    if size > _LARGEST:
        raise RuntimeError(f"Multitool passes over files above {_LARGEST:,} bytes: {log} ({size:,})")
    report = folder / "multitool-report.sarif"
    report.unlink(missing_ok=True)
    printed = _run(
        tool,
        *("validate", str(log), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note"),
        *(
            "--config",
            str(_settings(tool, folder)),
            "-o",
            str(report),
            "--log",
            "ForceOverwrite;PrettyPrint",
        ),
        folder=folder,
    )
    if not report.exists():
        raise RuntimeError(f"Multitool wrote no report: {printed}")
    run = json.loads(report.read_text(encoding="utf-8-sig"))["runs"][0]
    broken = [n for i in run.get("invocations", []) for n in i.get("toolExecutionNotifications", [])]
    failed = [n["message"]["text"] for n in broken if n.get("level") == "error"]
    if failed:
        raise RuntimeError(f"Multitool failed: {failed}")
    rules = {rule["id"]: rule for rule in run["tool"]["driver"].get("rules", [])}
    return [_remark(result, rules) for result in run.get("results", [])]


def _remark(result: dict[str, object], rules: dict[str, dict[str, object]]) -> Remark:
    rule = str(result.get("ruleId", ""))
    message = result["message"]
    assert isinstance(message, dict)
    text = str(message.get("text", ""))
    if not text:
        strings = rules.get(rule, {}).get("messageStrings", {})
        assert isinstance(strings, dict)
        text = str(strings.get(str(message.get("id")), {}).get("text", ""))
        for number, argument in enumerate(message.get("arguments", [])):
            text = text.replace(f"{{{number}}}", str(argument))
    return Remark(rule, str(result.get("level", "warning")), text)


def line_hashes(source: Path, lines: int, folder: Path) -> dict[int, str]:
    """`primaryLocationLineHash` of the first lines, as Multitool inserts them into a log."""
    tool = find()
    if tool is None:
        raise RuntimeError(ABSENT)
    log, out = folder / "plain.sarif", folder / "hashed.sarif"
    results = [
        {
            "message": {"text": "x"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": source.resolve().as_uri()},
                        "region": {"startLine": line},
                    }
                }
            ],
        }
        for line in range(1, lines + 1)
    ]
    run = {"tool": {"driver": {"name": "x"}}, "results": results}
    log.write_text(json.dumps({"version": "2.1.0", "runs": [run]}), encoding="utf-8")
    printed = _run(
        tool,
        *("rewrite", str(log), "-o", str(out), "--insert", "RollingHashPartialFingerprints"),
        *("--log", "ForceOverwrite"),
        folder=folder,
    )
    if not out.exists():
        raise RuntimeError(f"Multitool wrote no log: {printed}")
    hashed = json.loads(out.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    return {
        line: result["partialFingerprints"]["primaryLocationLineHash"]
        for line, result in enumerate(hashed, 1)
        if "partialFingerprints" in result
    }
