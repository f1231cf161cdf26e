"""Expressions: whether GitHub can read them, and whether what they name can be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from re import compile as regex
from typing import Any

from guardrail.actions.expressions import Call, Literal, Node, availability, calls, references
from guardrail.actions.syntax.contexts import BELOW, INSTEAD, PROPERTIES
from guardrail.actions.syntax.keys import hint
from guardrail.actions.syntax.shape import listed, short
from guardrail.model.report import Hit
from guardrail.views.expressions import MOST_TOLD, Found, Site, available, sites
from guardrail.views.items import Item
from guardrail.views.naming import subject

__all__ = ["invalid", "properties", "unavailable"]

_SPELT = {"endswith": "endsWith", "fromjson": "fromJSON", "hashfiles": "hashFiles", "startswith": "startsWith"}
_FUNCTIONS = availability.EVERYWHERE | availability.STATUS | {"hashfiles"}
_BRACE = regex(r"\{\{|\{([0-9]{1,3})\}")


def invalid(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Expressions that GitHub cannot read, functions that do not exist, constants that a function refuses."""
    for site in sites(item.resource):
        yield from islice(_invalid(site), MOST_TOLD)


def _invalid(site: Site) -> Iterator[Hit]:
    for found in site.found:
        if found.error is not None:
            shown, times = site.whole(found)
            yield Hit(site.path, f"{shown_short(shown)}: {found.error.message}", text=shown, occurrence=times)
        elif found.node is not None:
            for call, told in _wrong_calls(found.node):
                shown, times = site.part(found, call.offset, call.end)
                yield Hit(site.path, told, text=shown, occurrence=times)


def shown_short(text: str) -> str:
    """An expression for a message: one line, not too long."""
    return short(" ".join(text.split()))


def _wrong_calls(node: Node) -> Iterator[tuple[Call, str]]:
    for call in calls(node):
        if call.name not in _FUNCTIONS:
            near = hint(call.name, _FUNCTIONS).replace("?", "") if len(call.name) > 2 else ""
            word = next((w for w in _FUNCTIONS if near.endswith(f" {w}")), "")
            yield (
                call,
                f"there is no function {short(call.name)}"
                + (f"; did you mean {_SPELT.get(word, word)}?" if word else ""),
            )
        elif call.name == "fromjson":
            yield from _no_json(call)
        elif call.name == "format":
            yield from _no_value(call)


def _constant(node: Node) -> str | None:
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None


def _no_json(call: Call) -> Iterator[tuple[Call, str]]:
    from json import loads

    text = _constant(call.arguments[0])
    if text is not None:
        try:
            loads(text)
        except (ValueError, RecursionError):
            yield call, f"fromJSON is given '{shown_short(text)}', which is no JSON"


def _no_value(call: Call) -> Iterator[tuple[Call, str]]:
    """A `{2}` without a third value (github/docs `expressions.md`, "format")."""
    numbers = [int(n) for n in _BRACE.findall(_constant(call.arguments[0]) or "") if n]
    given = len(call.arguments) - 1
    if numbers and max(numbers) >= given:
        yield call, f"format has {{{max(numbers)}}} and {given or 'no'} value{'s' * (given != 1)} to put in"


def unavailable(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Contexts and functions that do not exist, or may not be used at that key."""
    kind = item.resource.kind
    for site in sites(item.resource):
        if not site.key:
            if site.path[-1] == "uses":
                continue  # there is a policy about expressions in `uses`
            where = subject(site.path, kind)
            yield Hit(site.path, f"{where} takes no expression; GitHub evaluates none there", text="${{")
            continue
        yield from islice(_unavailable(site), MOST_TOLD)


def _unavailable(site: Site) -> Iterator[Hit]:
    contexts, functions = available(site.key)
    for found in site.found:
        if found.node is not None:
            yield from _names(site, found, contexts)
            yield from _functions(site, found, functions)


def _names(site: Site, found: Found, allowed: frozenset[str]) -> Iterator[Hit]:
    assert found.node is not None
    told: set[str] = set()
    for reference in references(found.node):
        name = str(reference.steps[0])
        if name in allowed or name in told:
            continue
        told.add(name)
        shown, times = site.part(found, reference.offset, reference.end)
        if name not in availability.CONTEXTS:
            message = f"there is no context {short(name)}{hint(name, availability.CONTEXTS)}"
        else:
            message = f"{name} is not available in {site.key}{_advice(name, site, allowed)}"
        yield Hit(site.path, message, text=shown, occurrence=times)


def _advice(name: str, site: Site, allowed: frozenset[str]) -> str:
    if name == "secrets" and site.key.endswith("if"):
        return "; put the secret into env and test that" if "env" in allowed else "; put it into env of a step"
    if name == "secrets" and site.key.startswith("runs"):
        return "; an action gets a secret as an input"
    return f"; there are {listed(tuple(sorted(allowed)))}"


def _functions(site: Site, found: Found, allowed: frozenset[str]) -> Iterator[Hit]:
    assert found.node is not None
    for call in calls(found.node):
        if call.name in _FUNCTIONS and call.name not in allowed:
            shown, times = site.part(found, call.offset, call.end)
            name = _SPELT.get(call.name, call.name)
            yield Hit(site.path, f"{name}() is not available in {site.key}", text=shown, occurrence=times)


def properties(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Properties that a context does not have: to GitHub that is an empty text, not an error."""
    for site in sites(item.resource):
        if site.key:
            yield from islice(_properties(site), MOST_TOLD)


def _properties(site: Site) -> Iterator[Hit]:
    contexts, _ = available(site.key)
    for found in site.found:
        for reference in references(found.node) if found.node is not None else ():
            told = _no_property(reference.steps) if reference.steps[0] in contexts else ""
            if told:
                shown, times = site.part(found, reference.offset, reference.end)
                yield Hit(site.path, told, text=shown, occurrence=times)


def _no_property(steps: tuple[str | None, ...]) -> str:
    name = str(steps[0])
    at, known = (1, PROPERTIES.get(name)) if name in PROPERTIES else (2, BELOW.get(name))
    given = steps[at] if known is not None and len(steps) > at else None
    if known is None or given is None or given == "*" or given in known:
        return ""
    owner = ".".join(step or "[]" for step in steps[:at])
    instead = INSTEAD.get((name, given), "")
    more = f"; did you mean {instead}?" if instead else hint(given, known)
    return f"{short(owner)} has no {short(given)}{more}"
