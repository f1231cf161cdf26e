"""What every output tells: counts, groups, causes, and the outcome in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from guardrail.model.place import Location
from guardrail.model.policy import SEVERITIES, Policy, severity_rank
from guardrail.model.report import Finding, Report
from guardrail.pages.screen import clean, counted, listed
from guardrail.reporters import RenderOptions

LEVELS: Mapping[str, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
"""SARIF's level for each severity."""


_FAILS = ": fails "
"""What stands between an input and the values of it with which a policy fails."""

_DETAILS = 3
"""Ways to fail that are told of one input."""


class Group(NamedTuple):
    """The live findings of one policy, with the highest severity among them."""

    policy: Policy
    severity: str
    findings: tuple[Finding, ...]


def groups(report: Report) -> list[Group]:
    """Live findings by policy: most severe first, then by number, then by id."""
    by_id: dict[str, list[Finding]] = {}
    for finding in report.live:
        by_id.setdefault(finding.policy.id, []).append(finding)
    made = [
        Group(found[0].policy, max((f.severity for f in found), key=severity_rank), tuple(found))
        for found in by_id.values()
    ]
    return sorted(made, key=lambda g: (-severity_rank(g.severity), -len(g.findings), g.policy.id))


def by_severity(report: Report) -> dict[str, int]:
    """Number of live findings for every severity, highest first."""
    count = Counter(finding.severity for finding in report.live)
    return {severity: count[severity] for severity in reversed(SEVERITIES)}


def most_severe_first(findings: tuple[Finding, ...]) -> list[Finding]:
    """Findings by severity, the report's order kept within one."""
    return sorted(findings, key=lambda f: -severity_rank(f.severity))


def statuses(report: Report) -> dict[str, int]:
    """Number of files by status: read, partly-read, unreadable, skipped ..."""
    return dict(sorted(Counter(file.status for file in report.files).items()))


def skips(report: Report) -> list[tuple[str, int]]:
    """Why files were skipped and how many, most frequent first."""
    count = Counter(clean(f.reason) or "no reason given" for f in report.files if f.status == "skipped")
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


def causes(report: Report) -> list[tuple[str, int]]:
    """What unknowns depend on and how many there are of each, most frequent first."""
    count = Counter(clean(unknown.reason) or "an unnamed cause" for unknown in report.unknowns)
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


def grouped(causes: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Causes with those of one input together, and how many there are of each, most frequent first.

    `var.size: fails when it is 1` and `var.size: fails when it is 2` are `var.size: 3 fail when it is 1, 2 when ...`.
    """
    by_input: dict[str, dict[str, int]] = {}
    for cause, number in causes:
        subject, marked, when = cause.partition(_FAILS)
        by_input.setdefault(subject, {})[marked + when] = number
    found = []
    for subject, details in by_input.items():
        told = [(detail.removeprefix(_FAILS), n) for detail, n in details.items() if detail]
        total = sum(details.values())
        if len(details) == 1:
            found.append((subject + next(iter(details)), total))
        else:
            words = [f"{n:,} fail{'s' * (n == 1)} {detail}" for detail, n in told[:_DETAILS]]
            found.append((f"{subject}: {', '.join(words)}", total))
    return sorted(found, key=lambda item: (-item[1], item[0]))


def suppressions(report: Report) -> list[tuple[str, int]]:
    """What suppressed findings and how many, most frequent first."""
    count = Counter(clean(f.suppression.source) for f in report.findings if f.suppression)
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


def applied(report: Report) -> int:
    """Number of policies that judged something."""
    return sum(tally.evaluated > 0 for tally in report.coverage.values())


def findings_line(report: Report) -> str:
    """`3 findings (2 high, 1 low), 1 suppressed`."""
    live = len(report.live)
    parts = [f"{number:,} {severity}" for severity, number in by_severity(report).items() if number]
    line = f"{counted(live, 'finding')} ({', '.join(parts)})" if live else "no findings"
    hidden = len(report.findings) - live
    return f"{line}, {hidden:,} suppressed ({_numbers(suppressions(report))})" if hidden else line


def coverage_line(report: Report) -> str:
    """What was judged, or that nothing was.

    `12 resources in 9 files judged against 41 of 65 policies`.
    """
    read = [file for file in report.files if file.status in ("read", "partly-read")]
    held = sum(file.resources > 0 for file in read)
    against = f"{applied(report)} of {counted(len(report.policies), 'policy', 'policies')}"
    if not report.resources:
        seen = counted(len(report.files) + report.other_files, "file")
        return f"nothing was judged: no resources in {seen}"
    version = clean(report.kubernetes_version) or "any"
    return (
        f"{counted(report.resources, 'resource')} in {counted(held or len(read), 'file')} judged; "
        f"{against} applied (profile {clean(report.profile) or 'none'}, Kubernetes {version})"
    )


def skips_line(report: Report) -> str:
    """`4 files skipped: 3 not Kubernetes, 1 excluded; 12 files of other kinds`, or nothing."""
    skipped = skips(report)
    total = sum(number for _, number in skipped)
    parts = [f"{counted(total, 'file')} skipped: {_numbers(skipped)}"] if skipped else []
    if report.other_files:
        parts.append(f"{counted(report.other_files, 'file')} of other kinds not looked at")
    return "; ".join(parts)


def _numbers(pairs: list[tuple[str, int]], most: int = 6) -> str:
    shown = [f"{number:,} {name}" for name, number in pairs[:most]]
    rest = sum(number for _, number in pairs[most:])
    return listed([*shown, *([f"{rest:,} for other reasons"] if rest else [])])


def verdict(report: Report, options: RenderOptions) -> str:
    """The exit code in words."""
    code = report.exit_code(options.fail_on, options.allow_unparsed)
    trouble = counted(len(report.problems), "problem")
    if code == 1:
        least = severity_rank(options.fail_on)
        number = sum(f.enforced and severity_rank(f.severity) >= least for f in report.live)
        more = f"; and not everything could be judged: {trouble}" if report.problems else ""
        return f"fails: {counted(number, 'finding')} at or above {options.fail_on}{more}"
    if code == 3:
        return f"not everything could be judged: {trouble}"
    words = [_passing(report, options)]
    if report.problems:
        words.append(f"although {trouble} kept some input from being judged")
    if not report.resources:
        words.append("but nothing was judged")
    return ", ".join(words)


def _passing(report: Report, options: RenderOptions) -> str:
    if not report.live:
        return "passes"
    if options.fail_on == "never":
        return "passes: findings never fail the run"
    audited = "enforced " if any(not f.enforced for f in report.live) else ""
    return f"passes: no {audited}finding at or above {options.fail_on}"


def level(finding: Finding) -> str:
    """SARIF's level of a finding; one that is not enforced is never more than a note."""
    return LEVELS[finding.severity] if finding.enforced else "note"


def place(location: Location) -> str:
    """`file:line:column`, safe to print; `-` where no file is known."""
    file = clean(location.file)
    if not file:
        return "-"
    return f"{file}:{location.span.line}:{location.span.column}" if location.span.line > 0 else file


def resource_label(finding: Finding) -> str:
    """`Deployment web/api`."""
    ref = finding.resource
    name = f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name
    return clean(name if f".{ref.kind}." in f".{name}." else f"{ref.kind} {name}")
