"""Runs a shell script in thought: ordinary commands succeed, tests on known values are decided.

What is not known is followed along the way on which nothing fails; that there was another way is remembered, so that
nothing is claimed for sure. Sources: POSIX.1-2017 Shell Command Language 2.8, 2.9 and 2.14 (`set`); Bash Reference
Manual 3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from guardrail.actions.shell.tree import (
    AndOr,
    Case,
    Commands,
    Function,
    Group,
    If,
    Loop,
    Node,
    Pipeline,
    Script,
    Simple,
)
from guardrail.actions.simulate.scripts.commands import GOOD, Result, Runner
from guardrail.actions.simulate.scripts.filters import grep
from guardrail.actions.simulate.scripts.words import Known, Words
from guardrail.actions.simulate.scripts.written import CHANNELS, Written, written

PASSES, FAILS, OPEN = "passes", "fails", "open"

_Way = Callable[[], Result]

_MOST_COMMANDS = 2000
_DEEPEST = 24


class Ending(NamedTuple):
    """How a script ends, the offset of the command that made it fail, and what it has written on the way."""

    kind: str
    at: int = 0
    outputs: Written = None
    exports: Written = None


class Interpreter:
    """Runs one script. `outside` gives variables of the environment; `watched`: its end depends on results."""

    def __init__(self, text: str, holes: dict[int, int], outside: Callable[[str], str | None], watched: bool) -> None:
        self._text = text
        self._words = Words({}, outside)
        self._commands = Runner(text, holes, self._words, watched)
        self._watched = watched
        self._left = _MOST_COMMANDS
        self._depth = 0
        self._may_fail = False
        self._may_pass = False

    def run(self, script: Script, errexit: bool, pipefail: bool) -> Ending:
        """How a script ends."""
        self._commands.errexit, self._commands.pipefail = errexit, pipefail
        found = self._list(script.body, False)
        if found.good is None or script.rest >= 0 or self._left < 0:
            self._may_fail = True
        fails = found.good is False
        sure = not (self._may_fail or self._may_pass)
        outputs, exports = (self._written(script, channel) if sure else None for channel in CHANNELS)
        if (fails and self._may_pass) or (not fails and self._may_fail and self._watched):
            return Ending(OPEN if self._watched else PASSES)
        return Ending(FAILS if fails else PASSES, found.at if fails else 0, outputs, exports)

    def _written(self, script: Script, channel: str) -> Written:
        return written(self._words, self._text, script, channel)

    def _list(self, items: Commands, ignored: bool) -> Result:
        result = GOOD
        for item in items:
            result, last = self._and_or(item, ignored)
            if result.left:
                return result
            if result.good is None:
                self._may_fail = True
                result = GOOD
            fatal = last and not ignored and _ends_shell(item.pipelines[-1])
            if result.good is False and fatal and self._commands.errexit:
                return result._replace(left="exit")
        return result

    def _and_or(self, item: AndOr, ignored: bool) -> tuple[Result, bool]:
        """Its end, and whether that is the end of the last pipeline, the only one that `-e` looks at."""
        last = len(item.pipelines) - 1
        result, ran = self._pipeline(item.pipelines[0], ignored or last > 0), 0
        for index, operator in enumerate(item.operators, 1):
            if result.left:
                return result, ran == last
            run = self._later(item.pipelines[index], ignored or index < last)
            if result.good is None:
                ran, result = index, self._either(run, lambda: GOOD)
            elif result.good == (operator == "&&"):
                ran, result = index, self._assuming(result, run)
            elif result.assumed:
                self._perhaps(run)
        return (GOOD if item.background and not result.left else result), ran == last

    def _later(self, pipeline: Pipeline, ignored: bool) -> _Way:
        return lambda: self._pipeline(pipeline, ignored)

    def _pipeline(self, pipeline: Pipeline, ignored: bool) -> Result:
        if len(pipeline.commands) > 1:
            result = self._piped(pipeline)
        else:
            result = self._node(pipeline.commands[0], ignored or pipeline.negated)
        if pipeline.negated and not result.left:
            return result._replace(good=None if result.good is None else not result.good)
        return result

    def _piped(self, pipeline: Pipeline) -> Result:
        """A pipeline runs in shells of its own; `echo known | grep` is decided."""
        first, last = pipeline.commands[0], pipeline.commands[-1]
        if isinstance(first, Simple) and isinstance(last, Simple) and len(pipeline.commands) == 2:
            heads = self._commands.fields(first)
            if heads and heads[0] in ("echo", "printf"):
                found = grep(" ".join(w if w is not None else "\0" for w in heads[1:]), self._commands.fields(last))
                if found is not None:
                    return Result(found, "", pipeline.start)
        results = [self._apart(node) for node in pipeline.commands]
        results[-1] = results[-1]._replace(assumed=any(r.assumed for r in results))
        if self._commands.pipefail and any(r.good is not True for r in results):
            return next(r for r in results if r.good is not True)._replace(at=pipeline.start)
        return results[-1]

    def _apart(self, node: Node) -> Result:
        """A command in a shell of its own: what it sets or leaves stays there."""
        kept = dict(self._words.variables)
        result = self._node(node, False)
        files = {name: value for name, value in self._words.variables.items() if name.startswith(CHANNELS)}
        self._words.variables = kept | files
        return result._replace(left="")

    def _node(self, node: Node, ignored: bool) -> Result:
        self._left -= 1
        if self._left < 0 or self._depth > _DEEPEST:
            return Result(None)
        self._depth += 1
        try:
            return self._any(node, ignored)
        finally:
            self._depth -= 1

    def _any(self, node: Node, ignored: bool) -> Result:
        if isinstance(node, Simple):
            return self._simple(node)
        if isinstance(node, Group):
            if not node.subshell:
                return self._list(node.body, ignored)
            return self._apart(node._replace(subshell=False))
        if isinstance(node, If):
            return self._if(node, 0, ignored)
        if isinstance(node, Case):
            return self._case(node, ignored)
        if isinstance(node, Loop):
            return self._loop(node, ignored)
        self._commands.functions[node.name] = node
        return GOOD

    def _if(self, node: If, branch: int, ignored: bool) -> Result:
        if branch == len(node.branches):
            return self._list(node.otherwise or (), ignored)
        condition, body = node.branches[branch]
        asked = self._list(condition[:-1], True)
        if not asked.left:
            asked, _ = self._and_or(condition[-1], True)
        if asked.left:
            return asked
        ways: tuple[_Way, _Way] = (lambda: self._list(body, ignored)), (lambda: self._if(node, branch + 1, ignored))
        if asked.good is None:
            return self._either(*ways)
        taken, other = ways if asked.good else (ways[1], ways[0])
        if not asked.assumed:
            return taken()
        before = dict(self._words.variables)
        result = taken()
        after, self._words.variables = self._words.variables, before
        self._perhaps(other)
        self._merge(after)
        return result

    def _case(self, node: Case, ignored: bool) -> Result:
        value = self._words.text(node.word)
        if value is not None:
            for pattern, body in node.arms:
                if any(_fits(value, one) for one in pattern.split("|")):
                    return self._list(body, ignored)
            return GOOD
        return self._first_of([lambda b=body: self._list(b, ignored) for _, body in node.arms])  # type: ignore[misc]

    def _first_of(self, ways: Sequence[_Way]) -> Result:
        if not ways:
            return GOOD
        return self._either(ways[0], lambda: self._first_of(ways[1:]))

    def _loop(self, node: Loop, ignored: bool) -> Result:
        """`for` over its words; `while` and `until` go through their body once, perhaps."""
        if node.kind not in ("for", "select"):
            return self._either(lambda: GOOD, lambda: self._list(node.body, ignored)._replace())
        result = GOOD
        for value in [f for word in node.words for f in self._words.fields(word)]:
            self._words.variables[node.variable] = value
            result = self._list(node.body, ignored)
            if result.left in ("exit", "return"):
                return result
            if result.left == "break":
                return GOOD
        return result._replace(left="")

    def _either(self, one: _Way, other: _Way) -> Result:
        """Both ways of an open question; the one that fails less goes on, and the other is remembered."""
        before = dict(self._words.variables)
        first = one()
        after, self._words.variables = self._words.variables, before
        second = other()
        if (first.good, first.left) == (second.good, second.left):
            self._merge(after)
            return first
        better, worse = sorted((first, second), key=_badness)
        if worse.left == "exit" or worse.good is False:
            self._may_fail = self._may_fail or worse.good is not True
            self._may_pass = self._may_pass or worse.good is True
        if better is first:
            self._words.variables = after
        if better.left == "exit" and better.good and not worse.left:
            self._may_pass = True  # it goes on along the other way, which may still fail
            self._words.variables = after if worse is first else self._words.variables
            return worse
        return better

    def _assuming(self, asked: Result, run: _Way) -> Result:
        """What follows an ordinary command, which is taken to succeed: what it sets is not sure to be set."""
        if not asked.assumed:
            return run()
        before = dict(self._words.variables)
        result = run()
        self._merge(before)
        return result._replace(assumed=True)

    def _perhaps(self, run: _Way) -> None:
        """A way that is not taken, but might have been: what it sets is no longer known, and nothing else happens."""
        kept = self._may_fail, self._may_pass, self._commands.state
        before = dict(self._words.variables)
        run()
        self._merge(before)
        self._may_fail, self._may_pass, self._commands.state = kept

    def _merge(self, other: dict[str, Known]) -> None:
        """Variables that differ from those of another way are not known any more."""
        mine = self._words.variables
        for name in {*mine, *other}:
            if name not in mine or name not in other or mine[name] != other[name]:
                mine[name] = None

    def _simple(self, node: Simple) -> Result:
        found = self._commands.run(node)
        if not isinstance(found, Result):
            found = self._call(*found)
        self._commands.last = found.good
        return found

    def _call(self, function: Function, arguments: Sequence[str | None]) -> Result:
        kept = {name: self._words.variables.get(name) for name in "123456789"}
        self._words.variables |= dict(zip("123456789", arguments, strict=False))
        result = self._list(function.body, False)
        self._words.variables |= kept
        return result._replace(left="") if result.left == "return" else result


def _ends_shell(pipeline: Pipeline) -> bool:
    """Whether `-e` acts on its failure: not on that of a compound command, whose own commands it has looked at."""
    node = pipeline.commands[0]
    return not pipeline.negated and (len(pipeline.commands) > 1 or isinstance(node, Simple) or _is_subshell(node))


def _is_subshell(node: Node) -> bool:
    return isinstance(node, Group) and node.subshell


def _badness(result: Result) -> tuple[bool, bool]:
    return result.good is False, result.left == "exit"


def _fits(value: str, pattern: str) -> bool:
    plain = pattern.strip().strip("\"'")
    return plain == value or (len(plain) < 200 and fnmatchcase(value, plain))
