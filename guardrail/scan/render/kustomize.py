"""Overlays built with `kustomize build` or `kubectl kustomize`, findings placed at the base or patch that sets a field.

In a copy of the files that the kustomizations name, with nothing switched on that runs other programs; what is not in
the repository is not fetched. Origin annotations tell which file each object comes from (kustomize documentation,
`buildMetadata`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import join, normpath
from typing import NamedTuple

from guardrail.engine.suppress import Directive
from guardrail.formats import kubernetes
from guardrail.formats.nodes import Lines
from guardrail.formats.scalars import KUBERNETES
from guardrail.formats.yaml_text import Parsed, read
from guardrail.model.document import Document, Resource
from guardrail.scan.directives import directives
from guardrail.scan.discover import Input, excluded
from guardrail.scan.read import Opened
from guardrail.scan.render.built import Built, Outcome, Told
from guardrail.scan.render.kustomizations import Kustomization, Tree
from guardrail.scan.render.overlay_places import OverlayPlaces, Setter, origin_of
from guardrail.scan.render.overlay_setters import setters
from guardrail.scan.render.sandbox import Sandbox
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.text import load

_ORIGIN = "config.kubernetes.io/origin"
_NOT_BUILT = "not built: neither kustomize nor kubectl is installed, so its files were judged as they stand"
_MOST_FILES = 5_000
_MOST_ALIKE = 2_000
_YAML = (".yaml", ".yml", ".json")


class _Sources(NamedTuple):
    """What an overlay is built from: documents by file, the objects in them, and what is applied to these."""

    written: Mapping[str, Sequence[Document]]
    objects: Objects
    applied: Sequence[Setter]


@dataclass(frozen=True, slots=True)
class Kustomize:
    """Builds one overlay.

    `command` is the tool up to the folder; `inputs` are those of the scan by name, `exclude` what is not to be shown.
    """

    command: Sequence[str]
    top: Kustomization
    tree: Tree
    inputs: Mapping[str, Input]
    exclude: Sequence[str]
    sandbox: Sandbox

    def outcome(self) -> Outcome:
        """Build; whatever goes wrong becomes a problem, and the files are judged as they stand."""
        top = self.top
        every = self.tree.closure(top)
        missing = sorted({m for k in every for m in k.missing})
        if missing:
            words = f"builds on {missing[0]}, which is not in the repository and was not fetched"
            return self._failed(f"{words}: the files here were judged as they stand")
        names = list(dict.fromkeys(n for k in every for n in (*k.files, k.file)))
        if len(names) > _MOST_FILES:
            return self._failed("names too many files to be built")
        try:
            folder = self._copy(names)
        except OSError as error:
            return self._failed(f"cannot be copied: {error.strerror or error}")
        done = self.sandbox.run([*self.command, os.path.join(folder, *top.folder.split("/"))], self.sandbox.folder)
        if done.failure:
            said = done.failure.replace(os.path.realpath(folder) + os.sep, "").replace(folder + os.sep, "")
            words = " ".join(said.removeprefix("Error: ").removeprefix("error: ").split())[:400]
            return self._failed(f"could not be built, so its files were judged as they stand: {words}")
        built = self._built(done.output, every, [n for n in names if n.endswith(_YAML) or n in {k.file for k in every}])
        taken = [self.inputs[n] for n in built.sheet.texts if n in self.inputs]
        return Outcome((built,), (), tuple(taken), {}, ("read", "part of an overlay"))

    def _copy(self, names: Sequence[str]) -> str:
        """Copy files to where they are in the repository; the overlay's own file asks for origins."""
        folder = os.path.join(self.sandbox.folder, "tree")
        for name in names:
            to = os.path.join(folder, *name.split("/"))
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copyfile(self.tree.path(name), to)
        data = {**self.top.data, "buildMetadata": ["originAnnotations"]}
        with open(os.path.join(folder, *self.top.file.split("/")), "w", encoding="utf-8") as file:
            json.dump(data, file)
        return folder

    def _failed(self, words: str) -> Outcome:
        source = self.inputs[self.top.file]
        return Outcome((), (Told("not-built", words, source.name),), (source,), {source.name: ("not built", "status")})

    def _built(self, output: str, every: Sequence[Kustomization], names: Sequence[str]) -> Built:
        sheet = Sheet(f"{self.top.folder or '.'} (built)", self._texts(names))
        written = {name: _documents(sheet, name) for name in sheet.texts}
        sources = _Sources(written, _objects(written), list(setters(every, written)))
        made: list[Document] = []
        for item in read(output, Lines(output), KUBERNETES):
            if isinstance(item, Parsed) and isinstance(item.data, dict):
                made.append(self._document(item.data, len(made), sources))
        resources = tuple(r for d in made for r in kubernetes.resources(d))
        return Built(
            sheet,
            Opened(sheet.lines, tuple(made), resources, ()),
            tuple(_directives(sheet, [d for found in written.values() for d in found])),
            self.top.file,
            frozenset(n for n in sheet.texts if not excluded(n, self.exclude)),
        )

    def _texts(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            text = load(Input(self.tree.path(name), name))
            if isinstance(text, str):
                yield name, text

    def _document(
        self,
        data: dict[str, object],
        index: int,
        sources: _Sources,
    ) -> Document:
        origin = _origin(data)
        kind = str(data.get("kind", ""))
        metadata = data.get("metadata")
        name = str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
        file = normpath(join(self.top.folder, str(origin.get("path") or origin.get("configuredIn") or "")))
        written, applied = sources.written, sources.applied
        if file not in written:
            file = self.top.file
        found = _made_from(sources.objects.get((file, kind), ()), name)
        if found is None:
            generator = next((s for s in applied if s.kind == kind and s.name and name.startswith(s.name)), None)
            found = generator or Setter({}, (written[file] or written[self.top.file])[0].places, (), kind, name)
        others = [s for s in applied if s.about(kind, name)]
        places = OverlayPlaces(data, found, others)
        first = found.place(()).span.line
        return Document(file, index, data, places, first, first)


def _documents(sheet: Sheet, name: str) -> list[Document]:
    """The documents of a file, placed in the sheet."""
    text, lines = sheet.texts[name], sheet.lines
    found: list[Document] = []
    for item in read(text, lines, KUBERNETES, sheet.offset(name)):
        if isinstance(item, Parsed):
            first, last = (lines.position(at)[0] for at in (item.start, max(item.end - 1, item.start)))
            found.append(Document(name, len(found), item.data, item.places, first, last))
    return found


def _origin(data: dict[str, object]) -> dict[str, object]:
    """What an object's origin annotation says, which is taken away."""
    metadata = data.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(annotations, dict):
        return {}
    text = str(annotations.pop(_ORIGIN, ""))
    if not annotations:
        del metadata["annotations"]
    item = next(read(text, Lines(text), KUBERNETES), None)
    return item.data if isinstance(item, Parsed) and isinstance(item.data, dict) else {}


Objects = Mapping[tuple[str, str], Sequence[Resource]]
"""The objects of files, by file and kind."""


def _objects(written: Mapping[str, Sequence[Document]]) -> Objects:
    found: dict[tuple[str, str], list[Resource]] = {}
    for file, documents in written.items():
        for resource in (r for d in documents for r in kubernetes.resources(d)):
            found.setdefault((file, resource.kind), []).append(resource)
    return found


def _made_from(objects: Sequence[Resource], name: str) -> Setter | None:
    """The object that a built one was: it has its name, or the longest part of it."""
    best: Resource | None = None
    for resource in objects[:_MOST_ALIKE]:
        if resource.name in name and (best is None or len(resource.name) > len(best.name)):
            best = resource
            if resource.name == name:
                break
    return origin_of(best) if best else None


def _directives(sheet: Sheet, documents: Sequence[Document]) -> Iterator[Directive]:
    """The suppressions in the files that an overlay is built from."""
    resources = tuple(r for d in documents for r in kubernetes.resources(d))
    yield from directives(sheet.lines.text, Opened(sheet.lines, tuple(documents), resources, ()))


def not_installed(top: Kustomization, source: Input) -> Outcome:
    """What becomes of an overlay where there is no tool: its files are judged as they stand, and its status says so."""
    return Outcome((), (), (source,), {top.file: (_NOT_BUILT, "status")})


def component(top: Kustomization, source: Input) -> Outcome:
    """What becomes of a component that no overlay uses: it cannot be built by itself."""
    reason = "a component that no scanned overlay uses: its files were judged as they stand"
    return Outcome((), (), (source,), {top.file: (reason, "status")})
