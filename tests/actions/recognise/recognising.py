"""What tests of recognition share: the shipped table, and steps as short as they can be written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from guardrail.actions.model import Ability
from guardrail.actions.recognise import Recognition, Table, Where, recognise
from guardrail.catalog.recognise import load

Files = Mapping[str, str]


@cache
def shipped() -> Table:
    """The shipped table."""
    return load()


def run(script: str, files: Files | None = None, shell: str = "", **env: str) -> Recognition:
    """What a `run:` step does in a repository of these files."""
    return recognise({"run": script}, Where(shell=shell, env=env, read=(files or {}).get), shipped())


def uses(
    name: str, inputs: Mapping[str, object] | None = None, files: Files | None = None, env: Files | None = None
) -> Recognition:
    """What a `uses:` step with these inputs does."""
    where = Where(env=env or {}, read=(files or {}).get)
    return recognise({"uses": name, "with": inputs or {}}, where, shipped())


def capabilities(found: Recognition) -> set[str]:
    """The capabilities of a step that are sure, but for preparations."""
    return {a.capability for a in found.abilities if a.sure} - {"setup", "checkout"}


def ability(found: Recognition, capability: str) -> Ability:
    """The first ability of a capability."""
    return next(a for a in found.abilities if a.capability == capability)


def teeth(found: Recognition, capability: str) -> str:
    """The teeth of the first ability of a capability."""
    return ability(found, capability).teeth
