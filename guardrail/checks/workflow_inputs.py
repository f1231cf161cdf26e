"""Inputs: how `workflow_dispatch` and `workflow_call` declare them, and how steps give them to well-known actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions.syntax.inputs import inputs
from guardrail.actions.syntax.keys import hint, meant
from guardrail.actions.syntax.shape import described, short, text
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["declared", "misspelt"]

MOST = 25
"""Inputs of workflow_dispatch (github/docs `events-that-trigger-workflows.md`, "Providing inputs")."""


def declared(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Inputs that GitHub refuses, or that nobody can give as declared."""
    on = item.resource.data.get("on")
    for event in ("workflow_dispatch", "workflow_call"):
        config = on.get(event) if isinstance(on, dict) else None
        named = config.get("inputs") if isinstance(config, dict) else None
        if not isinstance(named, dict):
            continue
        path = (*item.resource.path, "on", event, "inputs")
        for name, data in named.items():
            if isinstance(data, dict):
                yield from _input(event, data, (*path, name))
        if event == "workflow_dispatch" and len(named) > MOST:
            yield Hit(path, f"workflow_dispatch has {len(named)} inputs; GitHub takes {MOST}")


def _input(event: str, data: Mapping[str, object], path: Path) -> Iterator[Hit]:
    kind, default = data.get("type", "string"), data.get("default")
    name = short(str(path[-1]))
    if kind == "choice" and event == "workflow_dispatch":
        yield from _choice(name, data, path)
    elif "options" in data and kind != "choice" and event == "workflow_dispatch":
        yield Hit((*path, "options"), f"input {name} has options and is no choice; set type: choice")
    if default is None or (isinstance(default, str) and "${{" in default) or isinstance(default, dict | list):
        return
    at = (*path, "default")
    if kind == "boolean" and not _boolean(default, event):
        yield Hit(at, f"input {name} is a boolean, and its default is {described(default)}")
    elif kind == "number" and not _number(default, event):
        yield Hit(at, f"input {name} is a number, and its default is {described(default)}")


def _choice(name: str, data: Mapping[str, object], path: Path) -> Iterator[Hit]:
    options, default = data.get("options"), data.get("default")
    if options is None or options == []:
        yield Hit((*path, "options"), f"input {name} is a choice without options", missing="options" not in data)
    elif isinstance(options, list) and default is not None and not isinstance(default, dict | list):
        words = [text(option) for option in options if not isinstance(option, dict | list)]
        if text(default) not in words and "${{" not in text(default):
            told = f"input {name} has the default {short(text(default))}, which is none of its options"
            yield Hit((*path, "default"), f"{told}{hint(text(default), words)}")


def _boolean(default: object, event: str) -> bool:
    """A call is given the value as it is written (`ConvertToInputValueDefinedType`), a dispatch its text."""
    return isinstance(default, bool) or (event == "workflow_dispatch" and default in {"true", "false", ""})


def _number(default: object, event: str) -> bool:
    if isinstance(default, bool):
        return False
    if isinstance(default, int | float):
        return True
    try:
        return event == "workflow_dispatch" and (default == "" or float(str(default)) is not None)
    except ValueError:
        return False


def misspelt(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Inputs that a well-known action does not have, and one that it has is near."""
    uses, step = item.bindings["uses"], item.bindings["step"]
    given = step.get("with") if isinstance(step, dict) else None
    if not isinstance(uses, dict) or not isinstance(given, dict):
        return
    path = f"/{uses['path']}" if uses["path"] else ""
    known = inputs(f"{uses['name']}{path}".lower())
    lowered = {name.lower() for name in known}
    for key in given if known else ():
        near = meant(key, known) if key.lower() not in lowered and "${{" not in key else ""
        if near:
            told = f"{uses['name']}{path} has no input {short(key)}; did you mean {near}?"
            yield Hit((*item.path, "with", key), told)
