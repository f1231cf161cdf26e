"""The value of an expression in a world."""

from __future__ import annotations

from collections.abc import Iterable

from guardrail.actions.expressions import functions, symbols
from guardrail.actions.expressions.compare import compare
from guardrail.actions.expressions.errors import EvaluationError
from guardrail.actions.expressions.nodes import Call, Compare, Index, Literal, Logic, Name, Node, Not, Star
from guardrail.actions.expressions.symbols import truth
from guardrail.actions.expressions.values import (
    Symbol,
    Value,
    World,
    has_property,
    number,
    primitive,
    property_of,
    text,
)

__all__ = ["descend", "evaluate", "truth"]

_STATUS = frozenset({"always", "cancelled", "failure", "success"})


class Filtered(list[Value]):
    """What `.*` yields: a further step applies to each item, and those without it are left out."""


def evaluate(node: Node, world: World) -> Value:
    """The value of an expression; a Symbol where it depends on what the world leaves open.

    EvaluationError where a run would end with an error, as `fromJSON('{')` does.
    """
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, (Name, Index)):
        return _path(node, world)
    if isinstance(node, Logic):
        return _logic(node, world)
    if isinstance(node, Compare):
        left, right = evaluate(node.left, world), evaluate(node.right, world)
        if isinstance(left, Symbol) or isinstance(right, Symbol):
            return symbols.compared(node.operator, left, right, world)
        return compare(node.operator, left, right)
    if isinstance(node, Not):
        return symbols.negated(truth(evaluate(node.operand, world), world))
    if isinstance(node, Call):
        return _call(node, world)
    raise EvaluationError("a wildcard stands alone", node.offset)


def _logic(node: Logic, world: World) -> Value:
    """The first operand that settles it, else the last (actions/runner Sdk/Operators/And.cs, Or.cs)."""
    settles = node.operator == "||"
    left: Value = None
    open_: Symbol | None = None  # operands so far that may settle it, or not
    for operand in node.operands:
        try:
            left = evaluate(operand, world)
        except EvaluationError:
            if open_ is None:
                raise
            return Symbol(symbols.joined(node.operator, open_, Symbol("error")))  # an operand may keep it from that
        known = truth(left, world)
        if isinstance(left, Symbol) and isinstance(known, bool):
            left = Symbol(left.name, known)
        if open_ is not None:
            name = symbols.joined(node.operator, open_, left)
            left = Symbol(name, settles if known is settles else None)
        if known is settles:
            return left
        if isinstance(known, Symbol) or open_ is not None:
            open_ = left if isinstance(left, Symbol) else None
    return left


def _path(node: Name | Index, world: World) -> Value:
    """A context path: looked up whole as far as its steps are known, the rest applied to what that gives."""
    indices: list[Node] = []
    root: Node = node
    while isinstance(root, Index):
        indices.append(root.key)
        root = root.target
    if not isinstance(root, Name):
        value, steps = evaluate(root, world), None
    else:
        value, steps = None, [root.name.lower()]
    while indices:
        index: Value = "*" if isinstance(indices[-1], Star) else evaluate(indices[-1], world)
        star = isinstance(indices.pop(), Star)
        # strings and numbers: as a step of a path, true and null would be strings where arrays want 1 and 0
        if steps is not None and not star and type(index) in (str, float, int):
            steps.append(text(index).lower())
            continue
        if steps is not None:
            value, steps = _looked_up(steps, world), None
        value = _step(value, index, star)
    return value if steps is None else _looked_up(steps, world)


def _looked_up(steps: list[str], world: World) -> Value:
    return world.lookup(tuple(steps))


def descend(value: Value, steps: tuple[str, ...]) -> Value:
    """What lies below a value, one step after the other as an expression would index it; None where nothing does."""
    for step in steps:
        value = _step(value, step, False)
    return value


def _step(value: Value, index: Value, star: bool) -> Value:
    """One index applied to a value (actions/runner Sdk/Operators/Index.cs)."""
    if isinstance(value, Filtered):
        return _filtered(value, index, star)
    if isinstance(value, Symbol) or (isinstance(index, Symbol) and not primitive(value)):
        return Symbol(_indexed(symbols.name_of(value), index, star))
    if isinstance(value, dict):
        if star:
            return Filtered(value.values())
        return property_of(value, text(index)) if primitive(index) else None
    if isinstance(value, list):
        if star:
            return Filtered(value)
        at = _position(index)
        return value[at] if 0 <= at < len(value) else None
    return Filtered() if star else None


def _filtered(items: Filtered, index: Value, star: bool) -> Value:
    if isinstance(index, Symbol) or any(isinstance(item, Symbol) for item in items):
        return Symbol(_indexed(symbols.name_of(items) + ".*", index, star))
    found = Filtered()
    for item in items:
        if star and not primitive(item):
            found.extend(_items(item))
        elif isinstance(item, dict) and primitive(index) and has_property(item, text(index)):
            found.append(property_of(item, text(index)))
        elif isinstance(item, list) and 0 <= (at := _position(index)) < len(item):
            found.append(item[at])
    return found


def _items(value: Value) -> Iterable[Value]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _position(index: Value) -> int:
    """An index into an array: any value as a number, rounded down; -1 where that is none."""
    at = number(index)
    return int(at) if 0 <= at <= 2**31 - 1 else -1


def _indexed(name: str, index: Value, star: bool) -> str:
    if star:
        return f"{name}.*"
    plain = isinstance(index, str) and index.replace("-", "_").isidentifier() and index.isascii()
    return f"{name}.{str(index).lower()}" if plain else f"{name}[{symbols.name_of(index)}]"


def _call(node: Call, world: World) -> Value:
    if node.name in _STATUS:
        return _status(node, world)
    if node.name == "case":
        return _case(node, world)
    if node.name not in functions.FUNCTIONS:
        raise EvaluationError(f"there is no function {node.name}()", node.offset)
    arguments = [evaluate(argument, world) for argument in node.arguments]
    try:
        return functions.FUNCTIONS[node.name](arguments, world)
    except EvaluationError as error:
        raise EvaluationError(error.message, node.offset) from None


def _status(node: Call, world: World) -> Value:
    """A status function. With arguments, which GitHub takes but does not document, it is left to the world."""
    if not node.arguments:
        return world.status(node.name)
    return symbols.asked(functions.spelled(node.name, [evaluate(item, world) for item in node.arguments]), world)


def _case(node: Call, world: World) -> Value:
    """The value behind the first predicate that is true (actions/runner Sdk/Functions/Case.cs)."""
    pairs = node.arguments
    for at in range(0, len(pairs) - 1, 2):
        predicate = evaluate(pairs[at], world)
        known = truth(predicate, world) if isinstance(predicate, Symbol) else predicate
        if isinstance(known, Symbol):
            rest = [known, *(evaluate(item, world) for item in pairs[at + 1 :])]
            return Symbol(functions.spelled("case", rest))
        if not isinstance(known, bool):
            raise EvaluationError("a predicate of case() is no boolean", pairs[at].offset)
        if known:
            return evaluate(pairs[at + 1], world)
    return evaluate(pairs[-1], world)
