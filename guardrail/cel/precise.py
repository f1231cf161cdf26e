"""The precise mode: a tree walk with error and unknown absorption, and a place beside every value.

Logic is Kleene's over unknown, and errors absorb as the CEL specification says; where neither
decides, unknown beats error. Errors travel as `CelError` objects in the place of values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guardrail.cel import comprehend, holes, nodes, operators, places
from guardrail.cel.access import index, select
from guardrail.cel.errors import CelError, CelLimit, Meter
from guardrail.cel.functions import function
from guardrail.cel.nodes import Node
from guardrail.cel.places import At, Parts, Place, Sum, Traced
from guardrail.cel.values import NONE, Optional, map_key, merge_unknown
from guardrail.model.value import UnknownValue

CLASSES_NOT_VALUES = (CelError, UnknownValue)


def worst(results: list[Traced]) -> object | None:
    """What a strict operation becomes by its operands: unknown, an error, or None for neither."""
    unknown: UnknownValue | None = None
    error: CelError | None = None
    for value, _ in results:
        if isinstance(value, UnknownValue):
            unknown = value if unknown is None else merge_unknown(unknown, value)
        elif isinstance(value, CelError) and error is None:
            error = value
    return unknown if unknown is not None else error


class Precise:
    """One evaluation over one set of bindings."""

    def __init__(self, bindings: Mapping[str, object], meter: Meter) -> None:
        self.bindings = bindings
        self.meter = meter
        self.locals: dict[str, Traced] = {}

    def eval(self, node: Node) -> Traced:
        """The value of a node and its place; never raises but for limits."""
        return _HANDLERS[type(node)](self, node)

    def inside(self, names: tuple[str, ...], found: list[Traced], node: Node) -> Traced:
        """The value of a node with macro variables bound."""
        before = self.locals
        self.locals = {**before, **dict(zip(names, found, strict=True))}
        try:
            return self.eval(node)
        finally:
            self.locals = before

    def lit(self, node: nodes.Lit) -> Traced:
        return node.value, None

    def ident(self, node: nodes.Ident) -> Traced:
        if node.local:
            return self.locals[node.name]
        try:
            return self.bindings[node.name], At(node.name, ())
        except KeyError:
            return CelError(f"'{node.name}' is not bound"), None

    def select(self, node: nodes.Select) -> Traced:
        value, place = self.eval(node.base)
        return select(value, place, node.name, node.optional, node.test)

    def index(self, node: nodes.Index) -> Traced:
        base, key = self.eval(node.base), self.eval(node.key)
        return index(base, key, node.optional)

    def logic(self, node: nodes.Logic) -> Traced:
        decisive = not node.both
        unknown: UnknownValue | None = None
        error: CelError | None = None
        seen: list[Place] = []
        for item in node.items:
            value, place = self.eval(item)
            if value is decisive:
                return value, place
            seen.append(place)
            if isinstance(value, UnknownValue):
                unknown = value if unknown is None else merge_unknown(unknown, value)
            elif value is not node.both and error is None:
                symbol = "&&" if node.both else "||"
                known = isinstance(value, CelError)
                error = value if known else operators.no_overload(symbol, value)  # type: ignore[assignment]
        return unknown or error or node.both, places.total(*seen)

    def unary(self, node: nodes.Unary) -> Traced:
        value, place = self.eval(node.item)
        if isinstance(value, CLASSES_NOT_VALUES):
            return value, place
        if node.op == "-":
            return self.attempt(lambda: operators.negate(value)), place
        if value is True or value is False:
            return not value, place
        return operators.no_overload("!", value), place

    def binary(self, node: nodes.Binary) -> Traced:
        left, right = self.eval(node.left), self.eval(node.right)
        a, b = left[0], right[0]
        place = places.total(left[1], right[1])
        if node.op == "in" and isinstance(a, UnknownValue) and isinstance(b, (list, dict)):
            return self.attempt(lambda: operators.contains(a, b, self.meter)), place
        bad = worst([left, right])
        if node.op in ("==", "!=") and (bad is None or isinstance(bad, UnknownValue)):
            same = operators.equal(a, b, self.meter)
            return same if isinstance(same, UnknownValue) else same is (node.op == "=="), place
        if bad is not None:
            return bad, place
        if node.op == "in":
            return self.attempt(lambda: operators.contains(a, b, self.meter)), place
        value = self.attempt(lambda: operators.BINARY[node.op](a, b))
        self.meter.built(value)
        if node.op == "+" and isinstance(value, list) and isinstance(a, list):
            items: dict[object, object] = {i: places.child(left[1], i) for i in range(len(a))}
            items |= {len(a) + i: places.child(right[1], i) for i in range(len(value) - len(a))}
            return value, Parts(place, items)
        return value, place

    def cond(self, node: nodes.Cond) -> Traced:
        test, place = self.eval(node.test)
        if test is True or test is False:
            value, own = self.eval(node.yes if test else node.no)
            return value, own if own is not None else place
        if isinstance(test, CLASSES_NOT_VALUES):
            return test, place
        return operators.no_overload("?:", test), place

    def list_lit(self, node: nodes.ListLit) -> Traced:
        results = [self.eval(item) for item in node.items]
        found: list[object] = []
        items: dict[object, object] = {}
        error: object | None = None
        for (value, place), optional in zip(results, node.optional, strict=True):
            if isinstance(value, CelError):
                error = error or value
            elif not optional:
                items[len(found)] = place
                found.append(value)
            elif isinstance(value, UnknownValue):
                return value, place
            elif not isinstance(value, Optional):
                error = error or operators.no_overload("[?]", value)
            elif value.present:
                items[len(found)] = place
                found.append(value.value)
        base = places.total(*(place for _, place in results))
        return (error, base) if error else (found, Parts(base, items))

    def map_lit(self, node: nodes.MapLit) -> Traced:
        found: dict[object, object] = {}
        items: dict[object, object] = {}
        for key_node, value_node, optional in node.entries:
            (key, _), (value, place) = self.eval(key_node), self.eval(value_node)
            for part in (key, value) if optional else (key,):
                if isinstance(part, UnknownValue):
                    return part, place
            if isinstance(key, CelError) or isinstance(value, CelError):
                return (key if isinstance(key, CelError) else value), place
            if optional:
                if not isinstance(value, Optional):
                    return operators.no_overload("{?}", value), place
                if not value.present:
                    continue
                value = value.value
            try:
                slot = map_key(key)
            except CelError as error:
                return error, place
            if slot in found:
                return CelError(f"duplicate key in map: {key}"), place
            found[slot], items[slot] = value, place
        return found, Parts(None, items)

    def bind(self, node: nodes.Bind) -> Traced:
        value, place = self.eval(node.value)
        if not node.optional:
            return self.inside((node.name,), [(value, place)], node.body)
        if isinstance(value, CLASSES_NOT_VALUES):
            return value, place
        if not isinstance(value, Optional):
            return operators.no_overload(node.optional, value), place
        if not value.present:
            return NONE, place
        result, own = self.inside((node.name,), [(value.value, place)], node.body)
        if isinstance(result, CLASSES_NOT_VALUES) or node.optional == "optFlatMap":
            if isinstance(result, (*CLASSES_NOT_VALUES, Optional)):
                return result, own or place
            return operators.no_overload(node.optional, result), own or place
        return Optional(result), own or place

    def loop(self, node: nodes.Loop) -> Traced:
        return comprehend.run(self, node)

    def call(self, node: nodes.Call) -> Traced:
        if node.name in (".orValue", ".or"):
            return self._or_value(node)
        results = [self.eval(arg) for arg in node.args]
        place = results[0][1] if len(results) == 1 else places.total(*(p for _, p in results))
        if node.name in ("optional.of", ".value", "dyn"):
            place = results[0][1]
        if (bad := worst(results)) is not None:
            known = holes.answer(node.name, [value for value, _ in results])
            return bad if known is None else known, place
        value = self.apply(node.name, [value for value, _ in results])
        if isinstance(value, (list, dict)) and place is not None and node.name != ".value":
            place = places.moved(results[0], value) if node.name in places.MOVERS else Sum((place,))
        return value, place

    def apply(self, name: str, args: list[object]) -> object:
        """A function's value for known arguments, or the error it makes."""
        found = function(name, len(args)).find(tuple(map(type, args)))
        if found is None:
            return operators.no_overload(name.lstrip("."), *args)
        if found.deep:
            for arg in args:
                if (unknown := operators.holds_unknown(arg, self.meter)) is not None:
                    return unknown
        for arg in args:
            if isinstance(arg, (str, bytes, list)):
                self.meter.spend(len(arg) >> 10)
        code = found.code
        value = self.attempt(lambda: code(self.meter, *args) if found.metered else code(*args))
        self.meter.built(value)
        return value

    def _or_value(self, node: nodes.Call) -> Traced:
        value, place = self.eval(node.args[0])
        if isinstance(value, CLASSES_NOT_VALUES):
            return value, place
        if not isinstance(value, Optional):
            return operators.no_overload(node.name.lstrip("."), value), place
        if value.present:
            return (value.value if node.name == ".orValue" else value), place
        other, own = self.eval(node.args[1])
        known = isinstance(other, (*CLASSES_NOT_VALUES, Optional))
        if node.name == ".or" and not known:
            other = operators.no_overload("or", value, other)
        return other, places.total(place, own)

    def attempt(self, code: Callable[[], object]) -> object:
        """What the code gives, or the error it raises as a value; limits pass through."""
        try:
            return code()
        except CelLimit:
            raise
        except CelError as error:
            return error


_HANDLERS: Mapping[type[Node], Callable[..., Traced]] = {
    nodes.Lit: Precise.lit,
    nodes.Ident: Precise.ident,
    nodes.Select: Precise.select,
    nodes.Index: Precise.index,
    nodes.Logic: Precise.logic,
    nodes.Unary: Precise.unary,
    nodes.Binary: Precise.binary,
    nodes.Cond: Precise.cond,
    nodes.ListLit: Precise.list_lit,
    nodes.MapLit: Precise.map_lit,
    nodes.Bind: Precise.bind,
    nodes.Loop: Precise.loop,
    nodes.Call: Precise.call,
}
