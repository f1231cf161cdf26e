"""Checks on texts of workflows and actions, one at a time, without a scan."""

from __future__ import annotations

from guardrail import checks
from guardrail.model.report import Hit
from guardrail.scan.read import open_text
from guardrail.views.items import Lens

OF_JOBS = frozenset(
    "nothing_to_run excluded retired ageing conflicting checkout files without_checkout credentials "
    "analyze_without_init multi_platform service_ports without_credentials".split()
)
"""Names of checks that are called for each job."""


def hits(check: str, text: str, name: str = ".github/workflows/ci.yml", **arguments: object) -> list[tuple[int, str]]:
    """Line and message of each hit of a check on a text."""
    opened = open_text(name, text)
    assert opened.unreadable == ()
    found: list[tuple[int, str]] = []
    for resource in opened.resources:
        for item in Lens(resource).items(_each(check)):
            for hit in checks.find(check)(item, arguments):
                assert isinstance(hit, Hit)
                places = resource.document.places
                shown = places.locate_text(hit.path, hit.text, hit.occurrence) if hit.text else None
                span = hit.span or shown or places.locate(hit.path).span
                found.append((span.line, hit.message))
    return sorted(found)


def _each(check: str) -> str:
    if check in {"workflow_runners.misspelt"} or check.partition(".")[2] in OF_JOBS:
        return "jobs"
    return "steps" if check == "workflow_inputs.misspelt" else "resource"


def told(check: str, text: str, name: str = ".github/workflows/ci.yml", **arguments: object) -> str:
    """All messages of a check on a text, joined."""
    return "\n".join(message for _, message in hits(check, text, name, **arguments))


def job(body: str, on: str = "push") -> str:
    """A workflow of one job with this body, in flow style."""
    return f"on: {on}\njobs:\n  a: {body}\n"


def step(body: str) -> str:
    """A workflow of one step with this body, in flow style."""
    return job(f"{{runs-on: ubuntu-24.04, steps: [{body}]}}")
