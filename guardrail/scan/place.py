"""Paths to locations: spans resolved, excerpts cut and secrets masked, for findings only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from guardrail.checks.secrets import Secret, mask, secret_values
from guardrail.formats.nodes import Lines, TreePlaces
from guardrail.model.document import Document, Resource
from guardrail.model.place import Location, Path, Span

WIDTH = 160
"""The most of a line that an excerpt shows, in code points."""

_BEFORE = 60


@dataclass(slots=True)
class Placer:
    """Places findings of one file; what its documents keep secret is worked out once, when first needed."""

    file: str
    lines: Lines
    resources: Iterable[Resource] = ()
    _masks: dict[int, list[tuple[int, int]]] | None = None
    _values: set[str] = field(default_factory=set)

    def location(self, span: Span, note: str = "") -> Location:
        """A span as reports show it."""
        line = self._masked(span.line)
        start, end = span.column - 1, span.end_column - 1
        offset = max(0, start - _BEFORE) if len(line) > WIDTH else 0
        return Location(
            file=self.file,
            span=span,
            excerpt=line[offset : offset + WIDTH],
            excerpt_offset=offset,
            utf16=(_utf16(self.lines, span.line, start), _utf16(self.lines, span.line, end)),
            note=note,
        )

    def at(self, offset: int) -> Location:
        """The location of one character."""
        return self.location(self.lines.span(offset, offset + 1))

    def find(self, document: Document, path: Path) -> tuple[Location, tuple[Location, ...]]:
        """The location of a path, and of each alias that leads to it."""
        place = document.places.locate(path)
        aliases = tuple(self.location(a, "used here") for a in place.aliases)
        return self.location(place.span), aliases

    def clean(self, text: str) -> str:
        """A message with secret values masked."""
        self._learn()
        return mask(text, self._values)

    def _masked(self, number: int) -> str:
        masks = self._learn()
        line = self.lines.line(number)
        for start, end in masks.get(number, ()):
            line = line[:start] + "*" * (end - start) + line[end:]
        return mask(line, self._values)

    def _learn(self) -> dict[int, list[tuple[int, int]]]:
        if self._masks is None:
            self._masks = {}
            for resource in self.resources:
                for secret in secret_values(resource):
                    self._keep(resource.document, secret)
        return self._masks

    def _keep(self, document: Document, secret: Secret) -> None:
        assert self._masks is not None
        self._values.update(part for part in secret.value.splitlines() if len(part) > 3)
        if isinstance(document.places, TreePlaces):
            for line, start, end in document.places.value_lines(secret.path):
                self._masks.setdefault(line, []).append((start, end))


def _utf16(lines: Lines, number: int, column: int) -> int:
    """A 0-based code point column as a 1-based column in UTF-16 units."""
    before = lines.line(number)[:column]
    return column + 1 + sum(c > "\uffff" for c in before)
