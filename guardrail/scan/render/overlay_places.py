"""Where the fields of a built object are written: in its base, in the patch that sets them, in the kustomization."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from guardrail.model.document import Place, Places, Resource
from guardrail.model.place import Path, Span

_IDENTITY = ("name", "mountPath", "containerPort", "port", "key", "ip", "topologyKey", "devicePath", "path", "host")
"""Keys by which kustomize merges lists (`x-kubernetes-patch-merge-key` of the API types), the commonest first."""

_PATTERN = frozenset("^$.*+?()[]{}|\\")


class Setter(NamedTuple):
    """Something that sets fields: its data, where it stands, and what it is about.

    `path` leads to the data within the places; what is `quoted` is a text there, whose inside the places do not know.
    `how` it sets: `merge` (a part of the object), `operations` (JSON patch, RFC 6902), `image` or `replicas` (an entry
    of the kustomization), `generator` (then the data say where in its entry each key is from).
    """

    data: object
    places: Places
    path: Path
    kind: str
    name: str
    how: str = "merge"
    quoted: bool = False

    def about(self, kind: str, name: str) -> bool:
        """Whether it may be about an object: names may have got a prefix or suffix; patterns may match anything."""
        if self.kind and self.kind != kind:
            return False
        return not self.name or self.name in name or not _PATTERN.isdisjoint(self.name)

    def place(self, path: Path) -> Place:
        """The place of a path in it."""
        if self.how == "generator":
            return self.places.locate((*self.path, *self._generated(path)))
        if not self.quoted:
            return self.places.locate((*self.path, *path))
        span = self.places.locate_text(self.path, self._words(path), 0)
        return Place(span) if span else self.places.locate(self.path)

    def _generated(self, path: Path) -> Path:
        """Where in a generator's entry it says what a path of the object is."""
        sources: dict[object, Path] = self.data if isinstance(self.data, dict) else {}
        if path[:1] not in (("data",), ("stringData",), ("binaryData",)):
            return ("name",)
        found = sources.get(path[1] if len(path) > 1 else None, sources.get("", ()))
        return tuple(found) or tuple(min(sources.values(), default=("name",)))[:1]

    def _words(self, path: Path) -> str:
        """What stands in a quoted text for a path: the key, or what the operation is about."""
        if self.how == "operations":
            return str(_at(self.data, (*path[:1], "path")))
        return next((f"{step}:" for step in reversed(path) if isinstance(step, str)), "")


@dataclass(frozen=True, slots=True)
class OverlayPlaces:
    """Places of one built object: `origin` is what it was made from, `setters` what was applied, in order."""

    data: object
    origin: Setter
    setters: Sequence[Setter]

    def locate(self, path: Path) -> Place:
        """Where what stands at a path, or at its nearest existing ancestor, was set last."""
        setter, there = self._found(path)
        return setter.place(there)

    def locate_text(self, path: Path, text: str, occurrence: int) -> Span | None:
        """Where in the value at a path a text stands."""
        setter, there = self._found(path)
        if setter.quoted:
            return setter.places.locate_text(setter.path, text, occurrence)
        return setter.places.locate_text((*setter.path, *there), text, occurrence)

    def _found(self, path: Path) -> tuple[Setter, Path]:
        asked = path
        while path and not _exists(self.data, path):
            path = path[:-1]
        value = _at(self.data, path)
        there = _translated(self.data, self.origin.data, path)
        if len(there) == len(path) and _same(_at(self.origin.data, there), value):
            changed = _changed(_at(self.origin.data, there), value) if asked == path else None
            return (self.origin, there) if changed is None else self._found((*path, changed))
        if self.origin.how == "generator":
            return self.origin, asked
        for setter in reversed(self.setters):
            for candidate in _candidates(setter, self.data, path):
                if setter.how == "image" or _same(_at(setter.data, candidate), value):
                    return setter, candidate
        return self.origin, there


def _candidates(setter: Setter, data: object, path: Path) -> Iterator[Path]:
    """The paths within a setter that may have set what an object has at `path`."""
    if setter.how == "merge":
        there = _translated(data, setter.data, path)
        if there and len(there) == len(path):
            yield there
    elif setter.how == "operations":
        yield from _operations(setter.data, path)
    elif setter.how == "replicas" and path == ("spec", "replicas"):
        yield ("count",)
    elif setter.how == "image" and path[-1:] == ("image",) and isinstance(setter.data, dict):
        image = str(_at(data, path))
        name = str(setter.data.get("newName") or setter.data.get("name"))
        if image.startswith((f"{name}:", f"{name}@")) or image == name:
            yield next(((key,) for key in ("digest", "newTag", "newName") if key in setter.data), ())


def _operations(operations: object, path: Path) -> Iterator[Path]:
    for index, operation in enumerate(operations if isinstance(operations, list) else ()):
        pointer = operation.get("path") if isinstance(operation, dict) else None
        if not isinstance(pointer, str) or "value" not in operation:
            continue
        steps = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
        if len(steps) <= len(path) and all(s in (str(p), "-") for s, p in zip(steps, path, strict=False)):
            yield (index, "value", *path[len(steps) :])


def _translated(data: object, other: object, path: Path) -> Path:
    """A path of an object in another form of it, as far as it leads: list items are the same by what names them."""
    found: list[str | int] = []
    for step in path:
        if isinstance(step, str) and isinstance(data, dict) and isinstance(other, dict) and step in other:
            data, other = data.get(step), other[step]
            found.append(step)
        elif isinstance(step, int) and isinstance(data, list) and isinstance(other, list) and step < len(data):
            at = _alike(data[step], other, step)
            if at < 0:
                break
            data, other = data[step], other[at]
            found.append(at)
        else:
            break
    return tuple(found)


def _alike(item: object, others: list[object], index: int) -> int:
    """Position of the item that is the same thing, or -1."""
    if not isinstance(item, dict):
        return others.index(item) if item in others else -1
    key = next((k for k in _IDENTITY if k in item), None)
    if key is None:
        return index if index < len(others) else -1
    return next((n for n, o in enumerate(others) if isinstance(o, dict) and o.get(key) == item[key]), -1)


def _exists(data: object, path: Path) -> bool:
    for step in path:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and -1 < step < len(data):
            data = data[step]
        else:
            return False
    return True


def _at(data: object, path: Path) -> object:
    for step in path:
        data = data[step] if _exists(data, (step,)) else None  # type: ignore[index]
    return data


def _same(found: object, value: object) -> bool:
    """Whether a place has a value: of collections only that it is one, since others may have added to it."""
    if isinstance(value, dict | list):
        return isinstance(found, type(value))
    return found == value and type(found) is type(value)


def _changed(written: object, value: object) -> str | None:
    """The first key of a mapping whose text or number is another than was written."""
    if not isinstance(value, dict) or not isinstance(written, dict):
        return None
    both = (key for key, item in value.items() if key in written and not isinstance(item, dict | list))
    return next((str(key) for key in both if written[key] != value[key]), None)


def origin_of(resource: Resource) -> Setter:
    """An object in a file as what a built one comes from."""
    return Setter(resource.data, resource.document.places, resource.path, resource.kind, resource.name)
