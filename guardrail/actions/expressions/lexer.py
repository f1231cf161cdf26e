"""Text to tokens, as actions/runner reads them (src/Sdk/Expressions/Tokens/LexicalAnalyzer.cs)."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from guardrail.actions.expressions.errors import ExpressionError
from guardrail.actions.expressions.values import WHITESPACE, parse_number

# Where a word or a number ends: brackets, the comma, the dot, operators and white space. Neither `*` nor `+` do,
# so `a.b*` and `1+2` are single, malformed words.
_BOUNDARY = re.escape("()[],.!><=&|" + WHITESPACE)
_TOKEN = re.compile(
    rf"""(?P<space>[{re.escape(WHITESPACE)}]+)
    |(?P<string>'[^']*(?:''[^']*)*'(?!'))
    |(?P<op>&&|\|\||[=!<>]=|[()\[\],!<>])
    |(?P<number>[-+0-9](?:[^{_BOUNDARY}]|\.)*)
    |(?P<star>\*)
    |(?P<dot>\.)
    |(?P<word>[^{_BOUNDARY}'][^{_BOUNDARY}]*)""",
    re.VERBOSE,
)
_FRACTION = re.compile(rf"(?:[^{_BOUNDARY}]|\.)*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_CONSTANTS: dict[str, object] = {"null": None, "true": True, "false": False, "NaN": float("nan")}
_CONSTANTS["Infinity"] = float("inf")
# A dot behind one of these dereferences; anywhere else it begins a number.
_DEREFERENCED = frozenset({"name", ")", "]", "*"})


class Token(NamedTuple):
    """Kind is `name`, `value` (a literal), `.`, `*`, `end`, or the operator itself."""

    kind: str
    value: object
    offset: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens, closed by one of kind `end`; ExpressionError on text that is none."""
    tokens: list[Token] = []
    offset, size, previous = 0, len(text), ""
    while offset < size:
        found = _TOKEN.match(text, offset)
        if found is None:
            raise _stray(text, offset)
        kind, word = str(found.lastgroup), found.group()
        if kind != "space":
            if kind == "dot" and previous not in _DEREFERENCED:
                word, kind = _whole(_FRACTION, text, offset), "number"
            token = _token(kind, word, offset, previous)
            tokens.append(token)
            previous = token.kind
        offset += len(word)
    tokens.append(Token("end", None, size, size))
    return tokens


def _whole(pattern: re.Pattern[str], text: str, offset: int) -> str:
    found = pattern.match(text, offset)
    return found.group() if found else ""


def _token(kind: str, word: str, offset: int, previous: str) -> Token:
    end = offset + len(word)
    if kind in ("op", "star", "dot"):
        return Token(word, word, offset, end)
    if kind == "string":
        return Token("value", word[1:-1].replace("''", "'"), offset, end)
    if kind == "number":
        value = parse_number(word)
        if math.isnan(value):
            raise ExpressionError(f"'{_short(word)}' is not a number{_hint(word)}", offset)
        return Token("value", value, offset, end)
    if not _NAME.match(word):
        raise ExpressionError(f"unexpected '{_short(word)}'{_hint(word)}", offset)
    if previous != "." and word in _CONSTANTS:
        return Token("value", _CONSTANTS[word], offset, end)
    return Token("name", word, offset, end)


def _stray(text: str, offset: int) -> ExpressionError:
    if text[offset] == "'":
        return ExpressionError("the string is not closed", offset)
    twice = " (did you mean '" + text[offset] * 2 + "'?)" if text[offset] in "=&|" else ""
    return ExpressionError(f"unexpected '{text[offset]}'{twice}", offset)


def _hint(word: str) -> str:
    if '"' in word:
        return ": strings take single quotes"
    if any(sign in word for sign in "+-*/%"):
        return ": there is no arithmetic in expressions"
    return ""


def _short(word: str) -> str:
    return word if len(word) <= 40 else word[:40] + "..."
