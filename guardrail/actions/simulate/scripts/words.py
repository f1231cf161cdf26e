"""Words of a shell script as values: what is known of them when the script runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from guardrail.actions.shell import tree
from guardrail.actions.shell.lexer import WORD, Lexer, Unsplittable
from guardrail.actions.shell.tree import Piece, Word

Known: TypeAlias = "str | list[str | None] | None"
"""The value of a variable: text, an array, or None where it is not known."""

_NAMED = re.compile(r"\$(?:(\w+)|\{(\w+)\})\Z")
_ALL = re.compile(r"\$\{(\w+)\[[@*]\]\}\Z")
_DEFAULT = re.compile(r"\$\{(\w+):?-([\w ./-]*)\}\Z")
_LOWER = re.compile(r"\$\{(\w+),,\}\Z")
_CUT = re.compile(r"\$\{(\w+)(##?|%%?)([^}*?\[\\$`]*|\*/)\}\Z")
_MOST_FIELDS = 200


class Words:
    """Expands words. `variables` are those the script has set so far, `outside` gives those of the environment."""

    def __init__(self, variables: dict[str, Known], outside: Callable[[str], str | None]) -> None:
        self.variables = variables
        self.outside = outside

    def value(self, name: str) -> Known:
        """A variable."""
        return self.variables[name] if name in self.variables else self.outside(name)

    def text(self, word: Word) -> str | None:
        """A word as one text; None where part of it is not known."""
        out = []
        for piece in word.pieces:
            found = self._piece(piece)
            if not isinstance(found, str):
                return None
            out.append(found)
        return "".join(out)

    def fields(self, word: Word) -> list[str | None]:
        """The words a word becomes: unquoted variables are split at blanks, arrays give their items."""
        if len(word.pieces) == 1 or all(not p.raw for p in word.pieces[:-1]):
            piece = word.pieces[-1]
            found = self._piece(piece)
            if isinstance(found, list):
                return found[:_MOST_FIELDS]
            if isinstance(found, str) and piece.kind == tree.VARIABLE and not piece.quoted:
                return list(found.split()[:_MOST_FIELDS])
        return [self.text(word)]

    def _piece(self, piece: Piece) -> Known:
        if piece.kind == tree.TEXT:
            return None if piece.raw.startswith(("$((", "((")) else piece.text
        if piece.kind != tree.VARIABLE:
            return None
        raw = piece.raw
        if named := _NAMED.match(raw):
            return self.value(named[1] or named[2])
        if every := _ALL.match(raw):
            found = self.value(every[1])
            return found if isinstance(found, list) else None
        if default := _DEFAULT.match(raw):
            found = self.value(default[1])
            return found or default[2] if isinstance(found, str) else None
        if lower := _LOWER.match(raw):
            found = self.value(lower[1])
            return found.lower() if isinstance(found, str) else None
        return self._cut(raw)

    def _cut(self, raw: str) -> str | None:
        """`${X#prefix}` and `${X%suffix}` with a plain text, `${X##*/}`."""
        cut = _CUT.match(raw)
        found = self.value(cut[1]) if cut else None
        if cut is None or not isinstance(found, str):
            return None
        sign, pattern = cut[2], cut[3]
        if pattern == "*/":
            return found.rpartition("/")[2] if sign == "##" else None
        return found.removeprefix(pattern) if sign[0] == "#" else found.removesuffix(pattern)


def array(text: str, start: int, end: int, holes: dict[int, int]) -> list[Word]:
    """The words between the parentheses of an array."""
    lexer = Lexer(text, start + 1, end - 1, holes)
    out: list[Word] = []
    try:
        while lexer.at < end - 1 and len(out) < _MOST_FIELDS:
            token = lexer.take()
            if token.kind != WORD or token.word is None:
                if token.text == "\n":
                    continue
                break
            out.append(token.word)
    except Unsplittable:
        return []
    return out
