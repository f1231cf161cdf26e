"""Versions that AWS no longer supports, by the dates it publishes. No clock: what is past is past in the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.items import Item

__all__ = ["eks"]

AS_OF = "2026-08-01"
"""The day the table was last looked up; what ended until then is out of support."""


class Support(NamedTuple):
    """Last days of standard and of extended support."""

    standard: str
    extended: str


EKS: Mapping[str, Support] = {
    "1.23": Support("2023-10-11", "2024-10-11"),
    "1.24": Support("2024-01-31", "2025-01-31"),
    "1.25": Support("2024-05-01", "2025-05-01"),
    "1.26": Support("2024-06-11", "2025-06-11"),
    "1.27": Support("2024-07-24", "2025-07-24"),
    "1.28": Support("2024-11-26", "2025-11-26"),
    "1.29": Support("2025-03-23", "2026-03-23"),
    "1.30": Support("2025-07-23", "2026-07-23"),
    "1.31": Support("2025-11-26", "2026-11-26"),
    "1.32": Support("2026-03-23", "2027-03-23"),
    "1.33": Support("2026-07-29", "2027-07-29"),
    "1.34": Support("2026-12-02", "2027-12-02"),
    "1.35": Support("2027-03-27", "2028-03-27"),
}
"""EKS User Guide, "Amazon EKS Kubernetes release calendar"."""

_BEFORE = 23
"""Minor versions below this one ended earlier than the table begins."""


def eks(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Clusters and node groups whose `version` is out of standard support; without one AWS takes a current version."""
    version = item.bindings["object"].get("version")  # type: ignore[attr-defined]
    path = (*item.path, "version")
    if isinstance(version, UnknownValue):
        yield Undecided(path, version.reason, version.questions)
    elif isinstance(version, str | int | float):
        ended = _ended(_minor(version))
        if ended:
            yield Hit(path, f"Kubernetes {_minor(version)} {ended}")


def _minor(version: str | float) -> str:
    """`1.27` of "1.27", "1.27.3" and the number 1.27; Terraform's 1.3 cannot be told from 1.30 and is taken for it."""
    text = "1.30" if version == 1.3 else str(version)
    return ".".join(text.split(".")[:2])


def _ended(version: str) -> str:
    """What has ended, as a clause; empty while standard support lasts, and for what is no version."""
    major, _, minor = version.partition(".")
    if major == "1" and minor.isdigit() and int(minor) < _BEFORE:
        return "is supported no longer"
    support = EKS.get(version)
    if support is None or support.standard > AS_OF:
        return ""
    if support.extended > AS_OF:
        return f"left standard support on {support.standard}: it costs extra until {support.extended}"
    return f"is supported no longer: extended support ended on {support.extended}"
