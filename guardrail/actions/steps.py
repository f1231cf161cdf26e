"""The steps of a job, with the composite actions of the repository inlined and what holds for each worked out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from guardrail.actions.model import Ability, Job, Step
from guardrail.model.place import Path, Pointer

Data = Mapping[str, object]
Calls = Callable[[str], tuple[str, Data] | None]

MOST_LEVELS = 10
MOST_STEPS = 5000
"""Steps of a pipeline with all composite actions inlined; actions beyond that are opaque."""

_INPUT = re.compile(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}", re.IGNORECASE)


class Facts(NamedTuple):
    """What holds for a step before it runs.

    `shell` as somebody wrote it, empty when nobody did; `env` the literal variables of workflow, job and step;
    `directory` the working directory; `windows` whether every runner is one; `inputs` those of the composite action
    or called workflow around it, as the caller wrote them; `action` the folder of that action.
    """

    shell: str = ""
    env: Mapping[str, str] = {}
    directory: str = ""
    windows: bool = False
    inputs: Mapping[str, object] = {}
    action: str = ""


class Recognition(Protocol):
    """What a step does, as the recogniser tells it."""

    @property
    def abilities(self) -> tuple[Ability, ...]:
        """What the step does."""

    @property
    def opaque(self) -> str:
        """Why it may do more than that."""


Recognise = Callable[[Data, Facts], Recognition]


class _Around(NamedTuple):
    """What surrounds a list of steps."""

    facts: Facts
    key: str
    path: Path
    file: str
    way: tuple[str, ...] = ()
    composite: bool = False


class Builder:
    """Makes steps; collects `defects`."""

    def __init__(self, calls: Calls, recognise: Recognise) -> None:
        self._calls = calls
        self._recognise = recognise
        self._made = 0
        self.defects: list[str] = []

    def of_job(self, job: Job) -> tuple[Step, ...]:
        """The steps of a job that has its own."""
        around = _Around(_of_job(job), job.id, (*job.pointer.path, "steps"), job.pointer.file)
        if "steps" not in job.data:
            self.defects.append(f"{job.pointer.file}: job `{job.id}` has neither `steps` nor `uses`")
            return ()
        return self._steps(job.data["steps"], around)

    def call(self, job: Job) -> Step:
        """A call of a workflow elsewhere, as a step that does what the recogniser knows of it."""
        known = self._recognise(job.data, _of_job(job))
        return Step(
            f"{job.id}/call", job.pointer, job.data, name=job.name, abilities=known.abilities, opaque=known.opaque
        )

    def _steps(self, nodes: object, around: _Around) -> tuple[Step, ...]:
        if not isinstance(nodes, list):
            self.defects.append(f"{around.file}: the steps of `{around.key}` are not a list")
            return ()
        out = []
        for position, node in enumerate(nodes):
            if isinstance(node, Mapping):
                out.append(self._step(node, position, around))
            else:
                self.defects.append(f"{around.file}: step {position + 1} of `{around.key}` is not a mapping")
        return tuple(out)

    def _step(self, node: Data, position: int, around: _Around) -> Step:
        self._made += 1
        key, path = f"{around.key}/{position}", (*around.path, position)
        step = Step(key, Pointer(around.file, path), node, _text(node.get("id")), _text(node.get("name")))
        facts = _of_step(node, around.facts)
        step = step._replace(shell=facts.shell, inputs=around.facts.inputs if around.composite else {})
        if "parallel" in node:
            if key.count("/") > MOST_LEVELS:
                self.defects.append(f"{around.file}: step {position + 1} of `{around.key}` is nested too deeply")
                return step
            members = self._steps(node["parallel"], around._replace(facts=facts, key=key, path=(*path, "parallel")))
            return step._replace(steps=members)
        uses = node.get("uses")
        if isinstance(uses, str) and uses.startswith(("./", "../", "$/")):
            return self._local(step, uses, facts, around)
        return self._recognised(step, facts)

    def _recognised(self, step: Step, facts: Facts, opaque: str = "") -> Step:
        if "run" not in step.data and "uses" not in step.data:
            return step  # `wait`, `wait-all` and `cancel` do nothing themselves
        known = self._recognise(filled(step.data, facts.inputs), facts)
        return step._replace(abilities=known.abilities, opaque=known.opaque or ("" if known.abilities else opaque))

    def _local(self, step: Step, uses: str, facts: Facts, around: _Around) -> Step:
        """A step that uses an action of the repository: a composite one is inlined."""
        path = "." + uses[1:] if uses.startswith("$/") else uses
        found = self._calls(path)
        if found is None:
            return self._recognised(step, facts, f"{uses} is not in this repository")
        file, action = found
        runs = action.get("runs")
        using = _text(runs.get("using")) if isinstance(runs, Mapping) else ""
        if not isinstance(runs, Mapping) or using.lower() != "composite":
            return self._recognised(step, facts, f"{uses} runs code of its own ({using or 'no `runs.using`'})")
        if file in around.way or len(around.way) >= MOST_LEVELS or self._made >= MOST_STEPS:
            reason = "uses itself" if file in around.way else "is nested too deeply"
            self.defects.append(f"{around.file}: {uses} {reason}")
            return step._replace(opaque=f"{uses} {reason}")
        inputs = _bound(action.get("inputs"), step.data.get("with"), facts.inputs)
        inner = facts._replace(shell="", directory="", inputs=inputs, action=file.rpartition("/")[0])
        within = _Around(inner, step.key, ("runs", "steps"), file, (*around.way, file), True)
        return step._replace(action=action, steps=self._steps(runs.get("steps"), within))


def filled(node: Data, inputs: Mapping[str, object]) -> Data:
    """A step with `${{ inputs.x }}` replaced where the caller wrote a plain value."""
    literal = {
        n.lower(): plain(v) for n, v in inputs.items() if isinstance(v, str | int | float) and "${{" not in str(v)
    }
    if not literal:
        return node
    return {key: _filled(value, literal) for key, value in node.items()}


def _filled(value: object, literal: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return _INPUT.sub(lambda found: literal.get(found[1].lower(), found[0]), value) if "${{" in value else value
    if isinstance(value, Mapping):
        return {key: _filled(v, literal) for key, v in value.items()}
    return value


def plain(value: object) -> str:
    """A scalar as text, as GitHub writes it: `true`, not `True`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bound(declared: object, given: object, around: Mapping[str, object]) -> dict[str, object]:
    """The inputs of an action: what the caller passes, else the defaults (metadata syntax, `inputs.<id>.default`)."""
    out: dict[str, object] = {}
    if isinstance(declared, Mapping):
        for name, node in declared.items():
            out[str(name)] = node.get("default", "") if isinstance(node, Mapping) else ""
    if isinstance(given, Mapping):
        lower = {name.lower(): name for name in out}
        for name, value in filled(given, around).items():
            out[lower.get(str(name).lower(), str(name))] = value
    return out


def _of_job(job: Job) -> Facts:
    """What holds for all steps of a job: its own defaults go first (workflow syntax, `jobs.<job_id>.defaults.run`)."""
    env = _merged(_merged({}, job.workflow), job.data)
    return Facts(_default(job, "shell"), env, _default(job, "working-directory"), windows(job), job.inputs)


def _default(job: Job, key: str) -> str:
    for data in (job.data, job.workflow):
        defaults = data.get("defaults")
        run = defaults.get("run") if isinstance(defaults, Mapping) else None
        if isinstance(run, Mapping) and isinstance(run.get(key), str):
            return str(run[key])
    return ""


def _of_step(node: Data, facts: Facts) -> Facts:
    return facts._replace(
        shell=_text(node.get("shell")) or facts.shell,
        directory=_text(node.get("working-directory")) or facts.directory,
        env=_merged(facts.env, node),
    )


def _merged(env: Mapping[str, str], node: Data) -> Mapping[str, str]:
    """Literal variables with those of a node; one that holds an expression hides an outer literal."""
    given = node.get("env")
    if not isinstance(given, Mapping):
        return env
    out = dict(env)
    for name, value in given.items():
        out.pop(str(name), None)
        if isinstance(value, str | int | float) and "${{" not in str(value):
            out[str(name)] = plain(value)
    return out


def windows(job: Job) -> bool:
    """Whether every runner of a job is a Windows one, as far as its label tells."""
    labels = job.data.get("runs-on")
    if isinstance(labels, Mapping):
        labels = labels.get("labels")
    text = " ".join(str(label) for label in labels) if isinstance(labels, list) else _text(labels)
    named = re.findall(r"matrix\.([\w-]+)", text) if "${{" in text else []
    if not named:
        return "windows" in text.lower()
    return bool(job.legs) and all(any("windows" in _text(leg.get(n)).lower() for n in named) for leg in job.legs or ())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
