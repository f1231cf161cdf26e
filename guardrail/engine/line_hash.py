"""GitHub's `primaryLocationLineHash`: what tells one alert from another when lines move."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import accumulate

_WINDOW = 100
_MOD = (1 << 64) - 1
_END = "\uffff"
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def _units(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _polynomial(window: str) -> int:
    value = 0
    for char in window:
        value = value * 37 + ord(char)
    return value & _MOD


def _kept(text: str) -> str:
    """The text that counts, one character for each UTF-16 unit.

    Line ends as LF, no spaces or tabs.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _ASTRAL.sub(_units, text)
    return text.replace(" ", "").replace("\t", "")


def _windows(text: str, wanted: Collection[int]) -> Iterator[tuple[int, str]]:
    """Line number and window of the wanted lines and of every earlier line that begins like one of
    them.
    """
    kept = _kept(text)
    lines = kept.split("\n")
    numbers = [number for number in wanted if 1 <= number <= len(lines)]
    if not numbers:
        return
    last = max(numbers)
    padded = kept + _END + "\0" * _WINDOW
    starts = list(accumulate((len(line) + 1 for line in lines[: last - 1]), initial=0))
    likely = {lines[number - 1][:_WINDOW] for number in numbers}
    for number, line in enumerate(lines[:last], 1):
        if line[:_WINDOW] in likely:
            start = starts[number - 1]
            yield number, padded[start : start + _WINDOW]


def line_hashes(text: str, wanted: Collection[int]) -> dict[int, str]:
    """`hash:n` for each wanted 1-based line; n counts lines with that hash so far. Lines past the
    end have none.

    The hash runs over the 100 UTF-16 units from the line's first kept character, over line ends,
    modulo 2^64, as github/codeql-action computes it (src/fingerprints.ts). The empty line after a
    final line end counts.
    """
    asked = frozenset(wanted)
    seen: dict[str, int] = {}
    windows: dict[str, str] = {}
    hashes: dict[int, str] = {}
    for number, window in _windows(text, asked):
        count = seen[window] = seen.get(window, 0) + 1
        if number in asked:
            if window not in windows:
                windows[window] = f"{_polynomial(window):x}"
            hashes[number] = f"{windows[window]}:{count}"
    return hashes
