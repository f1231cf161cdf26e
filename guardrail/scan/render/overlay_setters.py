"""What kustomizations apply to the objects they build on: patches, images, replicas, generators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, join, normpath

from guardrail.formats.nodes import Lines
from guardrail.formats.scalars import KUBERNETES
from guardrail.formats.yaml_text import Parsed, read
from guardrail.model.document import Document
from guardrail.model.place import Path
from guardrail.scan.render.kustomizations import GENERATED, Kustomization
from guardrail.scan.render.overlay_places import Setter


def setters(every: Sequence[Kustomization], written: Mapping[str, Sequence[Document]]) -> Iterator[Setter]:
    """Everything that may set a field of a built object, in the order in which it is applied."""
    for kustomization in every:
        documents = written.get(kustomization.file) or ()
        if documents:
            yield from generators(kustomization, documents[0])
            yield from _patches(kustomization, documents[0], written)
            yield from _transformers(kustomization, documents[0])


def _patches(
    kustomization: Kustomization, own: Document, written: Mapping[str, Sequence[Document]]
) -> Iterator[Setter]:
    for key in ("patchesStrategicMerge", "patches", "patchesJson6902"):
        listed = kustomization.data.get(key)
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(entry, str):
                yield from _patch(kustomization, own, (key, index), entry, {}, written)
            elif isinstance(entry, dict):
                target = entry.get("target")
                target = target if isinstance(target, dict) else {}
                inner = "patch" if isinstance(entry.get("patch"), str) else "path"
                text = str(entry.get(inner, ""))
                yield from _patch(kustomization, own, (key, index, inner), text, target, written)


def _patch(
    kustomization: Kustomization,
    own: Document,
    path: Path,
    text: str,
    target: Mapping[str, object],
    written: Mapping[str, Sequence[Document]],
) -> Iterator[Setter]:
    """The objects or operations of a patch: in a file of its own, or within the kustomization."""
    file = normpath(join(kustomization.folder, text)) if "\n" not in text else ""
    if file in written:
        for document in written[file]:
            yield _setter(document.data, target, Setter(document.data, document.places, (), "", ""))
        return
    for item in read(text, Lines(text), KUBERNETES):
        if isinstance(item, Parsed):
            yield _setter(item.data, target, Setter(item.data, own.places, path, "", "", quoted=True))


def _setter(data: object, target: Mapping[str, object], setter: Setter) -> Setter:
    """A patch with what it is about: its target, else the object that it names."""
    patch: Mapping[str, object] = data if isinstance(data, dict) else {}
    metadata = patch.get("metadata")
    named: Mapping[str, object] = metadata if isinstance(metadata, dict) else {}
    kind, name = (target.get("kind"), target.get("name")) if target else (patch.get("kind"), named.get("name"))
    how = "operations" if isinstance(data, list) else "merge"
    return setter._replace(kind=str(kind or ""), name=str(name or ""), how=how)


def _transformers(kustomization: Kustomization, own: Document) -> Iterator[Setter]:
    """Entries that change images and numbers of replicas by name."""
    for key, how in (("images", "image"), ("replicas", "replicas")):
        listed = kustomization.data.get(key)
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(entry, dict):
                name = str(entry.get("name", "")) if how == "replicas" else ""
                yield Setter(entry, own.places, (key, index), "", name, how)


def generators(kustomization: Kustomization, own: Document) -> Iterator[Setter]:
    """Generated ConfigMaps and Secrets: their data are lists of assignments and files."""
    for key, kind in GENERATED.items():
        listed = kustomization.data.get(key)
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                yield Setter(_sources(entry), own.places, (key, index), kind, entry["name"], "generator")


def _sources(entry: Mapping[str, object]) -> dict[str, Path]:
    """Where in a generator's entry each key of what it makes stands; the empty key is any other."""
    found: dict[str, Path] = {}
    for field in ("envs", "env", "files", "literals"):
        listed = entry.get(field)
        for index, text in enumerate(listed if isinstance(listed, list) else ()):
            key = str(text).partition("=")[0]
            found["" if field == "envs" else basename(key)] = (field, index)
        if field == "env" and isinstance(listed, str):
            found[""] = (field,)
    return found
