"""Matrices: what is excluded, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions.matrix import legs
from guardrail.actions.syntax.keys import hint
from guardrail.actions.syntax.shape import described, short
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["excluded"]

_MOST = 1000
"""Entries and values that are compared; GitHub runs 256 jobs of a matrix."""

_DEEPEST = 20
"""Levels of a value that are compared; what differs further down counts as the same."""


def excluded(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`exclude` that names no key of the matrix (GitHub refuses it), or a combination that is not there."""
    job, path = item.bindings["job"], (*item.path, "strategy", "matrix")
    strategy = job.get("strategy") if isinstance(job, dict) else None
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
    if not isinstance(matrix, dict):
        return
    exclude = matrix.get("exclude")
    vectors = {k.lower(): v for k, v in matrix.items() if k.lower() not in {"include", "exclude"} and "${{" not in k}
    if any("${{" in key for key in matrix):
        return
    for at, entry in enumerate(exclude[:_MOST] if isinstance(exclude, list) else ()):
        if isinstance(entry, dict):
            yield from _entry(entry, vectors, (*path, "exclude", at))
    if exclude and not matrix.get("include") and legs(strategy) == ():
        yield Hit((*path, "exclude"), "every combination of the matrix is excluded, so the job never runs")


def _entry(entry: Mapping[str, object], vectors: Mapping[str, object], path: Path) -> Iterator[Hit]:
    for key, value in entry.items():
        if "${{" in key:
            return
        below = (*path, key)
        if key.lower() not in vectors:
            yield Hit(below, f"exclude names {short(key)}, which is no key of the matrix{hint(key, vectors)}")
            continue
        values = vectors[key.lower()]
        if isinstance(values, list) and len(values) <= _MOST and not any(_may_equal(value, each) for each in values):
            yield Hit(below, f"exclude: {short(key)} is never {described(value)}, so nothing is excluded")


def _may_equal(value: object, other: object, depth: int = 0) -> bool:
    """Whether two values may be the same to GitHub, which compares as `==` of expressions does, leaf by leaf."""
    if depth > _DEEPEST:
        return True
    if isinstance(value, dict):
        return isinstance(other, str) or (
            isinstance(other, dict) and all(k in other and _may_equal(v, other[k], depth + 1) for k, v in value.items())
        )
    if isinstance(value, list) or isinstance(other, dict | list):
        return value == other
    if isinstance(value, str) and isinstance(other, str):
        return "${{" in value or "${{" in other or value.lower() == other.lower()
    if isinstance(value, str) or isinstance(other, str):
        return "${{" in f"{value}{other}" or _number(value) == _number(other)
    return _number(value) == _number(other)


def _number(value: object) -> object:
    """A scalar as a number where GitHub casts it (github/docs `expressions.md`, "Operators")."""
    if value is None or value == "":
        return 0.0
    try:
        return float(str(value)) if not isinstance(value, bool) else float(value)
    except ValueError:
        return object()
