"""Why a deploy still ran in a counterexample: the nearest cause, and the place to mend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from guardrail.actions.model import FAILURE, SKIPPED, SUCCESS, Job, Pipeline, Step, StepRun, Trace
from guardrail.graph.deploys import Act, Deploy, closure
from guardrail.model.place import Pointer


class Cause(NamedTuple):
    """A word for the cause, the reason in words that read after "because", the gate it concerns, where to mend it."""

    kind: str
    reason: str
    act: Act
    pointer: Pointer


def cause_of(pipeline: Pipeline, deploy: Deploy, able: Sequence[Act], trace: Trace) -> Cause:
    """The cause of a counterexample in which `able`, all that enforces a gate, was made to fail.

    Looked for in the order of WORKFLOWS 4.4: the gate never ran; its failure was taken back; a condition let it pass.
    """
    failed = [a for a in able if (run := _step(trace, a)) is not None and run.outcome == FAILURE]
    if not failed:
        return _skipped(pipeline, able[0], trace)
    for act in failed:
        step, job = _step(trace, act), trace.jobs[act.job.id]
        if step is not None and step.conclusion == SUCCESS:
            pointer = _below(act.step.pointer, "continue-on-error")
            return Cause("masked", "its step says continue-on-error", act, pointer)
        if job.result == SUCCESS and "continue-on-error" in act.job.data:
            reason = f"job {act.job.id} says continue-on-error"
            return Cause("masked", reason, act, _below(act.job.pointer, "continue-on-error"))
    return _let_pass(pipeline, deploy, failed[0], trace)


def _skipped(pipeline: Pipeline, act: Act, trace: Trace) -> Cause:
    """The gate did not run: its step or job was skipped, or a job that its own waits for."""
    job = trace.jobs[act.job.id]
    step = _step(trace, act)
    if job.result != SKIPPED and step is not None:
        return Cause("skipped", step.because, act, _condition(act.step))
    for id_ in pipeline.jobs:
        run = trace.jobs.get(id_)
        if run is not None and run.result == SKIPPED and id_ in closure(pipeline, act.job.id):
            other = pipeline.jobs[id_]
            reason = run.because if id_ == act.job.id else f"job {id_} was skipped: {run.because}"
            return Cause("skipped", reason, act, _condition(other))
    return Cause("skipped", job.because, act, act.job.pointer)


def _let_pass(pipeline: Pipeline, deploy: Deploy, act: Act, trace: Trace) -> Cause:
    """The gate failed and was heard of by nobody: the first job or step that ran in spite of it."""
    if act.job.id == deploy.job.id:
        step = deploy.act.step if deploy.act else deploy.job.steps[-1]
        return Cause("bypassed", _said(step.data), act, _condition(step))
    for id_, job in pipeline.jobs.items():
        run = trace.jobs.get(id_)
        if run is None or run.result == SKIPPED or id_ == act.job.id or act.job.id not in closure(pipeline, id_):
            continue
        kind = "bypassed" if id_ in (deploy.job.id, deploy.job.caller) else "laundered"
        return Cause(kind, _said(job.data), act, _condition(job))
    return Cause("bypassed", "the run goes on", act, deploy.pointer)


def _said(data: object) -> str:
    condition = data.get("if") if isinstance(data, dict) else None
    return f"`if: {' '.join(str(condition).split())}` lets it run all the same" if condition is not None else ""


def _step(trace: Trace, act: Act) -> StepRun | None:
    return trace.jobs[act.job.id].steps.get(act.step.key) if act.job.id in trace.jobs else None


def _condition(of: Job | Step) -> Pointer:
    return _below(of.pointer, "if") if "if" in of.data else of.pointer


def _below(pointer: Pointer, key: str) -> Pointer:
    return pointer._replace(path=(*pointer.path, key), text="", occurrence=0)
