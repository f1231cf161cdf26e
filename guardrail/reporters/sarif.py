"""SARIF 2.1.0 as GitHub code scanning wants it (`github`), or with all the standard has a word for
(`full`).
"""

from __future__ import annotations

import json
from typing import Any

from guardrail import __version__
from guardrail.model.policy import severity_rank
from guardrail.model.report import Finding, Problem, Report, Suppression
from guardrail.pages.screen import clean, counted
from guardrail.reporters import RenderOptions, outline, sarif_rules
from guardrail.reporters.advice import meaning
from guardrail.reporters.revision import repository
from guardrail.reporters.sarif_places import BASE, Places, literal, related_text
from guardrail.reporters.sarif_write import SCHEMA, Serialiser, model

# GitHub shows the top 5,000 and rejects a run above 25,000.
_MOST = {"github": 5_000, "full": 25_000}


def render(report: Report, options: RenderOptions) -> str:
    """The report as a SARIF log with one run: compact, or indented with `pretty`."""
    data = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [Serialiser().data(_run(report, options))],
    }
    layout: dict[str, Any] = {"indent": 2} if options.pretty else {"separators": (",", ":")}
    return json.dumps(data, ensure_ascii=False, **layout) + "\n"


def _run(report: Report, options: RenderOptions) -> Any:
    om, full = model(), options.sarif_profile == "full"
    policies = sarif_rules.included(report)
    taxonomies = sarif_rules.Taxonomies(policies.values() if full else ())
    places = Places(logical=full)
    chosen, cut = _chosen(report, options)
    notices, codes = _notices(report, options, places, cut)
    index = {policy: number for number, policy in enumerate(policies)}
    driver = om.ToolComponent(
        name="guardrail",
        version=__version__,
        semantic_version=__version__,
        contents=None,
        language=None,
        rules=[
            sarif_rules.rule(
                policy,
                _severity(report, policy.id, policy.severity),
                taxonomies.relationships(policy),
            )
            if full
            else sarif_rules.rule(policy, _severity(report, policy.id, policy.severity), None)
            for policy in policies.values()
        ],
        notifications=[sarif_rules.notification(code) for code in codes] or None,
        supported_taxonomies=taxonomies.references() or None,
    )
    category = options.category.strip("/") or "guardrail"
    return om.Run(
        tool=om.Tool(driver=driver),
        automation_details=om.RunAutomationDetails(id=f"{category}/"),
        column_kind="utf16CodeUnits",
        newline_sequences=None,
        language="en-US",
        original_uri_base_ids={BASE: om.ArtifactLocation(description=_message("The root of the scanned repository."))},
        version_control_provenance=_provenance(report),
        invocations=[_invocation(report, options, notices)],
        artifacts=places.artifacts(report),
        taxonomies=taxonomies.components() or None,
        properties=_properties(report, options),
        results=[_result(finding, index[finding.policy.id], places, full) for finding in chosen],
    )


def _severity(report: Report, policy: str, otherwise: str) -> str:
    return report.severities.get(policy, otherwise)


def _message(text: str) -> Any:
    return model().Message(text=text)


def _chosen(report: Report, options: RenderOptions) -> tuple[list[Finding], int]:
    """The findings to write in the report's order, and how many were left out."""
    # Code scanning takes what is missing for mended, so what a baseline accepts is uploaded all the same.
    whole = options.sarif_profile == "full"
    found = tuple(f for f in report.findings if whole or f.live or f.accepted)
    most = _MOST[options.sarif_profile]
    if len(found) <= most:
        return list(found), 0
    ranked = sorted(range(len(found)), key=lambda i: (not found[i].live, -severity_rank(found[i].severity), i))
    return [found[i] for i in sorted(ranked[:most])], len(found) - most


def _text(finding: Finding) -> str:
    """One sentence that names the object, with links to the related places after it."""
    label, words = (
        outline.resource_label(finding),
        clean(finding.message) or clean(finding.policy.title),
    )
    words = f"{label}: {words}" if label and label not in words else words
    if not words.endswith((".", "!", "?")):
        words += "."
    places = [place for place in finding.related if place.file]
    text = literal(words, linked=bool(places))
    if places:
        links = (f"[{literal(related_text(place), True)}]({n})" for n, place in enumerate(places, 1))
        text += f" See {', '.join(links)}."
    return text


def _result(finding: Finding, rule_index: int, places: Places, full: bool) -> Any:
    om = model()
    prints = {"guardrail/v1": finding.fingerprint} if finding.fingerprint else {}
    if finding.line_hash:
        prints["primaryLocationLineHash"] = finding.line_hash
    suppression = finding.suppression if full else None
    return om.Result(
        rule_id=finding.policy.id,
        rule_index=rule_index,
        kind="fail",
        level=outline.level(finding),
        message=om.Message(text=_text(finding)),
        locations=places.of(finding.location, finding.resource),
        related_locations=places.related(finding.related) or None,
        code_flows=places.flows(finding.flow),
        partial_fingerprints=prints or None,
        suppressions=[_suppression(suppression, places)] if suppression else ([] if full else None),
    )


def _suppression(suppression: Suppression, places: Places) -> Any:
    locations = places.of(suppression.location)
    extra = {"source": suppression.source, "owner": suppression.owner, "until": suppression.until}
    return model().Suppression(
        kind="external" if suppression.source == "baseline" else "inSource",
        state="accepted",
        justification=clean(suppression.reason) or None,
        location=locations[0] if locations else None,
        properties={key: value for key, value in extra.items() if value} or None,
    )


def _notices(report: Report, options: RenderOptions, places: Places, cut: int) -> tuple[list[Any], list[str]]:
    """Notifications, and the ids of the descriptors they need in order."""
    om = model()
    codes = list(dict.fromkeys([*sorted({p.code for p in report.problems}), sarif_rules.UNKNOWN, sarif_rules.CUT]))
    index = {code: number for number, code in enumerate(codes)}

    def notice(code: str, level: str, text: str, locations: list[Any] | None = None) -> Any:
        descriptor = om.ReportingDescriptorReference(id=code, index=index[code])
        return om.Notification(descriptor=descriptor, level=level, message=_message(text), locations=locations)

    level = "warning" if options.allow_unparsed else "error"
    made = [notice(p.code, level, _trouble(p), places.of(p.location)) for p in report.problems]
    if report.unknowns:
        causes = [f"{cause} ({times})" for cause, times in outline.causes(report)[:10]]
        number = counted(len(report.unknowns), "unknown judgement")
        text = f"{number}, for want of values not known here: {', '.join(causes)}."
        made.append(notice(sarif_rules.UNKNOWN, "note", text))
    if cut:
        made.append(
            notice(
                sarif_rules.CUT,
                "warning",
                f"{cut:,} results, the least severe, were left out of this log.",
            )
        )
    return made, codes


def _trouble(problem: Problem) -> str:
    file, words = clean(problem.location.file), clean(problem.message) or meaning(problem.code)
    return f"{file}: {words}" if file else words


def _invocation(report: Report, options: RenderOptions, notices: list[Any]) -> Any:
    return model().Invocation(
        execution_successful=options.allow_unparsed or not report.problems,
        exit_code=report.exit_code(options.fail_on, options.allow_unparsed),
        exit_code_description=outline.verdict(report, options),
        tool_execution_notifications=notices,
    )


def _provenance(report: Report) -> list[Any] | None:
    address = repository(report.revision.get("repositoryUri", ""))
    if not address:
        return None
    om = model()
    return [
        om.VersionControlDetails(
            repository_uri=address,
            revision_id=report.revision.get("revisionId") or None,
            branch=report.revision.get("branch") or None,
            mapped_to=om.ArtifactLocation(uri_base_id=BASE),
        )
    ]


def _properties(report: Report, options: RenderOptions) -> dict[str, Any]:
    return {
        "profile": report.profile,
        "kubernetesVersion": report.kubernetes_version,
        "outcome": outline.verdict(report, options),
        "coverage": outline.coverage_line(report),
        "resources": report.resources,
        "files": outline.statuses(report),
        "unknowns": dict(outline.causes(report)),
        "suppressed": len(report.findings) - len(report.live),
    }
