"""A pipeline made ready to be played through: conditions parsed once, and what can never differ settled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guardrail.actions.model import Job, Pipeline, Step
from guardrail.actions.scenarios import known_names
from guardrail.actions.simulate.endings import Kept, Own, own_ending
from guardrail.actions.simulate.when import NOT_IN_JOBS, NOT_IN_STEPS, When, when

Data = Mapping[str, object]

STEP, WAIT, WAIT_ALL, CANCEL, PARALLEL, COMPOSITE = "step", "wait", "wait-all", "cancel", "parallel", "composite"

_LEG = re.compile(r"\b(?:matrix|strategy)\b", re.IGNORECASE)
_RUNNER = re.compile(r"\brunner\b", re.IGNORECASE)
_STEP_ID = re.compile(r"\bsteps\s*\.\s*([A-Za-z_][\w-]*)|\bsteps\s*\[\s*'([^']{1,200})'", re.IGNORECASE)
_ALL_STEPS = re.compile(r"\bsteps\s*(?:\.\s*\*|\[\s*[^'\s]|\))", re.IGNORECASE)
_EXPORT = re.compile(r"\b([A-Za-z_]\w{0,99})(?:=|<<)")
_MOST_EXPORTS = 500


@dataclass(slots=True)
class StepPlan:
    """A step. `precise`: something looks at whether it runs, so that this is never left open.

    `exports` are the names that its script may write to `GITHUB_ENV`. `simple`: it has no condition, and does nothing
    that a simulation looks at.
    """

    step: Step
    key: str
    id: str
    label: str
    kind: str
    when: When | None
    continue_on_error: object
    background: bool
    targets: tuple[str, ...]
    children: tuple[StepPlan, ...]
    precise: bool
    exports: tuple[str, ...] = ()
    own: Own | None = None
    simple: bool = False


@dataclass(slots=True)
class JobPlan:
    """A job with the jobs it calls."""

    job: Job
    when: When | None
    steps: tuple[StepPlan, ...]
    called: tuple[JobPlan, ...]
    same_in_all_legs: bool
    needed: bool
    uses_actions: bool


@dataclass(slots=True)
class Plan:
    """A pipeline ready to be played through."""

    pipeline: Pipeline
    jobs: tuple[JobPlan, ...]
    default_branch: str
    holders: Mapping[str, str]
    """The key of each step to the id of its job."""


def plan(pipeline: Pipeline, default_branch: str = "") -> Plan:
    """Make a pipeline ready; worth keeping when it is played through more than once.

    `default_branch` is that of the whole workflow where the pipeline is a part of it.
    """
    top = [job for job in pipeline.jobs.values() if job.caller not in pipeline.jobs]
    kept: Kept = {}
    needed = frozenset(need for job in pipeline.jobs.values() for need in job.needs)
    jobs = tuple(_job(job, pipeline, needed, kept) for job in top)
    holders = {key: job.job.id for job in _flat(jobs) for key in _keys(job.steps)}
    return Plan(pipeline, jobs, default_branch or known_names(pipeline).default, holders)


def _flat(jobs: Iterable[JobPlan]) -> Iterator[JobPlan]:
    for job in jobs:
        yield job
        yield from _flat(job.called)


def _keys(steps: Iterable[StepPlan]) -> Iterator[str]:
    for step in steps:
        yield step.key
        yield from _keys(step.children)


def _job(job: Job, pipeline: Pipeline, needed: frozenset[str], kept: Kept) -> JobPlan:
    called = tuple(_job(pipeline.jobs[id_], pipeline, needed, kept) for id_ in job.called if id_ in pipeline.jobs)
    named = _named(job)
    steps = tuple(_call(step) if job.data.get("uses") else _step(step, job, named, kept) for step in job.steps)
    texts = "\n".join(_texts([job.data.get(k) for k in ("steps", "env", "outputs", "environment")]))
    actions = "\n".join(_texts([step.action for step in job.steps if step.action]))
    runner = job.data.get("runs-on")
    return JobPlan(
        job,
        when(job.data, NOT_IN_JOBS),
        steps,
        called,
        not _LEG.search(texts + actions) and not (_RUNNER.search(texts + actions) and "matrix" in str(runner)),
        job.id in needed or bool(job.caller),
        any(step.data.get("uses") and not step.steps for step in _every(job.steps)),
    )


def _every(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _every(step.steps)


def _call(step: Step) -> StepPlan:
    """A call of a workflow elsewhere, whose `if` is that of its job."""
    return StepPlan(step, step.key, "", step.name, STEP, None, None, False, (), (), True)


def _named(job: Job) -> frozenset[str] | None:
    """The step ids that a job's expressions look at, lower-cased; None for all of them."""
    return _ids("\n".join(_texts([job.data.get("steps"), job.data.get("outputs"), job.data.get("environment")])))


def _ids(text: str) -> frozenset[str] | None:
    if _ALL_STEPS.search(text):
        return None
    return frozenset((one or other).lower() for one, other in _STEP_ID.findall(text))


def _step(step: Step, job: Job, named: frozenset[str] | None, kept: Kept) -> StepPlan:
    kind = _kind(step)
    inner = named if kind == PARALLEL else _ids("\n".join(_texts([step.action])))
    children = tuple(_step(child, job, inner, kept) for child in step.steps)
    looked_at = named is None or step.id.lower() in named
    own = own_ending(step, job, kept, looked_at and bool(step.id)) if kind == STEP else None
    run = step.data.get("run")
    exports = _EXPORT.findall(run)[:_MOST_EXPORTS] if isinstance(run, str) and "GITHUB_ENV" in run else ()
    always = kind in (WAIT, WAIT_ALL, CANCEL)  # "always runs and does not support the `if` conditional"
    condition = None if always else when(step.data, NOT_IN_STEPS)
    given = step.data.get("continue-on-error")
    return StepPlan(
        step,
        step.key,
        step.id.lower(),
        label(step),
        kind,
        condition,
        given,
        step.data.get("background") is True,
        tuple(t.lower() for t in _targets(step.data)),
        children,
        looked_at or own is not None,
        tuple(dict.fromkeys(exports)),
        own,
        kind == STEP and condition is None and own is None and not exports,
    )


def _kind(step: Step) -> str:
    if step.action:
        return COMPOSITE
    return next((k for k in (PARALLEL, WAIT, WAIT_ALL, CANCEL) if k in step.data), STEP)


def _targets(data: Data) -> Iterator[str]:
    for key in (WAIT, CANCEL):
        given = data.get(key)
        yield from (t for t in (given if isinstance(given, list) else [given]) if isinstance(t, str))


def label(step: Step) -> str:
    """How a report names a step: its name, its id, what it uses or the first line it runs."""
    for text in (step.name, step.id, step.data.get("uses"), step.data.get("run")):
        if isinstance(text, str) and text.strip():
            line = text.strip().splitlines()[0]
            return line if len(line) <= 60 else line[:57] + "..."
    return step.key


def _texts(node: object) -> Iterator[str]:
    """Every string in some data that may hold an expression: those with `${{`, and each `if`."""
    todo = [node]
    while todo:
        here = todo.pop()
        if isinstance(here, str):
            if "${{" in here:
                yield here
        elif isinstance(here, Mapping):
            if isinstance(here.get("if"), str):
                yield str(here["if"])
            todo.extend(here.values())
        elif isinstance(here, list):
            todo.extend(here)
