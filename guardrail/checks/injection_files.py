"""What a step hands to later ones by files and commands: environment, path, outputs, and switches that open old holes.

Facts: github/docs, "Workflow commands for GitHub Actions"; GitHub Changelog of 2020-10-01 (`set-env`, `add-path`) and
2022-10-10 (`set-output`, `save-state`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.checks.injection import Look, doing, look_at
from guardrail.checks.injection_artifacts import brought_before, reads
from guardrail.checks.injection_flow import Scope, index, text_leaves, variable
from guardrail.checks.injection_outputs import OWN, Write, variables, writes
from guardrail.checks.injection_sources import OUTSIDER, Danger
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views import workflows
from guardrail.views.items import Item
from guardrail.views.workflows import Step

__all__ = ["commands", "switched_on", "written"]

_TAMED = regex(r"\b(?:tr|head|base64|jq|sed|xargs|cut|grep|wc|sha\d+sum|md5sum|basename)\b|%q|@json|@sh|toJSON\(")
"""Commands that leave no line break, or not the text itself."""

_HEREDOC = regex(r"\w<<[\"']?\w")
_RANDOM = regex(r"\w<<[\"']?(?:\$|\\\$)")
_PRINTS = regex(r"(?i)\b(?:echo|printf?|println|write-host|write-output|console\.log)\b")
_WORDS = {"ENV": "the environment of later steps", "PATH": "the search path of later steps", "OUTPUT": "the outputs"}


def written(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A stranger's text written to the files named in `files`, so that it can set more than the one value.

    A value of one line does so only in front of the `=`; the path is at its mercy in any case.
    """
    look = look_at(item.resource)
    for step, script in index(item.resource).scripts:
        if any(f"GITHUB_{file}" in script.upper() for file in arguments["files"]):
            for write in writes(script, tuple(arguments["files"])):
                yield from _written(write, script, step, look)


def _written(write: Write, script: str, step: Step, look: Look) -> Iterator[Hit]:
    if _TAMED.search(write.text) or (write.file != "PATH" and _RANDOM.search(script)):
        return
    path = (*step.path, "run")
    for danger in _chosen(write, step, look):
        if danger.several_lines or write.file == "PATH" or (_names(write, script) and write.file != "OUTPUT"):
            told = f"{danger.leaf.name} is written to {_WORDS[write.file]}: whoever {doing(danger)} sets {_sets(write)}"
            yield Hit(path, told, related=danger.leaf.via, text=write.line)
            return
    if look.reach.step(step, "workflow_run") and "workflow_run" in look.events and reads(write.text, script):
        if not brought_before(step, index(look.resource).steps.get(step.job.id, ())):
            return
        told = f"a file of another run is written to {_WORDS[write.file]}: who opened it sets {_sets(write)}"
        yield Hit(path, told, text=write.line)


def _sets(write: Write) -> str:
    return {"ENV": "any variable", "PATH": "which programs are run", "OUTPUT": "any output"}[write.file]


def _names(write: Write, script: str) -> bool:
    """Whether a variable stands where the name of what is set does: `echo "$X" >> file`."""
    before = write.text.partition("=")[0]
    return "$" in before and "=" not in before and not _HEREDOC.search(script)


def _chosen(write: Write, step: Step, look: Look) -> Iterator[Danger]:
    scope = Scope(look.resource).at(step)
    for name in variables(write.text):
        found = variable(name, scope) if name and name not in OWN else None
        if found and isinstance(found[0], str):
            for leaf in text_leaves(found[0], found[1]):
                danger = look.danger(leaf, step)
                if danger and danger.level == OUTSIDER:
                    yield danger


def commands(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Workflow commands of `names` that a script prints; not where the variable `unless` is switched on."""
    for step, script in index(item.resource).scripts:
        if not any(f"::{name}" in script for name in arguments["names"]):
            continue
        if "unless" in arguments and any(_switches(item, (arguments["unless"],), step)):
            continue
        for name in arguments["names"]:
            yield from _printed(script, name, (*step.path, "run"), arguments["told"])


def _printed(script: str, name: str, path: Path, told: str) -> Iterator[Hit]:
    shown, before = f"::{name}", 0
    for line in script.splitlines(keepends=True):
        at = line.find(shown)
        whole = at >= 0 and not line[at + len(shown) : at + len(shown) + 1].isalnum()
        if whole and not line.lstrip().startswith("#") and (not line[:at].strip() or _PRINTS.search(line[:at])):
            yield Hit(path, f"{shown} {told}", text=shown, occurrence=script.count(shown, 0, before + at))
            return
        before += len(line)


def switched_on(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Variables named in `names` that are set to true, in `env` or by a script for the steps behind it."""
    names = tuple(arguments["names"])
    for path, name, value in _switches(item, names):
        yield Hit(path, f"{name} is {value}: {arguments['told']}")
    line = regex(rf"(?i)(?:{'|'.join(names)})=[\"']?(?:true|1)\b")
    for step, script in index(item.resource).scripts:
        for write in writes(script, ("ENV",)) if "GITHUB_ENV" in script and any(n in script for n in names) else ():
            match = line.search(write.text)
            if match:
                yield Hit((*step.path, "run"), f"{match[0]} for the steps behind: {arguments['told']}", text=match[0])


def _switches(item: Item, names: tuple[str, ...], step: Step | None = None) -> Iterator[tuple[Path, str, object]]:
    """Where `env` switches one of the variables on: anywhere, or for one step."""
    holders: list[tuple[Mapping[str, object], Path]] = [(item.resource.data, item.resource.path)]
    if step is not None:
        holders += [(step.job.data, step.job.path), (step.data, step.path)]
    else:
        holders += [(job.data, job.path) for job in workflows.jobs(item.resource)]
        holders += [(s.data, s.path) for s in workflows.steps(item.resource)]
    for data, path in holders:
        env = data.get("env")
        for key, value in env.items() if isinstance(env, Mapping) else ():
            if str(key).upper() in names and str(value).strip().lower() in ("true", "1"):
                yield (*path, "env", key), str(key), _scalar(value)


def _scalar(value: object) -> str:
    """A scalar as it is written."""
    return str(value).lower() if isinstance(value, bool) else str(value)
