"""Which contexts and functions an expression may use at which key of a workflow or an action.

Sources: github/docs `content/actions/reference/workflows-and-actions/contexts.md`, section "Context availability";
for keys it does not list (those below `runs`, `inputs` and `outputs` of an action, `shell`, `snapshot`) the schemas
of actions/languageservices, `workflow-parser/src/action-v1.0.json` and `workflow-v1.0.json`.
"""

from __future__ import annotations

from functools import lru_cache

EVERYWHERE = frozenset("case contains endswith format fromjson join startswith tojson".split())
"""Functions that may be used wherever an expression may, lower-cased."""

CONTEXTS = frozenset("env github inputs job jobs matrix needs runner secrets steps strategy vars".split())
"""Every context there is."""

STATUS = frozenset({"always", "cancelled", "failure", "success"})
"""Functions that tell how a run went so far: only for conditions."""

_EARLY = "github inputs vars"
_LEGS = f"{_EARLY} needs strategy matrix"
_RUNNING = f"{_LEGS} job runner env secrets"
_STEP = f"{_RUNNING} steps hashfiles"
_STEP_IF = f"{_LEGS} job runner env steps hashfiles always cancelled success failure"
_ACTION_STEP = "github inputs strategy matrix steps job runner env hashfiles"
_ACTION_IF = f"{_ACTION_STEP} always cancelled success failure"
_HOOK_IF = "github inputs strategy matrix job runner env hashfiles always cancelled success failure"

_TABLE = {
    "run-name": _EARLY,
    "concurrency": _EARLY,
    "env": f"{_EARLY} secrets",
    "jobs.<job_id>.concurrency": _LEGS,
    "jobs.<job_id>.container": _LEGS,
    "jobs.<job_id>.container.credentials": f"{_LEGS} env secrets",
    "jobs.<job_id>.container.env.<env_id>": _RUNNING,
    "jobs.<job_id>.container.image": _LEGS,
    "jobs.<job_id>.continue-on-error": _LEGS,
    "jobs.<job_id>.defaults.run": f"{_LEGS} env",
    "jobs.<job_id>.env": f"{_LEGS} secrets",
    "jobs.<job_id>.environment": _LEGS,
    "jobs.<job_id>.environment.url": f"{_LEGS} job runner env steps",
    "jobs.<job_id>.if": f"{_EARLY} needs always cancelled success failure",
    "jobs.<job_id>.name": _LEGS,
    "jobs.<job_id>.outputs.<output_id>": f"{_RUNNING} steps",
    "jobs.<job_id>.runs-on": _LEGS,
    "jobs.<job_id>.secrets.<secrets_id>": f"{_LEGS} secrets",
    "jobs.<job_id>.services": _LEGS,
    "jobs.<job_id>.services.<service_id>.credentials": f"{_LEGS} env secrets",
    "jobs.<job_id>.services.<service_id>.env.<env_id>": _RUNNING,
    "jobs.<job_id>.snapshot.if": _LEGS,
    "jobs.<job_id>.steps.continue-on-error": _STEP,
    "jobs.<job_id>.steps.env": _STEP,
    "jobs.<job_id>.steps.if": _STEP_IF,
    "jobs.<job_id>.steps.name": _STEP,
    "jobs.<job_id>.steps.run": _STEP,
    "jobs.<job_id>.steps.shell": _STEP,
    "jobs.<job_id>.steps.timeout-minutes": _STEP,
    "jobs.<job_id>.steps.with": _STEP,
    "jobs.<job_id>.steps.working-directory": _STEP,
    "jobs.<job_id>.strategy": f"{_EARLY} needs",
    "jobs.<job_id>.timeout-minutes": _LEGS,
    "jobs.<job_id>.with.<with_id>": _LEGS,
    "on.workflow_call.inputs.<inputs_id>.default": _EARLY,
    "on.workflow_call.outputs.<output_id>.value": f"{_EARLY} jobs",
    # actions
    "inputs.<input_id>.default": "github strategy matrix job runner hashfiles",
    "outputs.<output_id>.value": "github strategy matrix steps inputs job runner env",
    "runs.args": "inputs",
    "runs.env": "inputs",
    "runs.post-if": _HOOK_IF,
    "runs.pre-if": _HOOK_IF,
    "runs.steps.continue-on-error": _ACTION_STEP,
    "runs.steps.env": _ACTION_STEP,
    "runs.steps.if": _ACTION_IF,
    "runs.steps.name": _ACTION_STEP,
    "runs.steps.run": _ACTION_STEP,
    "runs.steps.shell": _ACTION_STEP,
    "runs.steps.with": _ACTION_STEP,
    "runs.steps.working-directory": _ACTION_STEP,
}

KEYS = tuple(_TABLE)
"""The keys that may hold expressions, as the documentation writes them (`jobs.<job_id>.steps.if`)."""


@lru_cache(maxsize=64)
def available(key: str) -> tuple[frozenset[str], frozenset[str]]:
    """The contexts and the functions, lower-cased, that an expression may use at a key; KeyError for other keys."""
    words = frozenset(_TABLE[key].split())
    return words & CONTEXTS, (words - CONTEXTS) | EVERYWHERE
