"""Files one below the other, so that one document can have places in several of them.

What a chart renders stands in its templates, its values, its `Chart.yaml`; what an overlay makes, in bases and patches.
Documents are judged over the sheet, and each location is told by the file it lies in at the end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from guardrail.formats.nodes import Lines
from guardrail.model.place import Location


class Sheet:
    """The texts of files, by name; `title` is what locations in it are said to be in until they are told."""

    def __init__(self, title: str, files: Iterable[tuple[str, str]]) -> None:
        self.title = title
        self.texts = dict(files)
        self._names = list(self.texts)
        self._first: list[int] = []
        self._offset: dict[str, int] = {}
        parts: list[str] = []
        line, offset = 1, 0
        for name, text in self.texts.items():
            ended = text if text.endswith("\n") else f"{text}\n"
            self._first.append(line)
            self._offset[name] = offset
            parts.append(ended)
            line += len(Lines(ended).starts) - 1
            offset += len(ended)
        self.lines = Lines("".join(parts))

    def again(self, title: str) -> Sheet:
        """The same sheet under another title."""
        from copy import copy

        other = copy(self)
        other.title = title
        return other

    def __contains__(self, name: str) -> bool:
        return name in self._offset

    def offset(self, name: str) -> int:
        """Where a file's text starts."""
        return self._offset[name]

    def line(self, name: str, number: int = 1) -> int:
        """The line of the sheet that a line of a file is."""
        return self._first[self._names.index(name)] + number - 1

    def count(self, name: str) -> int:
        """How many lines a file has."""
        at = self._names.index(name)
        end = self._first[at + 1] if at + 1 < len(self._first) else len(self.lines.starts)
        return end - self._first[at]

    def at(self, line: int) -> tuple[str, int]:
        """The file and its line that a line of the sheet is."""
        index = max(bisect_right(self._first, line) - 1, 0)
        return self._names[index], line - self._first[index] + 1

    def told(self, location: Location) -> Location:
        """A location by the file it lies in."""
        if location.file != self.title:
            return location
        name, line = self.at(location.span.line)
        span = location.span._replace(line=line, end_line=line)
        return location._replace(file=name, span=span)
