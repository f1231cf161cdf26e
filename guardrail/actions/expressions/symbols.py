"""Reasoning where values are not known: Kleene's logic, questions to the world, canonical names."""

from __future__ import annotations

import re

from guardrail.actions.expressions.errors import EvaluationError
from guardrail.actions.expressions.values import (
    DEEPEST,
    LONGEST,
    Atom,
    Symbol,
    Value,
    World,
    fold,
    primitive,
    text,
    truthy,
)

_LONGEST_NAME = 600
_OPERATOR = re.compile(r" (?:&&|\|\||[=!<>]=|[<>]) ")
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


def truth(value: Value, world: World) -> bool | Symbol:
    """Whether a value counts as true; for a Symbol the world is asked, and it comes back where that says nothing."""
    if not isinstance(value, Symbol):
        return truthy(value)
    if value.truthy is not None:
        return value.truthy
    answer = world.decide(Atom("truthy", value.name))
    return value if answer is None else answer


def asked(name: str, world: World) -> Value:
    """A call or comparison that is a boolean once it is known: the world's answer, or its Symbol."""
    answer = world.decide(Atom("truthy", name))
    return Symbol(name) if answer is None else answer


def negated(value: bool | Symbol) -> bool | Symbol:
    """Kleene's not."""
    return Symbol(f"!{_operand(value)}") if isinstance(value, Symbol) else not value


def compared(operator: str, left: Value, right: Value, world: World) -> bool | Symbol:
    """A comparison of which at least one side is a Symbol."""
    if not isinstance(left, Symbol) or (isinstance(right, Symbol) and right.name < left.name):
        operator, left, right = _FLIPPED[operator], right, left
    assert isinstance(left, Symbol)
    if isinstance(right, Symbol) and left.name == right.name and operator in ("==", "!="):
        return operator == "=="
    answers = [_ask(kind, left, right, world) for kind in _kinds(operator)]
    if any(answer is True for answer in answers):
        return operator != "!="
    if all(answer is False for answer in answers):
        return operator == "!="
    return Symbol(f"{_operand(left)} {operator} {_operand(right)}")


def _kinds(operator: str) -> tuple[str, ...]:
    kinds: tuple[str, ...] = ("equals",) if "=" in operator else ()
    return (*kinds, *(("less",) if "<" in operator else ()), *(("greater",) if ">" in operator else ()))


def _ask(kind: str, left: Symbol, right: Value, world: World) -> bool | None:
    if isinstance(right, Symbol) or not primitive(right):
        sign = {"equals": "==", "less": "<", "greater": ">"}[kind]
        return world.decide(Atom("truthy", f"{_operand(left)} {sign} {_operand(right)}"))
    return world.decide(Atom(kind, left.name, _literal(right)))


def _literal(value: Value) -> Value:
    """One spelling for all literals that compare alike."""
    if isinstance(value, str):
        lower = value.lower()
        return lower if fold(lower) == fold(value) else value
    if isinstance(value, int) and not isinstance(value, bool):
        return float(text(value))
    return value


def name_of(value: Value) -> str:
    """A value as canonical text: a Symbol's name, or how one would write it in an expression.

    EvaluationError for data too large to be told apart from other data.
    """
    pieces: list[str] = []
    _write(value, 0, pieces, [LONGEST])
    name = "".join(pieces)
    if len(name) <= _LONGEST_NAME:
        return name
    from hashlib import blake2b

    # Names stay short however long the values are, and differ where the values do.
    return f"{name[:80]}...{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def _write(value: Value, depth: int, pieces: list[str], left: list[int]) -> None:
    if isinstance(value, dict) and depth <= DEEPEST:
        for index, (key, item) in enumerate(value.items()):
            pieces.append(f"{', ' if index else '{'}{key}: ")
            _write(item, depth + 1, pieces, left)
        pieces.append("}" if value else "{}")
    elif isinstance(value, list) and depth <= DEEPEST:
        for index, item in enumerate(value):
            pieces.append(", " if index else "[")
            _write(item, depth + 1, pieces, left)
        pieces.append("]" if value else "[]")
    elif primitive(value):
        pieces.append(_written(value))
    else:
        raise EvaluationError(f"data is nested more than {DEEPEST} deep")
    left[0] -= len(pieces[-1]) + 1
    if left[0] < 0:
        raise EvaluationError(f"data is longer than {LONGEST:,} characters")


def _written(value: Value) -> str:
    if isinstance(value, Symbol):
        return value.name
    if value is None:
        return "null"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else text(value)


def _operand(value: Value) -> str:
    name = name_of(value)
    return f"({name})" if isinstance(value, Symbol) and _OPERATOR.search(name) else name


def joined(operator: str, left: Symbol, right: Value) -> str:
    """The name of `left && right` or `left || right`."""
    return f"{_operand(left)} {operator} {_operand(right)}"
