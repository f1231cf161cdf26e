"""The runners of a job: every label it may ask for, with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex
from typing import NamedTuple

from guardrail.model.place import Path
from guardrail.views.workflows import Job

_MATRIX = regex(r"\$\{\{\s*matrix\.([A-Za-z_][\w-]*)\s*\}\}\Z")


class Runner(NamedTuple):
    """Labels that one runner must have, each with its path. `group` when a runner group is named."""

    labels: tuple[tuple[str, Path], ...]
    group: bool = False

    @property
    def own(self) -> bool:
        """Whether somebody else than GitHub names the labels."""
        return self.group or any(label.lower() == "self-hosted" for label, _ in self.labels)


def runners(job: Job) -> tuple[Runner, ...] | None:
    """Every runner a job may get; None when only a run tells one of them."""
    given, path = job.data.get("runs-on"), (*job.path, "runs-on")
    if isinstance(given, dict):
        labels = _listed(given.get("labels"), (*path, "labels"))
        return None if labels is None else (Runner(labels, "group" in given),)
    if isinstance(given, str) and (found := _MATRIX.match(given.strip())):
        return _of_matrix(job, found[1])
    labels = _listed(given, path)
    return None if labels is None else (Runner(labels),)


def _listed(given: object, path: Path) -> tuple[tuple[str, Path], ...] | None:
    words = [(given, path)] if isinstance(given, str) else []
    if isinstance(given, list):
        words = [(word, (*path, at)) for at, word in enumerate(given) if isinstance(word, str)]
    if any("${{" in word for word, _ in words):
        return None
    return tuple((word, place) for word, place in words)


def _of_matrix(job: Job, key: str) -> tuple[Runner, ...] | None:
    strategy = job.data.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
    if not isinstance(matrix, dict):
        return None
    path = (*job.path, "strategy", "matrix")
    found = [_listed(value, place) for value, place in _values(matrix, key, path)]
    if not found or any(labels is None for labels in found):
        return None
    return tuple(Runner(labels) for labels in found if labels)


def _values(matrix: dict[str, object], key: str, path: Path) -> Iterator[tuple[object, Path]]:
    """What a key of the matrix can be, by the vector and by `include`; an expression as it is written."""
    for name, value in matrix.items():
        if name.lower() == key.lower():
            if isinstance(value, list):
                yield from ((item, (*path, name, at)) for at, item in enumerate(value))
            else:
                yield value, (*path, name)
    include = matrix.get("include")
    if isinstance(include, str):
        yield include, (*path, "include")
    for at, entry in enumerate(include if isinstance(include, list) else ()):
        for name, value in entry.items() if isinstance(entry, dict) else ():
            if name.lower() == key.lower():
                yield value, (*path, "include", at, name)
