"""Statements of a PowerShell script: cut at line ends and semicolons, blocks apart from what they stand behind.

Only what is needed to find commands (about_Parsing, about_Quoting_Rules, about_Comments): strings, here-strings,
comments, backticks, brackets. What stands in round brackets is an expression and not looked into.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail.actions.shell.command import excerpt
from guardrail.actions.shell.nesting import expressions

_DEEPEST, _MOST = 200, 5000
"""How deep blocks may stand in one another, and how many statements are read."""
_NEXT = re.compile(r"[\n;{}()'\"#`|&@<]|\$[{(]")
_DOUBLE = re.compile(r'(?:[^"`$]|`.|\$(?!\{\{))*', re.DOTALL)
KEYWORD = re.compile(
    r"(?:if|elseif|else|foreach|for|while|do|until|switch|try|catch|finally|function|filter|param|begin|process|end|"
    r"class)\b",
    re.IGNORECASE,
)


class Statement(NamedTuple):
    """A pipeline: where each of its commands begins and ends and what joins it to the next; `guard` is the header of
    the block it stands in."""

    start: int
    parts: tuple[tuple[int, int, str], ...]
    guard: str


@dataclass(slots=True)
class _Open:
    """A block that is being read: its statement so far, and how many brackets are open within that."""

    guard: str
    start: int
    part: int
    brackets: int = 0
    parts: list[tuple[int, int, str]] = field(default_factory=list)


def statements(text: str) -> tuple[list[Statement], int]:
    """The statements of a script by where they begin, and from where on it cannot be read (-1: all could)."""
    reader = _Reader(text)
    rest = reader.read()
    return sorted(reader.found, key=lambda one: one.start), rest


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.holes = expressions(text)
        self.found: list[Statement] = []
        self.open = [_Open("", 0, 0)]

    def read(self) -> int:
        """Go through the text once."""
        at = 0
        while match := _NEXT.search(self.text, at):
            at = self._step(match.start(), match.group())
            if at < 0 or len(self.open) > _DEEPEST or len(self.found) > _MOST:
                return self.open[0].start
        if len(self.open) > 1 or self.open[0].brackets:
            return self.open[0].start
        self._finish(len(self.text), len(self.text))
        return -1

    def _step(self, here: int, char: str) -> int:
        """What one character means; the offset to go on from, -1 when what it begins is not closed."""
        block = self.open[-1]
        if here in self.holes:
            return self.holes[here]
        if char in ("(", "$(") or (char == "@" and self.text[here + 1 : here + 2] in ("(", "{")):
            block.brackets += 1
            return here + (1 if char == "(" else 2)
        if char == "{":
            return self._block(here, block)
        if char in (")", "}"):
            return self._close(here, char, block)
        if block.brackets == 0 and char in ("\n", ";"):
            if (
                char == ";"
                or not self.text[block.part : here].rstrip().endswith(("|", ","))
                or block.part < block.start
            ):
                return self._line(here, block)
        elif block.brackets == 0 and (char == "|" or self.text.startswith("&&", here)):
            width = 2 if self.text[here : here + 2] in ("||", "&&") else 1
            block.parts.append((block.part, here, self.text[here : here + width]))
            block.part = here + width
            return block.part
        return self._skip(here, char)

    def _line(self, here: int, block: _Open) -> int:
        """The end of a line ends the statement, unless a pipeline goes on."""
        if self.text[here] == "\n" and block.parts and not self.text[block.part : here].strip():
            return here + 1
        self._finish(here, here + 1)
        return here + 1

    def _block(self, here: int, block: _Open) -> int:
        if block.brackets:
            block.brackets += 1
            return here + 1
        header = self.text[block.start : here].strip(" \t\n}")
        guard = excerpt(header, 60) if KEYWORD.match(header) else block.guard
        self.open.append(_Open(guard, here + 1, here + 1))
        return here + 1

    def _close(self, here: int, char: str, block: _Open) -> int:
        if block.brackets:
            block.brackets -= 1
        elif char == "}" and len(self.open) > 1:
            self._finish(here, here)
            self.open.pop()
            outer = self.open[-1]
            if KEYWORD.match(self.text[outer.start : here].lstrip(" \t\n}")):
                outer.start = outer.part = here + 1
                outer.parts.clear()
        return here + 1

    def _finish(self, end: int, following: int) -> None:
        block = self.open[-1]
        if block.parts or self.text[block.part : end].strip():
            self.found.append(Statement(block.start, (*block.parts, (block.part, end, "")), block.guard))
        block.start = block.part = following
        block.parts = []

    def _skip(self, here: int, char: str) -> int:
        """Behind a string, a comment, an escape, or a character that means nothing here."""
        text = self.text
        if char == "@" and text[here + 1 : here + 2] in ("'", '"'):
            return _behind(text.find(f"\n{text[here + 1]}@", here), 3)
        if char in {"'", "${"}:
            return _behind(text.find("'" if char == "'" else "}", here + 1), 1)
        if char == '"':
            return self._string(here + 1)
        if char == "<" and text.startswith("<#", here):
            return _behind(text.find("#>", here), 2)
        if char == "#" and (here == 0 or text[here - 1] in " \t\n;{(|"):
            end = text.find("\n", here)
            return end if end >= 0 else len(text)
        return here + (2 if char == "`" else len(char))

    def _string(self, at: int) -> int:
        while match := _DOUBLE.match(self.text, at):
            at = match.end()
            if at not in self.holes:
                break
            at = self.holes[at]
        return at + 1 if self.text.startswith('"', at) else -1


def _behind(end: int, width: int) -> int:
    return end + width if end >= 0 else -1
