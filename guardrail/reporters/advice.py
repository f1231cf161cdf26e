"""Problem codes in words: what each means and what a person can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "unreadable": (
            "An input could not be read, so nothing in it was judged.",
            "Repair the file at the place shown, or exclude it in .guardrail.yaml.",
        ),
        "partly": (
            "Part of an input could not be read, so that part was not judged.",
            "Repair the file at the place shown; the rest of it was judged.",
        ),
        "syntax": (
            "An input is not valid in its language, so it was not judged.",
            "Repair the file at the place shown; if it is a template, exclude it in .guardrail.yaml.",
        ),
        "encoding": (
            "An input is not valid UTF-8 text, so it was not judged.",
            "Save the file as UTF-8, or exclude it in .guardrail.yaml.",
        ),
        "large": (
            "An input is larger than guardrail reads, so it was not judged.",
            "Split the file, or exclude it in .guardrail.yaml.",
        ),
        "policy": (
            "A policy could not be used, so it judged nothing.",
            "Run `guardrail policy lint` on the policy file and repair what it names.",
        ),
        "crash": (
            "A policy stopped with an internal error, so it did not judge that resource.",
            "The fault is the policy's or guardrail's, not your file's; report it with the policy's id.",
        ),
    }
)
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "crash": "crash",
        "policy": "policy",
        "expression": "policy",
        "part": "partly",
        "encod": "encoding",
        "utf": "encoding",
        "large": "large",
        "size": "large",
        "yaml": "syntax",
        "json": "syntax",
        "syntax": "syntax",
        "parse": "syntax",
        "duplicate": "syntax",
    }
)


def _kind(code: str) -> str:
    return next((kind for word, kind in _WORDS.items() if word in code.lower()), "unreadable")


def meaning(code: str) -> str:
    """A sentence saying what the problem is."""
    return _KINDS[_kind(code)][0]


def remedy(code: str) -> str:
    """A sentence saying what to do about it."""
    return _KINDS[_kind(code)][1]
