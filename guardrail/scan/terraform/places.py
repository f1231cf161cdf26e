"""Where in the files a path within a resource's data is written, and which call of a module is to answer for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guardrail.hcl.evaluation import Frame
from guardrail.hcl.modules import Written
from guardrail.hcl.nested import Built
from guardrail.hcl.syntax import (
    Attribute,
    Block,
    Call,
    Expression,
    GetAttr,
    Index,
    Literal,
    Name,
    Object,
    Parentheses,
    Tuple,
    children,
)
from guardrail.model.place import Path


class Spot(NamedTuple):
    """A stretch of a file by offsets, and the expression that makes the value there, if one does."""

    file: str
    start: int
    end: int
    expression: Expression | None = None


def header(file: str, block: Block) -> Spot:
    """The header of a block."""
    return Spot(file, block.start, block.header_end)


def spot(written: Written, built: Built, path: Path) -> Spot:
    """Where a path is written; what is not there is shown at the header of the block it would stand in."""
    here, steps = header(written.file, written.block), list(path)
    while steps:
        name = str(steps.pop(0))
        if name in built.attributes:
            file, attribute = built.attributes[name]
            return _within(file, attribute, steps)
        listed = built.blocks.get(name)
        if not listed:
            break
        index = steps.pop(0) if steps and isinstance(steps[0], int) else 0
        file, block, built = listed[min(int(index), len(listed) - 1)]
        here = header(file, block)
    return here


def _within(file: str, attribute: Attribute, steps: list[str | int]) -> Spot:
    """Where a step below an attribute stands, as far as the value is written as a literal, be it as JSON."""
    node = attribute.value
    found = Spot(file, attribute.start, attribute.end, node)
    for step in steps:
        node = _bare(node)
        if isinstance(node, Object):
            entry = next(((k, v) for k, v in node.entries if isinstance(k, Literal) and k.value == step), None)
            if entry is None:
                break
            node = entry[1]
            found = Spot(file, entry[0].start, node.end, node)
        elif isinstance(node, Tuple) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            found = Spot(file, node.start, node.end, node)
        else:
            break
    return found


def _bare(node: Expression) -> Expression:
    """An expression without parentheses and without the `jsonencode` around it."""
    while True:
        if isinstance(node, Parentheses):
            node = node.inner
        elif isinstance(node, Call) and node.name == "jsonencode" and node.arguments:
            node = node.arguments[0]
        else:
            return node


def answering(place: Spot, frame: Frame) -> Spot:
    """Where the outermost call of a module is to answer for a place in it: the argument, else the call's header."""
    while frame.call is not None:
        call = frame.call
        arguments = (call.written.attribute(name) for name in inputs(place.expression, frame))
        given = next((a for a in arguments if a is not None), None)
        if given is None:
            place = header(call.written.file, call.written.block)
        else:
            place = Spot(given[0], given[1].start, given[1].end, given[1].value)
        frame = call.frame
    return place


def inputs(expression: Expression | None, frame: Frame) -> list[str]:
    """Variables of its module that an expression is made from, also by way of locals."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [expression] if expression is not None else []
    while waiting:
        for root, name in named(waiting.pop()):
            if root == "var":
                found.setdefault(name)
            elif root == "local" and name not in seen and name in frame.module.locals:
                seen.add(name)
                waiting.append(frame.module.locals[name].attribute.value)
    return list(found)


def named(expression: Expression) -> Iterator[tuple[str, str]]:
    """Every `root.name` in an expression."""
    waiting = [expression]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, GetAttr) and isinstance(node.base, Name):
            yield node.base.name, node.name
        elif isinstance(node, Index) and isinstance(node.base, Name) and isinstance(node.key, Literal):
            yield node.base.name, str(node.key.value)
        waiting.extend(children(node))
