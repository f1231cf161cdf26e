"""Scripts behind a command: those of package.json, make targets, files of the repository.

Only what the repository holds is read. Each way of naming a script is a function from a command to what it runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from guardrail.actions.recognise.files import text_of
from guardrail.actions.recognise.patterns import head
from guardrail.actions.recognise.records import Where
from guardrail.actions.shell import Command


class Script(NamedTuple):
    """A script that a command runs: `key` tells it from others, `via` names it for people."""

    key: str
    text: str
    shell: str
    directory: str
    via: str


class Inner(NamedTuple):
    """What is behind a command: scripts, their names, and why one of them cannot be read."""

    scripts: tuple[Script, ...] = ()
    names: tuple[str, ...] = ()
    missing: str = ""


def inner(command: Command, where: Where) -> Inner | None:
    """The scripts behind a command; None for a command that runs none."""
    name = head(command.head)
    if name in ("npm", "yarn", "pnpm", "bun"):
        return _package(name, command, where)
    return None


def _package(name: str, command: Command, where: Where) -> Inner | None:
    words = [w for w in command.words[1:] if not w.startswith("-")]
    if not words:
        return None
    if words[0] in ("run", "run-script"):
        script = words[1] if len(words) > 1 else ""
    elif words[0] in ("test", "t", "tst", "start", "stop", "restart"):
        script = "test" if words[0] in ("t", "tst") else words[0]
    else:
        return None
    text = text_of(where, "package.json")
    if text is None:
        return Inner((), (script,), "package.json is not there")
    try:
        scripts = json.loads(text).get("scripts", {})
    except (ValueError, AttributeError):
        return Inner((), (script,), "package.json cannot be read")
    if not isinstance(scripts, Mapping) or script not in scripts:
        return Inner((), (), f"package.json has no script {script}")
    return Inner(
        tuple(
            Script(f"{where.directory}/package.json:{s}", str(scripts[s]), "sh {0}", "", f"package.json: scripts.{s}")
            for s in (f"pre{script}", script, f"post{script}")
            if s in scripts
        ),
        (script,),
    )
