"""Checkouts of code that a stranger wrote, in runs that have the repository's rights.

Facts: github/docs, "Securely using pull_request_target"; GitHub Security Lab, "Preventing pwn requests". The guard of
actions/checkout: its `src/unsafe-pr-checkout-helper.ts`, GitHub Changelog of 2026-06-18 and actions/checkout#2519.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import normpath
from re import compile as regex
from typing import NamedTuple

from guardrail.actions import expressions, versions
from guardrail.actions.uses import parse_uses
from guardrail.checks.injection_flow import Leaf, Scope, text_leaves, variable
from guardrail.checks.injection_outputs import variables
from guardrail.checks.triggers_stranger import brings
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.workflows import Step

_HEADS = frozenset(
    tuple(path.split("."))
    for path in """
    github.head_ref
    github.event.pull_request.head
    github.event.pull_request.head.ref
    github.event.pull_request.head.sha
    github.event.pull_request.head.label
    github.event.pull_request.merge_commit_sha
    github.event.pull_request.head.repo.full_name
    github.event.pull_request.head.repo.clone_url
    github.event.pull_request.head.repo.git_url
    github.event.pull_request.head.repo.html_url
    github.event.pull_request.head.repo.ssh_url
    github.event.workflow_run.head_branch
    github.event.workflow_run.head_sha
    github.event.workflow_run.head_commit.id
    github.event.workflow_run.head_repository.full_name
    github.event.check_suite.head_sha
    github.event.check_suite.head_branch
    github.event.check_run.head_sha
    """.split()
)
"""What names the head of a pull request: commit, branch, repository."""

_PULL_REF = regex(r"(?i)(?:refs/)?(?:remotes/)?pull/[^\s'\"]{0,80}?(?:\$|\d)[^\n]{0,160}?/(?:head|merge)\b")
_OUTPUT = regex(r"head|sha|ref|branch|repo")
_ASKS = regex(r"\bpulls\.get\b|\bpulls/|\bgh pr view\b|headRef|head\.(?:sha|ref)")
_RESOLVERS = frozenset(
    {"xt0rted/pull-request-comment-branch", "alessbell/pull-request-comment-branch", "eficode/resolve-pr-refs"}
)
"""Actions that look the head of a pull request up for a comment, by their documentation."""

_GIT = regex(r"\bgit\b[^\n|;&]{0,200}?\b(?:checkout|switch|fetch|pull|merge|reset|clone|worktree|cherry-pick|rebase)\b")
_GH = regex(r"\b(?:gh|hub) pr checkout\b")
_GUARDED = {2: "2.8.0", 3: "3.7.0", 4: "4.4.0", 5: "5.1.0", 6: "6.1.0"}
"""The first version of each line of actions/checkout that refuses a fork's code; 1 never does, 7 and later always."""


class Checkout(NamedTuple):
    """A checkout: where it is shown, the folder it goes to (empty: the workspace), whose code it is.

    `untrusted` is false where it brings the repository's own code. `uses` is that of actions/checkout; `allowed`
    whether it takes a fork's code on purpose.
    """

    step: Step
    path: Path
    text: str
    folder: str
    untrusted: bool
    uses: str = ""
    allowed: bool = False

    @property
    def words(self) -> str:
        """How messages name it."""
        return self.text if len(self.text) <= 70 else self.text[:69] + "…"


class Run(NamedTuple):
    """What is known of a run: the file, the event that starts it, inputs by which a caller hands a head over."""

    resource: Resource
    event: str = ""
    heads: frozenset[str] = frozenset()


def checkouts(step: Step, run: Run) -> Iterator[Checkout]:
    """What a step checks out in such a run."""
    uses, script = step.data.get("uses"), step.data.get("run")
    if isinstance(uses, str) and parse_uses(uses.strip()).name == "actions/checkout":
        yield _action(step, uses.strip(), run)
    elif isinstance(script, str):
        yield from _script(step, script, run)


def _action(step: Step, uses: str, run: Run) -> Checkout:
    given = step.data.get("with")
    given = given if isinstance(given, Mapping) else {}
    folder = normpath(str(given.get("path") or ".")).strip("/")
    folder = "" if folder == "." or folder.startswith("${{") else folder
    allowed = str(given.get("allow-unsafe-pr-checkout", "false")).strip().lower() != "false"
    scope = Scope(run.resource).at(step)
    for key in ("ref", "repository"):
        value = given.get(key)
        if isinstance(value, str) and is_head(value, scope, run):
            return Checkout(step, (*step.path, "with", key), _shown(value), folder, True, uses, allowed)
    return Checkout(step, (*step.path, "uses"), uses, folder, False, uses, allowed)


def _shown(value: str) -> str:
    found = expressions.embedded(value)
    return value[found[0].start : found[0].end] if len(found) == 1 else value.strip()


def _script(step: Step, script: str, run: Run) -> Iterator[Checkout]:
    scope = Scope(run.resource).at(step)
    for line in script.splitlines():
        if line.lstrip().startswith("#"):
            continue
        match = _GH.search(line)
        if match is None:
            match = _GIT.search(line)
            if match is None or not (is_head(line, scope, run) or _fetched(line, scope, run)):
                continue
        yield Checkout(step, (*step.path, "run"), line.strip(), "", True)


def _fetched(line: str, scope: Scope, run: Run) -> bool:
    """Whether a command of git names the head by a variable."""
    for name in variables(line):
        found = variable(name, scope) if name else None
        if found and isinstance(found[0], str) and is_head(found[0], found[1], run):
            return True
        if name == "GITHUB_HEAD_REF":
            return True
    return False


def is_head(text: str, scope: Scope, run: Run) -> bool:
    """Whether a text leads to the head of a pull request, or to its merge with the target."""
    if _PULL_REF.search(text):
        return True
    for leaf in text_leaves(text, scope):
        if leaf.steps[0] == "inputs" and leaf.steps[-1] in run.heads:
            return True
        if brings(run.event, leaf.steps) and _names_head(leaf):
            return True
    return False


def _names_head(leaf: Leaf) -> bool:
    steps = leaf.steps
    if steps in _HEADS or (len(steps) > 4 and steps[2:4] == ("workflow_run", "pull_requests") and "head" in steps):
        return True
    if len(steps) != 4 or steps[0] != "steps" or not _OUTPUT.search(str(steps[3])) or "base" in str(steps[3]):
        return False
    data = leaf.step.data
    if parse_uses(str(data.get("uses") or "").strip()).name in _RESOLVERS:
        return True
    given = data.get("with")
    code = f"{data.get('run') or ''}{given.get('script') or '' if isinstance(given, Mapping) else ''}"
    return bool(_ASKS.search(code))


def refuses(checkout: Checkout, event: str, version: str) -> bool | None:
    """Whether actions/checkout itself refuses a fork's code; None where its version is not known.

    It does so on `pull_request_target`, and on a `workflow_run` that follows a pull request. `version` is what a
    comment says of a pinned commit.
    """
    if not checkout.uses or checkout.allowed or event not in ("pull_request_target", "workflow_run"):
        return False
    uses = parse_uses(checkout.uses)
    if uses.pin == "branch":
        return uses.ref in ("main", "master") or uses.ref.startswith("releases/v")
    ref = version if uses.pin == "sha" else uses.ref
    found = versions.newest(ref)
    if found is None:
        return None
    if found[0] >= 7:
        return True
    first = _GUARDED.get(int(found[0]))
    return first is not None and not versions.certainly_before(ref, first)
