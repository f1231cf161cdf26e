"""Operators in the fast mode."""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt

from guardrail.cel import operators
from guardrail.cel.errors import SurpriseError
from guardrail.cel.fast_frames import BULKY, Code, Compiler, Frame, meter_of
from guardrail.cel.nodes import Binary, Lit
from guardrail.cel.operators import SCALARS
from guardrail.cel.values import INT_MAX, INT_MIN
from guardrail.model.value import UnknownValue

_COMPARE: dict[str, Callable[[object, object], object]] = {"<": lt, "<=": le, ">": gt, ">=": ge}  # type: ignore[dict-item]


def binary(compiler: Compiler, node: Binary) -> Code:
    """Comparison, arithmetic, `in`."""
    left, right, op = compiler.code(node.left), compiler.code(node.right), node.op
    constant = node.right.value if isinstance(node.right, Lit) else None
    if op in ("==", "!="):
        if isinstance(node.right, Lit) and type(constant) in SCALARS:
            return _equal_constant(left, constant, op == "==")
        return _equal(left, right, op == "==")
    if op == "in":
        return _in_constant(left, constant) if isinstance(constant, list) else _in(left, right)
    if op in _COMPARE:
        return _compare(left, right, _COMPARE[op], operators.BINARY[op])
    if op in ("+", "-"):
        return _sum(left, right, 1 if op == "+" else -1, operators.BINARY[op])
    apply = operators.BINARY[op]
    return lambda f: apply(left(f), right(f))


def _sum(left: Code, right: Code, sign: int, apply: Callable[[object, object], object]) -> Code:
    def add(f: Frame) -> object:
        a, b = left(f), right(f)
        if type(a) is int and type(b) is int:
            value = a + sign * b
            if INT_MIN <= value <= INT_MAX:
                return value
        result = apply(a, b)
        if type(result) in BULKY:
            meter_of(f).built(result)
        return result

    return add


def _equal_constant(left: Code, constant: object, wanted: bool) -> Code:
    kind = type(constant)

    def equal(f: Frame) -> object:
        value = left(f)
        if type(value) is kind:
            return (value == constant) is wanted
        return _same(value, constant, f) is wanted

    return equal


def _equal(left: Code, right: Code, wanted: bool) -> Code:
    def equal(f: Frame) -> object:
        a, b = left(f), right(f)
        kind = type(a)
        if kind is type(b) and kind in SCALARS:
            return (a == b) is wanted
        return _same(a, b, f) is wanted

    return equal


def _same(a: object, b: object, f: Frame) -> bool:
    same = operators.equal(a, b, meter_of(f))
    if same is True or same is False:
        return same
    raise SurpriseError


def _compare(
    left: Code,
    right: Code,
    plain: Callable[[object, object], object],
    apply: Callable[[object, object], object],
) -> Code:
    def compare(f: Frame) -> object:
        a, b = left(f), right(f)
        if type(a) is int and type(b) is int:
            return plain(a, b)
        return apply(a, b)

    return compare


def _in(left: Code, right: Code) -> Code:
    def within(f: Frame) -> object:
        item, container = left(f), right(f)
        if type(item) is str:
            if type(container) is dict:
                return item in container
            if type(container) is list and item in container:  # only a str equals a str
                return True
        found = operators.contains(item, container, meter_of(f))
        if found is True or found is False:
            return found
        raise SurpriseError

    return within


def _in_constant(left: Code, container: list[object]) -> Code:
    if not all(type(item) is str for item in container):
        return _in(left, lambda f: container)
    words = frozenset(container)

    def within(f: Frame) -> object:
        item = left(f)
        if type(item) is str:
            return item in words
        if type(item) is UnknownValue:
            raise SurpriseError
        return False

    return within
