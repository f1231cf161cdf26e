"""Conditions that do not say what they seem to: always true, never true, or true for others as well.

Facts: github/docs, "Evaluate expressions in workflows and actions" (operators, literals, status check functions).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from guardrail.actions import expressions
from guardrail.actions.expressions import Atom, Call, Compare, ExpressionError, Literal, Logic, Node, Not, Symbol, Value
from guardrail.actions.expressions.nodes import children
from guardrail.actions.expressions.values import fold, truthy
from guardrail.actions.expressions.walk import reference
from guardrail.checks.injection_sources import declared_inputs
from guardrail.model.document import Resource
from guardrail.model.report import Hit
from guardrail.views.expressions import Found, Site, sites
from guardrail.views.items import Item

__all__ = ["constant", "fenced", "substring", "ternary"]

CONDITIONS = ("if", "pre-if", "post-if")


def fenced(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Conditions with text outside of `${{ }}`, be it a line break: they are a text that is not empty, and hold."""
    for site in sites(item.resource):
        if site.path[-1] in CONDITIONS and expressions.condition(site.text).fenced:
            lone = site.text.strip().startswith("${{") and len(site.found) == 1 and site.text.strip().endswith("}}")
            what = "a line break behind ${{ }}" if lone else "what stands outside of ${{ }}"
            yield Hit(site.path, f"always holds: {what} makes it a text, and a text that is not empty counts as true")


def constant(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Conditions, or parts of them, that come to the same whatever happens. A plain `false` or `true` is meant so."""
    for site in sites(item.resource):
        if site.path[-1] in CONDITIONS and not expressions.condition(site.text).fenced:
            for found in site.found:
                for node, told in _constants(found.node) if found.node is not None else ():
                    text, times = site.part(found, *_span(node))
                    yield Hit(site.path, told, text=text, occurrence=times)


def _constants(root: Node) -> Iterator[tuple[Node, str]]:
    """The outermost parts of a condition, as far as they decide about it, that are always the same."""
    pending = [root]
    while pending:
        node = pending.pop(0)
        told = _told(node)
        if told:
            yield node, told
        elif isinstance(node, Logic):
            pending.extend(node.operands)
        elif isinstance(node, Not):
            pending.append(node.operand)


def _told(node: Node) -> str:
    if isinstance(node, Literal) or _is_meant(node):
        return ""
    try:
        value = expressions.evaluate(node, Anything())
    except ExpressionError:
        return ""
    known = value.truthy if isinstance(value, Symbol) else truthy(value)
    if known is None:
        return _opposed(node)
    text = next((o for o in _operands(node) if isinstance(o, Literal) and isinstance(o.value, str) and o.value), None)
    if known and text is not None:
        return f"always holds: '{text.value}' alone is a text that counts as true; compare it with something"
    return "always holds, whatever happens" if known else "never holds, whatever happens"


def _is_meant(node: Node) -> bool:
    """Whether somebody has switched a condition on or off by a plain `true` or `false`."""
    return any(isinstance(o, Literal) and isinstance(o.value, bool) for o in _operands(node))


def _operands(node: Node) -> tuple[Node, ...]:
    return node.operands if isinstance(node, Logic) else ()


def _opposed(node: Node) -> str:
    """Two comparisons of one value: `x == 'a' && x == 'b'` never holds, `x != 'a' || x != 'b'` always does."""
    sign = {"&&": "==", "||": "!="}.get(node.operator) if isinstance(node, Logic) else None
    seen: dict[object, str] = {}
    for operand in _operands(node):
        found = _compared(operand) if isinstance(operand, Compare) and operand.operator == sign else None
        if found is None:
            continue
        name, text = found
        if fold(seen.setdefault(name, text)) != fold(text):
            one, other = f"'{seen[name]}'", f"'{text}'"
            if sign == "==":
                return f"never holds: nothing is both {one} and {other}"
            return f"always holds: whatever is {one} is not {other}; it takes && here"
    return ""


def _compared(node: Compare) -> tuple[object, str] | None:
    for one, other in ((node.left, node.right), (node.right, node.left)):
        found = reference(one)
        plain = found is not None and all(step not in (None, "*") for step in found.steps)
        if found is not None and plain and isinstance(other, Literal) and isinstance(other.value, str):
            return found.steps, other.value
    return None


class Anything:
    """A world of which nothing is known."""

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """Any value."""
        return Symbol(".".join(steps))

    def decide(self, atom: Atom) -> bool | None:
        """No answer."""
        return None

    def status(self, name: str) -> Value:
        """Either."""
        return Symbol(f"{name}()")


def ternary(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`a && b || c` where b counts as false: the value is c, whatever a is."""
    for site in sites(item.resource):
        for found, node in nodes(site) if "||" in site.text else ():
            if not isinstance(node, Logic) or node.operator != "||":
                continue
            for first, second in pairwise(node.operands):
                chosen = first.operands[-1] if isinstance(first, Logic) and first.operator == "&&" else None
                if isinstance(chosen, Literal) and not truthy(chosen.value) and not _falsy(second):
                    shown = found.text[slice(*_span(chosen))]
                    text, times = site.part(found, _span(first)[0], _span(second)[1])
                    told = f"{shown} counts as false, so that this is always what stands behind ||"
                    yield Hit(site.path, told, text=text, occurrence=times)


def _falsy(node: Node) -> bool:
    return isinstance(node, Literal) and not truthy(node.value)


_CHOSEN = frozenset(
    ("github", name) for name in ("ref", "ref_name", "head_ref", "base_ref", "actor", "triggering_actor")
)


def substring(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`contains('a b', x)` for an x that somebody chooses: it holds for every part of the text, too."""
    for site in sites(item.resource):
        for found, node in nodes(site) if "contains" in site.text.lower() else ():
            if not isinstance(node, Call) or node.name != "contains" or len(node.arguments) != 2:
                continue
            text, part = node.arguments
            name = reference(part)
            if (
                isinstance(text, Literal)
                and isinstance(text.value, str)
                and name is not None
                and _chosen(name.steps, item.resource)
            ):
                shown, times = site.part(found, *_span(node))
                first = (text.value.replace(",", " ").split() or [text.value])[0]
                told = f"holds for every piece of the text as well, such as '{first[:-1] or first}'"
                yield Hit(
                    site.path, f"{told}: contains() of a text looks for a substring", text=shown, occurrence=times
                )


def _chosen(steps: tuple[str | None, ...], resource: Resource) -> bool:
    """Whether a value may be anything, as far as is known here."""
    if steps[:2] == ("github", "event"):
        return len(steps) > 2 and steps[2] != "action"
    if steps[0] == "inputs" and resource.kind == "Workflow":
        return any(i.type == "string" for i in declared_inputs(resource) if i.name.lower() == steps[-1])
    outputs = len(steps) == 4 and steps[0] in ("steps", "needs") and steps[2] == "outputs"
    return steps[:2] in _CHOSEN or steps[0] in ("inputs", "env") or outputs


def nodes(site: Site) -> Iterator[tuple[Found, Node]]:
    """Every node of a site's expressions, outer before inner."""
    for found in site.found:
        pending = [found.node] if found.node is not None else []
        while pending:
            here = pending.pop(0)
            yield found, here
            pending.extend(children(here))


def _span(node: Node) -> tuple[int, int]:
    return node.offset, node.end
