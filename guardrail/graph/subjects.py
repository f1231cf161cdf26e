"""Jobs and steps by the words people use for them."""

from __future__ import annotations

from collections.abc import Iterable

from guardrail.actions.model import ENFORCING, Fault, Job, Pipeline, Step
from guardrail.actions.pipeline import steps_of
from guardrail.actions.simulate.plan import label
from guardrail.errors import UsageError, did_you_mean


def job_named(pipeline: Pipeline, word: str) -> Job:
    """The job of an id, or of a name or id within its own file that only one has; UsageError where there is none."""
    if word in pipeline.jobs:
        return pipeline.jobs[word]
    found = [job for job in pipeline.jobs.values() if word.lower() in (job.short.lower(), job.name.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"'{word}' may be any of {_listed(job.id for job in found)}")
    raise UsageError(f"there is no job '{word}'{did_you_mean(word, pipeline.jobs)}; known: {_listed(pipeline.jobs)}")


def faults_named(pipeline: Pipeline, word: str) -> tuple[Fault, ...]:
    """What to make fail for a word: a step by key, id, name or command, else a job.

    A job fails at its first step that can find something, else at its last one.
    """
    steps = [step for _, step in steps_of(pipeline) if word == step.key]
    steps = steps or [step for _, step in steps_of(pipeline) if word.lower() in _words(step)]
    if len(steps) > 1:
        raise UsageError(f"'{word}' may be any of the steps {_listed(step.key for step in steps)}")
    if steps:
        return _failing(steps[0])
    try:
        job = job_named(pipeline, word)
    except UsageError:
        known = [w for _, step in steps_of(pipeline) for w in _words(step)] + list(pipeline.jobs)
        raise UsageError(f"there is no step or job '{word}'{did_you_mean(word, known)}") from None
    inside = [j for j in pipeline.jobs.values() if j.id == job.id or j.id.startswith(f"{job.id}/")]
    candidates = [step for j in inside for step in j.steps]
    if not candidates:
        raise UsageError(f"no step of job '{word}' is known, so that none can be made to fail")
    gates = (s for s in candidates if any(a.teeth == ENFORCING for a in s.abilities) and "uses" not in s.data)
    return _failing(next(gates, candidates[-1]))


def labels(pipeline: Pipeline) -> dict[str, str]:
    """How to call every step, by key."""
    return {step.key: label(step) for _, step in steps_of(pipeline)}


def _failing(step: Step) -> tuple[Fault, ...]:
    order = next((a.order for a in step.abilities if a.teeth == ENFORCING), 0)
    return (Fault(step.key, order),)


def _words(step: Step) -> tuple[str, ...]:
    """Everything a step is called: its id, its name, what it uses, the first line it runs."""
    run, uses = step.data.get("run"), step.data.get("uses")
    first = run.strip().partition("\n")[0] if isinstance(run, str) else ""
    action = uses if isinstance(uses, str) else ""
    return tuple(word.lower() for word in (step.id, step.name, first, action, action.partition("@")[0]) if word)


def _listed(words: Iterable[str]) -> str:
    shown = list(words)
    return ", ".join(shown[:12]) + (f" and {len(shown) - 12} more" if len(shown) > 12 else "")
