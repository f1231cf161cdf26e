"""A run told as a path: what started it, what failed or was skipped, and how a deploy ran all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from guardrail.actions.model import FAILURE, SKIPPED, Fault, Job, Pipeline, Step, StepRun, Trace
from guardrail.actions.simulate.plan import label
from guardrail.model.place import Pointer

Story = tuple[tuple[Pointer, str], ...]


def story(pipeline: Pipeline, trace: Trace, faults: Collection[Fault], target: str) -> Story:
    """The way from the event over the steps at fault to the step with the key `target`, each place with a note.

    Event -> gate step (fails, or skipped because of what) -> result of its job -> jobs on the way -> target.
    """
    held = dict(_steps(pipeline))
    out: list[tuple[Pointer, str]] = [(_event(pipeline, trace), _beginning(trace))]
    goal = held.get(target)
    told: dict[str, None] = {}
    failing = {fault.step for fault in faults}
    for key in (k for k in held if k in failing):
        told[key] = None
        out += _gate(*held[key], trace)
    if goal is None or goal[0].id not in trace.jobs:
        return tuple(out)
    job, step = goal
    for between in _between(pipeline, {held[key][0].id for key in told}, job.id):
        out.append((between.pointer, _told(between, trace)))
    if trace.jobs[job.id].because:
        out.append((_condition(job.pointer, job.data), f"job {job.id} runs: {trace.jobs[job.id].because}"))
    out.append((step.pointer, _ran(step, trace.jobs[job.id].steps.get(step.key))))
    return tuple(out)


def _steps(pipeline: Pipeline) -> Iterator[tuple[str, tuple[Job, Step]]]:
    for job in pipeline.jobs.values():
        todo = list(reversed(job.steps))
        while todo:
            step = todo.pop()
            yield step.key, (job, step)
            todo.extend(reversed(step.steps))


def _event(pipeline: Pipeline, trace: Trace) -> Pointer:
    """Where the workflow names the event that starts the run."""
    on = pipeline.data.get("on")
    named = isinstance(on, dict) and trace.scenario.event in on
    return Pointer(pipeline.file, ("on", trace.scenario.event) if named else ("on",))


def _beginning(trace: Trace) -> str:
    given = [f"{a.text} is {'true' if a.holds else 'false'}" for a in trace.assumptions]
    return trace.scenario.label + (f", where {' and '.join(given)}" if given else "")


def _gate(job: Job, step: Step, trace: Trace) -> Iterator[tuple[Pointer, str]]:
    """A step at fault, and what that does to its job."""
    run = trace.jobs[job.id].steps.get(step.key) if job.id in trace.jobs else None
    if run is None or not run.ran:
        why = f": {run.because}" if run is not None and run.because else ""
        yield _condition(step.pointer, step.data), f"{_named(step)} is skipped{why}"
    elif run.conclusion != FAILURE:
        yield (
            step.pointer._replace(path=(*step.pointer.path, "continue-on-error")),
            f"{_named(step)} fails, and is forgiven",
        )
    else:
        yield step.pointer, f"{_named(step)} fails"
    if job.id in trace.jobs:
        yield job.pointer, _told(job, trace)


def _told(job: Job, trace: Trace) -> str:
    run = trace.jobs[job.id]
    verb = {FAILURE: "fails", SKIPPED: "is skipped"}.get(run.result, "succeeds")
    return f"job {job.id} {verb}" + (f": {run.because}" if run.because else "")


def _ran(step: Step, run: StepRun | None) -> str:
    if run is None or not run.ran:
        return f"{_named(step)} is skipped"
    return f"{_named(step)} runs: {run.because}" if run.because else f"{_named(step)} runs"


def _named(step: Step) -> str:
    """A step as a subject."""
    return f"step `{label(step)}`"


def _condition(pointer: Pointer, data: Mapping[str, object]) -> Pointer:
    """Where a condition stands, else what it would be the condition of."""
    return pointer._replace(path=(*pointer.path, "if")) if "if" in data else pointer


def _between(pipeline: Pipeline, sources: Collection[str], target: str) -> list[Job]:
    """The jobs on a way from those at fault to the target, nearest ways only, in running order."""
    found = _way(pipeline, sources, target)
    return [job for id_, job in pipeline.jobs.items() if id_ in found]


def _way(pipeline: Pipeline, sources: Collection[str], target: str) -> set[str]:
    """Breadth first from the target backwards over needs, calls and callers."""
    after: dict[str, str] = {target: ""}
    todo = [target]
    out: set[str] = set()
    for id_ in todo:
        if id_ in sources:
            at = after[id_]
            while at and at != target:
                out.add(at)
                at = after[at]
        job = pipeline.jobs.get(id_)
        if job is None:
            continue
        for previous in (*job.needs, *job.called, *([job.caller] if job.caller else [])):
            if previous not in after and previous in pipeline.jobs:
                after[previous] = id_
                todo.append(previous)
    return out - set(sources)
