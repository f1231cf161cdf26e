"""Places of a step whose text is run as code: scripts, and inputs of actions that are scripts.

Inputs by the actions' own `action.yml` and documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from guardrail.actions.tables import rows
from guardrail.actions.uses import parse_uses
from guardrail.model.place import Path
from guardrail.views.workflows import Step

_TABLE = """
actions/github-script                  | script
addnab/docker-run-action               | run options
amadevus/pwsh-script                   | script
appleboy/ssh-action                    | script
azure/cli                              | inlinescript
azure/powershell                       | inlinescript
cardinalby/js-eval-action              | expression
cross-platform-actions/action          | run
cypress-io/github-action               | build command command-prefix install-command start start-windows
devcontainers/ci                       | runcmd
jannekem/run-python-script-action      | script
nick-fields/retry                      | command new_command_on_retry on_retry_command
nick-invision/retry                    | command new_command_on_retry on_retry_command
reactivecircus/android-emulator-runner | script
satackey/action-js-inline              | script
uraimo/run-on-arch-action              | install run setup
vmactions/freebsd-vm                   | prepare run
wandalen/wretry.action                 | command
"""

RUN, CODE, DIRECTORY = "run", "code", "directory"
"""Kinds of sinks. A working directory is no code: it decides which files a script finds."""


class Sink(NamedTuple):
    """A text that is run: where it is, what messages call it, and its kind."""

    path: Path
    text: str
    words: str
    kind: str


@lru_cache(maxsize=1)
def _inputs() -> Mapping[str, frozenset[str]]:
    return {action: frozenset(names.split()) for action, names in rows(_TABLE, 2)}


def sinks(step: Step) -> Iterator[Sink]:
    """The places of a step that hold an expression and are run."""
    for key, words, kind in (("run", "this script", RUN), ("shell", "the command of the shell", CODE)):
        yield from _sink(step.data.get(key), (*step.path, key), words, kind)
    if "run" in step.data:
        path = (*step.path, "working-directory")
        yield from _sink(step.data.get("working-directory"), path, "the working directory", DIRECTORY)
    uses, given = step.data.get("uses"), step.data.get("with")
    if not isinstance(uses, str) or not isinstance(given, Mapping):
        return
    name = parse_uses(uses.strip()).name
    for key, value in given.items():
        if str(key).lower() in _inputs().get(name, ()):
            yield from _sink(value, (*step.path, "with", key), f"the {key} that {name} runs", CODE)


def _sink(value: object, path: Path, words: str, kind: str) -> Iterator[Sink]:
    if isinstance(value, str) and "${{" in value:
        yield Sink(path, value, words, kind)
