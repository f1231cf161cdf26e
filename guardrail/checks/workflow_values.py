"""Values that mean something else to GitHub than to their author: versions that are numbers, placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.actions.syntax.shape import PLACEHOLDER
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["placeholders", "versions"]

_VERSION = regex(
    r"version|(?:^|[-_])(?:python|py|go|golang|ruby|php|java|jdk|dotnet|perl|elixir|otp|erlang|ghc|scala|kotlin|"
    r"dart|flutter|swift|xcode|rust|zig|lua|julia|postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|django|rails|"
    r"terraform|kubernetes|k8s|gcc|clang|cmake|qt)(?:$|[-_])"
)

_TELLING = (dict, list, float)
"""What may be such a number, or hold one."""


def versions(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Versions written as numbers that lose their last zero: `3.10` is 3.1 (YAML 1.2, core schema)."""
    places = item.resource.document.places
    for path, value in _numbers(item.resource):
        written = f"{value:g}.0" if value == int(value) else f"{value:g}0"
        if places.locate_text(path, written, 0) is not None:
            yield Hit(path, f"{written} is the number {value:g} to GitHub; write '{written}'", text=written)


def _numbers(resource: Resource) -> Iterator[tuple[Path, float]]:
    """Numbers with a fraction, or a `.0`, under keys that name a version."""
    pending: list[tuple[Path, dict[str, object] | list[object] | float, bool]] = [(resource.path, resource.data, False)]
    while pending:
        path, node, named = pending.pop()
        if isinstance(node, dict):
            found = [(k, v) for k, v in node.items() if isinstance(v, _TELLING)]
            pending.extend([((*path, k), v, _names_version(k, path, named)) for k, v in found][::-1])
        elif isinstance(node, list):
            pending.extend([((*path, at), v, named) for at, v in enumerate(node) if isinstance(v, _TELLING)][::-1])
        elif named and abs(node) < 1_000_000:
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
