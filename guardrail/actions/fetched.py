"""Programs that a script downloads to a file and runs without ever comparing them with anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename
from typing import NamedTuple

from guardrail.actions import downloads
from guardrail.actions.shell import Command

_INTERPRETERS = frozenset("sh bash zsh python python3 perl ruby node source .".split())
_INSTALLERS = frozenset("install dpkg rpm msiexec installer".split())
_VERIFIERS = frozenset(
    "sha1sum sha256sum sha384sum sha512sum shasum b2sum b3sum md5sum gpg gpg2 gpgv cosign minisign signify "
    "slsa-verifier rekor-cli openssl certutil".split()
)


class Unverified(NamedTuple):
    """A download that is run later on: its address, the command that fetches it, and the one that runs it."""

    address: str
    fetch: Command
    run: Command


def unverified(commands: Sequence[Command]) -> Iterator[Unverified]:
    """Every such program, at the command that fetches it; none where anything in the script verifies anything."""
    if any(_verifies(command) for command in commands):
        return
    waiting: dict[str, tuple[str, Command]] = {}
    for command in commands:
        name = next((name for name in _run(command.words) if name in waiting), "")
        if name:
            address, fetch = waiting.pop(name)
            yield Unverified(address, fetch, command)
        file, address = _fetched(command)
        if file and not downloads.is_local(address) and not downloads.is_fixed(address):
            waiting[basename(file)] = address, command


def _verifies(command: Command) -> bool:
    return command.head.rpartition("/")[2] in _VERIFIERS or tuple(command.words[:3]) == ("gh", "attestation", "verify")


def _fetched(command: Command) -> tuple[str, str]:
    """The file a command downloads to, and from where."""
    words = list(command.words)
    address = downloads.address(words)
    if command.head == "curl":
        file = _option(words, ("-o", "--output"), "o") or command.output
        if not file and any(w in ("-O", "--remote-name") or _bundled(w, "O") for w in words):
            file = address
    elif command.head == "wget":
        file = _option(words, ("-O", "--output-document"), "O") or command.output or address
    else:
        return "", ""
    return ("" if file in ("-", "/dev/null", "/dev/stdout") else file.split("?")[0].rstrip("/")), address


def _bundled(word: str, letter: str) -> bool:
    return word[:1] == "-" and word[:2] != "--" and letter in word and word[1:].isalpha()


def _option(words: list[str], names: tuple[str, ...], letter: str) -> str:
    """The value of an option, also at the end of a bundle of letters (`-fsSLo file`)."""
    for word, value in zip(words[1:], [*words[2:], ""], strict=True):
        if word in names or (_bundled(word, letter) and word.endswith(letter)):
            return value
        if word.startswith(f"{names[1]}="):
            return word.partition("=")[2]
    return ""


def _run(words: Sequence[str]) -> list[str]:
    """Names of files that a command runs, or makes ready to be run."""
    if not words:
        return []
    head = words[0].rpartition("/")[2]
    operands = [word for word in words[1:] if not word.startswith("-")]
    if head == "chmod":
        marked = operands[:1] and any(sign in operands[0] for sign in ("x", "7", "5"))
        return [basename(word) for word in operands[1:]] if marked else []
    if head in _INTERPRETERS:
        return [basename(word) for word in operands[:1]]
    return [basename(word) for word in operands] if head in _INSTALLERS else [head]
