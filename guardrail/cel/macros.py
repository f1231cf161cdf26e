"""Macros: calls that are rewritten before names are looked up.

cel-spec langdef.md "Macros"; cel-go ext/README.md for two-variable comprehensions, cel.bind,
sortBy, optMap and optFlatMap.
"""

from __future__ import annotations

from guardrail.cel.errors import CelCompileError
from guardrail.cel.nodes import Bind, Ident, Loop, MapLit, Node, Select

# (name, number of arguments) -> (kind, number of variables)
_LOOPS: dict[tuple[str, int], tuple[str, int]] = {
    ("all", 2): ("all", 1),
    ("all", 3): ("all", 2),
    ("exists", 2): ("exists", 1),
    ("exists", 3): ("exists", 2),
    ("exists_one", 2): ("exists_one", 1),
    ("exists_one", 3): ("exists_one", 2),
    ("existsOne", 2): ("exists_one", 1),
    ("existsOne", 3): ("exists_one", 2),
    ("map", 2): ("map", 1),
    ("map", 3): ("map", 1),
    ("filter", 2): ("filter", 1),
    ("sortBy", 2): ("sortBy", 1),
    ("transformList", 3): ("map", 2),
    ("transformList", 4): ("map", 2),
    ("transformMap", 3): ("transformMap", 2),
    ("transformMap", 4): ("transformMap", 2),
    ("transformMapEntry", 3): ("transformMapEntry", 2),
    ("transformMapEntry", 4): ("transformMapEntry", 2),
}
NAMES = frozenset(name for name, _ in _LOOPS) | {"has", "bind", "optMap", "optFlatMap"}


def expand(text: str, at: int, name: str, target: Node | None, args: list[Node]) -> Node | None:
    """The rewritten call, or None when the call is not a macro."""
    if name not in NAMES:
        return None
    if target is None:
        return _has(text, at, args) if name == "has" else None
    if name == "has":
        return None
    if name == "bind":
        if not (isinstance(target, Ident) and target.name == "cel"):
            return None
        if len(args) != 3:
            raise CelCompileError.at("cel.bind takes a name and two expressions", text, at)
        return Bind(at, _variable(text, args[0]), args[1], args[2])
    if name in ("optMap", "optFlatMap"):
        if len(args) != 2:
            raise CelCompileError.at(f"{name} takes a variable and an expression", text, at)
        return Bind(at, _variable(text, args[0]), target, args[1], name)
    found = _LOOPS.get((name, len(args)))
    if found is None:
        counts = sorted(count for known, count in _LOOPS if known == name)
        raise CelCompileError.at(f"{name} takes {' or '.join(map(str, counts))} arguments, not {len(args)}", text, at)
    return _loop(text, at, found, target, args)


def _loop(text: str, at: int, form: tuple[str, int], target: Node, args: list[Node]) -> Loop:
    kind, variables = form
    names = tuple(_variable(text, arg) for arg in args[:variables])
    if len(set(names)) < len(names):
        raise CelCompileError.at("the two variables need different names", text, args[1].at)
    if kind == "transformMapEntry" and not isinstance(args[-1], MapLit):
        raise CelCompileError.at("transformMapEntry needs a map literal", text, args[-1].at)
    return Loop(at, kind, target, names, tuple(args[variables:]))


def _has(text: str, at: int, args: list[Node]) -> Node:
    if len(args) != 1 or not isinstance(args[0], Select):
        raise CelCompileError.at("has() takes one field selection, such as has(a.b)", text, at)
    field = args[0]
    return Select(field.at, field.base, field.name, field.optional, test=True)


def _variable(text: str, node: Node) -> str:
    if isinstance(node, Ident):
        return node.name
    raise CelCompileError.at("a macro variable must be a plain name", text, node.at)
