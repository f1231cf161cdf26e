"""What a simulated run takes for granted: answers to questions that no file answers, kept consistent.

An equality assumed true binds a variable, so that every other question about it is settled; one assumed false takes a
value away. All values that count as false are equal to one another in GitHub's loose comparison, so `x == ''` is the
same question as `!x` (github/docs, expressions: "Operators").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from guardrail.actions import expressions
from guardrail.actions.expressions import Atom, Compare, Literal, Symbol, Value
from guardrail.actions.expressions.symbols import name_of
from guardrail.actions.expressions.values import truthy
from guardrail.actions.model import Assumption

CALLS = "@calls"
"""Whether status functions in a called workflow look at the jobs before the call. Reports differ: actions/runner#2205
has people who see called jobs skipped, and nobody says what is meant to happen."""

EMPTY = "@empty"
"""Whether a call is skipped when each of its jobs was (github/docs#30296 asks, without an answer)."""

_UNDOCUMENTED = {
    CALLS: "status functions in a called workflow look at the jobs before the call",
    EMPTY: "a call whose jobs are all skipped counts as skipped",
}

NOT_FOLLOWED = "@the script of "
"""Begins the question how a script ends that could not be followed."""

_OPERATORS = {"equals": "==", "less": "<", "greater": ">"}

Domains = Mapping[str, Sequence[Value]]


class Fork(Exception):
    """The run depends on a question that is still open."""

    def __init__(self, atom: Atom) -> None:
        super().__init__(atom)
        self.atom = atom


_Answer = tuple[Atom, bool]


class Assumptions(NamedTuple):
    """Answers given so far.

    `domains` are the variables that can only have certain values, `bound` those that are settled; `about` are the
    answers by variable, as `_plain` puts them.
    """

    made: tuple[tuple[Atom, bool], ...] = ()
    domains: Domains = {}  # noqa: RUF012 - a NamedTuple, and nobody writes to it
    bound: Mapping[str, Value] = {}
    about: Mapping[str, tuple[_Answer, ...]] = {}

    def adding(self, atom: Atom, holds: bool) -> Assumptions:
        """These and one more."""
        bound = {**self.bound, atom.subject: atom.literal} if holds and atom.kind == "equals" else self.bound
        plain, turned = _plain(atom)
        known = (*self.about.get(atom.subject, ()), (plain, holds != turned))
        return Assumptions((*self.made, (atom, holds)), self.domains, bound, {**self.about, atom.subject: known})

    def answer(self, atom: Atom) -> bool | None:
        """What follows for a question, if anything does."""
        known = self.about.get(atom.subject, ())
        if atom.subject in self.domains:
            return _among(self.domains[atom.subject], atom, known)
        if not known:
            return None
        asked, turned = _plain(atom)
        for given, holds in known:
            found = _follows(asked, given, holds)
            if found is not None:
                return found != turned
        return None

    def told(self) -> tuple[Assumption, ...]:
        """The answers in words."""
        return tuple(Assumption(told(a), holds, not a.subject.startswith("@")) for a, holds in self.made)


def told(atom: Atom) -> str:
    """A question in words: `vars.REGION == 'eu'`."""
    subject = _UNDOCUMENTED.get(atom.subject, atom.subject.removeprefix("@"))
    if atom.kind == "truthy":
        return subject
    return f"{subject} {_OPERATORS[atom.kind]} {name_of(atom.literal)}"


def _plain(atom: Atom) -> tuple[Atom, bool]:
    """A question as another and whether that is its opposite: `x == ''` is `!x`."""
    if atom.kind == "equals" and not truthy(atom.literal):
        return Atom("truthy", atom.subject), True
    return atom, False


def _follows(atom: Atom, given: Atom, holds: bool) -> bool | None:
    """What an answer to one question says about another on the same variable, both as `_plain` puts them."""
    if atom == given:
        return holds
    if given.kind == "equals" and holds:
        return concretely(atom, given.literal)
    if given.kind == "truthy" and not holds and atom.kind == "equals":
        return False
    if holds and given.kind in _OPERATORS and atom.kind in _OPERATORS and atom.literal == given.literal:
        return False  # of equal, less and greater only one holds
    if atom.kind == "truthy" and holds and given.kind == "greater" and _positive(given.literal):
        return True
    return None


def _positive(literal: Value) -> bool:
    return isinstance(literal, int | float) and literal >= 0


def _among(domain: Sequence[Value], atom: Atom, known: Sequence[_Answer]) -> bool | None:
    """The answer that all values still possible agree on."""
    left = [v for v in domain if all(concretely(given, v) == holds for given, holds in known)]
    answers = {concretely(atom, value) for value in left}
    return answers.pop() if len(answers) == 1 else None


def concretely(atom: Atom, value: Value) -> bool:
    """The answer for a known value."""
    if atom.kind == "truthy":
        return truthy(value)
    node = Compare(_OPERATORS[atom.kind], Literal(value), Literal(atom.literal))
    return expressions.evaluate(node, _NOWHERE) is True


class _Nowhere:
    """A world for expressions that look nothing up."""

    def lookup(self, steps: tuple[str, ...]) -> Value:
        return Symbol(".".join(steps))

    def decide(self, atom: Atom) -> bool | None:
        return None

    def status(self, name: str) -> Value:
        return None


_NOWHERE = _Nowhere()
