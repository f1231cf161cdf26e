"""Type conversion functions, by Terraform's documentation "Type Conversion Functions"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from guardrail.hcl.arithmetic import boolean, numeric
from guardrail.hcl.functions.alike import alike
from guardrail.hcl.functions.kinds import kind
from guardrail.hcl.functions.order import collected
from guardrail.hcl.functions.signature import Signature, anything
from guardrail.hcl.run import text
from guardrail.hcl.values import EvaluationError, combine
from guardrail.model.value import UnknownValue


def _primitive(convert: Callable[[object], object]) -> Callable[[object], object]:
    def take(value: object) -> object:
        """Null stays null, an unknown stays what it is; of a text with holes nothing is left but for a string."""
        if isinstance(value, UnknownValue) and convert is not text and value.known is not None:
            return combine([value])
        if isinstance(value, UnknownValue):
            # "1e3" is a number that is written otherwise than the input
            return replace(value, symbol="") if convert is numeric else value
        return value if value is None else convert(value)

    return take


def tolist(value: object) -> object:
    """A list, set or tuple as list; elements of a tuple become strings where one is."""
    if value is None or isinstance(value, UnknownValue):
        return value
    if not isinstance(value, list):
        raise EvaluationError(f"a list, set or tuple is required, not {kind(value)}")
    return alike(value)


def toset(value: object) -> object:
    """A list as set: sorted, each element once. Of several elements an unknown one may be one of the others, so it
    stands for any number."""
    found = tolist(value)
    if isinstance(found, UnknownValue):
        return replace(found, symbol="")  # sorted and without repetition it is no longer the input itself
    return collected(found) if isinstance(found, list) else found


def tomap(value: object) -> object:
    """A map or object as map; its values become strings where one is."""
    if value is None or isinstance(value, UnknownValue):
        return value
    if not isinstance(value, dict):
        raise EvaluationError(f"a map or object is required, not {kind(value)}")
    return dict(zip(value, alike(list(value.values())), strict=True))


def issensitive(value: object) -> object:
    """Whether a value is marked as sensitive, which is not tracked."""
    return UnknownValue("whether a value is sensitive")


FUNCTIONS: Mapping[str, Signature] = {
    "ephemeralasnull": Signature(anything, (anything,)),
    "issensitive": Signature(issensitive, (anything,)),
    "nonsensitive": Signature(anything, (anything,)),
    "sensitive": Signature(anything, (anything,)),
    "tobool": Signature(_primitive(boolean), (anything,)),
    "tolist": Signature(tolist, (anything,)),
    "tomap": Signature(tomap, (anything,)),
    "tonumber": Signature(_primitive(numeric), (anything,)),
    "toset": Signature(toset, (anything,)),
    "tostring": Signature(_primitive(text), (anything,)),
}
