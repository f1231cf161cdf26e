"""Markdown for a step summary or a pull request comment.

Input can neither inject markup nor mention anyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from guardrail.model.place import Location
from guardrail.model.report import Finding, Report
from guardrail.pages.markup import code, link, plain, uri
from guardrail.pages.portions import headline
from guardrail.pages.screen import counted, opening
from guardrail.reporters import RenderOptions, outline
from guardrail.reporters.advice import remedy
from guardrail.reporters.revision import repository

LIMIT = 1024 * 1024
"""Bytes that GitHub takes for a step summary."""
_RESERVE = 300
_ROWS = 100


def render(report: Report, options: RenderOptions) -> str:
    """Outcome, findings most severe first, what could not be judged, coverage.

    What does not fit is counted.
    """
    outcome = plain(outline.verdict(report, options))
    head = f"## guardrail: {outcome}\n\n{_counts(report)}\n\n{_judged(report)}"
    tail = _problems(report) + _unknowns(report) + _coverage(report)
    ranked = outline.most_severe_first(report.live)
    if not ranked:
        return head + tail
    address = _addresses(report)
    head += "### Findings\n\n| severity | place | finding | policy |\n| --- | --- | --- | --- |\n"
    room = LIMIT - len(head.encode()) - len(tail.encode()) - _RESERVE
    rows: list[str] = []
    for finding in ranked:
        row = _row(finding, address)
        room -= len(row.encode("utf-8", "replace"))
        if room < 0:
            break
        rows.append(row)
    left = len(ranked) - len(rows)
    more = f"\n**{left:,} more, the least severe, are not shown: this page is full.**\n" if left else ""
    return f"{head}{''.join(rows)}{more}\n{tail}"


def _counts(report: Report) -> str:
    numbers = outline.by_severity(report)
    hidden = len(report.findings) - len(report.live)
    names = [*numbers, "suppressed", "unknown", "problems"]
    values = [*numbers.values(), hidden, len(report.unknowns), len(report.problems)]
    return "\n".join((_cells(names), _cells("---:" for _ in names), _cells(f"{number:,}" for number in values)))


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _judged(report: Report) -> str:
    if report.resources:
        return f"{plain(outline.coverage_line(report))}\n\n"
    return f"> [!WARNING]\n> {plain(outline.coverage_line(report))}\n\n"


def _addresses(report: Report) -> Callable[[Location], str]:
    """Where a place links to.

    The file at the scanned revision if that is known, else the file beside the page.
    """
    home, revision = (
        repository(report.revision.get("repositoryUri", "")),
        report.revision.get("revisionId", ""),
    )
    known = home.startswith("https://") and revision.isalnum()
    base = f"{home}/blob/{revision}/" if known else ""
    return lambda location: f"{base}{uri(location.file)}#L{max(1, location.span.line)}"


def _place(location: Location, address: Callable[[Location], str]) -> str:
    if not location.file:
        return "-"
    shown = code(f"{location.file}:{max(1, location.span.line)}")
    return link(shown, address(location))


def _row(finding: Finding, address: Callable[[Location], str]) -> str:
    label = outline.resource_label(finding)
    words = f"{plain(finding.message)}{f'<br>{code(label)}' if label else ''}{_path(finding.flow, address)}"
    policy = f"{code(finding.policy.id)}<br>{plain(opening(headline(finding.policy.remediation)))}"
    return _cells((finding.severity, _place(finding.location, address), words, policy)) + "\n"


def _path(flow: tuple[Location, ...], address: Callable[[Location], str]) -> str:
    """The path as a list to unfold. A table's cell has no lines, so the list is HTML, its words are Markdown."""
    if not flow:
        return ""
    steps = "".join(f"<li>{plain(step.note)} {_place(step, address)}</li>" for step in flow)
    return f"<details><summary>Path in {counted(len(flow), 'step')}</summary><ol>{steps}</ol></details>"


def _problems(report: Report) -> str:
    if not report.problems:
        return ""
    address = _addresses(report)
    lines = [
        f"- {_place(p.location, address)}: {plain(p.message)} ({code(p.code)}). {plain(remedy(p.code))}"
        for p in report.problems[:_ROWS]
    ]
    return f"### Not judged\n\n{_listed(lines, len(report.problems))}\n"


def _listed(lines: list[str], total: int) -> str:
    more = [f"- and {total - len(lines):,} more"] if total > len(lines) else []
    return "".join(f"{line[:4000]}\n" for line in [*lines, *more])


def _unknowns(report: Report) -> str:
    found = outline.grouped(outline.causes(report))
    if not found:
        return ""
    lines = [f"- {number:,} because it depends on {code(cause)}" for cause, number in found[:_ROWS]]
    return f"### Unknown\n\n{_listed(lines, len(found))}\n"


def _coverage(report: Report) -> str:
    states = [f"- {counted(number, 'file')} {plain(status)}" for status, number in outline.statuses(report).items()]
    skipped = [f"- skipped, {plain(reason)}: {number:,}" for reason, number in outline.skips(report)[:_ROWS]]
    body = _listed([f"- {plain(outline.coverage_line(report))}", *states, *skipped], 0)
    tallies = [
        _cells(
            (
                code(policy),
                f"{t.evaluated:,}",
                f"{t.failed:,}",
                f"{t.unknown:,}",
                f"{t.not_applicable:,}",
            )
        )
        for policy, t in sorted(report.coverage.items())
        if t.evaluated or t.unknown
    ][: 5 * _ROWS]
    heads = _cells(("policy", "judged", "failed", "unknown", "not applicable"))
    table = "\n".join([heads, _cells(("---", "---:", "---:", "---:", "---:")), *tallies]) + "\n\n" if tallies else ""
    return f"<details><summary>What was judged</summary>\n\n{body}\n{table}</details>\n"
