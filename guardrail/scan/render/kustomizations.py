"""Which inputs make an overlay: what a kustomization names, and who names whom."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.kubernetes import KUSTOMIZE
from guardrail.formats.nodes import Lines
from guardrail.formats.scalars import KUBERNETES
from guardrail.formats.yaml_text import Parsed, read
from guardrail.model.document import KUSTOMIZATIONS
from guardrail.scan.discover import Input
from guardrail.scan.render.roots import Roots
from guardrail.scan.text import load

_PARTS = ("resources", "bases", "components")
GENERATED = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
"""The kinds of what generators make."""

CHARTS = ("helmCharts", "helmChartInflationGenerator")
_PLAIN = ("commonAnnotations", "commonLabels", "labels", "images", "helmCharts", "helmChartInflationGenerator")
"""Fields whose texts are values, never files."""

_REMOTE = regex(r"(?:https?|ssh|git|oci|file)://[^\s]+\Z")
_MOST = 2_000
_MOST_STRINGS = 20_000


class Kustomization(NamedTuple):
    """A kustomization: its file and folder as reports name them, its data, and the files and folders it names.

    `missing` are parts that are not in the repository: remote, or not there at all; `charts` are those it has helm
    inflate; `fetched` is something else remote that it cannot do without; `stubs` are files for generators that are not
    committed, as those with secrets should be.
    """

    file: str
    folder: str
    data: dict[str, object]
    files: tuple[str, ...]
    below: tuple[str, ...]
    missing: tuple[str, ...]
    charts: tuple[str, ...]
    fetched: str
    stubs: tuple[str, ...]

    @property
    def component(self) -> bool:
        """Whether it can only be used by another."""
        return self.data.get("kind") == "Component"


@dataclass(slots=True)
class Tree:
    """The kustomizations of a scan, read when they are first asked for."""

    roots: Roots
    known: dict[str, Kustomization | None]

    def at(self, folder: str) -> Kustomization | None:
        """The kustomization of a folder, or None."""
        if folder not in self.known:
            self.known[folder] = None  # whoever names itself finds nothing
            if len(self.known) <= _MOST:
                self.known[folder] = self._read(folder)
        return self.known[folder]

    def closure(self, top: Kustomization) -> list[Kustomization]:
        """A kustomization after all that it builds on, in the order in which they apply."""
        found: dict[str, Kustomization] = {}
        waiting: list[tuple[Kustomization, bool]] = [(top, False)]
        entered: set[str] = set()
        while waiting:
            here, done = waiting.pop()
            if done:
                found.setdefault(here.folder, here)
            elif here.folder not in entered:
                entered.add(here.folder)
                waiting.append((here, True))
                waiting.extend((k, False) for k in map(self.at, reversed(here.below)) if k is not None)
        return list(found.values())

    def path(self, name: str) -> str:
        """Where a file or folder is."""
        return self.roots.path(name)

    def _read(self, folder: str) -> Kustomization | None:
        for name in KUSTOMIZATIONS:
            file = join(folder, name) if folder else name
            if os.path.isfile(self.path(file)):
                return self._parsed(file, folder)
        return None

    def _parsed(self, file: str, folder: str) -> Kustomization | None:
        text = load(Input(self.path(file), file))
        item = next(read(text, Lines(text), KUBERNETES), None) if isinstance(text, str) else None
        if not isinstance(item, Parsed) or not isinstance(item.data, dict):
            return None
        data: dict[str, object] = item.data
        if not str(data.get("apiVersion", KUSTOMIZE)).startswith(KUSTOMIZE):
            return None  # of Flux, whose objects have the same kind
        files: list[str] = []
        below: list[str] = []
        for written in _strings(data):
            name = self._there(folder, written)
            if name is not None and os.path.isfile(self.path(name)):
                files.append(name)
            elif name is not None and any(os.path.isfile(self.path(join(name, n))) for n in KUSTOMIZATIONS):
                below.append(name)
        missing = [w for key in _PARTS for w in _texts(data.get(key)) if self._there(folder, w) is None]
        charts = [str(c.get("name", "")) for key in CHARTS for c in _maps(data.get(key))]
        files_named = _strings({**data, **dict.fromkeys(_PLAIN)})
        fetched = next((w for w in files_named if _REMOTE.match(w) and w not in missing), "")
        stubs = [join(folder, w) if folder else w for w in _generated_from(data) if self._there(folder, w) is None]
        parts = (tuple(files), tuple(below), tuple(missing), tuple(charts))
        return Kustomization(file, folder, data, *parts, fetched, tuple(s for s in stubs if self.roots.within(s)))

    def _there(self, folder: str, written: str) -> str | None:
        """What a kustomization names, as reports name it; None where that is not in the repository."""
        for text in (written, written.rpartition("=")[2]):
            if not text or len(text) > 500 or "\n" in text or text.startswith("/") or "://" in text:
                continue
            name = normpath(join(folder, text))
            name = "" if name == "." else name
            if self.roots.allow(name):
                return name
        return None


def _strings(data: object) -> Iterator[str]:
    """Every text in data, each once, up to a bound."""
    waiting, seen = [data], 0
    while waiting and seen < _MOST_STRINGS:
        here = waiting.pop()
        seen += 1
        if isinstance(here, str):
            yield here
        elif isinstance(here, dict):
            waiting.extend(reversed(list(here.values())))
        elif isinstance(here, list):
            waiting.extend(reversed(here))


def _generated_from(data: Mapping[str, object]) -> Iterator[str]:
    """The files that generators take their data from."""
    for key in GENERATED:
        for entry in _maps(data.get(key)):
            yield from _texts(entry.get("envs"))
            yield from (w.rpartition("=")[2] for w in _texts(entry.get("files")))
            if isinstance(entry.get("env"), str):
                yield str(entry["env"])


def without_remote(data: Mapping[str, object], missing: Sequence[str]) -> dict[str, object]:
    """A kustomization without the parts that are not here, and without charts."""
    found = {key: value for key, value in data.items() if key not in CHARTS}
    for key in _PARTS:
        if key in found:
            found[key] = [w for w in _texts(found[key]) if w not in missing]
    return found


def _maps(value: object) -> list[dict[str, object]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def overlays(files: Sequence[Input], roots: Roots) -> tuple[Tree, list[Kustomization], Mapping[str, Input]]:
    """The kustomizations among inputs that no other one of them names, and the inputs by name."""
    inputs = {i.name: i for i in files if i.file}
    tree = Tree(roots, {})
    found = [k for k in (tree.at(dirname(n)) for n in inputs if basename(n) in KUSTOMIZATIONS) if k is not None]
    named = {name for k in found for name in k.below if name != k.folder}
    return tree, [k for k in found if k.folder not in named], inputs
