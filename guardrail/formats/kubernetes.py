"""Kubernetes objects in a document: lists taken apart, patches recognised, everything else left alone."""

from __future__ import annotations

from collections.abc import Iterator

from guardrail.model.document import Document, Resource
from guardrail.model.place import Path

CLIENT_SIDE = (
    "kustomize.config.k8s.io/",
    "kind.x-k8s.io/",
    "skaffold/",
    "kubeadm.k8s.io/",
    "ctlptl.dev/",
    "config.kubernetes.io/",
)
"""API groups of files that tools read on a workstation; a cluster never sees these objects."""

_MAX_LIST_DEPTH = 20


def resources(document: Document) -> Iterator[Resource]:
    """Every Kubernetes object in a document, `List` and `*List` taken apart; nothing when it is something else."""
    yield from _objects(document, document.data, (), ("", ""), 0)


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
