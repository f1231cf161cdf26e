"""format and formatlist, by Terraform's documentation of `format`: the verbs of Go's fmt that it lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from guardrail.hcl.arithmetic import boolean, numeric
from guardrail.hcl.functions import holes, json_text
from guardrail.hcl.functions.choices import many
from guardrail.hcl.functions.clusters import clusters
from guardrail.hcl.functions.digits import number_text
from guardrail.hcl.functions.kinds import plain
from guardrail.hcl.functions.limits import Open, limit, size
from guardrail.hcl.functions.signature import Signature, anything, text
from guardrail.hcl.run import text as as_text
from guardrail.hcl.values import EvaluationError, combine, unknowns
from guardrail.model.value import UnknownValue

_VERB = re.compile(r"%([ +\-#0]*)([0-9]+)?(?:\.([0-9]*))?(?:\[([0-9]+)\])?([a-zA-Z%])?")


class Verb(NamedTuple):
    """One verb: its flags, the least width, the precision (both -1 where there is none) and its letter."""

    flags: str
    width: int
    precision: int
    letter: str


def format_(layout: str, *values: object) -> object:
    """A text with values put in. Unknown ones are holes."""
    pieces: list[object] = []
    place = highest = end = 0
    for match in _VERB.finditer(layout):
        pieces.append(layout[end : match.start()])
        end = match.end()
        if match[0] == "%%":
            pieces.append("%")
            continue
        verb = _verb(match)
        place = int(match[4]) if match[4] else place + 1
        highest = max(highest, place)
        if not 1 <= place <= len(values):
            raise EvaluationError(f"{match[0]} has no value: there are {len(values)}")
        pieces += _written(verb, plain(values[place - 1]))
    if highest < len(values):
        raise EvaluationError(f"{len(values)} values, of which only {highest} are used")
    pieces.append(layout[end:])
    return holes.build(pieces)


def _verb(match: re.Match[str]) -> Verb:
    if match[5] is None or match[5] not in "vtbdoxXeEfgGsq":
        raise EvaluationError(f"{match[0]} is no verb")
    width = int(match[2] or -1)
    precision = -1 if match[3] is None else int(match[3] or 0)
    size(max(width, precision))
    return Verb(match[1], width, precision, match[5])


def _written(verb: Verb, value: object) -> list[object]:
    """The pieces that a value makes."""
    if any(True for _ in unknowns(value)):
        return _open(verb, value)
    if verb.letter == "v":
        return [_padded(verb, _plain(verb, value))]
    if value is None:
        raise EvaluationError(f"null cannot be written with %{verb.letter}")
    if verb.letter == "t":
        return ["true" if boolean(value) else "false"]
    if verb.letter in "sq":
        found = as_text(value)
        if verb.precision > 0:
            found = "".join(clusters(found)[: verb.precision])
        return [_padded(verb, json_text.quoted(found) if verb.letter == "q" else found)]
    return [number_text(numeric(value), verb.flags, verb.width, verb.precision, verb.letter)]


def _plain(verb: Verb, value: object) -> str:
    if "#" not in verb.flags and isinstance(value, str):
        return value
    if "#" not in verb.flags and isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value, "", -1, -1, "g")
    return json_text.encoded(value)


def _open(verb: Verb, value: object) -> list[object]:
    """What is known of the text of a value that is not."""
    bare = verb.width < 0 and verb.precision < 0 and "#" not in verb.flags
    if not isinstance(value, UnknownValue):
        return list(holes.parts(json_text.jsonencode(value))) if verb.letter == "v" and bare else _hole(value)
    if bare and verb.letter == "s":
        return [value]
    if bare and verb.letter == "v":
        return [value if isinstance(value.known, tuple) else replace(value, symbol="")]
    if bare and verb.letter == "q":
        return [
            '"',
            *(json_text.quoted(p)[1:-1] if isinstance(p, str) else p for p in holes.parts(value)),
            '"',
        ]
    return _hole(value)


def _hole(value: object) -> list[object]:
    return [combine(unknowns(value))]


def _padded(verb: Verb, written: str) -> str:
    missing = verb.width - len(clusters(written))
    if missing <= 0:
        return written
    padding = ("0" if "0" in verb.flags else " ") * missing
    return written + padding if "-" in verb.flags else padding + written


def formatlist(layout: str, *values: object) -> list[object]:
    """One text for each place of the lists, which must be of one length; other values are the same in all.

    A value that is not known may be a list: alone, it makes any number of texts.
    """
    given = [plain(v) for v in values]
    lists = [v for v in given if isinstance(v, list)]
    opened = [v for v in given if isinstance(v, UnknownValue) and not isinstance(v.known, tuple)]
    if any(many(each) for each in lists) and len(lists) + len(opened) > 1:
        raise Open(combine([u for v in given for u in unknowns(v)]))
    lengths = {len(each) for each in lists}
    if len(lengths) > 1:
        raise EvaluationError("the lists are of different lengths")
    if not lists:
        made = format_(layout, *[combine([v]) if v in opened else v for v in given])
        return [_repeated(made)] if opened else [made]
    count = lengths.pop()
    limit(count * len(given))
    return [_row(layout, given, place) for place in range(count)]


def _row(layout: str, values: list[object], place: int) -> object:
    row: list[object] = []
    several = False
    for value in values:
        if isinstance(value, list):
            element = value[place]
            several |= isinstance(element, UnknownValue) and element.many
            row.append(replace(element, many=False) if isinstance(element, UnknownValue) else element)
        elif isinstance(value, UnknownValue) and not isinstance(value.known, tuple):
            row.append(combine([value]))  # it may be a list, and this one of its elements
        else:
            row.append(value)
    made = format_(layout, *row)
    return _repeated(made) if several else made


def _repeated(made: object) -> object:
    return replace(made, many=True) if isinstance(made, UnknownValue) else made


FUNCTIONS: Mapping[str, Signature] = {
    "format": Signature(format_, (text,), anything),
    "formatlist": Signature(formatlist, (text,), anything),
}
