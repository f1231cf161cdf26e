"""One workflow by its path or name, with the repository around it: for commands that look at a single workflow."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from typing import NamedTuple

from guardrail.catalog.load import Catalog
from guardrail.errors import GuardrailError, UsageError, did_you_mean
from guardrail.graph.repository import WORKFLOWS, Repository
from guardrail.scan.discover import Input, repository_root
from guardrail.scan.place import Placer
from guardrail.scan.read import open_text
from guardrail.scan.text import NoText, load
from guardrail.scan.tree import FileTree
from guardrail.settings import Settings

_SUFFIXES = (".yml", ".yaml")


class UnreadableError(GuardrailError):
    """The workflow is there, but cannot be understood."""

    exit_code = 3


class Workflow(NamedTuple):
    """A workflow: the repository it belongs to, its name as reports show it, its data, and what masks its secrets."""

    repository: Repository
    file: str
    data: Mapping[str, object]
    mask: Callable[[str], str]


def names() -> list[str]:
    """The files in `.github/workflows` of the repository around the working directory."""
    folder = _folder()
    return sorted(e for e in os.listdir(folder) if e.endswith(_SUFFIXES)) if folder else []


def open_workflow(word: str, settings: Settings, catalog: Catalog) -> Workflow:
    """The workflow at a path, or with a name (its ending may be left out) in `.github/workflows`.

    Raises UsageError where there is none, UnreadableError where the file cannot be read.
    """
    path = os.path.realpath(_path(word))
    root = _root(path)
    file = os.path.relpath(path, root).replace(os.sep, "/")
    from guardrail.catalog import recognise

    text = load(Input(path, file))
    if isinstance(text, NoText):
        raise UnreadableError(f"{file} {text.message}")
    opened = open_text(file, text)
    data = next((r.data for r in opened.resources if (r.type, r.kind) == ("workflow", "Workflow")), None)
    if not data or "jobs" not in data:
        if opened.unreadable:
            raise UnreadableError(f"{file}: {opened.unreadable[0].message}")
        raise UsageError(f"{file} is no workflow: it has no `on` with `jobs`")
    tree = FileTree(root, {file: data}, lambda: recognise.load(settings.recognise, catalog.kept))
    return Workflow(tree.repository(file), file, data, Placer(file, opened.lines, opened.resources).clean)


def _path(word: str) -> str:
    if os.path.isfile(word):
        return word
    if os.path.isdir(word):
        raise UsageError(f"'{word}' is a folder: name one workflow")
    known = names()
    found = next((name for name in known if word in (name, os.path.splitext(name)[0])), None)
    if found is not None:
        return os.path.join(_folder(), found)
    if not known:
        raise UsageError(f"there is no file '{word}', and no {WORKFLOWS} here to look for it")
    raise UsageError(f"there is no workflow '{word}'{did_you_mean(word, known)}; known: {', '.join(known[:20])}")


def _folder() -> str:
    """The nearest `.github/workflows` at or above the working directory, within its repository; empty without one."""
    here = FilePath(os.path.realpath("."))
    root = repository_root(here)
    for folder in (here, *here.parents):
        if (folder / WORKFLOWS).is_dir():
            return str(folder / WORKFLOWS)
        if folder == root:
            break
    return ""


def _root(path: str) -> str:
    """What names are relative to: the git work tree, else the working directory, else the folder above `.github`."""
    found = repository_root(FilePath(path))
    if found is not None:
        return str(found)
    here = os.path.realpath(".")
    if path.startswith(here.rstrip(os.sep) + os.sep):
        return here
    above, marker, _ = path.rpartition(f"{os.sep}.github{os.sep}")
    return above if marker else os.path.dirname(path)
