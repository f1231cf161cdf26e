"""Conditions of jobs and steps, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guardrail.actions import expressions
from guardrail.actions.expressions import Condition

NOT_IN_JOBS = frozenset({"env", "secrets", "matrix", "strategy", "steps", "job", "runner"})
NOT_IN_STEPS = frozenset({"secrets"})
"""Contexts that an `if` may not name (contexts, "Context availability" and "secrets context")."""


@dataclass(slots=True)
class When:
    """An `if`. `refused` says why GitHub does not take the file because of it."""

    condition: Condition
    refused: str = ""

    @property
    def text(self) -> str:
        """The condition on one line, not too long."""
        words = " ".join(self.condition.text.split())
        return words if len(words) <= 160 else words[:157] + "..."


def when(data: Mapping[str, object], unavailable: frozenset[str]) -> When | None:
    """The `if` of a job or step; None where it is just `success()`."""
    if "if" not in data:
        return None
    condition = expressions.condition(data["if"])
    if condition.error is not None:
        return When(condition, f"`if` cannot be read: {condition.error.message}")
    if condition.node is None:
        return None
    for found in expressions.references(condition.node):
        if found.steps[0] in unavailable:
            return When(condition, f"`if` names `{found.steps[0]}`, which it may not")
    return When(condition)
