"""Policy files as they were read last time: parsing and validating them costs more than judging a small file.

A JSON file in the user's cache folder for each set of places that policies come from. An entry holds for a path as
long as size and time of change are the same; whatever is wrong with the cache, the files are read instead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from guardrail import __version__

Entry = tuple[dict[str, Any], str]
"""The data of a policy or profile, and the place of its id."""


@dataclass(slots=True, eq=False, repr=False)
class Cache:
    """What is known of policy files; `file` is None when nothing is to be kept."""

    file: FilePath | None
    _known: dict[str, list[Any]] = field(default_factory=dict)
    _used: dict[str, list[Any]] = field(default_factory=dict)
    _changed: bool = False

    @classmethod
    def of(cls, folder: FilePath | None, places: Iterable[FilePath]) -> Cache:
        """The cache for policies from these places; an empty one that keeps nothing when there is no folder."""
        if folder is None:
            return cls(None)
        from zlib import crc32

        name = crc32("\n".join(str(place.absolute()) for place in places).encode("utf-8", "surrogateescape"))
        return cls(folder / f"policies-{name:08x}.json").open()

    def open(self) -> Cache:
        """Read what was kept."""
        if self.file is not None:
            try:
                kept = json.loads(self.file.read_bytes())
                if kept["version"] == __version__:
                    self._known = dict(kept["files"])
            except (OSError, ValueError, KeyError, TypeError):
                self._changed = True
        return self

    def get(self, path: str, stamp: list[int]) -> list[Entry] | None:
        """The entries of a file that has not changed since; None when it has to be read."""
        try:
            size, changed, entries = self._known[path]
            found = [(data, place) for data, place in entries]
        except (KeyError, TypeError, ValueError):
            return None
        if [size, changed] != stamp:
            return None
        self._used[path] = self._known[path]
        return found

    def put(self, path: str, stamp: list[int], entries: list[Entry]) -> None:
        """Remember the entries of a file."""
        self._used[path] = [*stamp, entries]
        self._changed = True

    def save(self) -> None:
        """Keep what this run used; a folder that cannot be written is left alone."""
        if self.file is None or not (self._changed or self._known.keys() - self._used.keys()):
            return
        text = json.dumps({"version": __version__, "files": self._used}, separators=(",", ":"))
        target = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            os.replace(target, self.file)
        except OSError:
            return


def stamp(file: FilePath | str) -> list[int]:
    """Size and time of change (nanoseconds) of a file."""
    found = os.stat(file)
    return [found.st_size, found.st_mtime_ns]
