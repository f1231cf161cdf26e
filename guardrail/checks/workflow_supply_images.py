"""Images that jobs, services and steps run in, and how exactly they are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from guardrail.actions import images
from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views import workflows
from guardrail.views.items import Item

__all__ = ["tagged", "unpinned"]

_SHOWN = 80
_DOCKER = "docker://"


class _Image(NamedTuple):
    """What is written, where, of which job, and what runs in it."""

    text: str
    path: Path
    job: workflows.Job
    role: str


def unpinned(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images without a tag, or with one that is moved with every build."""
    for image, name in _named(item, images.MOVING, arguments):
        yield Hit(image.path, f"{image.role} runs {name[:_SHOWN]}, which is another image after every push")


def tagged(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Images that are named by a tag and not by a digest."""
    for image, name in _named(item, images.TAG, arguments):
        yield Hit(image.path, f"{image.role} runs {name[:_SHOWN]} by its tag, not by a digest")


def _named(item: Item, wanted: str, arguments: Mapping[str, Any]) -> Iterator[tuple[_Image, str]]:
    """The images of a file that are named in the wanted way, each place once; those of the settings left out."""
    trusted = [str(pattern).lower() for pattern in arguments["params"]["trusted"]]
    seen: set[Path] = set()
    for image in _images(item):
        for name, place in images.written(image.text, image.job.data):
            path = (*image.job.path, *place) if place else image.path
            spared = any(fnmatchcase(name.lower(), pattern) for pattern in trusted)
            if name and images.kind(name) == wanted and path not in seen and not spared:
                seen.add(path)
                yield image._replace(path=path), name


def _images(item: Item) -> Iterator[_Image]:
    """Every image a file names.

    An empty one of a service or container means that there is none (workflow syntax,
    `jobs.<job_id>.services.<service_id>.image`: "an empty string will prevent the container from starting").
    """
    for job in workflows.jobs(item.resource):
        yield from _of(job.data.get("container"), (*job.path, "container"), job, f"job {job.id}")
        services = job.data.get("services")
        for name, service in services.items() if isinstance(services, dict) else ():
            yield from _of(service, (*job.path, "services", name), job, f"service {name}")
    for step in workflows.steps(item.resource):
        uses = step.data.get("uses")
        if isinstance(uses, str) and uses.strip().startswith(_DOCKER):
            yield _Image(uses.strip().removeprefix(_DOCKER), (*step.path, "uses"), step.job, "step")
    runs = item.resource.data.get("runs")
    image = runs.get("image") if isinstance(runs, dict) and item.resource.kind == "Action" else None
    if isinstance(image, str) and image.startswith(_DOCKER):
        path = (*item.resource.path, "runs", "image")
        yield _Image(image.removeprefix(_DOCKER), path, workflows.NO_JOB, "action")


def _of(given: object, path: Path, job: workflows.Job, role: str) -> Iterator[_Image]:
    if isinstance(given, dict):
        given, path = given.get("image"), (*path, "image")
    if isinstance(given, str) and given.strip():
        yield _Image(given.strip().removeprefix(_DOCKER), path, job, role)
