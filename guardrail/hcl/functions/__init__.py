"""The functions of the Terraform language, by name: pure, bounded, and sure only of what follows from what is known.

No function reads a clock, a file, the environment or anything random: what Terraform makes from those is unknown.
`can`, `try` and what reads files is for the evaluator and its scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from itertools import chain

from guardrail.hcl.functions import choices, conversions, formatting, json_text, lists, maps, numbers, sets, strings
from guardrail.hcl.functions.signature import Signature, apply
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue

_ROOMS = (choices, conversions, formatting, json_text, lists, maps, numbers, sets, strings)
_FUNCTIONS: Mapping[str, Signature] = dict(chain.from_iterable(room.FUNCTIONS.items() for room in _ROOMS))

# Seldom called, and imported when they are: half of what importing all of them would take.
_LATE = {
    "encoding": "base64decode base64encode base64gunzip base64gzip csvdecode textdecodebase64 textencodebase64"
    " urldecode urlencode yamldecode yamlencode",
    "hashes": "base64sha256 base64sha512 bcrypt md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5",
    "networks": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "paths": "abspath basename dirname pathexpand",
    "times": "formatdate plantimestamp timeadd timecmp timestamp",
}
_HOMES = {name: room for room, names in _LATE.items() for name in names.split()}

NAMES = frozenset((*_FUNCTIONS, *_HOMES))
"""Names of all functions that `call` knows."""


def call(name: str, arguments: list[object]) -> object:
    """The result of a function, an UnknownValue where it hangs on what is not known.

    `core::f` is `f`; what a provider defines is not known. EvaluationError where Terraform would refuse the arguments,
    and for a name that is no function; what is too large or takes too long here is unknown.
    """
    short = name.removeprefix("core::")
    signature = _FUNCTIONS.get(short) or _late(short)
    if signature is None:
        if name.startswith("provider::"):
            return UnknownValue(f"the function {name}")
        raise EvaluationError(f"there is no function {name}")
    return apply(short, signature, arguments)


def _late(name: str) -> Signature | None:
    room = _HOMES.get(name)
    if room is None:
        return None
    found: Signature = import_module(f"{__name__}.{room}").FUNCTIONS[name]
    return found


__all__ = ["NAMES", "call"]
