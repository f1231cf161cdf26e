"""Kubernetes objects in a document: lists taken apart, patches recognised, everything else left alone."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from guardrail.model.document import KUSTOMIZATIONS, Document, Resource
from guardrail.model.place import Path

KUSTOMIZE = "kustomize.config.k8s.io/"
"""API group of kustomizations; they are judged for the images that they name, and by what asks for them alone."""

CLIENT_SIDE = (
    KUSTOMIZE,
    "kind.x-k8s.io/",
    "skaffold/",
    "ctlptl.dev/",
    "config.kubernetes.io/",
)
"""API groups of files that tools read on a workstation; a cluster never sees these objects."""

_MAX_LIST_DEPTH = 20


def resources(document: Document) -> Iterator[Resource]:
    """Every Kubernetes object in a document, `List` and `*List` taken apart; nothing when it is something else."""
    data = document.data
    if isinstance(data, dict) and isinstance(data.get("images"), list) and _is_kustomization(document.file, data):
        yield Resource(document, data, (), "kubernetes", f"{KUSTOMIZE}v1beta1", "Kustomization", dirname(document.file))
        return
    yield from _objects(document, data, (), ("", ""), 0)


def _is_kustomization(file: str, data: dict[str, object]) -> bool:
    """Whether data is a kustomization: by its file's name and what it does not say, as kustomize takes it.

    `apiVersion` and `kind` may be left out (kustomize, FixKustomizationPreUnmarshalling and its defaults).
    """
    given = _text(data.get("apiVersion"))
    return given.startswith(KUSTOMIZE) or (not given and basename(file) in KUSTOMIZATIONS)


def _objects(
    document: Document, data: object, path: Path, inherited: tuple[str, str], depth: int
) -> Iterator[Resource]:
    if not isinstance(data, dict):
        return
    api_version = _text(data.get("apiVersion")) or inherited[0]
    kind = _text(data.get("kind")) or inherited[1]
    if not api_version or not kind or api_version.startswith(CLIENT_SIDE):
        return
    items = data.get("items")
    if kind.endswith("List") and isinstance(items, list) and depth < _MAX_LIST_DEPTH:
        of = ("", "") if kind == "List" else (api_version, kind.removesuffix("List"))
        for index, item in enumerate(items):
            yield from _objects(document, item, (*path, "items", index), of, depth + 1)
        return
    if kind == "Config" and "clusters" in data:
        return
    yield _resource(document, data, path, api_version, kind)


def _resource(document: Document, data: dict[str, object], path: Path, api_version: str, kind: str) -> Resource:
    metadata = data.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    generated = _text(metadata.get("generateName"))
    if not data.get("kind") or not data.get("apiVersion"):  # an item of a typed list
        data = {**data, "apiVersion": api_version, "kind": kind}
    return Resource(
        document=document,
        data=data,
        path=path,
        type="kubernetes",
        api_version=api_version,
        kind=kind,
        name=_text(metadata.get("name")) or (f"{generated}*" if generated else ""),
        namespace=_text(metadata.get("namespace")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
