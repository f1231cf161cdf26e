"""Patterns run without going back (Pike's machine): every character is read once, for all ways to match side by side.

The match is the one RE2 gives: the leftmost, and of those the first that the pattern prefers.
"""

from __future__ import annotations

from typing import NamedTuple

from guardrail.hcl.functions.limits import Open
from guardrail.hcl.functions.pattern_parser import Assert, Choice, Group, Node, Parsed, Repeat, Set
from guardrail.hcl.functions.pattern_sets import Ranges

MOST_STEPS = 200_000
"""Steps of one search: about half a second."""

MOST_INSTRUCTIONS = 10_000

Captures = tuple[int, ...]


class Instruction(NamedTuple):
    """`set`: one character, then `then`. `split`: `then` is preferred to `other`. `save`: the place is kept under
    `number`. `assert`: `kind` must hold. `match`: the end."""

    op: str
    then: int = -1
    other: int = -1
    ranges: Ranges = ()
    number: int = 0
    kind: str = ""


class Program(NamedTuple):
    """Instructions; the first is at `start`."""

    instructions: list[Instruction]
    start: int
    slots: int


def compiled(parsed: Parsed) -> Program:
    """The program of a pattern, written from its end to its beginning."""
    made: list[Instruction] = [Instruction("match")]
    end = _add(made, Instruction("save", 0, number=1))
    body = _node(made, parsed.tree, end)
    start = _add(made, Instruction("save", body, number=0))
    return Program(made, start, 2 * parsed.groups + 2)


def _add(made: list[Instruction], instruction: Instruction) -> int:
    if len(made) >= MOST_INSTRUCTIONS:
        raise Open("a pattern too large to be run")
    made.append(instruction)
    return len(made) - 1


def _node(made: list[Instruction], node: Node, then: int) -> int:
    """Where a node begins that goes on at `then`."""
    if isinstance(node, Set):
        return _add(made, Instruction("set", then, ranges=node.ranges))
    if isinstance(node, Assert):
        return _add(made, Instruction("assert", then, kind=node.kind))
    if isinstance(node, Group):
        close = _add(made, Instruction("save", then, number=2 * node.number + 1))
        return _add(made, Instruction("save", _node(made, node.node, close), number=2 * node.number))
    if isinstance(node, Repeat):
        return _repeat(made, node, then)
    if isinstance(node, Choice):
        start = _node(made, node.nodes[-1], then)
        for each in reversed(node.nodes[:-1]):
            start = _add(made, Instruction("split", _node(made, each, then), start))
        return start
    for each in reversed(node.nodes):
        then = _node(made, each, then)
    return then


def _split(made: list[Instruction], again: int, done: int, greedy: bool) -> Instruction:
    return Instruction("split", again, done) if greedy else Instruction("split", done, again)


def _repeat(made: list[Instruction], node: Repeat, then: int) -> int:
    if node.most is None:
        if not node.least and nullable(node.node):
            # Go takes `x*` for `(?:x+)?` here, so that groups within capture the empty text.
            node = Repeat(Repeat(node.node, 1, None, node.greedy), 0, 1, node.greedy)
            return _repeat(made, node, then)
        loop = _add(made, Instruction("split"))
        body = _node(made, node.node, loop)
        made[loop] = _split(made, body, then, node.greedy)
        # `x+` begins with an x, whose end is the loop; `x{2,}` with two.
        then = body if node.least else loop
        for _ in range(node.least - 1):
            then = _node(made, node.node, then)
        return then
    done = then
    for _ in range(node.most - node.least):
        body = _node(made, node.node, then)
        then = _add(made, _split(made, body, done, node.greedy))
    for _ in range(node.least):
        then = _node(made, node.node, then)
    return then


def nullable(node: Node) -> bool:
    """Whether a node can match nothing."""
    if isinstance(node, Set):
        return False
    if isinstance(node, Repeat):
        return node.least == 0 or nullable(node.node)
    if isinstance(node, Group):
        return nullable(node.node)
    if isinstance(node, Choice):
        return any(nullable(each) for each in node.nodes)
    return isinstance(node, Assert) or all(nullable(each) for each in node.nodes)


class Machine:
    """One search of a text; threads are instructions with what they have captured, in order of preference."""

    def __init__(self, program: Program, text: str) -> None:
        self.program = program
        self.text = text
        self.steps = 0

    def search(self, start: int) -> Captures | None:
        """The first match at or after a place: where it and its groups begin and end, -1 for groups without."""
        threads: list[tuple[int, Captures]] = []
        found: Captures | None = None
        instructions, text = self.program.instructions, self.text
        nothing: Captures = (-1,) * self.program.slots
        for place in range(start, len(text) + 1):
            if found is None:
                seen = {number for number, _ in threads}
                self.follow(threads, seen, self.program.start, place, nothing)
            if not threads:
                if found is not None:
                    break
                continue
            code = ord(text[place]) if place < len(text) else -1
            following: list[tuple[int, Captures]] = []
            seen = set()
            self.steps += len(threads)
            for number, captures in threads:
                instruction = instructions[number]
                if instruction.op == "match":
                    found = captures
                    break  # those that follow are less preferred
                if code >= 0 and any(low <= code <= high for low, high in instruction.ranges):
                    self.follow(following, seen, instruction.then, place + 1, captures)
            threads = following
        return found

    def follow(
        self, threads: list[tuple[int, Captures]], seen: set[int], number: int, place: int, captures: Captures
    ) -> None:
        """Adds the threads that an instruction leads to without reading."""
        waiting = [(number, captures)]
        while waiting:
            number, captures = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise Open("a pattern that takes too long")
            instruction = self.program.instructions[number]
            if instruction.op == "split":
                waiting.append((instruction.other, captures))
                waiting.append((instruction.then, captures))
            elif instruction.op == "save":
                slot = instruction.number
                waiting.append((instruction.then, (*captures[:slot], place, *captures[slot + 1 :])))
            elif instruction.op == "assert":
                if holds(instruction.kind, self.text, place):
                    waiting.append((instruction.then, captures))
            else:
                threads.append((number, captures))


def holds(kind: str, text: str, place: int) -> bool:
    """Whether an assertion holds at a place."""
    if kind == "A":
        return place == 0
    if kind == "z":
        return place == len(text)
    if kind == "^":
        return place == 0 or text[place - 1] == "\n"
    if kind == "$":
        return place == len(text) or text[place] == "\n"
    border = _word(text[place - 1 : place] if place else "") is not _word(text[place : place + 1])
    return border if kind == "b" else not border


def _word(c: str) -> bool:
    return c.isascii() and (c.isalnum() or c == "_") and bool(c)
