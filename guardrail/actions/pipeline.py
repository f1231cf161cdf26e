"""A workflow file to a pipeline: jobs in order, steps with what they do, everything local inlined.

Nothing here fails on malformed input: what cannot be understood becomes a defect and costs only itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrail.actions import matrix, triggers
from guardrail.actions.model import Job, Pipeline, Step
from guardrail.actions.order import in_order
from guardrail.actions.steps import Builder, Calls, Data, Recognise
from guardrail.model.place import Pointer

MOST_LEVELS = 10
"""Levels of called workflows and of composite actions that are followed (reusing workflows, "Nesting")."""

MOST_JOBS = 1000
"""Jobs of a pipeline with all it calls; calls beyond that are opaque."""


_JOB_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


class _File(NamedTuple):
    """A workflow file within a pipeline: its text's data, who calls it, and the files on the way to it."""

    file: str
    data: Data
    caller: str = ""
    way: tuple[str, ...] = ()


def build(data: Data, file: str, calls: Calls, recognise: Recognise) -> Pipeline:
    """The pipeline of a workflow.

    `calls` gives file and data of a local reusable workflow (`./.github/workflows/x.yml`) or action (`./path`), None
    when there is none; `recognise` tells what a step, or a job that calls a workflow elsewhere, does.
    """
    return _Build(calls, Builder(calls, recognise)).pipeline(data, file)


class _Build:
    """One pipeline being built: the jobs and defects found so far."""

    def __init__(self, calls: Calls, builder: Builder) -> None:
        self._calls = calls
        self._builder = builder
        self._jobs: dict[str, Job] = {}
        self._defects = builder.defects

    def pipeline(self, data: Data, file: str) -> Pipeline:
        self._read(_File(file, data, way=(file,)))
        name = data.get("name")
        return Pipeline(
            file,
            name if isinstance(name, str) else file,
            data,
            triggers.events(data),
            self._jobs,
            tuple(self._defects),
        )

    def _read(self, of: _File) -> tuple[str, ...]:
        """Add the jobs of one file; the ids they got."""
        jobs = of.data.get("jobs")
        if not isinstance(jobs, Mapping):
            self._defects.append(f"{of.file}: `jobs` is not a mapping")
            return ()
        given = self._sound(of.file, jobs)
        ids = []
        for short, needs, fault in in_order({k: needs_of(v) for k, v in given.items()}):
            if fault:
                self._defects.append(f"{of.file}: job `{short}` {fault}: GitHub refuses the whole file")
            node, name = given[short], given[short].get("name")
            prefix = f"{of.caller}/" if of.caller else ""
            job = Job(
                prefix + short,
                Pointer(of.file, ("jobs", short)),
                node,
                name if isinstance(name, str) else short,
                tuple(prefix + need for need in needs),
                legs=matrix.legs(node.get("strategy")),
                caller=of.caller,
                workflow=of.data,
                defect=fault,
                short=short,
            )
            self._job(of, job)
            ids.append(job.id)
        return tuple(ids)

    def _sound(self, file: str, jobs: Mapping[str, object]) -> dict[str, Data]:
        """The jobs that can be read (job ids: workflow syntax, `jobs.<job_id>`)."""
        out: dict[str, Data] = {}
        for key, node in jobs.items():
            if not isinstance(node, Mapping):
                self._defects.append(f"{file}: job `{key}` is not a mapping")
            elif not _JOB_ID.match(str(key)):
                self._defects.append(f"{file}: `{key}` is no job id: letters, digits, `-` and `_`, not first a digit")
            else:
                out[str(key)] = node
        return out

    def _job(self, of: _File, job: Job) -> None:
        uses = job.data.get("uses")
        self._jobs[job.id] = job  # its place is before the jobs it calls
        if isinstance(uses, str):
            self._jobs[job.id] = self._called(of, job, uses)
        elif uses is None:
            self._jobs[job.id] = job._replace(steps=self._builder.of_job(job))
        else:
            self._defects.append(f"{of.file}: job `{job.id}`: `uses` is not a string")

    def _called(self, of: _File, job: Job, uses: str) -> Job:
        """A calling job with the jobs of the workflow it calls behind it, or why those are not known."""
        found = self._calls(local(uses)) if uses.startswith(("./", "$/")) else None
        if found is None:
            return self._elsewhere(job, uses)
        file, data = found
        opaque = ""
        if file in of.way:
            opaque = f"{uses} calls itself"
        elif len(of.way) >= MOST_LEVELS:
            opaque = f"{uses} is called over more than {MOST_LEVELS} levels"
        elif len(self._jobs) >= MOST_JOBS:
            opaque = f"the workflow has more than {MOST_JOBS} jobs"
        elif "workflow_call" not in triggers.events(data):
            opaque = f"{uses} cannot be called: it has no `workflow_call`"
        if opaque:
            self._defects.append(f"{of.file}: job `{job.id}`: {opaque}")
            return job._replace(opaque=opaque)
        with_ = job.data.get("with")
        called = self._read(_File(file, data, job.id, (*of.way, file)))
        return job._replace(called=called, inputs=with_ if isinstance(with_, Mapping) else {})

    def _elsewhere(self, job: Job, uses: str) -> Job:
        """A call of a workflow that is not at hand: opaque, unless the recogniser knows it."""
        step = self._builder.call(job)
        where = "is not in this repository" if uses.startswith(("./", "$/")) else "is in another repository"
        opaque = "" if step.abilities and not step.opaque else step.opaque or f"{uses} {where}"
        return job._replace(opaque=opaque, steps=(step,) if step.abilities else ())


def needs_of(job: Data) -> tuple[str, ...]:
    """The ids a job `needs`: one string or a list of them."""
    return tuple(dict.fromkeys(triggers.strings(job.get("needs"))))


def local(uses: str) -> str:
    """A local reference as a path from the root of the repository: `$/x` is `./x` (workflow syntax, `$/path`)."""
    return "." + uses[1:] if uses.startswith("$/") else uses


def steps_of(pipeline: Pipeline) -> Iterator[tuple[Job, Step]]:
    """Every step of every job, those of composite actions and parallel groups after the step that holds them."""
    for job in pipeline.jobs.values():
        todo = list(reversed(job.steps))
        while todo:
            step = todo.pop()
            yield job, step
            todo.extend(reversed(step.steps))
