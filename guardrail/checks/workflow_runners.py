"""Runners and shells: labels that are misspelt, gone, or exclude one another, shells that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions.syntax import runners as known
from guardrail.actions.syntax.keys import hint, meant
from guardrail.actions.syntax.shape import PLACEHOLDER, listed, short
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.runners import Runner, runners
from guardrail.views.workflows import Job

__all__ = ["ageing", "conflicting", "misspelt", "retired", "shells"]


def misspelt(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Labels that look like one of GitHub's and are none. A label like no other is somebody's own runner."""
    for runner in _hosted(item):
        for label, path in runner.labels:
            image = known.image(label)
            if label.lower() in known.HOSTED or image in known.HOSTED or image in known.RETIRED:
                continue
            near = meant(label, known.HOSTED)
            if near and not PLACEHOLDER.match(label):
                yield Hit(path, f"GitHub has no runner {short(label)}; did you mean {near}?")


def retired(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images that GitHub has taken away: a job that asks for one waits or fails."""
    yield from _dated(item, known.RETIRED, "is gone since")


def ageing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images that GitHub is going to take away."""
    yield from _dated(item, known.AGEING, "is taken away on")


def _dated(item: Item, dates: Mapping[str, str], words: str) -> Iterator[Hit]:
    for runner in _hosted(item):
        for label, path in runner.labels:
            image = known.image(label)
            if image in dates:
                other = known.REPLACED_BY[image.partition("-")[0]]
                yield Hit(path, f"runner {short(label)} {words} {dates[image]}; use {other}")


def conflicting(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Several hosted labels for one runner: it must have them all, and none does."""
    for runner in _hosted(item):
        hosted = [label for label, _ in runner.labels if known.system(label)]
        if len({label.lower() for label in hosted}) > 1:
            several = listed(tuple(short(label) for label in hosted[:5]))
            path = runner.labels[0][1][:-1]
            yield Hit(path, f"no runner has the labels {several} together; a matrix runs the job on each")


def _hosted(item: Item) -> Iterator[Runner]:
    for runner in runners(_job(item)) or ():
        if not runner.own:
            yield runner


def _job(item: Item) -> Job:
    data = item.bindings["job"]
    return Job(str(item.bindings["jobId"]), data if isinstance(data, dict) else {}, item.path)


def shells(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Shells that GitHub does not know, or that the systems of the job do not have."""
    if item.resource.kind == "Action":
        yield from _of_steps(item.resource.data.get("runs"), (*item.resource.path, "runs"), frozenset())
        return
    yield from _defaults(item.resource.data, item.resource.path, frozenset())
    jobs = item.resource.data.get("jobs")
    for id_, data in jobs.items() if isinstance(jobs, dict) else ():
        if isinstance(data, dict):
            job = Job(id_, data, (*item.resource.path, "jobs", id_))
            systems = _systems(job)
            yield from _defaults(data, job.path, systems)
            yield from _of_steps(data, job.path, systems)


def _systems(job: Job) -> frozenset[str]:
    """The systems a job runs on; none when one of them is not known, or the steps run in a container."""
    found = runners(job)
    if found is None or "container" in job.data or any(runner.own for runner in found):
        return frozenset()
    systems = {next((known.system(label) for label, _ in runner.labels), "") for runner in found}
    return frozenset() if "" in systems else frozenset(systems)


def _defaults(data: Mapping[str, object], path: Path, systems: frozenset[str]) -> Iterator[Hit]:
    defaults = data.get("defaults")
    run = defaults.get("run") if isinstance(defaults, dict) else None
    if isinstance(run, dict):
        yield from _shell(run.get("shell"), (*path, "defaults", "run", "shell"), systems)


def _of_steps(data: object, path: Path, systems: frozenset[str]) -> Iterator[Hit]:
    steps = data.get("steps") if isinstance(data, dict) else None
    for at, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            yield from _shell(step.get("shell"), (*path, "steps", at, "shell"), systems)
            group = step.get("parallel")
            for inner, grouped in enumerate(group if isinstance(group, list) else ()):
                if isinstance(grouped, dict):
                    yield from _shell(grouped.get("shell"), (*path, "steps", at, "parallel", inner, "shell"), systems)


def _shell(given: object, path: Path, systems: frozenset[str]) -> Iterator[Hit]:
    if not isinstance(given, str) or not given or "${{" in given or "{0}" in given:
        return
    if given.lower() not in known.SHELLS:
        told = "; a shell of your own is written with {0} for the script, such as 'perl {0}'"
        yield Hit(path, f"GitHub knows no shell {short(given)}{hint(given, known.SHELLS) or told}")
        return
    needed = known.SHELLS[given.lower()]
    if needed and systems and needed not in systems:
        yield Hit(path, f"shell {given} is there on Windows only; the job runs on {listed(tuple(sorted(systems)))}")
