"""RE2 syntax: checked, bounded, and translated to Python's (github.com/google/re2/wiki/Syntax)."""

from __future__ import annotations

import re
from typing import NamedTuple

from guardrail.cel.pattern_atoms import Atoms, PatternError

MAX_PATTERN = 5_000
MAX_REPEAT = 1_000
_MAX_DEPTH = 60
_REPEAT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_GROUP_NAME = re.compile(r"P?<([A-Za-z_]\w*)>", re.ASCII)
_FLAGS = re.compile(r"([imsU]*)(?:-([imsU]+))?([:)])")


class Cost(NamedTuple):
    """At most `factor * n ** power` ways to match a text of length n; `fixed`: just one way."""

    power: int
    factor: float
    fixed: bool


_ONE = Cost(0, 1.0, True)
_ENDLESS = 99


class Parsed(NamedTuple):
    """A checked pattern: Python's form of it, its groups, and its cost."""

    source: str
    python: str
    groups: int
    cost: Cost
    anchored: bool
    only_regex: bool

    def steps(self, length: int) -> float:
        """A bound on the steps of a search through a text of this length."""
        power = self.cost.power + (0 if self.anchored else 1)
        if power > 8:
            return float("inf")
        return self.cost.factor * float(max(length, 1)) ** power


def parse_pattern(source: str) -> Parsed:
    """The checked pattern; PatternError for what RE2 would refuse."""
    if len(source) > MAX_PATTERN:
        raise PatternError(f"regular expression is longer than {MAX_PATTERN:,} characters")
    parser = _Parser(source)
    python, cost = parser.alternatives(0)
    if parser.at < len(source):
        raise PatternError(f"invalid regular expression: unexpected ')' in {source[:80]!r}")
    anchored = source.startswith(("^", "\\A")) and not parser.branches and not parser.multiline
    return Parsed(source, python, parser.groups, cost, anchored, parser.only_regex)


class _Parser(Atoms):
    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.groups = 0
        self.names: set[str] = set()
        self.branches = False
        self.multiline = False
        self.flags = ""

    def alternatives(self, depth: int) -> tuple[str, Cost]:
        if depth > _MAX_DEPTH:
            raise self.error("nested too deeply")
        flags = self.flags
        parts: list[str] = []
        power, factor, fixed = 0, 0.0, True
        while True:
            text, cost = self.sequence(depth, flags)
            parts.append(text)
            power, factor = max(power, cost.power), factor + cost.factor
            fixed = fixed and cost.fixed
            if self.source[self.at : self.at + 1] != "|":
                break
            self.at += 1
            self.branches = self.branches or depth == 0
        self.flags = flags
        return "|".join(parts), Cost(power, factor, fixed and len(parts) == 1)

    def sequence(self, depth: int, outer: str) -> tuple[str, Cost]:
        parts: list[str] = []
        power, factor, fixed = 0, 1.0, True
        opened = 0
        if self.flags != outer:  # set by an earlier branch: (?i)a|b
            parts.append(_switch(outer, self.flags))
            opened += 1
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            flags = self.flags
            text, cost = self.atom(depth)
            if self.flags != flags and not text:
                parts.append(_switch(flags, self.flags))
                opened += 1
                continue
            text, cost = self.repeat(text, cost)
            parts.append(text)
            power, factor = power + cost.power, min(factor * cost.factor, 1e30)
            fixed = fixed and cost.fixed
        return "".join(parts) + ")" * opened, Cost(power, factor, fixed)

    def repeat(self, text: str, cost: Cost) -> tuple[str, Cost]:
        low, high, mark = self.quantifier()
        if not mark:
            return text, cost
        if not text:
            raise self.error("missing argument to repetition operator")
        if self.source[self.at : self.at + 1] == "?":
            self.at += 1
            mark += "?"
        if self.at < len(self.source) and (self.source[self.at] in "*+?" or self.quantifier()[2]):
            raise self.error("bad repetition operator")
        if high is None:
            bad = not cost.fixed or cost.power > 0
            return text + mark, Cost(_ENDLESS if bad else 1, cost.factor, False)
        choices = high - low + 1
        copies = max(high, 1)
        if cost.fixed:
            return text + mark, Cost(0, float(choices), choices == 1)
        if copies * cost.power > _ENDLESS or copies > 64:
            return text + mark, Cost(_ENDLESS, cost.factor, False)
        factor = min(choices * cost.factor**copies, 1e30)
        return text + mark, Cost(cost.power * copies, factor, False)

    def quantifier(self) -> tuple[int, int | None, str]:
        """Lowest and highest count and the text of a quantifier here, if there is one."""
        mark = self.source[self.at : self.at + 1]
        if mark and mark in "*+?":
            self.at += 1
            return (1 if mark == "+" else 0), (1 if mark == "?" else None), mark
        found = _REPEAT.match(self.source, self.at) if mark == "{" else None
        if found is None:
            return 1, 1, ""
        low = int(found.group(1)[:6])
        high = int(found.group(3)[:6]) if found.group(3) else None if found.group(2) else low
        if low > MAX_REPEAT or (high is not None and (high > MAX_REPEAT or high < low)):
            raise self.error("invalid repeat count")
        self.at = found.end()
        return low, high, found.group()

    def atom(self, depth: int) -> tuple[str, Cost]:
        char = self.source[self.at]
        if char == "(":
            return self.group(depth)
        if char == "[":
            return self.character_class(), _ONE
        if char == "\\":
            return self.escape(), _ONE
        if char in "*+?":
            raise self.error("missing argument to repetition operator")
        self.at += 1
        if char == "$":
            return ("$" if "m" in self.flags else r"\Z"), _ONE
        if char in "^.":
            return char, _ONE
        return re.escape(char), _ONE

    def group(self, depth: int) -> tuple[str, Cost]:
        self.at += 1
        opening = "("
        flags = self.flags
        if self.source.startswith("?", self.at):
            self.at += 1
            opening = self.group_opening()
            if not opening:
                return "", _ONE
        elif self.groups >= 90:
            raise self.error("too many groups")
        else:
            self.groups += 1
        text, cost = self.alternatives(depth + 1)
        if self.source[self.at : self.at + 1] != ")":
            raise self.error("missing closing ')'")
        self.at += 1
        self.flags = flags
        return f"{opening}{text})", cost

    def group_opening(self) -> str:
        rest = self.source[self.at : self.at + 3]
        if rest[:1] in ("=", "!") or rest[:2] in ("<=", "<!"):
            raise self.error("look-around is not offered (RE2 syntax)")
        if found := _GROUP_NAME.match(self.source, self.at):
            if found.group(1) in self.names:
                raise self.error(f"duplicate group name '{found.group(1)}'")
            self.names.add(found.group(1))
            self.at = found.end()
            self.groups += 1
            return f"(?P<{found.group(1)}>"
        found = _FLAGS.match(self.source, self.at)
        if found is None or (not found.group(1) and found.group(2) is None and rest[:1] != ":"):
            raise self.error(f"unknown group '(?{rest}'")
        on, off, end = found.group(1), found.group(2) or "", found.group(3)
        if "U" in on or "U" in off:
            raise self.error("the flag U is not offered")
        self.at = found.end()
        self.flags = "".join(sorted((set(self.flags) | set(on)) - set(off)))
        self.multiline = self.multiline or "m" in on
        if end == ")":
            return ""
        plus, minus = "".join(sorted(set(on) - set(off))), "".join(sorted(set(off)))
        return f"(?{plus}{'-' + minus if minus else ''}:"


def _switch(before: str, after: str) -> str:
    on, off = set(after) - set(before), set(before) - set(after)
    return f"(?{''.join(sorted(on))}{'-' if off else ''}{''.join(sorted(off))}:"
