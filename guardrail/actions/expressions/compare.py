"""Comparing known values, loosely as JavaScript does, strings without case, objects by identity.

Source: actions/runner `src/Sdk/Expressions/EvaluationResult.cs` (CoerceTypes, AbstractEqual, AbstractGreaterThan).
"""

from __future__ import annotations

from guardrail.actions.expressions.values import Value, fold, number, primitive


def compare(operator: str, left: Value, right: Value) -> bool:
    """The result of `left operator right` for two values that are no Symbols."""
    if operator in ("==", "!="):
        return equal(left, right) == (operator == "==")
    sides = _ordered(left, right)
    if sides is None:
        # `>=` and `<=` hold for what is equal without an order: the same object
        return "=" in operator and equal(left, right)
    first, second = sides
    if "=" in operator and first == second:
        return True
    return bool(first < second if "<" in operator else first > second)  # type: ignore[operator]


def equal(left: Value, right: Value) -> bool:
    """`left == right`."""
    if not primitive(left) or not primitive(right):
        return left is right
    sides = _ordered(left, right)
    return sides is None or sides[0] == sides[1]


def _ordered(left: Value, right: Value) -> tuple[object, object] | None:
    """Two values in a form Python compares as GitHub does; NaN never equals. None for two nulls or an object."""
    if isinstance(left, str) and isinstance(right, str):
        return _key(left), _key(right)
    if (left is None and right is None) or not primitive(left) or not primitive(right):
        return None
    return number(left), number(right)


def _key(value: str) -> str | bytes:
    """Strings are ordered by UTF-16 unit; bytes and ASCII text never meet, as both sides get the same form."""
    folded = fold(value)
    return folded.encode("utf-16-be", "surrogatepass")
