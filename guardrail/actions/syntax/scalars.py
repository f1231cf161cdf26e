"""The plain shapes: text, flags, numbers, words."""

from __future__ import annotations

from guardrail.actions.syntax.shape import Scalar, Shape

TEXT = Shape("text", Scalar())
FILLED = Shape("text", Scalar("filled"))
FLAG = Shape("a flag", Scalar("flag"))
NUMBER = Shape("a number", Scalar("number"))
MINUTES = Shape("a number", Scalar("number", least=1, whole=True))
"""Source: workflow syntax, `steps[*].timeout-minutes`: "must be a positive integer"."""

TEXTS = Shape("a list", items=FILLED)
TEXT_OR_TEXTS = Shape("text", Scalar("filled"), items=FILLED)


def words(*known: str) -> Shape:
    """Text that must be one of a few words."""
    return Shape("a word", Scalar("filled", known))
