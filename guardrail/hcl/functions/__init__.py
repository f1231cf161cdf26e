"""The functions of the Terraform language, by name: pure, bounded, and sure only of what follows from what is known.

No function reads a clock, a file, the environment or anything random: what Terraform makes from those is unknown.
`can`, `try` and what reads files is for the evaluator and its scope.
"""

from __future__ import annotations

from itertools import chain

from guardrail.hcl.functions import (
    choices,
    conversions,
    encoding,
    formatting,
    hashes,
    json_text,
    lists,
    maps,
    networks,
    numbers,
    paths,
    sets,
    strings,
    times,
)
from guardrail.hcl.functions.signature import Signature, apply
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue

_ROOMS = (
    choices,
    conversions,
    encoding,
    formatting,
    hashes,
    json_text,
    lists,
    maps,
    networks,
    numbers,
    paths,
    sets,
    strings,
    times,
)
_FUNCTIONS: dict[str, Signature] = dict(chain.from_iterable(room.FUNCTIONS.items() for room in _ROOMS))

NAMES = frozenset(_FUNCTIONS)
"""Names of all functions that `call` knows."""


def call(name: str, arguments: list[object]) -> object:
    """The result of a function, an UnknownValue where it hangs on what is not known.

    `core::f` is `f`; what a provider defines is not known. EvaluationError where Terraform would refuse the arguments,
    and for a name that is no function; what is too large or takes too long here is unknown.
    """
    short = name.removeprefix("core::")
    signature = _FUNCTIONS.get(short)
    if signature is None:
        if name.startswith("provider::"):
            return UnknownValue(f"the function {name}")
        raise EvaluationError(f"there is no function {name}")
    return apply(short, signature, arguments)


__all__ = ["NAMES", "call"]
