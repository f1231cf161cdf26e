"""Calls: functions that look at expressions rather than values, and the way to all others.

Documentation of `try` and `can`: only errors of evaluation count. `contains` and `lookup` are here because an input
nobody gave is asked for value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guardrail.hcl.access import covered, which
from guardrail.hcl.conditions import asked
from guardrail.hcl.equality import either, equal
from guardrail.hcl.run import MOST_QUESTIONS, Run
from guardrail.hcl.syntax import Call, Expression
from guardrail.hcl.values import EvaluationError, Exceeded, combine, unknowns
from guardrail.model.value import UnknownValue


def call(run: Run, node: Call) -> object:
    """`name(arguments)`."""
    lazy = _LAZY.get(node.name)
    if lazy is not None:
        return lazy(run, node)
    arguments: list[object] = [run.plain(run.value(a)) for a in node.arguments]
    if node.spread:
        last = arguments.pop()
        if type(last) is UnknownValue:
            run.doubt(last)
            return run.caused([last])
        if type(last) is not list:
            raise EvaluationError("only a list can be spread over arguments by ...")
        arguments += last
    special = _SPECIAL.get(node.name)
    found = special(run, arguments) if special else NOT_HERE
    if found is NOT_HERE:
        found = run.scope.call(node.name, arguments)
    return found if not _open(run, arguments, found) else _asking(run, node, arguments, found)


NOT_HERE = object()


def _open(run: Run, arguments: list[object], found: object) -> bool:
    """Whether the call hangs on anything unknown; notes that it may fail."""
    if run.doubts is None:
        return type(found) is UnknownValue
    first = next((u for a in arguments for u in unknowns(a)), None)
    if first is not None:
        run.doubt(first)
    return type(found) is UnknownValue


def _asking(run: Run, node: Call, arguments: list[object], found: object) -> object:
    """An unknown result with its questions: for inputs of few values, else for a predicate's own text."""
    assert isinstance(found, UnknownValue)
    if found.questions or found.symbol:
        return found
    if node.name in PREDICATES:
        return asked(run, node, found)
    causes = [v for a in arguments for v in (a if type(a) is list else [a]) if type(v) is UnknownValue]
    questions = run.caused(causes[:MOST_QUESTIONS]).questions
    if not questions:
        return found
    return UnknownValue(found.reason, "", questions, found.refs, found.known, found.many)


PREDICATES = frozenset({"alltrue", "anytrue", "can", "contains", "endswith", "startswith", "strcontains"})
"""Functions that give true or false, so that a call is a condition of its own."""


def _try(run: Run, node: Call) -> object:
    """The first argument that does not fail; what is common to those that may be it."""
    if not node.arguments:
        raise EvaluationError("try needs an argument")
    return _alternatives(run, node.arguments, 0)


def _alternatives(run: Run, arguments: tuple[Expression, ...], at: int) -> object:
    found, doubts = doubtful(run, arguments[at])
    last = at + 1 == len(arguments)
    if isinstance(found, EvaluationError):
        if last:
            raise EvaluationError(f"no argument of try succeeds: {found}")
        return _alternatives(run, arguments, at + 1)
    if not doubts:
        return found
    if last:
        for doubt in doubts:
            run.doubt(doubt)
        return found
    cause = run.caused(doubts)
    try:
        rest = _alternatives(run, arguments, at + 1)
    except Exceeded:
        raise
    except EvaluationError:
        run.doubt(cause)
        return found
    return either(run, [found, rest], cause)


def doubtful(run: Run, node: Expression) -> tuple[object, list[UnknownValue]]:
    """The value of an expression or its EvaluationError, and the unknowns by which it may fail after all."""
    outer = run.doubts
    doubts: list[UnknownValue] = []
    run.doubts = doubts
    try:
        found = run.attempt(node)
    finally:
        run.doubts = outer
    return found, doubts


def _can(run: Run, node: Call) -> object:
    """Whether an expression can be evaluated."""
    if len(node.arguments) != 1:
        raise EvaluationError("can needs one argument")
    found, doubts = doubtful(run, node.arguments[0])
    if isinstance(found, EvaluationError):
        return False
    if not doubts:
        return True
    return asked(run, node, run.caused(doubts))


_LAZY: Mapping[str, Callable[[Run, Call], object]] = {"try": _try, "can": _can}


def _contains(run: Run, arguments: list[object]) -> object:
    """Whether a list has an element: known as soon as one is equal (documentation of `contains`)."""
    if len(arguments) != 2 or type(arguments[0]) is not list:
        return NOT_HERE
    items, wanted = arguments
    if wanted is None:
        raise EvaluationError("contains looks for a value, not for null")
    causes: list[UnknownValue] = []
    for value in items:  # type: ignore[attr-defined]
        if type(value) is UnknownValue and value.many:
            causes.append(value)
            continue
        answer = equal(run, wanted, value)
        if answer is True:
            return True
        if type(answer) is UnknownValue:
            causes.append(answer)
    if not causes:
        return False
    if type(wanted) is UnknownValue and covered(run, wanted, items):  # type: ignore[arg-type]
        return True
    made = combine(causes)
    return UnknownValue(made.reason, questions=made.questions[:MOST_QUESTIONS])


def _lookup(run: Run, arguments: list[object]) -> object:
    """An element by a key that is not known, or the default."""
    if len(arguments) not in (2, 3) or type(arguments[0]) is not dict or type(arguments[1]) is not UnknownValue:
        return NOT_HERE
    options, key = arguments[0], arguments[1]
    if type(key.known) is dict:
        raise EvaluationError("a key is a string")
    possible, causes = which(run, key, list(options.items()))
    if possible and not causes:
        return possible[0]
    if len(arguments) == 3 and not (possible and covered(run, key, options)):
        possible.append(arguments[2])
    if not possible:
        raise EvaluationError("there is no element with this key")
    return either(run, possible, run.caused(causes or [key]))


_SPECIAL: Mapping[str, Callable[[Run, list[object]], object]] = {"contains": _contains, "lookup": _lookup}
