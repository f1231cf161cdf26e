"""Text to tokens (cel-spec langdef.md, "Syntax")."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from guardrail.cel.errors import CelCompileError
from guardrail.cel.values import INT_MAX, UINT_MAX, Uint

RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop"}
    | {"package", "namespace", "return", "var", "void", "while"}
)
_TOKEN = re.compile(
    r"""(?:[ \t\r\n\f]+|//[^\n]*)*+(?:
    ((?:[rR][bB]?|[bB][rR]?)?(?:\"{3}|'{3}|["']))
    |([_a-zA-Z][_a-zA-Z0-9]*)
    |(&&|\|\||[=!<>]=|\.(?![0-9])|[-+*/%<>!?:,()\[\]{}])
    |([0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
    |(0x[0-9a-fA-F]+[uU]?|[0-9]+[uU]?)
    |`([^`\n]+)`)?""",
    re.VERBOSE,
)
_STRING, _IDENT, _OPERATOR, _DOUBLE, _INT = range(1, 6)
"""Groups of it; the last one is a quoted name. What matches no group is the end, or no token."""
_BODIES = {
    ('"', False): r'((?:[^"\\\n\r]|\\.)*)"',
    ("'", False): r"((?:[^'\\\n\r]|\\.)*)'",
    ('"', True): r'([^"\n\r]*)"',
    ("'", True): r"([^'\n\r]*)'",
    ('"""', False): r'((?:[^\\]|\\.)*?)"{3}',
    ("'''", False): r"((?:[^\\]|\\.)*?)'{3}",
    ('"""', True): r'(.*?)"{3}',
    ("'''", True): r"(.*?)'{3}",
}
_ESCAPE = (
    r"\\(?:([abfnrtv\\?\"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})"
    r"|([0-3][0-7]{2})|)"
)
_SIMPLE = dict(zip("abfnrtv\\?\"'`", "\a\b\f\n\r\t\v\\?\"'`", strict=True))


@lru_cache(maxsize=16)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Late, as most forms of strings are rare."""
    return re.compile(pattern, re.DOTALL)


class Token(NamedTuple):
    """One token: kind is `ident`, `quoted`, `value`, `end`, or the operator itself."""

    kind: str
    value: object
    offset: int


def tokenize(text: str) -> list[Token]:
    """All tokens of an expression, closed by an `end` token; CelCompileError on stray text."""
    tokens: list[Token] = []
    offset, match, add, new = 0, _TOKEN.match, tokens.append, tuple.__new__
    while True:
        found = match(text, offset)
        assert found is not None  # every part of it may be missing
        group = found.lastindex
        if group is None:
            break
        word, at, offset = found[group], found.start(group), found.end()
        if group == _IDENT:
            add(new(Token, ("ident", word, at)))
        elif group == _OPERATOR:
            add(new(Token, (word, word, at)))
        elif group == _STRING:
            value, offset = _string(text, at, word, offset)
            add(Token("value", value, at))
        elif group in (_DOUBLE, _INT):
            add(Token("value", _number(text, at, word, group == _DOUBLE), at))
        else:
            add(Token("quoted", word, at - 1))
    offset = found.end()
    if offset < len(text):
        raise CelCompileError.at(f"unexpected character {text[offset]!r}", text, offset)
    add(Token("end", "", offset))
    return tokens


def _number(text: str, offset: int, word: str, double: bool) -> object:
    if double:
        return float(word)
    unsigned = word[-1] in "uU"
    if len(word) > 30:
        raise CelCompileError.at("integer literal out of range", text, offset)
    value = int(word.rstrip("uU"), 16 if word.startswith("0x") else 10)
    # the largest int plus one is let through, as it is valid after a minus sign: the parser looks
    if value > (UINT_MAX if unsigned else INT_MAX + 1):
        raise CelCompileError.at("integer literal out of range", text, offset)
    return Uint(value) if unsigned else value


def _string(text: str, offset: int, opening: str, start: int) -> tuple[object, int]:
    prefix = opening.rstrip("\"'").lower()
    found = _compiled(_BODIES[opening[len(prefix) :], "r" in prefix]).match(text, start)
    if found is None:
        raise CelCompileError.at("string is not closed", text, offset)
    body = found.group(1)
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "b" in prefix:
        if "r" in prefix or "\\" not in body:
            return body.encode(), found.end()
        return _unescape_bytes(text, body, start), found.end()
    if "r" not in prefix and "\\" in body:
        body = _compiled(_ESCAPE).sub(lambda m: _escape(m, text, start), body)
    return body, found.end()


def _escape(found: re.Match[str], text: str, start: int) -> str:
    simple, byte, short, long, octal = found.groups()
    if simple:
        return _SIMPLE[simple]
    digits = byte or short or long
    code = int(digits, 16) if digits else int(octal, 8) if octal else -1
    if 0 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF:
        return chr(code)
    raise CelCompileError.at("invalid escape in string", text, start + found.start())


def _unescape_bytes(text: str, body: str, start: int) -> bytes:
    out, last = bytearray(), 0
    for found in _compiled(_ESCAPE).finditer(body):
        simple, byte, _, _, octal = found.groups()
        out += body[last : found.start()].encode()
        last = found.end()
        if simple:
            out += _SIMPLE[simple].encode()
        elif byte or octal:
            out.append(int(byte, 16) if byte else int(octal, 8))
        else:
            raise CelCompileError.at("invalid escape in bytes", text, start + found.start())
    return bytes(out + body[last:].encode())
