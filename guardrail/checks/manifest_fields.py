"""Fields that the API server refuses for their shape: wrong types, entries without what they need, no quantities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.pods import TEMPLATE_PATHS, pods

__all__ = ["mounts", "quantities", "required", "types"]

_FILLED_IN = regex(r"[$<{%]")
_QUANTITY = regex(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?")
"""`<quantity>` of Kubernetes' documents, "Quantity"."""

_TEXT, _NUMBER, _SWITCH, _TEXTS, _LABELS = "a string", "a number", "true or false", "a list of strings", "strings"

_CONTAINER: tuple[tuple[str, str], ...] = (
    ("name", _TEXT),
    ("image", _TEXT),
    ("command", _TEXTS),
    ("args", _TEXTS),
    ("workingDir", _TEXT),
    ("imagePullPolicy", _TEXT),
    ("env[].name", _TEXT),
    ("env[].value", _TEXT),
    ("ports[].containerPort", _NUMBER),
    ("ports[].hostPort", _NUMBER),
    ("ports[].name", _TEXT),
    ("ports[].protocol", _TEXT),
    ("volumeMounts[].name", _TEXT),
    ("volumeMounts[].mountPath", _TEXT),
    ("volumeMounts[].subPath", _TEXT),
    ("volumeMounts[].readOnly", _SWITCH),
    ("securityContext.privileged", _SWITCH),
    ("securityContext.allowPrivilegeEscalation", _SWITCH),
    ("securityContext.readOnlyRootFilesystem", _SWITCH),
    ("securityContext.runAsNonRoot", _SWITCH),
    ("securityContext.runAsUser", _NUMBER),
    ("securityContext.runAsGroup", _NUMBER),
    ("securityContext.capabilities.add", _TEXTS),
    ("securityContext.capabilities.drop", _TEXTS),
)
_POD: tuple[tuple[str, str], ...] = (
    ("hostNetwork", _SWITCH),
    ("hostPID", _SWITCH),
    ("hostIPC", _SWITCH),
    ("automountServiceAccountToken", _SWITCH),
    ("serviceAccountName", _TEXT),
    ("terminationGracePeriodSeconds", _NUMBER),
    ("nodeSelector", _LABELS),
    ("securityContext.runAsNonRoot", _SWITCH),
    ("securityContext.runAsUser", _NUMBER),
    ("securityContext.runAsGroup", _NUMBER),
    ("securityContext.fsGroup", _NUMBER),
    ("volumes[].name", _TEXT),
)
_OBJECT: tuple[tuple[str, str], ...] = (
    ("metadata.name", _TEXT),
    ("metadata.namespace", _TEXT),
)
_REPLICAS = (("spec.replicas", _NUMBER), ("spec.selector.matchLabels", _LABELS))
_BY_KIND: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Deployment": _REPLICAS,
    "StatefulSet": (*_REPLICAS, ("spec.serviceName", _TEXT)),
    "ReplicaSet": _REPLICAS,
    "DaemonSet": (("spec.selector.matchLabels", _LABELS),),
    "Job": (("spec.parallelism", _NUMBER), ("spec.completions", _NUMBER), ("spec.backoffLimit", _NUMBER)),
    "CronJob": (("spec.schedule", _TEXT), ("spec.suspend", _SWITCH)),
    "Service": (
        ("spec.selector", _LABELS),
        ("spec.type", _TEXT),
        ("spec.clusterIP", _TEXT),
        ("spec.ports[].port", _NUMBER),
        ("spec.ports[].nodePort", _NUMBER),
        ("spec.ports[].name", _TEXT),
        ("spec.loadBalancerSourceRanges", _TEXTS),
    ),
    "ConfigMap": (("data", _LABELS),),
    "Secret": (("stringData", _LABELS), ("data", _LABELS)),
    "HorizontalPodAutoscaler": (("spec.minReplicas", _NUMBER), ("spec.maxReplicas", _NUMBER)),
}
"""Types of fields that policies read (kubernetes.io, "Kubernetes API", core/v1, apps/v1, batch/v1, autoscaling/v2).

Labels and annotations are left out: another policy tells of them.
"""

_BUILT_IN = ("apps/", "batch/", "extensions/", "autoscaling/", "networking.k8s.io/", "policy/")


def types(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Values of a type that their field does not take, in built-in kinds.

    Unlike kubectl's own reading, Kubernetes' decoder turns no number into a string and no string into a number.
    """
    resource = item.resource
    if not _is_built_in(resource.api_version):
        return
    for pattern, wanted in (*_OBJECT, *_BY_KIND.get(resource.kind, ())):
        yield from _wrong(resource.data, item.path, pattern, wanted)
    if resource.kind not in TEMPLATE_PATHS:
        return
    for pod in pods(resource):
        for pattern, wanted in _POD:
            yield from _wrong(pod.spec, pod.path, pattern, wanted)
        for container in pod.containers:
            for pattern, wanted in _CONTAINER:
                yield from _wrong(container.data, container.path, pattern, wanted)


def _is_built_in(api_version: str) -> bool:
    return api_version == "v1" or api_version.startswith(_BUILT_IN)


def _wrong(data: object, path: Path, pattern: str, wanted: str) -> Iterator[Hit]:
    for where, value in _values(data, path, pattern.split(".")):
        if wanted == _LABELS:
            yield from _wrong_entries(value, where)
        elif wanted == _TEXTS:
            yield from _wrong_list(value, where)
        elif not _fits(value, wanted):
            yield _hit(where, value, wanted)


def _wrong_entries(value: object, path: Path) -> Iterator[Hit]:
    if not isinstance(value, dict):
        if not _is_filled_in(value):
            yield Hit(path, f"{path[-1]} must be a mapping of strings, and is {_shown(value)}")
        return
    for key, entry in value.items():
        if entry is not None and not isinstance(entry, str):
            yield _hit((*path, str(key)), entry, _TEXT)


def _wrong_list(value: object, path: Path) -> Iterator[Hit]:
    if not isinstance(value, list):
        if not _is_filled_in(value):
            yield _hit(path, value, _TEXTS)
        return
    for index, entry in enumerate(value):
        if entry is not None and not isinstance(entry, str):
            yield _hit((*path, index), entry, _TEXT)


def _hit(path: Path, value: object, wanted: str) -> Hit:
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "value")
    quotes = "; put it in quotes" if wanted == _TEXT and isinstance(value, bool | int | float) else ""
    return Hit(path, f"{name} must be {wanted}, and is {_shown(value)}{quotes}")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "a mapping"


def _fits(value: object, wanted: str) -> bool:
    if _is_filled_in(value):
        return True
    if wanted == _SWITCH:
        return isinstance(value, bool)
    if wanted == _NUMBER:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return whole and not isinstance(value, bool)
    return isinstance(value, str)


def _is_filled_in(value: object) -> bool:
    """Whether something else puts a value here: `${X}`, `{{ x }}` (read as mappings when they stand alone), `<x>`."""
    if isinstance(value, dict):
        return any(isinstance(v, dict) or v is None for v in value.values()) and len(value) == 1
    return isinstance(value, str) and bool(_FILLED_IN.search(value))


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
    """Entries of lists without a field that the API server asks of each.

    Only entries: whole objects may be patches, which leave out what they do not change.
    """
    resource = item.resource
    if not _is_built_in(resource.api_version):
        return
    wanted = arguments["fields"]
    if resource.kind in TEMPLATE_PATHS:
        for pod in pods(resource):
            yield from _lacking(pod.spec, pod.path, wanted["podSpec"])
            for container in pod.containers:
                yield from _lacking(container.data, container.path, wanted["container"])
    yield from _lacking(resource.data, item.path, wanted.get(resource.kind, {}))


def _lacking(data: object, path: Path, wanted: Mapping[str, list[str]]) -> Iterator[Hit]:
    for pattern, fields in wanted.items():
        for where, entry in _values(data, path, pattern.split(".")):
            if not isinstance(entry, dict) or "$patch" in entry:
                continue
            for field in fields:
                if field not in entry:
                    yield Hit(where, f"an entry of {pattern.split('.')[-1].removesuffix('[]')} has no {field}")


def quantities(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Amounts beside those of containers that are no quantities; placeholders are left out."""
    resource = item.resource
    places = [(resource.data, item.path, pattern) for pattern in arguments["fields"].get(resource.kind, ())]
    places += [(pod.spec, pod.path, "volumes[].emptyDir.sizeLimit") for pod in pods(resource)]
    for data, path, pattern in places:
        for where, found in _values(data, path, pattern.split(".")):
            values = found.items() if isinstance(found, dict) else [("", found)]
            for key, value in values:
                if isinstance(value, str) and not _FILLED_IN.search(value) and not _QUANTITY.fullmatch(value):
                    yield Hit((*where, key) if key else where, f"{value!r} is not a quantity")


def mounts(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Mounts of volumes that neither the pod nor a claim template of its StatefulSet has; patches are left out."""
    templates = _values(item.resource.data, (), ["spec", "volumeClaimTemplates[]", "metadata", "name"])
    claims = {name for _, name in templates if isinstance(name, str)}
    for pod in pods(item.resource):
        names = claims | {name for _, name in _values(pod.spec, (), ["volumes[]", "name"]) if isinstance(name, str)}
        for container in pod.containers if not pod.partial else ():
            for path, name in _values(container.data, container.path, ["volumeMounts[]", "name"]):
                if isinstance(name, str) and name not in names and not _FILLED_IN.search(name):
                    who = f"{container.role} {container.data.get('name')}"
                    yield Hit(path, f"{who} mounts {name}, which the pod does not have")
