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
from guardrail.scan.render.generators import literals
from guardrail.scan.render.kustomizations import GENERATED, Kustomization, Tree, without_remote
from guardrail.scan.render.overlay_places import OverlayPlaces, Setter, origin_of
from guardrail.scan.render.overlay_setters import setters
from guardrail.scan.render.sandbox import Sandbox
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.text import load, text_of

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
        fetched = next((k.fetched for k in every if k.fetched), "")
        if fetched:
            return self._failed(f"needs {fetched}, which was not fetched: its files were judged as they stand")
        names = list(dict.fromkeys(n for k in every for n in (*k.files, k.file)))
        if len(names) > _MOST_FILES:
            return self._failed("names too many files to be built")
        try:
            folder = self._copy(names, every)
        except OSError as error:
            return self._failed(f"cannot be copied: {error.strerror or error}")
        done = self.sandbox.run([*self.command, self.tree.roots.copied(top.folder, folder)], self.sandbox.folder)
        lacking = self._lacking(every)
        if done.failure and lacking:
            return self._failed(f"{lacking.message}: its files were judged as they stand", lacking)
        if done.failure:
            words = _said(done.failure.replace(os.path.realpath(folder) + os.sep, "").replace(folder + os.sep, ""))
            return self._failed(f"could not be built, so its files were judged as they stand: {words}")
        built = self._built(done.output, every, [n for n in names if n.endswith(_YAML) or n in {k.file for k in every}])
        taken = [self.inputs[n] for n in built.sheet.texts if n in self.inputs]
        told: list[Told] = []
        if lacking:  # what the kustomization says of objects that are not here is judged in its own file
            told.append(lacking._replace(message=f"{lacking.message}: what it brings was not judged"))
            taken = [i for i in taken if i.name != top.file]
        absent = next((s for s in self._stubs(every) if self.inputs.get(top.file)), "")
        note = (self.inputs[top.file], f"built as if {absent}, which is not here, were empty") if absent else None
        return Outcome((built,), tuple(told), tuple(taken), {}, ("read", "part of an overlay"), note)

    def _stubs(self, every: Sequence[Kustomization]) -> list[str]:
        return [stub for one in every for stub in one.stubs]

    def _copy(self, names: Sequence[str], every: Sequence[Kustomization]) -> str:
        """Copy files to where they are to each other; the overlay's own file asks for origins.

        Kustomizations are written without what is not here, and so that names of what they generate are the same
        whatever it holds.
        """
        folder = os.path.join(self.sandbox.folder, "tree")
        for name in names:
            to = self.tree.roots.copied(name, folder)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copyfile(self.tree.path(name), to)
        for stub in self._stubs(every):
            to = self.tree.roots.copied(stub, folder)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            if not os.path.exists(to):
                open(to, "w").close()
        for one in every:
            data = without_remote(one.data, one.missing)
            if any(key in data for key in GENERATED):
                options = data.get("generatorOptions")
                given = options if isinstance(options, dict) else {}
                data["generatorOptions"] = {**given, "disableNameSuffixHash": True}
            if one.file == self.top.file:
                data["buildMetadata"] = ["originAnnotations"]
            if data != one.data:
                with open(self.tree.roots.copied(one.file, folder), "w", encoding="utf-8") as file:
                    json.dump(data, file)
        return folder

    def _failed(self, words: str, at: Told | None = None) -> Outcome:
        source = self.inputs[self.top.file]
        told = Told("not-built", words, at.file if at else source.name, at.line if at else 1)
        return _standing(self.top, self.tree, source, "not built")._replace(told=(told,))

    def _lacking(self, every: Sequence[Kustomization]) -> Told | None:
        """What the overlay is built without, if anything; told where it is named."""
        for one in every:
            for missing in one.missing:
                words = f"builds on {missing}, which is not in the repository and was not fetched"
                return self._at(one, missing, words)
            for chart in one.charts:
                return self._at(one, chart, f"inflates the chart {chart} (helmCharts), which is not done here")
        return None

    def _at(self, one: Kustomization, name: str, words: str) -> Told:
        """A problem on the first line of a kustomization that names something."""
        lines = text_of(self.tree.path(one.file)).split("\n")
        line = next((n for n, row in enumerate(lines, 1) if name in row.partition("#")[0]), 1)
        return Told("not-built", words, one.file, line)

    def _built(self, output: str, every: Sequence[Kustomization], names: Sequence[str]) -> Built:
        sheet = Sheet(f"{self.top.folder or '.'} (built)", _texts(self.tree, names))
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
            variant=f"in {self.top.folder or 'the overlay of the root'}",
        )

    def _document(self, data: dict[str, object], index: int, sources: _Sources) -> Document:
        origin = _origin(data)
        kind = str(data.get("kind", ""))
        metadata = data.get("metadata")
        name = str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
        file = normpath(join(self.top.folder, str(origin.get("path") or origin.get("configuredIn") or "")))
        written, applied = sources.written, sources.applied
        if file not in written:
            file = self.top.file
        resource = _made_from(sources.objects.get((file, kind), ()), name)
        found = origin_of(resource) if resource else None
        if found is None:
            generator = next((s for s in applied if s.kind == kind and s.name and name.startswith(s.name)), None)
            found = generator or Setter({}, (written[file] or written[self.top.file])[0].places, (), kind, name)
        others = [s for s in applied if s.about(kind, name)]
        places = OverlayPlaces(data, found, others)
        first = found.place(()).span.line
        identity = resource.address if resource else f"v1/{kind}/{found.name}"
        return Document(file, index, data, places, first, first, identity=identity)


def _said(failure: str) -> str:
    """What a tool says, without its warnings."""
    rows = [line for line in failure.splitlines() if not line.startswith("# Warning")]
    return " ".join(" ".join(rows).removeprefix("Error: ").removeprefix("error: ").split())[:400]


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


def _made_from(objects: Sequence[Resource], name: str) -> Resource | None:
    """The object that a built one was: it has its name, or the longest part of it."""
    best: Resource | None = None
    for resource in objects[:_MOST_ALIKE]:
        if resource.name in name and (best is None or len(resource.name) > len(best.name)):
            best = resource
            if resource.name == name:
                break
    return best


def _directives(sheet: Sheet, documents: Sequence[Document]) -> Iterator[Directive]:
    """The suppressions in the files that an overlay is built from."""
    resources = tuple(r for d in documents for r in kubernetes.resources(d))
    yield from directives(sheet.lines.text, Opened(sheet.lines, tuple(documents), resources, ()))


def _texts(tree: Tree, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        text = load(Input(tree.path(name), name))
        if isinstance(text, str):
            yield name, text


def _standing(top: Kustomization, tree: Tree, source: Input, reason: str) -> Outcome:
    """What becomes of an overlay that is not built: its files are judged as they stand, with what its literals make."""
    every = tree.closure(top)
    sheet = Sheet(f"{top.folder or '.'} (literals)", _texts(tree, [k.file for k in every]))
    written = {name: _documents(sheet, name) for name in sheet.texts}
    made = literals(every, sheet, written)
    if made is not None:
        made = made._replace(directives=tuple(_directives(sheet, [d for found in written.values() for d in found])))
    return Outcome((made,) if made else (), (), (source,), {top.file: (reason, "status")})


def not_installed(top: Kustomization, tree: Tree, source: Input) -> Outcome:
    """What becomes of an overlay where there is no tool."""
    return _standing(top, tree, source, _NOT_BUILT)


def component(top: Kustomization, tree: Tree, source: Input) -> Outcome:
    """What becomes of a component that no overlay uses: it cannot be built by itself."""
    reason = "a component that no scanned overlay uses: its files were judged as they stand"
    return _standing(top, tree, source, reason)
