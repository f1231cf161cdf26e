"""Operators between operands, by precedence (hcl/hclsyntax/spec.md, "Operations"), without recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guardrail.hcl.syntax import Binary, Expression

if TYPE_CHECKING:
    from guardrail.hcl.expressions import Expressions

RANKS = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_new = tuple.__new__
_ASSOCIATIVE = ("&&", "||", "+")
MOST_IN_A_ROW = 32
"""Operands of one chain that lean to the left as the specification has it; more of them are built as a tree of equal
halves, so that nobody who walks the tree runs out of stack. The order of evaluation stays the same."""


def chain(parser: Expressions, node: Expression) -> Expression:
    """The tree of a first operand and everything that operators connect with it."""
    kinds = parser.kinds
    operator = kinds[parser.i]
    parser.i += 1
    right = parser.term()
    if kinds[parser.i] not in RANKS:
        return _new(Binary, (operator, node, right, node.start, right.end))
    waiting = [(operator, RANKS[operator], [node])]  # for their right sides: operator, rank, operands; tightest last
    node = right
    count = 1
    while True:
        operator = kinds[parser.i]
        rank = RANKS.get(operator, 0)
        while waiting and (waiting[-1][1] > rank or (waiting[-1][1] == rank and waiting[-1][0] != operator)):
            node = _closed(*waiting.pop(), node)
        if not rank:
            parser.longest = max(parser.longest, count)
            return node
        if waiting and waiting[-1][1] == rank:
            waiting[-1][2].append(node)
        else:
            waiting.append((operator, rank, [node]))
        parser.i += 1
        count += 1
        node = parser.term()


def _closed(operator: str, _rank: int, operands: list[Expression], last: Expression) -> Expression:
    operands.append(last)
    if len(operands) > MOST_IN_A_ROW and operator in _ASSOCIATIVE:
        return _halved(operator, operands)
    node = operands[0]
    for operand in operands[1:]:
        node = _new(Binary, (operator, node, operand, node.start, operand.end))
    return node


def _halved(operator: str, operands: list[Expression]) -> Expression:
    while len(operands) > 1:
        odd = operands[-1:] if len(operands) % 2 else []
        pairs = zip(operands[::2], operands[1::2], strict=False)
        operands = [Binary(operator, a, b, a.start, b.end) for a, b in pairs] + odd
    return operands[0]
