"""GitHub's lockfile of actions, `.github/workflows/actions.lock`, which `gh actions-lock` writes.

Source: GitHub Docs, "Workflow dependency lockfiles", and the JSON Schema of the format, `lockfile-v0.0.3.json` in
github/gh-actions-lock: `workflows` names the workflows that are locked, each with its pins `OWNER/REPO@REF` (those of
the actions it uses in turn among them), and `dependencies` the commit of every pin. "Every action dependency the
workflow uses must be present in the lockfile."
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from guardrail.actions.uses import Uses
from guardrail.graph.repository import WORKFLOWS, Repository
from guardrail.views.items import Item

LOCKFILE = f"{WORKFLOWS}/actions.lock"


class Lock(NamedTuple):
    """Pins in lower case by workflow, and those of them that have a commit."""

    workflows: Mapping[str, frozenset[str]]
    committed: frozenset[str]


def lock(item: Item) -> tuple[Lock | None, str]:
    """The lockfile of the repository around an item, if there is one, and the item's file as it would name it."""
    repository = item.bindings.get("repository")
    if not isinstance(repository, Repository):
        return None, ""
    file = item.resource.document.file
    return (
        repository.once("actions.lock", lambda: _read(repository.document(LOCKFILE))),
        file.removeprefix(f"{repository.base}/") if repository.base else file,
    )


def _read(data: object) -> Lock | None:
    if not isinstance(data, dict):
        return None
    workflows, dependencies = data.get("workflows"), data.get("dependencies")
    return Lock(
        {
            str(path): frozenset(str(pin).lower() for pin in pins if isinstance(pin, str))
            for path, pins in (workflows.items() if isinstance(workflows, dict) else ())
            if isinstance(pins, list)
        },
        frozenset(
            str(pin).lower()
            for pin, entry in (dependencies.items() if isinstance(dependencies, dict) else ())
            if isinstance(entry, dict) and entry.get("commit")
        ),
    )


def is_locked(item: Item, uses: Uses) -> bool:
    """Whether GitHub runs the commit that the lockfile names, wherever the tag or branch leads.

    A workflow's own list counts for it; for an action of the repository, that of any workflow, because what it uses is
    listed with whoever uses it.
    """
    found, file = lock(item)
    if found is None:
        return False
    lists = found.workflows.values() if item.resource.kind == "Action" else [found.workflows.get(file, frozenset())]
    wanted = pin(uses)
    return wanted in found.committed and any(wanted in pins for pins in lists)


def pin(uses: Uses) -> str:
    """How the lockfile names what is used: without the path."""
    return f"{uses.name}@{uses.ref}".lower()
