"""What numbers and quoted text stand for (hcl/hclsyntax/spec.md, "Numeric Literals", "Template Literals")."""

from __future__ import annotations

import re

MOST_DIGITS = 4_000
"""Of a number; int() itself refuses more than 4,300."""

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.|\Z))|([$%])\4\{", re.DOTALL)
_BRACE = re.compile(r"([$%])\1\{")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def number(text: str) -> int | float | None:
    """The value of a number, whole ones as int; None for `1.2.3` and for what no computer holds."""
    if len(text) > MOST_DIGITS:
        return None
    if text.isdigit():
        return int(text)
    try:
        value = float(text)
    except ValueError:
        return None
    if value in (float("inf"), 0.0) or value >= 2**53:
        return _exact(text)
    return int(value) if value.is_integer() else value


def _exact(text: str) -> int | float | None:
    from decimal import Decimal

    try:
        value = Decimal(text)
    except ArithmeticError:  # an exponent of twenty digits
        return None
    if value and not -MOST_DIGITS < value.adjusted() < MOST_DIGITS:
        return None
    whole = value.to_integral_value() if value.adjusted() < 28 else value
    return int(value) if whole == value else float(text)


def unquote(raw: str) -> tuple[str, list[int]]:
    """The text that quoted text stands for, and the offsets of escapes that there are not (they stay as written)."""
    wrong: list[int] = []

    def plain(m: re.Match[str]) -> str:
        four, eight, letter, sign = m.groups()
        if sign:
            return f"{sign}{{"
        if four or eight:
            point = int(four or eight, 16)
            if point <= 0x10FFFF and not 0xD800 <= point < 0xE000:
                return chr(point)
            letter = ""
        if letter not in _SIMPLE:
            wrong.append(m.start())
        return _SIMPLE.get(letter, m[0])

    return _ESCAPE.sub(plain, raw), wrong


def unbrace(raw: str) -> str:
    """The text of a heredoc, where only `$${` and `%%{` are escapes."""
    return _BRACE.sub(r"\1{", raw)
