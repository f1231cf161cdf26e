"""Regular expressions in RE2's syntax (github.com/google/re2/wiki/Syntax), parsed into a tree.

What RE2 has not (look-around, back-references, possessive repetition) is refused, as Terraform does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from guardrail.hcl.functions import pattern_sets
from guardrail.hcl.functions.limits import Open
from guardrail.hcl.functions.pattern_sets import Ranges
from guardrail.hcl.values import EvaluationError

MOST_NESTED = 50
MOST_REPEATED = 1000
"""The count above which RE2 refuses `x{count}`."""


class Set(NamedTuple):
    """One character of some ranges."""

    ranges: Ranges


class Assert(NamedTuple):
    """A place: `A` and `z` are the ends of the text, `^` and `$` those of a line, `b` and `B` about words."""

    kind: str


class Sequence(NamedTuple):
    """One after the other."""

    nodes: tuple[Node, ...]


class Choice(NamedTuple):
    """One of several, the first that leads to a match."""

    nodes: tuple[Node, ...]


class Repeat(NamedTuple):
    """From `least` to `most` times, any number where `most` is None; as many as possible where it is greedy."""

    node: Node
    least: int
    most: int | None
    greedy: bool


class Group(NamedTuple):
    """What is captured under a number."""

    number: int
    node: Node


Node: TypeAlias = Set | Assert | Sequence | Choice | Repeat | Group


class Parsed(NamedTuple):
    """A pattern: its tree, how many groups it has, and those that have a name; a name may stand twice."""

    tree: Node
    groups: int
    names: tuple[tuple[str, int], ...]


class _Flags(NamedTuple):
    fold: bool = False
    lines: bool = False
    all: bool = False
    lazy: bool = False


def parse(source: str) -> Parsed:
    """The tree of a pattern; EvaluationError where RE2 would refuse it."""
    parser = _Parser(source)
    tree = parser.choice(0)
    if parser.at < len(source):
        raise EvaluationError("the pattern has an unexpected )")
    return Parsed(tree, parser.groups, tuple(parser.names))


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.groups = 0
        self.names: list[tuple[str, int]] = []
        self.flags = _Flags()

    def choice(self, level: int) -> Node:
        """Alternatives up to a closing parenthesis or the end; flags set within end with them."""
        if level > MOST_NESTED:
            raise Open("a pattern nested too deep")
        before = self.flags
        found: list[Node] = [self.sequence(level)]
        while self.take("|"):
            found.append(self.sequence(level))
        self.flags = before
        return found[0] if len(found) == 1 else Choice(tuple(found))

    def sequence(self, level: int) -> Node:
        found: list[Node] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            found += self.atom(level)
            # After flags a repetition is one of what stands before them, as in Go.
            bounds = self.bounds()
            if bounds is not None and not found:
                raise EvaluationError("the pattern has nothing before a repetition")
            if bounds is not None:
                found[-1] = self.repeated(found[-1], bounds)
        return found[0] if len(found) == 1 else Sequence(tuple(found))

    def atom(self, level: int) -> Iterator[Node]:
        """What stands at this place, nothing for a setting of flags, several for a quotation."""
        c = self.source[self.at]
        self.at += 1
        if c == "(":
            yield from self.group(level)
        elif c == "[":
            ranges, self.at = pattern_sets.bracketed(self.source, self.at, self.flags.fold)
            yield Set(ranges)
        elif c == "\\":
            yield from self.escape()
        elif c in "*+?":
            raise EvaluationError(f"the pattern has nothing before {c}")
        elif c == ".":
            yield Set(pattern_sets.ANY if self.flags.all else pattern_sets.NO_NEWLINE)
        elif c == "^":
            yield Assert("^" if self.flags.lines else "A")
        elif c == "$":
            yield Assert("$" if self.flags.lines else "z")
        else:
            yield self.literal(c)

    def literal(self, c: str) -> Set:
        ranges: Ranges = ((ord(c), ord(c)),)
        return Set(pattern_sets.folded(ranges) if self.flags.fold else ranges)

    def escape(self) -> Iterator[Node]:
        c = self.source[self.at : self.at + 1]
        if c in ("A", "z", "b", "B") and c:
            self.at += 1
            yield Assert(c)
        elif c == "Q":
            end = self.source.find("\\E", self.at)
            quoted = self.source[self.at + 1 : end if end >= 0 else None]
            self.at = end + 2 if end >= 0 else len(self.source)
            yield from (self.literal(q) for q in quoted)
        else:
            ranges, self.at = pattern_sets.escaped(self.source, self.at, self.flags.fold)
            yield Set(ranges)

    def group(self, level: int) -> Iterator[Node]:
        if not self.take("?"):
            yield self.captured(level)
        elif self.source.startswith(("P<", "<"), self.at) and not self.source.startswith(("<=", "<!"), self.at):
            self.at = self.source.index("<", self.at) + 1
            end = self.source.find(">", self.at)
            name = self.source[self.at : max(end, self.at)]
            if not (name.isascii() and name.replace("_", "a").isalnum()):
                raise EvaluationError("the pattern has a group whose name is wrong")
            self.at = end + 1
            self.names.append((name, self.groups + 1))
            yield self.captured(level)
        else:
            yield from self.flagged(level)

    def captured(self, level: int) -> Node:
        self.groups += 1
        number = self.groups
        return Group(number, self.closed(level))

    def closed(self, level: int) -> Node:
        node = self.choice(level + 1)
        if not self.take(")"):
            raise EvaluationError("the pattern has a ( that is not closed")
        return node

    def flagged(self, level: int) -> Iterator[Node]:
        """`(?flags)`, which holds to the end of the group around it, or `(?flags:...)`."""
        before, value = self.flags, True
        while self.at < len(self.source):
            c = self.source[self.at]
            self.at += 1
            if c == ")":
                return
            if c == ":":
                node = self.closed(level)
                self.flags = before
                yield node
                return
            if c == "-" and value:
                value = False
            elif c in _FLAGS:
                self.flags = self.flags._replace(**{_FLAGS[c]: value})
            else:
                break
        raise EvaluationError("the pattern has a group of a kind that RE2 has not")

    def repeated(self, node: Node, bounds: tuple[int, int | None]) -> Node:
        lazy = self.take("?")
        if self.bounds() is not None:
            raise EvaluationError("the pattern repeats a repetition")
        found = Repeat(node, *bounds, greedy=lazy is self.flags.lazy)
        if not _fits(found, MOST_REPEATED):
            raise EvaluationError("the pattern has counts that RE2 refuses")
        return found

    def bounds(self) -> tuple[int, int | None] | None:
        """The repetition that stands here: least and most."""
        c = self.source[self.at : self.at + 1]
        if c in _REPEATS and c:
            self.at += 1
            return _REPEATS[c]
        found = pattern_sets.COUNTS.match(self.source, self.at) if c == "{" else None
        if found is None:
            return None  # a brace that is no count stands for itself
        self.at = found.end()
        least = int(found[1])
        most = None if found[2] and not found[3] else int(found[3] or least)
        if max(least, most or 0) > MOST_REPEATED or (most is not None and most < least):
            raise EvaluationError("the pattern has a count that RE2 refuses")
        return least, most

    def take(self, c: str) -> bool:
        if self.source.startswith(c, self.at):
            self.at += 1
            return True
        return False


def _fits(node: Node, most: int) -> bool:
    """Whether counts within one another multiply to no more than RE2 allows."""
    if isinstance(node, Repeat):
        count = node.least if node.most is None else node.most
        if node.most == 0:
            return True
        return count <= most and _fits(node.node, most // count if count else most)
    if isinstance(node, Group):
        return _fits(node.node, most)
    return not isinstance(node, Sequence | Choice) or all(_fits(n, most) for n in node.nodes)


_FLAGS = {"i": "fold", "m": "lines", "s": "all", "U": "lazy"}
_REPEATS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
