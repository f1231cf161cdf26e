"""Operators: `!` and `-`, logic that stops early, comparisons and arithmetic.

Documentation, "Arithmetic and logical operators"; hcl/hclsyntax/expression_ops.go for what stops early: a false operand
of `&&` or a true one of `||` settles it even where the other is not known or fails (Terraform 1.12).
"""

from __future__ import annotations

from guardrail.hcl.arithmetic import arithmetic, boolean, numeric
from guardrail.hcl.conditions import asked, truth
from guardrail.hcl.equality import Answer, equal, negated
from guardrail.hcl.run import Run
from guardrail.hcl.spelling import spelled_operand
from guardrail.hcl.syntax import Binary, Call, Expression, For, Object, Parentheses, Tuple, Unary
from guardrail.hcl.values import EvaluationError, Exceeded, combine
from guardrail.model.value import Question, UnknownValue


def unary(run: Run, node: Unary) -> object:
    """`!x` and `-x`."""
    if node.operator == "!":
        held = truth(run, node.operand)
        return held if type(held) is UnknownValue else not held
    value = run.value(node.operand)
    if type(value) is UnknownValue:
        _no_number(run, value)
        return run.caused((value,))
    return -numeric(value)


def binary(run: Run, node: Binary) -> object:
    """`left operator right`; a long chain of operators is taken from its left end."""
    chain = [node]
    below = node.left
    while type(below) is Binary:
        chain.append(below)
        below = below.left
    first = chain[-1]
    logic = first.operator in _LOGIC
    value = truth(run, first.left) if logic else run.value(first.left)
    while chain:
        link = chain.pop()
        run.spend()
        if link.operator in _LOGIC:
            if type(value) is not bool:
                value = _held(run, link.left, value)
            value = _logic(run, link, value)
        elif link.operator in _EQUALITY:
            value = _equality(run, link, value, run.value(link.right))
        else:
            value = _numbers(run, link, value, run.value(link.right))
    return value


_LOGIC = frozenset({"&&", "||"})
_EQUALITY = frozenset({"==", "!="})


def _held(run: Run, node: Expression, value: object) -> Answer:
    """A value that was worked out already, as a condition."""
    if type(value) is not UnknownValue:
        return boolean(value)
    return asked(run, node, value)


def _logic(run: Run, node: Binary, left: Answer) -> Answer:
    settles = node.operator == "||"
    if left is settles:
        return left
    if type(left) is bool:
        return truth(run, node.right)
    depth, names = run.depth, run.names
    try:
        right = truth(run, node.right)
    except Exceeded:
        raise
    except EvaluationError:
        run.depth, run.names = depth, names
        run.doubt(left)  # it fails unless the left side settles it
        return left
    if right is settles:
        return right
    return left if type(right) is bool else combine((left, right))


def _equality(run: Run, node: Binary, left: object, right: object) -> Answer:
    answer = equal(run, left, right)
    if answer is True and type(left) in _COLLECTIONS:
        answer = _of_one_type(node)
    elif type(answer) is UnknownValue and not answer.questions:
        answer = _asked(run, "==", (node.left, left), (node.right, right), answer)
    return negated(answer) if node.operator == "!=" else answer


_COLLECTIONS = frozenset({list, dict})


def _of_one_type(node: Binary) -> Answer:
    """Whether collections of the same elements are equal: a list never equals a tuple, nor a map an object.

    Values do not tell (documentation, "Equality operators": `var.list == []` is false); what is written at the place
    does, as far as it is.
    """
    left, right = _written(node.left), _written(node.right)
    if left == right:
        return True
    if left and right:
        return False
    if _FREE in (left, right):
        return UnknownValue("how Terraform compares a list with a tuple, or a map with an object")
    return True


_FREE, _TYPED = "tuple or object", "list, set or map"


def _written(node: Expression) -> str:
    """Whether a collection is written down at the place, or made by a function that gives it a type."""
    while type(node) is Parentheses:
        node = node.inner
    if type(node) is Call:
        return _TYPED if node.name in _TYPING else ""
    return _FREE if type(node) in (Tuple, Object, For) else ""


_TYPING = frozenset({"compact", "distinct", "sort", "split", "tolist", "tomap", "toset"})


def _numbers(run: Run, node: Binary, left: object, right: object) -> object:
    open_ones = [v for v in (left, right) if type(v) is UnknownValue]
    for value in (left, right):
        if type(value) is UnknownValue:
            _no_number(run, value)
        else:
            numeric(value)  # fails whatever the other is
    if open_ones:
        made = run.caused(open_ones)
        if node.operator in _ARITHMETIC:
            return made
        if made.questions:
            return made
        return _ordered(run, node, left, right, made)
    first, second = numeric(left), numeric(right)
    if node.operator == "/" and second == 0:
        infinite = UnknownValue("a division by zero")  # Terraform goes on with infinity, or ends: 0 / 0
        run.doubt(infinite)
        return infinite
    if node.operator in _ARITHMETIC:
        return arithmetic(node.operator, first, second)
    return _compare(node.operator, first, second)


_ARITHMETIC = frozenset("+-*/%")


def _compare(operator: str, first: float, second: float) -> bool:
    if operator == "<":
        return first < second
    if operator == "<=":
        return first <= second
    return first > second if operator == ">" else first >= second


def _no_number(run: Run, value: UnknownValue) -> None:
    """An unknown operand: it may be no number, a map never is one."""
    if type(value.known) is dict:
        raise EvaluationError("a number is required")
    run.doubt(value)


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"<=": ">", ">=": "<"}


def _ordered(run: Run, node: Binary, left: object, right: object, cause: UnknownValue) -> Answer:
    """An open comparison of numbers, asked for in one of two forms: `x > 3` or `x < 3`."""
    operator, first, second = node.operator, (node.left, left), (node.right, right)
    if type(left) is not UnknownValue:
        operator, first, second = _MIRRORED[operator], second, first
    answer = _asked(run, _OPPOSITE.get(operator, operator), first, second, cause)
    return negated(answer) if operator in _OPPOSITE else answer


Operand = tuple[Expression, object]


def _asked(run: Run, operator: str, left: Operand, right: Operand, cause: UnknownValue) -> Answer:
    first, second = (spelled_operand(run, *o) for o in (left, right))
    if not first or not second:
        return cause
    if operator == "==" and type(left[1]) is not UnknownValue:
        first, second = second, first
    return run.ask(Question(f"{first} {operator} {second}", True), cause.reason)
