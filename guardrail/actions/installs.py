"""Commands that install packages, and whether they say which version."""

from __future__ import annotations

from collections.abc import Sequence
from re import compile as regex
from typing import NamedTuple

from guardrail.actions.downloads import is_local

_PIP_SELF = frozenset({"pip", "setuptools", "wheel"})
_PIP_VALUES = frozenset(
    "-r --requirement -c --constraint -t --target --prefix --root -i --index-url --extra-index-url -f --find-links "
    "--platform --python-version --python --only-binary --no-binary --upgrade-strategy --progress-bar --cache-dir "
    "--trusted-host --timeout --retries --config-settings -C --implementation --abi --group --src --report".split()
)
_NPM_VALUES = frozenset("--registry --prefix --omit --include --loglevel --cache -C --dir --workspace -w --tag".split())
_CARGO_VALUES = frozenset(
    "--root --target --features -F --profile --bin --registry --target-dir --jobs -j --index".split()
)
_DOTNET_VALUES = frozenset({"--add-source", "--configfile", "--tool-path", "--framework"})
_GEM_VALUES = frozenset("-v --version -i --install-dir -n --bindir --source -s --platform".split())


class Installer(NamedTuple):
    """The words a command begins with; of those without a language, options with a value and those that pin."""

    words: tuple[str, ...]
    language: str = ""
    values: frozenset[str] = frozenset()
    pins: tuple[str, ...] = ()


_INSTALLERS = (
    *(Installer(words, "python") for words in (("pip", "install"), ("pip3", "install"), ("pipx", "install"))),
    *(Installer((python, "-m", "pip", "install"), "python") for python in ("python", "python3", "py")),
    *(Installer(("uv", *words), "python") for words in (("pip", "install"), ("tool", "install"))),
    *(Installer((npm, verb), "javascript") for npm in ("npm", "pnpm") for verb in ("install", "i", "add")),
    *(Installer(words, "javascript") for words in (("yarn", "add"), ("yarn", "global", "add"), ("bun", "add"))),
    Installer(("go", "install"), "go"),
    Installer(("gem", "install"), "", _GEM_VALUES, ("-v", "--version")),
    Installer(("cargo", "install"), "", _CARGO_VALUES, ("--version", "--vers", "--path", "--git")),
    Installer(("dotnet", "tool", "install"), "", _DOTNET_VALUES, ("--version", "--tool-manifest")),
)
"""Sources: the manual page of each command."""

_VERSIONED = regex(r".(?:===?|~=|<=?|>=?|!=)|@|://|\$|[{}*]")
_INSECURE = regex(r"-[^-oHduXAbceEFmrTwxYyzCDKPQt]*k[A-Za-z]*\Z")
"""`k` among options of one letter, none of which before it takes the rest as its value."""

_FILE = regex(r"(?:\.{1,2}(?:/|\[|$)|/|~/|file:|git\+|https?:|[\w./-]+\.(?:whl|tgz|gem|zip|tar\.gz)$)")


def unchecked(words: Sequence[str]) -> str:
    """The option by which a fetcher skips the check of the server's certificate, unless the server is this machine."""
    head = words[0] if words else ""
    if head == "curl":
        found = next((w for w in words if w == "--insecure" or _INSECURE.match(w)), "")
    elif head == "wget":
        found = "--no-check-certificate" if "--no-check-certificate" in words else ""
    else:
        return ""
    return "" if any(is_local(word) for word in words[1:]) else found


def unpinned(words: Sequence[str]) -> tuple[str, ...]:
    """The packages that a command installs at their newest version; nothing for what a file or lockfile names."""
    found = next((kind for kind in _INSTALLERS if tuple(words[: len(kind.words)]) == kind.words), None)
    if found is None:
        return ()
    rest = words[len(found.words) :]
    if found.language == "python":
        return _of_pip(rest)
    if found.language == "javascript":
        return _of_npm(rest)
    if found.language == "go":
        return tuple(word for word in _operands(rest, frozenset()) if word.endswith("@latest"))
    return _with_option(rest, found.values, found.pins)


def _of_pip(words: Sequence[str]) -> tuple[str, ...]:
    if any(word in ("-e", "--editable", "--require-hashes", "--no-index", "-c", "--constraint") for word in words):
        return ()
    found = _operands(words, _PIP_VALUES)
    return tuple(
        word for word in found if not (_VERSIONED.search(word) or _FILE.match(word) or word.lower() in _PIP_SELF)
    )


def _of_npm(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        word
        for word in _operands(words, _NPM_VALUES)
        if not _FILE.match(word) and "$" not in word and _is_floating(word.removeprefix("@").partition("@")[2])
    )


def _is_floating(version: str) -> bool:
    return version in ("", "latest", "next", "*", "beta", "canary")


def _with_option(words: Sequence[str], values: frozenset[str], pins: tuple[str, ...]) -> tuple[str, ...]:
    """Operands of a command whose version is an option, or stands behind `@` or `:`."""
    if any(word in pins or word.startswith(tuple(f"{pin}=" for pin in pins)) for word in words):
        return ()
    found = _operands(words, values)
    return tuple(w for w in found if not _FILE.match(w) and not any(c in w for c in "@:$"))


def _operands(words: Sequence[str], values: frozenset[str]) -> list[str]:
    """Words that are neither options nor the values of those that take one."""
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in values
        elif word:
            found.append(word)
    return found


def ignores_lockfile(words: Sequence[str]) -> bool:
    """Whether a command installs all of a project's npm packages without holding to `package-lock.json`."""
    if list(words[:1]) != ["npm"] or len(words) < 2 or words[1] not in ("install", "i"):
        return False
    rest = words[2:]
    return not _operands(rest, _NPM_VALUES) and not {"-g", "--global", "--package-lock-only"} & set(rest)
