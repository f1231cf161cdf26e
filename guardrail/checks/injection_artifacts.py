"""Files that another run has left behind: on `workflow_run` a pull request's run wrote them, with whatever in them.

Fact: github/docs, "Securely using pull_request_target": "A `workflow_run` workflow should treat artifacts uploaded by
other workflows as untrusted data".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from re import compile as regex

from guardrail.checks.injection_outputs import variables
from guardrail.views.workflows import Step

ARTIFACT = "artifact"
"""The name of the context that stands for such a file, as if it were one."""

_READ = regex(r"\$\(\s*(?:cat\b|<)|`\s*cat\b|(?:^|[|;&]\s*)cat\s+[^<>|\s-]")
_CHECKED = regex(r"=~|\btr\s+-[a-z]*d|\bgrep\s+-[A-Za-z]*[oqE]|\btonumber\b|%d|\$\(\(|-eq\b|\bjq\b")
"""How scripts make sure that a text is a number, or one of a few."""


def reads(text: str, script: str) -> bool:
    """Whether a piece of a script is a file's text, or a variable that the script reads from one and takes as it is."""
    if _CHECKED.search(script):
        return False
    if _READ.search(text):
        return True
    wanted = {name for name in variables(text) if name}
    for line in script.splitlines():
        name, equals, given = line.strip().removeprefix("export ").partition("=")
        if equals and name in wanted and _READ.search(given):
            return True
    return False


def brought_before(step: Step, steps: Iterable[Step]) -> bool:
    """Whether a step of the same job, before this one, downloads what another run has left behind."""
    for earlier in steps:
        if earlier.path == step.path:
            return False
        if _brings(earlier):
            return True
    return False


def _brings(step: Step) -> bool:
    uses, given = str(step.data.get("uses") or "").lower(), step.data.get("with")
    given = given if isinstance(given, Mapping) else {}
    if uses.startswith("actions/download-artifact@"):
        return "run-id" in given
    if uses.startswith(("dawidd6/action-download-artifact@", "bettermarks/action-artifact-download@")):
        return True
    script = f"{step.data.get('run') or ''}{given.get('script') or ''}"
    return "downloadArtifact" in script or "gh run download" in script
