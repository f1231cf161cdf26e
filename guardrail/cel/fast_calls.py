"""Function calls in the fast mode."""

from __future__ import annotations

from collections.abc import Callable

from guardrail.cel import fast_paths, operators
from guardrail.cel.errors import SurpriseError
from guardrail.cel.fast_frames import BULKY, Code, Compiler, Frame, meter_of
from guardrail.cel.functions import Function, function
from guardrail.cel.nodes import Call, Lit
from guardrail.cel.values import Optional
from guardrail.model.value import UnknownValue

_SIZED = frozenset({list, dict, str, bytes})


def call(compiler: Compiler, node: Call) -> Code:
    """A function of the table, the commonest ones in a closure of their own."""
    name, args = node.name, node.args
    if name in (".orValue", ".or", ".hasValue", ".value"):
        return _optional_call(compiler, node)
    special = _SPECIAL.get(name)
    if special is not None and (found := special(compiler, node)) is not None:
        return found
    codes = tuple(compiler.code(arg) for arg in args)
    target = function(name, len(args))
    code = _single(target, codes[0]) if len(codes) == 1 else _general(target, codes)
    constants = [arg.value for arg in args if isinstance(arg, Lit)]
    small = all(type(value) not in BULKY or len(str(value)) < 1000 for value in constants)
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
        if type(value) not in BULKY:
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
        for arg in args:
            if type(arg) in BULKY:
                _charge(f, arg, found.deep)
        value = found.code(f[0], *args) if found.metered else found.code(*args)
        return _checked(f, value)

    return general


def _single(target: Function, code: Code) -> Code:
    """A function of one argument, such as `string(x)`: half the work of the general form."""
    plain: dict[type, Callable[[object], object] | None] = {}  # by the argument's type; bounded: types are few

    def single(f: Frame) -> object:
        arg = code(f)
        kind = type(arg)
        if kind in BULKY:
            found = target.find((kind,))
            if found is None:
                raise SurpriseError
            _charge(f, arg, found.deep)
            return _checked(f, found.code(f[0], arg) if found.metered else found.code(arg))
        apply = plain.get(kind)
        if apply is None:
            found = target.find((kind,))
            if found is None or found.metered:
                raise SurpriseError
            apply = plain[kind] = found.code
        return _checked(f, apply(arg))

    return single


def _charge(f: Frame, arg: object, deep: bool) -> None:
    """Pay for a big argument; one that holds an unknown is left to the precise mode."""
    if type(arg) is not str:
        if deep and operators.holds_unknown(arg, meter_of(f)):
            raise SurpriseError
        if type(arg) is dict or type(arg) is Optional:
            return
    if len(arg) >= 1024:  # type: ignore[arg-type]
        meter_of(f).spend(len(arg) >> 10)  # type: ignore[arg-type]


def _checked(f: Frame, value: object) -> object:
    """A function's result, paid for."""
    if type(value) in BULKY:
        meter_of(f).built(value)
    elif type(value) is UnknownValue:
        raise SurpriseError
    return value


def _optional_call(compiler: Compiler, node: Call) -> Code:
    target = node.args[0]
    if node.name == ".hasValue":
        if fast_paths.chain_of(target):
            return fast_paths.optional_chain(compiler, target, lambda value: True, False)
        return _unwrap(compiler.code(target), True)
    if node.name == ".value":
        return _unwrap(compiler.code(target), False)
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


def _unwrap(code: Code, test: bool) -> Code:
    """`x.hasValue()` or `x.value()`."""

    def unwrap(f: Frame) -> object:
        found = code(f)
        if type(found) is Optional:
            if test:
                return found.present
            if found.present:
                return found.value
        raise SurpriseError

    return unwrap


def _size(compiler: Compiler, node: Call) -> Code | None:
    item = compiler.code(node.args[0])

    def size(f: Frame) -> object:
        value = item(f)
        if type(value) is list and any(type(i) is UnknownValue and i.many for i in value):
            raise SurpriseError
        if type(value) in _SIZED:
            return len(value)  # type: ignore[arg-type]
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
            meter_of(f).spend(len(value) >> 10)
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
            meter_of(f).spend(len(value) >> 10)
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
