"""Scripts behind a command: those of package.json, make targets, files of the repository.

Only what the repository holds is read. Each way of naming a script is a function from a command to what it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import NamedTuple

from guardrail.actions.recognise.files import path_of, text_of
from guardrail.actions.recognise.patterns import head
from guardrail.actions.recognise.records import Where
from guardrail.actions.shell import Command


class Script(NamedTuple):
    """A script that a command runs: `key` tells it from others, `via` names it for people.

    `shell` is a GitHub `shell:` with the same meaning; `directory` where it runs, relative to the command's.
    """

    key: str
    text: str
    shell: str
    directory: str
    via: str


class Inner(NamedTuple):
    """What is behind a command: scripts, hooks of pre-commit, names of scripts, and why one cannot be read.

    `masked` says why a failure of theirs does not fail the command. `words` is a command that is meant instead, such
    as `jest` of `yarn jest`.
    """

    scripts: tuple[Script, ...] = ()
    names: tuple[str, ...] = ()
    missing: str = ""
    hooks: tuple[str, ...] = ()
    masked: str = ""
    words: tuple[str, ...] = ()


class Asked(NamedTuple):
    """A command that may run scripts, and where; `tools` are the programs that the table knows."""

    command: Command
    where: Where
    tools: Collection[str]

    @property
    def words(self) -> tuple[str, ...]:
        """The command's words."""
        return self.command.words

    def read(self, name: str) -> str | None:
        """The text of a file named relative to where the command runs."""
        if self.command.directory == "?":
            return None
        return text_of(self.where, name)

    def file(self, name: str) -> str:
        """The name of a file from the repository's root."""
        return path_of(self.where, name) or name


Reader = Callable[[Asked], Inner | None]

NOT_THERE = "is not there"


def inner(asked: Asked) -> Inner | None:
    """The scripts behind a command; None for a command that runs none."""
    name = head(asked.command.head)
    reader = readers().get(name)
    if reader is not None:
        return reader(asked)
    return _script_file(asked)


@cache
def readers() -> Mapping[str, Reader]:
    """The programs that run scripts of the repository."""
    from guardrail.actions.recognise import make, packages, pythonic, targets

    return {**packages.READERS, **make.READERS, **targets.READERS, **pythonic.READERS, **_SHELLS}


def _script_file(asked: Asked) -> Inner | None:
    """`./scripts/x.sh` or `bin/ci`: run by the shell its first line names."""
    word = asked.command.head.replace("\\", "/")
    if "/" not in word or word.startswith(("$", "~")) or "${{" in word:
        return None
    known = head(word) in asked.tools and not word.endswith((".sh", ".bash"))
    return None if known or word.startswith("/") else file_behind(asked, word, "")


def file_behind(asked: Asked, name: str, shell: str) -> Inner | None:
    """A script file of the repository; `shell` is the one it is called with."""
    stem = name.rpartition("/")[2].removesuffix(".sh").removesuffix(".bash")
    text = asked.read(name)
    if text is None:
        return Inner((), (stem,), f"{name} {NOT_THERE}")
    first = text.partition("\n")[0]
    if not shell:
        shell = _interpreter(first)
    if not shell:
        return Inner((), (stem,), f"{name} is a script in another language")
    return Inner((Script(asked.file(name), text, f"{shell} {{0}}", "", asked.file(name)),), (stem,))


def _interpreter(first: str) -> str:
    """The shell of a `#!` line with its options; a script without one is run by the shell itself."""
    if not first.startswith("#!"):
        return "sh"
    words = [w for w in first[2:].split() if not w.endswith("/env") and w not in ("env", "-S")]
    name = words[0].rpartition("/")[2] if words else ""
    return " ".join([name, *words[1:]]) if name in ("bash", "sh", "dash", "zsh", "ash", "ksh") else ""


def _called_shell(asked: Asked) -> Inner | None:
    """`bash x.sh`, `sh -e x.sh`."""
    options: list[str] = []
    for word in asked.words[1:]:
        if word.startswith(("-", "+")) or options[-1:] in (["-o"], ["+o"]):
            options.append(word)
        else:
            return file_behind(asked, word, " ".join([head(asked.command.head), *options]))
    return None


def _sourced(asked: Asked) -> Inner | None:
    """`. x.sh`, `source x.sh`: in the shell that is running."""
    if len(asked.words) < 2:
        return Inner()
    name = asked.words[1]
    text = asked.read(name)
    if text is None:
        return Inner()  # `source venv/bin/activate` and the like are made at run time
    shell = asked.where.shell or "bash -e"
    shell = shell if "{0}" in shell else f"{_options(shell)} {{0}}"
    return Inner((Script(asked.file(name), text, shell, "", asked.file(name)),))


def _options(shell: str) -> str:
    return {"bash": "bash -eo pipefail", "sh": "sh -e"}.get(shell, shell)


_SHELLS: Mapping[str, Reader] = {
    **dict.fromkeys(("bash", "sh", "dash", "zsh", "ash", "ksh"), _called_shell),
    **dict.fromkeys((".", "source"), _sourced),
}
