"""Structural checks are sugar: each is translated into the CEL expression that defines it.

A path that does not exist is its own value, not null: every operator but `exists: false`, `notEquals`, `notIn` and
`notMatches` fails on it unless `default` is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import compile as regex

_STEP = regex(r"\.?([^.\[\]]+)|\[(\d+)\]|\[(\*)\]|\['([^']+)'\]")

_NAME = regex(r"[A-Za-z_]\w*\Z")
_RESERVED = frozenset(
    "false in null true as break const continue else for function if import let loop package namespace return var "
    "void while".split()
)

_ON_PRESENT = {
    "equals": "{v} == {x}",
    "in": "{v} in {x}",
    "contains": "{x} in {v}",
    "containsAll": "{x}.all(e, e in {v})",
    "containsAny": "{x}.exists(e, e in {v})",
    "matches": "string({v}).matches({x})",
    "lt": "{v} < {x}",
    "le": "{v} <= {x}",
    "gt": "{v} > {x}",
    "ge": "{v} >= {x}",
}
_ON_ABSENT = {
    "notEquals": "{v} != {x}",
    "notIn": "!({v} in {x})",
    "notMatches": "!string({v}).matches({x})",
}
_QUANTITY = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}

OPERATORS = frozenset({*_ON_PRESENT, *_ON_ABSENT, "exists", "quantity"})
"""The operators a `path` check may name; exactly one."""


@dataclass(slots=True, eq=False, repr=False)
class Translation:
    """CEL text, and the literal values it refers to by name."""

    text: str
    constants: dict[str, object] = field(default_factory=dict)


def steps(path: str) -> list[str | int]:
    """A written path as steps; `*` stands for every element.

    Raises ValueError with the text that is not understood.
    """
    found: list[str | int] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ValueError(path[position:])
        key, index, star, quoted = match.groups()
        found.append(int(index) if index else star or quoted or key)
        position = match.end()
    return found


def translate(check: Mapping[str, object], root: str, literals: Mapping[str, object]) -> Translation:
    """The CEL expression of a check whose paths start at the name `root`.

    `literals` maps parameter names to values for `${params.x}`. Raises ValueError for a path or parameter that is
    not understood.
    """
    result = Translation("")
    result.text = _condition(check, root, literals, result.constants)
    return result


def _condition(
    check: Mapping[str, object], root: str, literals: Mapping[str, object], constants: dict[str, object]
) -> str:
    if "cel" in check:
        return str(check["cel"])
    for word, glue in (("all", " && "), ("any", " || ")):
        parts = check.get(word)
        if isinstance(parts, list):
            return glue.join(f"({_condition(p, root, literals, constants)})" for p in parts)
    negated = check.get("not")
    if isinstance(negated, Mapping):
        return f"!({_condition(negated, root, literals, constants)})"
    operator = next(o for o in check if o in OPERATORS)
    argument = literal(check[operator], literals)
    default = {"default": literal(check["default"], literals)} if "default" in check else {}
    return _path_check(steps(str(check["path"])), root, (operator, argument, default), constants)


def literal(value: object, literals: Mapping[str, object]) -> object:
    """A value as written, or the parameter it names as `${params.x}`; raises ValueError for one not declared."""
    if isinstance(value, str) and value.startswith("${params.") and value.endswith("}"):
        name = value[len("${params.") : -1]
        if name not in literals:
            raise ValueError(f"parameter {name} is not declared")
        return literals[name]
    return value


def _path_check(
    path: list[str | int],
    root: str,
    test: tuple[str, object, dict[str, object]],
    constants: dict[str, object],
) -> str:
    chain = root
    for position, step in enumerate(path):
        if step == "*":
            name = f"each{len(constants)}_{position}"
            inner = _path_check(path[position + 1 :], name, test, constants)
            listed = chain if chain == root else f"{chain}.orValue([])"
            return f"{listed}.all({name}, {inner})"
        chain += _select(step)
    return _operator(chain, bool(path), test, constants)


def _operator(
    chain: str, optional: bool, test: tuple[str, object, dict[str, object]], constants: dict[str, object]
) -> str:
    operator, argument, default = test
    if operator == "exists":
        present = f"{chain}.hasValue()" if optional else "true"
        return present if argument else f"!{present}"
    if operator == "quantity" and isinstance(argument, Mapping):
        word, bound = next(iter(argument.items()))
        template = f"quantity(string({{v}})).compareTo(quantity({{x}})) {_QUANTITY[str(word)]} 0"
        argument = str(bound)
    else:
        template = _ON_PRESENT.get(operator) or _ON_ABSENT[operator]
    literal = _constant(argument, constants)
    if not optional:
        return template.format(v=chain, x=literal)
    if default:
        fallback = _constant(default["default"], constants)
        return template.format(v=f"{chain}.orValue({fallback})", x=literal)
    held = template.format(v=f"{chain}.value()", x=literal)
    if operator in _ON_ABSENT:
        return f"!{chain}.hasValue() || {held}"
    return f"{chain}.hasValue() && {held}"


def _constant(value: object, constants: dict[str, object]) -> str:
    name = f"literal{len(constants)}"
    constants[name] = value
    return name


def _select(step: str | int) -> str:
    """An optional selection: by name where the step is one in CEL, else by index."""
    if isinstance(step, int):
        return f"[?{step}]"
    if _NAME.match(step) and step not in _RESERVED:
        return f".?{step}"
    return "[?'" + step.replace("\\", "\\\\").replace("'", "\\'") + "']"
