"""The report for programs.

`guardrail-report/1`, described by report.schema.json beside this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guardrail import __version__
from guardrail.model.place import Location
from guardrail.model.report import Finding, Report, ResourceRef, Suppression
from guardrail.reporters import RenderOptions, outline
from guardrail.reporters.revision import repository


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every report obeys."""
    text = Path(__file__).with_name("report.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def render(report: Report, options: RenderOptions) -> str:
    """The report as one JSON object: compact, or indented with `pretty`."""
    layout: dict[str, Any] = {"indent": 2} if options.pretty else {"separators": (",", ":")}
    return json.dumps(as_data(report, options), ensure_ascii=False, default=str, **layout) + "\n"


def as_data(report: Report, options: RenderOptions) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "schema": "guardrail-report/1",
        "tool": {"name": "guardrail", "version": __version__},
        "run": {
            "profile": report.profile,
            "kubernetes_version": report.kubernetes_version,
            "fail_on": options.fail_on,
            "allow_unparsed": options.allow_unparsed,
            "revision": _revision(report.revision),
        },
        "findings": [_finding(finding) for finding in report.findings],
        "unknowns": [
            {
                "policy": unknown.policy.id,
                "reason": unknown.reason,
                **_region(unknown.location),
                "resource": _resource(unknown.resource),
            }
            for unknown in report.unknowns
        ],
        "problems": [
            {"code": problem.code, "message": problem.message, **_region(problem.location)}
            for problem in report.problems
        ],
        "coverage": _coverage(report),
        "stats": _stats(report, options),
    }


def _region(location: Location) -> dict[str, Any]:
    span = location.span
    return {
        "file": location.file,
        "line": max(1, span.line),
        "column": max(1, span.column),
        "end_line": max(1, span.end_line),
        "end_column": max(1, span.end_column),
    }


def _noted(location: Location) -> dict[str, Any]:
    return {**_region(location), "note": location.note}


def _resource(ref: ResourceRef) -> dict[str, str]:
    return {"kind": ref.kind, "name": ref.name, "namespace": ref.namespace, "address": ref.address}


def _suppression(suppression: Suppression | None) -> dict[str, Any] | None:
    if suppression is None:
        return None
    return {
        "source": suppression.source,
        "reason": suppression.reason,
        "owner": suppression.owner,
        "until": suppression.until,
        "file": suppression.location.file,
        "line": max(1, suppression.location.span.line),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    policy = finding.policy
    return {
        "policy": policy.id,
        "title": policy.title,
        "severity": finding.severity,
        "category": policy.category,
        "message": finding.message,
        **_region(finding.location),
        "path": finding.path,
        "resource": _resource(finding.resource),
        "controls": {name: list(ids) for name, ids in sorted(policy.controls.items())},
        "fingerprint": finding.fingerprint,
        "enforced": finding.enforced,
        "suppression": _suppression(finding.suppression),
        "baseline": "unchanged" if finding.accepted else None,
        "related": [_noted(place) for place in finding.related],
        "flow": [_noted(place) for place in finding.flow],
        "fix": [dict(step) for step in policy.fix] or None,
    }


def _coverage(report: Report) -> dict[str, Any]:
    return {
        "files": [
            {
                "path": file.path,
                "status": file.status,
                "reason": file.reason,
                "resources": file.resources,
                **({"blocks": [block._asdict() for block in file.blocks]} if file.blocks else {}),
            }
            for file in report.files
        ],
        "policies": {
            policy: {
                "evaluated": tally.evaluated,
                "failed": tally.failed,
                "unknown": tally.unknown,
                "not_applicable": tally.not_applicable,
            }
            for policy, tally in sorted(report.coverage.items())
        },
    }


def _stats(report: Report, options: RenderOptions) -> dict[str, Any]:
    live = len(report.live)
    return {
        "findings": live,
        "suppressed": len(report.findings) - live,
        "by_severity": outline.by_severity(report),
        "unknowns": len(report.unknowns),
        "problems": len(report.problems),
        "resources": report.resources,
        "files": outline.statuses(report),
        "other_files": report.other_files,
        "policies": len(report.policies),
        "policies_applied": outline.applied(report),
        "exit_code": report.exit_code(options.fail_on, options.allow_unparsed),
        "outcome": outline.verdict(report, options),
    }


def _revision(revision: Mapping[str, str]) -> dict[str, str]:
    """The scanned commit, with an address that is fit to be published."""
    known = {**revision, "repositoryUri": repository(revision.get("repositoryUri", ""))}
    return {name: text for name, text in sorted(known.items()) if text}
