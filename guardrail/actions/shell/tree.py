"""A shell script as a tree: lists of and-or lists of pipelines of commands, as the POSIX grammar names them.

Offsets are those of the text the script was read from. Every node is a plain record; `walk` gives them a meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

TEXT, VARIABLE, COMMANDS, EXPRESSION, FILES = "text", "variable", "commands", "expression", "files"
"""Kinds of pieces: literal text, `$X`, `$( )` and backticks, `${{ }}`, `<( )`."""

_MOST_PIECES = 200
"""How many pieces of a word are looked at."""


class Piece(NamedTuple):
    """Part of a word: `text` without quotes, the variable's name, or the script inside; `raw` as it is written.

    `start` is where `text` begins in the source. `quoted` text is neither split into fields nor a reserved word.
    """

    kind: str
    text: str
    raw: str
    start: int
    quoted: bool


class Word(NamedTuple):
    """A word of the shell's grammar, before expansion."""

    pieces: tuple[Piece, ...]
    start: int
    end: int

    def literal(self) -> str:
        """The word as a reserved word or operator could be: its text when all of it is plain and unquoted."""
        if len(self.pieces) == 1 and self.pieces[0].kind == TEXT and not self.pieces[0].quoted:
            return self.pieces[0].text
        return ""

    def text(self, values: Mapping[str, str | None] | None = None) -> str:
        """The word with quotes removed and what is known of its variables put in."""
        if len(self.pieces) == 1:
            return _shown(self.pieces[0], values or {})
        return "".join(_shown(piece, values or {}) for piece in self.pieces[:_MOST_PIECES])

    def fields(self, values: Mapping[str, str | None]) -> list[str]:
        """The words it expands to: an unquoted variable of known value is split at blanks, as the shell does."""
        if all(piece.kind != VARIABLE or piece.quoted for piece in self.pieces):
            return [self.text(values)]
        fields: list[list[str]] = [[]]
        for piece in self.pieces[:_MOST_PIECES]:
            shown = _shown(piece, values)
            if piece.kind == VARIABLE and not piece.quoted and values.get(piece.text) is not None:
                first, *others = shown.split() or [""]
                fields[-1].append(first)
                fields += [[other] for other in others]
            else:
                fields[-1].append(shown)
        return [field for parts in fields if (field := "".join(parts))]


def _shown(piece: Piece, values: Mapping[str, str | None]) -> str:
    if piece.kind == TEXT:
        return piece.text
    known = values.get(piece.text) if piece.kind == VARIABLE else None
    return piece.raw if known is None else known


class Redirect(NamedTuple):
    """`operator` such as `>` or `<<`, its target, and where it begins."""

    operator: str
    target: Word
    start: int


class Simple(NamedTuple):
    """Assignments, words and redirections. `[[ ]]` and `(( ))` are one quoted word."""

    assignments: tuple[Word, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    start: int
    end: int


class Group(NamedTuple):
    """`{ }`, or with `subshell` `( )`."""

    body: tuple[AndOr, ...]
    subshell: bool
    start: int
    end: int


class If(NamedTuple):
    """Conditions with the list each of them guards, in order, and the list of `else` (None without one)."""

    branches: tuple[tuple[tuple[AndOr, ...], tuple[AndOr, ...]], ...]
    otherwise: tuple[AndOr, ...] | None
    start: int
    end: int


class Loop(NamedTuple):
    """`while`, `until` (with a condition) and `for`, `select` (with a variable and its words)."""

    kind: str
    condition: tuple[AndOr, ...]
    body: tuple[AndOr, ...]
    variable: str
    words: tuple[Word, ...]
    start: int
    end: int


class Case(NamedTuple):
    """`case WORD in`, with a pattern's text and list for each arm."""

    word: Word
    arms: tuple[tuple[str, tuple[AndOr, ...]], ...]
    start: int
    end: int


class Function(NamedTuple):
    """The definition of a function: running it does nothing."""

    name: str
    body: tuple[AndOr, ...]
    start: int
    end: int


Node = Simple | Group | If | Loop | Case | Function


class Pipeline(NamedTuple):
    """Commands joined by `|`; `negated` by `!`."""

    commands: tuple[Node, ...]
    negated: bool
    start: int
    end: int


class AndOr(NamedTuple):
    """Pipelines joined by `&&` and `||`: `operators[i]` stands before `pipelines[i + 1]`."""

    pipelines: tuple[Pipeline, ...]
    operators: tuple[str, ...]
    background: bool
    start: int
    end: int


Commands = tuple[AndOr, ...]


class Script(NamedTuple):
    """What could be read, and from where on and why it could not (`rest` is -1 when all could).

    `documents` is where the body of each here-document begins and ends, by where its redirection begins.
    """

    body: Commands
    rest: int = -1
    reason: str = ""
    documents: Mapping[int, tuple[int, int]] = {}
