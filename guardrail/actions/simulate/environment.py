"""The `env` context: what workflow, job and steps set, and what scripts export on the way.

Source: github/docs, contexts, "env context"; variables reference (the innermost wins); workflow commands, "Setting an
environment variable" (`GITHUB_ENV` holds for the steps that follow).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guardrail.actions.expressions import Symbol, Value
from guardrail.actions.expressions.values import text
from guardrail.actions.model import Job
from guardrail.actions.simulate.scope import Scope
from guardrail.actions.simulate.scripts.written import Written


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


class Exports:
    """What the steps of a job have written to `GITHUB_ENV` so far.

    Upper-cased names with their values, None where one is not known; `lost` when anything else may have been set, too.
    """

    __slots__ = ("lost", "values")

    def __init__(self, lost: bool) -> None:
        self.values: dict[str, str | None] = {}
        self.lost = lost

    def add(self, exports: Written, names: Iterable[str]) -> None:
        """What a step has written; where that is not known, anything may stand in the variables it names."""
        written = dict.fromkeys(names) if exports is None else exports
        self.values |= {name.upper(): value for name, value in written.items()}
        self.lost = self.lost or (exports is None and bool(written))


class Exported:
    """What a job's steps export: stronger than what job and workflow set, weaker than the `env` of a step."""

    __slots__ = ("_exports", "_job", "_outer")

    def __init__(self, outer: Environment, exports: Exports, job: str) -> None:
        self._outer = outer
        self._exports = exports
        self._job = job

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """A variable, as text; a Symbol where a script or an action of the job may have set it."""
        if len(steps) != 2:
            return Symbol(f"{self._job}.{'.'.join(steps)}") if len(steps) == 1 else None
        name = steps[1].upper()
        if name in self._exports.values:
            found: Value = self._exports.values[name]
            return Symbol(f"{self._job}.env.{name}") if found is None else found
        found = self._outer.lookup(steps)
        return Symbol(f"{self._job}.env.{name}") if found is None and self._exports.lost else found


def environment(job: Job, scope: Scope, exports: Exports) -> Environment:
    """The environment in which the steps of a job start."""
    outer: Environment | None = None
    for given in (job.workflow.get("env"), job.data.get("env")):
        if isinstance(given, Mapping):
            outer = Environment(outer, given, scope)
    return Environment(Exported(outer or Environment(None, {}, scope), exports, job.id), {}, scope)


def _nothing(steps: tuple[str, ...]) -> Value:
    return None
