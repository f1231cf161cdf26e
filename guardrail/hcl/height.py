"""How high a tree of expressions is, measured without recursion."""

from __future__ import annotations

from guardrail.hcl.syntax import Expression, children

MAX_HEIGHT = 200
"""Of an expression: brackets, operators and attributes in a row all count."""


def height(node: Expression) -> int:
    """The nodes on the longest way from the root to a leaf; stops counting beyond MAX_HEIGHT."""
    level, found = [node], 0
    while level and found <= MAX_HEIGHT:
        found += 1
        level = [child for parent in level for child in children(parent)]
    return found
