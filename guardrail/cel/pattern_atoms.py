"""The single characters and character classes of RE2 patterns, translated to Python's syntax."""

from __future__ import annotations

import re

_CLASSES = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": "\\t\\n\\f\\r ",
}
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\\x00-\\x7f",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t\\n\\v\\f\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_HEX = re.compile(r"x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})")
_SIMPLE = "aftnrv"
_PROPERTY = re.compile(r"([pP])(?:([A-Z])|\{\^?[A-Za-z_]{1,30}\})")
_OCTAL = re.compile("[0-7]{0,2}")
_POSIX_NAME = re.compile(r"\[:(\^?)([a-z]+):\]")


class PatternError(Exception):
    """The pattern is not RE2 syntax."""


class Atoms:
    """Reads a pattern from left to right; `at` is the next character."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.only_regex = False

    def error(self, message: str) -> PatternError:
        """The error for this pattern."""
        return PatternError(f"invalid regular expression: {message} in {self.source[:80]!r}")

    def escape(self) -> str:
        """A backslash and what follows, outside classes."""
        self.at += 1
        char = self.source[self.at : self.at + 1]
        if not char:
            raise self.error("trailing backslash")
        if char.lower() in _CLASSES:
            self.at += 1
            return f"[{'^' if char.isupper() else ''}{_CLASSES[char.lower()]}]"
        if char in "pP":
            return self.property()
        if char == "Q":
            end = self.source.find("\\E", self.at)
            text = self.source[self.at + 1 : end if end >= 0 else None]
            self.at = len(self.source) if end < 0 else end + 2
            return f"(?:{re.escape(text)})"
        if char in "AzbB":
            self.at += 1
            return r"\Z" if char == "z" else f"\\{char}"
        return re.escape(self.escaped_char())

    def escaped_char(self) -> str:
        """The single character an escape stands for, in and out of classes."""
        char = self.source[self.at : self.at + 1]
        if found := _HEX.match(self.source, self.at):
            code = int(found.group(1) or found.group(2), 16)
            if code > 0x10FFFF:
                raise self.error("invalid escape")
            self.at = found.end()
            return chr(code)
        self.at += 1
        if char and char in _SIMPLE:
            return dict(zip(_SIMPLE, "\a\f\t\n\r\v", strict=True))[char]
        if char == "0":
            digits = _OCTAL.match(self.source, self.at)
            assert digits is not None
            self.at = digits.end()
            return chr(int(digits.group() or "0", 8))
        if char.isdigit():
            raise self.error("back-references are not offered (RE2 syntax)")
        if not char or char.isalnum() or not char.isascii():
            raise self.error(f"unknown escape '\\{char}'")
        return char

    def property(self) -> str:
        """A Unicode property, such as \\pL; only the `regex` package knows them."""
        found = _PROPERTY.match(self.source, self.at)
        if found is None:
            raise self.error("invalid character class")
        self.at = found.end()
        self.only_regex = True
        return "\\" + found.group()

    def character_class(self) -> str:
        """A class in brackets."""
        start = self.at
        self.at += 1
        out = "["
        if self.source.startswith("^", self.at):
            self.at += 1
            out = "[^"
        first = True
        while first or not self.source.startswith("]", self.at):
            if self.at >= len(self.source):
                raise self.error(f"missing closing ']' of {self.source[start : start + 20]!r}")
            out += self.class_item()
            first = False
        self.at += 1
        return out + "]"

    def class_item(self) -> str:
        """One character, range or named class inside brackets."""
        if found := _POSIX_NAME.match(self.source, self.at):
            if found.group(1) or found.group(2) not in _POSIX:
                raise self.error(f"character class {found.group()} is not offered")
            self.at = found.end()
            return _POSIX[found.group(2)]
        if self.source.startswith("\\", self.at):
            following = self.source[self.at + 1 : self.at + 2]
            if following and following.lower() in _CLASSES:
                self.at += 2
                return _CLASSES.get(following, f"\\{following}")
            if following and following in "pP":
                self.at += 1
                return self.property()
        low = self.class_char()
        rest = self.source[self.at : self.at + 2]
        if rest[:1] != "-" or rest in ("-", "-]"):
            return _escaped(low)
        self.at += 1
        high = self.class_char()
        if high < low:
            raise self.error(f"invalid range {low}-{high}")
        return f"{_escaped(low)}-{_escaped(high)}"

    def class_char(self) -> str:
        """A character of a class, escaped or not."""
        char = self.source[self.at : self.at + 1]
        if not char:
            raise self.error("missing closing ']'")
        self.at += 1
        return self.escaped_char() if char == "\\" else char


def _escaped(char: str) -> str:
    return f"\\{char}" if char in "\\]^-[&~|" else char
