"""Where the value of an expression comes from: through `env`, outputs of steps and jobs, and the matrix.

Only what can become part of the value counts: the operands of a comparison do not, nor what stands before `&&`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from guardrail.actions import expressions
from guardrail.actions.expressions import Call, Logic, Node
from guardrail.actions.expressions import Index as Indexed
from guardrail.actions.expressions.walk import reference
from guardrail.checks import injection_outputs
from guardrail.checks.injection_artifacts import ARTIFACT, brought_before, reads
from guardrail.model.document import Resource
from guardrail.model.place import Path, Pointer
from guardrail.views import workflows
from guardrail.views.once import once
from guardrail.views.workflows import NO_JOB, Job, Step

Steps = tuple[str | None, ...]
Via = tuple[tuple[Pointer, str], ...]
NO_STEP = Step({}, (), NO_JOB)

_DEEPEST = 8
_MOST_LEAVES = 200


class Leaf(NamedTuple):
    """A context path that a value may come from: `("github", "event", "issue", "title")`.

    `whole` when everything below it is written out, as `toJSON` does. `via` are the definitions on the way. `step` is
    the step that sets it, for an output of an action.
    """

    steps: Steps
    whole: bool = False
    via: Via = ()
    step: Step = NO_STEP

    @property
    def name(self) -> str:
        """The path as people write it."""
        if self.steps == (ARTIFACT,):
            return "a file of another run"
        out = ""
        for step in self.steps:
            out += "[…]" if step is None else f"[{step}]" if step.isdigit() else f".{step}" if out else step
        return f"toJSON({out})" if self.whole else out


class Scope(NamedTuple):
    """What an expression can see: the file, the job, the step, and from which level on `env` is looked up.

    `level` is 0 within a step, 1 in the step's own `env`, 2 in that of the job, 3 in that of the workflow. `seen` are
    the paths that have been followed already, so that each is followed once.
    """

    resource: Resource
    job: Job = NO_JOB
    step: Step = NO_STEP
    level: int = 0
    depth: int = 0
    via: Via = ()
    seen: set[object] | None = None

    def at(self, step: Step) -> Scope:
        """The scope of a step."""
        return self._replace(job=step.job, step=step, level=0)

    def behind(self, path: Path, note: str, text: str = "") -> Scope:
        """This scope one definition further on."""
        via = (*self.via, (Pointer("", path, text), note))
        return self._replace(depth=self.depth + 1, via=via)


def values(node: Node) -> Iterator[tuple[Steps, bool]]:
    """Context paths whose value may be the expression's, or part of it, and whether they are written out whole."""
    pending: list[tuple[Node, bool]] = [(node, False)]
    while pending:
        here, whole = pending.pop()
        found = reference(here)
        if found is not None:
            yield found.steps, whole
        elif isinstance(here, Logic):
            # `a && b` is b, or an a that counts as false: '', 0, null
            chosen = here.operands[-1:] if here.operator == "&&" else here.operands
            pending.extend((operand, whole) for operand in reversed(chosen))
        elif isinstance(here, Call):
            pending.extend((argument, whole or here.name == "tojson") for argument in reversed(_passed(here)))
        elif isinstance(here, Indexed):
            pending.append((here.target, whole))


def _passed(call: Call) -> tuple[Node, ...]:
    """The arguments that end up in a function's value."""
    if call.name == "case":
        return (*call.arguments[1:-1:2], call.arguments[-1])
    return call.arguments if call.name in ("format", "fromjson", "join", "tojson") else ()


def leaves(node: Node, scope: Scope) -> Iterator[Leaf]:
    """Where the value of an expression comes from, as far as the file tells; the rest are paths as written."""
    scope = scope if scope.seen is not None else scope._replace(seen=set())
    yield from islice(_leaves(node, scope), _MOST_LEAVES)


def text_leaves(text: str, scope: Scope) -> Iterator[Leaf]:
    """Where the values of all `${{ }}` of a string come from."""
    for embedded in expressions.embedded(text):
        if embedded.node is not None:
            yield from leaves(embedded.node, scope)


def _leaves(node: Node, scope: Scope) -> Iterator[Leaf]:
    for steps, whole in values(node):
        yield from _traced(steps, whole, scope)


def _traced(steps: Steps, whole: bool, scope: Scope) -> Iterator[Leaf]:
    here = Leaf(steps, whole, scope.via)
    key = (steps, whole, scope.job.id, scope.step.path, scope.level)
    if scope.seen is not None and key in scope.seen:
        return
    if scope.seen is not None:
        scope.seen.add(key)
    if scope.depth >= _DEEPEST or None in steps[:2]:
        yield here
        return
    head = steps[0]
    if head == "env" and len(steps) > 1:
        yield from _env(str(steps[1]), here, scope)
    elif head == "matrix" and len(steps) > 1:
        yield from _matrix(steps, here, scope)
    elif head == "needs" and len(steps) == 4 and steps[2] == "outputs":
        yield from _needed(str(steps[1]), str(steps[3]), here, scope)
    elif head == "steps" and len(steps) == 4 and steps[2] == "outputs":
        yield from _output(str(steps[1]), str(steps[3]), here, scope)
    else:
        yield here


def _inside(value: object, scope: Scope) -> Iterator[Leaf]:
    for embedded in expressions.embedded(value) if isinstance(value, str) else ():
        if embedded.node is not None:
            yield from _leaves(embedded.node, scope)


def _env(name: str, here: Leaf, scope: Scope) -> Iterator[Leaf]:
    """The value of a variable: what `env` says, or what an earlier step has written to GITHUB_ENV."""
    found = variable(name, scope)
    if found is not None:
        yield from _inside(*found)
    told = found is not None
    for step in siblings(scope) if scope.level == 0 and scope.step.path else ():
        if step.path == scope.step.path:
            break
        for line, value in _written(step, name, "ENV"):
            told = True
            inner = scope.at(step).behind((*step.path, "run"), f"`{name}` is set here", line)
            yield from script_leaves(value, inner, here)
    if not told:
        yield here


def _written(step: Step, name: str, file: str) -> list[tuple[str, str]]:
    script = step.data.get("run")
    return injection_outputs.written(script, name, file) if isinstance(script, str) else []


def variable(name: str, scope: Scope) -> tuple[object, Scope] | None:
    """The definition of an environment variable, the nearest one, and the scope it is evaluated in."""
    for level, (holder, path) in enumerate(_holders(scope), 1):
        env = holder.get("env")
        if level > scope.level and isinstance(env, Mapping):
            key = next((k for k in env if str(k).lower() == name.lower()), None)
            if key is not None:
                where = scope._replace(level=level).behind((*path, "env", key), f"`{key}` is set here")
                return env[key], where
    return None


def _holders(scope: Scope) -> tuple[tuple[Mapping[str, object], Path], ...]:
    workflow = scope.resource.data if scope.resource.kind == "Workflow" else {}
    return ((scope.step.data, scope.step.path), (scope.job.data, scope.job.path), (workflow, scope.resource.path))


def _matrix(steps: Steps, here: Leaf, scope: Scope) -> Iterator[Leaf]:
    """Values of a matrix: those written out are plain text, expressions among them are followed."""
    strategy = scope.job.data.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, Mapping) else None
    path = (*scope.job.path, "strategy", "matrix")
    if isinstance(matrix, str):
        yield from _inside(matrix, scope.behind(path, "the matrix is made here"))
        return
    if not isinstance(matrix, Mapping):
        yield here
        return
    for key in matrix:
        if str(key).lower() in (steps[1], "include"):
            given = _chosen(matrix[key], str(steps[1])) if key == "include" else matrix[key]
            for text in _strings(given):
                yield from _inside(text, scope.behind((*path, key), "the matrix is made here"))


def _chosen(include: object, name: str) -> object:
    """What entries of `include` give for a name, or the expression that makes them."""
    if not isinstance(include, list):
        return include
    return [v for entry in include if isinstance(entry, Mapping) for k, v in entry.items() if str(k).lower() == name]


def _strings(value: object) -> Iterator[str]:
    pending = [value]
    while pending:
        here = pending.pop()
        if isinstance(here, str):
            yield here
        elif isinstance(here, Mapping):
            pending.extend(here.values())
        elif isinstance(here, list):
            pending.extend(here)


def _needed(job: str, output: str, here: Leaf, scope: Scope) -> Iterator[Leaf]:
    """The output of a job this one needs."""
    found = index(scope.resource).jobs.get(job)
    outputs = found.data.get("outputs") if found else None
    key = next((k for k in outputs if str(k).lower() == output), None) if isinstance(outputs, Mapping) else None
    if found is None or key is None or not isinstance(outputs, Mapping):
        yield here
        return
    path = (*found.path, "outputs", key)
    inner = scope._replace(job=found, step=NO_STEP, level=0)
    yield from _inside(outputs[key], inner.behind(path, f"output `{key}` of job `{found.id}`"))


def _output(id_: str, output: str, here: Leaf, scope: Scope) -> Iterator[Leaf]:
    """The output of an earlier step: of a script what it writes there, of an action the output itself."""
    step = index(scope.resource).named.get((scope.job.id, id_))
    if step is None or not isinstance(step.data.get("run"), str):
        yield here if step is None else here._replace(step=step)
        return
    written = _written(step, output, "OUTPUT")
    if not written:
        yield here
    for line, value in written:
        inner = scope.at(step).behind((*step.path, "run"), f"output `{output}` is set here", line)
        yield from script_leaves(value, inner, here)


class Index(NamedTuple):
    """The jobs of a file by lower-cased id, steps by job and id, all steps by job, and those with a script."""

    jobs: Mapping[str, Job]
    named: Mapping[tuple[str, str], Step]
    steps: Mapping[str, tuple[Step, ...]]
    scripts: tuple[tuple[Step, str], ...]


@once
def index(resource: Resource) -> Index:
    """The jobs and steps of a file, to be looked up. Of two steps with one id the first counts."""
    named: dict[tuple[str, str], Step] = {}
    steps: dict[str, list[Step]] = {}
    for step in workflows.steps(resource):
        steps.setdefault(step.job.id, []).append(step)
        if step.data.get("id"):
            named.setdefault((step.job.id, str(step.data["id"]).lower()), step)
    jobs = {job.id.lower(): job for job in workflows.jobs(resource)}
    everything = [step for found in steps.values() for step in found]
    scripts = tuple((step, script) for step in everything if isinstance(script := step.data.get("run"), str))
    return Index(jobs, named, {job: tuple(found) for job, found in steps.items()}, scripts)


def siblings(scope: Scope) -> tuple[Step, ...]:
    """The steps of the job, or of the composite action, at hand."""
    return index(scope.resource).steps.get(scope.job.id, ())


def script_leaves(text: str, scope: Scope, otherwise: Leaf) -> Iterator[Leaf]:
    """Where a piece of a script takes its text from: expressions and variables; `otherwise` for what cannot be told."""
    yield from _inside(text, scope)
    if reads(text, str(scope.step.data.get("run") or "")) and brought_before(scope.step, siblings(scope)):
        yield Leaf((ARTIFACT,), False, scope.via)
    for name in injection_outputs.variables(text):
        if name is None:
            yield otherwise
            continue
        found = variable(name, scope)
        if found is not None:
            yield from _inside(*found)
        elif name.startswith("GITHUB_"):
            yield Leaf(("github", name.removeprefix("GITHUB_").lower()), False, scope.via)
        elif name not in injection_outputs.OWN:
            yield otherwise
