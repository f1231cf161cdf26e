"""The expressions of GitHub Actions: `${{ }}` and `if:`.

    node = parse("github.event_name == 'push'")     # or parts(text), condition(value of an if)
    evaluate(node, world)                           # a plain value, or a Symbol where no file tells it

What GitHub does is taken from github/docs `content/actions/reference/workflows-and-actions/expressions.md` and,
where that is silent, from the source of actions/runner, `src/Sdk/Expressions`.
"""

from guardrail.actions.expressions.errors import EvaluationError, ExpressionError
from guardrail.actions.expressions.evaluate import descend, evaluate, truth
from guardrail.actions.expressions.nodes import Call, Compare, Index, Literal, Logic, Name, Node, Not, Star
from guardrail.actions.expressions.parser import parse
from guardrail.actions.expressions.templates import Condition, Embedded, condition, embedded, holds, parts, substitute
from guardrail.actions.expressions.values import Atom, Symbol, Value, World
from guardrail.actions.expressions.walk import Reference, calls, references

__all__ = [
    "Atom",
    "Call",
    "Compare",
    "Condition",
    "Embedded",
    "EvaluationError",
    "ExpressionError",
    "Index",
    "Literal",
    "Logic",
    "Name",
    "Node",
    "Not",
    "Reference",
    "Star",
    "Symbol",
    "Value",
    "World",
    "calls",
    "condition",
    "descend",
    "embedded",
    "evaluate",
    "holds",
    "parse",
    "parts",
    "references",
    "substitute",
    "truth",
]
