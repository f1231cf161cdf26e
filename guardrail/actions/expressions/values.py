"""Values of expressions, known and unknown, and GitHub's conversions between them.

The source of every conversion is actions/runner, `src/Sdk/Expressions/EvaluationResult.cs` and
`Sdk/ExpressionUtility.cs`; github/docs `workflows-and-actions/expressions.md` tells the same in tables.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple, Protocol, TypeAlias

Value: TypeAlias = object
"""None, bool, int or float, str, list, dict, or a Symbol; lists and dicts may hold Symbols too."""

LONGEST = 1_000_000  # characters of a result: GitHub bounds the memory of an evaluation, too
DEEPEST = 100  # levels of data: actions/runner Sdk/Functions/JsonParser.cs, MaxDepth

# Char.IsWhiteSpace of .NET: unlike str.isspace without the separators U+001C to U+001F.
WHITESPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
WHITESPACE += "\u2028\u2029\u202f\u205f\u3000"
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_HEX = re.compile(r"0x0*([0-9a-fA-F]{1,8})\Z")
_OCTAL = re.compile(r"0o0*([0-7]{1,11})\Z")
_NAN = float("nan")
# Letters whose upper case is an ASCII letter; comparing without case keeps them apart from it.
_UNFOLDED = "\u0131\u017f"


class Symbol(NamedTuple):
    """A value no file tells: `vars.region`, `steps.x.outputs.y`, `contains(github.ref, 'x')`.

    `name` is canonical text: equal names are equal values. `truthy` is set where its truth is known although its
    value is not (`vars.x || 'dev'`).
    """

    name: str
    truthy: bool | None = None


class Atom(NamedTuple):
    """A question about a Symbol that has yes or no for an answer.

    `kind` is `truthy` (literal None), `equals`, `less` or `greater`; of the last three at most one holds for the
    same literal. Strings in `literal` are lower-cased, as comparisons ignore case.
    """

    kind: str
    subject: str
    literal: object = None


class World(Protocol):
    """What an expression is evaluated in."""

    def lookup(self, steps: tuple[str, ...]) -> Value:
        """The value of a context path, lower-cased (`("needs", "build", "result")`); prefixes are asked too
        (`("needs",)` for `needs.*.result`). None where nothing is there, a Symbol where it is not known."""

    def decide(self, atom: Atom) -> bool | None:
        """The answer to a question; None leaves it open."""

    def status(self, name: str) -> Value:
        """The value of `success`, `failure`, `always` or `cancelled`."""


def parse_number(text: str) -> float:
    """A string as a number: decimal, `0x` and `0o` within 32 bits, Infinity; 0 for blank text, else NaN."""
    text = text.strip(WHITESPACE)
    if not text:
        return 0.0
    if _DECIMAL.match(text):
        return float(text)
    if found := _HEX.match(text):
        return _signed(int(found[1], 16))
    if found := _OCTAL.match(text):
        return _signed(int(found[1], 8))
    return {"Infinity": float("inf"), "-Infinity": float("-inf")}.get(text, _NAN)


def _signed(value: int) -> float:
    """Of 32 bits, as .NET parses them: 0xffffffff is -1."""
    if value >= 1 << 32:
        return _NAN
    return float(value - (1 << 32) if value >= 1 << 31 else value)


def number(value: Value) -> float:
    """A value as a number: null 0, booleans 0 and 1, strings parsed, arrays and objects NaN."""
    if value is None:
        return 0.0
    if isinstance(value, (bool, int, float)):
        try:
            return float(value)
        except OverflowError:  # an integer of YAML has any length
            return float("inf") if value > 0 else float("-inf")
    return parse_number(value) if isinstance(value, str) else _NAN


def text(value: Value) -> str:
    """A value as a string: null '', numbers with 15 digits, `Array`, `Object`. Not for Symbols."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _digits(number(value))
    return "Object" if isinstance(value, dict) else "Array"


def _digits(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{value:.15G}" if value else "0"  # .NET's G15; negative zero is 0


def primitive(value: Value) -> bool:
    """Whether it is neither array nor object."""
    return not isinstance(value, (list, dict))


def truthy(value: Value) -> bool:
    """Whether a known value counts as true: not false, 0, -0, NaN, '' or null."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return not primitive(value) or bool(value)


def fold(value: str) -> str:
    """The form in which strings are compared: upper case letter by letter (.NET's OrdinalIgnoreCase)."""
    if value.isascii():
        return value.upper()
    return "".join(_upper(letter) for letter in value)


def _upper(letter: str) -> str:
    upper = letter.upper()
    return letter if len(upper) != 1 or letter in _UNFOLDED else upper


def property_of(value: dict[str, Value], name: str) -> Value:
    """The entry of an object under a name, whatever its case; None where there is none."""
    key = _key(value, name)
    return None if key is None else value[key]


def has_property(value: dict[str, Value], name: str) -> bool:
    """Whether an object has an entry under a name, whatever its case."""
    return _key(value, name) is not None


def _key(value: dict[str, Value], name: str) -> str | None:
    if name in value:
        return name
    wanted = fold(name)
    return next((key for key in value if fold(str(key)) == wanted), None)  # YAML has keys that are no strings
