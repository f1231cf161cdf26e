"""Every suppression written in a file: comments and annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from guardrail.engine.suppress import Directive, from_annotations, from_comment
from guardrail.formats.comments import MARKER, comments
from guardrail.formats.nodes import Lines, TreePlaces
from guardrail.model.document import Resource
from guardrail.model.place import Path, Span
from guardrail.scan.read import Opened
from guardrail.views.items import Lens

if TYPE_CHECKING:
    from guardrail.formats.markdown import Block


def directives(text: str, opened: Opened) -> Iterator[Directive]:
    """Every suppression in a file, comments first, each in the order of the text."""
    if opened.blocks:
        yield from remarked(text, opened.lines, terraform=False)
    for comment in comments(text, opened.lines, opened.documents):
        place = Span(comment.line, comment.column, comment.line, comment.column + len(comment.text))
        yield from from_comment(comment.text, comment.covers, comment.document, place)
    for resource in opened.resources:
        yield from annotated(resource)


def remarked(text: str, lines: Lines, terraform: bool, found: Sequence[Block] = ()) -> Iterator[Directive]:
    """Every suppression in the comments of a Markdown document: it covers the block right below it.

    Those above Terraform are told apart, because Terraform is judged by itself. `found` are the document's blocks if
    they are at hand.
    """
    from guardrail.formats import markdown

    if "<!--" not in text or not MARKER.search(text):
        return
    for remark in markdown.remarks(text, found or markdown.blocks(text)):
        if (remark.language == "hcl") == terraform:
            start, end = remark.covers
            covers = (lines.position(start)[0], lines.position(max(end - 1, start))[0])
            yield from from_comment(remark.text, covers, covers, lines.span(remark.start, remark.end))


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
