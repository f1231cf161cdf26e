"""What stands before a job: somebody's approval, a question for rights; and what it may do once it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex

from guardrail.checks.triggers_stranger import ancestors
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views import workflows
from guardrail.views.workflows import Job, Step

_PERMISSION = regex(
    r"(?i)getCollaboratorPermissionLevel|/collaborators\b|check(?:ing)?-?_?(?:user-?)?permission|"
    r"author_association|checkMembershipForUser|getMembershipForUser|/memberships/|actor-permission|is-?_?member|"
    r"check-?_?team|check-?_?membership|check-actor|authorized?-?users?|get-user-teams|allowed-?users"
)
"""How workflows ask for somebody's rights by a step."""


_SECRET = regex(r"(?i)\bsecrets\s*(?:\.\s*(?!github_token\b)\w|\[)")
_HARMLESS = frozenset({"issues", "pull-requests", "discussions", "checks", "statuses", "models", "repository-projects"})


def rights_asked(resource: Resource, job: Job) -> bool:
    """Whether a job that this one waits for asks for somebody's rights."""
    names = {j.id for j in ancestors(resource.data, job)}
    return any(asks_permission(s) for s in workflows.steps(resource) if s.job.id in names)


def environment(resource: Resource, job: Job) -> Path | None:
    """Where a job, or one that it waits for, names an environment: somebody may have to approve it."""
    found = (j for j in (job, *ancestors(resource.data, job)) if "environment" in j.data)
    return next(((*j.path, "environment") for j in found), None)


def asks_permission(step: Step) -> bool:
    given = step.data.get("with")
    script = given.get("script") if isinstance(given, Mapping) else None
    texts = (step.data.get("uses"), step.data.get("run"), script)
    return any(isinstance(t, str) and _PERMISSION.search(t) for t in texts)


def powers(job: Job, steps: list[Step], resource: Resource) -> str:
    """What a job can do harm with, in words: secrets, or permissions to write more than comments and labels."""
    if "secrets" in job.data and "uses" in job.data:
        return "the secrets it passes on"
    for node in (job.data.get("env"), resource.data.get("env"), job.data.get("with"), *(s.data for s in steps)):
        if any(_SECRET.search(text) for text in _strings(node)):
            return "secrets"
    granted = job.data.get("permissions", resource.data.get("permissions"))
    if granted == "write-all":
        return "permission to write everything"
    if isinstance(granted, Mapping):
        written = [str(k) for k, v in granted.items() if v == "write" and k not in _HARMLESS]
        return f"{written[0]}: write" if written else ""
    return ""


def _strings(node: object) -> Iterator[str]:
    pending = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, str):
            yield here
        elif isinstance(here, Mapping):
            pending.extend(here.values())
        elif isinstance(here, list):
            pending.extend(here)
