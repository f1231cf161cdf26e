"""What became of jobs: one, several combinations of one, and how those after it see them.

Sources: contexts, "needs context"; workflow syntax, `jobs.<job_id>.outputs` and `on.workflow_call.outputs`;
actions/runner#491 and #2205.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from guardrail.actions.expressions import Symbol, Value
from guardrail.actions.expressions.values import text
from guardrail.actions.model import FAILURE, SKIPPED, SUCCESS, Job, JobRun, StepRun
from guardrail.actions.simulate.scope import Before, Lookup, Scope, result_of

Output = Callable[[str], Value]
Culprit = tuple[str, str]

VERBS = {SUCCESS: "succeeded", FAILURE: "failed", SKIPPED: "was skipped"}


class Played(NamedTuple):
    """What became of a job. `clean`: it and all its ancestors succeeded; `failed`: it or one of them failed.

    `culprit` is the first of them that did not succeed and what became of it, `output` gives an output by name, all of
    them without a name.
    """

    run: JobRun
    clean: bool
    failed: bool
    culprit: Culprit
    output: Output


def no_output(name: str) -> Value:
    """The outputs of a job that did not run."""
    return None


def before_job(job: Job, done: Mapping[str, Played]) -> Before:
    """What status functions of a job see: the jobs it needs with all of their ancestors."""
    clean, failed, blame = True, False, ""
    culprit: Culprit = ("", "")
    for need in job.needs:
        one = done.get(need)
        if one is None:
            continue
        failed = failed or one.failed
        if not one.clean:
            clean = False
            culprit = one.culprit if not blame else culprit
            blame = blame or _blamed(need.rpartition("/")[2], *one.culprit)
    return Before(clean, failed, blame, culprit)


def _blamed(need: str, culprit: str, verb: str) -> str:
    between = "which" if need == culprit else f"before which {culprit}"
    return f"needs {need}, {between} {verb}"


def ended(job: Job, scope: Scope, run: JobRun, output: Output) -> Played:
    """A job's end, with what that means for those after it."""
    good = run.result == SUCCESS
    failed = run.result == FAILURE or scope.before.failed
    culprit = scope.before.culprit if good else (job.short, VERBS[run.result])
    return Played(run, good and scope.before.clean, failed, culprit, output)


def together(runs: Sequence[JobRun], because: str) -> JobRun:
    """Several combinations of a job as one: failed if any failed, steps as they went furthest."""
    if len(runs) == 1:
        return runs[0]._replace(because=runs[0].because or because)
    result = result_of([run.result for run in runs]) if runs else FAILURE
    worst = next((run for run in runs if run.result == result and run.because), None)
    steps: dict[str, StepRun] = {}
    for run in runs:
        for key, step in run.steps.items():
            steps[key] = _step_together(steps[key], step) if key in steps else step
    named = dict.fromkeys(run.environment for run in runs if run.environment)
    return JobRun(result, worst.because if worst else because, steps, ", ".join(named))


def _step_together(one: StepRun, other: StepRun) -> StepRun:
    """A step in two combinations: failed if it failed in either, run as far as it got in any."""
    if not (one.ran and other.ran):
        return one if one.ran or not other.ran else other
    reached = -1 if -1 in (one.reached, other.reached) else max(one.reached, other.reached)
    worse = other if other.outcome == FAILURE and one.outcome != FAILURE else one
    return worse._replace(
        reached=reached, conclusion=FAILURE if FAILURE in (one.conclusion, other.conclusion) else worse.conclusion
    )


def results(played: Mapping[str, Played]) -> Lookup:
    """The `needs` context, or `jobs` in a called workflow: results and outputs of jobs by lower-cased id."""

    def lookup(steps: tuple[str, ...]) -> Value:
        if len(steps) == 1:
            return {id_: lookup((steps[0], id_)) for id_ in played}
        one = played.get(steps[1])
        if one is None:
            return None
        if len(steps) == 2:
            return {"result": one.run.result, "outputs": one.output("")}
        if steps[2] == "result":
            return one.run.result if len(steps) == 3 else None
        return one.output(".".join(steps[3:])) if steps[2] == "outputs" else None

    return lookup


def declared(given: object, scope: Scope, key: str = "") -> Output:
    """Outputs by their declarations, under `key` of each where that is given."""
    nodes = {str(n).lower(): v for n, v in given.items()} if isinstance(given, Mapping) else {}

    def output(name: str) -> Value:
        if not name:
            return {one: output(one) for one in nodes}
        node = nodes.get(name)
        found = scope.value(node.get(key) if key and isinstance(node, Mapping) else node)
        return found if isinstance(found, Symbol) or found is None else text(found)

    return output


def agreed(played: Sequence[Played]) -> Output:
    """Outputs of all combinations: what they agree on, else unknown, as the last to end decides."""
    if len(played) == 1:
        return played[0].output

    def output(name: str) -> Value:
        found = [one.output(name) for one in played]
        return found[0] if all(value == found[0] for value in found) else Symbol(f"outputs.{name} of one combination")

    return output
