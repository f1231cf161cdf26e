"""Every place of a workflow or action that holds an expression, and what may be used there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from guardrail.actions import expressions
from guardrail.actions.expressions import Node, availability
from guardrail.actions.expressions.errors import ExpressionError
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.once import once

_AS: Mapping[str, str] = {
    "jobs.<job_id>.cancel-timeout-minutes": "jobs.<job_id>.timeout-minutes",
    "jobs.<job_id>.snapshot": "jobs.<job_id>.snapshot.if",
    **{
        f"jobs.<job_id>.steps.{key}": "jobs.<job_id>.steps.continue-on-error"
        for key in ("background", "cancel", "wait", "wait-all")
    },
}
"""Keys that the table of the documentation leaves out, and the key they are like."""

MOST_TOLD = 100
"""Faults of one scalar that are told; placing each of thousands would take as long as their number squared."""

_CONDITIONS = frozenset({"if", "pre-if", "post-if"})
"""Keys whose value is an expression without `${{ }}`."""


class Found(NamedTuple):
    """One expression: its tree or what is wrong with it, its text, and where that starts in the scalar."""

    node: Node | None
    error: ExpressionError | None
    text: str
    start: int


class Site(NamedTuple):
    """A scalar with expressions, or a bare condition.

    `key` is the row of the table of contexts, empty where none may be used; `job` the id of the job around it, `step`
    the path of the step; `condition` for an `if` without `${{ }}`.
    """

    path: Path
    key: str
    text: str
    found: tuple[Found, ...]
    job: str = ""
    step: Path = ()
    condition: bool = False

    def part(self, found: Found, offset: int, end: int) -> tuple[str, int]:
        """A stretch of an expression as it is shown: its text, and how often it stands before."""
        shown = found.text[offset:end]
        return shown, self.text.count(shown, 0, found.start + offset) if shown else 0

    def whole(self, found: Found) -> tuple[str, int]:
        """An expression as it is shown, with its braces."""
        start = found.start - (0 if self.condition else 3)
        end = found.start + len(found.text) + (0 if self.condition else 2)
        shown = self.text[start:end].strip()
        return shown, self.text.count(shown, 0, start) if shown else 0


@dataclass(slots=True)
class _Row:
    """A level of the table of contexts: the rows below by the step that leads there; `name` if it is one itself."""

    name: str = ""
    below: dict[str, _Row] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _table() -> _Row:
    root = _Row()
    for key in (*availability.KEYS, *_AS):
        row = root
        for step in key.split("."):
            row = row.below.setdefault("*" if step.startswith("<") else step, _Row())
        row.name = key
    return root


def available(key: str) -> tuple[frozenset[str], frozenset[str]]:
    """The contexts and functions of a site's key."""
    return availability.available(_AS.get(key, key))


class _At(NamedTuple):
    """Where a walk is: the node, its path, the row it is in (None: none), the last row by name, job and step."""

    node: object
    path: Path
    row: _Row | None
    key: str
    job: str = ""
    step: Path = ()


@once
def sites(resource: Resource) -> tuple[Site, ...]:
    """Every site of a file, in the order of the text."""
    return tuple(_sites(resource))


def _sites(resource: Resource) -> Iterator[Site]:
    pending = [_At(resource.data, resource.path, _table(), "")]
    while pending:
        at = pending.pop()
        if isinstance(at.node, str):
            site = _site(at)
            if site is not None:
                yield site
        elif isinstance(at.node, dict):
            for key in at.node:
                if "${{" in key:
                    yield Site((*at.path, key), at.key, key, _embedded(key), at.job, at.step)
            pending.extend([_below(at, k, v) for k, v in at.node.items() if _may_hold(v, k)][::-1])
        elif isinstance(at.node, list):
            pending.extend([_item(at, index, value) for index, value in enumerate(at.node) if _may_hold(value)][::-1])


def _may_hold(value: object, key: str = "") -> bool:
    """Whether a site may be at or below a value: there are many that are none."""
    return "${{" in value or key in _CONDITIONS if isinstance(value, str) else isinstance(value, dict | list)


def _item(at: _At, index: int, value: object) -> _At:
    path = (*at.path, index)
    is_step = at.path[-1:] in (("steps",), ("parallel",)) and at.key == ""
    return _At(value, path, at.row, at.key, at.job, path if is_step and isinstance(value, dict) else at.step)


def _below(at: _At, key: str, value: object) -> _At:
    path = (*at.path, key)
    job = key if at.path[-1:] == ("jobs",) and len(path) == 2 else at.job
    if at.row is None or (key == "parallel" and at.step and at.path == at.step):
        return _At(value, path, at.row, at.key, job, at.step)
    row = at.row.below.get(key) or at.row.below.get("*")
    return _At(value, path, row, row.name if row is not None and row.name else at.key, job, at.step)


def _site(at: _At) -> Site | None:
    text = str(at.node)
    if "${{" in text:
        return Site(at.path, at.key, text, _embedded(text), at.job, at.step)
    if not at.key.endswith("if") or at.path[-1] not in _CONDITIONS or not text.strip():
        return None
    try:
        found = Found(expressions.parse(text), None, text, 0)
    except ExpressionError as error:
        found = Found(None, error, text, 0)
    return Site(at.path, at.key, text, (found,), at.job, at.step, condition=True)


def _embedded(text: str) -> tuple[Found, ...]:
    return tuple(
        Found(e.node, e.error, e.text, e.start + 3) for e in expressions.embedded(text) if e.text.strip() != "insert"
    )
