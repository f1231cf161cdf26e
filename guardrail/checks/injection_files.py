"""What a step hands to later ones by files and commands: environment, path, outputs, and switches that open old holes.

Facts: github/docs, "Workflow commands for GitHub Actions"; GitHub Changelog of 2020-10-01 (`set-env`, `add-path`) and
2022-10-10 (`set-output`, `save-state`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.checks.injection import Look, doing
from guardrail.checks.injection_flow import Scope, text_leaves, variable
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
_PRINTED = r"(?:echo|printf|print|println|write-host|write-output|console\.log|cat)\b[^\n]*?"
_READ = regex(r"\$\(\s*(?:cat\b|<)|`\s*cat\b|(?:^|[|;&]\s*)cat\s+[^<>|\s-]")
_WORDS = {"ENV": "the environment of later steps", "PATH": "the search path of later steps", "OUTPUT": "the outputs"}


def written(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A stranger's text written to the files named in `files`, so that it can set more than the one value.

    A value of one line does so only in front of the `=`; the path is at its mercy in any case.
    """
    look = Look.at(item.resource)
    for step in workflows.steps(item.resource):
        script = step.data.get("run")
        if isinstance(script, str) and "GITHUB_" in script.upper():
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
    if _reads(write.text, script) and _downloads(step, look):
        told = f"a file of another run is written to {_WORDS[write.file]}: who opened it sets {_sets(write)}"
        yield Hit(path, told, text=write.line)


def _reads(text: str, script: str) -> bool:
    """Whether a text is a file's, or a variable's that the script reads from one."""
    if _READ.search(text):
        return True
    named = (regex(rf"(?m)^\s*(?:export\s+)?{n}=[\"']?([^\n]*)").findall(script) for n in variables(text) if n)
    return any(_READ.search(given) and not _TAMED.search(given) for found in named for given in found)


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


def _downloads(step: Step, look: Look) -> bool:
    """Whether the job has what a pull request's run has left behind, and a stranger gets here."""
    if "workflow_run" not in look.events or not look.reach.step(step, "workflow_run"):
        return False
    for earlier in workflows.steps(look.resource):
        if earlier.path == step.path:
            return False
        if earlier.job.id == step.job.id and _brings(earlier):
            return True
    return False


def _brings(step: Step) -> bool:
    """Whether a step downloads artefacts of another run."""
    uses, given = str(step.data.get("uses") or "").lower(), step.data.get("with")
    given = given if isinstance(given, Mapping) else {}
    if uses.startswith("actions/download-artifact@"):
        return "run-id" in given
    script = f"{step.data.get('run') or ''}{given.get('script') or ''}"
    return (
        uses.startswith("dawidd6/action-download-artifact@")
        or "downloadArtifact" in script
        or "gh run download" in script
    )


def commands(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Workflow commands of `names` that a script prints; not where the variable `unless` is switched on."""
    for step in workflows.steps(item.resource):
        script = step.data.get("run")
        if not isinstance(script, str) or "::" not in script:
            continue
        if "unless" in arguments and any(_switches(item, (arguments["unless"],), step)):
            continue
        for name in arguments["names"]:
            yield from _printed(script, name, (*step.path, "run"), arguments["told"])


def _printed(script: str, name: str, path: Path, told: str) -> Iterator[Hit]:
    shown = f"::{name}"
    command = regex(rf"(?im)^(?!\s*#)(?:[^\n]*?\b{_PRINTED}|\s*){shown}\b")
    match = command.search(script)
    if match:
        at = match.end() - len(shown)
        yield Hit(
            path,
            f"{shown} {told}",
            text=script[at : match.end()],
            occurrence=script.count(script[at : match.end()], 0, at),
        )


def switched_on(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Variables named in `names` that are set to true, in `env` or by a script for the steps behind it."""
    names = tuple(arguments["names"])
    for path, name, value in _switches(item, names):
        yield Hit(path, f"{name} is {value}: {arguments['told']}")
    line = regex(rf"(?i)(?:{'|'.join(names)})=[\"']?(?:true|1)\b")
    for step in workflows.steps(item.resource):
        script = step.data.get("run")
        for write in writes(script, ("ENV",)) if isinstance(script, str) else ():
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
