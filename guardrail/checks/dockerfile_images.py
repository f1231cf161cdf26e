"""The images that Dockerfiles build on and copy from: how exactly they are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.actions import images
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.dockerfiles import filled, of_item, sources, stages
from guardrail.views.items import Item

__all__ = ["fixed_platform", "moving", "without_digest"]


def _images(item: Item) -> Iterator[tuple[Path, str]]:
    """Every image that a stage names, as far as it is known, with its place; not scratch, nor stages before it."""
    found = stages(item.resource)
    stage, _ = of_item(item.resource, item.path)
    names = {other.name.lower() for other in found if other.name}
    if stage.base < 0 and stage.image and stage.image.lower() != "scratch":
        yield (*stage.path, "image"), stage.image
    for one in stage.instructions:
        for source in sources(one):
            image = filled(source, one.state.variables)
            if image and image.lower() not in names and not image.isdecimal():
                yield (*one.path, *(("flags", "from") if one.keyword == "COPY" else ("mounts",))), image


def exactness(image: str) -> str:
    """How exactly an image is named: `images.kind`, where `latest-alpine` moves, too."""
    kind = images.kind(image)
    tag = image.rpartition("/")[2].partition(":")[2]
    return images.MOVING if kind == images.TAG and tag.lower().startswith("latest-") else kind


def moving(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images without a tag, or with one that names another image after every push."""
    for path, image in _images(item):
        if exactness(image) == images.MOVING:
            tagged = ":" in image.rpartition("/")[2]
            why = "by a tag that moves" if tagged else "without a tag, which means latest"
            yield Hit(path, f"image {image} is named {why}")


def without_digest(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images named by a tag alone."""
    for path, image in _images(item):
        if exactness(image) == images.TAG:
            yield Hit(path, f"image {image} is named without its digest")


def fixed_platform(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A platform written into FROM."""
    stage, _ = of_item(item.resource, item.path)
    flags = stage.data.get("flags")
    platform = flags.get("platform") if isinstance(flags, dict) else None
    if isinstance(platform, str) and platform and "$" not in platform:
        yield Hit((*stage.path, "flags", "platform"), f"the stage is {platform} whatever platform is built for")
