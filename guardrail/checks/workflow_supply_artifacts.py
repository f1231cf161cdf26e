"""Artifacts of a run that a stranger may have started, unpacked where a privileged run executes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions import artifacts
from guardrail.actions.shell import Command, commands
from guardrail.actions.triggers import events
from guardrail.actions.uses import parse_uses
from guardrail.checks.workflow_supply_scripts import script_of
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views import workflows
from guardrail.views.items import Item

__all__ = ["executed"]

_GUARDS = ("workflow_run.event", "workflow_run.head_repository", "workflow_run.actor", "workflow_run.triggering_actor")


def executed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Files of an artifact that a `workflow_run` fetches and then runs, with the token and secrets of the repository.

    The run behind it may be that of a pull request from a fork, which writes what it likes into its artifacts (GitHub
    Security Lab, "Preventing pwn requests"). A condition on where that run came from is taken as a guard.
    """
    resource = item.resource
    if "workflow_run" not in events(resource.data):
        return
    for job in workflows.jobs(resource):
        if _guarded(job.data):
            continue
        fetched: tuple[str, Path] | None = None
        for step in (s for s in workflows.steps(resource) if s.job.id == job.id):
            if _guarded(step.data):
                continue
            if fetched is not None and (hit := _runs(step, fetched, resource.data)) is not None:
                yield hit
                break
            fetched = None if _cleans(step) else _fetches(step, resource.data) or fetched


def _cleans(step: workflows.Step) -> bool:
    """Whether a step is a checkout of the whole workspace, which removes what was there (actions/checkout, `clean`)."""
    uses, given = step.data.get("uses"), step.data.get("with")
    given = given if isinstance(given, dict) else {}
    cleaned = "path" not in given and str(given.get("clean", "true")).lower() == "true"
    return isinstance(uses, str) and parse_uses(uses.strip()).name == "actions/checkout" and cleaned


def _guarded(data: Mapping[str, object]) -> bool:
    return any(guard in str(data.get("if", "")) for guard in _GUARDS)


def _fetches(step: workflows.Step, data: Mapping[str, object]) -> tuple[str, Path] | None:
    uses, given = step.data.get("uses"), step.data.get("with")
    if isinstance(uses, str):
        found = artifacts.fetched_to(parse_uses(uses.strip()), given if isinstance(given, dict) else {})
        return None if found is None else (found, (*step.path, "uses"))
    for command in _commands(step, data, "gh run download"):
        folder = artifacts.fetched_by(command.words)
        if folder is not None:
            return folder, (*step.path, "run")
    return None


def _runs(step: workflows.Step, fetched: tuple[str, Path], data: Mapping[str, object]) -> Hit | None:
    folder, path = fetched
    came = ((Pointer("", path), "files of the other run are unpacked here"),)
    uses = step.data.get("uses")
    if isinstance(uses, str):
        local = uses.strip().startswith("./") and artifacts.is_inside(folder)
        told = f"{uses.strip()} may have been replaced by an artifact of the run that started this one"
        return Hit((*step.path, "uses"), told, related=came) if local else None
    for command in _commands(step, data):
        if artifacts.runs_files(command.words, folder):
            told = f"`{' '.join(command.words)[:60]}` runs files that an artifact of the other run may have brought"
            shown = command.text.split("\n")[0].rstrip()
            return Hit((*step.path, "run"), told, text=shown, related=came)
    return None


def _commands(step: workflows.Step, data: Mapping[str, object], sign: str = "") -> tuple[Command, ...]:
    text, used = script_of(step.data, step.job.data, data)
    return commands(text, used.name) if text and sign in text else ()
