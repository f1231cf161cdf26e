"""Where a parser stands among the tokens of one item, and how it says what is wrong."""

from __future__ import annotations

from guardrail.hcl.lexer import Lexer, Template
from guardrail.hcl.syntax import SyntaxFault

MAX_DEPTH = 100
"""Brackets, blocks, templates and conditionals within one another; nobody writes twenty."""

ORDINARY = 4
"""Names of a path that is not counted as long."""


class HclError(Exception):
    """Text that is not of the language: a sentence and an offset; `code` as in SyntaxFault."""

    def __init__(self, message: str, offset: int, code: str = "syntax") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.code = code


class Cursor:
    """The tokens of an item, and the place of the next one (`i`).

    `depth` is how many things enclose the place. For a cheap guess at the height of an expression, `deepest` is the
    maximum of `depth` since it was last set to 0, `longest` the longest chain of operators or attributes that is
    not ORDINARY, and `directives` the directives within one another, all templates taken together.
    """

    def __init__(self, text: str) -> None:
        self.lexer = Lexer(text)
        self.faults: list[SyntaxFault] = []
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.i = 0
        self.depth = self.deepest = self.longest = self.directives = 0

    def load(self, start: int, limit: int, around: tuple[str | Template, ...] = ()) -> int:
        """Reads the tokens of the item at an offset; where the next item begins."""
        following = self.lexer.read(start, limit, around)
        self.kinds, self.texts, self.starts = self.lexer.kinds, self.lexer.texts, self.lexer.starts
        self.i = self.depth = self.deepest = self.longest = self.directives = 0
        return following

    def expect(self, kind: str, message: str) -> int:
        """Steps over a sign; the offset behind it."""
        i = self.i
        if self.kinds[i] != kind:
            raise self.error(message)
        self.i = i + 1
        return self.starts[i] + len(self.texts[i])

    def word(self, message: str) -> str:
        """Steps over a name."""
        i = self.i
        if self.kinds[i] != "name":
            raise self.error(message)
        self.i = i + 1
        return self.texts[i]

    def error(self, message: str) -> HclError:
        """What is wrong with the next token; a token that is an error by itself says what."""
        i = self.i
        if self.kinds[i] == "error":
            message = self.texts[i]
        return HclError(message, self.starts[i])

    def enter(self) -> None:
        """One level deeper; `leave` is `depth -= 1`."""
        self.depth += 1
        if self.depth > self.deepest:
            self.deepest = self.depth
            if self.depth > MAX_DEPTH:
                raise self.too_deep()

    def too_deep(self) -> HclError:
        """The refusal of what is nested deeper than MAX_DEPTH."""
        return HclError(f"This is nested more than {MAX_DEPTH} deep.", self.starts[self.i], "too-deep")

    def fault(self, code: str, message: str, offset: int) -> None:
        """Notes something wrong that reading survives."""
        self.faults.append(SyntaxFault(code, message, offset, False))
