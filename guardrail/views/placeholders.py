"""Texts that something fills in before Kubernetes sees them."""

from __future__ import annotations

_SIGNS = frozenset("$<{%")
"""What variables of a shell and of envsubst, templates and `<your value>` have."""


def filled_in(text: str) -> bool:
    """Whether a text has a sign of something that takes its place later."""
    return not _SIGNS.isdisjoint(text)
