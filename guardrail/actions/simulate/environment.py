"""The `env` context: what workflow, job and steps set, and what scripts export on the way.

Source: github/docs, contexts, "env context"; variables reference (the innermost wins); workflow commands, "Setting an
environment variable" (`GITHUB_ENV` holds for the steps that follow).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from guardrail.actions.expressions import Symbol, Value
from guardrail.actions.expressions.values import text
from guardrail.actions.simulate.scope import Scope

if TYPE_CHECKING:
    from guardrail.actions.simulate.plan import JobPlan


class Environment:
    """One `env` mapping around another; expressions in it are evaluated in `scope`, seeing the outer one."""

    __slots__ = ("_given", "_outer", "_scope")

    def __init__(self, outer: Environment | Exported | None, given: Mapping[str, object], scope: Scope) -> None:
        self._outer = outer
        self._given = {str(name).lower(): value for name, value in given.items()}
        self._scope = scope

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """A variable, as text; null when nothing sets it."""
        if len(steps) == 2 and steps[1] in self._given:
            outer = self._outer.lookup if self._outer else _nothing
            found = self._scope.seeing(env=outer).value(self._given[steps[1]])
            return found if isinstance(found, Symbol) else text(found)
        return self._outer.lookup(steps) if self._outer else None

    def within(self, given: object, scope: Scope) -> Environment:
        """The environment of a step, inside of this one."""
        return Environment(self, given, scope) if isinstance(given, Mapping) else self


class Exported:
    """What the scripts of a job write to `GITHUB_ENV`: not known, and stronger than what job and workflow set."""

    __slots__ = ("_outer", "_plan")

    def __init__(self, outer: Environment, plan: JobPlan) -> None:
        self._outer = outer
        self._plan = plan

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """A variable, as text; a Symbol where a script or an action of the job may have set it."""
        if len(steps) != 2:
            return Symbol(f"{self._plan.job.id}.{'.'.join(steps)}") if len(steps) == 1 else None
        found = None if steps[1].upper() in self._plan.exports else self._outer.lookup(steps)
        if found is None and (self._plan.may_export or steps[1].upper() in self._plan.exports):
            return Symbol(f"{self._plan.job.id}.env.{steps[1].upper()}")
        return found


def environment(plan: JobPlan, scope: Scope) -> Environment:
    """The environment in which the steps of a job start."""
    outer: Environment | None = None
    for given in (plan.job.workflow.get("env"), plan.job.data.get("env")):
        if isinstance(given, Mapping):
            outer = Environment(outer, given, scope)
    return Environment(Exported(outer or Environment(None, {}, scope), plan), {}, scope)


def _nothing(steps: tuple[str, ...]) -> Value:
    return None
