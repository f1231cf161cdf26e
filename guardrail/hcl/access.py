"""Attributes, indices and splats.

hcl/hclsyntax/spec.md: "Index operator", "Attribute access", "Splat operators"; what is not there is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from guardrail.hcl.arithmetic import boolean, numeric
from guardrail.hcl.equality import either, equal
from guardrail.hcl.run import MOST_QUESTIONS, SCALARS, Run, element, several, text
from guardrail.hcl.syntax import GetAttr, Index, Name, Splat
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import Question, UnknownValue


def path(run: Run, node: GetAttr | Index) -> object:
    """`base.name`, the legacy `base.0`, and `base[key]`; a long path is taken from its root."""
    chain: list[GetAttr | Index] = [node]
    below = node.base
    while type(below) is GetAttr or type(below) is Index:
        chain.append(below)
        below = below.base
    value = run.value(below)
    while chain:
        step = chain.pop()
        run.spend()
        value = item(run, value, run.value(step.key)) if isinstance(step, Index) else attribute(run, value, step.name)
    return value


def attribute(run: Run, base: object, name: str) -> object:
    """An attribute of a value."""
    kind = type(base)
    if kind is dict:
        if name in base:  # type: ignore[operator]
            return base[name]  # type: ignore[index]
        raise EvaluationError(f'there is no attribute or element "{name}"')
    if kind is UnknownValue:
        return _within(run, base, int(name) if name.isdecimal() else name)  # type: ignore[arg-type]
    if kind is list and name.isdecimal():
        return item(run, base, int(name))
    if kind in SCALARS or kind is list:
        raise EvaluationError(f'{_KINDS[kind]} has no attribute "{name}"')
    return base.attribute(name)  # type: ignore[attr-defined]  # an Entity


_KINDS = {type(None): "null", bool: "a bool", int: "a number", float: "a number", str: "a string", list: "a list"}


def _within(run: Run, base: UnknownValue, key: str | int) -> object:
    """An element of what is not known: an input's is an input of its own, a resource's is the provider's."""
    known = base.known
    if type(known) is tuple:
        raise EvaluationError("a string has no attributes or elements")
    if type(known) is dict and str(key) in known:
        if base.symbol:
            run.doubt(base)
        return known[str(key)]
    run.doubt(base)
    step = f".{key}" if type(key) is str and key.isidentifier() else f"[{_quoted(key)}]"
    symbol = base.symbol + step if base.symbol else ""
    for candidate in (run.scope.candidates(symbol) or ()) if symbol else ():
        if run.scope.decide(Question(symbol, candidate)):
            return candidate
    refs = tuple((address, _further(address, attribute, step)) for address, attribute in base.refs)
    return UnknownValue(base.reason, symbol, base.questions, refs)


def _further(address: str, attribute: str, step: str) -> str:
    """The text of an attribute one step on; the index of one of unknown instances is the `[*]` of their address."""
    if not attribute and step.startswith("[") and address.endswith("[*]"):
        return ""
    return attribute + step


def _quoted(key: str | int) -> str:
    return str(key) if type(key) is int else '"' + str(key).replace("\\", "\\\\").replace('"', '\\"') + '"'


def item(run: Run, base: object, key: object) -> object:
    """An element by its index or key."""
    kind = type(base)
    if kind is dict:
        return _entry(run, base, key)  # type: ignore[arg-type]
    if kind is list:
        return _position(run, base, key)  # type: ignore[arg-type]
    if kind in SCALARS:
        raise EvaluationError(f"{_KINDS[kind]} has no elements")
    if type(key) is UnknownValue:
        if kind is UnknownValue:
            return _open_index(run, base, key)  # type: ignore[arg-type]
        return item(run, run.plain(base), key)
    if kind is UnknownValue:
        whole = numeric(key) if type(key) in (int, float) else text(key)
        return _within(run, base, whole if type(whole) is int else text(key))  # type: ignore[arg-type]
    if type(key) is int:
        return item(run, run.plain(base), key)
    return base.attribute(text(key))  # type: ignore[attr-defined]  # an Entity


def _open_index(run: Run, base: UnknownValue, key: UnknownValue) -> UnknownValue:
    if type(base.known) is tuple:
        raise EvaluationError("a string has no attributes or elements")
    run.doubt(base)
    return _any_of(run.caused((base, key)), base)


def _any_of(made: UnknownValue, base: UnknownValue) -> UnknownValue:
    """An element of unknown instances by a key that is not known either: it is one of theirs (`[*]`) all the same."""
    refs = tuple(ref for ref in base.refs if ref[0].endswith("[*]") and not ref[1])
    return replace(made, refs=refs) if refs else made


def _entry(run: Run, base: dict[str, object], key: object) -> object:
    if type(key) is UnknownValue:
        return chosen(run, key, list(base.items()))
    name = text(key)
    if name in base:
        return base[name]
    raise EvaluationError(f'there is no attribute or element "{name}"')


def _position(run: Run, base: list[object], key: object) -> object:
    tail = run.tail(base)
    if type(key) is UnknownValue:
        if tail == len(base):
            return chosen(run, key, list(enumerate(base)))
        run.doubt(key)
        made = run.caused((key, *[v for v in base if type(v) is UnknownValue]))
        return _any_of(made, base[0]) if len(base) == 1 and type(base[0]) is UnknownValue else made
    at = numeric(key)
    if type(at) is not int or at < 0:
        raise EvaluationError("an index is a whole number from 0")
    if at < tail:
        return base[at]
    if tail == len(base):
        raise EvaluationError(f"there is no element {at}: the list has {len(base)}")
    rest = [element(v) if type(v) is UnknownValue and v.many else v for v in base[tail:]]
    cause: UnknownValue = rest[0]  # type: ignore[assignment]
    run.doubt(cause)
    return cause if len(rest) == 1 else either(run, rest, cause)


def chosen(run: Run, key: UnknownValue, options: list[tuple[str, object]] | list[tuple[int, object]]) -> object:
    """The element whose key is not known: what is common to all it can be, asking for each of a few."""
    if type(key.known) is dict or not options:
        raise EvaluationError("there is no element with this key")
    possible, causes = which(run, key, options)
    if not possible:
        raise EvaluationError("there is no element with this key")
    if not causes:
        return possible[0]
    if not covered(run, key, [literal for literal, _ in options]):
        run.doubt(key)
    return either(run, possible, run.caused(causes))


def which(
    run: Run, key: UnknownValue, options: list[tuple[str, object]] | list[tuple[int, object]]
) -> tuple[list[object], list[UnknownValue]]:
    """The values that a key can lead to, and why it is open to which; one value and no cause when it is certain."""
    possible: list[object] = []
    causes: list[UnknownValue] = []
    few = len(options) <= MOST_QUESTIONS or key.known is not None
    for literal, value in options:
        answer = equal(run, key, _as_declared(run, key, literal)) if few else key
        if answer is True:
            return [value], []
        if type(answer) is UnknownValue:
            possible.append(value)
            causes.append(answer)
    return possible, causes if few else causes[:1]


def _as_declared(run: Run, key: UnknownValue, literal: str | int) -> object:
    """A key as the input would be given it: one declared as number is asked for 1, not for "1"."""
    if not key.symbol:
        return str(literal) if key.known is not None else literal
    for candidate in run.scope.candidates(key.symbol) or ():
        if type(candidate) in (str, int, float, bool) and text(candidate) == str(literal):
            return candidate
    convert = _CONVERSIONS.get(run.declared(key.symbol))
    try:
        found = convert(literal) if convert else literal
    except EvaluationError:
        return literal
    return found if text(found) == str(literal) else literal


_CONVERSIONS = {"number": numeric, "bool": boolean, "string": text}


def covered(run: Run, key: UnknownValue, names: Iterable[object]) -> bool:
    """Whether every value the key can have is among some."""
    candidates = run.scope.candidates(key.symbol) if key.symbol else None
    if candidates is None:
        return False
    known = {(type(n), n) for n in names if type(n) in (str, int)}
    return all((type(c), c) in known for c in candidates)


def splat(run: Run, node: Splat) -> object:
    """`base[*].rest`: of each element of a list; a single value is a list of one, null an empty one."""
    base = run.value(node.base)
    if base is None:
        return []
    outer = run.names
    run.names = {**outer}
    try:
        if type(base) is list:
            return [_each(run, node, v) for v in base]
        if type(base) is UnknownValue and (base.known is None or base.symbol):
            return _open_splat(run, node, base)
        return [_each(run, node, base)]
    finally:
        run.names = outer


def _open_splat(run: Run, node: Splat, base: UnknownValue) -> UnknownValue:
    run.names["*"] = UnknownValue(base.reason, refs=tuple((a, f"{t}[*]") for a, t in base.refs))
    found = run.attempt(node.each)
    run.doubt(base)
    made = run.caused((base,))
    refs = found.refs if type(found) is UnknownValue else ()
    return UnknownValue(made.reason, questions=made.questions, refs=refs)


def _each(run: Run, node: Splat, value: object) -> object:
    many = type(value) is UnknownValue and value.many
    run.names["*"] = element(value) if many else value  # type: ignore[arg-type]
    if type(node.each) is Name:
        return value
    if not many:
        return run.value(node.each)
    found = run.attempt(node.each)
    if isinstance(found, EvaluationError):
        run.doubt(value)  # type: ignore[arg-type]
        return value
    return several(found, value)  # type: ignore[arg-type]
