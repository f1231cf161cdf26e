"""What the jobs of a workflow do, which of it is a deploy, and what each deploy waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from re import compile as regex
from typing import NamedTuple

from guardrail.actions.model import Ability, Job, Pipeline, Step
from guardrail.model.place import Pointer

DEPLOYS = frozenset({"deploy"})
"""Capabilities that change what runs somewhere."""

_WORDS = regex(r"[^a-z0-9*?]+")
_NOT_YET = frozenset({"pre", "non", "not"})
"""`pre-production` is no production."""

PRODUCTION = ("production", "prod", "prd", "live")
STAGING = ("staging", "stage", "stg", "uat", "qa", "preprod", "pre-production", "preproduction", "acceptance")
OTHERS = ("test", "testing", "dev", "development", "preview", "sandbox", "review", "demo", "local")
KNOWN = (*PRODUCTION, *STAGING, *OTHERS)
"""Words by which people name environments."""

_TARGETS = ("environment", "stage", "workspace", "context", "namespace", "release", "values", "url", "target")
"""Details of a deploy that may name where it goes, the most telling first."""


class Act(NamedTuple):
    """Something a step of a job does."""

    job: Job
    step: Step
    ability: Ability

    @property
    def pointer(self) -> Pointer:
        """Where it is written: the part of the script that shows it, or what the step uses."""
        return written_at(self.step, self.ability.evidence)


class Deploy(NamedTuple):
    """A deploy: the job, and the first thing in it that deploys; none where only `environment` says so.

    `hints` are names of where it goes other than its `environment`: namespaces, values files, the job itself.
    `wanted` are words of the environments that count: a run in which it goes elsewhere is none of it.
    """

    job: Job
    act: Act | None
    hints: tuple[str, ...]
    wanted: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether something in it was recognised as a deploy."""
        return self.act is not None

    @property
    def pointer(self) -> Pointer:
        """Where it is written."""
        return self.act.pointer if self.act else self.job.pointer

    @property
    def words(self) -> str:
        """How messages name it: the command that deploys, and its job."""
        what = f"`{shortened(self.act.ability.evidence)}` in " if self.act and self.act.ability.evidence else ""
        return f"{what}job {self.job.id}"


def shortened(text: str, most: int = 60) -> str:
    """The first line of a text, cut where it is long."""
    line = " ".join(text.strip().partition("\n")[0].split())
    return line if len(line) <= most else line[: most - 1] + "…"


def written_at(step: Step, evidence: str) -> Pointer:
    """Where in a step a text stands: in its script, in what it uses, else the step itself."""
    for key in ("run", "uses"):
        value = step.data.get(key)
        if isinstance(value, str) and value.strip():
            first = evidence.strip().partition("\n")[0]
            inside = first if first and first in value else ""
            return Pointer(step.pointer.file, (*step.pointer.path, key), inside)
    return step.pointer


def flat(steps: Iterable[Step]) -> Iterator[Step]:
    """Every step, each followed by those of the composite action it runs."""
    for step in steps:
        yield step
        yield from flat(step.steps)


def acts(pipeline: Pipeline) -> Iterator[Act]:
    """Everything that the steps of a workflow do, in the order of jobs, steps and scripts."""
    for job in pipeline.jobs.values():
        for step in flat(job.steps):
            for ability in sorted(step.abilities, key=lambda a: a.order):
                yield Act(job, step, ability)


def deploys(pipeline: Pipeline, does: Sequence[Act]) -> Iterator[Deploy]:
    """Every deploy of a workflow, one for each job; none to a cluster that the job itself has set up on its runner."""
    rehearsing = {a.job.id for a in does if a.ability.capability == "local-cluster"}
    for job in pipeline.jobs.values():
        if job.id in rehearsing and not environment_of(job):
            continue
        found = [a for a in does if a.job.id == job.id and a.ability.capability in DEPLOYS and a.ability.sure]
        if found:
            hints = [d for a in found for key in _TARGETS if (d := a.ability.details.get(key))]
            yield Deploy(job, found[0], (*dict.fromkeys(hints), job.id, job.name))
        elif environment_of(job) and not job.called and any(s.opaque for s in flat(job.steps)):
            yield Deploy(job, None, (job.id, job.name))


def environment_of(job: Job) -> str:
    """The environment a job names, which may hold an expression; empty where it makes no deployment record."""
    given = job.data.get("environment")
    if isinstance(given, dict):
        if given.get("deployment") is False:
            return ""
        given = given.get("name")
    return given if isinstance(given, str) else ""


def means(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name means one of some environments: a word of it is one of the patterns, and none says "not yet"."""
    return _means(name, tuple(patterns))


@lru_cache(maxsize=4096)
def _means(name: str, patterns: tuple[str, ...]) -> bool:
    words = [w for w in _WORDS.split(name.lower()) if w]
    if not _NOT_YET.isdisjoint(words):
        return name.lower() in patterns
    return any(fnmatchcase(word, pattern.lower()) for word in (*words, name.lower()) for pattern in patterns)


def closure(pipeline: Pipeline, job_id: str) -> frozenset[str]:
    """A job and every job that has to end before it starts: its needs, its callers' needs, and what those call."""
    callers = {job_id}
    caller = pipeline.jobs[job_id].caller
    while caller:
        callers.add(caller)
        caller = pipeline.jobs[caller].caller
    found: set[str] = set()
    waiting = list(callers)
    while waiting:
        id_ = waiting.pop()
        job = pipeline.jobs.get(id_)
        if job is not None and id_ not in found:
            found.add(id_)
            waiting += job.needs
            waiting += () if id_ in callers else job.called
    return frozenset(found)


def narrowed(pipeline: Pipeline, jobs: frozenset[str]) -> Pipeline:
    """The workflow with some of its jobs only, which must be what `closure` found."""
    kept = {
        id_: job._replace(called=tuple(c for c in job.called if c in jobs))
        for id_, job in pipeline.jobs.items()
        if id_ in jobs
    }
    return pipeline._replace(jobs=kept)
