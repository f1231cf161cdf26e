"""Pod specs put together from where a kind keeps their parts (`pod_layouts`).

What is put together has paths of its own; `moved` leads from those to where the parts are written, so that whatever is
found in a pod is shown there. What stands where a pod spec would have it keeps its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from guardrail.model.place import Path
from guardrail.views.pod_layouts import EACH, Layer, Layout, Slot

_POD_FIELDS = (
    "securityContext serviceAccountName serviceAccount automountServiceAccountToken hostNetwork hostPID hostIPC "
    "hostUsers os volumes imagePullSecrets nodeSelector tolerations affinity topologySpreadConstraints "
    "priorityClassName runtimeClassName schedulerName dnsPolicy dnsConfig hostAliases enableServiceLinks "
    "shareProcessNamespace terminationGracePeriodSeconds resources"
).split()
"""Fields of PodSpec (core/v1) that layers may have; `containers` and `restartPolicy` mean other things in some."""

_LISTED_BY = {"env": "name", "volumeMounts": "mountPath", "ports": "containerPort"}
"""Lists of a container that are merged, with what their entries are told apart by (core/v1, patchMergeKey)."""

_DEEPEST, _MOST_FIELDS, _MOST_INHERITED = 6, 200, 50_000

Mapped = dict[str, object]


class Part(NamedTuple):
    """A container with what it inherits, the part it plays, and where it is written."""

    data: Mapped
    listed: str
    role: str
    path: Path


class Assembled(NamedTuple):
    """A pod spec with its parts; `patched` where a text in it may set anything else."""

    spec: Mapped
    metadata: Mapped
    path: Path
    metadata_path: Path
    parts: tuple[Part, ...]
    moved: dict[Path, Path]
    patched: bool


class Held(NamedTuple):
    """A mapping and where it is."""

    data: Mapped
    path: Path


class _Allowance:
    """How much the pods of an object may inherit in all, so that many steps and a large template cost no product."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MOST_INHERITED

    def take(self, value: object) -> bool:
        """Whether a value may be inherited."""
        self.left -= 1 + len(value) if isinstance(value, dict | list) else 1
        return self.left > 0


class _Legacy(NamedTuple):
    """What a pod inherits: from where, how much more it may, and the volumes that are there for all pods, by name."""

    moved: dict[Path, Path]
    allowance: _Allowance
    volumes: Mapping[str, Held]

    def move(self, path: Path, source: Path) -> None:
        """Note that what is at a path is written elsewhere."""
        if path != source:
            self.moved[path] = source


def assemble(layout: Layout, data: Mapped, above: Path) -> Iterator[Assembled]:
    """The pods of an object whose own path is `above`."""
    allowance = _Allowance()
    for root in expand(data, above, layout.root):
        volumes = {str(held.data.get("name")): held for held in _shared_volumes(layout, root)}
        for steps in layout.pods:
            for pod in expand(*root, steps):
                yield from _assembled(layout, root, pod, _Legacy({}, allowance, volumes))


def _shared_volumes(layout: Layout, root: Held) -> Iterator[Held]:
    for layer in reversed(layout.layers):
        if layer.root:
            yield from expand(*root, (*layer.at, "volumes", EACH))


def _assembled(layout: Layout, root: Held, pod: Held, legacy: _Legacy) -> Iterator[Assembled]:
    parts = tuple(part for slot in layout.slots for part in _parts(layout, slot, (root, pod), legacy))
    if not parts and layout.slots:
        return
    layers = tuple(_layers(layout.layers, root, pod))
    home = (*pod.path, *layout.home)
    spec = _fields(layers, home, legacy)
    _add_volumes(spec, parts, home, legacy)
    for listed in ("initContainers", "containers"):
        members = [part for part in parts if part.listed == listed]
        if members:
            spec[listed] = [part.data for part in members]
        for index, part in enumerate(members):
            legacy.move((*home, listed, index), part.path)
    spec.update((key, value) for key, value in layout.filled.items() if key not in spec)
    metadata = next((held for _, held in _layers(layout.metadata, root, pod)), Held({}, (*pod.path, "metadata")))
    patched = any(key in held.data for key in layout.patches for held in (root, pod, *(h for _, h in layers)))
    patched = patched or legacy.allowance.left <= 0
    yield Assembled(spec, metadata.data, home, metadata.path, parts, legacy.moved, patched)


def _layers(layers: Iterable[Layer], root: Held, pod: Held) -> Iterator[tuple[Layer, Held]]:
    for layer in layers:
        for held in expand(*(root if layer.root else pod), layer.at):
            yield layer, held


def _fields(layers: tuple[tuple[Layer, Held], ...], path: Path, legacy: _Legacy) -> Mapped:
    """Each field of the pod spec from the first layer that has it; volumes from the pod's own."""
    spec: Mapped = {}
    for layer, held in layers:
        for field in _POD_FIELDS:
            name = layer.names.get(field, field)
            value = held.data.get(name) if name else None
            if value is not None and field not in spec and not (layer.root and field == "volumes"):
                spec[field] = value
                legacy.move((*path, field), (*held.path, name))
    return spec


def _add_volumes(spec: Mapped, parts: tuple[Part, ...], path: Path, legacy: _Legacy) -> None:
    """Add what the containers mount of the volumes that are there for all pods (Argo's addVolumeReferences)."""
    own = spec.get("volumes", [])
    found = list(own) if isinstance(own, list) else []
    mounted = dict.fromkeys(name for part in parts for name in _names(part.data.get("volumeMounts")))
    there = set(_names(found))
    for name in mounted:
        held = legacy.volumes.get(name)
        if held is not None and name not in there:
            legacy.move((*path, "volumes", len(found)), held.path)
            found.append(held.data)
    if found:
        spec["volumes"] = found


def _names(listed: object) -> Iterator[str]:
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            yield entry["name"]


def _parts(layout: Layout, slot: Slot, holders: tuple[Held, Held], legacy: _Legacy) -> Iterator[Part]:
    root, pod = holders
    bases = [held for _, held in _layers(slot.bases, root, pod)]
    taken = {field: root.data[field] for field in slot.taken if field in root.data}
    bases += [Held(taken, root.path)] if taken else []
    for own in expand(*pod, slot.at):
        data = own.data
        for base in bases:
            if base.path != own.path:
                data = _merged((data, own.path), (base.data, base.path), legacy)
        for field, name in layout.renamed.items():
            if name in data and field not in data:
                data = {**data, field: data[name]}
                source = (*own.path, name)
                legacy.move((*own.path, field), legacy.moved.get(source, source))
        if slot.name and "name" not in data:
            data = {"name": slot.name, **data}
        yield Part(data, slot.listed, slot.role, own.path)


def _merged(own: tuple[Mapped, Path], base: tuple[Mapped, Path], legacy: _Legacy, depth: int = 0) -> Mapped:
    """What is own, and of the base what is not; lists of named entries entry by entry (strategic merge)."""
    data, path = dict(own[0]), own[1]
    for key, value in islice(base[0].items(), _MOST_FIELDS):
        if not legacy.allowance.take(value):
            break
        source = (*base[1], key)
        mine = data.get(key)
        if mine is None:
            data[key] = value
            legacy.move((*path, key), source)
        elif isinstance(mine, dict) and isinstance(value, dict) and depth < _DEEPEST:
            data[key] = _merged((mine, (*path, key)), (value, source), legacy, depth + 1)
        elif key in _LISTED_BY and depth == 0:
            data[key] = _joined((mine, (*path, key)), (value, source), _LISTED_BY[key], legacy)
    return data


def _joined(own: tuple[object, Path], more: tuple[object, Path], key: str, legacy: _Legacy) -> object:
    """A list, and after it the entries of another one that it has none of the same name of."""
    if not isinstance(own[0], list) or not isinstance(more[0], list):
        return own[0]
    found = list(own[0])
    names = {str(entry.get(key)) for entry in found if isinstance(entry, dict)}
    for index, entry in enumerate(more[0]):
        if isinstance(entry, dict) and str(entry.get(key)) not in names:
            legacy.move((*own[1], len(found)), (*more[1], index))
            found.append(entry)
    return found


def expand(data: Mapped, above: Path, steps: Path) -> Iterator[Held]:
    """The mappings at a path in which `*` is every entry of a list or mapping; `above` is the path of `data`."""
    found: list[tuple[object, Path]] = [(data, above)]
    for step in steps:
        found = [next_ for node, path in found for next_ in _step(node, path, step)]
    for node, path in found:
        if isinstance(node, dict):
            yield Held(node, path)


def _step(node: object, path: Path, step: str | int) -> Iterator[tuple[object, Path]]:
    if step == EACH:
        entries: Iterable[tuple[str | int, object]] = ()
        if isinstance(node, list):
            entries = enumerate(node)
        elif isinstance(node, dict):
            entries = node.items()
        yield from ((value, (*path, key)) for key, value in entries)
    elif isinstance(step, int):
        if isinstance(node, list) and step < len(node):
            yield node[step], (*path, step)
    elif isinstance(node, dict) and step in node:
        yield node[step], (*path, step)
