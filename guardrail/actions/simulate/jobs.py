"""Jobs of a run, one after the other, with the matrix combinations and the called workflows of each.

Sources: workflow syntax, `jobs.<job_id>`; expressions, "Status check functions"; contexts, "needs context";
actions/runner#491 and #2205 (`success()` looks at all ancestors); actions/runner#1161 (`continue-on-error`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from guardrail.actions import triggers
from guardrail.actions.expressions import Atom, ExpressionError, Symbol, Value
from guardrail.actions.model import FAILURE, SKIPPED, SUCCESS, Job, JobRun, StepRun
from guardrail.actions.simulate import scope as scopes
from guardrail.actions.simulate.assume import EMPTY
from guardrail.actions.simulate.environment import Exports, environment
from guardrail.actions.simulate.github import Github
from guardrail.actions.simulate.plan import JobPlan
from guardrail.actions.simulate.results import (
    VERBS,
    Output,
    Played,
    agreed,
    before_job,
    declared,
    ended,
    no_output,
    results,
    together,
)
from guardrail.actions.simulate.scope import Before, Deciding, Lookup, Scope
from guardrail.actions.simulate.steps import Budget, Changes, Flow, Steps


class Around(NamedTuple):
    """Where jobs are played: what those of a called workflow have from their caller."""

    inputs: Lookup
    outer: Before = scopes.NOTHING_BEFORE


_SYSTEMS = {"ubuntu": "Linux", "linux": "Linux", "windows": "Windows", "macos": "macOS"}


class Jobs:
    """Plays jobs for one scenario, under the assumptions of `deciding`."""

    def __init__(self, github: Github, deciding: Deciding, changes: Changes, budget: Budget) -> None:
        self._github = github
        self._deciding = deciding
        self._changes = changes
        self._budget = budget

    def play(self, plan: JobPlan, done: Mapping[str, Played], around: Around) -> dict[str, Played]:
        """What becomes of a job and of those it calls, by id, given all jobs before it."""
        self._budget.spend()
        job = plan.job
        before = before_job(job, done)
        needs = {need.rpartition("/")[2].lower(): done[need] for need in job.needs if need in done}
        contexts = scopes.contexts(self._github.lookup, around.inputs, needs=results(needs))
        scope = Scope(self._deciding, contexts, before, around.outer)
        because = job.defect or (plan.when.refused if plan.when else "")
        if because:
            return self._skipped(plan, before, f"{because}: GitHub refuses the whole file")
        try:
            runs = scope.holds(plan.when)
        except ExpressionError as error:
            return self._skipped(plan, before, f"`if` cannot be evaluated: {error.message}", FAILURE)
        if not runs:
            return self._skipped(plan, before, scope.why_not(plan.when))
        because = f"if: {plan.when.text} is true" if plan.when else ""
        if plan.called:
            return self._call(plan, scope, because)
        return {job.id: self._legs(plan, scope, because)}

    def _skipped(self, plan: JobPlan, before: Before, because: str, result: str = SKIPPED) -> dict[str, Played]:
        verb = VERBS[result]
        runs = {key: StepRun(False, SKIPPED, SKIPPED, f"job {plan.job.short} {verb}") for key in _keys(plan)}
        failed = before.failed or result == FAILURE
        out = {plan.job.id: Played(JobRun(result, because, runs), False, failed, (plan.job.short, verb), no_output)}
        for inner in plan.called:
            out |= self._skipped(inner, before, f"the job that calls it, {plan.job.short}, {verb}")
        return out

    def _legs(self, plan: JobPlan, outside: Scope, because: str) -> Played:
        """Play every matrix combination; one stands for all where none of them differs."""
        legs: Sequence[Mapping[str, object] | None] = (None,) if plan.job.legs is None else plan.job.legs
        if not legs:
            return ended(plan.job, outside, JobRun(FAILURE, "its matrix has no combinations"), no_output)
        total = len(legs)
        if plan.same_in_all_legs and not isinstance(plan.job.data.get("continue-on-error"), str):
            legs = legs[:1]
        played = []
        in_turn = self._in_turn(plan.job, outside)
        for index, leg in enumerate(legs):
            one = self._leg(plan, outside, leg, (index, total))
            played.append(one)
            if in_turn and one.run.result == FAILURE:
                break
        return ended(plan.job, outside, together([p.run for p in played], because), agreed(played))

    def _in_turn(self, job: Job, outside: Scope) -> bool:
        """Whether a failing combination keeps those after it from starting.

        With `fail-fast` those in progress are cancelled, too, but nobody can count on how far they got (workflow
        syntax, `strategy.fail-fast`, `strategy.max-parallel`).
        """
        strategy = job.data.get("strategy")
        if not isinstance(strategy, Mapping) or strategy.get("max-parallel") != 1:
            return False
        return outside.true(strategy.get("fail-fast", True))

    def _leg(self, plan: JobPlan, outside: Scope, leg: Mapping[str, object] | None, place: tuple[int, int]) -> Played:
        """Play the steps of a job for one matrix combination."""
        flow = Flow()
        strategy = {"job-index": place[0], "job-total": place[1]}
        scope = outside.seeing(
            matrix=scopes.matrix(leg, outside, f"{plan.job.id}."),
            strategy=scopes.tree(strategy),
            secrets=scopes.variables,
            runner=_runner(plan.job, leg, outside),
            job=flow.status,
            steps=flow.lookup,
        )
        steps = Steps(plan.job.id, self._changes, self._budget, Exports(plan.uses_actions))
        start = environment(plan.job, scope, steps.exports)
        scope = scope.seeing(env=start.lookup)
        steps.play(plan.steps, flow, scope, start)
        result, because = (FAILURE, f"step {flow.blame} failed") if flow.blame else (SUCCESS, "")
        if result == FAILURE and outside.seeing(matrix=scope.contexts["matrix"]).true(
            plan.job.data.get("continue-on-error")
        ):
            result, because = SUCCESS, f"{because}, which `continue-on-error` forgives"
        run = JobRun(result, because, steps.runs, _environment(plan.job, scope))
        return ended(plan.job, outside, run, self._output(plan, scope))

    def _output(self, plan: JobPlan, scope: Scope) -> Output:
        """Outputs of a job as its declared expressions give them; those of a workflow elsewhere are unknown."""
        job = plan.job
        if job.opaque or job.data.get("uses"):
            return lambda name: Symbol(f"needs.{job.short}.outputs.{name}")
        return declared(job.data.get("outputs"), scope)

    def _call(self, plan: JobPlan, outside: Scope, because: str) -> dict[str, Played]:
        """Play a called workflow, once for each combination of the calling job."""
        legs: Sequence[Mapping[str, object] | None] = (None,) if plan.job.legs is None else plan.job.legs
        outer = Before(
            outside.before.clean and outside.outer.clean,
            outside.before.failed or outside.outer.failed,
            outside.before.blame or outside.outer.blame,
            outside.before.culprit,
        )
        rounds: list[dict[str, Played]] = []
        outputs: list[Played] = []
        for leg in legs:
            scope = outside.seeing(matrix=scopes.matrix(leg, outside, f"{plan.job.id}."), secrets=scopes.variables)
            around = Around(_bound(plan, scope), outer)
            done: dict[str, Played] = {}
            for inner in plan.called:
                done |= self.play(inner, done, around)
            rounds.append(done)
            outputs.append(self._called(plan, scope, done, around))
        run = together([o.run for o in outputs], because)
        out = {plan.job.id: ended(plan.job, outside, run, agreed(outputs))}
        for id_ in rounds[0] if rounds else ():
            out[id_] = rounds[0][id_]._replace(run=together([r[id_].run for r in rounds], ""))
        return out

    def _called(self, plan: JobPlan, scope: Scope, done: Mapping[str, Played], around: Around) -> Played:
        """What the calling job makes of the jobs it called."""
        direct = {inner.job.short: done[inner.job.id] for inner in plan.called}
        result = scopes.result_of([one.run.result for one in direct.values()])
        because = next((f"job {n} failed" for n, one in direct.items() if one.run.result == FAILURE), "")
        if result == SKIPPED:
            unasked = not plan.needed
            result = SKIPPED if unasked or self._deciding.ask(Atom("truthy", EMPTY)) else SUCCESS
            because = "every job it calls was skipped"
        contexts = scopes.contexts(
            self._github.lookup, around.inputs, jobs=results({n.lower(): p for n, p in direct.items()})
        )
        inner = Scope(self._deciding, contexts)
        config = triggers.events(plan.called[0].job.workflow).get("workflow_call", {})
        return ended(plan.job, scope, JobRun(result, because), declared(config.get("outputs"), inner, "value"))


def _bound(plan: JobPlan, scope: Scope) -> Lookup:
    """The `inputs` of a called workflow: what the caller passes, else defaults, as their types say."""
    config = triggers.events(plan.called[0].job.workflow).get("workflow_call", {})
    given = {str(name).lower(): value for name, value in plan.job.inputs.items()}
    values: dict[str, Value] = {}
    for one in triggers.inputs(config.get("inputs")):
        default = triggers.empty_value(one.type) if one.default is None else one.default
        value = scope.value(given.get(one.name.lower(), default))
        values[one.name] = scopes.as_boolean(value) if one.type == "boolean" else value
    return scopes.tree(values)


def _environment(job: Job, scope: Scope) -> str:
    """The name of the environment a job runs in, as far as it is known."""
    given = job.data.get("environment")
    name = scope.value(given.get("name") if isinstance(given, Mapping) else given)
    return name if isinstance(name, str) else ""


def _runner(job: Job, leg: Mapping[str, object] | None, outside: Scope) -> Lookup:
    """The `runner` context, of which the system is known where its label tells (contexts, "runner context")."""
    labels = job.data.get("runs-on")
    named = scopes.matrix(leg, outside, "")
    texts = [outside.seeing(matrix=named).value(one) for one in (labels if isinstance(labels, list) else [labels])]
    label = " ".join(one.lower() for one in texts if isinstance(one, str))
    system = next((name for word, name in _SYSTEMS.items() if word in label), None)
    rest = scopes.unknown(f"{job.id}.", None)
    return lambda steps: system if system and steps[1:] == ("os",) else rest(steps)


def _keys(plan: JobPlan) -> Iterator[str]:
    waiting = list(plan.steps)
    while waiting:
        step = waiting.pop()
        yield step.key
        waiting.extend(step.children)
