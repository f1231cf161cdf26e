"""Sets of characters in RE2's syntax: `[a-z]`, `[[:alpha:]]`, `\\d`, escapes. A set is sorted ranges of code points."""

from __future__ import annotations

import re
import string

from guardrail.hcl.functions.limits import Open
from guardrail.hcl.values import EvaluationError

Ranges = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
ANY: Ranges = ((0, LAST),)
NO_NEWLINE: Ranges = ((0, 9), (11, LAST))
COUNTS = re.compile(r"\{([0-9]{1,9})(,([0-9]{1,9})?)?\}")

_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_PERL: dict[str, Ranges] = {"d": ((48, 57),), "s": ((9, 10), (12, 13), (32, 32)), "w": _WORD}
_NAMED: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": ((48, 57),),
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_CONTROL = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_HEX = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_MOST_FOLDED = 2_000


def tidy(ranges: list[tuple[int, int]]) -> Ranges:
    """Ranges sorted, those that touch made one."""
    made: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if made and low <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(made[-1][1], high))
        else:
            made.append((low, high))
    return tuple(made)


def inverted(ranges: Ranges) -> Ranges:
    """Every other character."""
    made: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if low > start:
            made.append((start, low - 1))
        start = high + 1
    return (*made, (start, LAST)) if start <= LAST else tuple(made)


def folded(ranges: Ranges) -> Ranges:
    """With the letters of other case."""
    made = list(ranges)
    for low, high in ranges:
        if high - low > _MOST_FOLDED and high > 127 and low != 0:
            raise Open("a pattern with many letters in either case")
        # A range from the first character on is most often all but a few, and those are ASCII.
        for code in range(low, min(high, low + _MOST_FOLDED) + 1):
            letter = chr(code)
            others = (letter.lower(), letter.upper(), *_ODD.get(letter, ""))
            made += [(ord(other), ord(other)) for other in others if len(other) == 1]
    return tidy(made)


_ODD = {"k": "\u212a", "K": "\u212a", "s": "\u017f", "S": "\u017f"}
"""The Kelvin sign and the long s are letters of these in another case, too."""


def escaped(source: str, at: int, fold: bool = False) -> tuple[Ranges, int]:
    """The set for what follows a backslash, and where it ends."""
    c = source[at : at + 1]
    if not c:
        raise EvaluationError("the pattern ends with a backslash")
    if c.lower() in _PERL:
        ranges = _PERL[c.lower()]
        return (ranges if c.islower() else inverted(ranges)), at + 1
    if c in "pP":
        raise Open("a pattern with classes of Unicode")
    code, end = _character(source, at)
    ranges = ((code, code),)
    return (folded(ranges) if fold else ranges), end


def _character(source: str, at: int) -> tuple[int, int]:
    c = source[at]
    if c in _CONTROL:
        return _CONTROL[c], at + 1
    if found := _HEX.match(source, at):
        code = int(found[1] or found[2], 16)
        if code <= LAST:
            return code, found.end()
    elif found := _OCTAL.match(source, at):
        return int(found[0], 8), found.end()
    elif c in string.punctuation:
        return ord(c), at + 1
    raise EvaluationError(f"the pattern has an escape that RE2 has not: \\{c}")


def bracketed(source: str, at: int, fold: bool) -> tuple[Ranges, int]:
    """The set for what follows an opening bracket, and where it ends."""
    negated = source.startswith("^", at)
    at += negated
    made: list[tuple[int, int]] = []
    first = True
    while first or not source.startswith("]", at):
        if at >= len(source):
            raise EvaluationError("the pattern has a [ that is not closed")
        first = False
        ranges, at = _part(source, at)
        made += ranges
    found = tidy(made)
    if fold:
        found = folded(found)
    return (inverted(found) if negated else found), at + 1


def _part(source: str, at: int) -> tuple[Ranges, int]:
    """A class by its name, an escape that is one, a character or a range."""
    if source.startswith("[:", at) and (end := source.find(":]", at + 2)) >= 0:
        name = source[at + 2 : end]
        if name.removeprefix("^") not in _NAMED:
            raise EvaluationError("the pattern has a class that RE2 has not")
        ranges = _NAMED[name.removeprefix("^")]
        return (inverted(ranges) if name.startswith("^") else ranges), end + 2
    if source.startswith("\\", at) and source[at + 1 : at + 2].lower() in (*_PERL, "p"):
        return escaped(source, at + 1)
    low, at = _single(source, at)
    if source.startswith("-", at) and source[at + 1 : at + 2] not in ("]", ""):
        high, at = _single(source, at + 1)
        if high < low:
            raise EvaluationError("the pattern has a range that goes backwards")
        return ((low, high),), at
    return ((low, low),), at


def _single(source: str, at: int) -> tuple[int, int]:
    if source[at] != "\\":
        return ord(source[at]), at + 1
    if at + 1 >= len(source):
        raise EvaluationError("the pattern ends with a backslash")
    return _character(source, at + 1)
