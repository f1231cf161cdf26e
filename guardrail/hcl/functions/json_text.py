"""jsonencode and jsondecode, by Terraform's documentation of them; both carry what is not known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from guardrail.hcl.arithmetic import parsed
from guardrail.hcl.functions import holes, limits
from guardrail.hcl.functions.kinds import plain
from guardrail.hcl.functions.limits import Open
from guardrail.hcl.functions.signature import Signature, anything, holed
from guardrail.hcl.values import EvaluationError, combine, number_text
from guardrail.model.value import UnknownValue

_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_SPECIAL = re.compile("[<>&\u2028\u2029]")


def quoted(value: str) -> str:
    """A string in JSON as Go writes it: other than ASCII stays, `<`, `>` and `&` are escaped."""
    return _SPECIAL.sub(lambda match: _ESCAPED[match[0]], json.dumps(value, ensure_ascii=False))


def jsonencode(value: object) -> object:
    """The JSON of a value on one line, keys sorted. What is not known is a hole: within quotes where it is part of a
    text, bare where it is a whole value; a map of which entries are known is a hole with those."""
    return holes.build(_pieces(value, 0), alone=False)


def encoded(value: object) -> str:
    """The JSON of a value without unknowns."""
    return "".join(str(p) for p in _pieces(value, 0))


def _pieces(value: object, level: int) -> Iterator[object]:
    limits.depth(level)
    value = plain(value)
    if isinstance(value, str):
        yield quoted(value)
    elif value is None or isinstance(value, bool):
        yield "null" if value is None else "true" if value else "false"
    elif isinstance(value, int | float):
        yield number_text(value)
    elif isinstance(value, UnknownValue):
        yield from _hole(value)
    elif isinstance(value, list):
        for place, element in enumerate(value):
            yield "," if place else "["
            yield from _pieces(element, level + 1)
        yield "]" if value else "[]"
    elif isinstance(value, dict):
        for place, key in enumerate(sorted(value)):
            yield f"{',' if place else '{'}{quoted(key)}:"
            yield from _pieces(value[key], level + 1)
        yield "}" if value else "{}"


def _hole(value: UnknownValue) -> Iterator[object]:
    if not isinstance(value.known, tuple) or value.many:
        # As text it is no longer the input itself.
        yield replace(value, symbol="") if not isinstance(value.known, tuple) else combine([value])
        return
    yield '"'
    for part in value.known:
        yield quoted(part)[1:-1] if isinstance(part, str) else part
    yield '"'


def jsondecode(value: str | UnknownValue) -> object:
    """The value of JSON text. Holes are put back: one within quotes makes a string with holes, a bare one an unknown,
    in a list any number of elements, because a template's text may hold several. Open where a hole stands elsewhere.

    A hole within quotes is taken for text that has no quotes and escapes of its own.
    """
    pieces = holes.parts(value)
    table: list[UnknownValue] = []
    written = "".join(_marked(pieces, table))
    limits.size(len(written))
    _shallow(written)
    try:
        found = json.loads(written, parse_float=parsed, parse_int=_whole, parse_constant=_constant)
    except ValueError as error:
        if table:
            raise Open(combine(table)) from None
        raise EvaluationError(f"not JSON: {error}") from None
    if "\\ud" in written.lower():
        found = _paired(found)
    return _restored(found, table) if table else found


def _paired(value: object) -> object:
    """Halves of surrogate pairs replaced, as Go does."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_paired(v) for v in value]
    if isinstance(value, dict):
        return {str(_paired(key)): _paired(v) for key, v in value.items()}
    return value


_FIRST = 0xF0000  # private use, plane 15: one character for each hole, and one that says it is bare
_BARE = "\U0010fffd"


def _marked(pieces: holes.Parts, table: list[UnknownValue]) -> Iterator[str]:
    inside = False
    for piece in pieces:
        if isinstance(piece, UnknownValue):
            if len(table) > 60_000:
                raise Open(piece)
            mark = chr(_FIRST + len(table))
            table.append(piece)
            yield mark if inside else f'"{_BARE}{mark}"'
            continue
        found = str(piece)
        if any(c >= "\U000f0000" for c in found):
            raise Open("text with characters for private use")
        inside ^= _QUOTE.findall(found).count('"') % 2 == 1
        yield found


_QUOTE = re.compile(r'\\.|"', re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]+|\\.)*\\?(?:"|\Z)|[\[\]{}]', re.DOTALL)


def _shallow(written: str) -> None:
    """Open when brackets are nested so deep that the parser of the standard library would give up."""
    level = 0
    for match in _TOKEN.finditer(written):
        if match[0] in "[{":
            level += 1
            limits.depth(level)
        elif match[0] in "]}":
            level -= 1


def _whole(written: str) -> int | float:
    return int(written) if len(written) < 100 else parsed(written)


def _constant(written: str) -> object:
    raise ValueError(f"{written} is not JSON")


def _restored(value: object, table: list[UnknownValue]) -> object:
    if isinstance(value, str):
        return _text(value, table)
    if isinstance(value, list):
        return [_element(e, table) for e in value]
    if isinstance(value, dict):
        made = {key: _restored(v, table) for key, v in value.items()}
        doubtful = [key for key in made if any(c >= "\U000f0000" for c in key)]
        if not doubtful:
            return made
        whole = combine([_hole_of(c, table) for key in doubtful for c in key if _FIRST <= ord(c) < 0x10FFFD])
        return replace(whole, known={key: v for key, v in made.items() if key not in doubtful})
    return value


def _element(value: object, table: list[UnknownValue]) -> object:
    found = _restored(value, table)
    bare = isinstance(value, str) and value.startswith(_BARE)
    return replace(found, many=True) if bare and isinstance(found, UnknownValue) else found


def _text(value: str, table: list[UnknownValue]) -> object:
    if value.startswith(_BARE):
        return replace(_hole_of(value[1], table), symbol="")  # an input's JSON is not the input
    if value.isascii() or not any(c >= "\U000f0000" for c in value):
        return value
    pieces = re.split("([\U000f0000-\U0010fffc])", value)
    return holes.build([_hole_of(p, table) if len(p) == 1 and ord(p) >= _FIRST else p for p in pieces])


def _hole_of(mark: str, table: list[UnknownValue]) -> UnknownValue:
    return table[ord(mark) - _FIRST]


FUNCTIONS: Mapping[str, Signature] = {
    "jsondecode": Signature(jsondecode, (holed,)),
    "jsonencode": Signature(jsonencode, (anything,)),
}
