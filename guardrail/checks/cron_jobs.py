"""CronJobs: their schedules, and backups that fail unnoticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.actions.syntax import cron
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["backup_unnoticed", "refused"]

_MACRO = regex(
    r"@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every [0-9.]+(?:ns|us|ms|s|m|h)(?:[0-9.]+[smh])*)\Z"
)
"""Words for a whole schedule: Kubernetes' documents, "CronJob", schedule syntax; github.com/robfig/cron v3."""
_ZONE = regex(r"(?:CRON_)?TZ=\S*")
_FILLED_IN = regex(r"\$|\{\{")
_DUMPS = frozenset("pg_dump pg_dumpall pg_basebackup mysqldump mariadb-dump mongodump mariabackup xtrabackup".split())
_ERREXIT = regex(r"(?m)^\s*set\s+(?:-[a-zA-Z]*e|.*-o\s+errexit)")
_PIPEFAIL = regex(r"(?m)^\s*set\s.*pipefail")
_SHELL = regex(r"(?:/\S*/)?(?:ba|a|da|z)?sh\Z")
_LONGEST = 20_000


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


def backup_unnoticed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A dump in a script that goes on when it fails, and ends with the status of what comes last.

    A shell ends with the status of its last command unless `set -e` is given, and a pipe with that of its last part
    unless pipefail is set (bash manual, "The Set Builtin" and "Pipelines").
    """
    container = item.bindings.get("container")
    found = _script(container) if isinstance(container, dict) else None
    if found is None:
        return
    key, number, flags, text = found
    if not any(dump in text for dump in _DUMPS):
        return
    from guardrail.actions.shell import commands

    stops = _ERREXIT.search(f"set {flags}") is not None or _ERREXIT.search(text) is not None
    every = commands(text, "sh")
    for command in every:
        if command.head not in _DUMPS:
            continue
        behind = text[command.order + len(command.text) :].lstrip(" \t")
        piped = behind.startswith("|") and not behind.startswith("||")
        if piped and not (_PIPEFAIL.search(text) or "pipefail" in flags):
            told = "it is piped on, without pipefail"
        elif not (stops or piped or behind.startswith(("||", "&&")) or command is every[-1] or command.guard):
            told = f"the script goes on, and ends as `{every[-1].text[:40]}` does"
        else:
            continue
        line = command.text.partition("\n")[0].strip()
        yield Hit((*item.path, key, number), f"nobody hears when {command.head} fails: {told}", text=line)
        return


def _script(container: Mapping[str, Any]) -> tuple[str, int, str, str] | None:
    """The script that a container's shell is given: where it stands, the shell's options, and its text."""
    words = [(k, i, w) for k in ("command", "args") for i, w in enumerate(container.get(k) or ()) if isinstance(w, str)]
    if len(words) < 2 or not _SHELL.match(words[0][2]):
        return None
    options = [w for _, _, w in words[1:-1]]
    key, number, text = words[-1]
    given = any(option.startswith("-") and "c" in option for option in options)
    return (key, number, " ".join(options), text) if given and len(text) <= _LONGEST else None
