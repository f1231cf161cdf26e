"""How commands end as long as nothing goes wrong: where a script leaves by `exit`, and with which status.

The ground for judging a failure (`fate`): whether `|| { …; }`, an `else` branch or what follows makes it count.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from guardrail.actions.shell.tree import (
    COMMANDS,
    AndOr,
    Case,
    Commands,
    Function,
    Group,
    If,
    Loop,
    Node,
    Pipeline,
    Simple,
    Word,
)

_DEEPEST_CALLS = 12
TESTS = frozenset({"[", "[[", "((", "test"})
_NAMES = re.compile(r"[A-Za-z_]\w*")


class Outcome(NamedTuple):
    """`kind` is ok, bad (a status that is not 0), maybe (either), exit, return or break.

    `what` tells the status of exit and return: "0", "1" (any other), "last" (that of the command before), "?", or the
    names of the variables that hold it, each with a blank before it.
    """

    kind: str
    what: str = ""

    @property
    def leaves(self) -> bool:
        """Whether what follows it in a list is not reached."""
        return self.kind in ("exit", "return", "break")

    @property
    def fails(self) -> bool:
        """Whether it makes, or can make, the script or function fail."""
        return self.kind == "bad" or (self.kind in ("exit", "return") and self.what != "0")


OK, BAD, MAYBE, BREAK = Outcome("ok"), Outcome("bad"), Outcome("maybe"), Outcome("break")


class Outcomes:
    """Outcomes of the nodes of one script, each worked out once. `functions` are those the script defines."""

    def __init__(self, functions: dict[str, Function]) -> None:
        self.functions = functions
        self._nodes: dict[int, Outcome] = {}
        self._lists: dict[int, tuple[list[Outcome], list[int]]] = {}
        self._calls: list[str] = []

    def rest(self, items: Commands, start: int) -> Outcome:
        """The outcome of a list from one of its items on."""
        outcomes, leaving = self._list(items)
        if start >= len(items):
            return OK
        where = leaving[start]
        if where == len(items):
            return outcomes[-1]
        found = outcomes[where]
        if found.what == "last" and where > start:
            return Outcome(found.kind, "1" if outcomes[where - 1].kind == "bad" else "0")
        return found

    def _list(self, items: Commands) -> tuple[list[Outcome], list[int]]:
        """The outcome of each item, and for each the first item from there on that leaves the list."""
        known = self._lists.get(id(items))
        if known is None:
            outcomes = [self.and_or(item) for item in items]
            leaving = [len(items)] * (len(items) + 1)
            for i in range(len(items) - 1, -1, -1):
                leaving[i] = i if outcomes[i].leaves else leaving[i + 1]
            known = self._lists[id(items)] = outcomes, leaving
        return known

    def and_or(self, item: AndOr) -> Outcome:
        """The outcome of pipelines joined by `&&` and `||`."""
        known = self._nodes.get(id(item))
        if known is None:
            known = self._nodes[id(item)] = OK if item.background else self._joined(item)
        return known

    def _joined(self, item: AndOr) -> Outcome:
        found = self.pipeline(item.pipelines[0])
        for operator, pipeline in zip(item.operators, item.pipelines[1:], strict=True):
            if found.leaves or found.kind == "maybe":
                break
            if (operator == "&&") == (found.kind == "ok"):
                found = self.pipeline(pipeline)
        return found

    def pipeline(self, pipeline: Pipeline) -> Outcome:
        """The outcome of a pipeline: of its last command, in a shell of its own when there are several."""
        found = self.last(pipeline)
        if pipeline.negated and not found.leaves:
            found = MAYBE if _computed(pipeline) else {"ok": BAD, "bad": OK}.get(found.kind, MAYBE)
        return found

    def last(self, pipeline: Pipeline) -> Outcome:
        """The outcome of a pipeline's last command."""
        found = self.node(pipeline.commands[-1])
        return _in_subshell(found) if len(pipeline.commands) > 1 else found

    def node(self, node: Node) -> Outcome:
        """The outcome of a simple or compound command."""
        if isinstance(node, Simple):
            return self.simple(node)
        if isinstance(node, Group):
            found = self.rest(node.body, 0)
            return _in_subshell(found) if node.subshell else found
        if isinstance(node, If):
            return self.alternatives(node, 0)
        if isinstance(node, Case):
            bodies = [self.rest(body, 0) for _, body in node.arms]
            exhaustive = any(pattern == "*" for pattern, _ in node.arms)
            return _either(bodies if exhaustive else [*bodies, OK])
        if isinstance(node, Loop):
            return self._loop(node)
        return OK

    def alternatives(self, node: If, start: int) -> Outcome:
        """The outcome of whichever branch is taken from the `start`th condition on."""
        bodies = [self.rest(body, 0) for _, body in node.branches[start:]]
        return _either([*bodies, OK if node.otherwise is None else self.rest(node.otherwise, 0)])

    def _loop(self, node: Loop) -> Outcome:
        """A loop runs at least once, as far as anyone knows; one that only `exit` leaves, leaves by it."""
        found = self.rest(node.body, 0)
        return found if found.kind in ("exit", "return") and not node.condition else MAYBE if found.fails else OK

    def simple(self, node: Simple) -> Outcome:
        """The outcome of a simple command: `exit`, `return`, `false`, tests and calls of functions matter."""
        head = node.words[0].text() if node.words else ""
        if head in ("exit", "return"):
            return Outcome(head, status(node.words[1:2]))
        if head in ("break", "continue"):
            return BREAK
        if head == "false":
            return BAD
        if head in TESTS or head.startswith(("[[", "((")):
            return MAYBE
        return self._call(head) if head in self.functions else OK

    def _call(self, name: str) -> Outcome:
        if name in self._calls or len(self._calls) >= _DEEPEST_CALLS:
            return OK
        self._calls.append(name)
        found = self.rest(self.functions[name].body, 0)
        self._calls.pop()
        if found.kind == "return":
            return BAD if found.what in ("1", "last") else OK if found.what == "0" else MAYBE
        return OK if found.kind == "break" else found


def status(words: tuple[Word, ...]) -> str:
    """The `what` of an `exit` or `return` with these arguments."""
    if not words:
        return "last"
    text = words[0].text()
    if text in ("$?", "${?}"):
        return "last"
    if text.lstrip("-").isdigit() and text.isascii():
        return "0" if int(text[-6:]) % 256 == 0 else "1"
    return "".join(f" {name}" for name in _NAMES.findall(text)[:8]) or "?"


def _computed(pipeline: Pipeline) -> bool:
    """Whether a pipeline ends in an assignment of what commands print: with their status."""
    node = pipeline.commands[-1]
    return isinstance(node, Simple) and any(p.kind == COMMANDS for word in node.assignments for p in word.pieces)


def _in_subshell(found: Outcome) -> Outcome:
    if found.leaves:
        return BAD if found.kind != "break" and found.what == "1" else OK
    return found


def _either(found: list[Outcome]) -> Outcome:
    first = found[0]
    if all(one == first for one in found):
        return first
    if all(one.kind == first.kind and one.fails for one in found):
        return first
    return MAYBE
