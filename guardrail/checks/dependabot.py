"""Dependabot's settings: what GitHub refuses or reads otherwise than it was meant.

Facts are those of GitHub's Dependabot options reference unless a function names another source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import Any, NamedTuple

from guardrail.checks.secret_words import is_placeholder
from guardrail.errors import did_you_mean
from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = [
    "cooldown",
    "duplicates",
    "ecosystems",
    "groups",
    "registries",
    "schedules",
]

ECOSYSTEMS = frozenset(
    """
    bazel bun bundler cargo composer conda deno devcontainers docker docker-compose dotnet-sdk elm github-actions
    gitsubmodule gomod gradle helm julia maven mix nix npm nuget opentofu pip pre-commit pub rust-toolchain sbt swift
    terraform uv vcpkg
    """.split()
)
"""Values of `package-ecosystem` ("Supported ecosystems and repositories")."""

_CALLED = {
    "actions": "github-actions",
    "csharp": "nuget",
    "dart": "pub",
    "dotnet": "nuget",
    "git-submodule": "gitsubmodule",
    "git-submodules": "gitsubmodule",
    "github_actions": "github-actions",
    "go": "gomod",
    "go-modules": "gomod",
    "golang": "gomod",
    "hex": "mix",
    "java": "maven",
    "javascript": "npm",
    "php": "composer",
    "pipenv": "pip",
    "pnpm": "npm",
    "poetry": "pip",
    "precommit": "pre-commit",
    "pre_commit": "pre-commit",
    "python": "pip",
    "ruby": "bundler",
    "rust": "cargo",
    "submodules": "gitsubmodule",
    "tofu": "opentofu",
    "yarn": "npm",
}
"""What people write, and the value that Dependabot knows; pnpm, yarn, poetry and pipenv are documented so."""

_INTERVALS = ("daily", "weekly", "monthly", "quarterly", "semiannually", "yearly", "cron")
_SEMVER = ("semver-major-days", "semver-minor-days", "semver-patch-days")
_SECRETS = ("password", "token", "key", "auth-key", "client-secret")
_LEVELS = frozenset({"major", "minor", "patch"})


class Update(NamedTuple):
    """An entry of `updates` with its path."""

    data: dict[str, Any]
    path: Path

    @property
    def ecosystem(self) -> str:
        """The `package-ecosystem` as written, in lower case."""
        return str(self.data.get("package-ecosystem") or "").strip().lower()

    @property
    def limited_to_security(self) -> bool:
        """Whether version updates are switched off: a limit of zero open pull requests."""
        return str(self.data.get("open-pull-requests-limit")).strip() == "0"

    def directories(self) -> Iterator[tuple[str, Path]]:
        """Every directory as written, with its path: that of `directory`, those of `directories`."""
        single, several = self.data.get("directory"), self.data.get("directories")
        if isinstance(single, str):
            yield single, (*self.path, "directory")
        for index, name in enumerate(several if isinstance(several, list) else ()):
            if isinstance(name, str):
                yield name, (*self.path, "directories", index)


def updates(data: Mapping[str, Any]) -> Iterator[Update]:
    """The entries of `updates` that are mappings."""
    listed = data.get("updates")
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield Update(entry, ("updates", index))


def folder(name: str) -> str:
    """A directory as written, from the root of the repository, without slashes around it; empty for the root."""
    return normpath(f"/{name.strip()}").strip("/")


def cooldown(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Version updates that take a release sooner than `days` days after it is published."""
    wanted = int(arguments["params"]["days"])
    for update in updates(item.resource.data):
        given = update.data.get("cooldown")
        given = given if isinstance(given, dict) else {}
        days = _days(given.get("default-days"))
        path = (*update.path, "cooldown", "default-days")
        if update.limited_to_security or (days is None and all(_waits(given.get(k), wanted) for k in _SEMVER)):
            continue
        if days is None:
            yield Hit(path, f"{_named(update)} sets no cooldown.default-days of {wanted} or more", missing=True)
        elif days < wanted:
            yield Hit(path, f"{_named(update)} takes a release {days} days after it is published, not {wanted}")


def _days(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isdigit() and len(text) < 9 else None


def _waits(value: object, wanted: int) -> bool:
    days = _days(value)
    return days is not None and days >= wanted


def schedules(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Updates without a schedule, or with an interval that does not exist; those of a multi-ecosystem group have its.

    "Configuring multi-ecosystem updates": the group's schedule stands under `multi-ecosystem-groups`.
    """
    for update in updates(item.resource.data):
        path = (*update.path, "schedule", "interval")
        given = update.data.get("schedule")
        schedule = given if isinstance(given, dict) else {}
        interval = schedule.get("interval")
        if interval is None:
            if "multi-ecosystem-group" not in update.data:
                yield Hit(path, f"{_named(update)} has no schedule.interval", missing=True)
        elif str(interval) not in _INTERVALS:
            yield Hit(path, f"{_short(str(interval))} is no interval{did_you_mean(str(interval), _INTERVALS)}")
        elif interval == "cron" and not schedule.get("cronjob"):
            yield Hit(
                (*update.path, "schedule", "cronjob"), "the interval is cron, and there is no cronjob", missing=True
            )


def ecosystems(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A `package-ecosystem` that is missing or that Dependabot does not know."""
    for update in updates(item.resource.data):
        path, name = (*update.path, "package-ecosystem"), update.ecosystem
        if not name:
            yield Hit(path, "an entry of updates names no package-ecosystem", missing=True)
        elif name not in ECOSYSTEMS:
            meant = f" (it is called '{_CALLED[name]}')" if name in _CALLED else did_you_mean(name, ECOSYSTEMS)
            yield Hit(path, f"Dependabot knows no package-ecosystem {_short(name)}{meant}")


def groups(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Groups of version updates that put major versions and others into one pull request."""
    for update in updates(item.resource.data):
        named = update.data.get("groups")
        for name, group in named.items() if isinstance(named, dict) else ():
            if not isinstance(group, dict) or group.get("applies-to") == "security-updates":
                continue
            listed = group.get("update-types")
            levels = set(map(str, listed)) & _LEVELS if isinstance(listed, list) else _LEVELS
            if "major" in levels and len(levels) > 1 and not _ignores_majors(update):
                path = (*update.path, "groups", name)
                path = (*path, "update-types") if listed else path
                yield Hit(path, f"group {_short(str(name))} puts major updates into one pull request with the others")


def _ignores_majors(update: Update) -> bool:
    """Whether major updates of every dependency are ignored."""
    ignored = update.data.get("ignore")
    return any(
        isinstance(entry, dict)
        and entry.get("dependency-name") == "*"
        and "version-update:semver-major" in str(entry.get("update-types"))
        for entry in (ignored if isinstance(ignored, list) else ())
    )


def duplicates(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Two entries for one ecosystem, directory and target branch: GitHub refuses the file."""
    seen: dict[tuple[str, str, str], Path] = {}
    for update in updates(item.resource.data):
        for name, path in update.directories():
            key = (update.ecosystem, folder(name), str(update.data.get("target-branch") or ""))
            if key in seen:
                first = (Pointer("", seen[key]), "updated here already")
                message = f"{_short(name)} is updated by two {update.ecosystem} entries; Dependabot refuses the file"
                yield Hit(path, message, related=(first,))
            seen.setdefault(key, path)


def registries(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A password, token or key of a registry that is written out; GitHub wants `${{secrets.NAME}}` there."""
    for name, key, value, path in credentials(item.resource.data):
        if not is_placeholder(value):
            yield Hit(path, f"registry {_short(name)}: {key} is written in clear")


def credentials(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Path]]:
    """Registry, key, text and path of each credential that is no reference to a secret."""
    named = data.get("registries")
    for name, registry in named.items() if isinstance(named, dict) else ():
        for key in _SECRETS if isinstance(registry, dict) else ():
            value = registry.get(key)
            if isinstance(value, str | int) and str(value).strip() and "${{" not in str(value):
                yield str(name), key, str(value), ("registries", str(name), key)


def _named(update: Update) -> str:
    where = next((name for name, _ in update.directories()), "")
    return f"the update of {_short(update.ecosystem or '?')}" + (f" in {_short(where)}" if where else "")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
