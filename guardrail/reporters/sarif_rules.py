"""SARIF descriptors: policies as rules GitHub reads, problem codes, taxonomies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from guardrail.model.policy import Policy
from guardrail.model.report import Report
from guardrail.pages.policy_page import help_markdown, help_text
from guardrail.pages.screen import clean
from guardrail.reporters.advice import meaning, remedy
from guardrail.reporters.outline import LEVELS
from guardrail.reporters.sarif_write import model

# A string, or GitHub refuses the file; `info` has none, so it is no security alert.
_SCORES: Mapping[str, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
_KINDS: Mapping[str, str] = {"error": "error", "warning": "warning", "note": "recommendation"}
_FIRST = (
    "cwe",
    "pod-security-standards",
    "cis-kubernetes",
    "owasp-cicd",
    "nsa-kubernetes",
    "slsa",
    "nist-800-53",
)
_TAGS = 10
_WORDS = 1024

UNKNOWN = "unknown-judgement"
CUT = "results-left-out"
_OWN: Mapping[str, tuple[str, str]] = {
    UNKNOWN: (
        "A judgement depends on values that files alone do not say: neither pass nor failure.",
        "Scan what the value depends on together with it, or have it judged where it is known.",
    ),
    CUT: (
        "More results were found than code scanning shows, so the least severe ones were left out.",
        "Use the JSON report for all of them, or scan with a higher --severity.",
    ),
}


def included(report: Report) -> dict[str, Policy]:
    """Policies that were evaluated or have findings, by id."""
    known = {policy.id: policy for policy in report.policies}
    known.update((finding.policy.id, finding.policy) for finding in report.findings)
    found = {finding.policy.id for finding in report.findings}
    judged = {policy for policy, tally in report.coverage.items() if tally.evaluated}
    return {policy: known[policy] for policy in sorted(known) if policy in found or policy in judged}


def _cut(text: str, otherwise: str) -> str:
    words = clean(text) or otherwise
    return words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"


def _name(identifier: str, noun: str) -> str:
    """The id in PascalCase, with the noun where that would only repeat the id."""
    words = re.findall(r"[A-Za-z0-9]+", identifier)
    name = "".join(word[:1].upper() + word[1:] for word in words)[:240]
    return name if name and name.lower() != identifier.lower() else name + noun


def _frameworks(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))


def tags(policy: Policy, severity: str) -> list[str]:
    """At most ten, the most useful first, because GitHub shows no more.

    Security, category, CWE, controls.
    """
    made = ["security"] if severity in _SCORES else []
    made.append(clean(policy.category))
    for framework in _frameworks(policy.controls):
        for control in policy.controls[framework]:
            number = re.search(r"\d+", control) if framework == "cwe" else None
            made.append(f"external/cwe/cwe-{int(number[0]):03d}" if number else clean(f"{framework}/{control}"))
    made += [clean(tag) for tag in policy.tags]
    return [tag for tag in dict.fromkeys(made) if tag][:_TAGS]


def rule(policy: Policy, severity: str, relationships: list[Any] | None) -> Any:
    """A policy as GitHub wants a rule."""
    om = model()
    level = LEVELS[severity]
    properties: dict[str, Any] = {
        "precision": "medium" if policy.check else "high",
        "problem.severity": _KINDS[level],
        "tags": tags(policy, severity),
    }
    if severity in _SCORES:
        properties["security-severity"] = _SCORES[severity]
    return om.ReportingDescriptor(
        id=policy.id,
        name=_name(policy.id, "Policy"),
        short_description=om.MultiformatMessageString(text=_cut(policy.title, policy.id)),
        full_description=om.MultiformatMessageString(text=_cut(policy.why, policy.title or policy.id)),
        help=om.MultiformatMessageString(text=help_text(policy), markdown=help_markdown(policy)),
        help_uri=next((ref for ref in policy.references if _is_uri(ref)), None),
        default_configuration=om.ReportingConfiguration(enabled=True, level=level),
        deprecated_ids=list(dict.fromkeys(policy.aliases)) or None,
        relationships=relationships,
        properties=properties,
    )


def _is_uri(text: str) -> bool:
    return bool(re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[\w.~!$&'()*+,;=:@%/?#-]*)?", text, re.ASCII))


def notification(code: str) -> Any:
    """A problem code as a descriptor."""
    om = model()
    what, how = _OWN.get(code) or (meaning(code), remedy(code))
    return om.ReportingDescriptor(
        id=code,
        name=_name(code, "Problem"),
        short_description=om.MultiformatMessageString(text=what),
        full_description=om.MultiformatMessageString(text=what),
        help=om.MultiformatMessageString(text=how, markdown=how),
    )


class Taxonomies:
    """The frameworks that the included policies serve, with their clauses."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        clauses: dict[str, set[str]] = {}
        for policy in policies:
            for framework, controls in policy.controls.items():
                clauses.setdefault(framework, set()).update(controls)
        self.names = sorted(clauses)
        self._clauses = {name: sorted(clauses[name]) for name in self.names}

    def components(self) -> list[Any]:
        """One component for each framework."""
        om = model()
        return [
            om.ToolComponent(
                name=name,
                short_description=om.MultiformatMessageString(text=f"Clauses of {clean(name)} that policies serve."),
                is_comprehensive=False,
                contents=None,
                language=None,
                taxa=[
                    om.ReportingDescriptor(id=clause, short_description=om.MultiformatMessageString(text=clause))
                    for clause in self._clauses[name]
                ],
            )
            for name in self.names
        ]

    def references(self) -> list[Any]:
        """References to the components, for the driver."""
        om = model()
        return [om.ToolComponentReference(name=name, index=index) for index, name in enumerate(self.names)]

    def relationships(self, policy: Policy) -> list[Any] | None:
        """From a rule to the clauses it serves."""
        om = model()
        made = [
            om.ReportingDescriptorRelationship(
                target=om.ReportingDescriptorReference(
                    id=control,
                    index=self._clauses[name].index(control),
                    tool_component=om.ToolComponentReference(name=name, index=self.names.index(name)),
                ),
                kinds=["relevant"],
            )
            for name in sorted(policy.controls)
            for control in dict.fromkeys(policy.controls[name])
        ]
        return made or None
