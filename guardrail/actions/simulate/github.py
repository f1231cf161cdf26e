"""The `github` and `inputs` contexts of a scenario.

Source: github/docs, contexts, "github context" and "inputs context"; events page, `GITHUB_REF` of each event; webhook
events and payloads. What a scenario does not fix is a Symbol; what an event's payload does not have is null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from guardrail.actions import triggers
from guardrail.actions.expressions import Symbol, Value
from guardrail.actions.model import Pipeline, Scenario
from guardrail.actions.scenarios import domain
from guardrail.actions.steps import plain
from guardrail.actions.triggers import Input

_PULL = (
    "action number pull_request label assignee milestone changes requested_team requested_reviewer reason before after"
)
_PAYLOADS = {
    "push": "ref before after created deleted forced base_ref compare commits head_commit pusher",
    "pull_request": _PULL,
    "pull_request_target": _PULL,
    "pull_request_review": "action pull_request review changes",
    "pull_request_review_comment": "action pull_request comment changes",
    "merge_group": "action merge_group reason",
    "release": "action release changes",
    "workflow_dispatch": "inputs ref workflow",
    "workflow_run": "action workflow_run workflow",
    "schedule": "schedule workflow",
    "repository_dispatch": "action branch client_payload",
    "issues": "action issue changes label assignee milestone type issue_field",
    "issue_comment": "action issue comment changes",
    "create": "ref ref_type master_branch description pusher_type",
    "delete": "ref ref_type pusher_type",
    "deployment": "action deployment workflow workflow_run",
    "deployment_status": "action deployment deployment_status check_run workflow workflow_run",
    "check_run": "action check_run requested_action",
    "check_suite": "action check_suite",
}
"""Top-level properties of payloads; events that are not listed may have any."""

_ALWAYS_IN_PAYLOAD = frozenset({"repository", "sender", "organization", "enterprise", "installation"})

_SET = frozenset(
    "actor actor_id api_url event_path graphql_url repository repository_id repository_owner repository_owner_id "
    "repositoryurl retention_days run_id run_number run_attempt secret_source server_url sha token triggering_actor "
    "workflow workflow_ref workflow_sha workspace action job env path".split()
)
"""Properties of `github` that are never empty."""

Tree = dict[str, object]


class Github:
    """Looks up the `github` context of one scenario."""

    def __init__(self, scenario: Scenario, pipeline: Pipeline, default_branch: str = "main") -> None:
        self.inputs = _Inputs(scenario, pipeline)
        self.domains = dict(self.inputs.domains)
        self._called = scenario.event == "workflow_call"
        self._event = scenario.event
        self._known = _known(scenario, pipeline.name, default_branch)
        crons = triggers.trigger("schedule", _config(pipeline, "schedule")).crons
        if scenario.event == "schedule" and crons:
            self.domains["github.event.schedule"] = crons

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """The value at a path whose first step is `github`."""
        if steps[1:3] == ("event", "inputs"):
            return (
                None if self._event not in ("workflow_dispatch", "workflow_call") else self.inputs.of_event(steps[3:])
            )
        node: object = self._known
        for step in steps[1:]:
            if not isinstance(node, dict):
                return None  # a property of a string
            if step not in node:
                return self._unlisted(steps)
            node = node[step]
        return Symbol(".".join(steps), True) if isinstance(node, dict) else node

    def _unlisted(self, steps: tuple[str, ...]) -> Value:
        name = ".".join(steps)
        if len(steps) == 2:
            return Symbol(name, True if steps[1] in _SET else None)
        if steps[1] != "event":
            return None
        payload = _PAYLOADS.get(self._event)
        if payload is not None and steps[2] not in _ALWAYS_IN_PAYLOAD and steps[2] not in payload.split():
            return None
        return Symbol(name)


def _config(pipeline: Pipeline, event: str) -> Mapping[str, object]:
    found = pipeline.triggers.get(event)
    return found if isinstance(found, Mapping) else {}


def _known(scenario: Scenario, name: str, default_branch: str) -> Tree:
    """What a scenario fixes of `github`, as nested dicts."""
    if scenario.event == "workflow_call":
        return {"workflow": Symbol("github.workflow", True)}
    known: Tree = {
        "event_name": scenario.event,
        "workflow": name,
        "base_ref": scenario.base if scenario.event in ("pull_request", "pull_request_target") else "",
        "head_ref": scenario.head if scenario.event in ("pull_request", "pull_request_target") else "",
        "event": _event(scenario, default_branch),
    }
    if scenario.ref:
        known["ref"] = scenario.ref
        known["ref_name"] = scenario.ref.split("/", 2)[2]
        known["ref_type"] = "tag" if scenario.ref.startswith("refs/tags/") else "branch"
    return known


def _event(scenario: Scenario, default_branch: str) -> Tree:
    event: Tree = {"repository": {"default_branch": default_branch}}
    if scenario.action:
        event["action"] = scenario.action
    elif scenario.event not in ("repository_dispatch", "deployment", "deployment_status"):
        event["action"] = None
    more = _EVENTS.get(scenario.event)
    return {**event, **(more(scenario) if more else {})}


def _push(scenario: Scenario) -> Tree:
    head: object = {"id": Symbol("github.event.head_commit.id", True)}
    return {"ref": scenario.ref, "head_commit": head, "deleted": False}


def _pull_request(scenario: Scenario) -> Tree:
    return {
        "number": Symbol("github.event.number", True),
        "pull_request": {
            "number": Symbol("github.event.pull_request.number", True),
            "merged": scenario.merged,
            "state": "closed" if scenario.action == "closed" else "open",
            "base": {"ref": scenario.base, "sha": Symbol("github.event.pull_request.base.sha", True)},
            "head": {"ref": scenario.head, "sha": Symbol("github.event.pull_request.head.sha", True)},
            "user": {"login": Symbol("github.event.pull_request.user.login", True)},
        },
    }


def _release(scenario: Scenario) -> Tree:
    release: Tree = {"tag_name": scenario.ref.removeprefix("refs/tags/"), "id": Symbol("github.event.release.id", True)}
    if scenario.action in ("published", "released", "prereleased"):
        release["draft"] = False
    if scenario.action in ("released", "prereleased"):
        release["prerelease"] = scenario.action == "prereleased"
    return {"release": release}


def _workflow_run(scenario: Scenario) -> Tree:
    """The upstream run; it has no conclusion until it is completed."""
    run: Tree = {
        "conclusion": scenario.conclusion or None,
        "status": "completed" if scenario.action == "completed" else Symbol("github.event.workflow_run.status", True),
        "event": scenario.origin,
        "head_branch": scenario.head,
        "head_sha": Symbol("github.event.workflow_run.head_sha", True),
        "id": Symbol("github.event.workflow_run.id", True),
    }
    if scenario.upstream:
        run["name"] = scenario.upstream
    return {"workflow_run": run}


def _merge_group(scenario: Scenario) -> Tree:
    return {"merge_group": {"base_ref": f"refs/heads/{scenario.base}", "head_ref": scenario.ref}}


def _comment(scenario: Scenario) -> Tree:
    return {"issue": {"number": Symbol("github.event.issue.number", True)}}


_EVENTS: Mapping[str, Callable[[Scenario], Tree]] = {
    "push": _push,
    "pull_request": _pull_request,
    "pull_request_target": _pull_request,
    "pull_request_review": _pull_request,
    "pull_request_review_comment": _pull_request,
    "release": _release,
    "workflow_run": _workflow_run,
    "merge_group": _merge_group,
    "issue_comment": _comment,
    "issues": _comment,
}


class _Inputs:
    """The inputs of a dispatch, or of a call by an unknown workflow."""

    def __init__(self, scenario: Scenario, pipeline: Pipeline) -> None:
        event = scenario.event if scenario.event in ("workflow_dispatch", "workflow_call") else ""
        declared: Sequence[Input] = triggers.inputs(_config(pipeline, event).get("inputs")) if event else ()
        self._values = {one.name.lower(): _value(one, scenario) for one in declared}
        self.domains: dict[str, Sequence[Value]] = {}
        for one in declared:
            if isinstance(self._values[one.name.lower()], Symbol) and (found := domain(one)):
                self.domains[_name(one)] = found
                if one.type == "boolean":
                    self.domains[f"github.event.{_name(one)}"] = [plain(value) for value in found]

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """The value at a path whose first step is `inputs`, where booleans stay what they are."""
        if len(steps) == 1:
            return dict(self._values)
        return self._values.get(steps[1]) if len(steps) == 2 else None

    def of_event(self, steps: tuple[str, ...]) -> Value:
        """The value at a path below `github.event.inputs`, where all are strings (events page, "inputs")."""
        if not steps:
            return {name: self._string(name) for name in self._values}
        return self._string(steps[0]) if len(steps) == 1 else None

    def _string(self, name: str) -> Value:
        value = self._values.get(name)
        apart = f"github.event.inputs.{name}"
        if value is None or isinstance(value, Symbol):
            return Symbol(apart) if apart in self.domains else value
        return plain(value)


def _value(declared: Input, scenario: Scenario) -> Value:
    if declared.name in scenario.inputs:
        return scenario.inputs[declared.name]
    return Symbol(_name(declared))


def _name(declared: Input) -> str:
    return f"inputs.{declared.name.lower()}"
