"""Compiling an expression, and running it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from guardrail.cel.errors import CelError, CelLimit, Meter
from guardrail.cel.explain import Blame, Origin, explain
from guardrail.cel.fast import SURPRISES, FastCompiler
from guardrail.cel.fast_frames import Code
from guardrail.cel.nodes import Node
from guardrail.cel.parser import parse
from guardrail.cel.precise import Precise
from guardrail.cel.resolve import Resolver

MAX_ITERATIONS = 200_000
_NO_CONSTANTS: Mapping[str, object] = {}
Bindings: TypeAlias = Mapping[str, object]


class Program:
    """A compiled expression; calling it with bindings evaluates it."""

    __slots__ = ("_fast", "_order", "_spare", "_tree", "roots", "text")

    def __init__(self, text: str, tree: Node, roots: Collection[str]) -> None:
        self.text = text
        self.roots = frozenset(roots)
        self._tree = tree
        self._order = tuple(sorted(roots))
        self._fast: Code | None = None
        self._spare: list[None] = []

    def __call__(self, bindings: Bindings) -> object:
        """The value, or an UnknownValue; CelError when it has neither.

        Pure: reads the bindings only. Timestamps, quantities and the like come as the classes of
        `guardrail.cel.values` and `guardrail.cel.library`.
        """
        meter = Meter(MAX_ITERATIONS)
        try:
            fast = self._fast or self._compiled()
            return fast([meter, *[bindings[name] for name in self._order], *self._spare])
        except CelLimit:
            raise
        except (CelError, *SURPRISES):
            return self.precise(bindings, meter)
        except RecursionError:
            raise CelLimit("the data is nested too deeply") from None

    def _compiled(self) -> Code:
        """The fast form, made at the first call: many programs of a policy set are never run."""
        compiler = FastCompiler(self._order)
        fast = compiler.code(self._tree)
        self._spare = [None] * (compiler.size - len(self._order) - 1)
        self._fast = fast  # last, as another thread may be looking
        return fast

    def precise(self, bindings: Bindings, meter: Meter | None = None) -> object:
        """The same in the precise mode alone; slower, never different."""
        try:
            value, _ = Precise(bindings, meter or Meter(MAX_ITERATIONS)).eval(self._tree)
        except RecursionError:
            raise CelLimit("the data is nested too deeply") from None
        if isinstance(value, CelError):
            raise CelError(value.message)
        return value

    def explain(self, bindings: Bindings, origins: Mapping[str, Origin]) -> list[Blame]:
        """The fields that made the expression false, null or an error; [] when none can be told.

        `origins` says for each root variable where in the judged resource it lies; roots it leaves
        out are never blamed.
        """
        return explain(self._tree, bindings, origins, Meter(MAX_ITERATIONS))

    def __repr__(self) -> str:
        return f"Program({self.text!r})"


def compile(text: str, names: Collection[str], constants: Mapping[str, object] = _NO_CONSTANTS) -> Program:
    """A program for an expression over `names`, known at run time, and `constants`, known now.

    CelCompileError with a position for syntax, unknown names and functions, wrong numbers of
    arguments, regular expressions outside RE2, and expressions beyond the limits.
    """
    resolver = Resolver(text, names, constants)
    tree = resolver.resolve(parse(text))
    return Program(text, tree, resolver.roots)
