"""Pod specs wherever they are, and the containers in them with what they inherit.

Known kinds have known paths; in any other kind a pod spec is recognised by its shape: a mapping with a `containers`
list whose items have a name or an image (Rollout, Knative Service, ScaledJob, custom resources).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path

TEMPLATE_PATHS: dict[str, Path] = {
    "Pod": (),
    "Deployment": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "PodTemplate": ("template",),
    "DeploymentConfig": ("spec", "template"),
}
"""Where the built-in kinds keep their pod template."""

WITHOUT_PODS = frozenset({"CustomResourceDefinition", "ConfigMap", "Secret", "List"})
"""Kinds whose content may look like a pod spec and never is one."""

INHERITED = (
    "runAsUser",
    "runAsGroup",
    "runAsNonRoot",
    "seLinuxOptions",
    "seccompProfile",
    "appArmorProfile",
    "windowsOptions",
)
"""Fields of a pod's securityContext that its containers inherit (PodSecurityContext, core/v1)."""

CONTAINER_LISTS = (
    ("initContainers", "initContainer"),
    ("containers", "container"),
    ("ephemeralContainers", "ephemeralContainer"),
)


class Container(NamedTuple):
    """A container, the part it plays, and its security settings after inheritance.

    `role` is container, initContainer, sidecar (an init container that restarts always) or ephemeralContainer.
    `effective` holds the inherited fields; `origins` says where each comes from.
    """

    data: dict[str, object]
    role: str
    path: Path
    effective: dict[str, object]
    origins: dict[str, Path]


class Pod(NamedTuple):
    """A pod spec with its metadata. `partial` when no container names an image: then it is a patch."""

    spec: dict[str, object]
    metadata: dict[str, object]
    path: Path
    metadata_path: Path
    containers: tuple[Container, ...]
    partial: bool


def pods(resource: Resource) -> tuple[Pod, ...]:
    """Every pod spec in a resource, in the order of the document."""
    known = TEMPLATE_PATHS.get(resource.kind)
    if known is not None:
        template = _descend(resource.data, known)
        spec = template.get("spec") if template is not None else None
        if isinstance(spec, dict):
            return (_pod(resource, template or {}, spec, (*known, "spec")),)
    if resource.kind in WITHOUT_PODS:
        return ()
    return tuple(_pod(resource, parent, spec, path) for parent, spec, path in _by_shape(resource.data))


def _descend(data: dict[str, object], path: Path) -> dict[str, object] | None:
    node: object = data
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None


_Entries = Iterator[tuple[str | int, object]]


def _by_shape(
    data: dict[str, object],
) -> Iterator[tuple[dict[str, object], dict[str, object], Path]]:
    """Parent, spec and path of each mapping that looks like a pod spec, in order; none inside another.

    The reader bounds how deep and how large data is, so nothing is left unvisited here.
    """
    if _is_pod_spec(data):
        yield {}, data, ()
        return
    stack: list[tuple[dict[str, object], _Entries]] = [(data, iter(data.items()))]
    path: list[str | int] = []
    while stack:
        holder, entries = stack[-1]
        for step, node in entries:
            if isinstance(node, dict):
                if _is_pod_spec(node):
                    yield holder, node, (*path, step)
                    continue
                stack.append((node, iter(node.items())))
            elif isinstance(node, list):
                stack.append((holder, enumerate(node)))
            else:
                continue
            path.append(step)
            break
        else:
            stack.pop()
            del path[-1:]


def _is_pod_spec(node: dict[str, object]) -> bool:
    listed = node.get("containers")
    return (
        isinstance(listed, list)
        and bool(listed)
        and all(isinstance(c, dict) and ("image" in c or "name" in c) for c in listed)
    )


def _pod(resource: Resource, parent: dict[str, object], spec: dict[str, object], path: Path) -> Pod:
    metadata = parent.get("metadata") if parent.get("spec") is spec else None
    full = (*resource.path, *path)
    members = tuple(_containers(spec, full))
    return Pod(
        spec=spec,
        metadata=metadata if isinstance(metadata, dict) else {},
        path=full,
        metadata_path=(*full[:-1], "metadata"),
        containers=members,
        partial=bool(members) and not any("image" in c.data for c in members),
    )


def _containers(spec: dict[str, object], path: Path) -> Iterator[Container]:
    shared = spec.get("securityContext")
    shared = shared if isinstance(shared, dict) else {}
    for key, role in CONTAINER_LISTS:
        listed = spec.get(key)
        if not isinstance(listed, list):
            continue
        for index, data in enumerate(listed):
            if not isinstance(data, dict):
                continue
            own = data.get("securityContext")
            own = own if isinstance(own, dict) else {}
            place = (*path, key, index)
            effective, origins = {}, {}
            for name in INHERITED:
                if name in own:
                    effective[name], origins[name] = own[name], (*place, "securityContext", name)
                elif name in shared:
                    effective[name], origins[name] = shared[name], (*path, "securityContext", name)
            _merge_windows(effective, origins, shared, path)
            restarts = role == "initContainer" and data.get("restartPolicy") == "Always"
            yield Container(data, "sidecar" if restarts else role, place, effective, origins)


def _merge_windows(
    effective: dict[str, object], origins: dict[str, Path], shared: dict[str, object], path: Path
) -> None:
    """windowsOptions alone are inherited field by field (kubelet, DetermineEffectiveSecurityContext).

    Their place is the pod's where `hostProcess`, the one field that policies judge, comes from there.
    """
    name = "windowsOptions"
    own, above = effective.get(name), shared.get(name)
    if own is above or not isinstance(own, dict) or not isinstance(above, dict):
        return
    effective[name] = {**above, **own}
    if "hostProcess" in above and "hostProcess" not in own:
        origins[name] = (*path, "securityContext", name)
