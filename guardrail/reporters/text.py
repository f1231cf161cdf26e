"""The report for people.

Findings by policy in frames, what could not be judged, and the outcome in words.
"""

from __future__ import annotations

import re

from guardrail.model.policy import severity_rank
from guardrail.model.report import Finding, Report
from guardrail.pages.portions import as_lines
from guardrail.pages.screen import Paint, clean, counted, opening, wrap
from guardrail.reporters import RenderOptions, ledger, outline
from guardrail.reporters.advice import remedy
from guardrail.reporters.flow import numbered
from guardrail.reporters.frame import frame

_FRAMES = 3
_LINES = 20
_PROBLEMS = 50
_ENVIRONMENT = re.compile(r"which environment|var\.(environment|env|stage)\b")

_CAUSES = 10
_COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)


def render(report: Report, options: RenderOptions) -> str:
    """The report as text; with `quiet` only one line for each finding and problem."""
    paint = Paint(options.color)
    if options.quiet:
        return _inert("".join(line + "\n" for line in _quiet(report, paint)))
    room = max(40, options.width)
    blocks = [_group(group, room, paint) for group in outline.groups(report)]
    blocks += [_problems(report, room, paint), _unknowns(report, room)]
    if options.coverage:
        blocks.append(ledger.lines(report))
    blocks.append(_summary(report, options, paint))
    return _inert("\n".join("".join(line + "\n" for line in block) for block in blocks if block))


def _inert(text: str) -> str:
    """No line commands a CI runner (`::name::`, `##[name]`): an invisible joiner breaks it."""
    return _COMMAND.sub(lambda m: f"{m[0][:-1]}\u2060{m[0][-1]}", text)


def _quiet(report: Report, paint: Paint) -> list[str]:
    lines = [
        f"{outline.place(f.location)}: {paint(f.severity, f.severity)}: {clean(f.message)} [{clean(f.policy.id)}]"
        for f in report.live
    ]
    lines += [
        f"{outline.place(p.location)}: {paint('bad', 'problem')}: {clean(p.message)} [{clean(p.code)}]"
        for p in report.problems
    ]
    if not report.resources and not lines:
        lines.append(paint("medium", outline.coverage_line(report)))
    return lines


def _group(group: outline.Group, room: int, paint: Paint) -> list[str]:
    policy, style = group.policy, group.severity
    audit = "" if any(f.enforced for f in group.findings) else " (audit: never fails the run)"
    lines = [f"{paint(style, group.severity + ':')} {paint('bold', clean(policy.title))} [{clean(policy.id)}]{audit}"]
    framed = group.findings[:_FRAMES]
    gutter = max(len(str(f.location.span.line)) for f in framed)
    for finding in framed:
        lines += _framed(finding, gutter, room, paint, style)
    rest = group.findings[_FRAMES:]
    pad = " " * gutter
    edge = paint("dim", f"{pad} =")
    if rest:
        lines.append(f"{edge} also:")
        told = framed[-1].message
        for finding in rest[:_LINES]:
            words = outline.resource_label(finding) if finding.message == told else clean(finding.message)
            lines.append(f"{pad}   {outline.place(finding.location)}  {words}".rstrip())
            told = finding.message
        if len(rest) > _LINES:
            lines.append(f"{pad}   and {len(rest) - _LINES:,} more")
    for name, words in (("why", opening(policy.why)), ("fix", policy.remediation)):
        lines += _labelled(name, words, gutter, room, paint)
    lines.append(f"{edge} {paint('bold', 'more:')} guardrail explain {clean(policy.id)}")
    return lines


def _labelled(name: str, words: str, gutter: int, room: int, paint: Paint) -> list[str]:
    lead = f"{' ' * gutter} = {name}: "
    wrapped = as_lines(words, room, lead, " " * len(lead))
    if not wrapped:
        return []
    start = paint("dim", f"{' ' * gutter} =") + " " + paint("bold", f"{name}:")
    return [start + wrapped[0][len(lead) - 1 :], *wrapped[1:]]


def _framed(finding: Finding, gutter: int, room: int, paint: Paint, style: str) -> list[str]:
    where, label = outline.place(finding.location), outline.resource_label(finding)
    lines = [f"{' ' * gutter}{paint('dim', '-->')} {where}{f'  {label}' if label else ''}"]
    lines += frame(finding.location, finding.message, gutter, room, paint, style)
    edge = paint("dim", f"{' ' * gutter} =")
    for related in finding.related:
        note = clean(related.note)
        lines.append(f"{edge} {paint('bold', 'note:')} {note + ': ' if note else ''}{outline.place(related)}")
    return lines + numbered(finding.flow, gutter, room, paint)


def _problems(report: Report, room: int, paint: Paint) -> list[str]:
    if not report.problems:
        return []
    number = counted(len(report.problems), "problem")
    lines = [f"{paint('bad', 'not judged:')} {number} kept guardrail from doing all its work"]
    alike: dict[tuple[str, str], list[str]] = {}
    for problem in report.problems:
        places = alike.setdefault((clean(problem.code), clean(problem.message)), [])
        places.append(outline.place(problem.location))
    for (code, message), places in list(alike.items())[:_PROBLEMS]:
        if len(places) == 1:
            lines += wrap(f"{places[0]} {message} [{code}]", room, "  ", "      ")
            continue
        lines += wrap(f"{len(places):,} times: {message} [{code}]", room, "  ", "      ")
        lines += [f"    {place}" for place in places[:_LINES]]
        if len(places) > _LINES:
            lines.append(f"    and {len(places) - _LINES:,} more")
    if len(alike) > _PROBLEMS:
        lines.append(f"  and {len(alike) - _PROBLEMS:,} other kinds")
    for words in dict.fromkeys(remedy(problem.code) for problem in report.problems):
        lines += wrap(words, room, "  = fix: ", "         ")
    return lines


def _unknowns(report: Report, room: int) -> list[str]:
    found = outline.grouped(outline.causes(report))
    if not found:
        return []
    total = counted(len(report.unknowns), "judgement")
    lines = [f"unknown: {total} could not be made from the files alone"]
    for cause, number in found[:_CAUSES]:
        lines += wrap(f"{number:,} because it depends on {cause}", room, "  ", "      ")
    if len(found) > _CAUSES:
        rest = sum(number for _, number in found[_CAUSES:])
        lines.append(f"  {rest:,} for {counted(len(found) - _CAUSES, 'other cause')}")
    if words := _try(found):
        lines += wrap(words, room, "  = try: ", "         ")
    return lines


def _try(causes: list[tuple[str, int]]) -> str:
    """The options that would settle what hangs on inputs of Terraform; empty where nothing does."""
    subjects = [cause.partition(":")[0] for cause, _ in causes]
    environment = any(_ENVIRONMENT.match(s) for s in subjects)
    others = any(s.startswith("var.") and not _ENVIRONMENT.match(s) for s in subjects)
    options = ["--environment production"] * environment + ["--var NAME=VALUE", "--var-file FILE"] * others
    return " or ".join(options)


def _summary(report: Report, options: RenderOptions, paint: Paint) -> list[str]:
    lines = [paint("bold", outline.findings_line(report))]
    coverage = outline.coverage_line(report)
    if not report.resources:
        coverage = paint("medium", f"warning: {coverage}")
    lines.append(coverage)
    if blocks := ledger.blocks_line(report):
        lines += wrap(blocks, max(40, options.width), "", "  ")
    states = outline.statuses(report)
    broken = [f"{counted(n, 'file')} {s}" for s, n in states.items() if s not in ("read", "skipped")]
    if broken:
        lines.append(paint("bad", ", ".join(clean(words) for words in broken)))
    skipped = outline.skips_line(report)
    if skipped:
        lines += wrap(skipped, max(40, options.width), "", "  ")
    code = report.exit_code(options.fail_on, options.allow_unparsed)
    took = "" if options.elapsed is None else f"  ({options.elapsed:.2f} s)"
    good = not code and report.resources and not any(severity_rank(f.severity) for f in report.live)
    style = "bad" if code else ("good" if good else "medium")
    return [*lines, paint(style, outline.verdict(report, options)) + took]
