"""Contexts that carry text a stranger wrote, and contexts that never can.

Sources: github/docs `content/actions/concepts/security/script-injections.md` (names that "typically end with body,
default_branch, email, head_ref, label, message, name, page_name, ref, and title"); GitHub Security Lab, "Keeping
your GitHub Actions and workflows secure: Untrusted input", which lists them one by one; and CodeQL's model of the
same, `actions/ql/lib/ext/config/untrusted_event_properties.yml`, for payloads that came later (`workflow_run`,
`discussion`, `merge_group`, `changes`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from guardrail.actions.expressions.nodes import Call, Index, Logic, Node
from guardrail.actions.expressions.walk import Reference, reference

Steps = tuple[str | None, ...]

_COMMIT = "{0}.message: message of a commit; {0}.author.email: e-mail address of a commit's author; "
_COMMIT += "{0}.author.name: name of a commit's author; {0}.committer.email: e-mail address of a committer; "
_COMMIT += "{0}.committer.name: name of a committer; "
_EVENT = (
    "issue.title: title of an issue; issue.body: text of an issue; "
    "pull_request.title: title of a pull request; pull_request.body: text of a pull request; "
    "pull_request.head.ref: name of a pull request's branch; "
    "pull_request.head.label: name of a pull request's branch; "
    "pull_request.head.repo.default_branch: name of a branch in a fork; "
    "pull_request.head.repo.description: description of a fork; "
    "pull_request.head.repo.homepage: homepage of a fork; "
    "comment.body: text of a comment; review.body: text of a review; review_comment.body: text of a review comment; "
    "discussion.title: title of a discussion; discussion.body: text of a discussion; "
    "answer.body: text of an answer in a discussion; "
    "pages.*.page_name: name of a wiki page; pages.*.title: title of a wiki page; "
    "changes.title.from: former title; changes.body.from: former text; "
    "changes.head.ref.from: former name of a pull request's branch; "
    "merge_group.head_ref: name of a merge queue's branch; "
    "workflow_run.head_branch: name of the branch of another workflow's run; "
    "workflow_run.display_title: title of another workflow's run; "
    "workflow_run.head_repository.description: description of a fork; "
    "workflow_run.pull_requests.*.head.ref: name of a pull request's branch; "
    "workflow_run.path: name of a workflow file in a pull request; "
    "workflow_run.referenced_workflows.*.path: name of a workflow file in a pull request; "
    "workflow.path: name of a workflow file in a pull request; "
    "check_suite.head_branch: name of a pull request's branch; "
    "check_suite.pull_requests.*.head.ref: name of a pull request's branch; "
    "check_run.check_suite.head_branch: name of a pull request's branch; "
    "check_run.pull_requests.*.head.ref: name of a pull request's branch; "
    "forkee.description: description of a fork; forkee.default_branch: name of a branch in a fork; "
    + _COMMIT.format("commits.*")
    + _COMMIT.format("head_commit")
    + _COMMIT.format("check_suite.head_commit")
    + _COMMIT.format("merge_group.head_commit")
    + _COMMIT.format("workflow_run.head_commit")
)


@lru_cache(maxsize=1)
def _table() -> dict[Steps, str]:
    """What an attacker controls, by path; `*` stands for any index."""
    found: dict[Steps, str] = {("github", "head_ref"): "name of a pull request's branch"}
    for entry in _EVENT.split("; "):
        path, colon, what = entry.partition(": ")
        if colon:
            found["github", "event", *path.split(".")] = what
    return found


def untrusted(found: Reference | Steps) -> str | None:
    """What of a context path a stranger controls ("title of an issue"), or None.

    A path to an object that holds such text counts too, as `toJSON(github.event)` spells it out: "github.event, with
    the title of an issue and more". Whether text of an object reaches the outside is for `sources` to say.
    """
    return _untrusted(found.steps if isinstance(found, Reference) else found)


@lru_cache(maxsize=2048)
def _untrusted(steps: Steps) -> str | None:
    exact = next((what for path, what in _table().items() if len(path) == len(steps) and _meets(steps, path)), None)
    if exact is not None:
        return exact
    below = [what for path, what in _table().items() if len(path) > len(steps) and _meets(steps, path)]
    if not below:
        return None
    more = " and more" if len(set(below)) > 1 else ""
    return f"{'.'.join(step or '*' for step in steps)}, with the {below[0]}{more}"


def _meets(steps: Steps, path: Steps) -> bool:
    """Whether a path, as far as both go, may lead to where the other does; `*` in `steps` stands for anything."""
    return all(
        mine is None or mine in ("*", theirs) or (theirs == "*" and mine.isdigit())
        for mine, theirs in zip(steps, path, strict=False)
    )


def sources(node: Node) -> Iterator[tuple[Reference, str]]:
    """The contexts whose untrusted text can become part of an expression's value, with what they carry.

    Comparisons, `!` and functions that yield a boolean, a hash or a status pass no text on: neither do the
    predicates of `case()`, nor the left side of `&&` (only its falsy values pass). Objects do only through toJSON().
    """
    pending: list[tuple[Node, bool]] = [(node, False)]
    while pending:
        here, spelled_out = pending.pop()
        found = reference(here)
        if found is not None:
            what = untrusted(found)
            if what is not None and (spelled_out or is_text(found)):
                yield found, what
        else:
            pending.extend(reversed(_passed_on(here, spelled_out)))


def is_text(found: Reference) -> bool:
    """Whether a path leads to a string, or to an array of strings, rather than to an object."""
    return any(len(path) == len(found.steps) and _meets(found.steps, path) for path in _table())


def _passed_on(node: Node, spelled_out: bool) -> list[tuple[Node, bool]]:
    """The operands whose text a value is made of; with each, whether objects are spelled out."""
    if isinstance(node, Logic):
        operands = node.operands if node.operator == "||" else node.operands[-1:]
        return [(operand, spelled_out) for operand in operands]
    if isinstance(node, Index):
        return [(node.target, True)]  # fromJSON(toJSON(github.event)).issue.title
    if isinstance(node, Call):
        if node.name == "case":
            return [(item, spelled_out) for item in (*node.arguments[1:-1:2], node.arguments[-1])]
        if node.name in ("format", "join", "fromjson"):
            return [(item, spelled_out) for item in node.arguments]
        if node.name == "tojson":
            return [(node.arguments[0], True)]
        if node.name not in _SILENT:
            return [(item, spelled_out) for item in node.arguments]
    return []


_SILENT = frozenset("always cancelled contains endswith failure hashfiles startswith success".split())

_NUMBER = "a number or hash that GitHub gives"
_RESULT = "one of GitHub's words for results"
_SHA = "a commit's hash"
_NAME = "GitHub allows only letters, digits, '-', '_' and '.' in it"
_OWN = "chosen by the repository's own people"
_RUNNER = "set by the runner"
_FILE = "written in the workflow file"
_EXACT: dict[Steps, str] = {
    ("steps", "*", "outcome"): _RESULT,
    ("steps", "*", "conclusion"): _RESULT,
    ("needs", "*", "result"): _RESULT,
    ("jobs", "*", "result"): _RESULT,
    ("job", "status"): _RESULT,
    ("job", "check_run_id"): _NUMBER,
    ("job", "workflow_sha"): _SHA,
    ("job", "workflow_repository"): _NAME,
    ("github", "event", "action"): "one of the words GitHub has for activities",
    ("github", "event", "repository", "name"): _NAME,
    ("github", "event", "repository", "default_branch"): _OWN,
    ("github", "event", "pull_request", "base", "ref"): "a branch of the repository itself",
}
_BELOW: dict[Steps, str] = {
    ("vars",): _OWN,
    ("secrets",): _OWN,
    ("runner",): _RUNNER,
    ("strategy",): _FILE,
    ("job", "container"): _RUNNER,
    ("job", "services"): _RUNNER,
}
_OF_GITHUB = {
    "run_id run_number run_attempt repository_id repository_owner_id actor_id retention_days": _NUMBER,
    "sha workflow_sha": _SHA,
    "actor triggering_actor repository repository_owner action_repository repositoryurl": _NAME,
    "event_name ref_type ref_protected secret_source action_status": "one of a few words that GitHub has for it",
    "job action workflow action_ref": _FILE,
    "server_url api_url graphql_url token": "set by GitHub",
    "workspace event_path path env action_path artifacts artifacts_list": _RUNNER,
    "base_ref": "a branch of the repository itself",
}
# Last steps of payloads of webhooks that hold no free text (github/docs, "Webhook events and payloads").
_OF_PAYLOADS = {
    "id node_id number run_number run_attempt run_id check_run_id comments commits additions deletions size": _NUMBER,
    "changed_files review_comments forks_count stargazers_count watchers_count open_issues_count": _NUMBER,
    "sha head_sha base_sha before after merge_commit_sha original_commit_id commit_id tree_id": _SHA,
    "created_at updated_at closed_at merged_at pushed_at submitted_at completed_at published_at": "a point in time",
    "login full_name": _NAME,
    "state draft merged mergeable private fork forced created deleted locked prerelease": "a flag or state of GitHub's",
    "conclusion status author_association type visibility": "one of a few words that GitHub has for it",
}
_FREE = frozenset({"client_payload", "inputs", "*", None})  # below these, and `payload`, names mean nothing


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, str], dict[str, str]]:
    github = {word: why for words, why in _OF_GITHUB.items() for word in words.split()}
    return github, {word: why for words, why in _OF_PAYLOADS.items() for word in words.split()}


def harmless(found: Reference | Steps) -> str | None:
    """Why a context path can never carry text from outside ("a commit's hash"), or None when it could."""
    steps = found.steps if isinstance(found, Reference) else found
    if untrusted(steps) is not None:
        return None
    if steps[:1] in _BELOW or steps[:2] in _BELOW:
        return _BELOW.get(steps[:1]) or _BELOW[steps[:2]]
    for path, why in _EXACT.items():
        if len(path) == len(steps) and _meets(path, steps):
            return why
    github, payloads = _words()
    if steps[0] == "github" and len(steps) == 2:
        return github.get(steps[1] or "")
    if steps[:2] != ("github", "event") or len(steps) < 3 or steps[2] in _FREE or "payload" in steps:
        return None
    return payloads.get(steps[-1] or "")
