"""What scripts of `run:` steps download and install."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from re import compile as regex
from typing import Any

from guardrail.actions import downloads, fetched, installs
from guardrail.actions.shell import Command, Shell, commands, shell
from guardrail.actions.shell.command import excerpt
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["certificate_ignored", "fetched_program", "npm_install", "piped", "piped_plain", "unpinned_package"]

_HOST = regex(r"(?:[A-Za-z]+://)?(?:[^/@]*@)?([\w.-]+)")
_SHOWN = 60
_NO_SHELL = Shell("", "")


def script(item: Item, signs: tuple[str, ...] = ()) -> tuple[str, Shell]:
    """The script of a step with the shell that runs it; an empty one where the step runs none with one of `signs`."""
    step, job = _mapping(item.bindings.get("step")), _mapping(item.bindings.get("job"))
    text = step.get("run")
    if not isinstance(text, str) or (signs and not any(sign in text for sign in signs)):
        return "", _NO_SHELL
    return script_of(step, job, item.resource.data)


def script_of(
    step: Mapping[str, object], job: Mapping[str, object], workflow: Mapping[str, object]
) -> tuple[str, Shell]:
    """A step's script with its shell.

    Source: workflow syntax, `jobs.<job_id>.steps[*].shell` and `defaults.run`; without any, PowerShell on Windows.
    """
    text = step.get("run")
    if not isinstance(text, str):
        return "", _NO_SHELL
    given = step.get("shell") or _default(job) or _default(workflow)
    runner = job.get("runs-on")
    windows = isinstance(runner, str) and runner.lower().startswith("windows")
    return text, shell(given if isinstance(given, str) else "", windows)


def _default(data: Mapping[str, object]) -> object:
    return _mapping(_mapping(data.get("defaults")).get("run")).get("shell")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def executed(item: Item, *signs: str) -> tuple[Command, ...]:
    """The commands of a step's script, if one of `signs` stands in it at all."""
    text, used = script(item, signs)
    return commands(text, used.name) if text else ()


def at(item: Item, text: str, start: int, end: int, message: str) -> Hit:
    """A hit at one line of a step's script: from an offset to the end of what is meant, or of its line."""
    stop = text.find("\n", start)
    shown = text[start : min(end, stop if stop >= 0 else end)].rstrip()
    return Hit((*item.path, "run"), message, text=shown, occurrence=text.count(shown, 0, start))


def piped(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A download that a shell runs as it comes. An address that names a commit or a SHA-256 names its content."""
    text, used = script(item, downloads.SIGNS)
    hosts = [str(host).lower() for host in arguments["params"]["trustedHosts"]]
    for found in downloads.executed(text, used):
        host = _HOST.match(found.address)
        trusted = host is not None and any(fnmatchcase(host[1].lower(), pattern) for pattern in hosts)
        if not (found.is_fixed or found.is_local or found.is_plain or trusted):
            told = f"{_short(found.address) or 'a download'} runs in {found.into} as it comes, unverified"
            yield at(item, text, found.start, found.end, told)


def piped_plain(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The same over http://, where everyone on the way can put in code of their own."""
    text, used = script(item, downloads.SIGNS)
    for found in downloads.executed(text, used):
        if found.is_plain and not found.is_local:
            told = f"{_short(found.address)} is fetched without encryption and runs in {found.into}"
            yield at(item, text, found.start, found.end, told)


def fetched_program(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A program that is downloaded to a file and run, and nothing in the script verifies it."""
    text = str(_mapping(item.bindings.get("step")).get("run"))
    for found in fetched.unverified(executed(item, "curl", "wget")):
        told = f"{_short(found.address) or 'a download'} is run by `{excerpt(found.run.text, 40)}`, unverified"
        yield at(item, text, found.fetch.order, found.fetch.order + len(found.fetch.text), told)


def certificate_ignored(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A download whose server may be anyone: `curl -k`, `wget --no-check-certificate`."""
    text = str(_mapping(item.bindings.get("step")).get("run"))
    for command in executed(item, "curl", "wget"):
        option = installs.unchecked(command.words)
        if option:
            where = downloads.address(list(command.words))
            told = f"{command.head} {option} takes {_short(where) or 'the answer'} from whoever answers"
            yield at(item, text, command.order, command.order + len(command.text), told)


def unpinned_package(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A package that is installed at whatever version is the newest."""
    text = str(_mapping(item.bindings.get("step")).get("run"))
    for command in executed(item, "install", " add ", " i "):
        found = installs.unpinned(command.words)
        if found:
            named = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
            told = f"{' '.join(command.words[:2])} takes the newest version of {named}"
            yield at(item, text, command.order, command.order + len(command.text), told)


def npm_install(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`npm install` of all dependencies, which may change the lockfile where `npm ci` fails."""
    text = str(_mapping(item.bindings.get("step")).get("run"))
    for command in executed(item, "npm"):
        if installs.ignores_lockfile(command.words):
            told = f"`{' '.join(command.words)[:_SHOWN]}` may install other versions than the lockfile names"
            yield at(item, text, command.order, command.order + len(command.text), told)


def _short(address: str) -> str:
    return address if len(address) <= _SHOWN else f"{address[: _SHOWN - 1]}…"
