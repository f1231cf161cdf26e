"""What Kubernetes objects say of other objects by name: where the name stands, and what kind it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.views.pods import Pod, pods

_AUTOSCALED = ("HorizontalPodAutoscaler", "ScaledObject")


class Reference(NamedTuple):
    """A name of an object: its kind, the path where it stands, and whether the object may be absent.

    `namespace` is empty for the namespace of the object that refers; `key` is the key wanted of a ConfigMap or Secret.
    """

    kind: str
    name: str
    path: Path
    optional: bool = False
    namespace: str = ""
    key: str = ""
    key_path: Path = ()


def references(resource: Resource) -> Iterator[Reference]:
    """Every reference in an object that other objects of the same set may answer."""
    for pod in pods(resource):
        if not pod.partial:
            yield from _of_pod(pod)
    data, path = resource.data, resource.path
    if resource.kind == "Ingress":
        yield from _of_ingress(data, path)
    elif resource.kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _of_binding(data, path)
    elif resource.kind in _AUTOSCALED:
        yield from _target(data, path, "scaleTargetRef")
    elif resource.kind == "VerticalPodAutoscaler":
        yield from _target(data, path, "targetRef")
    elif resource.kind == "StatefulSet":
        yield from _named("Service", _get(data, "spec"), (*path, "spec"), "serviceName")


def _of_pod(pod: Pod) -> Iterator[Reference]:
    for container in pod.containers:
        for at, entry in _entries(container.data, "env"):
            source = _get(entry, "valueFrom")
            below = (*container.path, *at, "valueFrom")
            yield from _keyed("ConfigMap", _get(source, "configMapKeyRef"), (*below, "configMapKeyRef"))
            yield from _keyed("Secret", _get(source, "secretKeyRef"), (*below, "secretKeyRef"))
        for at, entry in _entries(container.data, "envFrom"):
            below = (*container.path, *at)
            yield from _named("ConfigMap", _get(entry, "configMapRef"), (*below, "configMapRef"), "name")
            yield from _named("Secret", _get(entry, "secretRef"), (*below, "secretRef"), "name")
    for at, volume in _entries(pod.spec, "volumes"):
        yield from _of_volume(volume, (*pod.path, *at))
    for at, entry in _entries(pod.spec, "imagePullSecrets"):
        yield from _named("Secret", entry, (*pod.path, *at), "name")
    for field in ("serviceAccountName", "serviceAccount"):
        if isinstance(pod.spec.get(field), str):
            yield from _named("ServiceAccount", pod.spec, pod.path, field)
            return


def _of_volume(volume: Mapping[str, object], path: Path) -> Iterator[Reference]:
    yield from _with_items("ConfigMap", _get(volume, "configMap"), (*path, "configMap"), "name")
    yield from _with_items("Secret", _get(volume, "secret"), (*path, "secret"), "secretName")
    claim = (*path, "persistentVolumeClaim")
    yield from _named("PersistentVolumeClaim", _get(volume, "persistentVolumeClaim"), claim, "claimName")
    projected = _get(volume, "projected")
    for at, source in _entries(projected, "sources"):
        below = (*path, "projected", *at)
        yield from _with_items("ConfigMap", _get(source, "configMap"), (*below, "configMap"), "name")
        yield from _with_items("Secret", _get(source, "secret"), (*below, "secret"), "name")


def _of_ingress(data: Mapping[str, object], path: Path) -> Iterator[Reference]:
    for at, backend in ingress_backends(data):
        service = _get(backend, "service")
        if service:
            yield from _named("Service", service, (*path, *at, "service"), "name")
        else:
            yield from _named("Service", backend, (*path, *at), "serviceName")


def ingress_backends(data: Mapping[str, object]) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Every backend of an Ingress with its path within the object, of v1 and of the betas before it."""
    spec = _get(data, "spec")
    for name in ("defaultBackend", "backend"):
        if isinstance(spec.get(name), dict):
            yield ("spec", name), _get(spec, name)
    for rule_at, rule in _entries(spec, "rules"):
        for at, entry in _entries(_get(rule, "http"), "paths"):
            if isinstance(entry.get("backend"), dict):
                yield ("spec", *rule_at, "http", *at, "backend"), _get(entry, "backend")


def _of_binding(data: Mapping[str, object], path: Path) -> Iterator[Reference]:
    role = _get(data, "roleRef")
    kind = role.get("kind")
    if kind in ("Role", "ClusterRole"):
        yield from _named(str(kind), role, (*path, "roleRef"), "name")
    for at, subject in _entries(data, "subjects"):
        if subject.get("kind") == "ServiceAccount":
            for found in _named("ServiceAccount", subject, (*path, *at), "name"):
                yield found._replace(namespace=_text(subject.get("namespace")))


def _target(data: Mapping[str, object], path: Path, field: str) -> Iterator[Reference]:
    target = _get(_get(data, "spec"), field)
    kind = _text(target.get("kind")) or "Deployment"  # KEDA's default
    yield from _named(kind, target, (*path, "spec", field), "name")


def _keyed(kind: str, source: Mapping[str, object], path: Path) -> Iterator[Reference]:
    for found in _named(kind, source, path, "name"):
        yield found._replace(key=_text(source.get("key")), key_path=(*path, "key"))


def _with_items(kind: str, source: Mapping[str, object], path: Path, field: str) -> Iterator[Reference]:
    for found in _named(kind, source, path, field):
        yield found
        for at, entry in _entries(source, "items"):
            yield found._replace(key=_text(entry.get("key")), key_path=(*path, *at, "key"))


def _named(kind: str, holder: Mapping[str, object], path: Path, field: str) -> Iterator[Reference]:
    name = holder.get(field)
    if isinstance(name, str) and name:
        yield Reference(kind, name, (*path, field), holder.get("optional") is True)


def _entries(holder: Mapping[str, object], field: str) -> Iterator[tuple[Path, Mapping[str, object]]]:
    listed = holder.get(field)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield (field, index), entry


def _get(holder: Mapping[str, object], field: str) -> Mapping[str, object]:
    found = holder.get(field)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
