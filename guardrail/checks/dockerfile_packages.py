"""What Dockerfiles install: package managers of distributions and languages, and what they leave behind.

Sources: docs.docker.com, "Building best practices" (RUN, apt-get); the manual page of each manager.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any, NamedTuple

from guardrail.actions.shell import Command
from guardrail.checks.dockerfile_run import at_command, executed, instruction_of
from guardrail.model.report import Hit
from guardrail.views.dockerfiles import Instruction, lineage, of_item, stages
from guardrail.views.items import Item

__all__ = [
    "apt_used",
    "cache_kept",
    "question_asked",
    "recommended_installed",
    "signature_ignored",
    "unpinned_system",
    "updated_alone",
    "upgraded",
]


class Manager(NamedTuple):
    """A package manager: verbs that install, options (and letters) that answer yes, what clears its cache.

    `version` is what a package's name has in it when its version is fixed; `cache` are folders to be emptied.
    """

    installs: tuple[str, ...]
    yes: tuple[str, ...]
    letter: str
    version: str
    clean: tuple[str, ...]
    cache: tuple[str, ...]


_APT = Manager(
    ("install", "build-dep"),
    ("--yes", "--assume-yes", "-qq", "--quiet=2", "-q=2", "--force-yes"),
    "y",
    "=",
    ("dist-clean",),
    ("/var/lib/apt",),
)
_RPM = Manager(
    ("install", "localinstall", "groupinstall", "reinstall"),
    ("--assumeyes", "-y"),
    "y",
    r"-\d|\.rpm\Z|^@",
    ("clean",),
    ("/var/cache/yum", "/var/cache/dnf", "/var/cache"),
)
_MANAGERS: Mapping[str, Manager] = {
    "apt-get": _APT,
    "apt": _APT,
    "aptitude": _APT,
    "yum": _RPM,
    "dnf": _RPM,
    "microdnf": _RPM,
    "tdnf": _RPM,
    "zypper": Manager(
        ("install", "in"),
        ("--non-interactive", "-n", "--no-confirm", "-y"),
        "y",
        "=|<|>",
        ("clean", "cc"),
        ("/var/cache/zypp",),
    ),
    "apk": Manager(("add",), (), "", r"[=~<>]", ("cache",), ("/var/cache/apk",)),
}
_SIGNS = tuple(_MANAGERS)
_VALUED = frozenset(
    "-o --option -c --config-file -t --target-release --default-release -a --repository -X --repo --enablerepo "
    "--disablerepo --releasever --setopt --installroot --root -p --virtual --arch --allow-untrusted-key".split()
)
_UNSIGNED = {
    "apt-get": ("--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"),
    "apt": ("--allow-unauthenticated", "--allow-insecure-repositories"),
    "apk": ("--allow-untrusted",),
    "yum": ("--nogpgcheck", "--nogpg"),
    "dnf": ("--nogpgcheck", "--no-gpgchecks"),
    "microdnf": ("--nogpgcheck",),
    "tdnf": ("--nogpgcheck",),
    "zypper": ("--no-gpg-checks",),
    "rpm": ("--nosignature", "--nodigest", "--noverify", "--nogpgcheck"),
}
_UPGRADES = frozenset({"upgrade", "dist-upgrade", "full-upgrade", "dup", "system-upgrade", "distro-sync"})


def _verb(command: Command) -> str:
    """What a package manager is told to do: its first word that is no option."""
    skip = False
    for word in command.words[1:]:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _VALUED
        else:
            return word
    return ""


def _packages(command: Command) -> list[str]:
    """The packages that a command names."""
    found: list[str] = []
    skip = False
    for word in command.words[1:]:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _VALUED
        elif word:
            found.append(word)
    return [word for word in found[1:] if not set(word) & set("$/{`(")]


def _installing(item: Item) -> Iterator[tuple[Command, Manager]]:
    for command in executed(item, *_SIGNS):
        manager = _MANAGERS.get(command.head)
        if manager and _verb(command) in manager.installs:
            yield command, manager


def question_asked(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An installation that asks whether to go on: nobody is there to say yes, and the build fails."""
    one = instruction_of(item)
    if one is None or "ssume-" in one.script or "assumeyes" in one.script:
        return
    for command, manager in _installing(item):
        options = [w for w in command.words[1:] if w.startswith("-")]
        quiet = "-q" in options and options.count("-q") > 1 and manager is _APT
        answered = any(o in manager.yes or _bundled(o, manager.letter) for o in options) or quiet
        if manager.yes and not answered and not command.piped and "yes" not in one.script.split():
            yield at_command(item, command, f"`{command.head} {_verb(command)}` asks whether to go on; add -y")


def _bundled(option: str, letter: str) -> bool:
    return option[:2] != "--" and letter in option[1:] and option[1:].isalpha()


def updated_alone(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Package lists updated in a layer of their own: the next layers install from what was cached months ago."""
    found = executed(item, "update", "refresh")
    if any(_goes_on(command) for command in found):
        return
    for command in found:
        verb = _verb(command)
        if command.head in ("apt-get", "apt", "aptitude", "apk") and verb == "update":
            told = f"`{command.head} update` is a layer of its own: what is installed later comes from an old list"
            yield at_command(item, command, told)
            return


def _goes_on(command: Command) -> bool:
    """Whether a command uses the lists: an installation, an upgrade, or a script that may do it."""
    if command.head in _MANAGERS:
        verb = _verb(command)
        return (
            verb in _MANAGERS[command.head].installs or verb in _UPGRADES or "upgrade" in verb or "-U" in command.words
        )
    head = command.head
    if head.startswith("xx-"):  # tonistiigi/xx installs for another platform
        return True
    return (
        "/" in head or head.endswith(".sh") or head in ("bash", "sh", "xargs", "make", "$SHELL") or bool(command.opaque)
    )


def upgraded(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Everything upgraded to whatever is the newest."""
    for command in executed(item, "upgrade", "dup", "update", "distro-sync"):
        verb = _verb(command)
        all_of_it = verb in _UPGRADES or (verb == "update" and command.head in ("yum", "dnf", "microdnf", "zypper"))
        if command.head in _MANAGERS and all_of_it and not _packages(command):
            yield at_command(item, command, f"`{command.head} {verb}` makes every build another image")


def apt_used(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """`apt`, whose command line is made for people and not stable (apt(8), "SCRIPT USAGE")."""
    for command in executed(item, "apt "):
        if command.head == "apt" and _verb(command) in ("install", "update", "upgrade", "remove", "full-upgrade"):
            yield at_command(item, command, "`apt` does not promise a stable command line; use apt-get")
            return


def recommended_installed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """apt-get that installs what packages recommend, too."""
    one = instruction_of(item)
    for command, manager in _installing(item):
        text = " ".join(command.words)
        spared = "--no-install-recommends" in text or "Install-Recommends" in (one.script if one else "")
        if manager is _APT and not spared:
            yield at_command(item, command, f"`{command.head} install` without --no-install-recommends brings more")


def _shipped(item: Item) -> bool:
    """Whether an instruction's layer is part of the image that is built when no target is named."""
    found = stages(item.resource)
    stage, _ = of_item(item.resource, item.path)
    return any(part.number == stage.number for part in lineage(found, found[-1]))


def cache_kept(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Caches of package managers that stay in a layer of the image that is shipped."""
    one = instruction_of(item)
    if one is None or not _shipped(item):
        return
    found = executed(item, *_SIGNS, "pip", "yarn")
    told: set[str] = set()
    for command in found:
        why = _kept(command, found, one)
        if why and command.head not in told:
            told.add(command.head)
            yield at_command(item, command, why)


def _kept(command: Command, found: tuple[Command, ...], one: Instruction) -> str:
    """Why a command leaves a cache in the layer, or nothing."""
    mounts = " ".join(str(m) for m in one.data.get("mounts") or ())  # type: ignore[attr-defined]
    manager = _MANAGERS.get(command.head)
    if manager is not None and _verb(command) in manager.installs:
        if "--no-cache" in command.words or any(folder in mounts for folder in manager.cache):
            return ""
        cleaned = any(c.head in _MANAGERS and _verb(c) in manager.clean for c in found)
        removed = any(c.head == "rm" and any(f in w for f in manager.cache for w in c.words) for c in found)
        how = (
            "rm -rf /var/lib/apt/lists/*" if manager is _APT else "--no-cache" if command.head == "apk" else "clean all"
        )
        return "" if cleaned or removed else f"`{command.head}` leaves its cache in the layer ({how} in the same RUN)"
    if command.head == "yarn" and (command.words[1:2] in ((), ("install",), ("add",))):
        cleaned = "yarn" in mounts or any(c.words[:3] == ("yarn", "cache", "clean") for c in found)
        return "" if cleaned else "`yarn` leaves its cache in the layer (yarn cache clean in the same RUN)"
    pip = command.words[:2] in (("pip", "install"), ("pip3", "install")) or command.words[1:4] == (
        "-m",
        "pip",
        "install",
    )
    spared = "PIP_NO_CACHE_DIR" in one.state.variables or ".cache" in mounts or "--no-cache-dir" in command.words
    removed = any(c.head == "rm" and any(".cache" in w for w in c.words) for c in found)
    return "`pip install` leaves its cache in the layer (--no-cache-dir)" if pip and not spared and not removed else ""


def unpinned_system(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Packages of the distribution that are installed without a version."""
    for command, manager in _installing(item):
        loose = [word for word in _packages(command) if not regex(manager.version).search(word)]
        if loose:
            yield at_command(item, command, f"`{command.head}` takes the newest version of {named(loose)}")


def named(found: list[str] | tuple[str, ...]) -> str:
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def signature_ignored(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Packages installed whoever has signed them."""
    for command in executed(item, *_UNSIGNED):
        option = next((w for w in command.words[1:] if w.split("=")[0] in _UNSIGNED.get(command.head, ())), "")
        if option and not option.endswith(("=false", "=no", "=0")):
            yield at_command(item, command, f"`{command.head} {option}` installs packages whoever has signed them")
