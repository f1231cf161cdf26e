"""Images whose software gets no more fixes: what Dockerfiles build on, what Compose and Kubernetes run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.place import Path, Pointer
from guardrail.model.report import Hit
from guardrail.views.image_lifecycle import Ended, ended
from guardrail.views.items import Item

__all__ = ["built_on", "run_by_compose", "run_by_kubernetes"]


def built_on(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Base images of a Dockerfile that had ended by the day; the same software once, at its first stage."""
    from guardrail.views.dockerfiles import stages  # of no use to a manifest

    told: dict[str, tuple[Path, str, list[Path]]] = {}
    for stage in stages(item.resource):
        image = stage.image or ""
        found = ended(image, arguments["day"]) if stage.base < 0 else None
        if found is None:
            continue
        path = (*stage.path, "image")
        if found.words in told:
            told[found.words][2].append(path)
        else:
            told[found.words] = (path, f"image {image[:80]} holds {_words(found)}", [])
    for path, message, others in told.values():
        yield Hit(path, message, related=tuple((Pointer("", other), "and here") for other in others[:20]))


def run_by_compose(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The image of a service that had ended by the day; not one that is built here."""
    from guardrail.views.composes import filled

    service = item.bindings["service"]
    image = service.get("image") if isinstance(service, dict) and "build" not in service else None
    text = filled(image) if isinstance(image, str) else None
    found = ended(text, arguments["day"]) if text else None
    if found:
        yield Hit((*item.path, "image"), f"service {item.bindings['serviceName']} runs {_words(found)}")


def run_by_kubernetes(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The image of a container that had ended by the day."""
    container = item.bindings.get("container")
    image = container.get("image") if isinstance(container, dict) else None
    found = ended(image, arguments["day"]) if isinstance(image, str) and "$" not in image else None
    if found:
        name = container.get("name") if isinstance(container, dict) else ""
        yield Hit((*item.path, "image"), f"{item.bindings.get('role')} {name} runs {_words(found)}")


def _words(found: Ended) -> str:
    return f"{found.words}, which gets no more fixes since {found.day} ({found.source})"
