"""Templates: strings with `${...}` and `%{...}`.

Documentation, "Strings and templates"; hcl/hclsyntax/spec.md, "Template unwrapping": a template that is one
interpolation and nothing else is the value itself. Null is no part of a template, nor is a collection.
"""

from __future__ import annotations

from guardrail.hcl.comprehensions import gone_through
from guardrail.hcl.conditions import truth
from guardrail.hcl.run import MOST_TEXT, Run, element, text
from guardrail.hcl.syntax import Directive, Expression, Literal, Template
from guardrail.hcl.values import EvaluationError, Exceeded
from guardrail.model.value import UnknownValue

Parts = list[object]
"""Strings and UnknownValues."""


def template(run: Run, node: Template) -> object:
    """A string; one with holes where a part is not known."""
    parts = node.parts
    if len(parts) == 1 and type(parts[0]) is not Directive:
        return run.value(parts[0])
    return text_of(run, written(run, parts))


def directive(run: Run, node: Directive) -> object:
    """A directive as the only part of a template."""
    return text_of(run, written(run, (node,)))


def text_of(run: Run, parts: Parts) -> object:
    """The string that parts make; neighbouring strings are one part."""
    joined: Parts = []
    whole: list[str] = []
    for part in parts:
        if type(part) is str:
            whole.append(part)
            continue
        if whole:
            joined.append("".join(whole))
            whole = []
        joined.append(part)
    if not joined:
        return "".join(whole)
    if any(whole):
        joined.append("".join(whole))
    holes = [p for p in joined if type(p) is UnknownValue]
    made = run.caused(holes)
    return UnknownValue(made.reason, questions=made.questions, known=tuple(p for p in joined if p != ""))


def written(run: Run, nodes: tuple[Expression, ...]) -> Parts:
    """The parts of a template, one after the other."""
    parts: Parts = []
    size = 0
    for node in nodes:
        if type(node) is Literal:
            added: Parts = [text(node.value)]
        elif type(node) is Directive:
            added = _if(run, node) if node.kind == "if" else _for(run, node)
        else:
            added = interpolated(run, run.value(node))
        parts += added
        size += sum(len(p) for p in added if type(p) is str)
        if size > MOST_TEXT:
            raise Exceeded("a text that is too large")
    return parts


def interpolated(run: Run, value: object) -> Parts:
    """What a value is as part of a string."""
    if type(value) is not UnknownValue:
        return [text(run.plain(value))]
    if type(value.known) is dict:
        raise EvaluationError("a map cannot be part of a string")
    if type(value.known) is tuple:
        return list(value.known)
    if not value.refs:
        run.doubt(value)  # it may be null
    return [value]


def _if(run: Run, node: Directive) -> Parts:
    held = truth(run, node.condition)
    if type(held) is bool:
        return written(run, node.body if held else node.otherwise)
    arms: list[Parts] = []
    depth, names = run.depth, run.names
    for arm in (node.body, node.otherwise):
        try:
            arms.append(written(run, arm))
        except Exceeded:
            raise
        except EvaluationError:
            run.depth, run.names = depth, names
            run.doubt(held)
    if len(arms) == 2 and all(type(p) is str for arm in arms for p in arm):
        yes, no = ("".join(arm) for arm in arms)  # type: ignore[arg-type]
        if yes == no:
            return [yes]
    if not arms:
        raise EvaluationError("both parts of a template directive fail")
    return [UnknownValue(held.reason, questions=held.questions)]


def _for(run: Run, node: Directive) -> Parts:
    over = gone_through(run, node.condition, node.names)
    if isinstance(over, UnknownValue):
        run.doubt(over)
        made = run.caused((over,))
        return [UnknownValue(made.reason, questions=made.questions)]
    outer = run.names
    run.names = names = {**outer}
    parts: Parts = []
    rest: Parts = []  # behind an element of unknown number, more may stand anywhere
    for key, value in over:
        many = value if type(value) is UnknownValue and value.many else None
        names[node.names[-1]] = element(many) if many else value
        if len(node.names) > 1:
            names[node.names[0]] = key
        if many:
            run.doubt(many)
            rest = [UnknownValue(many.reason, questions=many.questions)]
        else:
            parts += written(run, node.body)
        parts += rest
        run.spend()
    run.names = outer
    return parts
