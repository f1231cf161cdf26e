"""Problem codes in words: what each means and what a person can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_EXCLUDE = "or exclude it in .guardrail.yaml"
_KNOWN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "unreadable": (
            "An input, or a document in it, could not be read, so nothing in it was judged.",
            f"Repair the file at the place shown, {_EXCLUDE}.",
        ),
        "not-rendered": (
            "An input is a template, so what it will become was not judged.",
            f"Render it and scan the output (helm template | guardrail scan -), {_EXCLUDE}.",
        ),
        "too-large": (
            "An input is larger than guardrail reads, so it was not judged.",
            f"Split the file, {_EXCLUDE}.",
        ),
        "too-deep": (
            "An input is nested deeper than guardrail reads, so it was not judged.",
            f"Flatten the file, {_EXCLUDE}.",
        ),
        "binary": (
            "An input has the name of a text file but is binary, so it was not judged.",
            f"Save the file as UTF-8 text, {_EXCLUDE}.",
        ),
        "check-failed": (
            "A policy stopped with an error, so it did not judge that resource.",
            "The fault is the policy's or guardrail's, not your file's; report it with the id.",
        ),
    }
)


def _entry(code: str) -> tuple[str, str]:
    return _KNOWN.get(code, _KNOWN["unreadable"])


def meaning(code: str) -> str:
    """A sentence saying what the problem is."""
    return _entry(code)[0]


def remedy(code: str) -> str:
    """A sentence saying what to do about it."""
    return _entry(code)[1]
