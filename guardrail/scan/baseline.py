"""A baseline: findings accepted on a date, by fingerprint, so that a repository can start with what is new.

What it covers is marked as suppressed by `baseline`, never dropped; a locked policy cannot be covered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath

from guardrail.errors import UsageError, did_you_mean
from guardrail.model.place import Location, Span
from guardrail.model.report import Finding, Report, Suppression

SCHEMA = "guardrail-baseline/1"
SOURCE = "baseline"
FILE = ".guardrail-baseline.json"
_KEYS = ("fingerprint", "policy", "file", "resource", "since")

Accepted = Mapping[str, Mapping[str, str]]
"""The entries of a baseline by fingerprint: policy, file, resource, and since when."""


def read(file: str) -> Accepted:
    """The entries of a baseline file; raises UsageError for one that cannot be read or is something else."""
    try:
        data = json.loads(FilePath(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"baseline '{file}' cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"baseline '{file}' is not JSON: {error}") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UsageError(f"'{file}' is not a baseline of guardrail ({SCHEMA})")
    found: dict[str, Mapping[str, str]] = {}
    for number, entry in enumerate(data.get("accepted", []), 1):
        if not isinstance(entry, dict) or not all(isinstance(v, str) for v in entry.values()):
            raise UsageError(f"baseline '{file}', entry {number}: a mapping of texts is expected")
        for key in entry:
            if key not in _KEYS:
                raise UsageError(f"baseline '{file}', entry {number}: unknown key '{key}'{did_you_mean(key, _KEYS)}")
        if "fingerprint" not in entry:
            raise UsageError(f"baseline '{file}', entry {number}: 'fingerprint' is missing")
        found[entry["fingerprint"]] = entry
    return found


def mark(report: Report, accepted: Accepted, file: str) -> Report:
    """A report in which the live findings that a baseline accepts are suppressed by it."""
    place = Location(file.replace("\\", "/"), Span(1, 1, 1, 1))
    return report._replace(findings=tuple(_marked(f, accepted, place) for f in report.findings))


def _marked(finding: Finding, accepted: Accepted, place: Location) -> Finding:
    entry = accepted.get(finding.fingerprint)
    if entry is None or not finding.live or not finding.policy.suppressible:
        return finding
    since = entry.get("since", "")
    reason = f"accepted on {since}" if since else "accepted"
    return finding._replace(suppression=Suppression(SOURCE, reason, place))


def text(findings: Iterable[Finding], before: Accepted, today: str) -> str:
    """A baseline file that accepts the live findings among these; those accepted before keep their date."""
    entries = [
        {
            "fingerprint": f.fingerprint,
            "policy": f.policy.id,
            "file": f.location.file,
            "resource": f.resource.address,
            "since": before.get(f.fingerprint, {}).get("since", today),
        }
        for f in findings
        if f.live and f.policy.suppressible
    ]
    lines = ",\n".join(f"    {json.dumps(entry, ensure_ascii=False)}" for entry in entries)
    body = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "schema": "{SCHEMA}",\n  "accepted": {body}\n}}\n'
