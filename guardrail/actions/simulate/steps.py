"""The steps of one job on one runner, one after the other.

Sources: workflow syntax, `jobs.<job_id>.steps[*]`; contexts, "steps context"; for composite actions, actions/runner
`src/Runner.Worker/Handlers/CompositeActionHandler.cs` and `Expressions/SuccessFunction.cs`: their status functions
look at the action's own steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail.actions.expressions import Atom, ExpressionError, Symbol, Value
from guardrail.actions.expressions.values import text
from guardrail.actions.model import CANCELLED, FAILURE, SKIPPED, SUCCESS, StepRun
from guardrail.actions.simulate.assume import NOT_FOLLOWED
from guardrail.actions.simulate.environment import Environment, Exports
from guardrail.actions.simulate.plan import CANCEL, COMPOSITE, PARALLEL, WAIT, WAIT_ALL, StepPlan
from guardrail.actions.simulate.scope import Before, Exhausted, Scope, tree
from guardrail.actions.simulate.scripts.interpret import FAILS, OPEN, PASSES, Ending
from guardrail.actions.simulate.scripts.written import Written

_SKIPPED = StepRun(False, SKIPPED, SKIPPED)
_PASSED = StepRun(True, SUCCESS, SUCCESS)


class Budget:
    """Counts the steps played, so that no file makes a simulation endless."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self) -> None:
        """One more step; raises Exhausted when that is too many."""
        self.left -= 1
        if self.left < 0:
            raise Exhausted


class Changes(NamedTuple):
    """What is asked of a simulation: the steps that fail and where in their scripts, and the steps that matter."""

    faults: Mapping[str, int]
    focus: Collection[str] | None = None


class Done(NamedTuple):
    """What expressions see of a step that has run, or was skipped. `output` gives one by its lower-cased name."""

    outcome: str
    conclusion: str
    output: Callable[[str], Value]


@dataclass(slots=True)
class Flow:
    """A list of steps being played: those of a job, or of a composite action.

    `waiting` are background steps nobody has waited for yet; `blame` is the step that made the list fail.
    """

    done: dict[str, Done] = field(default_factory=dict)
    waiting: dict[str, tuple[StepPlan, Done]] = field(default_factory=dict)
    blame: str = ""

    def before(self) -> Before:
        """What status functions of the next step see."""
        return Before(not self.blame, bool(self.blame), f"step {self.blame} failed" if self.blame else "")

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """The `steps` context: null for steps that have not run yet, those in the background included."""
        if len(steps) == 1:
            return {id_: self.lookup(("steps", id_)) for id_ in self.done}
        done, rest = self.done.get(steps[1]), steps[2:]
        if done is None:
            return None
        if not rest:
            return {"outcome": done.outcome, "conclusion": done.conclusion, "outputs": done.output("")}
        if rest[0] == "outputs":
            return done.output(".".join(rest[1:]))
        return {"outcome": done.outcome, "conclusion": done.conclusion}.get(rest[0]) if len(rest) == 1 else None

    def status(self, steps: tuple[str, ...]) -> Value:
        """The `job` context, of which only the status is known (contexts, "job context")."""
        return (FAILURE if self.blame else SUCCESS) if steps == ("job", "status") else Symbol(".".join(steps))


def no_output(name: str) -> Value:
    """The outputs of a step that was skipped."""
    return None


class Steps:
    """Plays the steps of a job. `runs` are what became of each, those of actions and groups included."""

    def __init__(self, job: str, changes: Changes, budget: Budget, exports: Exports) -> None:
        self._job = job
        self._faults = changes.faults
        self._focus = changes.focus
        self._budget = budget
        self.exports = exports
        self.runs: dict[str, StepRun] = {}

    def play(self, steps: Iterable[StepPlan], flow: Flow, scope: Scope, environment: Environment) -> None:
        """Play a list of steps; what runs in the background is waited for at its end (`background`, "implicit")."""
        for step in steps:
            self._budget.spend()
            if step.kind in (WAIT, WAIT_ALL, CANCEL):
                self._synchronise(step, flow, scope)
            else:
                self._one(step, flow, scope, environment)
        self._await(flow, tuple(flow.waiting))

    def _one(self, step: StepPlan, flow: Flow, scope: Scope, environment: Environment) -> None:
        run, done = self._run(step, flow, scope, environment)
        if step.background and run.ran:
            flow.waiting[step.id or step.key] = (step, done)
            return
        if step.id:
            flow.done[step.id] = done
        if run.conclusion == FAILURE:
            flow.blame = flow.blame or step.label

    def _run(self, step: StepPlan, flow: Flow, scope: Scope, environment: Environment) -> tuple[StepRun, Done]:
        if step.simple and step.key not in self._faults:
            run = _SKIPPED._replace(because=flow.before().blame) if flow.blame else _PASSED
            done = Done(run.outcome, run.conclusion, no_output if flow.blame else self._output_of(step))
        else:
            inside = environment.within(step.step.data.get("env"), scope)
            here = scope.seeing(flow.before(), env=inside.lookup)
            run, done = self._conditionally(step, flow, here, inside)
        self.runs[step.key] = run
        return run, done

    def _conditionally(self, step: StepPlan, flow: Flow, scope: Scope, inside: Environment) -> tuple[StepRun, Done]:
        """Play a step if its condition holds. Where nothing looks at whether it runs, an open condition stays open."""
        if step.when is not None and step.when.refused:
            return self._skip(step, step.when.refused)
        try:
            runs = scope.holds(step.when) if self._matters(step) else scope.perhaps(step.when)
        except ExpressionError as error:
            return self._end(step, scope, FAILURE, f"`if` cannot be evaluated: {error.message}", no_output)
        if runs is False:
            return self._skip(step, scope.why_not(step.when))
        because = f"if: {step.when.text} is {'true' if runs else 'not known'}" if step.when else ""
        if step.key in self._faults:
            self.exports.add(None, step.exports)
            return self._end(step, scope, FAILURE, "it is made to fail", self._output_of(step))
        if step.kind == PARALLEL:
            failed = self._parallel(step, flow, scope, inside)
            return self._end(step, scope, FAILURE if failed else SUCCESS, failed or because, no_output)
        if step.kind == COMPOSITE:
            return self._composite(step, scope, inside, because)
        found = step.own.ending(scope) if step.own else Ending(PASSES)
        self.exports.add(found.exports if runs else None, step.exports)
        return self._of_its_own(step, scope, because, found)

    def _of_its_own(self, step: StepPlan, scope: Scope, because: str, found: Ending) -> tuple[StepRun, Done]:
        """How a step ends that nothing makes fail: scripts that fail on purpose do."""
        if found.kind == PASSES:
            return self._end(step, scope, SUCCESS, because, self._output_of(step, found.outputs))
        if found.kind == OPEN:
            question = Atom("truthy", f"{NOT_FOLLOWED}step {step.label} of {self._job} fails")
            if not scope.deciding.ask(question):
                return self._end(step, scope, SUCCESS, because, self._output_of(step))
        output = self._output_of(step, found.outputs)
        run, done = self._end(step, scope, FAILURE, "its script ends in failure", output)
        return run._replace(reached=found.at if found.kind == FAILS else -1), done

    def _matters(self, step: StepPlan) -> bool:
        """Whether an open condition has to be settled: somebody asks, or the run goes on in another way."""
        if self._focus is None or step.precise or step.key in self._focus or step.key in self._faults:
            return True
        return any(map(self._matters, step.children))

    def _skip(self, step: StepPlan, because: str) -> tuple[StepRun, Done]:
        for child in step.children:
            self.runs[child.key] = self._skip(child, f"{step.label} is skipped")[0]
        return _SKIPPED._replace(because=because), Done(SKIPPED, SKIPPED, no_output)

    def _end(
        self, step: StepPlan, scope: Scope, outcome: str, because: str, output: Callable[[str], Value]
    ) -> tuple[StepRun, Done]:
        """How a step ends: `continue-on-error` turns a failure into a success (contexts, "steps context")."""
        forgiven = outcome == FAILURE and scope.true(step.continue_on_error)
        conclusion = SUCCESS if forgiven else outcome
        reached = self._faults.get(step.key, -1) if outcome == FAILURE else -1
        return StepRun(True, outcome, conclusion, because, reached), Done(outcome, conclusion, output)

    def _output_of(self, step: StepPlan, written: Written = None) -> Callable[[str], Value]:
        """The outputs of a step: what its script is known to write, and unknown what else it may do."""
        name = f"{self._job}.steps.{step.id}.outputs"
        known = {key.lower(): value for key, value in (written or {}).items() if value is not None}
        return lambda output: known.get(output, Symbol(f"{name}.{output}" if output else name))

    def _composite(self, step: StepPlan, scope: Scope, inside: Environment, because: str) -> tuple[StepRun, Done]:
        """Play the steps of a composite action; without children its inputs are of no consequence."""
        flow = Flow()
        given = step.children[0].step.inputs if step.children else {}
        inputs = {name: _as_text(scope.value(value)) for name, value in given.items()}
        within = scope.seeing(inputs=tree(inputs), steps=flow.lookup)
        self.play(step.children, flow, within, inside)

        def output(name: str) -> Value:
            declared = step.step.action.get("outputs")
            node = declared.get(name) if isinstance(declared, Mapping) else None
            return within.value(node.get("value")) if isinstance(node, Mapping) else None

        failed = f"step {flow.blame} of it failed" if flow.blame else ""
        return self._end(step, scope, FAILURE if failed else SUCCESS, failed or because, output)

    def _parallel(self, step: StepPlan, flow: Flow, scope: Scope, inside: Environment) -> str:
        """Play a group: every member in the background, then a wait (`parallel`). What failed, if anything did."""
        started: list[str] = []
        for child in step.children:
            self._budget.spend()
            _, done = self._run(child, flow, scope, inside)
            started.append(child.id or child.key)
            flow.waiting[started[-1]] = (child, done)
        return self._await(flow, started)

    def _synchronise(self, step: StepPlan, flow: Flow, scope: Scope) -> None:
        """`wait` and `wait-all` fail with what they wait for; a step that is cancelled fails nothing."""
        if step.kind == CANCEL:
            for target in step.targets:
                stopped = flow.waiting.pop(target, None)
                if stopped is not None:
                    flow.done[target] = stopped[1]._replace(outcome=CANCELLED, conclusion=CANCELLED)
            self.runs[step.key] = _PASSED
            return
        outer = flow.blame
        targets = step.targets if step.kind == WAIT else tuple(flow.waiting)
        failed = self._await(flow, targets)
        here = scope.seeing(flow.before())
        run, done = self._end(step, here, FAILURE if failed else SUCCESS, failed, no_output)
        if run.conclusion == SUCCESS:
            flow.blame = outer
        self.runs[step.key] = run
        if step.id:
            flow.done[step.id] = done

    def _await(self, flow: Flow, targets: Iterable[str]) -> str:
        """Wait for background steps, which can be looked at from now on. What failed, if anything did."""
        failed = ""
        for target in targets:
            step, done = flow.waiting.pop(target, (None, None))
            if step is None or done is None:
                continue
            if step.id:
                flow.done[step.id] = done
            if done.conclusion == FAILURE:
                failed = failed or f"step {step.label} failed"
                flow.blame = flow.blame or step.label
        return failed


def _as_text(value: Value) -> Value:
    """Inputs of actions are strings, whatever is passed."""
    return value if isinstance(value, Symbol) else text(value)
