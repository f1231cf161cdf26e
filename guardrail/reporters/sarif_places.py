"""SARIF locations: relative percent-encoded URIs, smallest regions in UTF-16 columns, artifacts."""

from __future__ import annotations

import re
from typing import Any

from guardrail.model.place import Location
from guardrail.model.report import Report, ResourceRef
from guardrail.pages.markup import uri
from guardrail.pages.screen import clean
from guardrail.reporters.sarif_write import model

BASE = "%SRCROOT%"


class Places:
    """Makes locations; artifact locations are shared between the results of one file."""

    def __init__(self, logical: bool) -> None:
        self._om = model()
        self._logical = logical
        self._files: dict[str, Any] = {}

    def artifact(self, file: str) -> Any:
        """The artifact location of a file; an absolute path becomes a `file:` URI without base."""
        if file not in self._files:
            encoded = uri(file) or "."
            inside = not encoded.startswith("/")
            self._files[file] = self._om.ArtifactLocation(
                uri=encoded if inside else f"file:///{encoded.lstrip('/')}",
                uri_base_id=BASE if inside else None,
            )
        return self._files[file]

    def _physical(self, location: Location) -> Any:
        span = location.span
        line, end_line = max(1, span.line), max(1, span.line, span.end_line)
        column, end_column = max(1, location.utf16[0]), max(1, location.utf16[1])
        if end_line == line:
            end_column = max(column, end_column)
        region = self._om.Region(start_line=line, start_column=column, end_line=end_line, end_column=end_column)
        return self._om.PhysicalLocation(artifact_location=self.artifact(location.file), region=region)

    def of(self, location: Location, resource: ResourceRef | None = None) -> list[Any] | None:
        """The locations of a result or notification; None where no file is known."""
        logical = None
        if self._logical and resource and resource.address:
            logical = [
                self._om.LogicalLocation(
                    name=clean(resource.name) or None,
                    fully_qualified_name=clean(resource.address) or None,
                    kind="resource",
                )
            ]
        if not location.file:
            return [self._om.Location(logical_locations=logical)] if logical else None
        return [self._om.Location(physical_location=self._physical(location), logical_locations=logical)]

    def related(self, locations: tuple[Location, ...]) -> list[Any]:
        """Related locations, numbered from 1; each says in words what is there."""
        return [
            self._om.Location(
                id=number,
                physical_location=self._physical(location),
                message=self._om.Message(text=literal(related_text(location))),
            )
            for number, location in enumerate((place for place in locations if place.file), 1)
        ]

    def flows(self, locations: tuple[Location, ...]) -> list[Any] | None:
        """The one code flow that tells a path, step by step; None where no step has a place."""
        om = self._om
        steps = [
            om.ThreadFlowLocation(
                execution_order=number,
                location=om.Location(
                    physical_location=self._physical(location),
                    message=om.Message(text=literal(related_text(location))),
                ),
            )
            for number, location in enumerate((place for place in locations if place.file), 1)
        ]
        return [om.CodeFlow(thread_flows=[om.ThreadFlow(locations=steps)])] if steps else None

    def artifacts(self, report: Report) -> list[Any]:
        """Every file that was judged, at least in part."""
        judged = (file.path for file in report.files if file.path and file.status != "skipped")
        locations = {place.uri: place for place in map(self.artifact, judged)}
        return [self._om.Artifact(location=place, roles=["analysisTarget"]) for place in locations.values()]


def literal(text: str, linked: bool = False) -> str:
    """Words that no reader takes for a link.

    Brackets are escaped only where it matters (in a message that has links), for readability.
    """
    if linked or "](" in text:
        return re.sub(r"([\\\[\]])", r"\\\1", text)
    return text


def related_text(location: Location) -> str:
    """The note at a related place, or its file and line."""
    return clean(location.note) or f"{clean(location.file)}:{location.span.line}"
