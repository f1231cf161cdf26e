"""The images that a kustomization names, as it would write them into containers; Flux and Argo CD name them, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guardrail.model.document import Resource
from guardrail.model.place import Path


class NamedImage(NamedTuple):
    """An entry of `images`: the name it is about, the image that it makes of it, and where its tag or digest stands."""

    name: str
    image: str
    path: Path
    place: Path


def named_images(resource: Resource) -> Iterator[NamedImage]:
    """Entries that give an image a tag or a digest (kustomize's documents, `images`); of others the base decides.

    Flux has the same list in the spec of its Kustomization.
    """
    if resource.kind == "Application":
        yield from _of_application(resource)
        return
    spec = resource.data.get("spec")
    within, holder = (("spec",), spec) if isinstance(spec, dict) else ((), resource.data)
    listed = holder.get("images")
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            continue
        tag, digest = (v if isinstance(v, str) else "" for v in (entry.get("newTag"), entry.get("digest")))
        if tag or digest:
            new = entry.get("newName")
            path = (*resource.path, *within, "images", index)
            image = f"{new if isinstance(new, str) and new else entry['name']}{f':{tag}' if tag else ''}"
            place = (*path, "digest" if digest else "newTag")
            yield NamedImage(entry["name"], f"{image}@{digest}" if digest else image, path, place)


def _of_application(resource: Resource) -> Iterator[NamedImage]:
    """Texts `name=image:tag` or `image:tag` of an Argo CD Application (its documents, "Kustomize", images)."""
    spec = resource.data.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    several = spec.get("sources")
    held: list[tuple[Path, object]] = [(("source",), spec.get("source"))]
    held += [(("sources", n), one) for n, one in enumerate(several if isinstance(several, list) else ())]
    for at, source in held:
        options = source.get("kustomize") if isinstance(source, dict) else None
        listed = options.get("images") if isinstance(options, dict) else None
        for index, text in enumerate(listed if isinstance(listed, list) else ()):
            image = text.rpartition("=")[2] if isinstance(text, str) else ""
            if "@" in image or ":" in image.rpartition("/")[2]:
                path = (*resource.path, "spec", *at, "kustomize", "images", index)
                name = image.partition("@")[0]
                bare = name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name
                yield NamedImage(bare, image, path, path)
