"""Jobs of a run, one after the other, with the matrix combinations and the called workflows of each.

Sources: workflow syntax, `jobs.<job_id>`; expressions, "Status check functions"; contexts, "needs context";
actions/runner#491 and #2205 (`success()` looks at all ancestors); actions/runner#1161 (`continue-on-error`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from guardrail.actions import triggers
from guardrail.actions.expressions import Atom, ExpressionError, Symbol, Value
from guardrail.actions.expressions.values import text
from guardrail.actions.model import FAILURE, SKIPPED, SUCCESS, Job, JobRun, StepRun
from guardrail.actions.simulate import scope as scopes
from guardrail.actions.simulate.assume import EMPTY
from guardrail.actions.simulate.environment import environment
from guardrail.actions.simulate.github import Github
from guardrail.actions.simulate.plan import JobPlan
from guardrail.actions.simulate.scope import Before, Deciding, Lookup, Scope
from guardrail.actions.simulate.steps import Budget, Changes, Flow, Steps

Output = Callable[[str], Value]
Culprit = tuple[str, str]


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


class Around(NamedTuple):
    """Where jobs are played: what those of a called workflow have from their caller."""

    inputs: Lookup
    outer: Before = scopes.NOTHING_BEFORE
    prefix: str = ""


def no_output(name: str) -> Value:
    """The outputs of a job that did not run."""
    return None


_VERBS = {SUCCESS: "succeeded", FAILURE: "failed", SKIPPED: "was skipped"}
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
        before = _before(job, done)
        needs = {need.rpartition("/")[2].lower(): done[need] for need in job.needs if need in done}
        contexts = scopes.contexts(self._github, around.inputs, needs=_needs(needs))
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
        verb = _VERBS[result]
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
            return _played(plan.job, outside, JobRun(FAILURE, "its matrix has no combinations"), no_output)
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
        return _played(plan.job, outside, _together([p.run for p in played], because), _outputs(played))

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
        steps = Steps(plan.job.id, self._changes, self._budget)
        start = environment(plan, scope)
        scope = scope.seeing(env=start.lookup)
        steps.play(plan.steps, flow, scope, start)
        result, because = (FAILURE, f"step {flow.blame} failed") if flow.blame else (SUCCESS, "")
        if result == FAILURE and outside.seeing(matrix=scope.contexts["matrix"]).true(
            plan.job.data.get("continue-on-error")
        ):
            result, because = SUCCESS, f"{because}, which `continue-on-error` forgives"
        run = JobRun(result, because, steps.runs, _environment(plan.job, scope))
        return _played(plan.job, outside, run, self._output(plan, scope))

    def _output(self, plan: JobPlan, scope: Scope) -> Output:
        """Outputs of a job as its declared expressions give them; those of a workflow elsewhere are unknown."""
        job = plan.job
        if job.opaque or job.data.get("uses"):
            return lambda name: Symbol(f"needs.{job.short}.outputs.{name}")
        return _declared(job.data.get("outputs"), scope)

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
        run = _together([o.run for o in outputs], because)
        out = {plan.job.id: _played(plan.job, outside, run, _outputs(outputs))}
        for id_ in rounds[0] if rounds else ():
            out[id_] = rounds[0][id_]._replace(run=_together([r[id_].run for r in rounds], ""))
        return out

    def _called(self, plan: JobPlan, scope: Scope, done: Mapping[str, Played], around: Around) -> Played:
        """What the calling job makes of the jobs it called."""
        direct = {inner.job.short: done[inner.job.id] for inner in plan.called}
        results = [one.run.result for one in direct.values()]
        result = scopes.result_of(results)
        because = next((f"job {n} failed" for n, one in direct.items() if one.run.result == FAILURE), "")
        if result == SKIPPED:
            unasked = not plan.needed
            result = SKIPPED if unasked or self._deciding.ask(Atom("truthy", EMPTY)) else SUCCESS
            because = "every job it calls was skipped"
        contexts = scopes.contexts(self._github, around.inputs, jobs=_needs({n.lower(): p for n, p in direct.items()}))
        inner = Scope(self._deciding, contexts)
        config = triggers.events(plan.called[0].job.workflow).get("workflow_call", {})
        return _played(plan.job, scope, JobRun(result, because), _declared(config.get("outputs"), inner, "value"))


def _before(job: Job, done: Mapping[str, Played]) -> Before:
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


def _played(job: Job, scope: Scope, run: JobRun, output: Output) -> Played:
    """A job's end, with what that means for those after it."""
    good = run.result == SUCCESS
    failed = run.result == FAILURE or scope.before.failed
    culprit = scope.before.culprit if good else (job.short, _VERBS[run.result])
    return Played(run, good and scope.before.clean, failed, culprit, output)


def _together(runs: Sequence[JobRun], because: str) -> JobRun:
    """Several combinations of a job as one: failed if any failed, steps as they went furthest."""
    if len(runs) == 1:
        return runs[0]._replace(because=runs[0].because or because)
    result = scopes.result_of([run.result for run in runs]) if runs else FAILURE
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


def _needs(played: Mapping[str, Played]) -> Lookup:
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


def _declared(given: object, scope: Scope, key: str = "") -> Output:
    """Outputs by their declarations, under `key` of each where that is given."""
    nodes = {str(n).lower(): v for n, v in given.items()} if isinstance(given, Mapping) else {}

    def output(name: str) -> Value:
        if not name:
            return {one: output(one) for one in nodes}
        node = nodes.get(name)
        found = scope.value(node.get(key) if key and isinstance(node, Mapping) else node)
        return found if isinstance(found, Symbol) or found is None else text(found)

    return output


def _outputs(played: Sequence[Played]) -> Output:
    """Outputs of all combinations: what they agree on, else unknown, as the last to end decides."""
    if len(played) == 1:
        return played[0].output

    def output(name: str) -> Value:
        found = [one.output(name) for one in played]
        return found[0] if all(value == found[0] for value in found) else Symbol(f"outputs.{name} of one combination")

    return output


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
    todo = list(plan.steps)
    while todo:
        step = todo.pop()
        yield step.key
        todo.extend(step.children)
