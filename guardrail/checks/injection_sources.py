"""Values of a run that somebody outside chooses, and who that is.

The list is GitHub's ("Script injections", github/docs `content/actions/concepts/security/script-injections.md`;
"Keeping your GitHub Actions and workflows secure: Untrusted input", GitHub Security Lab) with the events whose payload
has the value (webhook payloads). A value that no event of the workflow brings along does not exist.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from guardrail.actions import globs, triggers, versions
from guardrail.actions.tables import rows
from guardrail.actions.uses import parse_uses
from guardrail.checks.injection_flow import Leaf, Steps
from guardrail.model.document import Resource

PULL, TARGET, REVIEWS = "pull_request", "pull_request_target", "pull_request_review pull_request_review_comment"

_TABLE = """
github.head_ref                                   | pull_request pull_request_target
github.event.pull_request.title                   | PULLS
github.event.pull_request.body                    | PULLS
github.event.pull_request.head.ref                | PULLS
github.event.pull_request.head.label              | PULLS
github.event.pull_request.head.repo.default_branch | PULLS
github.event.pull_request.head.repo.description   | PULLS
github.event.pull_request.head.repo.homepage      | PULLS
github.event.changes.title.from                   | PULLS issues issue_comment
github.event.changes.body.from                    | PULLS issues issue_comment discussion_comment
github.event.issue.title                          | issues issue_comment
github.event.issue.body                           | issues issue_comment
github.event.comment.body                         | issue_comment pull_request_review_comment discussion_comment
github.event.review.body                          | pull_request_review
github.event.review_comment.body                  | pull_request_review_comment
github.event.discussion.title                     | discussion discussion_comment
github.event.discussion.body                      | discussion discussion_comment
github.event.pages.*.page_name                    | gollum
github.event.pages.*.title                        | gollum
github.event.pages.*.summary                      | gollum
github.event.forkee.description                   | fork
github.event.commits.*.message                    | push
github.event.commits.*.author.name                | push
github.event.commits.*.author.email               | push
github.event.commits.*.committer.name             | push
github.event.commits.*.committer.email            | push
github.event.head_commit.message                  | push
github.event.head_commit.author.name              | push
github.event.head_commit.author.email             | push
github.event.head_commit.committer.name           | push
github.event.head_commit.committer.email          | push
github.event.merge_group.head_commit.message      | merge_group
github.event.merge_group.head_commit.author.name  | merge_group
github.event.merge_group.head_commit.author.email | merge_group
github.event.workflow_run.head_branch             | workflow_run
github.event.workflow_run.display_title           | workflow_run
github.event.workflow_run.head_commit.message     | workflow_run
github.event.workflow_run.head_commit.author.name | workflow_run
github.event.workflow_run.head_commit.author.email | workflow_run
github.event.workflow_run.head_repository.description | workflow_run
github.event.workflow_run.pull_requests.*.head.ref | workflow_run
"""
_SEVERAL_LINES = frozenset({"body", "from", "message", "summary", "description"})

_OUTPUTS = """
# action | before version | outputs (a `*` at either end stands for anything) | what they are
peter-evans/find-comment           |    | comment-body | a comment
xt0rted/pull-request-comment-branch |   | head_ref     | the name of the pull request's branch
tj-actions/changed-files           | 41 | *files       | names of files in the pull request
tj-actions/branch-names            | 8.2.1 | head_ref_branch current_branch | the name of the pull request's branch
"""
"""Outputs of actions that hold such values, by their documentation. `tj-actions/changed-files` escapes them since 41
(`safe_output`), `tj-actions/branch-names` since 8.2.1 (GHSA-gq52-6phf-x2r6)."""

_HARMLESS_GITHUB = frozenset(
    "action action_path action_ref action_repository action_status actor actor_id api_url artifacts artifacts_list "
    "env event_name event_path graphql_url job job_workflow_sha output path ref_protected ref_type repository "
    "repository_id repository_owner repository_owner_id repositoryurl retention_days run_attempt run_id run_number "
    "secret_source server_url sha state step_summary token triggering_actor workflow workflow_sha workspace".split()
)
_HARMLESS_LEAVES = frozenset(
    "action additions after author_association before changed_files closed comments commits conclusion count created "
    "deleted deletions distinct draft event fork forced forks full_name has_wiki head_sha id locked login "
    "merge_commit_sha mergeable merged name_with_owner node_id number private public run_attempt run_number sha size "
    "state state_reason status timestamp tree_id type url visibility watchers".split()
)
_HARMLESS_ENDS = ("_url", "_at", "_id", "_count", "_sha", "_number")
_INSIDE_REPOSITORY = ("organization", "enterprise", "installation", "repository")

OUTSIDER, CONTRIBUTOR, ARGUMENT, UNPROVEN = "outsider", "contributor", "argument", "unproven"
LEVELS = (OUTSIDER, CONTRIBUTOR, ARGUMENT, UNPROVEN)
"""Who chooses a value: anybody, in a run with the repository's rights; anybody, in a run without; the caller of an
action; somebody who is not known here, or who may write to the repository."""


class Danger(NamedTuple):
    """A value that may hold anything: the level, the events of the workflow that bring it, and where it comes from."""

    level: str
    leaf: Leaf
    events: tuple[str, ...] = ()
    what: str = ""

    @property
    def several_lines(self) -> bool:
        """Whether it may have more than one line."""
        return self.leaf.whole or self.leaf.steps[-1] in _SEVERAL_LINES


@lru_cache(maxsize=1)
def _sources() -> tuple[tuple[Steps, tuple[str, ...]], ...]:
    pulls = f"{PULL} {TARGET} {REVIEWS}"
    return tuple((tuple(path.split(".")), tuple(e.replace("PULLS", pulls).split())) for path, e in rows(_TABLE, 2))


def chosen_on(leaf: Leaf) -> tuple[str, ...]:
    """The events on which a stranger chooses this value; none if that is never so."""
    found: dict[str, None] = {}
    for path, events in _sources():
        if _same(leaf.steps, path, leaf.whole):
            found.update(dict.fromkeys(events))
    return tuple(found)


def _same(steps: Steps, path: Steps, whole: bool) -> bool:
    """Whether a path is one of the table, or lies above one and is written out with all that is below."""
    if len(steps) != len(path) and not (whole and len(steps) < len(path)):
        return False
    return all(a in (None, "*", b) or b == "*" for a, b in zip(steps, path, strict=False))


def from_action(leaf: Leaf) -> str:
    """What an action's output holds, if it is known to hold a stranger's text."""
    uses = leaf.step.data.get("uses")
    if len(leaf.steps) != 4 or not isinstance(uses, str):
        return ""
    parsed = parse_uses(uses.strip())
    for action, before, outputs, what in rows(_OUTPUTS, 4):
        named = any(_like(str(leaf.steps[3]), name) for name in outputs.split())
        if parsed.name == action and named and (not before or versions.certainly_before(parsed.ref, before)):
            return what
    return ""


def _like(name: str, pattern: str) -> bool:
    return name.endswith(pattern[1:]) if pattern.startswith("*") else name == pattern


def harmless(leaf: Leaf, resource: Resource) -> bool:
    """Whether a value cannot break out of where it is put: made by GitHub, by the file itself, or one of a few."""
    head, *rest = leaf.steps
    if head in ("runner", "job", "jobs", "strategy", "secrets", "vars"):
        return True
    if head in ("steps", "needs"):
        return bool(rest) and rest[-1] in ("outcome", "conclusion", "result")
    if head == "inputs":
        return _bounded_input(rest, resource)
    if head != "github":
        return False
    if not rest:
        return not leaf.whole
    return _harmless_github(rest, leaf, resource)


def _harmless_github(rest: list[str | None], leaf: Leaf, resource: Resource) -> bool:
    if rest[0] in ("ref", "ref_name", "base_ref", "workflow_ref"):
        return _fixed_ref(str(rest[0]), triggers.events(resource.data), resource)
    if rest[0] != "event":
        return rest[0] in _HARMLESS_GITHUB or rest[0] == "head_ref"
    if len(rest) == 1:
        return not leaf.whole
    if rest[1] == "inputs":
        return _bounded_input(rest[2:], resource)
    if rest[1] in _INSIDE_REPOSITORY:
        return True
    last = rest[-1]
    return last is not None and (last in _HARMLESS_LEAVES or last.endswith(_HARMLESS_ENDS) or last == "ref_type")


def _fixed_ref(name: str, events: Mapping[str, triggers.Config], resource: Resource) -> bool:
    """Whether the ref is made by GitHub, or one of the branches that are written out in `on`."""
    if resource.kind != "Workflow":
        return False
    if name == "base_ref":
        return all(_named(config, "branches") for event, config in events.items() if event.startswith("pull_request"))
    if {"workflow_call", "workflow_dispatch", "create", "delete", "release", "deployment"} & set(events):
        return False
    push = events.get("push")
    return push is None or (_named(push, "branches") and ("tags" not in push or _named(push, "tags")))


def _named(config: triggers.Config, key: str) -> bool:
    patterns = triggers.strings(config.get(key)) if key in config else ()
    return bool(patterns) and all(globs.is_literal(p) for p in patterns)


def _bounded_input(rest: Collection[str | None], resource: Resource) -> bool:
    """Whether an input can only be one of a few values: a boolean, a number, a choice, an environment.

    Of an input that is not declared nothing ever comes (workflow syntax, `on.workflow_dispatch.inputs`).
    """
    if resource.kind != "Workflow" or len(rest) != 1:
        return False
    declared = [i for i in declared_inputs(resource) if i.name.lower() == next(iter(rest))]
    return all(i.type in ("boolean", "number", "choice", "environment") for i in declared)


def declared_inputs(resource: Resource) -> list[triggers.Input]:
    """The inputs a workflow or action declares, those of a dispatch and of a call one after the other."""
    if resource.kind != "Workflow":
        return list(triggers.inputs(resource.data.get("inputs")))
    events = triggers.events(resource.data)
    given = (triggers.inputs(events[e].get("inputs")) for e in ("workflow_dispatch", "workflow_call") if e in events)
    return [i for inputs in given for i in inputs]
