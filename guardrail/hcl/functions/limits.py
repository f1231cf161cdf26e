"""What a function may make at most; beyond that its result is not known, where Terraform may well have one."""

from __future__ import annotations

from guardrail.model.value import UnknownValue

MOST_ELEMENTS = 100_000
"""Elements that a function makes."""

MOST_TEXT = 1_000_000
"""Characters that a function makes or reads."""

MOST_DEPTH = 100
"""Levels of lists and maps within one another."""


class Open(Exception):
    """A function cannot tell its result; `value` says what it hangs on."""

    def __init__(self, value: UnknownValue | str) -> None:
        super().__init__()
        self.value = UnknownValue(value) if isinstance(value, str) else value


def bounded(made: str) -> str:
    """A text that is not too large; open otherwise."""
    size(len(made))
    return made


def size(characters: int) -> None:
    """Open when a text would get too large."""
    if characters > MOST_TEXT:
        raise Open("a text too large to be worked out")


def limit(count: int) -> None:
    """Open when a list or map would get too large."""
    if count > MOST_ELEMENTS:
        raise Open("a value too large to be worked out")


def depth(level: int) -> None:
    """Open when data is nested too deep."""
    if level > MOST_DEPTH:
        raise Open("a value nested too deep to be worked out")
