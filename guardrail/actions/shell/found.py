"""Commands as a walk finds them, before their offset in the outermost script is known."""

from __future__ import annotations

from typing import NamedTuple

from guardrail.actions.shell.command import Command
from guardrail.actions.shell.fate import BACKGROUND
from guardrail.actions.shell.wrappers import Unwrapped


class Found(NamedTuple):
    """A command before its offset in the outermost script is known: `at` and `length` are those of its text."""

    command: Command
    at: int
    length: int


def awaited(found: list[Found]) -> list[Found]:
    """`wait $pid` ends with the status of what ran in the background; `wait` alone always with 0 (Bash manual 7.2).

    `wait $!` waits for the last before it; which one a variable stands for is not followed: any before it.
    """
    started: list[int] = []
    for i, one in enumerate(found):
        words = one.command.words
        if one.command.masked == BACKGROUND:
            started.append(i)
        elif words[:1] == ("wait",) and len(words) > 1 and not one.command.masked:
            for k in started[-1:] if words[1] == "$!" else started:
                found[k] = found[k]._replace(command=found[k].command._replace(masked=""))
    return found


def script_of(words: list[str], unwrapped: Unwrapped, document: str) -> tuple[str, str]:
    """The script that a command gives to a shell, here or elsewhere, and that shell: as an argument or a document."""
    if unwrapped.script >= 0:
        given = words[unwrapped.script :] if unwrapped.shell.startswith("ssh") else [words[unwrapped.script]]
        return " ".join(given), unwrapped.shell
    wrapper = unwrapped.wrappers[-1] if unwrapped.wrappers else ""
    if document and wrapper.startswith("ssh"):
        return document, wrapper
    rest = unwrapped.words
    if document and rest and rest[0] in ("bash", "sh") and all(word.startswith("-") for word in rest[1:]):
        return document, " ".join(rest)
    return "", ""


def placed(found: list[Found], at: int, length: int) -> list[Found]:
    """Commands of a script that stands behind one command, spread over that command's text in their order."""
    return [one._replace(at=at + i * length // max(len(found), 1), length=0) for i, one in enumerate(found)]
