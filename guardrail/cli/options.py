"""Options that several commands share, and the settings they add up to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from guardrail.catalog import settings_file
from guardrail.catalog.load import Catalog, load
from guardrail.errors import UsageError
from guardrail.settings import Settings, cache_folder

_PLAIN = ("recommended", "essential")
"""Profiles that name no policy themselves."""
_NEVER_YAML = ("dockerfile", "terraform")
_BY_TEXT = frozenset({"compose", "dependabot", "pre-commit", "workflow"})
"""Types of policies: those of files that are no YAML, and those of YAML that its path and text tell."""
_FEW = 20
_LONGEST = 1_000_000
"""How many files, of how many characters, are looked into to save reading policies."""


def settings_for(paths: Sequence[str], config: str | None, given: dict[str, Any]) -> Settings:
    """Settings from the file (named, or found upward from the first path) with command-line options over them.

    `given` maps fields of Settings to values; None and empty tuples mean "not given". `select` and `ignore` add
    to the file's.
    """
    if config is not None:
        file: FilePath | None = FilePath(config)
        if file is None or not file.is_file():
            raise UsageError(f"settings file '{config}' does not exist")
    else:
        first = next((p for p in paths if p != "-"), ".")
        file = settings_file.find(FilePath(first))
    settings = settings_file.read(file) if file is not None else Settings()
    assignments = given.pop("assignments", ())
    for name in ("select", "ignore", "exclude"):
        if given.get(name):
            given[name] = (*getattr(settings, name), *given[name])
    changes = {k: v for k, v in given.items() if v not in (None, ())}
    return settings_file.with_parameters(replace(settings, **changes), assignments)


def catalog_for(
    settings: Settings, extra: Sequence[str] = (), cached: bool = True, paths: Sequence[str] = (".",)
) -> Catalog:
    """The shipped catalogue with the policies that settings and `extra` paths add.

    `paths` are what is scanned: where they are files of YAML, policies of other formats are left unread.
    """
    own = [FilePath(settings.directory) / p for p in settings.policy_paths]
    folder = cache_folder() if cached else ""
    places = (*own, *(FilePath(p) for p in extra))
    return load(places, FilePath(folder) if folder else None, _absent(settings, paths))


def _absent(settings: Settings, paths: Sequence[str]) -> tuple[str, ...]:
    """Types of input that there is none of: a hook names its files, and must not wait for policies of other types.

    Settings that name policies may name any.
    """
    named = settings.select or settings.ignore or settings.policies or settings.profile not in _PLAIN
    if named or not all(p.lower().endswith((".yaml", ".yml")) and FilePath(p).is_file() for p in paths):
        return ()
    if len(paths) > _FEW:
        return _NEVER_YAML
    types = {_type(os.path.abspath(p)) for p in paths}
    return () if "" in types else (*_NEVER_YAML, *sorted(_BY_TEXT - types))


def _type(file: str) -> str:
    """The type of a file's policies, `kubernetes` where it is none of the others; empty where it cannot be read."""
    from guardrail.formats import compose, workflow

    try:
        with open(file, encoding="utf-8", errors="replace") as handle:
            text = handle.read(_LONGEST + 1)
    except OSError:
        return ""
    if len(text) > _LONGEST:
        return ""
    form = workflow.form(file, text)
    return workflow.TYPES[form] if form else "compose" if compose.form(file, text) else "kubernetes"


def write(file: str, text: str) -> None:
    """Write a file, and the folders above it; raises UsageError where that cannot be done."""
    try:
        FilePath(file).parent.mkdir(parents=True, exist_ok=True)
        FilePath(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write '{file}': {error.strerror}") from None


def complete_policies(_ctx: Any, _param: Any, incomplete: str) -> list[str]:
    """Ids of policies that begin with what was typed, for shell completion."""
    return _begin(catalog_for(settings_for((), None, {})).policies, incomplete)


def complete_profiles(_ctx: Any, _param: Any, incomplete: str) -> list[str]:
    """Names of profiles that begin with what was typed, for shell completion."""
    return _begin(catalog_for(settings_for((), None, {})).profiles, incomplete)


def complete_workflows(_ctx: Any, _param: Any, incomplete: str) -> list[str]:
    """Names of the repository's workflows that begin with what was typed, for shell completion."""
    from guardrail.scan.workflow import names

    return _begin(names(), incomplete)


def output_width() -> int:
    """Columns to write for: the terminal's, 100 where there is none, so that logs are alike everywhere."""
    if not sys.stdout.isatty():
        return 100
    from shutil import get_terminal_size

    return min(get_terminal_size((100, 24)).columns, 120)


def _begin(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))
