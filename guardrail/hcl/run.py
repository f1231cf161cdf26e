"""One evaluation under way: what names mean, what may still be spent, and what might have failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from guardrail.hcl.syntax import Expression
from guardrail.hcl.values import EvaluationError, Exceeded, combine, number_text
from guardrail.model.value import Question, UnknownValue

MOST_STEPS = 500_000
"""Nodes visited and values compared in one evaluation: about a second."""

MOST_DEPTH = 120
"""Expressions within expressions; the parser allows 100 brackets within brackets."""

MOST_ITEMS = 100_000
"""Elements of a list or entries of a map."""

MOST_TEXT = 1_000_000
"""Characters of a text."""

MOST_QUESTIONS = 16
"""Questions that one unknown value asks."""

SCALARS = frozenset({bool, int, float, str, type(None)})
PLAIN = SCALARS | {list, dict, UnknownValue}


class Scope(Protocol):
    """What an expression can refer to.

    A scope may also have `place`: text that tells its module from every other ("" for the root module), so that a
    condition can be a question; without it only conditions on named inputs are. And `declared(symbol)`: the kind of
    type an input is declared with (types.KINDS), empty where none is; without it they are taken for strings.
    """

    def root(self, name: str) -> object:
        """The value of a root name; EvaluationError where there is none."""

    def decide(self, question: Question) -> bool | None:
        """The answer to a question, None where it is open."""

    def candidates(self, symbol: str) -> tuple[object, ...] | None:
        """The only values an input can have, None where it can have any."""

    def call(self, name: str, arguments: list[object]) -> object:
        """The result of a function."""


class Run:
    """The state of one call of `evaluate`.

    `names` are loop variables. `doubts` collects, within `try` and `can`, the unknown values by which an evaluation
    that succeeded might fail after all; None outside of them.
    """

    __slots__ = ("_plain", "_tails", "depth", "doubts", "names", "scope", "steps", "table")

    def __init__(self, scope: Scope, table: Mapping[type, Callable[[Run, Any], object]]) -> None:
        self.scope = scope
        self.table = table
        self.steps = MOST_STEPS
        self.depth = 0
        self.names: dict[str, object] = {}
        self.doubts: list[UnknownValue] | None = None
        self._plain: dict[int, tuple[object, object]] = {}
        self._tails: dict[int, tuple[object, int]] = {}

    def value(self, node: Expression) -> object:
        """The value of a node."""
        self.steps -= 1
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Exceeded(f"more than {MOST_DEPTH} expressions within each other")
        if self.steps < 0:
            raise Exceeded("an expression that takes too long to evaluate")
        found = self.table[type(node)](self, node)
        self.depth -= 1
        return found

    def attempt(self, node: Expression) -> object:
        """The value of a node, or the EvaluationError that it ends with."""
        depth, names = self.depth, self.names
        try:
            return self.value(node)
        except Exceeded:
            raise
        except EvaluationError as error:
            self.depth, self.names = depth, names
            return error

    def spend(self, steps: int = 1) -> None:
        """Counts work that is not a node."""
        self.steps -= steps
        if self.steps < 0:
            raise Exceeded("an expression that takes too long to evaluate")

    def doubt(self, unknown: UnknownValue) -> None:
        """Notes that what is done now fails for some values of an unknown."""
        if self.doubts is not None:
            self.doubts.append(unknown)

    def ask(self, question: Question, reason: str) -> bool | UnknownValue:
        """The answer to a question; where it is open, an unknown that asks it."""
        answer = self.scope.decide(question)
        return UnknownValue(reason, questions=(question,)) if answer is None else answer

    def declared(self, symbol: str) -> str:
        """The kind of type that an input is declared with, empty where that is not known."""
        found: Callable[[str], str] | None = getattr(self.scope, "declared", None)
        return found(symbol) if found else ""

    def caused(self, unknowns: Iterable[UnknownValue]) -> UnknownValue:
        """One unknown made from others, which also asks for inputs that can only have a few values."""
        causes = list(unknowns)
        made = combine(causes)
        asked = {q.subject for q in made.questions}
        questions = list(made.questions)
        for cause in causes:
            if cause.symbol and cause.symbol not in asked:
                asked.add(cause.symbol)
                possible = (Question(cause.symbol, c) for c in self.scope.candidates(cause.symbol) or ())
                questions.extend([q for q in possible if self.scope.decide(q) is None][:1])
        return UnknownValue(made.reason, questions=tuple(questions[:MOST_QUESTIONS]))

    def plain(self, value: object) -> object:
        """A value as data, entities worked out: those of one list or map only once."""
        kind = type(value)
        if kind in SCALARS or kind is UnknownValue:
            return value
        known = self._plain.get(id(value))
        if known is None:
            known = self._plain[id(value)] = (value, self._data(value))
        return known[1]

    def _data(self, value: object) -> object:
        self.spend()
        if type(value) is list:
            items = [self.plain(v) for v in value]
            return value if all(a is b for a, b in zip(items, value, strict=True)) else items
        if type(value) is dict:
            entries = {k: self.plain(v) for k, v in value.items()}
            return value if all(entries[k] is v for k, v in value.items()) else entries
        return value.plain()  # type: ignore[attr-defined]  # an Entity: there is nothing else

    def tail(self, items: list[object]) -> int:
        """Where a list's first element of unknown number stands; its length where there is none.

        From there on positions are not certain.
        """
        known = self._tails.get(id(items))
        if known is None:
            many = (i for i, v in enumerate(items) if type(v) is UnknownValue and v.many)
            known = self._tails[id(items)] = (items, next(many, len(items)))
        return known[1]


def text(value: object) -> str:
    """A known value as a string, as Terraform converts it (documentation "Types and values": type conversion).

    EvaluationError for null and for collections.
    """
    if type(value) is str:
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int | float):
        return number_text(value)
    if value is None:
        raise EvaluationError("the value is null, where a string is required")
    raise EvaluationError("a string is required")


def element(many: UnknownValue) -> UnknownValue:
    """Any one of the elements that an unknown of unknown number stands for."""
    known = many.known if type(many.known) is dict else None
    return UnknownValue(many.reason, questions=many.questions, refs=many.refs, known=known)


def several(value: object, cause: UnknownValue) -> UnknownValue:
    """Any number of elements like a value, for a cause."""
    if type(value) is UnknownValue:
        made = combine((cause, value))
        return UnknownValue(made.reason, "", made.questions, value.refs, value.known, True)
    known = value if type(value) is dict else None
    return UnknownValue(cause.reason, questions=cause.questions, known=known, many=True)
