"""Pod specs wherever they are, and the containers in them with what they inherit.

Known kinds have known paths; kinds that describe pods in words of their own have a layout (`pod_layouts`); in any other
kind a pod spec is recognised by its shape: a mapping with a `containers` list whose items have a name or an image
(Rollout, Knative Service, ScaledJob, custom resources). An object within an object is known by its kind as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.value import UnknownValue
from guardrail.views.pod_containers import (
    CONTAINER_LISTS,
    MERGED,
    OPERATED,
    PATCH,
    Container,
    Member,
    Pod,
    inheriting,
    members,
    unnamed,
    written,
)

if TYPE_CHECKING:
    from guardrail.views.pod_layouts import Completion, Layout

__all__ = ["MERGED", "PATCH", "TEMPLATE_PATHS", "Container", "Pod", "pods", "written"]

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

POLICY_GROUPS = frozenset(
    {
        "kyverno.io",
        "policies.kyverno.io",
        "constraints.gatekeeper.sh",
        "templates.gatekeeper.sh",
        "mutations.gatekeeper.sh",
    }
)
"""Groups of admission policies: what looks like a pod spec there is a pattern, where COMPLETED says nothing else."""

WITHOUT_PODS = frozenset({"CustomResourceDefinition", "CompositeResourceDefinition", "ConfigMap", "Secret", "List"})
"""Kinds whose content may look like a pod spec and never is one."""

OTHER_GROUPS = POLICY_GROUPS | {
    "argoproj.io",
    "jobset.x-k8s.io",
    "keda.sh",
    "monitoring.coreos.com",
    "postgresql.cnpg.io",
    "sparkoperator.k8s.io",
    "tekton.dev",
}
"""Groups that `pod_layouts` has something to say of; it is imported for those alone."""


class _Found(NamedTuple):
    """A pod spec in a resource: what holds it, and the resource's own path put before the path."""

    holder: dict[str, object]
    spec: dict[str, object]
    path: Path


def pods(resource: Resource) -> tuple[Pod, ...]:
    """Every pod spec in a resource, in the order of the document; where settings say, if they say it."""
    if resource.pods_at is not None:
        return tuple(_given(resource, resource.pods_at))
    known = TEMPLATE_PATHS.get(resource.kind)
    if known is not None:
        template = _descend(resource.data, known)
        spec = template.get("spec") if template is not None else None
        if isinstance(spec, dict):
            return (_pod(_Found(template or {}, spec, (*resource.path, *known, "spec"))),)
    if resource.kind in WITHOUT_PODS:
        return ()
    group = resource.api_version.rpartition("/")[0]
    if group not in OTHER_GROUPS:
        return tuple(_told(_by_shape(resource.data, resource.path), None, 0))
    from guardrail.views.pod_layouts import COMPLETED, LAYOUTS

    layouts = LAYOUTS.get((group, resource.kind))
    if layouts is not None:
        return tuple(_laid_out(layouts, resource.data, resource.path))
    completion = COMPLETED.get((group, resource.kind)) or COMPLETED.get((group, ""))
    if group in POLICY_GROUPS and completion is None:
        return ()
    return tuple(_told(_by_shape(resource.data, resource.path), completion, len(resource.path)))


def _told(found: Iterable[_Found | Pod], completion: Completion | None, size: int) -> Iterator[Pod]:
    for one in found:
        if completion is None or not completion.below or completion.below in one.path[size:]:
            yield one if isinstance(one, Pod) else _pod(one, completion)


def _given(resource: Resource, paths: Iterable[Path]) -> Iterator[Pod]:
    """What is at the paths that settings give: a pod template, a pod spec, or else a single container."""
    from guardrail.views.pod_assembly import expand

    for steps in paths:
        for node, path in expand(resource.data, resource.path, steps):
            inner = node.get("spec")
            if any(isinstance(node.get(key), list) for key, _ in CONTAINER_LISTS):
                yield _pod(_Found({}, node, path))
            elif isinstance(inner, dict):
                yield _pod(_Found(node, inner, (*path, "spec")))
            else:
                named = {"name": str(path[-1]), **node}
                spec: dict[str, object] = {"containers": [named]}
                containers = tuple(inheriting(spec, path, [Member(named, "container", path)], ""))
                yield Pod(spec, {}, path, path, containers, OPERATED, {(*path, "containers", 0): path})


def _descend(data: dict[str, object], path: Path) -> dict[str, object] | None:
    node: object = data
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None


def _laid_out(layouts: tuple[Layout, ...], data: dict[str, object], path: Path) -> Iterator[Pod]:
    from guardrail.views.pod_assembly import assemble  # for these kinds alone

    for layout in layouts:
        for one in assemble(layout, data, path):
            # a run may set resources of single steps and sidecars, as the pod's own `resources` would
            spec = {"resources": UnknownValue(layout.open), **one.spec} if layout.open else one.spec
            partial = layout.open or (MERGED if one.patched else "")
            parts = [Member(part.data, part.role, part.path) for part in one.parts]
            containers = tuple(inheriting(spec, one.path, parts, MERGED if one.patched else ""))
            yield Pod(
                spec, one.metadata, one.path, one.metadata_path, containers, partial or unnamed(containers), one.moved
            )


_Entries = Iterator[tuple[str | int, object]]


def _by_shape(data: dict[str, object], above: Path) -> Iterator[_Found | Pod]:
    """Each mapping that looks like a pod spec, in order; none inside another; and pods of objects within the object.

    The reader bounds how deep and how large data is, so nothing is left unvisited here.
    """
    if _is_pod_spec(data):
        yield _Found({}, data, above)
        return
    stack: list[tuple[dict[str, object], _Entries]] = [(data, iter(data.items()))]
    path: list[str | int] = []
    while stack:
        holder, entries = stack[-1]
        for step, node in entries:
            if isinstance(node, dict):
                if _is_pod_spec(node):
                    yield _Found(holder, node, (*above, *path, step))
                    continue
                layouts = _layouts(node)
                if layouts is not None:
                    yield from _laid_out(layouts, node, (*above, *path, step))
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


def _layouts(node: dict[str, object]) -> tuple[Layout, ...] | None:
    """The layouts of an object within another one: a Workflow of a Sensor, a PipelineRun of a TriggerTemplate."""
    kind, version = node.get("kind"), node.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(version, str):
        return None
    group = version.rpartition("/")[0]
    if group not in OTHER_GROUPS:
        return None
    from guardrail.views.pod_layouts import LAYOUTS

    return LAYOUTS.get((group, kind))


def _is_pod_spec(node: dict[str, object]) -> bool:
    listed = node.get("containers")
    return (
        isinstance(listed, list)
        and bool(listed)
        and all(isinstance(c, dict) and ("image" in c or "name" in c) for c in listed)
    )


def _pod(found: _Found, completion: Completion | None = None) -> Pod:
    spec, path = found.spec, found.path
    metadata = found.holder.get("metadata") if found.holder.get("spec") is spec else None
    if completion is not None:
        filled = {key: value for key, value in completion.filled.items() if key not in spec}
        spec = {**spec, **filled}
    patch = MERGED if completion and completion.below else ""
    containers = tuple(inheriting(spec, path, members(spec, path), patch))
    return Pod(
        spec=spec,
        metadata=metadata if isinstance(metadata, dict) else {},
        path=path,
        metadata_path=(*path[:-1], "metadata"),
        containers=containers,
        partial=(completion.open if completion else "") or patch or unnamed(containers),
    )
