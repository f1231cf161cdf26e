"""What expressions see: the contexts at one place of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from guardrail.actions import expressions
from guardrail.actions.expressions import Atom, ExpressionError, Symbol, Value, descend
from guardrail.actions.model import FAILURE, SKIPPED, SUCCESS
from guardrail.actions.simulate.assume import CALLS, Assumptions, Fork
from guardrail.actions.simulate.when import When

Lookup = Callable[[tuple[str, ...]], Value]


class Exhausted(Exception):
    """More work than a simulation may do."""


class Deciding:
    """The assumptions of the run being played, and whether an open question stops it."""

    def __init__(self, assumptions: Assumptions, questions: int) -> None:
        self.assumptions = assumptions
        self.stops = False
        self._left = questions

    def decide(self, atom: Atom) -> bool | None:
        """What is assumed; raises Fork for an open question while `stops`, Exhausted when too many were asked."""
        self._left -= 1
        if self._left < 0:
            raise Exhausted
        answer = self.assumptions.answer(atom)
        if answer is None and self.stops:
            raise Fork(atom)
        return answer

    def ask(self, atom: Atom) -> bool:
        """What is assumed; raises Fork for an open question."""
        answer = self.assumptions.answer(atom)
        if answer is None:
            raise Fork(atom)
        return answer


class Before(NamedTuple):
    """What lies before a job or step: whether all of it succeeded, whether any of it failed.

    `blame` says what did not succeed, `culprit` is that job and what became of it.
    """

    clean: bool = True
    failed: bool = False
    blame: str = ""
    culprit: tuple[str, str] = ("", "")


NOTHING_BEFORE = Before()


class Scope:
    """A world for expressions: contexts by name, and what status functions tell."""

    __slots__ = ("before", "contexts", "deciding", "outer")

    def __init__(
        self,
        deciding: Deciding,
        contexts: Mapping[str, Lookup],
        before: Before = NOTHING_BEFORE,
        outer: Before = NOTHING_BEFORE,
    ) -> None:
        self.deciding = deciding
        self.contexts = contexts
        self.before = before
        self.outer = outer

    def seeing(self, before: Before | None = None, **more: Lookup) -> Scope:
        """The same with other contexts, or at another point of the run."""
        return Scope(self.deciding, {**self.contexts, **more}, before or self.before, self.outer)

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """The value of a context path; null for a context that is not available here.

        A variable that is assumed to equal something is that, so that functions of it are settled, too.
        """
        context = self.contexts.get(steps[0])
        found = context(steps) if context else None
        bound = self.deciding.assumptions.bound
        return bound.get(found.name, found) if bound and isinstance(found, Symbol) else found

    def decide(self, atom: Atom) -> bool | None:
        """What is assumed for a question."""
        return self.deciding.decide(atom)

    def status(self, name: str) -> Value:
        """A status function (expressions, "Status check functions"). Nobody cancels the runs that are played."""
        if name == "always":
            return True
        if name == "cancelled":
            return False
        if name == "success":
            return self.before.clean and (self.outer.clean or not self.deciding.ask(Atom("truthy", CALLS)))
        return self.before.failed or (self.outer.failed and self.deciding.ask(Atom("truthy", CALLS)))

    def holds(self, when: When | None) -> bool:
        """Whether a condition holds; raises Fork where that is open, ExpressionError where a run would end."""
        if when is None:
            return self.status("success") is True
        return self._settled(lambda: expressions.holds(when.condition, self))

    def perhaps(self, when: When | None) -> bool | None:
        """Whether a condition holds; None where that is open."""
        if when is None:
            return self.status("success") is True
        found = expressions.holds(when.condition, self)
        return found if isinstance(found, bool) else None

    def why_not(self, when: When | None) -> str:
        """Why something with this condition does not run: the condition itself, or what went before."""
        before = self.before.blame or (f"before the call, {self.outer.blame}" if self.outer.blame else "")
        if when is None or when.condition.node is None:
            return before
        if when.condition.implicit_success and before and self._alone(when) is not False:
            return before
        named = f" ({before})" if before and not when.condition.implicit_success else ""
        return f"if: {when.text} is false{named}"

    def _alone(self, when: When) -> bool | Symbol:
        """A condition without its implicit `success()`."""
        try:
            return expressions.holds(when.condition._replace(implicit_success=False), self)
        except ExpressionError:
            return True

    def true(self, value: object) -> bool:
        """Whether a YAML value, possibly an expression, counts as true."""
        if not isinstance(value, str):
            return value is True
        return self._settled(lambda: expressions.truth(as_boolean(self.value(value)), self))

    def _settled(self, asked: Callable[[], bool | Symbol]) -> bool:
        """An answer, the questions it hangs on decided one by one where it is open."""
        found = asked()
        if isinstance(found, bool):
            return found
        self.deciding.stops = True
        try:
            found = asked()
        finally:
            self.deciding.stops = False
        if isinstance(found, bool):
            return found
        return self.deciding.ask(Atom("truthy", found.name))

    def value(self, given: object) -> Value:
        """The value of a YAML value with its expressions filled in; a Symbol where one of them is malformed."""
        if not isinstance(given, str) or "${{" not in given:
            return given
        try:
            return expressions.substitute(given, self)
        except ExpressionError:
            return Symbol(given)


def as_boolean(value: Value) -> Value:
    """The text of a boolean as a boolean: `continue-on-error` takes both."""
    return {"true": True, "false": False}.get(value.strip().lower(), value) if isinstance(value, str) else value


def tree(values: Mapping[str, Value]) -> Lookup:
    """A context of plain values by lower-cased names."""
    lowered = {str(name).lower(): value for name, value in values.items()}
    return lambda steps: descend(lowered, steps[1:]) if len(steps) > 1 else dict(values)


def unknown(prefix: str = "", truthy: bool | None = None) -> Lookup:
    """A context nothing is known of; `prefix` keeps those of different jobs apart."""
    return lambda steps: Symbol(prefix + ".".join(steps), truthy)


def variables(steps: tuple[str, ...]) -> Value:
    """`vars` and `secrets`, whose names GitHub keeps in upper case; the job's own token is always there."""
    if len(steps) < 2:
        return Symbol(steps[0])
    name = steps[1].upper()
    return Symbol(".".join((steps[0], name, *steps[2:])), True if name == "GITHUB_TOKEN" else None)


def matrix(leg: Mapping[str, object] | None, outside: Scope, prefix: str) -> Lookup:
    """The `matrix` context of one combination, expressions in it evaluated as the job sees them."""
    if leg is None:
        return unknown(prefix)
    return tree({name: _filled(value, outside) for name, value in leg.items()})


def _filled(value: object, outside: Scope) -> Value:
    if isinstance(value, Mapping):
        return {name: _filled(inner, outside) for name, inner in value.items()}
    return [_filled(inner, outside) for inner in value] if isinstance(value, list) else outside.value(value)


def contexts(github: Lookup, inputs: Lookup, **more: Lookup) -> dict[str, Lookup]:
    """The contexts that are there everywhere, and more."""
    return {"github": github, "inputs": inputs, "vars": variables, **more}


def result_of(conclusions: list[str]) -> str:
    """The result of something with parts: failure if any failed, skipped if all were, else success."""
    if FAILURE in conclusions:
        return FAILURE
    return SKIPPED if conclusions and all(c == SKIPPED for c in conclusions) else SUCCESS
