"""Pods and their containers as policies see them: security settings after inheritance, what else may set fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from guardrail.model.place import Path

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

INHERITED_AT = frozenset({("securityContext",), *(("securityContext", name) for name in INHERITED)})
"""Where a container has no more than what it inherits, below its path."""

CONTAINER_LISTS = (
    ("initContainers", "initContainer"),
    ("containers", "container"),
    ("ephemeralContainers", "ephemeralContainer"),
)

PATCH, MERGED = "what a patch that names no image is applied to", "what the patch in it sets"
OPERATED = "what the operator makes of it"
"""What decides fields that are not set, read after "depends on"."""


class Container(NamedTuple):
    """A container, the part it plays, and its security settings after inheritance.

    `role` is container, initContainer, sidecar (an init container that restarts always, or what its kind calls so),
    ephemeralContainer, or what the kind calls it: step, driver, executor. `effective` holds the inherited fields;
    `origins` says where each comes from. `partial`: what else decides its fields, as in a Pod.
    """

    data: dict[str, object]
    role: str
    path: Path
    effective: dict[str, object]
    origins: dict[str, Path]
    partial: str = ""

    @property
    def title(self) -> str:
        """What messages call it: its role and name."""
        return f"{self.role} {self.data.get('name')}"


class Pod(NamedTuple):
    """A pod spec with its metadata.

    `partial` says what else decides fields that are not set here, and reads after "depends on": a patch's container
    names no image, a Task's pod gets the rest from a TaskRun. `moved` leads from paths of what was put together to
    where it is written (`written`); it is empty where the pod spec is written as one.
    """

    spec: dict[str, object]
    metadata: dict[str, object]
    path: Path
    metadata_path: Path
    containers: tuple[Container, ...]
    partial: str = ""
    moved: Mapping[Path, Path] = {}


class Member(NamedTuple):
    """A container before it is known what it inherits."""

    data: dict[str, object]
    role: str
    path: Path


def written(path: Path, moved: Mapping[Path, Path]) -> Path:
    """Where what a path leads to is written: from a pod's list to the container, and from there to what it inherits."""
    for _ in range(2):
        size = next((n for n in range(len(path), 0, -1) if path[:n] in moved), 0)
        listed = size > 1 and path[size - 2] in ("containers", "initContainers")
        path = (*moved[path[:size]], *path[size:]) if size else path
        if not listed:
            break
    return path


def unnamed(containers: tuple[Container, ...]) -> str:
    """Why a pod spec is a patch: one of its containers names no image, which is then named elsewhere."""
    return next((c.partial for c in containers if c.partial), "")


def members(spec: dict[str, object], path: Path) -> Iterator[Member]:
    """The containers of a pod spec, list by list."""
    for key, role in CONTAINER_LISTS:
        listed = spec.get(key)
        for index, data in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(data, dict):
                restarts = role == "initContainer" and data.get("restartPolicy") == "Always"
                yield Member(data, "sidecar" if restarts else role, (*path, key, index))


def inheriting(spec: dict[str, object], path: Path, of: Iterable[Member], partial: str) -> Iterator[Container]:
    """Containers with what they inherit from the pod spec at a path; `partial` is what may set anything else."""
    shared = spec.get("securityContext")
    shared = shared if isinstance(shared, dict) else {}
    for data, role, place in of:
        own = data.get("securityContext")
        own = own if isinstance(own, dict) else {}
        effective: dict[str, object] = {}
        origins: dict[str, Path] = {}
        for name in INHERITED:
            if name in own:
                effective[name], origins[name] = own[name], (*place, "securityContext", name)
            elif name in shared:
                effective[name], origins[name] = shared[name], (*path, "securityContext", name)
        _merge_windows(effective, origins, shared, path)
        yield Container(data, role, place, effective, origins, partial or ("" if "image" in data else PATCH))


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
