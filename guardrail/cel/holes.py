"""What can be said of texts of which parts are not known (`UnknownValue.known`, a tuple of texts and unknowns)."""

from __future__ import annotations

from guardrail.model.value import UnknownValue


def ends(value: object) -> tuple[str, str]:
    """What a text surely begins and ends with; empty where that is not known."""
    if isinstance(value, str):
        return value, value
    parts = value.known if isinstance(value, UnknownValue) and isinstance(value.known, tuple) else ()
    first, last = (parts[0], parts[-1]) if parts else ("", "")
    return first if isinstance(first, str) else "", last if isinstance(last, str) else ""


def differs(unknown: UnknownValue, text: str) -> bool:
    """Whether a text with holes cannot be `text`: it begins or ends otherwise, or is longer."""
    first, last = ends(unknown)
    known = unknown.known if isinstance(unknown.known, tuple) else ()
    length = sum(len(part) for part in known if isinstance(part, str))
    return not text.startswith(first) or not text.endswith(last) or length > len(text)


def answer(name: str, args: list[object]) -> bool | None:
    """The value of `.startsWith`, `.endsWith` or `.contains` of a text with holes; None where the holes decide."""
    if len(args) != 2 or not isinstance(args[0], UnknownValue) or not isinstance(args[1], str):
        return None
    (first, last), wanted = ends(args[0]), args[1]
    if name == ".startsWith" and first:
        return True if first.startswith(wanted) else None if wanted.startswith(first) else False
    if name == ".endsWith" and last:
        return True if last.endswith(wanted) else None if wanted.endswith(last) else False
    if name == ".contains" and isinstance(args[0].known, tuple):
        return True if any(isinstance(part, str) and wanted in part for part in args[0].known) else None
    return None
