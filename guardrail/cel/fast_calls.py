"""Operators and function calls in the fast mode."""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt

from guardrail.cel import fast_paths, operators
from guardrail.cel.errors import Meter, SurpriseError
from guardrail.cel.fast_frames import Code, Compiler, Frame
from guardrail.cel.functions import Function, function
from guardrail.cel.nodes import Binary, Call, Lit
from guardrail.cel.operators import SCALARS
from guardrail.cel.values import INT_MAX, INT_MIN, Optional
from guardrail.model.value import UnknownValue

_COMPARE: dict[str, Callable[[object, object], object]] = {"<": lt, "<=": le, ">": gt, ">=": ge}  # type: ignore[dict-item]
_SIZED = frozenset({list, dict, str})
_BULKY = frozenset({list, dict, str, bytes, Optional})


def _meter(f: Frame) -> Meter:
    meter = f[0]
    assert isinstance(meter, Meter)
    return meter


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
        if type(result) in _BULKY:
            _meter(f).built(result)
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
    same = operators.equal(a, b, _meter(f))
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
        found = operators.contains(item, container, _meter(f))
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


def call(compiler: Compiler, node: Call) -> Code:
    """A function of the table, the commonest ones in a closure of their own."""
    name, args = node.name, node.args
    if name in (".orValue", ".or", ".hasValue"):
        return _optional_call(compiler, node)
    special = _SPECIAL.get(name)
    if special is not None and (found := special(compiler, node)) is not None:
        return found
    codes = tuple(compiler.code(arg) for arg in args)
    code = _general(function(name, len(args)), codes)
    constants = [arg.value for arg in args if isinstance(arg, Lit)]
    small = all(type(value) not in _BULKY or len(str(value)) < 1000 for value in constants)
    return _once(code) if args and len(constants) == len(args) and small else code


def _once(code: Code) -> Code:
    """A call with constant arguments: evaluated when first needed.

    Strings and lists are made anew each time, so that every run is charged alike.
    """
    known: list[object] = []

    def once(f: Frame) -> object:
        if known:
            return known[0]
        value = code(f)
        if type(value) not in _BULKY:
            known.append(value)
        return value

    return once


def _general(target: Function, codes: tuple[Code, ...]) -> Code:
    known, find = target.known, target.find

    def general(f: Frame) -> object:
        args = [code(f) for code in codes]
        types = tuple(map(type, args))
        found = known.get(types) or find(types)
        if found is None:
            raise SurpriseError
        for arg, kind in zip(args, types, strict=True):
            if kind in _BULKY:
                meter = _meter(f)
                if found.deep and kind is not str and operators.holds_unknown(arg, meter):
                    raise SurpriseError
                if kind is not dict and kind is not Optional:
                    meter.spend(len(arg) >> 10)  # type: ignore[arg-type]
        value = found.code(f[0], *args) if found.metered else found.code(*args)
        if type(value) in _BULKY:
            _meter(f).built(value)
        elif type(value) is UnknownValue:
            raise SurpriseError
        return value

    return general


def _optional_call(compiler: Compiler, node: Call) -> Code:
    target = node.args[0]
    if node.name == ".hasValue":
        if fast_paths.chain_of(target):
            return fast_paths.optional_chain(compiler, target, lambda value: True, False)
        return _general(function(".hasValue", 1), (compiler.code(target),))
    default = node.args[1]
    if node.name == ".orValue" and isinstance(default, Lit):
        found = fast_paths.or_value(compiler, target, default.value)
        if found is not None:
            return found
    value, other = compiler.code(target), compiler.code(default)
    unwrap = node.name == ".orValue"

    def or_value(f: Frame) -> object:
        found = value(f)
        if type(found) is not Optional:
            raise SurpriseError
        if found.present:
            return found.value if unwrap else found
        result = other(f)
        if unwrap or type(result) is Optional:
            return result
        raise SurpriseError

    return or_value


def _size(compiler: Compiler, node: Call) -> Code | None:
    item = compiler.code(node.args[0])

    def size(f: Frame) -> object:
        value = item(f)
        if type(value) in _SIZED:
            return len(value)  # type: ignore[arg-type]
        if type(value) is bytes:
            return len(value)
        raise SurpriseError

    return size


def _string_test(compiler: Compiler, node: Call) -> Code | None:
    """startsWith, endsWith, contains with a constant."""
    if not (isinstance(node.args[1], Lit) and type(node.args[1].value) is str):
        return None
    item, part = compiler.code(node.args[0]), node.args[1].value
    test = {".startsWith": str.startswith, ".endsWith": str.endswith}.get(node.name, str.__contains__)

    def string_test(f: Frame) -> object:
        value = item(f)
        if type(value) is not str:
            raise SurpriseError
        if len(value) > 1000:
            _meter(f).spend(len(value) >> 10)
        return test(value, part)

    return string_test


def _matches(compiler: Compiler, node: Call) -> Code | None:
    """`x.matches(constant)`."""
    if not (isinstance(node.args[1], Lit) and type(node.args[1].value) is str):
        return None
    from guardrail.cel.patterns import compile_pattern

    item, pattern = compiler.code(node.args[0]), compile_pattern(node.args[1].value)

    def matches(f: Frame) -> object:
        value = item(f)
        if type(value) is not str:
            raise SurpriseError
        if len(value) > 1000:
            _meter(f).spend(len(value) >> 10)
        return pattern.search(value) is not None

    return matches


_SPECIAL: dict[str, Callable[[Compiler, Call], Code | None]] = {
    "size": _size,
    ".size": _size,
    ".startsWith": _string_test,
    ".endsWith": _string_test,
    ".contains": _string_test,
    "matches": _matches,
    ".matches": _matches,
}
