"""Paths to locations: spans resolved, excerpts cut and secrets masked, for findings only."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from guardrail.checks.secret_words import is_default
from guardrail.checks.secrets import Secret, mask, secret_values
from guardrail.engine.fingerprint import Namer
from guardrail.formats.nodes import Lines, TreePlaces
from guardrail.model.document import Document, Resource
from guardrail.model.place import Location, Path, Pointer, Span
from guardrail.scan.aliases import USED
from guardrail.views.pods import pods

WIDTH = 160
"""The most of a line that an excerpt shows, in code points."""

_BEFORE = 60
_LONG = 65536
_AROUND = 8192
"""How much of a line longer than _LONG is looked at for secrets, before and behind what is shown."""


@dataclass(slots=True, eq=False, repr=False)
class _Line:
    """The line shown last: findings come line by line, and a line may be the whole file."""

    number: int = 0
    start: int = 0
    end: int = 0
    masked: str = ""
    wide: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Placer:
    """Places findings of one file; what its documents keep secret is worked out once, when first needed.

    `hidden` gives texts that must not be shown, beside what the resources keep secret.
    """

    file: str
    lines: Lines
    resources: Iterable[Resource] = ()
    hidden: Callable[[], Iterable[str]] = tuple
    namer: Namer = field(default_factory=Namer)
    _masks: dict[int, list[tuple[int, int]]] | None = None
    _values: set[str] = field(default_factory=set)
    _line: _Line = field(default_factory=_Line)

    def location(self, span: Span, note: str = "") -> Location:
        """A span as reports show it."""
        start, end = span.column - 1, span.end_column - 1
        offset = max(0, start - _BEFORE) if self.lines.width(span.line) > WIDTH else 0
        self._look_at(span.line, offset)
        shown = offset - self._line.start
        return Location(
            file=self.file,
            span=span,
            excerpt=self._line.masked[shown : shown + WIDTH],
            excerpt_offset=offset,
            utf16=(self._utf16(start), self._utf16(end)),
            note=note,
        )

    def at(self, offset: int) -> Location:
        """The location of one character."""
        return self.location(self.lines.span(offset, offset + 1))

    def find(self, document: Document, path: Path) -> tuple[Location, tuple[Location, ...]]:
        """The location of a path, and of each alias that leads to it."""
        place = document.places.locate(path)
        aliases = tuple(self.location(a, USED) for a in place.aliases)
        return self.location(place.span), aliases

    def find_text(self, document: Document, pointer: Pointer, note: str = "") -> Location:
        """The location of what a pointer names: a part of the value where it is found there, else the whole."""
        span = document.places.locate_text(pointer.path, pointer.text, pointer.occurrence) if pointer.text else None
        return self.location(span or document.places.locate(pointer.path).span, note)

    def clean(self, text: str) -> str:
        """A message with secret values masked."""
        self._learn()
        return mask(text, self._values)

    def _look_at(self, number: int, offset: int) -> None:
        """Make `_line` hold a line's masked text, at least what an excerpt from `offset` shows of it."""
        known = self._line
        width = self.lines.width(number)
        if known.number != number:
            wide = [] if self.lines.text.isascii() else _wide(self.lines.line(number))
            known.number, known.start, known.end, known.wide = number, 0, -1, wide
        if known.start <= offset and min(offset + WIDTH, width) <= known.end:
            return
        known.start = max(0, offset - _AROUND) if width > _LONG else 0
        known.end = min(width, offset + _LONG) if width > _LONG else width
        known.masked = self._masked(number, known.start, known.end)

    def _masked(self, number: int, start: int, end: int) -> str:
        masks = self._learn().get(number, ())
        begin = self.lines.bounds(number)[0]
        text = self.lines.text[begin + start : begin + end]
        parts: list[str] = []
        done = 0
        for first, last in sorted((max(a - start, 0), b - start) for a, b in masks):
            hidden = min(last, len(text)) - max(first, done)
            if hidden > 0:
                parts += (text[done:first], "*" * hidden)
                done = min(last, len(text))
        return mask("".join((*parts, text[done:])), self._values)

    def _utf16(self, column: int) -> int:
        """A 0-based code point column of the line looked at as a 1-based column in UTF-16 units."""
        return column + 1 + bisect_left(self._line.wide, column)

    def _learn(self) -> dict[int, list[tuple[int, int]]]:
        if self._masks is None:
            self._masks = {}
            self._values.update(part for text in self.hidden() for part in text.splitlines() if len(part) > 3)
            names = {name for resource in self.resources for name in _names(resource)}
            for resource in self.resources:
                for secret in secret_values(resource):
                    self._keep(resource.document, secret, names)
                if resource.kind == "Secret":
                    self._hide_data(resource)
        return self._masks

    def _keep(self, document: Document, secret: Secret, names: set[str]) -> None:
        """Hide a secret at its place, and its text elsewhere unless that is a name in plain sight anyway."""
        assert self._masks is not None
        self._values.update(
            part
            for part in secret.value.splitlines()
            if len(part) > 3 and not is_default(part) and not any(part in name for name in names)
        )
        if isinstance(document.places, TreePlaces):
            for line, start, end in document.places.value_lines(secret.path):
                self._masks.setdefault(line, []).append((start, end))

    def _hide_data(self, resource: Resource) -> None:
        """Hide whatever stands behind a key of a Secret, such as a value that a later one replaces."""
        assert self._masks is not None
        places = resource.document.places
        for section in ("data", "stringData"):
            if section in resource.data and isinstance(places, TreePlaces):
                first, last = places.lines_of((*resource.path, section))
                for number in range(first, last + 1):
                    line = self.lines.line(number)
                    start = line.find(": ") + 1 or len(line) - len(line.lstrip())
                    self._masks.setdefault(number, []).append((start, len(line)))


def _names(resource: Resource) -> Iterator[str]:
    """What is public of a resource: its names and those of its containers."""
    yield from (resource.name, resource.namespace)
    for pod in pods(resource):
        yield from (str(container.data.get("name", "")) for container in pod.containers)


def _wide(line: str) -> list[int]:
    """Columns of the characters that take two UTF-16 units."""
    return [] if line.isascii() else [i for i, c in enumerate(line) if c > "\uffff"]
