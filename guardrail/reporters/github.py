"""GitHub workflow commands: annotations on the lines of a pull request, most severe first."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.model.place import Location
from guardrail.model.report import Report
from guardrail.pages.screen import clean, counted, escape
from guardrail.reporters import RenderOptions, outline
from guardrail.reporters.advice import remedy

_COMMANDS: Mapping[str, str] = {"error": "error", "warning": "warning", "note": "notice"}
# What GitHub shows of each level in one step; further ones are dropped silently.
_MOST = 10
_PROBLEMS = 3


def _value(text: str) -> str:
    """The message of a command."""
    return escape(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    """A property of a command."""
    return _value(text).replace(":", "%3A").replace(",", "%2C")


def _command(name: str, location: Location | None, title: str, message: str) -> str:
    properties: list[tuple[str, str]] = []
    if location and location.file:
        span = location.span
        line, end_line = max(1, span.line), max(1, span.line, span.end_line)
        properties = [("file", location.file), ("line", str(line)), ("endLine", str(end_line))]
        if line == end_line:
            # Columns are only allowed within one line.
            column = max(1, location.utf16[0])
            properties += [("col", str(column)), ("endColumn", str(max(column, location.utf16[1])))]
    properties.append(("title", clean(title)))
    head = ",".join(f"{key}={_property(value)}" for key, value in properties if value)
    return f"::{name} {head}::{_value(message)}"


def render(report: Report, options: RenderOptions) -> str:
    """At most ten commands for each level, problems among the errors, then what was judged as a
    plain line.
    """
    lines: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for finding in outline.most_severe_first(report.live):
        name = _COMMANDS[outline.level(finding)]
        label = outline.resource_label(finding)
        message = f"{clean(finding.message)}\n{label}\nFix: {clean(finding.policy.remediation)}"
        title = f"{finding.severity}: {finding.policy.title} [{finding.policy.id}]"
        lines[name].append(_command(name, finding.location, title, message))
    problems = [
        _command(
            "error", p.location, f"not judged [{p.code}]", f"{clean(p.message)}\n{remedy(p.code)}"
        )
        for p in report.problems
    ]
    shown = _shown(lines, problems)
    cut = sum(map(len, lines.values())) + len(problems) - sum(map(len, shown.values()))
    if cut:
        taken = shown["notice"][: _MOST - 1]
        cut += len(shown["notice"]) - len(taken)
        shown["notice"] = [
            *taken,
            _command("notice", None, "guardrail", f"{cut:,} more in the summary"),
        ]
    said = "; ".join(
        (
            outline.findings_line(report),
            outline.coverage_line(report),
            outline.verdict(report, options),
        )
    )
    judged = f"guardrail: {said}"
    if not report.resources:
        judged = _command(
            "warning",
            None,
            "guardrail",
            f"{outline.coverage_line(report)} ({counted(0, 'finding')})",
        )
        shown["warning"] = shown["warning"][: _MOST - 1]
    return "".join(
        f"{line}\n" for line in [*shown["error"], *shown["warning"], *shown["notice"], judged]
    )


def _shown(lines: dict[str, list[str]], problems: list[str]) -> dict[str, list[str]]:
    """What fits: problems keep up to three places among the errors, and take those that findings
    leave.
    """
    room = max(min(len(problems), _PROBLEMS), _MOST - len(lines["error"]))
    kept = problems[:room]
    shown = {name: found[:_MOST] for name, found in lines.items()}
    shown["error"] = [*lines["error"][: _MOST - len(kept)], *kept]
    return shown
