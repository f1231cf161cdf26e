"""What an anchor or a merge brings to several places of a file is one fault: it is told once, with all its uses."""

from __future__ import annotations

from guardrail.model.place import Span
from guardrail.model.report import Finding

USED = "used here"
"""The note at an alias that leads to a finding."""


def tell(finding: Finding, placed: dict[Span, int], findings: list[Finding]) -> None:
    """Add a finding to those of a file, or its use to the one that tells the same fault of the same place.

    `placed` holds where in `findings` the policy's findings that an alias led to stand, by their place.
    """
    if finding.related and finding.related[0].note == USED:
        first = placed.setdefault(finding.location.span, len(findings))
        if first < len(findings) and (findings[first].suppression is None) is (finding.suppression is None):
            known = findings[first]
            added = tuple(one for one in finding.related if one not in known.related)
            findings[first] = known._replace(related=(*known.related, *added))
            return
    findings.append(finding)
