"""Texts of which parts are not known: `known` is a tuple of strings and unknowns (guardrail.model.value)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from guardrail.hcl.functions.limits import bounded
from guardrail.hcl.run import text
from guardrail.hcl.values import combine, unknowns
from guardrail.model.value import UnknownValue

Parts = tuple[object, ...]


def parts(value: object) -> Parts:
    """The parts of a text: a string or other primitive is one, an unknown is one or what is known of it."""
    if isinstance(value, UnknownValue):
        return value.known if isinstance(value.known, tuple) else (value,)
    return (text(value),)


def build(pieces: Iterable[object], alone: bool = True) -> str | UnknownValue:
    """The text that pieces make: strings, unknowns, texts with holes. An unknown without text around it is the result
    itself, unless it is not to be `alone`."""
    made: list[object] = []
    for piece in _flat(pieces):
        if isinstance(piece, str) and made and isinstance(made[-1], str):
            made[-1] += piece
        elif piece != "":
            made.append(piece)
    holes = [p for p in made if isinstance(p, UnknownValue)]
    bounded("".join(p for p in made if isinstance(p, str)))
    if not holes:
        return str(made[0]) if made else ""
    if len(made) == 1 and alone and not holes[0].many:
        return holes[0]
    whole = combine(holes)
    return UnknownValue(whole.reason, questions=whole.questions, known=tuple(made))


def _flat(pieces: Iterable[object]) -> Iterator[object]:
    for piece in pieces:
        yield from parts(piece)


def lead(value: str | UnknownValue) -> str:
    """What a text surely begins with."""
    first = parts(value)[0] if parts(value) else ""
    return first if isinstance(first, str) else ""


def trail(value: str | UnknownValue) -> str:
    """What a text surely ends with."""
    last = parts(value)[-1] if parts(value) else ""
    return last if isinstance(last, str) else ""


def mapped(value: UnknownValue, change: Callable[[str], str]) -> str | UnknownValue:
    """A text with holes whose known parts are changed one by one; the holes are no longer what they were."""
    return build([change(p) if isinstance(p, str) else combine(unknowns(p)) for p in parts(value)])
