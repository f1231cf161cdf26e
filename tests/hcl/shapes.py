"""Trees in one line, for tests to compare with what they expect."""

from __future__ import annotations

import json

from guardrail.hcl.parser import parse
from guardrail.hcl.syntax import (
    Binary,
    Body,
    Call,
    Conditional,
    Directive,
    For,
    GetAttr,
    Index,
    Literal,
    Name,
    Object,
    Parentheses,
    Splat,
    Template,
    Tuple,
    Unary,
)


def shape(node: object) -> str:  # noqa: C901, PLR0911, PLR0912 -- one line for each kind of node
    """An expression with brackets around everything that is put together: `((a).b + 1)`, `"text"`, `<x | "y">`."""
    match node:
        case Literal(value=value):
            return json.dumps(value, ensure_ascii=False)
        case Template(parts=parts):
            return f"<{' | '.join(map(shape, parts))}>"
        case Directive(kind="if"):
            otherwise = f" else {' | '.join(map(shape, node.otherwise))}" if node.otherwise else ""
            return f"if {shape(node.condition)} then {' | '.join(map(shape, node.body))}{otherwise} end"
        case Directive():
            return f"for {','.join(node.names)} in {shape(node.condition)} do {' | '.join(map(shape, node.body))} end"
        case Name(name=name):
            return name
        case GetAttr(base=base, name=name):
            return f"{shape(base)}.{name}"
        case Index(base=base, key=key):
            return f"{shape(base)}[{shape(key)}]"
        case Splat(base=base, each=each, full=full):
            return f"{shape(base)}{'[*]' if full else '.*'}({shape(each)})"
        case Call(name=name, arguments=arguments, spread=spread):
            return f"{name}({', '.join(map(shape, arguments))}{'...' if spread else ''})"
        case Unary(operator=operator, operand=operand):
            return f"({operator}{shape(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({shape(left)} {operator} {shape(right)})"
        case Conditional(condition=condition, yes=yes, no=no):
            return f"({shape(condition)} ? {shape(yes)} : {shape(no)})"
        case Tuple(items=items):
            return f"[{', '.join(map(shape, items))}]"
        case Object(entries=entries):
            return f"{{{', '.join(f'{shape(k)} = {shape(v)}' for k, v in entries)}}}"
        case For():
            key = f"{shape(node.key)} => " if node.key is not None else ""
            test = f" if {shape(node.test)}" if node.test is not None else ""
            dots = "..." if node.grouped else ""
            return f"for {','.join(node.names)} in {shape(node.collection)} : {key}{shape(node.value)}{dots}{test}"
        case Parentheses(inner=inner):
            return f"p{shape(inner)}"
    raise AssertionError(node)


def outline(body: Body) -> dict[str, object]:
    """A body as data: attributes as shapes; blocks under `type label label`, one list for each."""
    found: dict[str, object] = {name: shape(attribute.value) for name, attribute in body.attributes.items()}
    for block in body.blocks:
        listed = found.setdefault(" ".join((block.type, *block.labels, "{}")), [])
        assert isinstance(listed, list)
        listed.append(outline(block.body))
    return found


def value(text: str) -> str:
    """The shape of what `a` is set to in a text that has no faults."""
    file = parse(text)
    assert not file.faults, file.faults
    return shape(file.body.attributes["a"].value)
