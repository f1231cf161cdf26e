"""From an entry of the table that fits to abilities: the facts it names, and its teeth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from guardrail.actions.model import ENFORCING, MASKED, Ability
from guardrail.actions.recognise.conditions import fact, filled, holds
from guardrail.actions.recognise.patterns import listed
from guardrail.actions.recognise.records import Entry, Subject

RESERVED = frozenset(
    {
        "uses",
        "run",
        "script",
        "container",
        "options",
        "hook",
        "name",
        "if",
        "provides",
        "teeth",
        "runs",
        "shell",
        "args",
        "opaque",
        "own",
    }
)
"""Keys of an entry that are no facts."""


class Evidence(NamedTuple):
    """Where an ability was seen: the text, its offset, through which scripts, and why a failure there is hidden."""

    text: str
    order: int = 0
    via: tuple[str, ...] = ()
    masked: str = ""
    guard: str = ""


def fitting(candidates: Iterable[tuple[Entry, Subject]]) -> Iterator[tuple[Entry, Subject]]:
    """Entries whose conditions hold; where a person's own entry does, only people's own."""
    found = [(entry, subject) for entry, subject in candidates if holds(entry.get("if"), subject)]
    own = [(entry, subject) for entry, subject in found if entry.get("own")]
    yield from own or found


def abilities(entry: Entry, subject: Subject, evidence: Evidence) -> Iterator[Ability]:
    """What an entry says that its subject does."""
    facts = {name: found for name, given in entry.items() if name not in RESERVED and (found := fact(given, subject))}
    if "threshold" in facts:
        facts["threshold"] = _percent(facts["threshold"])
    teeth, reason = _teeth(entry.get("teeth"), subject, facts)
    # Where something decides on a command's output, its own status does not matter.
    if evidence.masked and not subject.judged:
        teeth, reason = MASKED, evidence.masked
    if evidence.guard:
        facts["condition"] = evidence.guard
    for capability in listed(entry.get("provides")):
        yield Ability(capability, teeth, reason, evidence.text, evidence.order, facts, evidence.via)


def judged(entry: Entry, subject: Subject) -> tuple[str, str]:
    """The teeth that an entry gives its subject, and why."""
    return _teeth(entry.get("teeth"), subject, {})


def _percent(text: str) -> str:
    """A threshold in percent: JaCoCo's 0.8 is 80."""
    number = text.strip("%")
    if number.startswith(("0.", ".", "1.0")) and number.replace(".", "", 1).isdigit():
        return f"{float(number) * 100:g}"
    return "100" if text == "true" else number


def _teeth(given: object, subject: Subject, facts: Mapping[str, str]) -> tuple[str, str]:
    """The first case whose condition holds; enforcing where an entry says nothing."""
    for case in given if isinstance(given, list) else [given]:
        if isinstance(case, str):
            return case, ""
        if isinstance(case, Mapping) and holds(case.get("if"), subject, facts):
            because = str(case.get("because", ""))
            return str(case.get("is", ENFORCING)), filled(because, subject) or because
    return ENFORCING, ""
