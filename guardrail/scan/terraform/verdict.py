"""One policy on one resource in every world that its verdict hangs on: pass, fail, or unknown with the cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.hcl.inputs import alike, named
from guardrail.hcl.world import World
from guardrail.model.report import Undecided
from guardrail.model.value import Question, UnknownValue
from guardrail.views.items import Item

MOST_WORLDS = 16
"""Worlds that one verdict looks at; beyond it the verdict is unknown."""

ENVIRONMENT = "which environment this is"
"""The subject of the question that a policy asks where nothing tells the environment."""

ItemIn = Callable[[World], Item | None]
"""The item of a resource in a world; None where the resource is not there."""

EnvironmentIn = Callable[[World], object]
"""The environment in a world: its name, or an unknown."""


class Leaf(NamedTuple):
    """What came out in one world."""

    world: World
    outcome: Outcome


@dataclass(slots=True)
class Verdicts:
    """Judges one item: `item` and `environment` answer for each world."""

    compiled: Compiled
    item: ItemIn
    environment: EnvironmentIn

    def judge(self, world: World) -> Outcome:
        """The outcome over all worlds that matter, from the one given on."""
        leaves, complete = self._leaves(world)
        if len(leaves) == 1 and complete:
            return leaves[0].outcome
        return _together(world, leaves, complete)

    def _leaves(self, start: World) -> tuple[list[Leaf], bool]:
        leaves: list[Leaf] = []
        waiting = [start]
        complete = True
        while waiting:
            world = waiting.pop(0)
            outcome = self._in(world)
            question = _open(outcome, world)
            if question is not None and len(leaves) + len(waiting) < MOST_WORLDS:
                waiting.extend(world.answers(question))
            else:
                complete = complete and question is None
                leaves.append(Leaf(world, outcome))
        return leaves, complete

    def _in(self, world: World) -> Outcome:
        outcome = Outcome()
        asked = self._asked(world)
        if asked is False:
            outcome.tally.not_applicable += 1
            return outcome
        if isinstance(asked, Question):
            return _undecided(outcome, asked.subject, (asked,))
        item = self.item(world)
        if item is not None:
            evaluate(self.compiled, (item,), outcome)
        return outcome

    def _asked(self, world: World) -> bool | Question:
        """Whether the policy holds in a world's environment, or the question that would tell."""
        wanted = self.compiled.policy.environments
        if not wanted:
            return True
        here = self.environment(world)
        if isinstance(here, str):
            return any(alike(here, w) for w in wanted)
        symbol = here.symbol if isinstance(here, UnknownValue) and here.symbol else ENVIRONMENT
        possible = world.open(symbol)
        if possible is not None and not any(isinstance(p, str) and alike(p, w) for p in possible for w in wanted):
            return False
        for name in wanted:
            question = Question(symbol, named(name, possible))
            answer = world.decide(question)
            if answer is None:
                return question
            if answer:
                return True
        return False


def _undecided(outcome: Outcome, reason: str, questions: tuple[Question, ...]) -> Outcome:
    outcome.undecided.append(Undecided((), reason, questions))
    outcome.tally.evaluated += 1
    outcome.tally.unknown += 1
    return outcome


def _open(outcome: Outcome, world: World) -> Question | None:
    """A question whose answer may settle an outcome; a fault that is certain needs none."""
    if outcome.hits:
        return None
    asked = (q for u in outcome.undecided for q in u.questions)
    return next((q for q in asked if world.decide(q) is None), None)


def _together(start: World, leaves: list[Leaf], complete: bool) -> Outcome:
    """One outcome from those of several worlds: what holds in all of them, else unknown with what it hangs on."""
    judged = [leaf for leaf in leaves if leaf.outcome.tally.evaluated or leaf.outcome.failures]
    found = Outcome(failures=[f for leaf in judged for f in leaf.outcome.failures][:1])
    if not judged:
        found.tally.not_applicable += 1
        return found
    found.tally.evaluated += 1
    failing = [leaf for leaf in judged if leaf.outcome.hits]
    if len(failing) == len(leaves) and complete:
        found.hits = failing[0].outcome.hits
        found.tally.failed += 1
        return found
    open_ = [u for leaf in judged for u in leaf.outcome.undecided]
    if not failing and not open_:
        return found
    found.tally.unknown += 1
    path = failing[0].outcome.hits[0].path if failing else open_[0].path
    reason, shared = (_cause(start, failing), False) if failing else (open_[0].reason, open_[0].shared)
    found.undecided.append(Undecided(path, reason, shared=shared))
    return found


def _cause(start: World, failing: list[Leaf]) -> str:
    """What fails when, by input: `var.environment: fails when it is "development"`."""
    by_subject: dict[str, list[str]] = {}
    for leaf in failing:
        new = {s: f"it is {_literal(v)}" for s, v in leaf.world.values.items() if s not in start.values}
        for subject, gone in leaf.world.without.items():
            before = start.without.get(subject, ())
            if subject not in new and len(gone) > len(before):
                new[subject] = f"it is not {' or '.join(_literal(g) for g in gone)}"
        for subject, words in new.items():
            known = by_subject.setdefault(subject, [])
            if words not in known:
                known.append(words)
    return " and ".join(_told(subject, words) for subject, words in by_subject.items())


def _told(subject: str, words: list[str]) -> str:
    if subject == ENVIRONMENT:
        return f"{ENVIRONMENT}: fails in {' and '.join(w.removeprefix('it is ').strip(chr(34)) for w in words)}"
    return f"{subject}: fails when {' or '.join(words[:3])}"


def _literal(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return f'"{value}"' if isinstance(value, str) else str(value)
