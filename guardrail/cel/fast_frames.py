"""What the parts of the fast mode share: frames, closures, and what compiles them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from guardrail.cel.nodes import Ident, Node

Frame: TypeAlias = list[object]  # the Meter, the root variables, the macro variables
Code: TypeAlias = Callable[[Frame], object]


class Compiler(Protocol):
    """Turns nodes into closures."""

    def code(self, node: Node) -> Code:
        """The closure of a node."""

    def inside(self, names: tuple[str, ...], *parts: Node) -> tuple[tuple[int, ...], list[Code]]:
        """The closures of nodes that share macro variables, and the slots of these, side by side."""

    def slot(self, node: Ident) -> int:
        """The place in the frame of a variable."""
