"""What can go wrong with an expression: while it is compiled, and while it is evaluated."""

from __future__ import annotations


class CelError(Exception):
    """An evaluation error; `message` is one line for people."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CelLimit(CelError):
    """A limit was reached; unlike other errors it is final, nothing absorbs it."""


class CelCompileError(Exception):
    """The expression is not valid; `line` and `column` are 1-based positions inside its text."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column

    @classmethod
    def at(cls, message: str, text: str, offset: int) -> CelCompileError:
        """The error at a character offset of the expression's text."""
        before = text[:offset]
        line = before.count("\n") + 1
        return cls(message, line, offset - (before.rfind("\n") + 1) + 1)


class SurpriseError(Exception):
    """Fast mode met something only the precise mode can judge; never leaves this package."""


class Meter:
    """Counts down the work one evaluation may still do; shared by both modes.

    One unit is one iteration of a comprehension, or a comparable amount of library work.
    """

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, units: int) -> None:
        """Use up units; CelLimit when none are left."""
        self.left -= units
        if self.left < 0:
            raise CelLimit("the expression does too much work (over 200,000 iterations)")

    def built(self, value: object) -> None:
        """Use up units for a value just made, so that loops cannot fill the memory."""
        if isinstance(value, list):
            self.spend(len(value) >> 3)
        elif isinstance(value, (str, bytes)):
            self.spend(len(value) >> 5)
