"""Versions of actions: what a tag such as `v4` or `v4.1.2` may stand for."""

from __future__ import annotations

from math import inf
from re import compile as regex

Version = tuple[float, float, float]
"""Major, minor and patch. What a tag leaves out is infinity in the newest version it may stand for."""

_TAG = regex(r"(?:refs/tags/)?[vV]?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?\Z")


def newest(ref: str) -> Version | None:
    """The newest version that a tag stands for, or None for a branch, a commit, a pre-release.

    `v4` and `v4.1` are moved to every release of that line (github/docs, "Releasing and maintaining actions" and
    "About custom actions", section on tags), so that they stand for the last one, which is not known.
    """
    found = _TAG.match(ref)
    if not found:
        return None
    major, minor, patch = (inf if part is None else float(part) for part in found.groups())
    return major, minor, patch


def parse(text: str) -> Version:
    """A version as tables write it, `4.1.3` or `4`: what is left out is 0."""
    parts = [float(part) for part in text.split(".")]
    major, minor, patch = (*parts, 0.0, 0.0)[:3]
    return major, minor, patch


def certainly_before(ref: str, fixed: str, introduced: str = "0") -> bool:
    """Whether all a tag may stand for lies in `introduced <= version < fixed`; an unknown ref does not."""
    version = newest(ref)
    return version is not None and parse(introduced) <= version < parse(fixed)
