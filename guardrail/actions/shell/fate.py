"""What becomes of a command's failure: followed outwards from the command to the end of the script.

Sources: POSIX.1-2017 Shell Command Language 2.8 and 2.9, `set -e` in 2.14; Bash Reference Manual 3.2.3 to 3.2.5 and
4.3.1. In short: `-e` ends a shell when a command fails, unless it stands in the condition of if, while or until, before
the last `&&` or `||`, behind `!`, or in a pipeline before its last command (with `pipefail` the pipeline then fails as
a whole). Within such a condition, `-e` is off in functions and groups, too. A compound command that ended in failure
while `-e` was ignored does not end the shell.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from guardrail.actions.shell.amends import PIPE, Amends
from guardrail.actions.shell.command import excerpt
from guardrail.actions.shell.options import Options
from guardrail.actions.shell.outcome import TESTS, Outcome, Outcomes
from guardrail.actions.shell.tree import AndOr, Case, Group, If, Loop, Pipeline, Simple

BACKGROUND = "it runs in the background and nothing waits for its status"
"""The reason that a later `wait` takes back."""

_FURTHEST = 100
"""How many commands of one and-or list are looked at behind a failing one."""


class Surroundings(NamedTuple):
    """What is known of a whole script."""

    text: str
    outcomes: Outcomes
    amends: Amends


class Frame(NamedTuple):
    """Where a command stands: which part of which node, and what is around that.

    `kind` is list, and-or, pipe, condition, branch, while, loop, group, subshell, call, substitution, eval or shell
    (`bash -c`); of the last three, `outside` is the script that the frames further up belong to. `ignored` is
    whether `-e` is off there; `options` are those outside of a shell of its own.
    """

    kind: str
    node: object
    part: int
    up: Frame | None
    options: Options
    ignored: bool
    outside: Surroundings | None = None


def fate(frame: Frame | None, at: int, options: Options, script: Surroundings) -> str:
    """Why the failure of the command at an offset does not fail the script; empty if it does."""
    climb = _Climb(at, options, script)
    while frame is not None and not climb.over:
        frame = _RISES[frame.kind](climb, frame)
    return "" if climb.failed else climb.reason or "the script goes on"


class _Climb:
    """A failure on its way out: `failed` is the status so far, `fatal` whether `-e` acts on it."""

    def __init__(self, at: int, options: Options, script: Surroundings) -> None:
        self.at, self.options, self.script = at, options, script
        self.failed, self.fatal, self.over = True, True, False
        self.reason, self.part = "", 0
        self.held = set[str]()

    def pipe(self, frame: Frame) -> Frame | None:
        """Out of a pipeline."""
        pipeline = frame.node
        assert isinstance(pipeline, Pipeline)
        last = len(pipeline.commands) - 1
        self.held |= {PIPE} if self.failed else set()
        self.part = frame.part
        if last:
            self.options = frame.options
            if self.failed and frame.part < last and not self.options.pipefail:
                into = excerpt(self._text(pipeline.commands[frame.part + 1]), 30)
                self._pass(f"it is piped into `{into}` without pipefail")
                self.failed = self.script.outcomes.last(pipeline).kind == "bad"
            self.fatal = True
        if pipeline.negated:
            self.failed, self.fatal = not self.failed, False
            self.reason = self.reason or "`!` turns its failure into success"
        return frame.up

    def and_or(self, frame: Frame) -> Frame | None:
        """Out of a list of `&&` and `||`."""
        item = frame.node
        assert isinstance(item, AndOr)
        ran, last = frame.part, len(item.pipelines) - 1
        for i in range(frame.part, min(last, frame.part + _FURTHEST)):
            if (item.operators[i] == "||") != self.failed:
                continue
            ran, pipeline = i + 1, item.pipelines[i + 1]
            found = self.script.outcomes.pipeline(pipeline)
            self.held |= self.script.amends.set_in(pipeline.start, pipeline.end)
            if found.leaves:
                return self._leave(found, frame, f"`{item.operators[i]} {excerpt(self._text(pipeline), 40)}` follows")
            self._take(found, f"`{item.operators[i]} {excerpt(self._text(pipeline), 40)}` follows", pipeline)
            self.fatal = not pipeline.negated
        self.fatal = self.fatal and ran == last
        return self._background(frame) if item.background else frame.up

    def _take(self, found: Outcome, reason: str, pipeline: Pipeline) -> None:
        """The status becomes that of a command that ran behind it."""
        if found.kind == "bad" or (self.failed and found.kind == "maybe" and "$?" in self._text(pipeline)):
            self.failed = True
        else:
            self._pass(reason)

    def _background(self, frame: Frame) -> Frame | None:
        self.options = frame.options
        if self.failed:
            self.held.clear()
            self._pass(BACKGROUND)
        return frame.up

    def list(self, frame: Frame) -> Frame | None:
        """Out of one item of a list: by `-e`, or by way of what follows."""
        items = frame.node
        assert isinstance(items, tuple)
        if self.failed and self.fatal and self.options.errexit and not frame.ignored:
            return self._end(True, frame)
        following = frame.part + 1
        if following < len(items):
            self._keep(items[following])
        else:
            self.held.discard(PIPE)
        if self._amended():
            return None
        if following >= len(items):
            return frame.up
        rest = self.script.outcomes.rest(items, following)
        then = f"the script goes on to `{excerpt(self._text(items[following]), 40)}`"
        why = f"{'`-e` is ignored here' if self.options.errexit else 'the shell runs without `-e`'}, and {then}"
        if rest.leaves:
            return self._leave(rest, frame, why)
        if rest.kind == "bad":
            self.failed, self.fatal = True, True
        else:
            self._pass(why)
        return frame.up

    def _keep(self, item: AndOr) -> None:
        """What the next command makes of `$?` and `${PIPESTATUS[…]}`."""
        text = self._text(_first(item))
        asked = re.search(r"PIPESTATUS\[(\d*)", text)
        if (self.failed and "$?" in text) or (self.held & {PIPE} and asked and asked[1] in ("", str(self.part))):
            self.held |= self.script.amends.set_in(item.start, item.end)
            if self.script.amends.asks(item.start, item.end):
                self.failed = self.over = True
        else:
            self.held.discard(PIPE)

    def _amended(self) -> bool:
        """Whether the script fails later on because of it."""
        if self.held and self.script.amends.made(self.held, self.at):
            self.failed = self.over = True
        return self.over

    def condition(self, frame: Frame) -> Frame | None:
        """Out of the condition of an `if`: into one of its branches."""
        node = frame.node
        assert isinstance(node, If)
        if self.failed:
            found = self.script.outcomes.alternatives(node, frame.part + 1)
            taken = node.otherwise if frame.part + 1 == len(node.branches) else ()
        else:
            taken = node.branches[frame.part][1]
            found = self.script.outcomes.rest(taken, 0)
        if taken:
            self.held |= self.script.amends.set_in(taken[0].start, taken[-1].end)
        if found.leaves:
            return self._leave(found, frame, "`if` tests it")
        self.failed = found.kind == "bad"
        self.fatal = False
        self.reason = self.reason or "`if` tests it and no branch fails because of it"
        return frame.up

    def looping(self, frame: Frame) -> Frame | None:
        """Out of the condition of `while` and `until`: as long as it fails, `until` goes on for ever."""
        node = frame.node
        assert isinstance(node, Loop)
        if self.failed == (node.kind == "until"):
            found = self.script.outcomes.rest(node.body, 0)
            if found.kind in ("exit", "return"):
                return self._leave(found, frame, f"`{node.kind}` tests it")
            # Without a way out, or with one that fails, the step never succeeds while the command fails.
            if "break" not in self.script.text[node.start : node.end]:
                self.failed = self.over = True
                return None
        self._pass(f"`{node.kind}` tests it")
        return frame.up

    def branch(self, frame: Frame) -> Frame | None:
        """Out of a branch, arm, group or loop: its status, on which `-e` does not act (it would have, inside)."""
        self.fatal = self.fatal and isinstance(frame.node, Group)
        return self._out(frame)

    def subshell(self, frame: Frame) -> Frame | None:
        """Out of a shell of its own, or a function: it failed as any command does."""
        self.options, self.fatal = frame.options, True
        return self._out(frame)

    def call(self, frame: Frame) -> Frame | None:
        """Out of a function to where it is called, or out of `eval`."""
        self.fatal = True
        return self._out(frame)

    def substitution(self, frame: Frame) -> Frame | None:
        """Out of `$( )`: its status counts for an assignment (Bash manual 3.7.1), elsewhere it is lost."""
        node = frame.node
        assert isinstance(node, Simple)
        self.options, self.fatal = frame.options, True
        if node.words and self.failed:
            self._pass(f"its status is lost within the arguments of `{excerpt(node.words[0].text(), 30)}`")
        return self._out(frame)

    def _out(self, frame: Frame) -> Frame | None:
        """Out of a script within a script: offsets are now those of the outer one."""
        if frame.outside is not None:
            self.script, self.at = frame.outside, int(getattr(frame.node, "start", 0))
            self.held.clear()
        return frame.up

    def _leave(self, found: Outcome, frame: Frame, reason: str) -> Frame | None:
        """By `exit`, `return` or `break`."""
        if found.kind == "break":
            self._pass(reason)
            while frame.up is not None and frame.kind not in ("loop", *_SHELLS):
                frame = frame.up
            return frame
        names = set(found.what.split())
        failed = self.failed if found.what == "last" else found.what == "1" or bool(names & self.held)
        if not failed:
            self._pass(reason)
        return self._end(failed, frame, found.kind == "return")

    def _end(self, failed: bool, frame: Frame, returns: bool = False) -> Frame | None:
        """The shell that a frame belongs to ends, or the function."""
        self.failed, self.fatal = failed, True
        while frame.up is not None:
            frame = frame.up
            background = isinstance(frame.node, AndOr) and frame.node.background
            if background:
                return self._background(frame)
            piped = isinstance(frame.node, Pipeline) and len(frame.node.commands) > 1
            if piped or frame.kind in _SHELLS or (returns and frame.kind == "call"):
                return frame
            self._out(frame)
        self.over = True
        return None

    def _pass(self, reason: str) -> None:
        self.failed = False
        self.reason = self.reason or reason

    def _text(self, node: Pipeline | AndOr | object) -> str:
        start, end = int(getattr(node, "start", 0)), int(getattr(node, "end", 0))
        return self.script.text[start : min(end, start + 240)]


def _first(item: AndOr) -> object:
    """What runs first in an item, as far as it can look at `$?`: a simple command, or the condition of an `if`."""
    node = item.pipelines[0].commands[0]
    if isinstance(node, If):
        return _first(node.branches[0][0][0]) if node.branches[0][0] else node
    if isinstance(node, Simple) and len(item.pipelines[0].commands) == 1:
        return item if (node.words and node.words[0].text() in TESTS) or item.operators[:1] == ("||",) else node
    return node.word if isinstance(node, Case) else None


_SHELLS = ("subshell", "substitution", "shell")

_RISES = {
    "pipe": _Climb.pipe,
    "and-or": _Climb.and_or,
    "list": _Climb.list,
    "condition": _Climb.condition,
    "while": _Climb.looping,
    "branch": _Climb.branch,
    "loop": _Climb.branch,
    "group": _Climb.branch,
    "subshell": _Climb.subshell,
    "shell": _Climb.subshell,
    "call": _Climb.call,
    "eval": _Climb.call,
    "substitution": _Climb.substitution,
}
