"""All runs of a workflow in one scenario: one for each way the open questions can be answered."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from guardrail.actions.model import Fault, Pipeline, Scenario, Trace
from guardrail.actions.simulate.assume import Assumptions, Fork
from guardrail.actions.simulate.github import Github
from guardrail.actions.simulate.jobs import Around, Jobs
from guardrail.actions.simulate.plan import Plan, plan
from guardrail.actions.simulate.results import Played
from guardrail.actions.simulate.scope import Deciding, Exhausted
from guardrail.actions.simulate.steps import Budget, Changes

LIMIT = 256
"""Runs of one scenario; beyond that nothing is claimed of all of them."""

MOST_STEPS = 100_000
"""Steps played for one scenario, those played again after a question was answered included."""


MOST_QUESTIONS = 100_000
"""Questions asked for one scenario: conditions have any length."""


class Traces(NamedTuple):
    """The runs of a scenario. `complete` is false when there are more than were played."""

    traces: tuple[Trace, ...]
    complete: bool


class _Begun(NamedTuple):
    """A run played up to a job, from which it goes on."""

    assumptions: Assumptions
    at: int
    done: dict[str, Played]


def simulate(
    pipeline: Pipeline | Plan,
    scenario: Scenario,
    faults: Collection[Fault] = (),
    limit: int = LIMIT,
    focus: Collection[str] | None = None,
) -> Traces:
    """Every run of a workflow in a scenario, with some abilities made to fail.

    A question that no file answers (a variable, an output) is answered both ways, where a run hangs on it. `focus`
    are the keys of the steps somebody asks about: that of a deploy, say. Whether other steps run is then left open
    (they count as run) where nothing else hangs on it, which saves many runs; without it, every step is settled.
    Give a `plan` where the same pipeline is played through more than once.
    """
    ready = pipeline if isinstance(pipeline, Plan) else plan(pipeline)
    github = Github(scenario, ready.pipeline, ready.default_branch)
    deciding = Deciding(Assumptions(domains=github.domains), MOST_QUESTIONS)
    jobs = Jobs(github, deciding, Changes(_earliest(faults), focus), Budget(MOST_STEPS))
    around = Around(github.inputs.lookup)
    traces: list[Trace] = []
    todo = [_Begun(deciding.assumptions, 0, {})]
    while todo:
        if len(traces) >= limit:
            return Traces(tuple(traces), False)
        begun = todo.pop()
        deciding.assumptions = begun.assumptions
        done, at = dict(begun.done), begun.at
        try:
            while at < len(ready.jobs):
                done |= jobs.play(ready.jobs[at], done, around)
                at += 1
        except Fork as fork:
            todo += (
                _Begun(begun.assumptions.adding(fork.atom, False), at, done),
                _Begun(begun.assumptions.adding(fork.atom, True), at, done),
            )
        except Exhausted:
            return Traces(tuple(traces), False)
        else:
            traces.append(_trace(scenario, begun.assumptions, done, ready))
    return Traces(tuple(traces), True)


def _earliest(faults: Collection[Fault]) -> dict[str, int]:
    """For each step the first of its abilities that fails: what comes after is not reached."""
    out: dict[str, int] = {}
    for fault in faults:
        out[fault.step] = min(fault.order, out.get(fault.step, fault.order))
    return out


def _trace(scenario: Scenario, assumptions: Assumptions, done: dict[str, Played], ready: Plan) -> Trace:
    runs = {id_: done[id_].run for id_ in ready.pipeline.jobs if id_ in done}
    return Trace(scenario, assumptions.told(), runs)


def runs_ability(trace: Trace, step: str, order: int) -> bool:
    """Whether an ability of a step, found by the step's key and its position in the script, was carried out.

    Not so when its step or job was skipped, or when something before it in the same script failed; the one that
    fails counts as not carried out.
    """
    for job in trace.jobs.values():
        run = job.steps.get(step)
        if run is not None:
            return run.ran and (run.reached < 0 or order < run.reached)
    return False
