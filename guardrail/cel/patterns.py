"""Regular expressions in RE2's syntax (github.com/google/re2/wiki/Syntax), without its engine.

A pattern is parsed, which rejects what RE2 has not (look-around, back-references), and written out
again in Python's syntax. The parse also bounds the steps a backtracking engine could take: the
standard library's `re` runs what is provably cheap, `regex` with a time limit runs the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from guardrail.cel.errors import CelLimit
from guardrail.cel.pattern_atoms import PatternError
from guardrail.cel.pattern_parser import Parsed, parse_pattern

MAX_STEPS = 10_000_000
TIMEOUT = 0.1  # seconds, for one search of one text


Match: TypeAlias = re.Match[str]  # those of `regex` offer the same


class Pattern:
    """A compiled pattern: searches cheap texts with `re`, risky ones with `regex` and a limit."""

    __slots__ = ("_careful", "_plain", "groups", "parsed")

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.groups = parsed.groups
        self._plain: re.Pattern[str] | None = None
        self._careful: Any = None
        if not parsed.only_regex:
            try:
                self._plain = re.compile(parsed.python, re.ASCII)
            except (re.error, OverflowError) as error:
                raise PatternError(f"invalid regular expression: {error}") from None
        else:
            self._compile_careful()

    def _compile_careful(self) -> Any:
        import regex  # late: 15 ms, and few patterns need it

        if self._careful is None:
            # Unicode properties match nothing beyond ASCII under the ASCII flag
            flags = regex.VERSION0 | (0 if self.parsed.only_regex else regex.ASCII)
            try:
                self._careful = regex.compile(self.parsed.python, flags)
            except regex.error as error:
                raise PatternError(f"invalid regular expression: {error}") from None
        return self._careful

    def search(self, text: str) -> Match | None:
        """The first match; CelLimit when the search takes too long."""
        if self._plain is not None and self.parsed.steps(len(text)) <= MAX_STEPS:
            return self._plain.search(text)
        careful = self._compile_careful()
        try:
            found: Match | None = careful.search(text, timeout=TIMEOUT)
            return found
        except TimeoutError:
            raise _too_slow(self.parsed.source) from None

    def all(self, text: str) -> Iterator[Match]:
        """All matches from left to right, none overlapping; CelLimit when it takes too long."""
        if self._plain is not None and self.parsed.steps(len(text)) <= MAX_STEPS:
            yield from self._plain.finditer(text)
            return
        careful = self._compile_careful()
        try:
            yield from careful.finditer(text, timeout=TIMEOUT)
        except TimeoutError:
            raise _too_slow(self.parsed.source) from None


def _too_slow(source: str) -> CelLimit:
    return CelLimit(f"regular expression takes too long: {source[:80]}")


@lru_cache(maxsize=512)
def compile_pattern(source: str) -> Pattern:
    """The pattern for RE2 text; PatternError when RE2 would not take it. Cached."""
    return Pattern(parse_pattern(source))


__all__ = ["Match", "Pattern", "PatternError", "compile_pattern"]
