"""Policies to programs: structural checks and expressions become closures, once per run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from re import compile as regex
from typing import Any

from guardrail import cel, checks
from guardrail.catalog.select import Selected
from guardrail.engine import structural
from guardrail.engine.message import Message, compile_message
from guardrail.errors import PolicyError
from guardrail.model.place import Path
from guardrail.model.policy import Policy
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import FOCUS, ROOTS, Item

Check = Callable[[Item, Mapping[str, Any]], Iterator[Hit | Undecided]]

_VARIABLE = regex(r"\bvariables\.([A-Za-z_]\w*)")


@dataclass(frozen=True, slots=True)
class Assertion:
    """What must hold, the message when it does not, and a path that overrides where the fault is shown."""

    program: cel.Program
    message: Message
    at: Path | None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy ready to be evaluated with this run's parameters."""

    policy: Policy
    severity: str
    each: str
    when: tuple[cel.Program, ...]
    assertions: tuple[Assertion, ...]
    check: Check | None
    arguments: Mapping[str, object]
    enforced: bool = True


def kubernetes_minor(version: str) -> int:
    """The minor number of `1.34`, `v1.34` or `latest`; raises ValueError for anything else."""
    if version == "latest":
        return NEWEST_MINOR
    major, _, minor = version.removeprefix("v").partition(".")
    if major != "1" or not minor.isdigit():
        raise ValueError(version)
    return int(minor)


NEWEST_MINOR = 37
"""The newest Kubernetes minor version whose rules are known; later versions are judged by these."""


def compile_policy(selected: Selected, minor: int) -> Compiled:
    """Compile a selected policy for a Kubernetes minor version.

    Raises PolicyError with the policy's place for an expression, name, path or parameter that is wrong.
    """
    policy = selected.policy
    values: dict[str, object] = {name: p.default for name, p in policy.params.items()} | dict(selected.params)
    constants: dict[str, object] = {
        "params": values,
        "kubernetes": {"minor": minor, "version": f"1.{minor}"},
    }
    compiler = _Compiler(policy, values, constants)
    return Compiled(
        policy=policy,
        severity=selected.severity,
        each=policy.each,
        when=tuple(compiler.program(w, f"when[{i}]") for i, w in enumerate(policy.when)),
        assertions=tuple(compiler.assertion(a, f"assert[{i}]") for i, a in enumerate(policy.assertions)),
        check=checks.find(policy.check) if policy.check else None,
        arguments=compiler.arguments(),
        enforced=selected.enforced,
    )


@dataclass(frozen=True, slots=True)
class _Compiler:
    policy: Policy
    params: Mapping[str, object]
    constants: Mapping[str, object]

    @property
    def names(self) -> Collection[str]:
        return (*ROOTS[self.policy.match.type][self.policy.each], *self.policy.related)

    def program(self, check: Mapping[str, object], where: str) -> cel.Program:
        try:
            translated = structural.translate(check, FOCUS[self.policy.each], self.params)
        except ValueError as error:
            raise PolicyError(f"{where}: not understood: {error}", self.policy.place) from None
        text = self._with_variables(translated.text)
        try:
            return cel.compile(text, self.names, {**self.constants, **translated.constants})
        except cel.CelCompileError as error:
            raise self._wrong(error, text, where) from None

    def assertion(self, check: Mapping[str, object], where: str) -> Assertion:
        at = structural.steps(str(check["at"])) if "at" in check else None
        text = str(check.get("message") or self.policy.message or self.policy.title)
        try:
            message = compile_message(text, self.names, self.constants, self._with_variables)
        except cel.CelCompileError as error:
            raise self._wrong(error, text, f"{where}.message") from None
        return Assertion(self.program(check, where), message, None if at is None else tuple(at))

    def arguments(self) -> dict[str, object]:
        given = {k: self._argument(v) for k, v in self.policy.with_arguments.items()}
        return {"params": self.params, **given}

    def _argument(self, value: object) -> object:
        if isinstance(value, str) and value.startswith("${params.") and value.endswith("}"):
            name = value[len("${params.") : -1]
            if name in self.params:
                return self.params[name]
            raise PolicyError(f"with: parameter {name} is not declared", self.policy.place)
        return value

    def _with_variables(self, text: str) -> str:
        """Bind the policy's `variables.x` that the text names, so that blame passes through them."""
        text = _VARIABLE.sub(r"variables_\1", text)
        for name, expression in reversed(list(self.policy.variables.items())):
            if f"variables_{name}" in text:
                bound = _VARIABLE.sub(r"variables_\1", expression)
                text = f"cel.bind(variables_{name}, {bound}, {text})"
        return text

    def _wrong(self, error: cel.CelCompileError, text: str, where: str) -> PolicyError:
        shown = text if len(text) <= 120 else text[:117] + "..."
        return PolicyError(
            f"{where}: {error.message} (line {error.line}, column {error.column} of: {shown})",
            self.policy.place,
        )
