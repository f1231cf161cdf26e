"""Text of strangers, and contexts that cannot hold it.

LAB is GitHub Security Lab, "Keeping your GitHub Actions and workflows secure: Untrusted input", its list of contexts;
MODEL is github/codeql actions/ql/lib/ext/config/untrusted_event_properties.yml; DOCS is github/docs
content/actions/concepts/security/script-injections.md.
"""

from __future__ import annotations

import pytest

from guardrail.actions.expressions import parse, references
from guardrail.actions.expressions.untrusted import harmless, sources, untrusted

LAB = """
    github.event.issue.title github.event.issue.body github.event.pull_request.title github.event.pull_request.body
    github.event.comment.body github.event.review.body github.event.review_comment.body
    github.event.pages.*.page_name github.event.commits.*.message github.event.head_commit.message
    github.event.head_commit.author.email github.event.head_commit.author.name github.event.commits.*.author.email
    github.event.commits.*.author.name github.event.pull_request.head.ref github.event.pull_request.head.label
    github.event.pull_request.head.repo.default_branch github.head_ref
"""
MODEL = """
    github.event.discussion.title github.event.discussion.body github.event.pages[0].title
    github.event.workflow_run.display_title github.event.workflow_run.head_branch github.event.changes.title.from
    github.event.changes.body.from github.event.changes.head.ref.from github.event.merge_group.head_ref
    github.event.workflow_run.head_commit.message github.event.workflow_run.head_commit.committer.name
    github.event.workflow_run.pull_requests[1].head.ref github.event.head_commit.committer.email
    github.event.pull_request.head.repo.description github.event.pull_request.head.repo.homepage
"""
SPELLINGS = """
    github.event.pages[*].page_name GitHub.Event.Issue.TITLE github['event']['issue']['body']
    github.event.commits[12].message github.event.issue['title'] github.event[matrix.kind].title github.event.*.body
    github.event.pull_request.head.repo[vars.x]
"""


@pytest.mark.parametrize("path", (LAB + MODEL + SPELLINGS).split())
def test_untrusted(path: str) -> None:
    (reference, *_) = references(parse(path))
    assert untrusted(reference)
    assert harmless(reference) is None


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("github.event.issue.title", "title of an issue"),
        ("github.head_ref", "name of a pull request's branch"),
        ("github.event.commits.*.message", "message of a commit"),
        ("github.event.commits[0].author.email", "e-mail address of a commit's author"),
        ("github.event.comment", "github.event.comment, with the text of a comment"),
        ("github.event", "github.event, with the title of an issue and more"),
        ("github", "github, with the name of a pull request's branch and more"),
    ],
)
def test_what_a_stranger_controls(path: str, what: str) -> None:
    assert untrusted(next(references(parse(path)))) == what


@pytest.mark.parametrize(
    "path",
    """
    github.event.issue.number github.event.issue.title.more github.ref_name github.event.inputs.title
    github.event.client_payload.body inputs.title env.title steps.x.outputs.body github.event.repository.name
    github.event.issue.user.login title issue.title vars.body github.event.pages.page_name
    """.split(),
)
def test_not_on_the_list(path: str) -> None:
    assert untrusted(next(references(parse(path)))) is None


@pytest.mark.parametrize(
    "path",
    """
    github.run_id github.run_number github.run_attempt github.sha github.actor github.repository github.event_name
    github.workspace github.token github.base_ref github.job steps.build.outcome steps['x'].conclusion
    needs.build.result needs.*.result job.status runner.os runner.temp strategy.job-index vars.region
    secrets.TOKEN job.services.postgres.ports[5432] github.event.number github.event.issue.number
    github.event.pull_request.head.sha github.event.pull_request.merged github.event.after github.event.comment.id
    github.event.pull_request.user.login github.event.repository.full_name github.event.action
    github.event.pull_request.base.ref github.event.pull_request.head.repo.full_name
    github.event.workflow_run.conclusion github.event.repository.default_branch github.event.issue.created_at
    """.split(),
)
def test_harmless(path: str) -> None:
    """github/docs contexts.md says what each property is; "Webhook events and payloads" does for payloads; names of
    repositories hold only letters, digits, `.`, `-` and `_` (repository-limits.md, "Repository name")."""
    reference = next(references(parse(path)))
    assert harmless(reference)
    assert untrusted(reference) is None


@pytest.mark.parametrize(
    "path",
    """
    github github.event github.ref github.ref_name github.head_ref github.event.ref github.event.commits
    github.event.inputs.id github.event.client_payload.sha github.event.deployment.payload.id env.X inputs.id
    matrix.id steps.x.outputs.outcome steps.x needs.build.outputs.result github.event.*.id github.event.label.name
    github.event.release.tag_name github.workflow_ref github[vars.x]
    """.split(),
)
def test_not_known_to_be_harmless(path: str) -> None:
    assert harmless(next(references(parse(path)))) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("github.event.issue.title", ["github.event.issue.title"]),
        ("github.event.issue.title || 'none'", ["github.event.issue.title"]),
        ("format('{0} {1}', github.head_ref, 'x')", ["github.head_ref"]),
        ("join(github.event.commits.*.message, ' ')", ["github.event.commits.*.message"]),
        ("toJSON(github.event)", ["github.event"]),
        ("toJSON(github.event.issue.title)", ["github.event.issue.title"]),
        ("fromJSON(toJSON(github)).event", ["github"]),
        ("github.actor == 'x' && github.head_ref || github.event.comment.body", None),
        ("case(github.event.issue.title == 'x', github.head_ref, 'b')", ["github.head_ref"]),
        ("unknown(github.head_ref)", ["github.head_ref"]),
        # rendered as `Object`: actions/runner src/Sdk/Expressions/EvaluationResult.cs, ConvertToString
        ("github.event.issue", []),
        ("format('{0}', github.event)", []),
        # booleans and hashes
        ("github.event.issue.title == 'x'", []),
        ("!github.head_ref", []),
        ("contains(github.event.comment.body, '/run')", []),
        ("startsWith(github.head_ref, 'a') && 'yes' || 'no'", []),
        ("hashFiles(github.head_ref)", []),
        # `a && b` is b, or a falsy a, which has no text
        ("github.head_ref && 'pull request'", []),
        # an index chooses, it is not part of the value
        ("vars[github.head_ref]", []),
        ("github.sha", []),
    ],
)
def test_sources(text: str, found: list[str] | None) -> None:
    got = [text[reference.offset : reference.end] for reference, _ in sources(parse(text))]
    assert got == (["github.head_ref", "github.event.comment.body"] if found is None else found)
