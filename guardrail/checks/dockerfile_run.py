"""What RUN runs in Dockerfiles: downloads, sudo, pipes, and what is forgotten with the layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from re import compile as regex
from shlex import join
from typing import Any

from guardrail.actions import downloads, fetched, installs
from guardrail.actions.shell import Command, commands, shell
from guardrail.actions.shell.command import excerpt
from guardrail.model.report import Hit
from guardrail.views.dockerfiles import SHELLS, Instruction, of_item
from guardrail.views.items import Item

__all__ = [
    "certificate_ignored",
    "fetched_program",
    "lost_with_layer",
    "pipe_unguarded",
    "piped",
    "setuid",
    "sudo",
    "user_huge",
    "world_writable",
]

_HOST = regex(r"(?:[A-Za-z]+://)?(?:[^/@]*@)?([\w.-]+)")
_STATE = frozenset({"cd", "export", "set", "alias", "umask", "ulimit", "unset", "pushd", "popd"})
"""Commands that change nothing but the shell they run in."""

_PROFILE = regex(r"(?:.*/)?(?:activate|\.?bashrc|\.(?:bash_)?profile|profile|nvm\.sh|env)\Z")
"""Files that only set variables when they are sourced."""

_WRITABLE = regex(r"[0-7]?[0-7]{2}[2367]\Z|(?:[ugo]*[ao][ugo]*)?\+[rxXst]*w|[ugo]*[ao][ugo]*=[rxXst]*w")
_SETUID = regex(r"0?[4-7][0-7]{3}\Z|(?:[augo]*[au][ugo]*)?\+[rwxXt]*s|[ugo]*u[ugo]*=[rwxXt]*s")
_NUMBER = regex(r" (?:-[a-zA-Z]*u *|--uid[ =])(\d{1,12})\b")
_UNLOGGED = regex(r" (?:-[a-zA-Z]*l[a-zA-Z]*\b|--no-log-init\b)")
_ENVIRONMENT = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0", "false"),
    "PYTHONHTTPSVERIFY": ("0",),
    "GIT_SSL_NO_VERIFY": ("1", "true", "yes"),
    "PIP_TRUSTED_HOST": ("pypi.org", "files.pythonhosted.org", "pypi.python.org", "*"),
    "NPM_CONFIG_STRICT_SSL": ("false", "0"),
    "YARN_ENABLE_STRICT_SSL": ("false", "0"),
    "YARN_STRICT_SSL": ("false", "0"),
    "GONOSUMDB": ("*",),
    "GOINSECURE": ("*",),
}
"""Variables that switch off the check of certificates, with the values that do (node, CPython 2, git, npm, go)."""


def instruction_of(item: Item) -> Instruction | None:
    """The instruction that an item is."""
    return of_item(item.resource, item.path)[1]


def executed(item: Item, *signs: str, of: tuple[str, ...] = ("RUN",)) -> tuple[Command, ...]:
    """The commands of an instruction, if one of `signs` stands in it at all; none of another shell's script."""
    one = instruction_of(item)
    if one is None or one.keyword not in of:
        return ()
    text = script_of(one)
    if not text or (signs and not any(sign in text for sign in signs)):
        return ()
    return commands(text, "sh")


def script_of(one: Instruction) -> str:
    """The script of an instruction; of an exec form its words as one."""
    if one.script:
        return one.script if one.state.is_posix else ""
    listed = one.data.get("exec")
    words = [str(word) for word in listed] if isinstance(listed, list) else []
    if len(words) == 3 and words[0].rpartition("/")[2] in SHELLS and words[1].startswith("-") and "c" in words[1]:
        return words[2]
    return join(words)


def at(item: Item, start: int, length: int, message: str) -> Hit:
    """A hit at one line of an instruction's script, from an offset; of an exec form at its list."""
    one = instruction_of(item)
    text = one.script if one else ""
    if not text:
        return Hit((*item.path, "exec"), message)
    stop = text.find("\n", start)
    end = min(start + length, stop if stop >= 0 else start + length)
    shown = text[start:end].rstrip(" \\")
    if not shown:
        return Hit((*item.path, "script"), message)
    return Hit((*item.path, "script"), message, text=shown, occurrence=text.count(shown, 0, start))


def at_command(item: Item, command: Command, message: str) -> Hit:
    """A hit at a command."""
    return at(item, command.order, len(command.text), message)


def short(text: str, longest: int = 60) -> str:
    """A text cut for a message."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def piped(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A download that a shell runs as it comes. An address that names a commit or a SHA-256 names its content."""
    one = instruction_of(item)
    text = script_of(one) if one and one.keyword == "RUN" else ""
    hosts = [str(host).lower() for host in arguments["params"]["trustedHosts"]]
    for found in downloads.executed(text, shell("sh")):
        host = _HOST.match(found.address)
        trusted = host is not None and any(fnmatchcase(host[1].lower(), pattern) for pattern in hosts)
        if not (found.is_fixed or found.is_local or trusted):
            told = f"{short(found.address) or 'a download'} runs in {found.into} as it comes, unverified"
            yield at(item, found.start, found.end - found.start, told)


def fetched_program(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A program that is downloaded to a file and run, and nothing in the script verifies it."""
    for found in fetched.unverified(executed(item, "curl", "wget")):
        told = f"{short(found.address) or 'a download'} is run by `{excerpt(found.run.text, 40)}`, unverified"
        yield at_command(item, found.fetch, told)


def certificate_ignored(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Servers that may be anyone: options of fetchers and package tools, variables for all that runs."""
    for command in executed(item, "-k", "insecure", "no-check", "trusted-host", "strict-ssl", "sslVerify", "sslverify"):
        told = installs.unchecked(command.words) or _unchecked(command.words)
        if told:
            yield at_command(item, command, f"{command.head} {told} takes what whoever answers sends")
    one = instruction_of(item)
    listed = one.data.get("variables") if one and one.keyword in ("ENV", "ARG") else None
    for number, variable in enumerate(listed if isinstance(listed, list) else ()):
        name, value = str(variable.get("name")), str(variable.get("value", ""))
        if value.lower() in _ENVIRONMENT.get(name.upper(), ()):
            path = (*item.path, "variables", number, "value")
            yield Hit(path, f"{name}={value} switches the check of certificates off for all that runs in the image")


def _unchecked(words: tuple[str, ...]) -> str:
    """The option by which a package tool or git skips the check of certificates."""
    if words[:1] in (("pip",), ("pip3",)) or words[1:3] == ("-m", "pip"):
        return next((w for w in words if w.startswith("--trusted-host")), "")
    if words[:3] in (("npm", "config", "set"), ("yarn", "config", "set"), ("npm", "set", "strict-ssl")):
        text = " ".join(words).lower().replace("=", " ")
        return "strict-ssl false" if "strict-ssl false" in text else ""
    if words[:2] == ("git", "config"):
        text = " ".join(words).lower()
        return "http.sslVerify false" if "http.sslverify false" in text else ""
    return "sslverify=0" if words[:1] in (("yum",), ("dnf",)) and "sslverify=" in " ".join(words).lower() else ""


def sudo(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Commands run by sudo."""
    for command in executed(item, "sudo"):
        if command.head == "sudo" or any(w.split()[:1] == ["sudo"] for w in command.wrappers):
            yield at_command(item, command, f"`{excerpt(command.text, 40)}` runs by sudo")
            return


def lost_with_layer(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A RUN that changes nothing but its own shell: the next instruction starts a new one."""
    found = executed(item)
    if found and all(_is_lost(command) and not command.piped and not command.output for command in found):
        what = found[-1].head
        told = f"{what} holds in this RUN alone: the next instruction starts a new shell"
        if what in _DAEMONS:
            told = f"`{excerpt(found[-1].text, 40)}` runs until this RUN ends: no process is part of an image"
        yield Hit((*item.path, "script"), told)


_DAEMONS = frozenset({"service", "systemctl", "rc-service"})


def _is_lost(command: Command) -> bool:
    """Whether nothing is left of a command when its shell ends."""
    if command.head in ("source", "."):
        return len(command.words) == 2 and _PROFILE.match(command.words[1]) is not None
    if command.head in _DAEMONS:
        return any(word in ("start", "restart") for word in command.words[1:3])
    return command.head in _STATE


def pipe_unguarded(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A pipe whose shell is not told that it fails where its first part does."""
    one = instruction_of(item)
    if one is None or one.state.pipefail or "|" not in one.script or "pipefail" in one.script:
        return
    for command in executed(item, "|"):
        if command.piped and command.head in ("curl", "wget", "cat", "gpg", "openssl", "tar", "git", "find", "python3"):
            yield at_command(
                item, command, f"if `{excerpt(command.text, 40)}` fails, the build goes on with what is left"
            )
            return


def world_writable(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Files that everybody may write: `chmod 777`, `COPY --chmod=777`."""
    for command in executed(item, "chmod"):
        modes = [word for word in command.words[1:] if not word.startswith("-")][:1]
        # The sticky bit is what makes a shared folder such as /tmp safe.
        if command.head == "chmod" and modes and _WRITABLE.match(modes[0]) and not _sticky(modes[0]):
            yield at_command(item, command, f"`{excerpt(command.text, 50)}` lets every user write there")
    one = instruction_of(item)
    flags = one.data.get("flags") if one and one.keyword in ("COPY", "ADD") else None
    mode = flags.get("chmod") if isinstance(flags, dict) else None
    if isinstance(mode, str) and _WRITABLE.match(mode) and not _sticky(mode):
        yield Hit((*item.path, "flags", "chmod"), f"--chmod={mode} lets every user write there")


def _sticky(mode: str) -> bool:
    return (len(mode) == 4 and mode.isdecimal() and mode[0] in "1357") or "t" in mode


def setuid(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Files that run as their owner, whoever starts them: `chmod u+s`, `chmod 4755`, `COPY --chmod=4755`."""
    for command in executed(item, "chmod"):
        modes = [word for word in command.words[1:] if not word.startswith("-")][:1]
        if command.head == "chmod" and modes and _SETUID.match(modes[0]):
            yield at_command(item, command, f"`{excerpt(command.text, 50)}` sets the set-user-ID bit")
    one = instruction_of(item)
    flags = one.data.get("flags") if one and one.keyword in ("COPY", "ADD") else None
    mode = flags.get("chmod") if isinstance(flags, dict) else None
    if isinstance(mode, str) and _SETUID.match(mode):
        yield Hit((*item.path, "flags", "chmod"), f"--chmod={mode} sets the set-user-ID bit")


def user_huge(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A user with a large number and an entry in lastlog and faillog (`useradd` of shadow-utils, `--no-log-init`)."""
    for command in executed(item, "useradd"):
        text = " ".join(command.words)
        number = _NUMBER.search(text)
        if command.head == "useradd" and number and int(number[1]) >= 100_000 and not _UNLOGGED.search(text):
            yield at_command(item, command, f"useradd with number {number[1]} and without --no-log-init")
