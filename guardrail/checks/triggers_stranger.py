"""A stranger who starts a run: what conditions come to for somebody without any rights in the repository.

A job whose condition is false for a stranger is guarded, whatever way it is written: by repository, by author
association, by user, by label. Nothing is assumed of what only a run can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guardrail.actions import expressions, triggers
from guardrail.actions.expressions import Atom, ExpressionError, Symbol, Value
from guardrail.views.workflows import Job, Step

PULL_REQUESTS = ("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment")
PRIVILEGED = frozenset(
    "discussion discussion_comment fork gollum issue_comment issues merge_group pull_request_target push watch "
    "workflow_run".split()
)
"""Events on which a run has the repository's secrets and a token that may write, although a stranger's text or code
takes part (github/docs, "Events that trigger workflows": of pull request events all but `pull_request_target` come
without them from a fork). A push takes part with commits that were merged."""

_BY_INSIDERS = ("push", "merge_group")
"""Events that somebody with rights causes, with a stranger's commits in them."""

_MOST_NEEDS = 100
_STRANGER = "a stranger"
_PREFIXES = (f"startsWith({_STRANGER}", f"endsWith({_STRANGER}")
_FORK = "a stranger's repository"
_ASSOCIATION = "a stranger's association"
_INSIDE = ("OWNER", "MEMBER", "COLLABORATOR")
_OUTSIDE = ("CONTRIBUTOR", "FIRST_TIMER", "NONE", "MANNEQUIN")
"""Associations of an author (github/docs, GraphQL `CommentAuthorAssociation`): whoever had one commit merged is a
contributor for good."""

_INSIDERS = frozenset(
    "labeled unlabeled assigned unassigned milestoned demilestoned locked unlocked enqueued dequeued pinned unpinned "
    "review_requested review_request_removed auto_merge_enabled auto_merge_disabled transferred".split()
)
"""Activity types that take rights in the repository ("Repository roles for an organization")."""

ACTORS = ("github.actor", "github.triggering_actor", "github.event.sender.login")
_LOGINS = (
    "github.actor",
    "github.triggering_actor",
    "github.event.sender.login",
    "github.event.comment.user.login",
    "github.event.issue.user.login",
    "github.event.review.user.login",
    "github.event.discussion.user.login",
    "github.event.pull_request.user.login",
    "github.event.pull_request.head.user.login",
    "github.event.pull_request.head.repo.owner.login",
    "github.event.workflow_run.actor.login",
    "github.event.workflow_run.triggering_actor.login",
    "github.event.workflow_run.head_repository.owner.login",
    "github.event.workflow_run.head_commit.author.name",
)
_REPOSITORIES = (
    "github.event.pull_request.head.repo.full_name",
    "github.event.workflow_run.head_repository.full_name",
    "github.event.pull_request.head.repo.id",
    "github.event.pull_request.head.repo.url",
    "github.event.workflow_run.head_repository.id",
)
BROUGHT: Mapping[str, tuple[str, ...]] = {
    "pull_request": PULL_REQUESTS,
    "issue": ("issues", "issue_comment"),
    "comment": ("issue_comment", "discussion_comment", "pull_request_review_comment"),
    "review": ("pull_request_review",),
    "review_comment": ("pull_request_review_comment",),
    "discussion": ("discussion", "discussion_comment"),
    "answer": ("discussion",),
    "changes": (*PULL_REQUESTS, "issues", "issue_comment", "discussion", "discussion_comment"),
    "pages": ("gollum",),
    "forkee": ("fork",),
    "head_commit": ("push",),
    "commits": ("push",),
    "merge_group": ("merge_group",),
    "workflow_run": ("workflow_run",),
    "workflow": ("workflow_run", "workflow_dispatch", "schedule"),
    "check_suite": ("check_suite",),
    "check_run": ("check_run",),
    "inputs": ("workflow_dispatch",),
    "client_payload": ("repository_dispatch",),
    "release": ("release",),
    "deployment": ("deployment", "deployment_status"),
}
"""Objects of the payload, and the events that bring them (webhook payloads); on others there is nothing."""

_KNOWN: Mapping[str, Value] = {
    **dict.fromkeys(_LOGINS, Symbol(_STRANGER, True)),
    **dict.fromkeys(_REPOSITORIES, Symbol(_FORK, True)),
    **{
        f"github.event.{kind}.author_association": Symbol(_ASSOCIATION, True)
        for kind in ("comment", "issue", "pull_request", "review", "discussion")
    },
    "github.event.pull_request.head.repo.fork": True,
    "github.event.workflow_run.head_repository.fork": True,
    "github.event.workflow_run.event": "pull_request",
    "github.event.sender.type": "User",
    "github.event.comment.user.type": "User",
    "github.event.pull_request.user.type": "User",
}
_LABELS = ("github.event.pull_request.labels", "github.event.issue.labels")
_WAITED_FOR: Mapping[str, Value] = {
    "github.event.pull_request.merged": False,
    "github.event.pull_request.merged_at": None,
    "github.event.pull_request.merged_by": None,
    "github.event.pull_request.auto_merge": None,
    "github.event.label": None,
    "github.event.label.name": None,
}
"""What somebody with rights has to do first: label, merge."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A world for expressions (`guardrail.actions.expressions.World`): `event` is what the stranger causes.

    One who is `patient` waits until somebody labels or merges: that is no obstacle to text that is there already.
    With an `actor` the last act was not the stranger's own, as when a bot is made to update their pull request.
    `labelled` is one who has got a label already, and pushes again.
    """

    event: str
    patient: bool = False
    actor: str = ""
    labelled: bool = False

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """What is known of a context path."""
        path = ".".join(steps)
        if path == "github.event_name":
            return self.event
        if (
            steps[:2] == ("github", "event")
            and len(steps) > 2
            and self.event not in BROUGHT.get(steps[2], (self.event,))
        ):
            return None
        if self.actor and path in ACTORS:
            return self.actor
        if path in _KNOWN and self.event not in _BY_INSIDERS:
            return _KNOWN[path]
        if path in _LABELS:
            return Symbol(path) if self.patient or self.labelled else []
        if path in _WAITED_FOR and not self.patient:
            return _WAITED_FOR[path]
        return Symbol(path, True if len(steps) == 3 and steps[2] in BROUGHT else None)

    def decide(self, atom: Atom) -> bool | None:
        """A stranger is none of those that are named; their repository is not the one at hand."""
        if atom.kind == "equals" and atom.subject == _ASSOCIATION:
            return False if str(atom.literal).upper() in _INSIDE else None
        if atom.kind == "equals" and atom.subject in (_STRANGER, _FORK):
            return False
        if atom.kind != "truthy":
            return None
        if _ASSOCIATION in atom.subject:
            return None if any(word in atom.subject for word in _OUTSIDE) else False
        named = [who for who in (_STRANGER, _FORK) if who in atom.subject]
        if not named:
            return None
        if " == " in atom.subject or atom.subject.startswith(("contains(", *_PREFIXES)):
            return _same_person(atom.subject)
        return None

    def status(self, name: str) -> Value:
        """`always()` holds; of the others nothing is known."""
        return True if name == "always" else Symbol(f"{name}()")


def _same_person(subject: str) -> bool:
    """Whether two Symbols are equal: names of one stranger are, others are not."""
    left, equals, right = subject.partition(" == ")
    return bool(equals) and {left, right} == {_STRANGER}


def brings(event: str, steps: Sequence[str | None]) -> bool:
    """Whether an event's payload has what a context path leads to, as far as that is known."""
    if steps[:2] == ("github", "head_ref"):
        return event in ("pull_request", "pull_request_target")
    if steps[:2] != ("github", "event") or len(steps) < 3:
        return True
    return event in BROUGHT.get(str(steps[2]), (event,))


@dataclass(slots=True)
class Reach:
    """Which jobs and steps of a workflow a stranger gets to run, by event."""

    data: Mapping[str, object]
    patient: bool = False
    actor: str = ""
    labelled: bool = False
    _jobs: dict[tuple[str, str], bool] = field(default_factory=dict)

    def job(self, job: Job, event: str, depth: int = 0) -> bool:
        """Whether a job may run: its own condition, and those of the jobs that must succeed before it."""
        key = (job.id, event)
        if depth > _MOST_NEEDS:
            return True
        if key not in self._jobs:
            self._jobs[key] = True  # a circle of needs runs never; it is not for this check to say so
            self._jobs[key] = self._runs(job, event, depth)
        return self._jobs[key]

    def _runs(self, job: Job, event: str, depth: int) -> bool:
        condition = expressions.condition(job.data.get("if"))
        if not self.holds(job.data.get("if"), event):
            return False
        if not condition.implicit_success:
            return True
        jobs = self.data.get("jobs")
        for name in triggers.strings(job.data.get("needs")):
            needed = jobs.get(name) if isinstance(jobs, Mapping) else None
            if isinstance(needed, dict) and not self.job(Job(name, needed, ()), event, depth + 1):
                return False
        return True

    def step(self, step: Step, event: str) -> bool:
        """Whether a step may run."""
        if step.job.id and not self.job(step.job, event):
            return False
        return self.holds(step.data.get("if"), event)

    def holds(self, value: object, event: str) -> bool:
        """Whether a condition may hold."""
        condition = expressions.condition(value)
        if condition.node is None or condition.fenced:
            return True
        try:
            return expressions.holds(condition, Stranger(event, self.patient, self.actor, self.labelled)) is not False
        except ExpressionError:
            return True


def started_by(data: Mapping[str, object]) -> dict[str, triggers.Config]:
    """The events of a workflow, without those whose activity types only somebody with rights can cause."""
    found = {}
    for event, config in triggers.events(data).items():
        types = triggers.strings(config.get("types"))
        if not types or not _INSIDERS.issuperset(types):
            found[event] = config
    return found


def ancestors(data: Mapping[str, object], job: Job) -> Iterator[Job]:
    """The jobs that a job needs, and those that these need, each once."""
    jobs = data.get("jobs")
    known = {found.id: found for found in _all(jobs)}
    pending, seen = list(triggers.strings(job.data.get("needs"))), {job.id}
    while pending:
        name = pending.pop()
        if name in known and name not in seen:
            seen.add(name)
            yield known[name]
            pending.extend(triggers.strings(known[name].data.get("needs")))


def _all(jobs: object) -> Iterator[Job]:
    for id_, data in jobs.items() if isinstance(jobs, Mapping) else ():
        if isinstance(data, dict):
            yield Job(id_, data, ("jobs", id_))
