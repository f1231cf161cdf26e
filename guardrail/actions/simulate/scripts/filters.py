"""`grep` on a text that is known, as far as its pattern is plain."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLAIN = re.compile(r"[\w \"':,/-]+\Z")
_OPTIONS = re.compile(r"-[qEiFwsvo]+\Z")


def grep(text: str, words: Sequence[str | None]) -> bool | None:
    """Whether `grep` with these words finds something in a text; None where that is not known.

    Patterns other than plain texts and choices of them are not tried: they come from files nobody vouches for.
    """
    if not words or words[0] not in ("grep", "egrep", "fgrep"):
        return None
    options, rest = "", [*words[1:]]
    while rest and rest[0] is not None and _OPTIONS.match(rest[0]):
        options += rest.pop(0) or ""
    if rest and rest[0] in ("-e", "--"):
        rest.pop(0)
    if len(rest) != 1 or rest[0] is None or "\0" in text:
        return None
    choices = rest[0].strip("()").replace("\\|", "|").split("|")
    if not all(_PLAIN.match(choice) for choice in choices) or "w" in options:
        return None
    if "i" in options:
        text, choices = text.lower(), [c.lower() for c in choices]
    return any(choice in text for choice in choices) != ("v" in options)
