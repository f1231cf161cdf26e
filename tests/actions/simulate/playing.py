"""A workflow written in a test, played through."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import NamedTuple

import yaml

from guardrail.actions import pipeline, simulate
from guardrail.actions.model import Ability, Fault, Pipeline, Scenario, Trace
from guardrail.actions.scenarios import scenarios


class Known(NamedTuple):
    """What a step does."""

    abilities: tuple[Ability, ...] = ()
    opaque: str = ""


def data(text: str) -> dict[str, object]:
    """A workflow or action as plain data; `on` stays a word."""
    found: dict[str, object] = yaml.load(dedent(text), Loader=_Loader)
    return found


class _Loader(yaml.SafeLoader):
    """YAML 1.2 booleans only."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rx) for tag, rx in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile(r"(?:true|false)\Z"), list("tf"))


def abilities(step: Mapping[str, object], facts: object) -> Known:
    """One ability for each line of a script, named by its first word, at the line's offset."""
    run = step.get("run")
    if not isinstance(run, str):
        return Known()
    found, at = [], 0
    for line in run.splitlines(keepends=True):
        if line.split():
            found.append(Ability(line.split()[0], order=at))
        at += len(line)
    return Known(tuple(found))


def build(text: str, **files: str) -> Pipeline:
    """The pipeline of a workflow; `files` are local workflows and actions by name without folder and ending."""
    read = {name: (f".github/workflows/{name}.yml", data(content)) for name, content in files.items()}

    def calls(path: str) -> tuple[str, Mapping[str, object]] | None:
        return read.get(path.rpartition("/")[2].removesuffix(".yml"))

    return pipeline.build(data(text), ".github/workflows/test.yml", calls, abilities)


def play(text: str, *faults: str, scenario: Scenario | None = None, **files: str) -> tuple[Trace, ...]:
    """All runs of a workflow in its first scenario, with the steps at some keys made to fail."""
    built = build(text, **files)
    found = simulate.simulate(built, scenario or scenarios(built)[0], [Fault(key) for key in faults])
    assert found.complete
    return found.traces


def results(text: str, *faults: str, scenario: Scenario | None = None, **files: str) -> dict[str, str]:
    """Results of the jobs of a workflow that has only one way to run."""
    (trace,) = play(text, *faults, scenario=scenario, **files)
    return {job: run.result for job, run in trace.jobs.items()}
