"""Conditions: true, false, or open with the question that would settle them.

Documentation, "Conditional expressions": a condition is any expression that is true or false; strings "true" and
"false" are converted, null is an error.
"""

from __future__ import annotations

from guardrail.hcl.arithmetic import boolean
from guardrail.hcl.equality import either
from guardrail.hcl.run import Run, text
from guardrail.hcl.spelling import spelled
from guardrail.hcl.syntax import Conditional, Expression, Literal, Parentheses, Template
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import Question, UnknownValue


def truth(run: Run, node: Expression) -> bool | UnknownValue:
    """Whether a condition holds; an unknown carries the questions that would tell."""
    value = run.value(node)
    if type(value) is bool:
        return value
    if type(value) is not UnknownValue:
        return boolean(value)
    if type(value.known) is dict:
        raise EvaluationError("a condition is true or false, no map")
    if value.symbol and not value.many:
        if value.known is None and run.scope.candidates(value.symbol) != (True, False):
            run.doubt(value)  # it may be null, or no boolean
        return run.ask(Question(value.symbol, True), value.reason)
    return asked(run, node, value)


def asked(run: Run, node: Expression, value: UnknownValue) -> bool | UnknownValue:
    """An open condition that is no input: asked for by its text, unless it asks for something better already."""
    run.doubt(value)
    if value.questions:
        return value
    subject = spelled(run, node)
    if subject:
        return run.ask(Question(subject, True), value.reason)
    return value


def conditional(run: Run, node: Conditional) -> object:
    """`c ? a : b`: the arm that is taken; where that is open, what both have in common."""
    held = truth(run, node.condition)
    if held is True:
        return unified(run, run.value(node.yes), node.no)
    if held is False:
        return unified(run, run.value(node.no), node.yes)
    arms = [(run.attempt(node.yes), node.no), (run.attempt(node.no), node.yes)]
    failed = [arm for arm, _ in arms if isinstance(arm, EvaluationError)]
    if len(failed) == 2:
        raise failed[0]
    if failed:
        run.doubt(held)
        return UnknownValue(held.reason, questions=held.questions)
    return either(run, [unified(run, value, other) for value, other in arms], held)


def unified(run: Run, value: object, other: Expression) -> object:
    """A number or boolean beside an arm that is written as a string is converted to one, as go-cty unifies them.

    Only what the other arm's syntax tells counts: it is not evaluated.
    """
    kind = type(value)
    if kind not in _CONVERTED or not _is_text(other):
        return value
    if not isinstance(value, UnknownValue):
        return text(value)
    if value.symbol and run.declared(value.symbol) in ("number", "bool"):
        made = run.caused((value,))
        return UnknownValue(made.reason, questions=made.questions, known=(value,))
    return value


_CONVERTED = frozenset({int, float, bool, UnknownValue})


def _is_text(node: Expression) -> bool:
    """Whether an expression is written as a string: a conditional is as soon as one arm is."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if type(node) is Parentheses:
            waiting.append(node.inner)
        elif type(node) is Conditional:
            waiting += node.yes, node.no
        elif (type(node) is Literal and type(node.value) is str) or (type(node) is Template and len(node.parts) > 1):
            return True
    return False
