"""Which files a scan looks at, and how reports name them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path as FilePath
from typing import NamedTuple

from guardrail.errors import UsageError
from guardrail.formats.names import is_dockerfile

SUFFIXES = (".yaml", ".yml", ".json", ".tf", ".tofu", ".tfvars", ".terraform.lock.hcl", ".md", ".markdown", ".mdx")
"""Files read when a folder is scanned; a file named on the command line is always read."""

NAMES = frozenset({"Kustomization"})
"""Files without a suffix that are read, too."""

LEFT_ALONE = frozenset({".git", ".hg", ".svn", ".terraform", ".venv", "__pycache__", "node_modules", "venv"})
"""Folders not entered where git does not say what belongs to the repository."""

STDIN = "-"


class Input(NamedTuple):
    """A file to read: where it is, how reports name it. The empty `file` is standard input."""

    file: str
    name: str


class Inputs(NamedTuple):
    """What was found: files to read, in order, how many were of other kinds, and what names are relative to.

    `repository` says whether `root` is the git work tree that the files belong to.
    """

    files: tuple[Input, ...]
    others: int
    root: str
    repository: bool = False


def repository_root(start: FilePath) -> FilePath | None:
    """The folder above `start` that holds `.git`, or None."""
    real = FilePath(os.path.realpath(start))  # resolve() raises where links go round in circles
    for folder in (real, *real.parents):
        if os.path.exists(folder / ".git"):
            return folder
    return None


def discover(paths: Sequence[str], exclude: Sequence[str], stdin_name: str = "stdin.yaml") -> Inputs:
    """The files below `paths`; names are relative to the git root, else to the working directory.

    `exclude` are globs over those names. Raises UsageError for a path that does not exist.
    """
    here = _working_directory()
    repository = repository_root(FilePath(next((p for p in paths if p != STDIN), here)))
    root = str(repository or here)
    found: dict[str, Input] = {}
    others = 0
    for path in paths:
        if path == STDIN:
            continue
        if not os.path.lexists(path):
            raise UsageError(f"path '{path}' does not exist")
        named = not os.path.isdir(path)
        for file in [path] if named else _below(FilePath(path)):
            known = file.lower().endswith(SUFFIXES) or is_dockerfile(file) or os.path.basename(file) in NAMES
            if not (named or known or os.path.isdir(file)):
                others += 1
                continue
            name = os.path.relpath(os.path.abspath(file), root).replace(os.sep, "/")
            if not excluded(name, exclude):
                found.setdefault(os.path.realpath(file), Input(file, name))
    if STDIN in paths:
        while any(i.name == stdin_name for i in found.values()):
            stdin_name = f"(standard input)/{stdin_name}"  # results are kept by name
        found[STDIN] = Input("", stdin_name)
    return Inputs(tuple(sorted(found.values(), key=lambda i: i.name)), others, root, repository is not None)


def _working_directory() -> str:
    try:
        return os.getcwd()
    except OSError:
        raise UsageError("the working directory does not exist any more") from None


def excluded(name: str, globs: Sequence[str]) -> bool:
    """Whether a name, or a folder above it, matches one of the globs."""
    parts = name.split("/")
    above = ["/".join(parts[: i + 1]) for i in range(len(parts))]
    return any(fnmatchcase(a, g.rstrip("/")) or fnmatchcase(a, g + "/*") for g in globs for a in above)


def _below(folder: FilePath) -> Iterator[str]:
    listed = _git_files(folder) if repository_root(folder) else None
    yield from listed if listed is not None else _walk(str(folder))


def _git_files(folder: FilePath) -> list[str] | None:
    """Tracked files and untracked ones that are not ignored; None where git cannot say."""
    import subprocess  # only for folders: a hook names its files

    command = ["git", "-C", str(folder), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    names = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    files = dict.fromkeys(os.path.join(str(folder), n) for n in names if n)
    return [f for f in files if os.path.lexists(f) and not os.path.isdir(f)]


def _walk(folder: str) -> Iterator[str]:
    """Every file below a folder, and each folder that cannot be listed; links to folders are not followed."""
    closed: list[OSError] = []
    for above, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(f for f in folders if f not in LEFT_ALONE)
        yield from (os.path.join(above, f) for f in sorted(files))
    yield from (str(error.filename) for error in closed if error.filename)
