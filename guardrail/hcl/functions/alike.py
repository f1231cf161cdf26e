"""Elements of one type, as far as their types are known."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.hcl.functions.limits import Open
from guardrail.hcl.unify import unified
from guardrail.hcl.values import EvaluationError, Exceeded, combine, unknowns


def alike(elements: Sequence[object]) -> list[object]:
    """Elements converted to one type. EvaluationError where there is none; open where an unknown may make it one, as a
    string makes strings of numbers and bools."""
    try:
        return unified(elements)
    except Exceeded:
        raise
    except EvaluationError:
        doubts = [u for e in elements for u in unknowns(e)]
        if doubts:
            raise Open(combine(doubts)) from None
        raise
