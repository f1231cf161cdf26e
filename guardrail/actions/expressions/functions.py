"""The functions of expressions (github/docs `expressions.md`; actions/runner `src/Sdk/Expressions/Sdk/Functions`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from guardrail.actions.expressions import symbols
from guardrail.actions.expressions.compare import equal
from guardrail.actions.expressions.errors import EvaluationError
from guardrail.actions.expressions.values import DEEPEST, LONGEST, Symbol, Value, World, fold, primitive, text

_SPELLINGS = {"endswith": "endsWith", "fromjson": "fromJSON", "hashfiles": "hashFiles"}
_SPELLINGS |= {"startswith": "startsWith", "tojson": "toJSON"}
_BRACE = re.compile(r"\{\{|\}\}|\{([0-9]{1,3})\}|[{}]")
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


def spelled(name: str, arguments: list[Value]) -> str:
    """A call as canonical text, its arguments by value."""
    return f"{_SPELLINGS.get(name, name)}({', '.join(symbols.name_of(item) for item in arguments)})"


def _contains(arguments: list[Value], world: World) -> Value:
    search, item = arguments
    if isinstance(search, list):
        return _member(search, item, world)
    if not primitive(search) or not primitive(item):
        return False
    if isinstance(search, Symbol) or isinstance(item, Symbol):
        return symbols.asked(spelled("contains", arguments), world)
    return fold(text(item)) in fold(text(search))


def _member(items: list[Value], item: Value, world: World) -> Value:
    unknown = False
    for each in items:
        if isinstance(each, Symbol) or isinstance(item, Symbol):
            found = symbols.compared("==", each, item, world)
        else:
            found = equal(item, each)
        if found is True:
            return True
        unknown = unknown or isinstance(found, Symbol)
    return Symbol(spelled("contains", [items, item])) if unknown else False


def _starts(arguments: list[Value], world: World) -> Value:
    return _edge("startswith", arguments, world, str.startswith)


def _ends(arguments: list[Value], world: World) -> Value:
    return _edge("endswith", arguments, world, str.endswith)


def _edge(name: str, arguments: list[Value], world: World, test: Callable[[str, str], bool]) -> Value:
    whole, part = arguments
    if not primitive(whole) or not primitive(part):
        return False
    if isinstance(whole, Symbol) or isinstance(part, Symbol):
        return symbols.asked(spelled(name, arguments), world)
    return test(fold(text(whole)), fold(text(part)))


def _format(arguments: list[Value], _: World) -> Value:
    pattern, values = arguments[0], arguments[1:]
    if isinstance(pattern, Symbol):
        return Symbol(spelled("format", arguments))
    if not primitive(pattern):
        raise EvaluationError("the format is no string")
    pieces = _pieces(text(pattern), values)
    if any(isinstance(piece, Symbol) for piece in pieces):
        # whatever the unknown parts are, text around them makes it a non-empty string
        filled = any(not isinstance(piece, Symbol) and text(piece) for piece in pieces)
        return Symbol(spelled("format", arguments), filled or None)
    return bounded([text(piece) for piece in pieces])


def _pieces(pattern: str, values: list[Value]) -> list[Value]:
    """The parts of a format in order: text, and the values put in."""
    pieces: list[Value] = []
    last = 0
    for found in _BRACE.finditer(pattern):
        before, brace = pattern[last : found.start()], found.group()
        last = found.end()
        if found[1]:
            if int(found[1]) >= len(values):
                raise EvaluationError(f"format() has no value for {brace}")
            pieces += [before, values[int(found[1])]]
        elif brace in ("{{", "}}"):
            pieces.append(before + brace[0])
        else:
            raise EvaluationError(f"format() has a stray '{brace}', which is written '{brace * 2}'")
    pieces.append(pattern[last:])
    return pieces


def bounded(pieces: list[str]) -> str:
    """The pieces joined; EvaluationError beyond the limit, as nested formats grow without end."""
    _check_length(sum(map(len, pieces)))
    return "".join(pieces)


def _check_length(length: int) -> None:
    if length > LONGEST:
        raise EvaluationError(f"the result is longer than {LONGEST:,} characters")


def _join(arguments: list[Value], _: World) -> Value:
    items, separator = arguments[0], arguments[1] if len(arguments) > 1 else ","
    if isinstance(items, Symbol):
        return Symbol(spelled("join", arguments))
    if not isinstance(items, list):
        return text(items) if primitive(items) else ""
    if (isinstance(separator, Symbol) and len(items) > 1) or any(isinstance(item, Symbol) for item in items):
        return Symbol(spelled("join", arguments))
    between = text(separator) if primitive(separator) else ","
    pieces = [text(item) for item in items]
    _check_length(sum(map(len, pieces)) + len(between) * len(pieces))
    return between.join(pieces)


def _to_json(arguments: list[Value], _: World) -> Value:
    if isinstance(arguments[0], Symbol):
        return Symbol(spelled("tojson", arguments))
    writer = _Writer()
    writer.write(arguments[0], 0)
    if writer.unknown:
        return Symbol(spelled("tojson", arguments))
    return "".join(writer.pieces)


class _Writer:
    """JSON with two spaces of indentation (actions/runner Sdk/Functions/ToJson.cs), bounded in depth and length."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.left = LONGEST
        self.unknown = False

    def add(self, piece: str) -> None:
        self.left -= len(piece)
        if self.left < 0:
            raise EvaluationError(f"the result of toJSON() is longer than {LONGEST:,} characters")
        self.pieces.append(piece)

    def write(self, value: Value, depth: int) -> None:
        if depth > DEEPEST:
            raise EvaluationError(f"toJSON() is given data nested more than {DEEPEST} deep")
        if isinstance(value, Symbol):
            self.unknown = True
            self.add("?")
        elif isinstance(value, dict):
            self.block("{}", [(json.dumps(str(key), ensure_ascii=False) + ": ", value[key]) for key in value], depth)
        elif isinstance(value, list):
            self.block("[]", [("", item) for item in value], depth)
        elif isinstance(value, str):
            self.add(json.dumps(value, ensure_ascii=False))
        else:
            self.add("null" if value is None else text(value))

    def block(self, brackets: str, items: list[tuple[str, Value]], depth: int) -> None:
        if not items:
            self.add(brackets)
            return
        self.add(brackets[0])
        for index, (key, item) in enumerate(items):
            self.add(("," if index else "") + "\n" + "  " * (depth + 1) + key)
            self.write(item, depth + 1)
        self.add("\n" + "  " * depth + brackets[1])


def _from_json(arguments: list[Value], _: World) -> Value:
    given = arguments[0]
    if isinstance(given, Symbol):
        return Symbol(spelled("fromjson", arguments))
    source = text(given)
    depth = 0
    for found in _BRACKETS.finditer(source):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found.group(), 0)
        if depth > DEEPEST:
            raise EvaluationError(f"fromJSON() is given JSON nested more than {DEEPEST} deep")
    try:
        return json.loads(source, parse_int=float, parse_constant=_refuse, object_pairs_hook=_object)
    except ValueError as error:
        raise EvaluationError(f"fromJSON() is given no JSON: {error}") from None


def _refuse(word: str) -> Value:
    raise ValueError(f"{word} is no JSON")


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    """An object whose names differ in more than their case: the last value, under the first spelling."""
    found: dict[str, Value] = {}
    spellings: dict[str, str] = {}
    for key, value in pairs:
        found[spellings.setdefault(fold(key), key)] = value
    return found


def _hash_files(arguments: list[Value], _: World) -> Value:
    return Symbol(spelled("hashfiles", arguments))


FUNCTIONS: Mapping[str, Callable[[list[Value], World], Value]] = MappingProxyType(
    {
        "contains": _contains,
        "endswith": _ends,
        "format": _format,
        "fromjson": _from_json,
        "hashfiles": _hash_files,
        "join": _join,
        "startswith": _starts,
        "tojson": _to_json,
    }
)
"""By lower-cased name; `case` and the status functions do not evaluate all arguments and are not among them."""
