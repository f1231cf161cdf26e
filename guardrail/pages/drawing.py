"""A workflow as boxes and arrows: jobs, what they wait for, what they call, and what is known of the gates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail.actions.model import ENFORCING, Job, Pipeline
from guardrail.checks.delivery import GATES, Gate, Look
from guardrail.graph.delivery import Delivery
from guardrail.graph.deploys import Act, Deploy, environment_of, shortened
from guardrail.graph.gates import MISSING, PROVEN, UNPROVEN, VIOLATED, Verdict
from guardrail.pages.screen import clean, wrap

EVENT, JOB, DEPLOY, VERDICT = "event", "job", "deploy", "verdict"
"""Kinds of nodes, and `verdict` of edges."""
NEEDS = "needs"

STATES = (VIOLATED, UNPROVEN, PROVEN)
"""The worst first."""

_WIDE = 48
_LONGEST = 72
_MOST_ROWS = 3
_MOST_LINES = 12
_GATE_OF: Mapping[str, Gate] = {c: gate for gate in reversed(tuple(GATES.values())) for c in gate.capabilities}


class Node(NamedTuple):
    """A thing to draw: `lines` are plain text that each output has to escape; `state` is a verdict's or empty."""

    key: str
    lines: tuple[str, ...]
    kind: str = JOB
    state: str = ""


class Box(NamedTuple):
    """The jobs that a job calls, drawn inside it. Never empty."""

    key: str
    title: str
    parts: tuple[Node | Box, ...]


class Edge(NamedTuple):
    """An arrow between nodes or boxes by their keys; `kind` is `needs` or `verdict`."""

    source: str
    target: str
    kind: str = NEEDS


class Drawing(NamedTuple):
    """Everything to draw."""

    title: str
    parts: tuple[Node | Box, ...]
    edges: tuple[Edge, ...]

    def nodes(self) -> Iterator[Node]:
        """Every node, in whatever box."""
        waiting: list[Node | Box] = list(reversed(self.parts))
        while waiting:
            part = waiting.pop()
            if isinstance(part, Box):
                waiting += reversed(part.parts)
            else:
                yield part


def drawing(look: Look, required: Iterable[str] = (), mask: Callable[[str], str] = str) -> Drawing:
    """A workflow with the verdicts on every gate in it, and on those of `required` that are missing.

    `mask` hides the secrets in a text.
    """
    return _Draughtsman(look.delivery, _verdicts(look, required), mask).drawing()


def _verdicts(look: Look, required: Iterable[str]) -> dict[str, list[Verdict]]:
    """What is known of each gate, by the id of the deploying job."""
    present = {_GATE_OF[a.ability.capability].name for a in look.delivery.acts if a.ability.capability in _GATE_OF}
    wanted = {*present, *required}
    return {
        deploy.job.id: [v for gate in GATES.values() if gate.name in wanted for _, v in look.verdicts(deploy, gate)]
        for deploy in look.delivery.deploys
    }


@dataclass(slots=True)
class _Draughtsman:
    """Draws one workflow."""

    delivery: Delivery
    verdicts: Mapping[str, Sequence[Verdict]]
    mask: Callable[[str], str]
    _keys: dict[str, str] = field(default_factory=dict)

    def drawing(self) -> Drawing:
        """All of it."""
        pipeline = self.delivery.pipeline
        self._keys = {id_: f"j{number}" for number, id_ in enumerate(pipeline.jobs)}
        top = [job for job in pipeline.jobs.values() if job.caller not in pipeline.jobs]
        start = Node("start", _starting(pipeline), EVENT)
        edges = [Edge("start", self._keys[job.id]) for job in top if not self._needs(job)]
        edges += [Edge(self._keys[n], self._keys[job.id]) for job in pipeline.jobs.values() for n in self._needs(job)]
        told = list(self._told())
        edges += [Edge(node.key, self._keys[id_], VERDICT) for node, id_ in told]
        parts = (start, *(self._part(job) for job in top), *(node for node, _ in told))
        return Drawing(clean(pipeline.file), parts, tuple(edges))

    def _needs(self, job: Job) -> list[str]:
        return [need for need in job.needs if need in self._keys]

    def _part(self, job: Job) -> Node | Box:
        called = [self.delivery.pipeline.jobs[id_] for id_ in job.called if id_ in self._keys]
        if called:
            title = clean(f"{job.id} calls {called[0].pointer.file}")
            return Box(self._keys[job.id], _cut(self.mask(title)), tuple(self._part(inner) for inner in called))
        deploy = next((d for d in self.delivery.deploys if d.job.id == job.id), None)
        lines = [*_described(job), *self._does(job), *(self._going(deploy) if deploy else ())]
        return Node(self._keys[job.id], _shown(map(self.mask, lines)), DEPLOY if deploy else JOB, self._state(job))

    def _does(self, job: Job) -> Iterator[str]:
        """The gates in a job, each once, with what takes away their teeth."""
        told: set[str] = set()
        for act in self.delivery.acts:
            gate = _GATE_OF.get(act.ability.capability)
            if act.job.id == job.id and gate is not None and (line := _gate(gate, act)) not in told:
                told.add(line)
                yield line

    def _going(self, deploy: Deploy) -> Iterator[str]:
        if deploy.act is not None:
            yield f"deploys: {shortened(deploy.act.ability.evidence)}"
        names = self.delivery.environments(deploy)
        if names and not environment_of(deploy.job):
            yield f"goes to {', '.join(dict.fromkeys(n for n in names if n))}"

    def _state(self, job: Job) -> str:
        """The worst that is known of a deploy's gates, or of the gates in a job."""
        found = {v.state for v in self.verdicts.get(job.id, ())}
        found |= {
            v.state
            for verdicts in self.verdicts.values()
            for v in verdicts
            if v.act is not None and v.act.job.pointer == job.pointer and v.act.job.id == job.id
        }
        return next((state for state in STATES if state in found), "")

    def _told(self) -> Iterator[tuple[Node, str]]:
        """A node for each state that gates of a deploy are in, with the deploying job's id."""
        number = 0
        for id_, verdicts in self.verdicts.items():
            for state in reversed(STATES):
                lines = _judged([v for v in verdicts if v.state == state])
                if lines:
                    yield Node(f"v{number}", _shown(map(self.mask, [f"{state}:", *lines])), VERDICT, state), id_
                    number += 1


def _starting(pipeline: Pipeline) -> tuple[str, ...]:
    return _shown(["on:", *pipeline.triggers]) if pipeline.triggers else ("nothing starts this",)


def _described(job: Job) -> Iterator[str]:
    """What a job is: its id and name, its environment, its matrix, its condition."""
    yield job.id if job.name in (job.id, job.short) else f"{job.id}: {job.name}"
    if environment_of(job):
        yield f"environment: {environment_of(job)}"
    if job.legs is None or len(job.legs) > 1:
        yield "matrix" if job.legs is None else f"matrix of {len(job.legs)}"
    if "if" in job.data:
        condition = job.data["if"]
        text = str(condition).lower() if isinstance(condition, bool) else str(condition).strip()
        whole = text.startswith("${{") and text.endswith("}}") and text.count("${{") == 1
        yield f"if: {text[3:-2].strip() if whole else text}"
    if job.defect or job.opaque:
        yield f"not known: {job.defect or job.opaque}"


def _gate(gate: Gate, act: Act) -> str:
    ability = act.ability
    teeth = "" if ability.teeth == ENFORCING else f" ({ability.teeth})"
    return f"{gate.name}{teeth}: {shortened(ability.evidence) or act.step.name or act.step.key}"


def _judged(verdicts: Sequence[Verdict]) -> list[str]:
    """`lint, sast: masked (its step says continue-on-error)`: what is true of several gates is told once."""
    alike: dict[str, list[str]] = {}
    for verdict in verdicts:
        alike.setdefault(_because(verdict), []).append(verdict.gate)
    return [f"{', '.join(gates)}{f': {because}' if because else ''}" for because, gates in alike.items()]


def _because(verdict: Verdict) -> str:
    cause, reason = verdict.cause.replace("-", " "), verdict.reason
    if verdict.state == PROVEN or cause in reason:
        return reason
    return cause if verdict.cause == MISSING or not reason else f"{cause} ({reason})"


def _shown(lines: Iterable[str]) -> tuple[str, ...]:
    found = [row for line in lines for row in _rows(line)]
    rest = len(found) - _MOST_LINES
    return (*found[:_MOST_LINES], *([f"and {rest} more"] if rest > 0 else []))


def _rows(text: str) -> list[str]:
    """A line folded to a few rows of readable width."""
    rows = wrap(text, _WIDE)
    cut = [*rows[: _MOST_ROWS - 1], f"{rows[_MOST_ROWS - 1]}…"] if len(rows) > _MOST_ROWS else rows
    return [_cut(row) for row in cut]


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
