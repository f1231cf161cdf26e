"""Metadata of actions: the runtime, the files it runs, outputs, inputs, what the Marketplace shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename, dirname, join, normpath
from typing import Any

from guardrail.actions.expressions import references
from guardrail.actions.syntax.branding import COLORS, ICONS
from guardrail.actions.syntax.keys import hint
from guardrail.actions.syntax.shape import listed, short
from guardrail.graph.local import at_hand
from guardrail.graph.repository import Repository
from guardrail.model.report import Hit
from guardrail.views.expressions import sites
from guardrail.views.items import Item

__all__ = ["branding", "described", "files", "runtime", "runtime_ends", "unknown_runtime", "unused", "without_value"]

RUNTIMES = ("composite", "docker", "node20", "node24")
"""What `using` may say (metadata syntax, `runs.using`)."""

RETIRED: Mapping[str, str] = {"node12": "2023-06", "node16": "2024-11"}
"""Runtimes that runners have dropped; the action is run on a later Node.js (github.blog changelog 2023-09-22)."""

ENDING: Mapping[str, str] = {"node20": "2026-09"}
"""Runtimes that runners drop, and when (github.blog changelog 2025-09-19)."""


def _runs(item: Item) -> Mapping[str, object]:
    runs = item.resource.data.get("runs")
    return runs if isinstance(runs, dict) else {}


def _using(item: Item) -> str:
    using = _runs(item).get("using")
    return using if isinstance(using, str) and "${{" not in using else ""


def unknown_runtime(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`using` that names no runtime there ever was; the runner compares without case."""
    using = _using(item)
    if using and using.lower() not in {*RUNTIMES, *RETIRED}:
        more = hint(using, RUNTIMES) or f"; there are {listed(RUNTIMES)}"
        yield Hit((*item.path, "runs", "using"), f"GitHub has no runtime {short(using)}{more}")


def runtime(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Runtimes that are gone."""
    using = _using(item).lower()
    if using in RETIRED:
        told = f"runners dropped {using} in {RETIRED[using]} and run the action on a later Node.js; use node24"
        yield Hit((*item.path, "runs", "using"), told)


def runtime_ends(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Runtimes whose end is announced."""
    using = _using(item).lower()
    if using in ENDING:
        yield Hit((*item.path, "runs", "using"), f"runners drop {using} in {ENDING[using]}; use node24")


def files(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Files that an action runs and that are not beside its metadata."""
    repository = at_hand(item)
    if repository is None:
        return
    using, file = _using(item).lower(), item.resource.document.file
    folder = dirname(file[len(repository.base) + 1 :] if repository.base else file)
    keys = ("main", "pre", "post") if using.startswith("node") else ("image",) if using == "docker" else ()
    for key in keys:
        given = _runs(item).get(key)
        if not isinstance(given, str) or not given or "${{" in given:
            continue
        if key == "image" and "dockerfile" not in basename(given).lower():
            continue  # an image by its name
        path = normpath(join(folder, given))
        if path.startswith("..") or _there(path, repository) or _built(path, repository):
            continue
        yield Hit((*item.path, "runs", key), f"{key} names {short(given)}, and there is no such file")


def _there(path: str, repository: Repository) -> bool:
    """Whether a file is there; Node.js finds a main file without its `.js`, and `index.js` in a folder."""
    found = repository.names(dirname(path))
    name = basename(path)
    return any(each in found for each in (name, f"{name}.js", f"{name}/"))


def _built(path: str, repository: Repository) -> bool:
    """Whether the file is made by a build and kept out of the repository: named by a `.gitignore` above it."""
    parts = path.split("/")
    for level in range(len(parts)):
        listed = repository.text("/".join([*parts[:level], ".gitignore"])) or ""
        if any(_ignores(line.strip(), parts[level:]) for line in listed.splitlines()):
            return True
    return False


def _ignores(line: str, below: list[str]) -> bool:
    name = line.strip("/")
    if line.startswith("/") or "/" in name:
        return bool(name) and f"{'/'.join(below)}/".startswith(f"{name}/")
    return name in below


def without_value(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Outputs of a composite action that nothing gives a value (metadata syntax, `outputs.<output_id>.value`)."""
    outputs = item.resource.data.get("outputs")
    for name, data in outputs.items() if isinstance(outputs, dict) and _using(item) == "composite" else ():
        if isinstance(data, dict) and "value" not in data:
            told = f"output {short(name)} of a composite action has no value, so it is always empty"
            yield Hit((*item.path, "outputs", name, "value"), told, missing=True)


def unused(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Inputs that a composite action never reads."""
    inputs = item.resource.data.get("inputs")
    if not isinstance(inputs, dict) or _using(item) != "composite":
        return
    read: set[str] = set()
    for site in sites(item.resource):
        for found in site.found:
            for reference in references(found.node) if found.node is not None else ():
                if reference.steps[0] == "inputs":
                    name = reference.steps[1] if len(reference.steps) > 1 else None
                    if name is None or name == "*":
                        return
                    read.add(name)
    for name in inputs:
        if name.lower() not in read:
            yield Hit((*item.path, "inputs", name), f"input {short(name)} is never read")


def described(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`name`, and `description` where it is required (metadata syntax, "description")."""
    data = item.resource.data
    for key in ("name",) if _using(item) == "composite" else ("name", "description"):
        if "runs" in data and not str(data.get(key) or "").strip():
            yield Hit((*item.path, key), f"the action has no {key}", missing=key not in data)


def branding(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Colours and icons that the Marketplace does not have."""
    given = item.resource.data.get("branding")
    if not isinstance(given, dict):
        return
    for key, known in (("color", COLORS), ("icon", ICONS)):
        word = given.get(key)
        if isinstance(word, str) and word and word.lower() not in known:
            yield Hit((*item.path, "branding", key), f"the Marketplace has no {key} {short(word)}{hint(word, known)}")
