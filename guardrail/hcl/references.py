"""What expressions refer to, and every expression of a module. Terraform's documentation: "References to Values"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guardrail.hcl.modules import Module
from guardrail.hcl.syntax import (
    Attribute,
    Block,
    Body,
    Call,
    Directive,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    Name,
    Splat,
    children,
)


class Reference(NamedTuple):
    """`root.step.step` at offsets of the file: `var.x`, `aws_vpc.main.id`; indexes are left out of the steps.

    `calls` are the functions that it stands within, the innermost last.
    """

    root: str
    steps: tuple[str, ...]
    start: int
    end: int
    calls: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """What is referred to, by its address within the module: `var.x`, `data.aws_vpc.a`, `aws_vpc.main`."""
        count = 2 if self.root in ("data", "ephemeral") else 1
        return ".".join((self.root, *self.steps[:count]))


class Place(NamedTuple):
    """An expression of a module: its file, the top-level block it is in, the attribute, and the blocks on the way.

    `bound` are names that mean something else there: the iterators of dynamic blocks.
    """

    file: str
    block: Block
    attribute: Attribute
    path: tuple[str, ...]
    bound: frozenset[str]


def references(expression: Expression, bound: frozenset[str] = frozenset()) -> Iterator[Reference]:
    """Every reference in an expression; loop variables and names in `bound` are none."""
    return (part for part in walk(expression, bound) if isinstance(part, Reference))


def walk(expression: Expression, bound: frozenset[str] = frozenset()) -> Iterator[Reference | Call]:
    """Every reference and every call of a function in an expression."""
    waiting: list[tuple[Expression, frozenset[str], tuple[str, ...]]] = [(expression, bound, ())]
    while waiting:
        node, names, calls = waiting.pop()
        if isinstance(node, Literal):
            continue
        if isinstance(node, Name | GetAttr | Index | Splat):
            yield from _traversal(node, names, calls, waiting)
            continue
        if isinstance(node, For | Directive):
            outside = node.collection if isinstance(node, For) else node.condition
            waiting.append((outside, names, calls))
            names |= frozenset(node.names)
            waiting.extend([(child, names, calls) for child in children(node) if child is not outside][::-1])
            continue
        if isinstance(node, Call):
            yield node
            calls = (*calls, node.name)
        waiting.extend([(child, names, calls) for child in children(node)][::-1])


def _traversal(
    node: Expression,
    names: frozenset[str],
    calls: tuple[str, ...],
    waiting: list[tuple[Expression, frozenset[str], tuple[str, ...]]],
) -> Iterator[Reference]:
    """The reference that a chain of steps is, if it begins with a name; what stands in brackets waits."""
    start, end = node.start, node.end
    steps: list[str] = []
    while isinstance(node, GetAttr | Index | Splat):
        if isinstance(node, GetAttr):
            steps.append(node.name)
        elif isinstance(node, Splat):
            steps.extend(_behind(node.each))
            waiting.append((node.each, names, calls))
        else:
            if isinstance(node.key, Literal) and isinstance(node.key.value, str) and isinstance(node.base, Name):
                steps.append(node.key.value)  # var["x"] is var.x
            waiting.append((node.key, names, calls))
        node = node.base
    if not isinstance(node, Name):
        waiting.append((node, names, calls))
    elif node.name not in names and node.name != "*":
        named = (step for step in reversed(steps) if not step.isdigit())  # a.0.b is a[0].b
        yield Reference(node.name, tuple(named), start, end, calls)


def _behind(each: Expression) -> Iterator[str]:
    """The steps of a splat behind its `*`, the last one first."""
    while isinstance(each, GetAttr | Index):
        if isinstance(each, GetAttr):
            yield each.name
        each = each.base


_NOT_EXPRESSIONS = {
    "variable": frozenset({"type"}),
    "resource": frozenset({"provider"}),
    "data": frozenset({"provider"}),
    "ephemeral": frozenset({"provider"}),
    "module": frozenset({"providers"}),
    "import": frozenset({"provider", "to", "identity"}),
}
"""Attributes that name types, providers and addresses in their own ways."""

_NOT_BLOCKS = frozenset({"terraform", "moved", "removed"})
"""Top-level blocks that hold no expressions, or addresses of what may be gone."""


def places(module: Module) -> Iterator[Place]:
    """Every expression of a module that may refer to something."""
    for source in module.sources:
        for block in source.file.body.blocks:
            if block.type not in _NOT_BLOCKS:
                yield from _body(source.name, block, block.body, (), frozenset())


def _body(file: str, top: Block, body: Body, path: tuple[str, ...], bound: frozenset[str]) -> Iterator[Place]:
    for name, attribute in body.attributes.items():
        if not path and name in _NOT_EXPRESSIONS.get(top.type, ()):
            continue
        if path[-1:] == ("lifecycle",) and name == "ignore_changes":
            continue
        yield Place(file, top, attribute, path, bound)
    for block in body.blocks:
        if block.type == "dynamic" and block.labels:
            yield from _dynamic(file, top, block, path, bound)
        else:
            yield from _body(file, top, block.body, (*path, block.type), bound)


def _dynamic(file: str, top: Block, block: Block, path: tuple[str, ...], bound: frozenset[str]) -> Iterator[Place]:
    """A dynamic block: its collection is outside of the iterator, its labels and content within."""
    given = block.body.attributes.get("iterator")
    iterator = given.value.name if given and isinstance(given.value, Name) else block.labels[0]
    for name, attribute in block.body.attributes.items():
        if name != "iterator":
            names = bound if name == "for_each" else bound | {iterator}
            yield Place(file, top, attribute, (*path, block.labels[0]), names)
    for content in block.body.blocks:
        yield from _body(file, top, content.body, (*path, block.labels[0]), bound | {iterator})
