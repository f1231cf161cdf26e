"""What the parts of the fast mode share: frames, closures, and what compiles them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from guardrail.cel.errors import Meter
from guardrail.cel.nodes import Ident, Node
from guardrail.cel.values import Optional

Frame: TypeAlias = list[object]  # the Meter, the root variables, the macro variables
Code: TypeAlias = Callable[[Frame], object]
BULKY = frozenset({list, dict, str, bytes, Optional})  # types whose values cost by their size, or may hold an unknown


def meter_of(f: Frame) -> Meter:
    """The meter of an evaluation."""
    meter = f[0]
    assert isinstance(meter, Meter)
    return meter


class Compiler(Protocol):
    """Turns nodes into closures."""

    def code(self, node: Node) -> Code:
        """The closure of a node."""

    def inside(self, names: tuple[str, ...], *parts: Node) -> tuple[tuple[int, ...], list[Code]]:
        """The closures of nodes that share macro variables, and the slots of these, side by side."""

    def slot(self, node: Ident) -> int:
        """The place in the frame of a variable."""
