"""How a function takes its arguments: conversions as Terraform does them before a call, and what stays open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from guardrail.hcl.arithmetic import boolean, numeric
from guardrail.hcl.functions.kinds import plain
from guardrail.hcl.functions.limits import Open
from guardrail.hcl.run import text as as_text
from guardrail.hcl.values import EvaluationError, Exceeded, combine, unknowns
from guardrail.model.value import UnknownValue


class Signature(NamedTuple):
    """A function: `takes` one converter for each argument, `rest` one for all that follow, `needed` must be there."""

    body: Callable[..., object]
    takes: tuple[Callable[[object], object], ...] = ()
    rest: Callable[[object], object] | None = None
    needed: int | None = None


def apply(name: str, signature: Signature, arguments: list[object]) -> object:
    """The result of a function; what cannot be told is an UnknownValue. EvaluationError for wrong arguments."""
    takes, rest = signature.takes, signature.rest
    needed = len(takes) if signature.needed is None else signature.needed
    if len(arguments) < needed or (rest is None and len(arguments) > len(takes)):
        raise EvaluationError(f"{name} takes {_count(needed, len(takes), rest)}, not {len(arguments)}")
    try:
        ready = _ready(name, signature, arguments)
        return ready if isinstance(ready, UnknownValue) else signature.body(*ready)
    except Open as error:
        return combine([error.value])
    except Exceeded as error:
        return UnknownValue(str(error))
    except RecursionError:
        return UnknownValue("a value nested too deep to be worked out")
    except EvaluationError as error:
        raise EvaluationError(f"{name}: {error}") from None


def _ready(name: str, signature: Signature, arguments: list[object]) -> list[object] | UnknownValue:
    """The arguments converted; one unknown for all that leave the function open."""
    takes, rest = signature.takes, signature.rest
    ready: list[object] = []
    opened: list[UnknownValue] = []
    for place, argument in enumerate(arguments):
        take = takes[place] if place < len(takes) else rest
        try:
            ready.append(take(plain(argument)) if take else argument)
        except Open as error:
            opened.append(error.value)
    return combine(opened) if opened else ready


def _count(needed: int, most: int, rest: object) -> str:
    if rest is not None:
        return f"at least {needed} arguments"
    return f"{needed} arguments" if needed == most else f"{needed} to {most} arguments"


def settle(values: Iterable[object]) -> None:
    """Open when there is an unknown in any of the values, however deep."""
    found = [u for value in values for u in unknowns(value)]
    if found:
        raise Open(combine(found))


def anything(value: object) -> object:
    """Any value, null and unknown as well."""
    return value


def present(value: object) -> object:
    """Any value but null; unknown as well."""
    if value is None:
        raise EvaluationError("must not be null")
    return value


def known(value: object) -> object:
    """A value that is not null and known to its depth."""
    settle((present(value),))
    return value


def text(value: object) -> str:
    """A string, or what converts to one."""
    if isinstance(value, UnknownValue):
        raise Open(value)
    return as_text(present(value))


def holed(value: object) -> str | UnknownValue:
    """A string, or one with holes; open when nothing of it is known."""
    if isinstance(value, UnknownValue) and isinstance(value.known, tuple):
        return value
    return text(value)


def loose(value: object) -> str | UnknownValue:
    """A string, known or not."""
    return value if isinstance(value, UnknownValue) else text(value)


def number(value: object) -> int | float:
    """A number, or a string that reads as one."""
    if isinstance(value, UnknownValue):
        raise Open(value)
    return numeric(present(value))


def whole(value: object) -> int:
    """A whole number."""
    found = number(value)
    if not isinstance(found, int):
        raise EvaluationError("a whole number is required")
    return found


def flag(value: object) -> bool:
    """A bool, or a string that reads as one."""
    if isinstance(value, UnknownValue):
        raise Open(value)
    return boolean(present(value))


def items(value: object) -> list[object]:
    """A list, set or tuple; elements may be unknown."""
    if isinstance(value, UnknownValue):
        raise Open(value)
    if not isinstance(present(value), list):
        raise EvaluationError("a list, set or tuple is required")
    return value if isinstance(value, list) else []


def certain(value: object) -> list[object]:
    """A list, set or tuple all of whose elements are known to their depth."""
    found = items(value)
    settle(found)
    return found


def texts(value: object) -> list[str]:
    """A list of strings, all known and none null."""
    return [text(element) for element in certain(value)]


def mapping(value: object) -> dict[str, object]:
    """A map or object; values may be unknown."""
    if isinstance(value, UnknownValue):
        raise Open(value)
    if not isinstance(present(value), dict):
        raise EvaluationError("a map or object is required")
    return value if isinstance(value, dict) else {}
