"""Which shell runs a script, and with which options.

GitHub runs (github/docs, data/reusables/actions/supported-shells.md): nothing given, not on Windows: `bash -e {0}`;
bash: `bash --noprofile --norc -eo pipefail {0}`; sh: `sh -e {0}`; pwsh and powershell: `$ErrorActionPreference =
'stop'` before the script and `exit $LASTEXITCODE` behind it; cmd: `cmd /D /E:ON /V:OFF /S /C "CALL "{0}""`; nothing
given on Windows: pwsh. Anything else is a template of a command with `{0}` for the script's file.
"""

from __future__ import annotations

from typing import NamedTuple

from guardrail.actions.shell.options import Options, options_after

POSIX, POWERSHELL, BATCH, OTHER = "posix", "powershell", "batch", "other"

_POSIX = frozenset({"bash", "sh", "dash", "zsh", "ash", "ksh", "busybox"})
_LAUNCHERS = frozenset({"sudo", "env", "time", "nice", "arch", "-x86_64", "-arm64"})


class Shell(NamedTuple):
    """`family` is one of the words above, `name` the program; `options` those of a POSIX shell."""

    family: str
    name: str
    options: Options = Options(False, False)


def shell(given: str, windows: bool = False) -> Shell:
    """What an effective `shell:` means; empty when nobody sets one."""
    words = given.split()
    if not words:
        return Shell(POWERSHELL, "pwsh") if windows else Shell(POSIX, "bash", Options(True, False))
    name = words[0].rpartition("/")[2].lower().removesuffix(".exe")
    if len(words) == 1:
        return _known(name)
    while name in _LAUNCHERS and len(words) > 1:
        words = words[1:]
        name = words[0].rpartition("/")[2].lower().removesuffix(".exe")
    if name in _POSIX:
        return Shell(POSIX, name, options_after(Options(False, False), words[1:]))
    return _known(name)


def _known(name: str) -> Shell:
    if name in ("bash", "sh"):
        return Shell(POSIX, name, Options(True, name == "bash"))
    if name in ("pwsh", "powershell"):
        return Shell(POWERSHELL, name)
    return Shell(BATCH, name) if name == "cmd" else Shell(OTHER, name)
