"""From the tree of a script to its commands, in the order in which they run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.actions.shell import tree
from guardrail.actions.shell.amends import amends, functions
from guardrail.actions.shell.command import Command, excerpt
from guardrail.actions.shell.fate import Frame, Surroundings, fate
from guardrail.actions.shell.found import Found, awaited, placed, script_of
from guardrail.actions.shell.judged import judge
from guardrail.actions.shell.nesting import expressions
from guardrail.actions.shell.options import Options, directory_after, options_after
from guardrail.actions.shell.outcome import Outcomes
from guardrail.actions.shell.parser import parse
from guardrail.actions.shell.tree import AndOr, Case, Commands, Group, If, Loop, Node, Pipeline, Simple
from guardrail.actions.shell.wrappers import Unwrapped, unwrap

_MOST_COMMANDS = 4000
_DEEPEST = 6
"""How deep `$( )`, `bash -c` and functions are followed."""


class Spot(NamedTuple):
    """Where a walk is: the frame around it, under which conditions it is reached, whether `-e` is ignored."""

    frame: Frame | None
    guard: tuple[str, ...] = ()
    ignored: bool = False
    piped: bool = False
    depth: int = 0


def walk(text: str, options: Options, values: Mapping[str, str | None], spot: Spot) -> list[Found]:
    """The commands of a script; offsets are those of `text`."""
    holes = expressions(text)
    script = parse(text, 0, len(text), holes)
    walker = _Walker(text, script.body, options, dict(values))
    walker.documents = script.documents
    walker.items(script.body, spot)
    found = awaited(walker.found)
    if script.rest >= 0:
        rest = text[script.rest :]
        words = tuple(rest[:2000].split()[:1])
        opaque = f"it cannot be split into commands: {script.reason}"
        found.append(Found(Command(words, excerpt(rest, 200), 0, 0, opaque=opaque), script.rest, len(rest)))
    return found


class _Walker:
    """`found` fills as the tree is walked; `options` and `values` change as `set` and assignments are met."""

    def __init__(self, text: str, body: Commands, options: Options, values: dict[str, str | None]) -> None:
        outcomes = Outcomes(functions(body))
        self.text = text
        self.script = Surroundings(text, outcomes, amends(body, text, outcomes, options))
        self.options, self.values = options, values
        self.found: list[Found] = []
        self.documents: Mapping[int, tuple[int, int]] = {}
        self.trap = ""
        self._calls: list[str] = []

    def items(self, items: Commands, spot: Spot, kind: str = "list") -> None:
        """The items of a list, one after the other; a conditional `exit 0` is a condition of what follows it."""
        for i, item in enumerate(items):
            frame = Frame(kind, items, i, spot.frame, self.options, spot.ignored)
            self._and_or(item, Spot(frame, spot.guard, spot.ignored, spot.piped, spot.depth))
            if condition := self._leaving(item):
                spot = spot._replace(guard=(*spot.guard, f"unless {condition}"))

    def _leaving(self, item: AndOr) -> str:
        """The condition under which an item ends the script well and so keeps the rest from running."""
        outcomes, node = self.script.outcomes, item.pipelines[0].commands[0]
        if isinstance(node, If) and not item.operators:
            for condition, body in node.branches:
                found = outcomes.rest(body, 0)
                if found.kind in ("exit", "return") and found.what == "0":
                    return self._span(condition)
        if len(item.operators) == 1 and item.operators[0] == "&&":
            found = outcomes.pipeline(item.pipelines[1])
            if outcomes.pipeline(item.pipelines[0]).kind == "maybe" and found.kind == "exit" and found.what == "0":
                return f"`{excerpt(self.text[item.pipelines[0].start : item.pipelines[0].end])}`"
        return ""

    def _span(self, items: Commands) -> str:
        return f"`{excerpt(self.text[items[0].start : items[-1].end])}`" if items else ""

    def _and_or(self, item: AndOr, spot: Spot) -> None:
        last, guard = len(item.pipelines) - 1, spot.guard
        for i, pipeline in enumerate(item.pipelines):
            if i and item.operators[i - 1] == "||":
                before = item.pipelines[i - 1]
                guard = (*spot.guard, f"`{excerpt(self.text[before.start : before.end])}` failed")
            elif i and self.script.outcomes.pipeline(item.pipelines[i - 1]).kind == "maybe":
                before = item.pipelines[i - 1]
                guard = (*spot.guard, f"`{excerpt(self.text[before.start : before.end])}`")
            frame = Frame("and-or", item, i, spot.frame, self.options, spot.ignored)
            self._pipeline(pipeline, Spot(frame, guard[-6:], spot.ignored or i < last, spot.piped, spot.depth))

    def _pipeline(self, pipeline: Pipeline, spot: Spot) -> None:
        last, ignored = len(pipeline.commands) - 1, spot.ignored or pipeline.negated
        for i, node in enumerate(pipeline.commands):
            frame = Frame("pipe", pipeline, i, spot.frame, self.options, ignored)
            saved = self.options
            self._node(node, Spot(frame, spot.guard, ignored, spot.piped or i < last, spot.depth))
            self.options = saved if last else self.options

    def _node(self, node: Node, spot: Spot) -> None:
        if len(self.found) > _MOST_COMMANDS:
            return
        if isinstance(node, Simple):
            self._simple(node, spot)
        elif isinstance(node, Group):
            saved = self.options
            self._inner(node.body, spot, Frame("subshell" if node.subshell else "group", node, 0, *self._up(spot)))
            self.options = saved if node.subshell else self.options
        elif isinstance(node, If):
            self._if(node, spot)
        elif isinstance(node, Loop):
            self._loop(node, spot)
        elif isinstance(node, Case):
            for i, (pattern, body) in enumerate(node.arms):
                arm = f"case {excerpt(node.word.text(), 30)} in {excerpt(pattern, 30)}"
                self._inner(body, self._guarded(spot, arm), Frame("branch", node, i, *self._up(spot)))

    def _up(self, spot: Spot) -> tuple[Frame | None, Options, bool]:
        return spot.frame, self.options, spot.ignored

    def _inner(self, items: Commands, spot: Spot, frame: Frame, ignored: bool = False) -> None:
        self.items(items, spot._replace(frame=frame, ignored=spot.ignored or ignored))

    def _guarded(self, spot: Spot, condition: str) -> Spot:
        return spot._replace(guard=(*spot.guard, condition)[-6:])

    def _if(self, node: If, spot: Spot) -> None:
        before = dict(self.values)
        denied: list[str] = []
        for i, (condition, body) in enumerate(node.branches):
            self._inner(condition, spot, Frame("condition", node, i, *self._up(spot)), ignored=True)
            guard = f"if {self._span(condition)}"
            self._inner(body, self._guarded(spot, guard), Frame("branch", node, i, *self._up(spot)))
            denied.append(self._span(condition))
        if node.otherwise is not None:
            guard = f"unless {' or '.join(denied[:3])}"
            self._inner(node.otherwise, self._guarded(spot, guard), Frame("branch", node, -1, *self._up(spot)))
        self._forget(before)

    def _forget(self, before: dict[str, str | None]) -> None:
        """Variables that only some ways through the script have set are not known behind it."""
        for name, value in self.values.items():
            if before.get(name) != value:
                self.values[name] = None

    def _loop(self, node: Loop, spot: Spot) -> None:
        before = dict(self.values)
        if node.variable:
            words = [field for word in node.words for field in word.fields(self.values)]
            self.values[node.variable] = words[0] if len(words) == 1 else None
        if node.condition:
            self._inner(node.condition, spot, Frame("while", node, 0, *self._up(spot)), ignored=True)
        self._inner(node.body, spot, Frame("loop", node, 0, *self._up(spot)))
        self._forget(before)

    def _simple(self, node: Simple, spot: Spot) -> None:
        for word in (*node.assignments, *node.words, *(redirect.target for redirect in node.redirects)):
            for piece in word.pieces:
                if piece.kind in (tree.COMMANDS, tree.FILES):
                    self._substituted(piece, node, spot)
        self._set(node)
        words = [field for word in node.words for field in word.fields(self.values)]
        if not words and not node.redirects:
            return
        unwrapped = unwrap(words)
        base = Command(
            (),
            excerpt(self.text[node.start : node.end], 300),
            0,
            0,
            masked=self._masked(node, spot),
            piped=spot.piped,
            judged=judge(spot.frame, self.script),
            guard=" and ".join(spot.guard),
            wrappers=unwrapped.wrappers,
            assigned=self._assigned(node, unwrapped),
            document=self._document(node),
            directory=self.options.directory,
            output=next((r.target.text(self.values) for r in node.redirects if r.operator in (">", ">>", ">|")), ""),
        )
        for outer in unwrapped.outer:
            self._add(base._replace(words=outer), node)
        script, shell = script_of(words, unwrapped, base.document)
        if script:
            self._script(script, shell, node, spot)
        elif unwrapped.words or not unwrapped.outer:
            self._run(base._replace(words=tuple(unwrapped.words)), node, spot)

    def _run(self, command: Command, node: Simple, spot: Spot) -> None:
        head = command.head
        if head in self.script.outcomes.functions and head not in self._calls and len(self._calls) < _DEEPEST:
            self._call(head, node, spot)
            return
        self._add(command, node)
        if head == "set":
            self.options = options_after(self.options, command.words[1:])
        elif head in ("cd", "pushd", "popd"):
            self.options = self.options._replace(directory=directory_after(self.options.directory, command.words))
        elif head == "eval" and len(command.words) > 1:
            self._script(" ".join(command.words[1:]), "eval", node, spot)
        elif head == "trap":
            self._trap(command, node, spot)

    def _add(self, command: Command, node: Simple) -> None:
        self.found.append(Found(command, node.start, node.end - node.start))

    def _masked(self, node: Simple, spot: Spot) -> str:
        return fate(spot.frame, node.start, self.options, self.script) or self.trap

    def _assigned(self, node: Simple, unwrapped: Unwrapped) -> dict[str, str]:
        texts = [word.text(self.values) for word in node.assignments] if node.words else []
        return {name.rstrip("+"): value for name, _, value in (t.partition("=") for t in (*texts, *unwrapped.assigned))}

    def _document(self, node: Simple) -> str:
        spans = [self.documents[r.start] for r in node.redirects if r.start in self.documents]
        strings = [r.target.text(self.values) for r in node.redirects if r.operator == "<<<"]
        return "\n".join([*(self.text[start : min(end, start + 20000)] for start, end in spans), *strings])

    def _set(self, node: Simple) -> None:
        """Remember what variables are set to, as far as it is literal."""
        head = node.words[0].literal() if node.words else ""
        if node.words and head not in ("export", "readonly", "declare", "local", "typeset"):
            return
        for word in (*node.assignments, *node.words[1:]):
            name, equals, value = word.text(self.values).partition("=")
            if equals:
                self.values[name.rstrip("+")] = None if "$" in value or "`" in value or "+" in name else value

    def _call(self, name: str, node: Simple, spot: Spot) -> None:
        """The body of a function, at the place of its call."""
        walked = len(self.found)
        self._calls.append(name)
        self._inner(self.script.outcomes.functions[name].body, spot, Frame("call", node, 0, *self._up(spot)))
        self._calls.pop()
        length = node.end - node.start
        self.found[walked:] = placed(self.found[walked:], node.start, length)

    def _substituted(self, piece: tree.Piece, node: Simple, spot: Spot) -> None:
        """The commands within `$( )`; bash runs them without `-e` (Bash manual 3.7.3)."""
        if spot.depth >= _DEEPEST or not piece.text.strip():
            return
        frame = Frame("substitution", node, 0, *self._up(spot), self.script)
        inner = walk(
            piece.text,
            Options(False, self.options.pipefail, self.options.directory),
            self.values,
            Spot(frame, spot.guard, spot.ignored, True, spot.depth + 1),
        )
        self.found += [one._replace(at=piece.start + one.at) for one in inner]

    def _script(self, text: str, shell: str, node: Simple, spot: Spot) -> None:
        """The commands of `bash -c '…'`, `ssh host '…'` and `eval '…'`."""
        if spot.depth >= _DEEPEST:
            return
        options = self.options
        if shell != "eval":
            options = options_after(Options(False, False, options.directory), shell.split()[1:])
        frame = Frame("eval" if shell == "eval" else "shell", node, 0, *self._up(spot), self.script)
        ignored = spot.ignored and shell == "eval"
        inner = walk(text, options, self.values, Spot(frame, spot.guard, ignored, spot.piped, spot.depth + 1))
        if shell.startswith("ssh"):
            inner = [o._replace(command=o.command._replace(wrappers=(shell, *o.command.wrappers))) for o in inner]
        self.found += placed(inner, node.start, node.end - node.start)

    def _trap(self, command: Command, node: Simple, spot: Spot) -> None:
        """`trap 'commands' EXIT ERR`: run at the end or upon failure; an `exit 0` in it hides every failure."""
        if len(command.words) < 3 or command.words[1] in ("-", "", "-p", "-l") or spot.depth >= _DEEPEST:
            self.trap = "" if len(command.words) > 2 and command.words[1] == "-" else self.trap
            return
        when = [word for word in command.words[2:] if word in ("EXIT", "ERR", "0")]
        guard = "the script ends" if "EXIT" in when or "0" in when else "a command fails"
        inner = walk(command.words[1], Options(False, False), self.values, Spot(None, (guard,), False, False, 6))
        self.found += placed(inner, node.start, node.end - node.start)
        if when and any(one.command.words in (("exit", "0"), ("exit",)) for one in inner[-1:]):
            hides = inner[-1].command.words == ("exit", "0")
            self.trap = f"`{excerpt(command.text, 40)}` ends the script well" if hides else self.trap
