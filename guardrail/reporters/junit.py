"""JUnit XML for CI viewers.

A suite for each policy, a test case for each file, so that histories stay readable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guardrail.model.policy import severity_rank
from guardrail.model.report import Finding, Report
from guardrail.pages.portions import as_lines
from guardrail.pages.screen import clean, counted
from guardrail.reporters import RenderOptions, outline
from guardrail.reporters.advice import remedy
from guardrail.reporters.flow import short

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, options: RenderOptions) -> str:
    """Suites with failures, skipped cases for suppressed findings, errors for problems, passes with
    their number.
    """
    from xml.etree.ElementTree import Element, indent, tostring

    root = Element("testsuites", name="guardrail")
    by_id: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_id.setdefault(finding.policy.id, []).append(finding)
    judged = {policy for policy, tally in report.coverage.items() if tally.evaluated}
    for policy in sorted(judged | set(by_id)):
        suite = _suite(root, policy)
        _cases(suite, policy, by_id.get(policy, []))
        if policy not in by_id:
            number = counted(report.coverage[policy].evaluated, "item")
            _case(suite, policy, f"{number} judged")
    if report.problems:
        _problems(root, report)
    if not report.resources:
        _mark(
            _case(_suite(root, "guardrail"), "guardrail", "coverage"),
            "skipped",
            outline.coverage_line(report),
            "",
        )
    _count(root)
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _suite(root: Element, name: str) -> Element:
    from xml.etree.ElementTree import SubElement

    return SubElement(root, "testsuite", name=_legal(name))


def _case(suite: Element, group: str, name: str) -> Element:
    from xml.etree.ElementTree import SubElement

    return SubElement(suite, "testcase", classname=_legal(group), name=_legal(name), time="0")


def _mark(case: Element, kind: str, message: str, text: str, style: str = "") -> None:
    from xml.etree.ElementTree import SubElement

    mark = SubElement(case, kind, message=_legal(message))
    if style:
        mark.set("type", style)
    if text:
        mark.text = _legal(text)


def _cases(suite: Element, policy: str, findings: list[Finding]) -> None:
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.location.file, []).append(finding)
    for file, found in by_file.items():
        case = _case(suite, policy, clean(file) or "-")
        if file:
            case.set("file", _legal(clean(file)))
        live = [finding for finding in found if finding.live]
        if live:
            worst = max((f.severity for f in live), key=severity_rank)
            first = clean(live[0].message)
            message = first if len(live) == 1 else f"{first} (and {len(live) - 1} more)"
            lines = [line for f in live for line in _told(f)]
            lines += as_lines(live[0].policy.remediation, 100, "Fix: ")
            _mark(case, "failure", f"{worst}: {message}", "\n".join(lines), worst)
            case.set("line", str(max(1, live[0].location.span.line)))
        else:
            reasons = dict.fromkeys(clean(f.suppression.reason) for f in found if f.suppression)
            _mark(case, "skipped", f"suppressed: {'; '.join(reasons)}", "")


def _told(finding: Finding) -> list[str]:
    words = f"{outline.resource_label(finding)}: {clean(finding.message)}"
    path = short(finding.flow)
    return [f"{outline.place(finding.location)}  {words}", *([f"  Path: {path}"] if path else [])]


def _problems(root: Element, report: Report) -> None:
    suite = _suite(root, "problems")
    for number, problem in enumerate(report.problems, 1):
        place = outline.place(problem.location)
        case = _case(suite, "problems", place if place != "-" else f"problem {number}")
        text = f"{place}  {clean(problem.message)}\nFix: {remedy(problem.code)}"
        _mark(case, "error", clean(problem.message), text, clean(problem.code))


def _count(root: Element) -> None:
    """Write the totals that viewers read from attributes."""
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in root:
        numbers = {
            "tests": len(suite),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped")),
        }
        for key, number in numbers.items():
            suite.set(key, str(number))
            totals[key] += number
        suite.set("time", "0")
    for key, number in totals.items():
        root.set(key, str(number))
