"""Secrets in scripts: printed to the log, or handed over in words that other processes can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.actions.shell import Command, commands
from guardrail.checks.permission_needs import shell_of
from guardrail.checks.token_uses import in_text
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["arguments", "printed"]

_PRINTERS = frozenset({"echo", "printf", "write-output", "write-host", "print"})
_CHANGERS = frozenset({"base32", "base64", "cut", "fold", "hexdump", "od", "rev", "sed", "tr", "xxd"})
_BUILTINS = _PRINTERS | {"export", "set", "test", "[", "[[", "if", "case", "read", "local", "declare", ":", "setx"}
_VARIABLE = r"\$(?:env:)?(\w+)|\$\{(?:env:)?(\w+)((?:[:#%/^,@][^}]*)?)\}|%(\w+)%"
_REVEALED = 60


class _Script(NamedTuple):
    """A step's script, its commands, and the names of the variables that hold a secret, with the secret's name."""

    text: str
    commands: tuple[Command, ...]
    variables: Mapping[str, str]


def printed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets that a command writes to the log, whole or in a form that GitHub does not mask; one hit for a command."""
    script = _script(item)
    for number, command in enumerate(script.commands if script else ()):
        if script is None or command.head.lower() not in _PRINTERS or "add-mask" in command.text:
            continue
        name = _secret_in(command, script)
        if not name or command.output or _captured(script.text, command.order):
            continue
        if not command.piped:
            yield _hit(item, command, f"the secret {name} is printed to the log")
        elif _ends_changed(script.commands[number + 1 :]):
            yield _hit(item, command, f"the secret {name} is printed in a form that GitHub does not mask")


def arguments(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Secrets put into the words of a command by `${{ }}`: every process of the runner can read those."""
    script = _script(item)
    for command in script.commands if script else ():
        if command.head.lower() in _BUILTINS:
            continue
        for word in command.words[1:]:
            name = _expressed(word)
            if name:
                yield _hit(item, command, f"the secret {name} stands on the command line of {command.head[:_REVEALED]}")
                break


def _script(item: Item) -> _Script | None:
    """The script of a `run` step; None where there is none, or none that mentions or is given a secret."""
    step = item.bindings.get("step")
    text = step.get("run") if isinstance(step, dict) else None
    if not isinstance(step, dict) or not isinstance(text, str):
        return None
    env: dict[str, object] = {}
    job = item.bindings.get("job")
    for holder in (item.resource.data, job, step):
        given = holder.get("env") if isinstance(holder, dict) else None
        env.update(given if isinstance(given, dict) else {})
    secret = {k: name for k, v in env.items() if isinstance(v, str) and (name := _expressed(v))}
    if not secret and "secrets" not in text.lower():
        return None
    return _Script(text, commands(text, shell_of(step, _default_shell(item.resource.data, job))), secret)


def _default_shell(*holders: object) -> str:
    found = ""
    for holder in holders:
        defaults = holder.get("defaults") if isinstance(holder, dict) else None
        run = defaults.get("run") if isinstance(defaults, dict) else None
        found = str(run.get("shell") or found) if isinstance(run, dict) else found
    return found


def _expressed(text: str) -> str:
    """The first secret that an expression of a text stands for, other than the job's own token."""
    for written in in_text(text, ()):
        for reference in written.references:
            if reference.steps[0] == "secrets" and len(reference.steps) == 2 and reference.steps[1] != "github_token":
                return (reference.steps[1] or "").upper()
    return ""


def _secret_in(command: Command, script: _Script) -> str:
    """The secret among a printing command's words: an expression, or a variable that holds one.

    `${#X}` is a length and `${X:+…}` a test; `'$X'` in single quotes is no variable, and no longer told apart here.
    """
    for word in command.words[1:]:
        if name := _expressed(word):
            return name
        for match in regex(_VARIABLE).finditer(word):
            variable = match[1] or match[2] or match[4]
            if variable in script.variables and not (match[3] or "").startswith((":+", "+")):
                return script.variables[variable]
    return ""


def _captured(text: str, at: int) -> bool:
    """Whether the command at an offset stands in a substitution that begins on its line: its output is no log."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.count("$(") > line.count(")") or line.count("`") % 2 == 1


def _ends_changed(following: tuple[Command, ...]) -> bool:
    """Whether a pipe goes on through commands that only change the text, and ends in the log."""
    for command in following[:8]:
        decodes = {"-d", "-D", "--decode"} & set(command.words)
        if command.head not in _CHANGERS or decodes or command.output:
            return False
        if not command.piped:
            return True
    return False


def _hit(item: Item, command: Command, message: str) -> Hit:
    """A hit at the command's first line, where the script has it as it was read."""
    text = command.text.splitlines()[0].strip() if command.text.strip() else ""
    step = item.bindings.get("step")
    script = str(step.get("run")) if isinstance(step, dict) else ""
    occurrence = script[: command.order].count(text) if text and text in script else 0
    return Hit((*item.path, "run"), message, text=text if text in script else "", occurrence=occurrence)
