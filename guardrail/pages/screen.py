"""Text on a terminal: escaping, display width, wrapping and colour.

Shared by pages and reporters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# C0 and C1 controls, soft invisibles, bidirectional controls, line separators, surrogates, and the
# byte order mark.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_BREAKS = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_COLOURS = {
    "critical": "1;35",
    "high": "1;31",
    "medium": "1;33",
    "low": "1;36",
    "info": "1;34",
    "bold": "1",
    "dim": "2",
    "good": "1;32",
    "bad": "1;31",
}
_TAB = 4


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def escape(text: str) -> str:
    """The text with control and invisible characters, line ends too, made visible."""
    return _UNSAFE.sub(_escape, text)


def clean(text: str) -> str:
    """One line of safe text.

    White space runs become a blank, control and invisible characters are escaped.
    """
    return escape(_BREAKS.sub(" ", text)).strip()


def cells(text: str) -> list[tuple[str, int]]:
    """Each character of a source line as it is shown, with its width in columns.

    Tabs become blanks.
    """
    if text.isascii() and text.isprintable():
        return [(char, 1) for char in text]
    shown: list[tuple[str, int]] = []
    column = 0
    for char in text:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else _UNSAFE.sub(_escape, char)
        size = len(cell) if len(cell) > 1 or cell == " " else _char_width(char)
        shown.append((cell, size))
        column += size
    return shown


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str) -> int:
    """Columns that safe text takes on a terminal."""
    return len(text) if text.isascii() else sum(_char_width(char) for char in text)


def wrap(text: str, room: int, first: str = "", then: str = "") -> list[str]:
    """Safe text in lines of at most `room` columns, the first after `first`, the others after
    `then`.
    """
    lines: list[str] = []
    line, used = first, width(first)
    empty = True
    for word in clean(text).split(" "):
        size = width(word)
        if not empty and used + 1 + size > room:
            lines.append(line)
            line, used, empty = then, width(then), True
        line += word if empty else f" {word}"
        used += size if empty else size + 1
        empty = False
    lines.append(line.rstrip())
    return lines


def opening(text: str, limit: int = 200) -> str:
    """The first sentence of a text, and the second if both are within `limit` characters."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[^a-z\s])", clean(text))
    start = sentences[0]
    if len(sentences) > 1 and len(start) + 1 + len(sentences[1]) <= limit:
        start += f" {sentences[1]}"
    return start


class Paint:
    """Colours when asked for, and leaves text alone otherwise."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, style: str, text: str) -> str:
        """Text in a style: a severity, `bold`, `dim`, `good` or `bad`."""
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self.color and text else text


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `2 files`, `1,200 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Iterable[str], empty: str = "none") -> str:
    """`a, b, c`, or the word for nothing."""
    return ", ".join(words) or empty
