"""How the tests of this folder evaluate: both modes, with errors as values."""

from __future__ import annotations

from math import isnan

import pytest

from guardrail.cel import CelError, compile
from guardrail.cel.errors import CelLimit

ERROR = "<error>"
LIMIT = "<limit>"


def value(text: str, constants: dict[str, object] | None = None, **bindings: object) -> object:
    """The value in both modes, which must agree; CelError when there is none."""
    program = compile(text, list(bindings), constants or {})
    try:
        fast = program(bindings)
    except CelError as error:
        if "takes too long" in error.message:  # by the clock: the other mode may just make it
            raise
        with pytest.raises(CelError) as other:
            program.precise(bindings)
        assert other.value.message == error.message  # noqa: PT017 - the two errors are compared
        raise
    precise = program.precise(bindings)
    assert same(fast, precise), (text, fast, precise)
    return fast


def outcome(text: str, **bindings: object) -> object:
    """As `value`, but errors are the values ERROR and LIMIT."""
    try:
        return value(text, None, **bindings)
    except CelLimit:
        return LIMIT
    except CelError:
        return ERROR


def same(a: object, b: object) -> bool:
    """Equal and of the same types all through; NaN is the same as itself."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    nan = isinstance(a, float) and isinstance(b, float) and isnan(a) and isnan(b)
    return nan or a == b
