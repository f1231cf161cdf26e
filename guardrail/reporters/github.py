"""GitHub workflow commands: annotations on the lines of a pull request, most severe first."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.model.place import Location
from guardrail.model.report import Finding, Problem, Report
from guardrail.pages.portions import as_lines
from guardrail.pages.screen import clean, escape
from guardrail.reporters import RenderOptions, outline
from guardrail.reporters.advice import remedy
from guardrail.reporters.flow import short

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
    """At most ten commands for each level, then what was judged as a plain line.

    Problems are among the errors; a last notice counts what did not fit.
    """
    found: dict[str, list[Finding]] = {"error": [], "warning": [], "notice": []}
    for finding in outline.most_severe_first(report.live):
        found[_COMMANDS[outline.level(finding)]].append(finding)
    # Problems keep up to three places among the errors, and take those that findings leave.
    room = max(min(len(report.problems), _PROBLEMS), _MOST - len(found["error"]))
    problems = report.problems[:room]
    nothing = [] if report.resources else [_nothing(report)]
    most = {"error": _MOST - len(problems), "warning": _MOST - len(nothing), "notice": _MOST}
    total = len(report.live) + len(report.problems)
    if total > len(problems) + sum(min(len(found[name]), most[name]) for name in found):
        most["notice"] -= 1
    shown = {name: [_annotate(name, f) for f in found[name][: most[name]]] for name in found}
    shown["error"] += [_trouble(problem) for problem in problems]
    cut = total - sum(map(len, shown.values()))
    if cut:
        shown["notice"].append(_command("notice", None, "guardrail", f"{cut:,} more in the summary"))
    said = (outline.findings_line(report), outline.coverage_line(report))
    last = nothing or [f"guardrail: {'; '.join((*said, outline.verdict(report, options)))}"]
    lines = [*shown["error"], *shown["warning"], *shown["notice"], *last]
    return "".join(f"{line}\n" for line in lines)


def _nothing(report: Report) -> str:
    words = f"{outline.coverage_line(report)} ({outline.findings_line(report)})"
    return _command("warning", None, "guardrail", words)


def _annotate(name: str, finding: Finding) -> str:
    path = short(finding.flow)
    words = (clean(finding.message), outline.resource_label(finding), path and f"Path: {path}")
    fix = as_lines(finding.policy.remediation, 100_000, "Fix: ")
    title = f"{finding.severity}: {finding.policy.title} [{finding.policy.id}]"
    return _command(name, finding.location, title, "\n".join((*filter(None, words), *fix)))


def _trouble(problem: Problem) -> str:
    words = f"{clean(problem.message)}\n{remedy(problem.code)}"
    return _command("error", problem.location, f"not judged [{problem.code}]", words)
