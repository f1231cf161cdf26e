"""The marker for a value that cannot be known from files alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """Stands in plain data where a value is not known; `reason` reads after "depends on"."""

    reason: str
