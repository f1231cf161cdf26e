"""The marker for a value that cannot be known from files alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Question(NamedTuple):
    """Whether an input has a value: with the answer, more would be known.

    `subject` is how a root module names the input (`var.environment`), or the text of a condition; `literal` is the
    value it is asked for, True for a condition.
    """

    subject: str
    literal: object


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """Stands in plain data where a value is not known; `reason` reads after "depends on".

    `symbol` names the input that the value is, as it was given (`var.environment`), empty when it is made from inputs;
    `questions` are those that would settle it. `refs` are addresses of resource instances (`aws_s3_bucket.logs["a"]`)
    and what of them is meant (`.id`, may be empty) where the provider decides the value: it is then not null.
    `known` is what is known all the same: entries of a map, or the parts of a text, of which some are UnknownValues.
    `many` in a list stands for any number of elements.
    """

    reason: str
    symbol: str = ""
    questions: tuple[Question, ...] = ()
    refs: tuple[tuple[str, str], ...] = ()
    known: dict[str, object] | tuple[object, ...] | None = None
    many: bool = False
