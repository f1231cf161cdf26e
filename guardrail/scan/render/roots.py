"""The folders that charts and overlays may read: of each scanned path its repository, else the folder itself.

A path is within a folder when it is so as written and with links followed: neither `..` nor a link leads out.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import NamedTuple

from guardrail.scan.discover import STDIN, repository_root
from guardrail.scan.render.sandbox import inside


class Roots(NamedTuple):
    """What names of a report are relative to, and the folders, as written and with links followed."""

    root: str
    written: tuple[str, ...]
    real: tuple[str, ...]

    def path(self, name: str) -> str:
        """Where a file or folder is."""
        return os.path.normpath(os.path.join(self.root, *name.split("/"))) if name else self.root

    def name(self, path: str) -> str:
        """How reports name a file or folder."""
        return os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")

    def allow(self, name: str) -> bool:
        """Whether a name leads to a file or folder within one of the folders."""
        path = self.path(name)
        return self.within(name) and os.path.exists(path) and any(inside(path, top) for top in self.real)

    def within(self, name: str) -> bool:
        """Whether a name is within one of the folders as it is written."""
        path = self.path(name)
        return any(path == top or path.startswith(top.rstrip(os.sep) + os.sep) for top in self.written)

    def of(self, path: str) -> str:
        """The folder that a path lies in, links followed: the innermost, else what names are relative to."""
        return max((top for top in self.real if inside(path, top)), key=len, default=self.real[0])

    def copied(self, name: str, to: str) -> str:
        """Where a copy of what `allow` lets through stands, all in their places to each other."""
        return os.path.join(to, os.path.relpath(self.path(name), os.path.commonpath(self.written)))


def roots(root: str, paths: Sequence[str]) -> Roots:
    """The folders for names relative to `root`, of paths as the user gave them: files, folders, standard input."""
    written = [os.path.abspath(root), *(_around(os.path.abspath(path)) for path in paths if path != STDIN)]
    written = list(dict.fromkeys(written))
    return Roots(written[0], tuple(written), tuple(os.path.realpath(top) for top in written))


def _around(path: str) -> str:
    """The repository around a path, named as the path is; else its folder, or the chart that a template is in."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    above = repository_root(FilePath(folder))
    if above is None:
        return f"{folder}{os.sep}".partition(f"{os.sep}templates{os.sep}")[0].rstrip(os.sep) or os.sep
    below = os.path.relpath(os.path.realpath(folder), above)
    if below == os.curdir:
        return folder
    return folder.removesuffix(os.sep + below) if folder.endswith(os.sep + below) else folder
