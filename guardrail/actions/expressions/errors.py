"""What is wrong with an expression, and where."""

from __future__ import annotations


class ExpressionError(Exception):
    """GitHub would refuse the expression; `offset` is the character in the expression's text."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class EvaluationError(ExpressionError):
    """The expression is well formed, but a run that evaluates it ends with an error (`fromJSON('{')`)."""
