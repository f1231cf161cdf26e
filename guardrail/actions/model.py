"""A workflow as it would run: steps with what they do, jobs with what they wait for, and traces of runs.

Plain records without behaviour. `guardrail.actions.pipeline` builds them, `guardrail.actions.recognise` fills in
what a step does, `guardrail.actions.simulate` plays them through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.model.place import Pointer

SUCCESS, FAILURE, SKIPPED, CANCELLED = "success", "failure", "skipped", "cancelled"
"""Results of jobs, outcomes and conclusions of steps, in GitHub's words."""

ENFORCING, REPORT_ONLY, MASKED, NOT_KNOWN = "enforcing", "report-only", "masked", "unknown"
"""Teeth: whether what a step finds can fail it."""

TESTS = frozenset({"unit-test", "integration-test", "e2e"})
"""Capabilities that run tests of some sort."""


class Ability(NamedTuple):
    """Something a step does: `capability` is a word of the recognition table, such as `unit-test` or `deploy`.

    `teeth` says whether it can fail the step, `reason` why, in words that read after "because". `evidence` is the
    text that showed it, `order` its position within the step's script. `details` are facts by name: `tool`,
    `environment`, `image`, `severity`, `coverage`, `namespace` ... `via` names the scripts it was found through
    (`package.json: scripts.test`). With `sure` false it is only a hint, such as a name.
    """

    capability: str
    teeth: str = ENFORCING
    reason: str = ""
    evidence: str = ""
    order: int = 0
    details: Mapping[str, str] = {}
    via: tuple[str, ...] = ()
    sure: bool = True


class Step(NamedTuple):
    """A step of a job, or of a composite action when it is below another step.

    `key` is unique within the pipeline (`deploy/2`, `deploy/2/0`); `opaque` says why it may do more than is known,
    or is empty. `inputs` are those of the composite action it belongs to, as expressions of the caller. `action` is
    the data of the local action it uses, and `steps` are that action's; those of a `parallel` group are its members.
    `shell` is the one somebody set for its script: step, job or workflow; empty when nobody did.
    """

    key: str
    pointer: Pointer
    data: Mapping[str, object]
    id: str = ""
    name: str = ""
    abilities: tuple[Ability, ...] = ()
    opaque: str = ""
    steps: tuple[Step, ...] = ()
    inputs: Mapping[str, object] = {}
    action: Mapping[str, object] = {}
    shell: str = ""


class Job(NamedTuple):
    """A job, with those of a reusable workflow inlined behind it: `release` calls, `release/publish` is called.

    `legs` are the matrix combinations, one empty leg without a matrix, None when only a run can tell. `caller` is
    the id of the calling job; `inputs` are what it passes, as expressions of the caller. `opaque` says why the jobs
    behind a call are not known. `called` are the ids of the jobs it calls. `workflow` is the data of the file the job
    stands in, whose `env` and declared inputs hold for it. `defect` says why GitHub would refuse the file for this
    job's sake; such a job never runs. `short` is the id within
    its own file.
    """

    id: str
    pointer: Pointer
    data: Mapping[str, object]
    name: str = ""
    needs: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    legs: tuple[Mapping[str, object], ...] | None = ({},)
    caller: str = ""
    called: tuple[str, ...] = ()
    inputs: Mapping[str, object] = {}
    opaque: str = ""
    workflow: Mapping[str, object] = {}
    defect: str = ""
    short: str = ""


class Pipeline(NamedTuple):
    """A workflow with everything it calls inlined, its jobs in an order in which they can run.

    `triggers` are its events with their configuration; `defects` are faults that keep parts from being understood.
    """

    file: str
    name: str
    data: Mapping[str, object]
    triggers: Mapping[str, object]
    jobs: Mapping[str, Job]
    defects: tuple[str, ...] = ()


class Scenario(NamedTuple):
    """One concrete way in which a run starts.

    `ref` is the full ref (`refs/heads/main`, `refs/tags/v1.0.0`, `refs/pull/1/merge`); `action` the activity type;
    `base` the target branch of a pull request; `inputs` those of a dispatch or call that are fixed; `upstream` and
    `conclusion` the workflow that a `workflow_run` follows and how it ended, `origin` the event that started that
    one. `head` is the source branch of a pull request, or the branch the upstream workflow ran on; `merged` tells a
    merged pull request from one that was closed. `trusted` is false where code or text of a stranger starts the run.
    `label` is how reports name it: `push to main`.
    """

    event: str
    ref: str = ""
    action: str = ""
    base: str = ""
    inputs: Mapping[str, object] = {}
    upstream: str = ""
    conclusion: str = ""
    trusted: bool = True
    label: str = ""
    head: str = ""
    origin: str = ""
    merged: bool = False


class Assumption(NamedTuple):
    """What a run depends on and no file tells: `vars.SKIP == 'true'` holds, or does not.

    `documented` is false where it is no choice of the outside world but something that is not understood: what
    GitHub does where nobody has written it down, or how a script ends that could not be followed. A verdict that
    hangs on such an assumption is no proof of anything.
    """

    text: str
    holds: bool
    documented: bool = True


class StepRun(NamedTuple):
    """What becomes of a step: whether it ran, outcome and conclusion, and because of what.

    `reached` is how far its script got: abilities whose `order` is smaller have run; -1 for all of them.
    """

    ran: bool
    outcome: str
    conclusion: str
    because: str = ""
    reached: int = -1


class JobRun(NamedTuple):
    """What becomes of a job, because of what, and its steps by key (those of all legs taken together).

    `environment` is the name of the environment it runs in, as far as it is known in this run.
    """

    result: str
    because: str = ""
    steps: Mapping[str, StepRun] = {}
    environment: str = ""


class Trace(NamedTuple):
    """One run played through: what started it, what was assumed, what became of every job."""

    scenario: Scenario
    assumptions: tuple[Assumption, ...]
    jobs: Mapping[str, JobRun]


class Fault(NamedTuple):
    """An ability made to fail in a simulation: the step's key and the position in its script."""

    step: str
    order: int = 0
