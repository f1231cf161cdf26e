"""Strings of a workflow that hold `${{ }}`, and the values of `if:`.

Sources: actions/runner `src/Sdk/WorkflowParser/ObjectTemplating/TemplateReader.cs` (ParseScalar) and
`src/Sdk/WorkflowParser/Conversion/WorkflowTemplateConverter.cs` (ConvertToIfCondition).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from guardrail.actions.expressions import symbols, values
from guardrail.actions.expressions.errors import ExpressionError
from guardrail.actions.expressions.evaluate import evaluate, truth
from guardrail.actions.expressions.functions import bounded
from guardrail.actions.expressions.nodes import Call, Compare, Literal, Node, Not
from guardrail.actions.expressions.parser import parse
from guardrail.actions.expressions.values import Symbol, Value, World
from guardrail.actions.expressions.walk import calls

_OPEN = "${{"
_CLOSE = re.compile(r"'[^']*'|'|\}\}")
_STATUS = frozenset({"always", "cancelled", "failure", "success"})
_BOOLEAN = _STATUS | {"contains", "endswith", "startswith"}


class Embedded(NamedTuple):
    """One `${{ }}` of a string: `text` is its inside, `start` and `end` delimit it with its braces.

    Offsets of `node` and `error` count from the inside, `start + 3`.
    """

    text: str
    start: int
    end: int
    node: Node | None
    error: ExpressionError | None = None


class Condition(NamedTuple):
    """What an `if:` says. `text` is the expression, without `${{ }}` where it is a single one.

    `node` is None when there is none (the condition is then just `success()`) or when it is malformed (`error`).
    `implicit_success`: no status function is named, so `success() &&` is put before it. `fenced`: there is text
    outside of `${{ }}`, be it a newline, or a second `${{ }}`, which makes the condition a string that is never
    empty: it always holds, though an implicit `success()` still applies.
    """

    node: Node | None
    error: ExpressionError | None
    implicit_success: bool
    fenced: bool
    text: str


def parts(text: str) -> tuple[str | Embedded, ...]:
    """A string taken apart at its `${{ }}`, in order, without empty strings.

    `}}` inside quotes does not close. One that is never closed reaches to the end and is an error.
    """
    found: list[str | Embedded] = []
    last, start = 0, text.find(_OPEN)
    while start >= 0:
        if last < start:
            found.append(text[last:start])
        embedded = _embedded(text, start)
        found.append(embedded)
        last = embedded.end
        start = text.find(_OPEN, last)
    if last < len(text):
        found.append(text[last:])
    return tuple(found)


def _embedded(text: str, start: int) -> Embedded:
    inside = start + len(_OPEN)
    for close in _CLOSE.finditer(text, inside):
        if close.group() == "}}":
            return _parsed(text[inside : close.start()], start, close.end())
        if close.group() == "'":
            break
    return Embedded(text[inside:], start, len(text), None, ExpressionError("'${{' is not closed by '}}'", 0))


def _parsed(inside: str, start: int, end: int) -> Embedded:
    try:
        return Embedded(inside, start, end, parse(inside))
    except ExpressionError as error:
        return Embedded(inside, start, end, None, error)


@lru_cache(maxsize=4096)
def embedded(text: str) -> tuple[Embedded, ...]:
    """Only the `${{ }}` of a string."""
    return tuple(part for part in parts(text) if isinstance(part, Embedded))


def condition(value: object) -> Condition:
    """An `if:` as GitHub understands it: a string, a boolean, a number, or nothing."""
    if isinstance(value, (list, dict)):
        kind = "list" if isinstance(value, list) else "mapping"
        return Condition(None, ExpressionError(f"a condition is an expression, not a {kind}"), True, False, "")
    text = values.text(value)
    found = parts(text)
    if not any(isinstance(part, Embedded) for part in found):
        return _bare(text)
    for part in found:
        if isinstance(part, Embedded) and part.error is not None:
            return Condition(None, part.error, True, len(found) > 1, text)
    if len(found) == 1 and isinstance(found[0], Embedded):
        node = found[0].node
        # ${{ 'text' }} is put in place before the condition is read: the text is the expression
        if isinstance(node, Literal) and isinstance(node.value, str) and found[0].text.strip()[0] == "'":
            return _bare(node.value)
        return _condition(node, False, found[0].text)
    fenced = any(isinstance(part, str) or never_empty(part.node) for part in found)
    return _condition(_joined(found), fenced, text)


def _bare(text: str) -> Condition:
    if not text.strip(values.WHITESPACE):
        return Condition(None, None, True, False, "")
    try:
        return _condition(parse(text), False, text)
    except ExpressionError as error:
        return Condition(None, error, True, False, text)


def _condition(node: Node | None, fenced: bool, text: str) -> Condition:
    named = node is not None and any(call.name in _STATUS for call in calls(node))
    return Condition(node, None, not named, fenced, text)


def never_empty(node: Node | None) -> bool:
    """Whether the value is certain to be something other than an empty string once it is put into text."""
    if isinstance(node, Literal):
        return values.text(node.value) != ""
    return isinstance(node, (Compare, Not)) or (isinstance(node, Call) and node.name in _BOOLEAN)


def _joined(found: tuple[str | Embedded, ...]) -> Node:
    """The `format()` that GitHub makes of a string with text and expressions."""
    pattern = ""
    arguments: list[Node] = []
    for part in found:
        if isinstance(part, str):
            pattern += part.replace("{", "{{").replace("}", "}}")
        elif part.node is not None:
            pattern += "{" + str(len(arguments)) + "}"
            arguments.append(part.node)
    return Call("format", (Literal(pattern), *arguments))


def holds(given: Condition, world: World) -> bool | Symbol:
    """Whether a condition holds, its implicit `success()` included; raises its error where it is malformed."""
    if given.error is not None:
        raise given.error
    first: bool | Symbol = True
    if given.implicit_success:
        first = truth(world.status("success"), world)
        if first is False or given.node is None:
            return first
    if given.node is None or given.fenced:
        return first
    second = truth(evaluate(given.node, world), world)
    if first is True or second is False:
        return second
    return first if second is True else Symbol(symbols.joined("&&", Symbol("success()"), second))


def substitute(text: str, world: World) -> Value:
    """The value of a whole YAML string: of its single `${{ }}`, or a str with all of them filled in.

    A Symbol when one of them is not known; ExpressionError when one is malformed.
    """
    found = parts(text)
    if len(found) == 1 and isinstance(found[0], Embedded):
        return _value(found[0], world)
    pieces = [part if isinstance(part, str) else _value(part, world) for part in found]
    if not any(isinstance(piece, Symbol) for piece in pieces):
        return bounded([values.text(piece) for piece in pieces])
    named = [f"${{{{ {piece.name} }}}}" if isinstance(piece, Symbol) else values.text(piece) for piece in pieces]
    known = any(not isinstance(piece, Symbol) and values.text(piece) for piece in pieces)
    return Symbol(symbols.name_of(Symbol("".join(named))), known or None)


def _value(part: Embedded, world: World) -> Value:
    if part.error is not None:
        raise part.error
    assert part.node is not None
    return evaluate(part.node, world)
