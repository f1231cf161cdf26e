"""What a script does later about a failure it first let pass: `exit $rc`, `if [ "$failed" = 1 ]; then exit 1; fi`,
`wait $pid`. And which functions it defines, which variables its parts set.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from guardrail.actions.shell.options import Options, options_after
from guardrail.actions.shell.outcome import TESTS, Outcomes
from guardrail.actions.shell.tree import AndOr, Case, Commands, Function, Group, If, Loop, Node, Simple

_USED = re.compile(r"\$\{?[#!]?([A-Za-z_]\w*)")
_BARE = re.compile(r"[A-Za-z_]\w*")
_SET = re.compile(r"(?:^|[\s;&|({])([A-Za-z_]\w*)(?:\[[^]]*\])?(?:[-+*|]?=(?!=)|\+\+)")

PIPE, LAST = "PIPESTATUS", "?"
"""Names for a status that no variable of the script's own holds: of a pipe's parts, and `$?`."""


class Amends(NamedTuple):
    """By variable, the last offset at which the script fails because of what it holds; for `$?`, all of them."""

    text: str
    last: dict[str, int]
    statuses: list[int]

    def made(self, names: set[str], behind: int) -> bool:
        """Whether the script, behind an offset, fails because of what one of these variables holds."""
        return any(self.last.get(name, -1) > behind for name in names)

    def asks(self, start: int, end: int) -> bool:
        """Whether a stretch of the script fails because of `$?`."""
        return bisect_left(self.statuses, start) < bisect_left(self.statuses, end)

    def set_in(self, start: int, end: int) -> set[str]:
        """The variables that a stretch of the script sets; to `$?` only by its first command, later it is another's."""
        part = self.text[start : min(end, start + 2000)]
        return {m.group(1) for m in _SET.finditer(part) if m.start(1) == 0 or not part.startswith("$?", m.end())}


def amends(body: Commands, text: str, outcomes: Outcomes, options: Options) -> Amends:
    """Read once through a script, which begins with these options, for what makes amends."""
    found: dict[str, int] = {}
    statuses: list[int] = []
    failing = _Failing(outcomes)
    final = body[-1] if body else None
    for node, item, tested in nodes(body):
        if isinstance(node, Simple) and node.words and node.words[0].text() == "set":
            options = options_after(options, [word.text() for word in node.words[1:]])
        decides = not tested and (options.errexit or item is final)
        for name in _amended(node, item, text, failing, decides):
            found[name] = max(found.get(name, -1), node.start)
            statuses += [node.start] if name == LAST else []
    return Amends(text, found, sorted(statuses))


def failing_test(node: If | AndOr, outcomes: Outcomes) -> bool:
    """Whether an `if`, or a list of `&&` and `||`, holds a command that fails the script on purpose."""
    failing = _Failing(outcomes)
    return failing.in_item(node) if isinstance(node, AndOr) else any(map(failing.any, parts(node)))


def functions(body: Commands) -> dict[str, Function]:
    """The functions a script defines; of several of one name the last."""
    return {node.name: node for node, _, _ in nodes(body) if isinstance(node, Function)}


def nodes(body: Commands) -> Iterator[tuple[Node, AndOr, bool]]:
    """Every command of a script with the and-or list it stands in, in the order of the text.

    The last tells whether it stands in the condition of if, while or until.
    """
    stack = [(command, item, False) for item in reversed(body) for command in _reversed(item)]
    while stack:
        node, item, tested = stack.pop()
        yield node, item, tested
        for part in reversed(parts(node)):
            inner = tested or _is_condition(part, node)
            stack += [(command, one, inner) for one in reversed(part) for command in _reversed(one)]


def _is_condition(part: Commands, node: Node) -> bool:
    if isinstance(node, If):
        return any(part is condition for condition, _ in node.branches)
    return isinstance(node, Loop) and part is node.condition


def _reversed(item: AndOr) -> list[Node]:
    return [command for pipeline in reversed(item.pipelines) for command in reversed(pipeline.commands)]


def parts(node: Node) -> list[Commands]:
    """The lists within a compound command."""
    if isinstance(node, Group | Function):
        return [node.body]
    if isinstance(node, Loop):
        return [node.condition, node.body]
    if isinstance(node, Case):
        return [body for _, body in node.arms]
    if isinstance(node, If):
        pairs = [part for branch in node.branches for part in branch]
        return pairs if node.otherwise is None else [*pairs, node.otherwise]
    return []


class _Failing:
    """Whether a list holds a command that fails the script on purpose, worked out once for each list."""

    def __init__(self, outcomes: Outcomes) -> None:
        self.outcomes = outcomes
        self._known: dict[int, bool] = {}

    def any(self, items: Commands) -> bool:
        """Whether an `exit 1`, `return 1` or `false` stands anywhere in a list."""
        known = self._known.get(id(items))
        if known is None:
            known = self._known[id(items)] = any(self.in_item(item) for item in items)
        return known

    def in_item(self, item: AndOr) -> bool:
        """The same for one item of a list."""
        return any(
            self.outcomes.simple(node).fails if isinstance(node, Simple) else any(map(self.any, parts(node)))
            for pipeline in item.pipelines
            for node in pipeline.commands
        )


def _amended(node: Node, item: AndOr, text: str, failing: _Failing, decides: bool) -> Iterator[str]:
    """The variables because of which a command makes the script fail; `decides` is whether its own status does."""
    if isinstance(node, If):
        bodies = [body for _, body in node.branches]
        if any(map(failing.any, [*bodies, node.otherwise or ()])):
            for condition, _ in node.branches:
                yield from _names(text, condition[0].start, condition[-1].end)
    elif isinstance(node, Simple):
        head = node.words[0].text() if node.words else ""
        if head in ("exit", "return"):
            yield from failing.outcomes.simple(node).what.split()
            yield from _names(text, node.start, node.end)
        elif head in TESTS or head.startswith(("[[", "((")):
            joined = item.operators and item.pipelines[0].commands[0] is node
            if failing.in_item(item) if joined else decides:
                yield from _names(text, node.start, node.end)


def _names(text: str, start: int, end: int) -> Iterator[str]:
    part = text[start : min(end, start + 500)]
    yield from _USED.findall(part)
    if "$?" in part:
        yield LAST
    if part.startswith(("((", "exit $((", "return $((")):
        yield from _BARE.findall(part)
