"""Fields that the API server refuses for their shape: wrong types, entries without what they need, no quantities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.api_schema import faults
from guardrail.views.items import Item
from guardrail.views.placeholders import filled_in
from guardrail.views.pods import TEMPLATE_PATHS, Pod, pods

__all__ = ["mounts", "quantities", "refused", "required"]

_QUANTITY = regex(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?")
"""`<quantity>` of Kubernetes' documents, "Quantity"."""

_BUILT_IN = tuple(
    "apps/ batch/ extensions/ autoscaling/ networking.k8s.io/ policy/ rbac.authorization.k8s.io/ "
    "admissionregistration.k8s.io/".split()
)


def refused(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Fields of built-in kinds that the API server refuses, of one `kind`: see `views.api_schema.Fault`."""
    for fault in faults(item.resource):
        if fault.kind == arguments["kind"]:
            yield Hit(fault.path, fault.words)


def _is_built_in(api_version: str) -> bool:
    return api_version == "v1" or api_version.startswith(_BUILT_IN)


def _values(data: object, path: Path, steps: list[str]) -> Iterator[tuple[Path, object]]:
    """Values at a dotted path with their places; `x[]` means every entry of a list."""
    if not steps:
        yield path, data
        return
    name = steps[0].removesuffix("[]")
    found = data.get(name) if isinstance(data, dict) else None
    if found is None:
        return
    if steps[0] == name:
        yield from _values(found, (*path, name), steps[1:])
        return
    for index, entry in enumerate(found if isinstance(found, list) else ()):
        yield from _values(entry, (*path, name, index), steps[1:])


def required(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Fields that the API server asks for, where something beside them says that the object is whole.

    `fields` are asked of entries and parts that are there; `whole` of objects that have what no patch would repeat,
    such as the selector of a Deployment. Pods that name no image are patches, too, which leave out what they do not
    change; so do excerpts in documents.
    """
    resource = item.resource
    if not _is_built_in(resource.api_version) or resource.document.excerpt:
        return
    wanted = arguments["fields"]
    if resource.kind in TEMPLATE_PATHS:
        for pod in pods(resource):
            yield from _of_pod(resource, pod, wanted)
    yield from _lacking(resource.data, item.path, wanted.get(resource.kind, {}))
    for sign, paths in arguments["whole"].get(resource.kind, {}).items():
        if any(value not in (None, {}) for _, value in _values(resource.data, (), sign.split("."))):
            for path in paths:
                ways = (path, *_INSTEAD.get(path, ()))
                if not any(True for way in ways for _ in _values(resource.data, (), way.split("."))):
                    yield Hit((*item.path, *path.split(".")), f"{resource.kind} has no {path}")


def _of_pod(resource: Resource, pod: Pod, wanted: Mapping[str, Any]) -> Iterator[Hit]:
    spec = resource.data.get("spec")
    whole = resource.kind in _NEVER_PATCHED or (isinstance(spec, dict) and "selector" in spec)
    unnamed = [c for c in pod.containers if "image" not in c.data and "$patch" not in c.data]
    if len(unnamed) == len(pod.containers) or (unnamed and not whole):
        return
    yield from _lacking(pod.spec, pod.path, wanted["podSpec"])
    for container in pod.containers:
        yield from _lacking(container.data, container.path, wanted["container"])
    for container in unnamed:
        yield Hit(container.path, f"{container.title} has no image")


_INSTEAD = {"metadata.name": ("metadata.generateName",)}
"""Fields that stand for others."""

_NEVER_PATCHED = frozenset({"Pod", "Job"})
"""Kinds whose pods cannot be changed once they are made, so that nobody writes patches of them."""


def _lacking(data: object, path: Path, wanted: Mapping[str, list[str]]) -> Iterator[Hit]:
    for pattern, fields in wanted.items():
        name = pattern.rpartition(".")[2]
        what = f"an entry of {name.removesuffix('[]')}" if name.endswith("[]") else name
        for where, entry in _values(data, path, pattern.split(".")):
            if not isinstance(entry, dict) or "$patch" in entry:
                continue
            for field in fields:
                if field not in entry:
                    yield Hit(where, f"{what} has no {field}")


def quantities(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Amounts beside those of containers that are no quantities; placeholders are left out."""
    resource = item.resource
    places = [(resource.data, item.path, pattern) for pattern in arguments["fields"].get(resource.kind, ())]
    places += [(pod.spec, pod.path, "volumes[].emptyDir.sizeLimit") for pod in pods(resource)]
    for data, path, pattern in places:
        for where, found in _values(data, path, pattern.split(".")):
            values = found.items() if isinstance(found, dict) else [("", found)]
            for key, value in values:
                if isinstance(value, str) and not filled_in(value) and not _QUANTITY.fullmatch(value):
                    yield Hit((*where, key) if key else where, f"{value!r} is not a quantity")


def mounts(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Mounts of volumes that neither the pod nor a claim template of its StatefulSet has; patches are left out."""
    templates = _values(item.resource.data, (), ["spec", "volumeClaimTemplates[]", "metadata", "name"])
    claims = {name for _, name in templates if isinstance(name, str)}
    for pod in pods(item.resource):
        names = claims | {name for _, name in _values(pod.spec, (), ["volumes[]", "name"]) if isinstance(name, str)}
        for container in pod.containers if not pod.partial else ():
            for path, name in _values(container.data, container.path, ["volumeMounts[]", "name"]):
                if isinstance(name, str) and name not in names and not filled_in(name):
                    who = container.title
                    yield Hit(path, f"{who} mounts {name}, which the pod does not have", missing=True)
