"""Field selection in the fast mode: plain paths, `has`, and chains of optional steps."""

from __future__ import annotations

from collections.abc import Callable

from guardrail.cel.errors import SurpriseError
from guardrail.cel.fast_frames import Code, Compiler, Frame
from guardrail.cel.nodes import Ident, Index, Lit, Node, Select
from guardrail.cel.values import NONE, Optional
from guardrail.model.value import UnknownValue

_MISSING = object()


def is_optional(node: Node) -> bool:
    """Whether a selection or index gives an optional: marked with `?`, or through one that is."""
    while isinstance(node, (Select, Index)):
        if isinstance(node, Select) and node.test:
            return False
        if node.optional:
            return True
        node = node.base
    return False


def path(compiler: Compiler, node: Select) -> Code:
    """`a.b.c`; a missing key or a value without keys raises KeyError or TypeError by itself."""
    names = [node.name]
    base = node.base
    while isinstance(base, Select) and not base.test:
        names.append(base.name)
        base = base.base
    names.reverse()
    if not isinstance(base, Ident):
        code, name = compiler.code(node.base), node.name
        return lambda f: code(f)[name]  # type: ignore[index]
    slot = compiler.slot(base)
    if len(names) == 1:
        (one,) = names
        return lambda f: f[slot][one]  # type: ignore[index]
    if len(names) == 2:
        one, two = names
        return lambda f: f[slot][one][two]  # type: ignore[index]
    if len(names) == 3:
        one, two, three = names
        return lambda f: f[slot][one][two][three]  # type: ignore[index]

    def deep(f: Frame) -> object:
        value = f[slot]
        for name in names:
            value = value[name]  # type: ignore[index]
        return value

    return deep


def test_field(compiler: Compiler, node: Select) -> Code:
    """`has(base.name)`."""
    name = node.name
    if node.optional or is_optional(node.base):
        plain = Select(node.at, node.base, name, True)
        found = optional_chain(compiler, plain, _true, False)
        return found
    base = compiler.code(node.base)

    def test(f: Frame) -> object:
        value = base(f)
        if type(value) is dict:
            found = value.get(name, _MISSING)
            if found is _MISSING:
                return False
            if type(found) is not UnknownValue:
                return True
        raise SurpriseError

    return test


def _true(value: object) -> object:
    return True


def select_optional(compiler: Compiler, node: Select) -> Code:
    """`base.?name` where the optional itself is wanted."""
    return optional_chain(compiler, node, Optional, NONE)


def chain_of(node: Node) -> tuple[Node, tuple[str, ...]] | None:
    """What an optional chain starts from, and its steps; None if a step is not a constant name."""
    steps: list[str] = []
    while isinstance(node, (Select, Index)) and is_optional(node):
        if isinstance(node, Select):
            steps.append(node.name)
        elif isinstance(node.key, Lit) and type(node.key.value) is str:
            steps.append(node.key.value)
        else:
            return None
        node = node.base
    return (node, tuple(reversed(steps))) if steps else None


def optional_chain(compiler: Compiler, node: Node, wrap: Callable[[object], object], absent: object) -> Code:
    """`a.?b.c` as `wrap(value)`, or `absent`; unknowns are left to the precise mode."""
    found = chain_of(node)
    if found is None:

        def surprise(f: Frame) -> object:
            raise SurpriseError

        return surprise
    base, steps = found
    start = compiler.code(base)
    lead, last = steps[:-1], steps[-1]

    def chain(f: Frame) -> object:
        value = start(f)
        for step in lead:
            if type(value) is not dict:
                break
            value = value.get(step)
        if type(value) is dict:
            result = value.get(last, _MISSING)
            if result is _MISSING:
                return absent
            if type(result) is not UnknownValue:
                return wrap(result)
        elif value is None:
            return absent
        raise SurpriseError

    return chain


def or_value(compiler: Compiler, node: Node, default: object) -> Code | None:
    """`a.?b.?c.orValue(constant)` in one closure."""
    found = chain_of(node)
    if found is None:
        return None
    base, steps = found
    if isinstance(base, Ident) and len(steps) <= 2:
        return _short_or_value(compiler.slot(base), steps, default)
    start = compiler.code(base)
    lead, last = steps[:-1], steps[-1]

    def chain(f: Frame) -> object:
        value = start(f)
        for step in lead:
            if type(value) is not dict:
                break
            value = value.get(step)
        if type(value) is dict:
            return value.get(last, default)
        if value is None:
            return default
        raise SurpriseError

    return chain


def _short_or_value(slot: int, steps: tuple[str, ...], default: object) -> Code:
    last = steps[-1]
    if len(steps) == 1:

        def one(f: Frame) -> object:
            value = f[slot]
            if type(value) is dict:
                return value.get(last, default)
            raise SurpriseError

        return one
    first = steps[0]

    def two(f: Frame) -> object:
        value = f[slot]
        if type(value) is dict:
            value = value.get(first)
            if type(value) is dict:
                return value.get(last, default)
            if value is None:
                return default
        raise SurpriseError

    return two
