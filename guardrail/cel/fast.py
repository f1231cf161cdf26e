"""The fast mode: an expression as closures over a frame, optimistic about its data.

A frame is a list: the Meter, the root variables, then the macro variables. Whatever is not plain
(a missing key, a wrong type, an unknown) raises, mostly as Python's own KeyError or TypeError, and
the caller starts again in the precise mode. So a closure either gives exactly the precise mode's
value or raises; it never guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guardrail.cel import fast_calls, fast_loops, fast_operators, nodes, operators
from guardrail.cel.errors import SurpriseError
from guardrail.cel.fast_frames import Code, Frame
from guardrail.cel.fast_paths import is_optional, optional_chain, path, pick, select_optional, test_field
from guardrail.cel.nodes import Ident, Lit, Node, Select
from guardrail.cel.values import NONE, Optional, map_key
from guardrail.model.value import UnknownValue

SURPRISES = (SurpriseError, LookupError, TypeError, AttributeError, ValueError, ArithmeticError)


class FastCompiler:
    """Builds the closures of one expression; `roots` fixes the first slots of the frame."""

    def __init__(self, roots: tuple[str, ...]) -> None:
        self.slots = {name: number for number, name in enumerate(roots, 1)}
        self.size = len(roots) + 1
        self.scope: dict[str, int] = {}

    def code(self, node: Node) -> Code:
        """The closure of a node."""
        return _HANDLERS[type(node)](self, node)

    def inside(self, names: tuple[str, ...], *parts: Node) -> tuple[tuple[int, ...], list[Code]]:
        """The closures of nodes that share macro variables, and the slots of these, side by side."""
        before = self.scope
        slots = tuple(range(self.size, self.size + len(names)))
        self.size += len(names)
        self.scope = {**before, **dict(zip(names, slots, strict=True))}
        codes = [self.code(part) for part in parts]
        self.scope = before
        return slots, codes

    def slot(self, node: Ident) -> int:
        """The place in the frame of a variable."""
        return self.scope[node.name] if node.local else self.slots[node.name]

    def lit(self, node: Lit) -> Code:
        value = node.value
        return lambda f: value

    def ident(self, node: Ident) -> Code:
        slot = self.slot(node)
        return lambda f: f[slot]

    def select(self, node: Select) -> Code:
        if node.test:
            return test_field(self, node)
        if is_optional(node):
            return select_optional(self, node)
        return path(self, node)

    def index(self, node: nodes.Index) -> Code:
        if is_optional(node):
            return optional_chain(self, node, Optional, NONE)
        if isinstance(node.key, Lit) and type(node.key.value) is str:
            return path(self, node)
        base, key = self.code(node.base), self.code(node.key)

        def index(f: Frame) -> object:
            value, step = base(f), key(f)
            if type(value) is list and type(step) is int and step >= 0:
                return value[step]
            if type(value) is dict and type(step) is str:
                return value[step]
            if type(value) is Optional:
                return pick(value, step)
            raise SurpriseError

        return index

    def logic(self, node: nodes.Logic) -> Code:
        both = node.both
        items = [self.code(item) for item in node.items]
        if len(items) > 2:
            return _chain(both, tuple(items))
        left, right = items

        def logic(f: Frame) -> object:
            value = left(f)
            if value is both:
                value = right(f)
                if value is True or value is False:
                    return value
            elif value is True or value is False:
                return value
            raise SurpriseError

        return logic

    def unary(self, node: nodes.Unary) -> Code:
        item = self.code(node.item)
        if node.op == "-":
            return lambda f: operators.negate(item(f))

        def invert(f: Frame) -> object:
            value = item(f)
            if value is True:
                return False
            if value is False:
                return True
            raise SurpriseError

        return invert

    def cond(self, node: nodes.Cond) -> Code:
        test, yes, no = self.code(node.test), self.code(node.yes), self.code(node.no)

        def cond(f: Frame) -> object:
            value = test(f)
            if value is True:
                return yes(f)
            if value is False:
                return no(f)
            raise SurpriseError

        return cond

    def list_lit(self, node: nodes.ListLit) -> Code:
        items = tuple(self.code(item) for item in node.items)
        if not any(node.optional):
            return lambda f: [item(f) for item in items]
        marked = tuple(zip(items, node.optional, strict=True))

        def build(f: Frame) -> object:
            made = []
            for item, optional in marked:
                value = item(f)
                if not optional:
                    made.append(value)
                elif type(value) is not Optional:
                    raise SurpriseError
                elif value.present:
                    made.append(value.value)
            return made

        return build

    def map_lit(self, node: nodes.MapLit) -> Code:
        entries = tuple((self.code(key), self.code(value), optional) for key, value, optional in node.entries)

        def build(f: Frame) -> object:
            made: dict[object, object] = {}
            for key, value, optional in entries:
                slot, found = key(f), value(f)
                if optional:
                    if type(found) is not Optional or type(slot) is UnknownValue:
                        raise SurpriseError
                    if not found.present:
                        continue
                    found = found.value
                slot = map_key(slot)
                if slot in made:
                    raise SurpriseError
                made[slot] = found
            return made

        return build

    def bind(self, node: nodes.Bind) -> Code:
        value = self.code(node.value)
        (slot,), (body,) = self.inside((node.name,), node.body)
        if not node.optional:

            def bind(f: Frame) -> object:
                f[slot] = value(f)
                return body(f)

            return bind
        flat = node.optional == "optFlatMap"

        def opt_map(f: Frame) -> object:
            found = value(f)
            if type(found) is not Optional:
                raise SurpriseError
            if not found.present:
                return NONE
            f[slot] = found.value
            result = body(f)
            if flat:
                if type(result) is Optional:
                    return result
            elif type(result) is not UnknownValue:
                return Optional(result)
            raise SurpriseError

        return opt_map


def _chain(both: bool, items: tuple[Code, ...]) -> Code:
    def chain(f: Frame) -> object:
        for item in items:
            value = item(f)
            if value is not both:
                if value is True or value is False:
                    return value
                raise SurpriseError
        return both

    return chain


_HANDLERS: Mapping[type[Node], Callable[..., Code]] = {
    Lit: FastCompiler.lit,
    Ident: FastCompiler.ident,
    Select: FastCompiler.select,
    nodes.Index: FastCompiler.index,
    nodes.Logic: FastCompiler.logic,
    nodes.Unary: FastCompiler.unary,
    nodes.Binary: fast_operators.binary,
    nodes.Cond: FastCompiler.cond,
    nodes.ListLit: FastCompiler.list_lit,
    nodes.MapLit: FastCompiler.map_lit,
    nodes.Bind: FastCompiler.bind,
    nodes.Loop: fast_loops.loop,
    nodes.Call: fast_calls.call,
}
