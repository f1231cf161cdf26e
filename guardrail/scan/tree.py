"""The files of a scan's root, read when a policy over the whole repository needs them, and never beyond the root."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import basename, dirname
from typing import TYPE_CHECKING

from guardrail.formats import files
from guardrail.formats.names import is_markdown, split_name
from guardrail.formats.nodes import Lines
from guardrail.graph.repository import Repository
from guardrail.model.document import Document
from guardrail.scan.discover import LEFT_ALONE, Input
from guardrail.scan.text import load

if TYPE_CHECKING:
    from guardrail.actions.recognise import Table


def tops(paths: Sequence[str]) -> tuple[str, ...]:
    """The folders that named paths lie in: themselves, or the repository around a file in `.github`."""
    found = []
    for path in paths:
        folder = path if os.path.isdir(path) else os.path.dirname(os.path.abspath(path))
        above, marker, _ = f"{os.path.abspath(folder)}{os.sep}".partition(f"{os.sep}.github{os.sep}")
        found.append(above or os.sep if marker else folder)
    return tuple(found)


@dataclass(slots=True, eq=False, repr=False)
class FileTree:
    """Texts and data by name. `known` are files as they were judged: standard input may stand for one of them.

    `table` gives what steps are recognised by; `others` are folders outside of the root that are scanned, too.
    """

    root: str
    known: Mapping[str, object]
    table: Callable[[], Table]
    others: tuple[str, ...] = ()
    _tops: tuple[str, ...] = ()
    _texts: dict[str, str | None] = field(default_factory=dict)
    _data: dict[str, object] = field(default_factory=dict)
    _names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _repositories: dict[str, Repository] = field(default_factory=dict)
    _bases: dict[str, str] = field(default_factory=dict)
    _table: Table | None = None

    def text(self, name: str) -> str | None:
        """A file's text; None where there is none within the root, or none that can be read."""
        if name not in self._texts:
            path = self._inside(name)
            found = load(Input(path, name)) if path and os.path.isfile(path) else None
            self._texts[name] = found if isinstance(found, str) else None
        return self._texts[name]

    def document(self, name: str) -> object:
        """The data of a file's first document; None where there is none."""
        if name not in self._data:
            self._data[name] = self.known[name] if name in self.known else self._read(name)
        return self._data[name]

    def _read(self, name: str) -> object:
        text = self.text(name)
        if text and name.endswith((".tf", ".tofu")):
            from guardrail.formats import terraform

            return terraform.literals(text)
        found = files.documents(name, text, Lines(text)) if text else iter(())
        return next((item.data for item in found if isinstance(item, Document)), None)

    def names(self, folder: str) -> tuple[str, ...]:
        """What lies in a folder, in order; nothing where there is none within the root."""
        if folder not in self._names:
            self._names[folder] = self._list(folder)
        return self._names[folder]

    def _list(self, folder: str) -> tuple[str, ...]:
        path = self._inside(folder)
        try:
            with os.scandir(path or os.devnull) as entries:
                return tuple(sorted(e.name + "/" * e.is_dir(follow_symlinks=False) for e in entries))
        except OSError:
            return self._shown(folder)

    def _shown(self, folder: str) -> tuple[str, ...]:
        """The files of a folder that only a document shows, in blocks of which each is a file."""
        if not split_name(f"{folder}/")[1] and not is_markdown(folder):
            return ()
        start = f"{folder}/"
        below = (name[len(start) :].partition("/") for name in self.known if name.startswith(start))
        return tuple(sorted({first + slash for first, slash, _ in below}))

    def below(self, folder: str, suffixes: tuple[str, ...], most: int) -> tuple[str, ...]:
        """Files below a folder with one of some suffixes, at most so many; folders of other people's code left out."""
        found: list[str] = []
        waiting = [folder] if self._inside(folder) else []
        while waiting and len(found) < most:
            here = waiting.pop(0)
            for name in self.names(here):
                path = f"{here}/{name}" if here else name
                if name.endswith("/"):
                    if name.rstrip("/") not in LEFT_ALONE:
                        waiting.append(path.rstrip("/"))
                elif name.endswith(suffixes):
                    found.append(path)
        return tuple(found[:most])

    def _inside(self, name: str) -> str:
        """The path of a name, links followed; empty when it leads out of the root and of the other folders scanned."""
        if not self._tops:
            self._tops = tuple(os.path.realpath(top) for top in (self.root, *self.others))
        path = os.path.realpath(os.path.join(self._tops[0], name))
        within = (path == top or path.startswith(top.rstrip(os.sep) + os.sep) for top in self._tops)
        return path if any(within) else ""

    def repository(self, file: str) -> Repository:
        """The repository a file belongs to: the nearest folder above it that holds `.github`, else its own."""
        base = self._base(file)
        if base not in self._repositories:
            self._repositories[base] = Repository(base, self, self._recognise)
        return self._repositories[base]

    def _recognise(self) -> Table:
        if self._table is None:
            self._table = self.table()
        return self._table

    def _base(self, file: str) -> str:
        parts = file.split("/")
        if ".github" in parts[:-1]:
            return "/".join(parts[: parts.index(".github")])
        folder = own = dirname(file)
        judged = self.known.get(file)
        if isinstance(judged, dict) and "jobs" in judged:  # one that GitHub does not run: an example of its own
            return own
        if own not in self._bases:
            while folder and basename(folder) != ".." and not self._has_github(folder):
                folder = dirname(folder)
            above = basename(folder) == ".."  # what lies beside the root belongs to another repository than that
            self._bases[own] = folder if not above and (folder or self._has_github("")) else own
        return self._bases[own]

    def _has_github(self, folder: str) -> bool:
        path = f"{folder}/.github" if folder else ".github"
        return os.path.isdir(self._inside(path) or os.devnull) or ".github/" in self._shown(folder)
