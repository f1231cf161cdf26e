"""Values that mean something else to GitHub than to their author: booleans that are text, versions that are numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.actions.expressions import Compare, Literal, Logic, Node, Not
from guardrail.actions.expressions.nodes import children
from guardrail.actions.expressions.walk import reference
from guardrail.actions.syntax.shape import short
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views import names
from guardrail.views.expressions import Found, Site, sites
from guardrail.views.items import Item

__all__ = ["booleans", "placeholders", "versions"]

_TEXTS = ("true", "false")
_VERSION = regex(
    r"version|(?:^|[-_])(?:python|py|go|golang|ruby|php|java|jdk|dotnet|perl|elixir|otp|erlang|ghc|scala|kotlin|"
    r"dart|flutter|swift|xcode|rust|zig|lua|julia|postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|django|rails|"
    r"terraform|kubernetes|k8s|gcc|clang|cmake|qt)(?:$|[-_])"
)


def booleans(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A text compared with `true`, or a boolean with `'true'`: never equal (`expressions.md`, "Operators").

    A text that is no number is cast to NaN, which equals nothing. Outputs, variables, and inputs of actions are texts;
    inputs of workflows that are declared `boolean` are none, but those in `github.event.inputs` are.
    """
    for site in sites(item.resource):
        for found in site.found:
            for node in _comparisons(found.node) if found.node is not None else ():
                told = _compared(node, item.resource)
                if told:
                    shown, times = site.part(found, node.offset, node.end)
                    yield Hit(site.path, told, text=shown, occurrence=times)
            yield from _bare(site, found, item.resource)


def _comparisons(node: Node) -> Iterator[Compare]:
    pending = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, Compare) and here.operator in {"==", "!="}:
            yield here
        pending.extend(children(here)[::-1])


def _compared(node: Compare, resource: Resource) -> str:
    for one, other in ((node.left, node.right), (node.right, node.left)):
        found = reference(one)
        if found is None or not isinstance(other, Literal):
            continue
        kind = _kind(found.steps, resource)
        way = "never equals" if node.operator == "==" else "always differs from"
        named = ".".join(step or "[]" for step in found.steps)
        if kind == "text" and isinstance(other.value, bool):
            word = "true" if other.value else "false"
            return f"{short(named)} is text and {way} {word}; compare with '{word}'"
        if kind == "boolean" and isinstance(other.value, str) and other.value.lower() in _TEXTS:
            return f"{short(named)} is a boolean and {way} '{other.value}'; compare with {other.value.lower()}"
    return ""


def _kind(steps: tuple[str | None, ...], resource: Resource) -> str:
    """`text` or `boolean` for what always is one, else nothing."""
    match steps:
        case ("steps", _, "outputs", _) | ("env" | "vars" | "secrets", _):
            return "text"
        case ("needs", str(job), "outputs", _):
            return "text" if not _called(job, resource) else ""
        case ("github", "event", "inputs", _) if resource.kind == "Workflow":
            return "text"
        case ("inputs", str(name)):
            return "text" if resource.kind == "Action" else _declared(name, resource)
    return ""


def _called(job: str, resource: Resource) -> bool:
    jobs = resource.data.get("jobs")
    found = next((v for k, v in jobs.items() if k.lower() == job), None) if isinstance(jobs, dict) else None
    return not isinstance(found, dict) or "uses" in found


def _declared(name: str, resource: Resource) -> str:
    declared = names.inputs(resource)
    kinds = {data.get("type", "string") for given in (declared.call, declared.dispatch) for data in _of(given, name)}
    if kinds == {"boolean"}:
        return "boolean"
    return "text" if kinds and kinds <= {"string", "choice", "environment"} else ""


def _of(given: Mapping[str, Mapping[str, object]] | None, name: str) -> list[Mapping[str, object]]:
    return [given[name]] if given is not None and name in given else []


def _bare(site: Site, found: Found, resource: Resource) -> Iterator[Hit]:
    """A text used as a condition by itself: `'false'` is no empty text, and holds."""
    if found.node is None or not site.key.endswith("if"):
        return
    for node in _operands(found.node):
        named = reference(node)
        if named is not None and _true_or_false(named.steps, resource):
            shown, times = site.part(found, node.offset, node.end)
            name = ".".join(step or "[]" for step in named.steps)
            told = f"{short(name)} is text, and 'false' holds as a condition, too; compare with 'true'"
            yield Hit(site.path, told, text=shown, occurrence=times)


def _operands(node: Node) -> Iterator[Node]:
    """What a condition asks for being true: operands of `&&`, `||` and `!`."""
    pending = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, Logic | Not):
            pending.extend(children(here)[::-1])
        else:
            yield here


def _true_or_false(steps: tuple[str | None, ...], resource: Resource) -> bool:
    """Whether a reference is an input that says `true` or `false` in words."""
    declared = names.inputs(resource)
    match steps:
        case ("inputs", str(name)) if resource.kind == "Action":
            return any(_word(data.get("default")) for data in _of(declared.call, name))
        case ("github", "event", "inputs", str(name)) if resource.kind == "Workflow":
            return any(data.get("type") == "boolean" for data in _of(declared.dispatch, name))
    return False


def _word(default: object) -> bool:
    return isinstance(default, bool) or (isinstance(default, str) and default.lower() in _TEXTS)


def versions(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Versions written as numbers that lose their last zero: `3.10` is 3.1 (YAML 1.2, core schema)."""
    places = item.resource.document.places
    for path, value in _numbers(item.resource):
        written = f"{value:g}.0" if value == int(value) else f"{value:g}0"
        if places.locate_text(path, written, 0) is not None:
            yield Hit(path, f"{written} is the number {value:g} to GitHub; write '{written}'", text=written)


def _numbers(resource: Resource) -> Iterator[tuple[Path, float]]:
    """Numbers with a fraction, or a `.0`, under keys that name a version."""
    pending: list[tuple[Path, object, bool]] = [(resource.path, resource.data, False)]
    while pending:
        path, node, named = pending.pop()
        if isinstance(node, dict):
            below = [((*path, k), v, _names_version(k, path, named)) for k, v in node.items()]
            pending.extend(below[::-1])
        elif isinstance(node, list):
            pending.extend([((*path, at), v, named) for at, v in enumerate(node)][::-1])
        elif named and isinstance(node, float) and abs(node) < 1_000_000:
            yield path, node


def _names_version(key: str, path: Path, named: bool) -> bool:
    """Whether a value under this key is a version, or that of an input that is one."""
    if path[-1:] in (("with",), ("env",), ("matrix",)) or "matrix" in path:
        return _VERSION.search(key.lower()) is not None or (named and "matrix" in path[:-1])
    if path[-2:-1] == ("inputs",):
        return key == "default" and _VERSION.search(str(path[-1]).lower()) is not None
    return False


def placeholders(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """What a workflow template leaves to be filled in, in a workflow that GitHub runs as it is."""
    from guardrail.actions.syntax.shape import PLACEHOLDER

    if "/workflows/" not in f"/{item.resource.document.file}" or ".github" not in item.resource.document.file:
        return
    on = item.resource.data.get("on")
    pending: list[tuple[Path, object]] = [((*item.resource.path, "on"), on)]
    while pending:
        path, node = pending.pop()
        if isinstance(node, dict):
            pending.extend([((*path, key), value) for key, value in node.items()][::-1])
        elif isinstance(node, list):
            pending.extend([((*path, at), value) for at, value in enumerate(node)][::-1])
        elif isinstance(node, str) and PLACEHOLDER.match(node):
            yield Hit(path, f"{node} is filled in when a workflow is made from a template; here it stands for itself")
