"""The repository around a workflow: the other files that decide what a run does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from guardrail.actions.recognise import Table

Made = TypeVar("Made")

WORKFLOWS = ".github/workflows"


class Tree(Protocol):
    """The files of a scan, named as reports name them: from its root, with forward slashes."""

    def text(self, name: str) -> str | None:
        """A file's text; None where there is none, or none that may be read."""

    def document(self, name: str) -> object:
        """The data of a file's first YAML or JSON document; None where there is none."""

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of what lies in a folder, folders with a slash at the end, in order."""

    def below(self, folder: str, suffixes: tuple[str, ...], most: int) -> tuple[str, ...]:
        """The names of files below a folder that end in one of some suffixes, at most so many, in order."""

    def repository(self, file: str) -> Repository:
        """The repository a file belongs to; of `''`, all that is scanned."""


@dataclass(slots=True, eq=False, repr=False)
class Repository:
    """One repository of a scan: `base` is the folder that holds `.github`, empty for the root of the scan.

    `table` gives the table that steps are recognised by, read when it is first needed.

    Paths given to its methods are relative to `base`; what `name` returns is a file as reports name it."""

    base: str
    tree: Tree
    table: Callable[[], Table]
    _made: dict[object, object] = field(default_factory=dict)

    def name(self, path: str) -> str:
        """A path below the base as reports name it; what leads out of the base leads nowhere."""
        inside = normpath(join("/", path)).lstrip("/")
        return join(self.base, inside)

    def text(self, path: str) -> str | None:
        """A file's text, or None."""
        return self.tree.text(self.name(path))

    def document(self, path: str) -> object:
        """A file's data, or None."""
        return self.tree.document(self.name(path))

    def names(self, folder: str) -> tuple[str, ...]:
        """What lies in a folder: names, those of folders with a slash at the end."""
        return self.tree.names(self.name(folder))

    def below(self, suffixes: tuple[str, ...], most: int) -> tuple[str, ...]:
        """Files of the repository that end in one of some suffixes, relative to its base."""
        found = self.tree.below(self.base, suffixes, most)
        return tuple(name[len(self.base) + 1 if self.base else 0 :] for name in found)

    def call(self, uses: str) -> tuple[str, Mapping[str, object]] | None:
        """File and data of a local reusable workflow or action by its `uses:`, or None.

        `./` and `$/` lead from the repository's root (workflow syntax, `jobs.<job_id>.steps[*].uses`).
        """
        path = uses.partition("@")[0].removeprefix("$/")
        candidates = [path] if path.endswith((".yml", ".yaml")) else [f"{path}/action.yml", f"{path}/action.yaml"]
        for candidate in candidates:
            data = self.document(candidate)
            if isinstance(data, dict):
                return self.name(candidate), data
        return None

    def workflows(self) -> dict[str, Mapping[str, object]]:
        """Data of every workflow in `.github/workflows` by the file as reports name it."""
        found: dict[str, Mapping[str, object]] = {}
        for name in self.names(WORKFLOWS):
            if name.endswith((".yml", ".yaml")):
                data = self.document(f"{WORKFLOWS}/{name}")
                if isinstance(data, dict):
                    found[self.name(f"{WORKFLOWS}/{name}")] = data
        return found

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` yields, made once for all policies that ask."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]
