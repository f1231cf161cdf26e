"""Lenses on workflows and composite actions: jobs, steps and what they use, each with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrail.actions.uses import Uses, parse_uses
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.once import once

Data = dict[str, object]


class Job(NamedTuple):
    """A job: its id, data and path. What is no mapping is left out here: the shape of a file has its own policies."""

    id: str
    data: Data
    path: Path


class Step(NamedTuple):
    """A step with the job it belongs to, or an empty job in a composite action."""

    data: Data
    path: Path
    job: Job


class Used(NamedTuple):
    """A `uses:` of a step, or of a job that calls a reusable workflow (then `step` is empty)."""

    uses: Uses
    path: Path
    job: Job
    step: Data


NO_JOB = Job("", {}, ())


@once
def jobs(resource: Resource) -> tuple[Job, ...]:
    """Every job of a workflow."""
    return tuple(
        Job(id_, data, (*resource.path, "jobs", id_))
        for id_, data in _mapping(resource.data.get("jobs")).items()
        if isinstance(data, dict)
    )


@once
def steps(resource: Resource) -> tuple[Step, ...]:
    """Every step of a workflow or composite action, those of a `parallel` group among them."""
    return tuple(_steps(resource))


@once
def steps_by_job(resource: Resource) -> Mapping[str, tuple[Step, ...]]:
    """The steps of each job that has any, by the job's id."""
    found: dict[str, list[Step]] = {}
    for step in steps(resource):
        found.setdefault(step.job.id, []).append(step)
    return {id_: tuple(listed) for id_, listed in found.items()}


def _steps(resource: Resource) -> Iterator[Step]:
    runs = resource.data.get("runs")
    if resource.kind == "Action" and isinstance(runs, dict):
        yield from _listed(runs.get("steps"), (*resource.path, "runs", "steps"), NO_JOB)
    for job in jobs(resource):
        yield from _listed(job.data.get("steps"), (*job.path, "steps"), job)


def _listed(given: object, path: Path, job: Job) -> Iterator[Step]:
    for index, data in enumerate(given if isinstance(given, list) else ()):
        if isinstance(data, dict):
            yield Step(data, (*path, index), job)
            yield from _listed(data.get("parallel"), (*path, index, "parallel"), job)


@once
def used(resource: Resource) -> tuple[Used, ...]:
    """Every `uses:` of a file, in the order of jobs and steps."""
    return tuple(_used(resource))


def _used(resource: Resource) -> Iterator[Used]:
    for job in jobs(resource):
        uses = job.data.get("uses")
        if isinstance(uses, str):
            yield Used(parse_uses(uses.strip()), (*job.path, "uses"), job, {})
    for step in steps(resource):
        uses = step.data.get("uses")
        if isinstance(uses, str):
            yield Used(parse_uses(uses.strip()), (*step.path, "uses"), step.job, step.data)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
