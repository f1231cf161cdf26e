"""The shape of a workflow file.

Sources: github/docs `content/actions/reference/workflows-and-actions/workflow-syntax.md`, and the schema that GitHub
itself reads with, actions/runner `src/Sdk/WorkflowParser/workflow-v1.0.json` (where `X: null` is accepted, an
expression is, and which keys are told apart). Keys that the documentation knows and that copy of the schema does not
(`queue`, `timezone`, `deployment`, `parallel`, `background`, `wait` ...) are newer. As of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.actions.syntax.on import ON
from guardrail.actions.syntax.scalars import FILLED, FLAG, MINUTES, NUMBER, TEXT, TEXT_OR_TEXTS, words
from guardrail.actions.syntax.shape import ANY, Scalar, Shape


def _env(name: str) -> Shape:
    return Shape(name, rest=TEXT, expression=True)


ENV = _env("env")

_LEVEL = words("read", "write", "none")
SCOPES: Mapping[str, Shape] = {
    **dict.fromkeys(
        "actions artifact-metadata attestations checks contents deployments discussions issues packages pages "
        "pull-requests repository-projects security-events statuses vulnerability-alerts workflows".split(),
        _LEVEL,
    ),
    "id-token": words("write", "none"),
    "models": words("read", "none"),
}
"""The scopes of GITHUB_TOKEN (workflow syntax, "permissions")."""

PERMISSIONS = Shape("permissions", Scalar("filled", ("read-all", "write-all")), keys=SCOPES)

CONCURRENCY = Shape(
    "concurrency",
    Scalar(),
    keys={"group": FILLED, "cancel-in-progress": FLAG, "queue": words("single", "max")},
    required=("group",),
    expression=True,
)
DEFAULTS = Shape(
    "defaults",
    keys={
        "run": Shape("defaults.run", keys={"shell": FILLED, "working-directory": FILLED}, expression=True),
    },
)

_STEP_ID, _IF = FILLED, Shape("a condition", Scalar())
_STEP = {
    "name": TEXT,
    "id": _STEP_ID,
    "if": _IF,
    "continue-on-error": FLAG,
    "timeout-minutes": MINUTES,
    "env": ENV,
    "background": FLAG,
}
RUN_STEP = Shape(
    "a run step",
    keys={**_STEP, "run": TEXT, "shell": FILLED, "working-directory": TEXT},
    excluded={"with": "goes with uses; a run step takes its values from env"},
)
USES_STEP = Shape(
    "a uses step",
    keys={**_STEP, "uses": FILLED, "with": Shape("with", rest=TEXT, expression=True)},
    excluded={
        "shell": "goes with run; an action chooses its shell itself",
        "working-directory": "goes with run; GitHub refuses it beside uses",
        "run": "stands beside uses; a step has one of them",
    },
)
_ALWAYS_RUNS = "is not supported here; a wait or cancel step always runs"
_SYNC = {k: _STEP[k] for k in ("name", "id", "continue-on-error", "timeout-minutes")}
_SYNC_STEPS = {
    "wait": Shape("a wait step", keys={**_SYNC, "wait": TEXT_OR_TEXTS}, excluded={"if": _ALWAYS_RUNS}),
    "wait-all": Shape("a wait-all step", keys={**_SYNC, "wait-all": ANY}, excluded={"if": _ALWAYS_RUNS}),
    "cancel": Shape("a cancel step", keys={**_SYNC, "cancel": FILLED}, excluded={"if": _ALWAYS_RUNS}),
}
_KINDS_OF_STEP = ("uses", "run", "parallel", *_SYNC_STEPS)
_NO_STEP = Shape("a step", keys={**RUN_STEP.keys, **USES_STEP.keys}, required=("run or uses",))  # type: ignore[dict-item]


def step_shape(step: Mapping[str, object]) -> Shape:
    """The shape of a step by what it has (workflow syntax, `jobs.<job_id>.steps[*].run`, `uses`, `parallel` ...)."""
    kind = next((k for k in _KINDS_OF_STEP if k in step), "")
    if kind in _SYNC_STEPS:
        return _SYNC_STEPS[kind]
    return {"uses": USES_STEP, "run": RUN_STEP, "parallel": PARALLEL_STEP}.get(kind, _NO_STEP)


def _grouped_shape(step: Mapping[str, object]) -> Shape:
    kind = next((k for k in _KINDS_OF_STEP if k in step), "")
    return {"uses": USES_STEP, "run": RUN_STEP, "": _NO_STEP}.get(kind, _NOT_GROUPED)


_NOT_GROUPED = Shape(
    "a step",
    keys=_NO_STEP.keys,
    excluded=dict.fromkeys(("parallel", *_SYNC_STEPS), "does not go into a parallel group; its steps run or use"),
)
GROUPED_STEP = Shape("a step of a parallel group", choose=_grouped_shape)
PARALLEL_STEP = Shape(
    "a parallel step",
    keys={"name": TEXT, "id": _STEP_ID, "if": _IF, "parallel": Shape("parallel", items=GROUPED_STEP, least=1)},
    excluded=dict.fromkeys(("run", "uses", "with", "env", "shell"), "belongs to the steps of the group"),
)
STEPS = Shape("steps", items=Shape("a step", choose=step_shape))

_CREDENTIALS = Shape("credentials", keys={"username": FILLED, "password": FILLED}, expression=True)
_CONTAINER = {
    "image": TEXT,
    "options": TEXT,
    "env": ENV,
    "ports": Shape("ports", items=FILLED, expression=True),
    "volumes": Shape("volumes", items=FILLED, expression=True),
    "credentials": _CREDENTIALS,
}
CONTAINER = Shape("container", Scalar(), keys=_CONTAINER, required=("image",), expression=True)
SERVICE = Shape(
    "a service",
    Scalar("filled"),
    keys={**_CONTAINER, "command": TEXT, "entrypoint": TEXT},
    required=("image",),
    expression=True,
)

_FILTER = Shape("a filter", items=Shape("an entry", rest=ANY, expression=True, least=1), expression=True)
MATRIX = Shape(
    "matrix",
    keys={"include": _FILTER, "exclude": _FILTER},
    rest=Shape("a list of values", items=ANY, expression=True, least=1),
    expression=True,
    least=1,
)
STRATEGY = Shape(
    "strategy",
    keys={"matrix": MATRIX, "fail-fast": FLAG, "max-parallel": Shape("a number", Scalar("number", least=1))},
    expression=True,
)

RUNS_ON = Shape(
    "runs-on",
    Scalar("filled"),
    items=FILLED,
    keys={"group": FILLED, "labels": TEXT_OR_TEXTS},
    expression=True,
    least=1,
)
ENVIRONMENT = Shape(
    "environment", Scalar(), keys={"name": TEXT, "url": TEXT, "deployment": FLAG}, required=("name",), expression=True
)
SNAPSHOT = Shape(
    "snapshot",
    Scalar("filled"),
    keys={"image-name": FILLED, "if": _IF, "version": FILLED},
    required=("image-name",),
    expression=True,
)

_ANY_JOB = {
    "name": TEXT,
    "needs": TEXT_OR_TEXTS,
    "if": _IF,
    "strategy": STRATEGY,
    "permissions": PERMISSIONS,
    "concurrency": CONCURRENCY,
}
JOB = Shape(
    "a job",
    keys={
        **_ANY_JOB,
        "runs-on": RUNS_ON,
        "timeout-minutes": MINUTES,
        "cancel-timeout-minutes": NUMBER,
        "continue-on-error": FLAG,
        "container": CONTAINER,
        "services": Shape("services", rest=SERVICE, expression=True),
        "env": ENV,
        "environment": ENVIRONMENT,
        "outputs": Shape("outputs", rest=TEXT),
        "defaults": DEFAULTS,
        "steps": STEPS,
        "snapshot": SNAPSHOT,
    },
    required=("runs-on",),
    excluded={
        "with": "goes with uses; this job calls no workflow",
        "secrets": "goes with uses; this job calls no workflow",
    },
)
CALLING_JOB = Shape(
    "a job that calls a workflow",
    keys={
        **_ANY_JOB,
        "uses": FILLED,
        "with": Shape("with", rest=Shape("a value", Scalar())),
        "secrets": Shape("secrets", Scalar("filled", ("inherit",)), rest=Shape("a value", Scalar())),
    },
    excluded={key: "is not allowed beside uses" for key in JOB.keys or () if key not in _ANY_JOB},
)
_NO_JOB = Shape("a job", keys={**(JOB.keys or {}), **(CALLING_JOB.keys or {})}, required=("runs-on or uses",))


def job_shape(job: Mapping[str, object]) -> Shape:
    """The shape of a job: one that runs, one that calls a reusable workflow, or neither."""
    if "uses" in job:
        return CALLING_JOB
    if "runs-on" in job or "steps" in job:
        return JOB
    return _NO_JOB


WORKFLOW = Shape(
    "a workflow",
    keys={
        "name": TEXT,
        "description": TEXT,
        "run-name": TEXT,
        "on": ON,
        "permissions": PERMISSIONS,
        "env": ENV,
        "defaults": DEFAULTS,
        "concurrency": CONCURRENCY,
        "jobs": Shape("jobs", rest=Shape("a job", choose=job_shape), least=1),
    },
    required=("on", "jobs"),
)
