"""Type constraints of variables, and values converted to them.

Documentation, "Type constraints" (https://developer.hashicorp.com/terraform/language/expressions/type-constraints):
keywords, collection and structural types, `any`, `optional` with defaults; conversions as in go-cty's convert.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from guardrail.hcl.arithmetic import boolean, numeric
from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.run import PLAIN, SCALARS, text
from guardrail.hcl.syntax import Call, Expression, Literal, Name, Object, Parentheses, Tuple
from guardrail.hcl.unify import unified
from guardrail.hcl.values import EvaluationError, Exceeded
from guardrail.model.value import Question, UnknownValue

MOST_DEPTH = 60
"""Types within types."""


class Type(NamedTuple):
    """A type constraint. `element` is that of a list, set or map, `items` those of a tuple, by position."""

    kind: str
    element: Type | None = None
    attributes: Mapping[str, Attribute] = {}
    items: tuple[Type, ...] = ()


class Attribute(NamedTuple):
    """An attribute of an object type; `default` is None where an optional one has none."""

    type: Type
    optional: bool = False
    default: object = None


ANY = Type("any")
KINDS = frozenset({"any", "string", "number", "bool", "list", "set", "map", "object", "tuple"})

_KEYWORDS = {
    **{kind: Type(kind) for kind in ("any", "string", "number", "bool")},
    # without an element type (documentation, "Type constraints": shorthand kept from Terraform 0.11)
    "list": Type("list", ANY),
    "map": Type("map", ANY),
}
_COLLECTIONS = frozenset({"list", "set", "map"})


def parse_type(node: Expression, depth: int = 0) -> Type:
    """The type that an expression in a `type` argument means; EvaluationError where it means none."""
    if depth > MOST_DEPTH:
        raise Exceeded(f"more than {MOST_DEPTH} types within each other")
    while type(node) is Parentheses:
        node = node.inner
    word = node.name if type(node) is Name else node.value if type(node) is Literal else None
    if word is not None:
        found = _KEYWORDS.get(word) if type(word) is str else None
        if found is None:
            raise EvaluationError(f"{word} is no type")
        return found
    if type(node) is not Call or len(node.arguments) != 1 or node.spread:
        raise EvaluationError("a type is a keyword, or one with a type in parentheses")
    inner = node.arguments[0]
    if node.name in _COLLECTIONS:
        return Type(node.name, parse_type(inner, depth + 1))
    if node.name == "object" and type(inner) is Object:
        return Type("object", attributes={_key(k): _attribute(v, depth + 1) for k, v in inner.entries})
    if node.name == "tuple" and type(inner) is Tuple:
        return Type("tuple", items=tuple(parse_type(i, depth + 1) for i in inner.items))
    raise EvaluationError(f"{node.name}(...) is no type")


def _key(node: Expression) -> str:
    if type(node) is Literal and type(node.value) is str:
        return node.value
    if type(node) is Name:
        return node.name
    raise EvaluationError("an object type has names as keys")


def _attribute(node: Expression, depth: int) -> Attribute:
    if type(node) is not Call or node.name != "optional":
        return Attribute(parse_type(node, depth))
    if len(node.arguments) not in (1, 2):
        raise EvaluationError("optional(...) takes a type and a default")
    declared = parse_type(node.arguments[0], depth)
    if len(node.arguments) == 1:
        return Attribute(declared, True)
    default = evaluate(node.arguments[1], _Constants())
    return Attribute(declared, True, convert(default, declared))


class _Constants:
    """The scope of a default, in which nothing can be referred to."""

    def root(self, name: str) -> object:
        raise EvaluationError(f"a default cannot refer to {name}")

    def decide(self, question: Question) -> bool | None:
        return None

    def candidates(self, symbol: str) -> tuple[object, ...] | None:
        return None

    def call(self, name: str, arguments: list[object]) -> object:
        from guardrail.hcl.functions import call

        return call(name, arguments)


def convert(value: object, declared: Type) -> object:
    """A value as one of a type; EvaluationError where it cannot be. Null stays null, what is unknown stays unknown.

    Optional attributes that are absent or null get their defaults, undeclared attributes of an object are left out.
    """
    try:
        return _convert(value, declared)
    except RecursionError:
        raise Exceeded("a value that is nested too deeply") from None


def _convert(value: object, declared: Type) -> object:
    if value is None or declared.kind == "any":
        return value
    if type(value) is UnknownValue:
        return _unknown(value, declared)
    return _CONVERSIONS[declared.kind](value, declared)


def _unknown(value: UnknownValue, declared: Type) -> UnknownValue:
    """An unknown value of a type: what is known of a map is converted."""
    known = value.known
    if type(known) is not dict:
        return value
    if declared.kind == "map":
        known = {k: _convert(v, declared.element or ANY) for k, v in known.items()}
    elif declared.kind == "object":
        attributes = declared.attributes
        known = {k: _defaulted(v, attributes[k]) for k, v in known.items() if k in attributes}
    return UnknownValue(value.reason, value.symbol, value.questions, value.refs, known, value.many)


def _string(value: object, _: Type) -> object:
    return value if type(value) is str else text(_scalar(value, "string"))


def _number(value: object, _: Type) -> object:
    return numeric(_scalar(value, "number"))


def _bool(value: object, _: Type) -> object:
    return boolean(_scalar(value, "bool"))


def _scalar(value: object, wanted: str) -> object:
    if type(value) not in SCALARS:
        raise EvaluationError(f"a {wanted} is required")
    return value


def _list(value: object, declared: Type) -> list[object]:
    items = _items(value)
    element = declared.element or ANY
    return unified(items) if element.kind == "any" else [_convert(v, element) for v in items]


def _set(value: object, declared: Type) -> list[object]:
    from guardrail.hcl.functions.order import collected

    return collected(_list(value, declared))


def _items(value: object) -> list[object]:
    if type(value) is list:
        return value
    raise EvaluationError("a list or set is required")


def _map(value: object, declared: Type) -> object:
    element = declared.element or ANY
    if type(value) not in PLAIN:
        value = value.plain()  # type: ignore[attr-defined]  # an Entity
        if type(value) is UnknownValue:
            return _unknown(value, declared)
    if type(value) is not dict:
        raise EvaluationError("a map is required")
    if element.kind == "any":
        return dict(zip(value, unified(list(value.values())), strict=True))
    return {k: _convert(v, element) for k, v in value.items()}


def _object(value: object, declared: Type) -> object:
    found: dict[str, object] = {}
    entity = type(value) not in PLAIN
    if not entity and type(value) is not dict:
        raise EvaluationError("an object is required")
    for name, attribute in declared.attributes.items():
        if entity:
            given = value.attribute(name)  # type: ignore[attr-defined]  # an Entity's are worked out one by one
        elif name in value:  # type: ignore[operator]
            given = value[name]  # type: ignore[index]
        elif attribute.optional:
            given = None
        else:
            raise EvaluationError(f'the attribute "{name}" is required')
        found[name] = _defaulted(given, attribute)
    return found


def _defaulted(value: object, attribute: Attribute) -> object:
    return attribute.default if value is None else _convert(value, attribute.type)


def _tuple(value: object, declared: Type) -> list[object]:
    items = _items(value)
    if len(items) != len(declared.items):
        raise EvaluationError(f"a tuple of {len(declared.items)} elements is required")
    return [_convert(v, t) for v, t in zip(items, declared.items, strict=True)]


_CONVERSIONS: Mapping[str, Callable[[object, Type], object]] = {
    "string": _string,
    "number": _number,
    "bool": _bool,
    "list": _list,
    "set": _set,
    "map": _map,
    "object": _object,
    "tuple": _tuple,
}


def candidates(declared: Type, steps: tuple[str | int, ...] = ()) -> tuple[object, ...] | None:
    """The only values of a type, or of what lies at some steps below it: both booleans; None where there are many."""
    for step in steps:
        if declared.kind == "object" and step in declared.attributes:
            declared = declared.attributes[str(step)].type
        elif declared.element is not None:
            declared = declared.element
        elif type(step) is int and step < len(declared.items):
            declared = declared.items[step]
        else:
            return None
    return (True, False) if declared.kind == "bool" else None
