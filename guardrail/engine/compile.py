"""Policies to programs: structural checks and expressions become closures, once per run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from re import compile as regex
from typing import Any, NamedTuple

from guardrail import cel, checks
from guardrail.catalog.select import Selected
from guardrail.engine import structural
from guardrail.engine.message import Message, compile_message, words
from guardrail.errors import PolicyError
from guardrail.model.place import Path
from guardrail.model.policy import Policy
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item
from guardrail.views.roots import FOCUS, ROOTS

Check = Callable[[Item, Mapping[str, Any]], Iterator[Hit | Undecided]]

_VARIABLE = regex(r"\bvariables\.([A-Za-z_]\w*)")


class Spoken(NamedTuple):
    """A message that an expression makes; `otherwise` where it makes no line of text."""

    program: cel.Program
    otherwise: Message

    def render(self, bindings: Mapping[str, object]) -> str:
        """The message for an item."""
        try:
            text = self.program(bindings)
        except cel.CelError:
            text = None
        if isinstance(text, str) and text.strip() and "\n" not in text.strip():
            return words(text.strip())
        return self.otherwise.render(bindings)


@dataclass(slots=True, eq=False, repr=False)
class Assertion:
    """What must hold, and a path that overrides where the fault is shown; the message is compiled for the first hit."""

    program: cel.Program
    at: Path | None
    compile_message: Callable[[], Message | Spoken]
    _message: Message | Spoken | None = None

    @property
    def message(self) -> Message | Spoken:
        """What to say when it does not hold."""
        if self._message is None:
            self._message = self.compile_message()
        return self._message


@dataclass(eq=False, repr=False)
class Compiled:
    """A policy of this run. What it consists of is compiled when a resource first calls for it."""

    policy: Policy
    severity: str
    each: str
    enforced: bool
    compiler: _Compiler

    @cached_property
    def when(self) -> tuple[cel.Program, ...]:
        """What must be true of an item for the policy to be about it."""
        return self.compiler.conditions()

    @cached_property
    def assertions(self) -> tuple[Assertion, ...]:
        """What must hold."""
        return self.compiler.assertions()

    @cached_property
    def check(self) -> tuple[Check, Mapping[str, object]] | None:
        """The named check with what it is called with, if there is one."""
        return (checks.find(self.policy.check), self.compiler.arguments()) if self.policy.check else None

    @cached_property
    def wording(self) -> str:
        """Its conditions, variables and assertions as one text, to look for names of fields in."""
        return repr((self.policy.assertions, self.policy.when, self.policy.variables))

    def complete(self) -> None:
        """Compile everything now; raises PolicyError."""
        _ = (self.when, self.check, self.compiler.arguments(), [a.message for a in self.assertions])


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


def compile_policy(selected: Selected, minor: int, eager: bool = True) -> Compiled:
    """A selected policy for a Kubernetes minor version.

    Raises PolicyError with the policy's place for an expression, name, path or parameter that is wrong: now when
    `eager`, else when the part is first used. The shipped policies are known to compile.
    """
    policy = selected.policy
    values: dict[str, object] = {name: p.default for name, p in policy.params.items()} | dict(selected.params)
    constants: dict[str, object] = {
        "params": values,
        "kubernetes": {"minor": minor, "version": f"1.{minor}"},
    }
    if policy.operation:  # to an admission policy `params` is an object, or null
        del constants["params"]
    compiled = Compiled(
        policy=policy,
        severity=selected.severity,
        each=policy.operation or policy.each,
        enforced=selected.enforced and policy.mode == "enforce",
        compiler=_Compiler(policy, values, constants),
    )
    if eager:
        compiled.complete()
    return compiled


class _Compiler(NamedTuple):
    policy: Policy
    params: Mapping[str, object]
    constants: Mapping[str, object]

    @property
    def names(self) -> Collection[str]:
        roots = ROOTS[self.policy.match.type][self.policy.operation or self.policy.each]
        return (*roots, *self.policy.related)

    def program(self, check: Mapping[str, object], where: str) -> cel.Program:
        try:
            translated = structural.translate(check, FOCUS[self.policy.each], self.params)
        except ValueError as error:
            raise PolicyError(f"{where}: not understood: {error}", self.policy.place) from None
        parts = check.get("all")
        written = [str(p["cel"]) for p in (parts if isinstance(parts, list) else [check]) if "cel" in p]
        return self._compile(translated.text, where, written, translated.constants)

    def _compile(
        self, expression: str, where: str, written: Iterable[str], literals: Mapping[str, object]
    ) -> cel.Program:
        """Compile an expression; an error is that of a variable or of a part as `written`, if one is wrong alone."""
        text = self._with_variables(expression)
        try:
            return cel.compile(text, self.names, {**self.constants, **literals})
        except cel.CelCompileError as error:
            for name, variable in self.policy.variables.items():
                self._check_alone(variable, f"variables.{name}")
            for part in written:
                self._check_alone(part, where)
            raise self._wrong(error, text, where) from None

    def _check_alone(self, text: str, where: str) -> None:
        bound = [f"variables_{name}" for name in self.policy.variables]
        try:
            cel.compile(_VARIABLE.sub(r"variables_\1", text), [*self.names, *bound], self.constants)
        except cel.CelCompileError as error:
            raise self._wrong(error, text, where) from None

    def conditions(self) -> tuple[cel.Program, ...]:
        return tuple(self.program(w, f"when[{i}]") for i, w in enumerate(self.policy.when))

    def assertions(self) -> tuple[Assertion, ...]:
        return tuple(self.assertion(a, f"assert[{i}]") for i, a in enumerate(self.policy.assertions))

    def assertion(self, check: Mapping[str, object], where: str) -> Assertion:
        at = structural.steps(str(check["at"])) if "at" in check else None
        return Assertion(
            self.program(check, where),
            None if at is None else tuple(at),
            lambda: self.message(check, where),
        )

    def message(self, check: Mapping[str, object], where: str) -> Message | Spoken:
        text = str(check.get("message") or self.policy.message or self.policy.title)
        try:
            message = compile_message(text, self.names, self.constants, self._with_variables)
        except cel.CelCompileError as error:
            raise self._wrong(error, text, f"{where}.message") from None
        if "messageExpression" not in check:
            return message
        spoken = str(check["messageExpression"])
        return Spoken(self._compile(spoken, f"{where}.messageExpression", [spoken], {}), message)

    def arguments(self) -> dict[str, object]:
        try:
            given = {k: structural.literal(v, self.params) for k, v in self.policy.with_arguments.items()}
        except ValueError as error:
            raise PolicyError(f"with: {error}", self.policy.place) from None
        return {"params": self.params, "kubernetes": self.constants["kubernetes"], **given}

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
        where, place = self.policy.places.get(text, (where, self.policy.place))
        message = error.message.replace("variables_", "variables.")
        return PolicyError(f"{where}: {message} (line {error.line}, column {error.column} of: {shown})", place)
