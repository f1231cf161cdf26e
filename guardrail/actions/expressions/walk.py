"""What an expression mentions: contexts and functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guardrail.actions.expressions.nodes import Call, Index, Literal, Name, Node, Star, children
from guardrail.actions.expressions.values import text


class Reference(NamedTuple):
    """A context path such as `github.event.commits[0].message`, as `("github", "event", "commits", "0", "message")`.

    Steps are lower-cased; `*` is a wildcard, None an index that is computed. `offset` and `end` delimit it in the
    expression's text.
    """

    steps: tuple[str | None, ...]
    offset: int = 0
    end: int = 0


def references(node: Node) -> Iterator[Reference]:
    """Every context path, each at its full length, in the order of the text; also those inside an index."""
    pending: list[Node] = [node]
    while pending:
        here = pending.pop()
        found = reference(here)
        if found is None:
            pending.extend(reversed(children(here)))
            continue
        yield found
        pending.extend(reversed(_computed(here)))


def reference(node: Node) -> Reference | None:
    """The context path a node is, if it is one."""
    steps: list[str | None] = []
    here = node
    while isinstance(here, Index):
        steps.append(_step(here.key))
        here = here.target
    if not isinstance(here, Name):
        return None
    return Reference((here.name.lower(), *reversed(steps)), node.offset, node.end)


def _step(index: Node) -> str | None:
    if isinstance(index, Star):
        return "*"
    return text(index.value).lower() if isinstance(index, Literal) else None


def _computed(node: Node) -> list[Node]:
    """The indices of a path that are expressions of their own, from left to right."""
    found: list[Node] = []
    while isinstance(node, Index):
        if not isinstance(node.key, (Literal, Star)):
            found.append(node.key)
        node = node.target
    return found[::-1]


def calls(node: Node) -> Iterator[Call]:
    """Every function call, outer before inner, in the order of the text."""
    pending: list[Node] = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, Call):
            yield here
        pending.extend(reversed(children(here)))
