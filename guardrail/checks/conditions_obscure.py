"""Expressions written in a roundabout way, which hides what they read from people and from tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions.expressions import Call, Index, Literal, Logic, Node, Star, references
from guardrail.actions.expressions.nodes import children
from guardrail.checks.conditions import nodes
from guardrail.model.report import Hit
from guardrail.views.expressions import sites
from guardrail.views.items import Item

__all__ = ["obscured"]

_COMPUTED = frozenset({"contains", "endswith", "format", "join", "startswith", "tojson"})


def obscured(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Names that are computed from plain text, functions of nothing but plain text, a value sent to JSON and back."""
    for site in sites(item.resource):
        told_of: set[tuple[int, int]] = set()
        for found, node in nodes(site) if "(" in site.text or "[" in site.text else ():
            told = _told(node)
            inside = any(start <= node.offset and node.end <= end for start, end in told_of)
            if told and not inside:
                told_of.add((node.offset, node.end))
                text, times = site.part(found, node.offset, node.end)
                yield Hit(site.path, told, text=text, occurrence=times)


def _told(node: Node) -> str:
    if isinstance(node, Index):
        _, name = children(node)
        computed = not isinstance(name, (Literal, Star)) and _plain(name)
        return "the name that is read here is put together from plain text; write it out" if computed else ""
    if not isinstance(node, Call):
        return ""
    if node.name == "fromjson" and isinstance(node.arguments[0], Call) and node.arguments[0].name == "tojson":
        return "goes to JSON and back for nothing; write the value itself"
    if node.name in _COMPUTED and all(_plain(a) for a in node.arguments):
        return f"{node.name}() of plain text is always the same; write what it comes to"
    return ""


def _plain(node: Node) -> bool:
    """Whether a node is made of literals alone."""
    if isinstance(node, Literal):
        return True
    if isinstance(node, Call) and node.name not in _COMPUTED:
        return False
    return isinstance(node, (Call, Logic)) and not any(True for _ in references(node))
