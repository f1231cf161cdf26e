"""Every suppression written in a file: comments and annotations."""

from __future__ import annotations

from collections.abc import Iterator

from guardrail.engine.suppress import Directive, from_annotations, from_comment
from guardrail.formats.comments import comments
from guardrail.formats.nodes import TreePlaces
from guardrail.model.document import Resource
from guardrail.model.place import Path, Span
from guardrail.scan.read import Opened
from guardrail.views.items import Lens


def directives(text: str, opened: Opened) -> Iterator[Directive]:
    """Every suppression in a file, comments first, each in the order of the text."""
    for comment in comments(text, opened.lines, opened.documents):
        place = Span(comment.line, comment.column, comment.line, comment.column + len(comment.text))
        yield from from_comment(comment.text, comment.covers, comment.document, place)
    for resource in opened.resources:
        yield from annotated(resource)


def annotated(resource: Resource) -> Iterator[Directive]:
    """Every suppression in a resource's annotations."""
    places = resource.document.places
    if isinstance(places, TreePlaces) and "metadata" in resource.data:
        yield from _annotations(resource, places)


def _annotations(resource: Resource, places: TreePlaces) -> Iterator[Directive]:
    """Those of an object cover the object, those of a pod template its pod spec."""
    holders: list[tuple[object, Path, Path]] = [
        (resource.data["metadata"], (*resource.path, "metadata"), resource.path)
    ]
    for pod in Lens(resource).pods:
        if pod.metadata_path != holders[0][1]:
            holders.append((pod.metadata, pod.metadata_path, pod.path))
    for metadata, path, covered in holders:
        annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
        if isinstance(annotations, dict) and annotations:

            def place(key: str, holder: Path = (*path, "annotations")) -> Span:
                return places.locate((*holder, key)).span

            yield from from_annotations(annotations, places.lines_of(covered), place)
