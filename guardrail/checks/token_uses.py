"""Expressions in the strings of a workflow, and whose token a value is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from guardrail.actions import expressions
from guardrail.actions.expressions import Embedded, Reference
from guardrail.model.place import Path

BUILTIN, OTHER, EITHER = "builtin", "other", "either"

_OWN = frozenset({("github", "token"), ("secrets", "github_token")})
_MOST_NODES = 100_000


class Written(NamedTuple):
    """A `${{ }}` where it is written: the path of its string, its text, the how-manieth such text it is there."""

    path: Path
    text: str
    occurrence: int
    embedded: Embedded

    @property
    def references(self) -> tuple[Reference, ...]:
        """The contexts it mentions."""
        return tuple(expressions.references(self.embedded.node)) if self.embedded.node is not None else ()


def in_text(text: str, path: Path) -> Iterator[Written]:
    """Every `${{ }}` of one string."""
    if "${{" not in text:
        return
    seen: dict[str, int] = {}
    for found in expressions.embedded(text):
        written = text[found.start : found.end]
        yield Written(path, written, seen.get(written, 0), found)
        seen[written] = seen.get(written, 0) + 1


def below(value: object, path: Path) -> Iterator[Written]:
    """Every `${{ }}` of the strings at and below a path, in the order of the document."""
    stack: list[tuple[object, Path]] = [(value, path)]
    for _ in range(_MOST_NODES):
        if not stack:
            return
        node, here = stack.pop()
        if isinstance(node, str):
            yield from in_text(node, here)
        elif isinstance(node, dict):
            stack.extend((v, (*here, k)) for k, v in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend((v, (*here, i)) for i, v in reversed(list(enumerate(node))))


class Same:
    """Data told by identity, to be remembered by."""

    __slots__ = ("data",)

    def __init__(self, data: object) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.data is other.data

    def __hash__(self) -> int:
        return id(self.data)


def secrets_in(data: object, *prefix: str | int) -> tuple[Written, ...]:
    """Every `${{ }}` of a document that mentions secrets, at and below a path; looked up once for all who ask."""
    found = _secrets_in(Same(data)).get(prefix[:_INDEXED], ())
    return tuple(w for w in found if w.path[: len(prefix)] == prefix)


_INDEXED = 4
"""As long a path as that of a step: `jobs`, the job, `steps`, its number."""


@lru_cache(maxsize=4)
def _secrets_in(held: Same) -> dict[Path, list[Written]]:
    """By every beginning of their paths, so that asking for each step's costs no walk through the others'."""
    found: dict[Path, list[Written]] = {}
    for written in below(held.data, ()):
        if "secrets" in written.text.lower():
            for size in range(min(len(written.path), _INDEXED) + 1):
                found.setdefault(written.path[:size], []).append(written)
    return found


def whose(value: object) -> str:
    """Whose token a value is: the job's own, another one, either of them as the run goes, or none (empty)."""
    if not isinstance(value, str) or not value.strip():
        return ""
    mentioned = {r.steps for w in in_text(value, ()) for r in w.references}
    if _OWN.isdisjoint(mentioned):
        return OTHER
    return BUILTIN if mentioned <= _OWN else EITHER


def mentions_token(value: str) -> bool:
    """Whether the job's own token is put into a text."""
    small = value.lower()
    if "github" not in small or "token" not in small:
        return False
    return any(not _OWN.isdisjoint({r.steps for r in w.references}) for w in in_text(value, ()))
