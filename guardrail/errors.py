"""Exceptions that end a run, each with its exit code (see `guardrail scan --help`)."""

from __future__ import annotations

from collections.abc import Iterable


class GuardrailError(Exception):
    """The run cannot go on; `exit_code` is what the process returns."""

    exit_code = 4


class UsageError(GuardrailError):
    """A wrong option, path or settings file."""

    exit_code = 2


class PolicyError(GuardrailError):
    """A policy, profile or settings file is wrong; `place` is `file:line:column` where it is known."""

    exit_code = 2

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.message = message
        self.place = place


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the closest of the `known` words, or nothing."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""
