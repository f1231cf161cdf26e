"""Field selection in the fast mode: plain paths, `has`, and chains of optional steps."""

from __future__ import annotations

from collections.abc import Callable

from guardrail.cel.errors import SurpriseError
from guardrail.cel.fast_frames import Code, Compiler, Frame
from guardrail.cel.nodes import Ident, Index, Lit, Node, Select
from guardrail.cel.operators import SCALARS
from guardrail.cel.values import NONE, Optional, lookup_key
from guardrail.model.value import UnknownValue

_MISSING: object = object()


def is_optional(node: Node) -> bool:
    """Whether a selection or index gives an optional: marked with `?`, or through one that is."""
    while isinstance(node, (Select, Index)):
        if isinstance(node, Select) and node.test:
            return False
        if node.optional:
            return True
        node = node.base
    return False


def _constant_name(node: Node) -> str | None:
    """The name a selection, or an index with a constant string, looks for."""
    if isinstance(node, Select):
        return node.name
    if isinstance(node, Index) and isinstance(node.key, Lit) and type(node.key.value) is str:
        return node.key.value
    return None


def path(compiler: Compiler, node: Select | Index) -> Code:
    """`a.b.c` or `a['b']`; a missing key or a value without keys raises KeyError or TypeError by itself."""
    names: list[str] = []
    base: Node = node
    while isinstance(base, (Select, Index)) and not (isinstance(base, Select) and base.test):
        name = _constant_name(base)
        if name is None:
            break
        names.append(name)
        base = base.base
    names.reverse()
    if not isinstance(base, Ident):
        return _path_below(compiler.code(base), names)
    slot = compiler.slot(base)
    if len(names) == 1:
        (one,) = names

        def select(f: Frame) -> object:
            try:
                return f[slot][one]  # type: ignore[index]
            except TypeError:
                return _through(f[slot], names)

        return select
    if len(names) == 2:
        one, two = names

        def select_two(f: Frame) -> object:
            try:
                return f[slot][one][two]  # type: ignore[index]
            except TypeError:
                return _through(f[slot], names)

        return select_two
    return _path_below(lambda f: f[slot], names)


def _path_below(base: Code, names: list[str]) -> Code:
    def deep(f: Frame) -> object:
        value = start = base(f)
        try:
            for name in names:
                value = value[name]  # type: ignore[index]
        except TypeError:
            return _through(start, names)
        return value

    return deep


def _through(value: object, names: list[str]) -> object:
    """A plain path that met a value without keys: it may lead through an optional."""
    for name in names:
        if type(value) is Optional:
            value = pick(value, name)
        elif type(value) is dict:
            value = value[name]
        else:
            raise SurpriseError
    return value


def pick(value: object, key: object) -> Optional:
    """`value[?key]`, also through an optional; what is unknown or an error raises."""
    if type(key) is UnknownValue:
        raise SurpriseError
    if type(value) is Optional:
        value = value.value  # null when absent
    found = _MISSING
    if type(value) is dict:
        found = value.get(lookup_key(key), _MISSING)
    elif type(value) is list:
        if type(key) is not int:
            raise SurpriseError
        if 0 <= key < len(value):
            found = value[key]
    elif type(value) not in SCALARS:
        raise SurpriseError
    if found is _MISSING:
        return NONE
    if type(found) is UnknownValue:
        raise SurpriseError
    return Optional(found)


def test_field(compiler: Compiler, node: Select) -> Code:
    """`has(base.name)`."""
    name = node.name
    if node.optional or is_optional(node.base):
        return optional_chain(compiler, Select(node.at, node.base, name, True), _true, False)
    base = compiler.code(node.base)

    def test(f: Frame) -> object:
        value = base(f)
        if type(value) is Optional:
            value = value.value
        if type(value) is dict:
            found = value.get(name, _MISSING)
            if found is _MISSING:
                return False
            if type(found) is not UnknownValue:
                return True
        elif type(value) in SCALARS:
            return False
        raise SurpriseError

    return test


def _true(value: object) -> object:
    return True


def select_optional(compiler: Compiler, node: Select) -> Code:
    """`base.?name` where the optional itself is wanted."""
    return optional_chain(compiler, node, Optional, NONE)


def chain_of(node: Node) -> tuple[Node, tuple[str, ...]] | None:
    """What an optional chain starts from, and its constant names; None if its last step is computed."""
    steps: list[str] = []
    while isinstance(node, (Select, Index)) and is_optional(node):
        name = _constant_name(node)
        if name is None:
            break
        steps.append(name)
        node = node.base
    return (node, tuple(reversed(steps))) if steps else None


def optional_chain(compiler: Compiler, node: Node, wrap: Callable[[object], object], absent: object) -> Code:
    """`a.?b.c` as `wrap(value)`, or `absent`; unknowns are left to the precise mode."""
    found = chain_of(node)
    if found is None:
        assert isinstance(node, Index)
        return _computed(compiler.code(node.base), compiler.code(node.key), wrap, absent)
    base, steps = found
    start = compiler.code(base)
    lead, last = steps[:-1], steps[-1]

    def chain(f: Frame) -> object:
        value = start(f)
        if type(value) is Optional:
            value = value.value  # null when absent
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
        elif type(value) in SCALARS:
            return absent
        raise SurpriseError

    return chain


def _computed(base: Code, key: Code, wrap: Callable[[object], object], absent: object) -> Code:
    def computed(f: Frame) -> object:
        found = pick(base(f), key(f))
        return wrap(found.value) if found.present else absent

    return computed


def or_value(compiler: Compiler, node: Node, default: object) -> Code | None:
    """`a.?b.?c.orValue(constant)` in one closure."""
    found = chain_of(node)
    if found is None:
        return None
    base, steps = found
    start = compiler.code(base)
    if len(steps) == 1:
        return _short_or_value(start, steps[0], default)
    lead, last = steps[:-1], steps[-1]

    def chain(f: Frame) -> object:
        value = start(f)
        if type(value) is Optional:
            value = value.value
        for step in lead:
            if type(value) is not dict:
                break
            value = value.get(step)
        if type(value) is dict:
            return value.get(last, default)
        if type(value) in SCALARS:
            return default
        raise SurpriseError

    return chain


def _short_or_value(start: Code, name: str, default: object) -> Code:
    def one(f: Frame) -> object:
        value = start(f)
        if type(value) is dict:
            return value.get(name, default)
        if type(value) is Optional:
            value = value.value
            if type(value) is dict:
                return value.get(name, default)
        if type(value) in SCALARS:
            return default
        raise SurpriseError

    return one
