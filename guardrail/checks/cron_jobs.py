"""The schedules of CronJobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.actions.syntax import cron
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["refused"]

_MACRO = regex(
    r"@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every [0-9.]+(?:ns|us|ms|s|m|h)(?:[0-9.]+[smh])*)\Z"
)
"""Words for a whole schedule: Kubernetes' documents, "CronJob", schedule syntax; github.com/robfig/cron v3."""
_ZONE = regex(r"(?:CRON_)?TZ=\S*")
_FILLED_IN = regex(r"\$|\{\{")


def refused(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Schedules that the API server refuses, or that no day meets.

    "If you try to set a schedule that includes TZ or CRON_TZ, Kubernetes will fail to create or update the resource"
    (Kubernetes' documents, "CronJob", time zones). `?` means the same as `*` there.
    """
    spec = item.resource.data.get("spec")
    text = spec.get("schedule") if isinstance(spec, dict) else None
    if not isinstance(text, str) or _FILLED_IN.search(text) or _MACRO.match(text.strip()):
        return
    path = (*item.path, "spec", "schedule")
    zone = _ZONE.match(text.strip())
    if zone:
        yield Hit(path, f"schedule names a time zone; that is what spec.timeZone is for: {zone[0][:40]}", text=zone[0])
        return
    try:
        if text.strip().startswith("@"):
            raise cron.CronError("is no word for a schedule that Kubernetes knows")
        cron.parse(text.replace("?", "*"))
    except cron.CronError as error:
        yield Hit(path, f"schedule '{text[:60]}' {error.message}", text=error.text if "?" not in text else "")
