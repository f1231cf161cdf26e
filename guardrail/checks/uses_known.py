"""What is known of an action by its name and version: faults, end of life, whether it is the one it seems to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions import advisories, resemblance, retired, spared
from guardrail.checks.uses_pins import matches, named, used
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = [
    "archived",
    "compromised",
    "deprecated",
    "misspelt",
    "not_allowed",
    "outdated",
    "removed",
    "same_name",
    "superfluous",
    "vulnerable",
]


def vulnerable(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A version with a published fault; one hit, for the advisory that asks for the newest version."""
    uses, params = used(item), arguments["params"]
    accepted = {str(id_).upper() for id_ in params["accepted"]}
    found = [a for a in advisories.known(uses, str(params["least"])) if not {a.id.upper(), a.cve.upper()} & accepted]
    if not found:
        return
    first = found[0]
    others = f" and {len(found) - 1} more" if len(found) > 1 else ""
    told = f"{first.cve or first.id}{others}, fixed in {first.take or first.fixed}"
    yield Hit(item.path, f"{uses.owner}/{uses.repo}@{uses.ref} has a known hole, {told}: {first.what}")


def compromised(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A commit that is known to be malicious."""
    uses = used(item)
    found = advisories.compromised(uses)
    if found is not None:
        yield Hit(
            item.path, f"{named(uses)} is pinned to a malicious commit of {found.when} ({found.id})", text=uses.ref
        )


def removed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A version with which GitHub fails the job."""
    uses = used(item)
    found = retired.removed(uses)
    if found is not None:
        told = f"GitHub fails jobs that use {uses.owner}/{uses.repo}@{uses.ref} since {found.since}: take {found.use}"
        yield Hit(item.path, told, text=f"@{uses.ref}")


def deprecated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A version that gets no more updates."""
    uses = used(item)
    found = retired.deprecated(uses)
    if found is not None:
        told = f"{named(uses)}@{uses.ref} is no longer updated since {found.since}: take {found.use}"
        yield Hit(item.path, told, text=f"@{uses.ref}")


def archived(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An action whose repository is archived."""
    uses = used(item)
    found = retired.archived(uses)
    if found is not None and not matches(uses, arguments["params"]["accepted"]):
        instead = f": take {found.use}" if found.use else ""
        yield Hit(item.path, f"{uses.owner}/{uses.repo} is archived and gets no more fixes{instead}")


def outdated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A version written for a Node.js that runners no longer have."""
    uses = used(item)
    found = retired.outdated(uses)
    if found is not None and retired.removed(uses) is None and retired.deprecated(uses) is None:
        told = f"{named(uses)}@{uses.ref} is written for Node.js 16 or older: take v{found.fixed} or later"
        yield Hit(item.path, told, text=f"@{uses.ref}")


def misspelt(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An owner or action that looks like a well-known one."""
    uses = used(item)
    found = resemblance.resembled(uses)
    if found is None or matches(uses, arguments["params"]["accepted"]):
        return
    given = uses.owner if found.differs == "owner" else uses.repo
    known = found.meant.partition("/")[0 if found.differs == "owner" else 2]
    yield Hit(item.path, f"{uses.owner}/{uses.repo} looks like {found.meant}: {given} for {known}", text=given)


def same_name(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The name of a popular action under an owner that has nothing to do with it."""
    uses = used(item)
    if resemblance.resembled(uses) is not None or matches(uses, arguments["params"]["accepted"]):
        return
    meant = resemblance.same_name(uses)
    if meant:
        yield Hit(item.path, f"{uses.owner}/{uses.repo} has the name of {meant} and another owner", text=uses.owner)


def superfluous(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An action for what a command on every runner does."""
    uses = used(item)
    found = spared.instead(uses)
    if found:
        yield Hit(item.path, f"{uses.owner}/{uses.repo} does what every runner can do: {found}")


def not_allowed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An action that settings forbid, or do not allow where they list what is allowed."""
    uses, params = used(item), arguments["params"]
    if uses.kind not in ("action", "workflow"):
        return
    if matches(uses, params["denied"]):
        yield Hit(item.path, f"{named(uses)} is on the list of what must not be used")
    elif params["allowed"] and not matches(uses, params["allowed"]):
        yield Hit(item.path, f"{named(uses)} is not on the list of what may be used")
