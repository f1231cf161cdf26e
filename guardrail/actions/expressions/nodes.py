"""The syntax tree of an expression.

`offset` and `end` delimit a node in the text that was parsed: the inside of `${{ }}`. Parentheses leave no node.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Literal(NamedTuple):
    """`null`, a boolean, a number (always a float) or a string; also the name behind a dot."""

    value: object
    offset: int = 0
    end: int = 0


class Name(NamedTuple):
    """A context such as `github`, spelled as in the text."""

    name: str
    offset: int = 0
    end: int = 0


class Star(NamedTuple):
    """The `*` of `.*` and `[*]`; only ever the key of an Index."""

    offset: int = 0
    end: int = 0


class Index(NamedTuple):
    """`target.name`, `target[key]`, `target.*`."""

    target: Node
    key: Node
    offset: int = 0
    end: int = 0


class Call(NamedTuple):
    """A function call; `name` is lower-cased, as names of functions ignore case."""

    name: str
    arguments: tuple[Node, ...]
    offset: int = 0
    end: int = 0


class Not(NamedTuple):
    """`!operand`."""

    operand: Node
    offset: int = 0
    end: int = 0


class Compare(NamedTuple):
    """`left operator right` with one of `==`, `!=`, `<`, `<=`, `>`, `>=`."""

    operator: str
    left: Node
    right: Node
    offset: int = 0
    end: int = 0


class Logic(NamedTuple):
    """Operands joined by `&&` or by `||`, at least two, none of them joined by the same operator."""

    operator: str
    operands: tuple[Node, ...]
    offset: int = 0
    end: int = 0


Node: TypeAlias = Literal | Name | Star | Index | Call | Not | Compare | Logic


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order of the text."""
    if isinstance(node, Index):
        return (node.target, node.key)
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Not):
        return (node.operand,)
    if isinstance(node, Compare):
        return (node.left, node.right)
    if isinstance(node, Logic):
        return node.operands
    return ()
