"""Patterns that are compiled when they are first asked for: most of those a module knows, a scan never needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from re import Pattern
from re import compile as regex


def late(pattern: str, flags: int = 0) -> Callable[[], Pattern[str]]:
    """A function that gives the compiled pattern."""
    return cache(partial(regex, pattern, flags))
