"""Where a template's line has its value from: the line of `values.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.nodes import Lines
from guardrail.formats.scalars import KUBERNETES
from guardrail.formats.yaml_text import Parsed, read
from guardrail.model.document import Places
from guardrail.model.place import Location, Path
from guardrail.model.report import Finding
from guardrail.scan.place import Placer
from guardrail.scan.render.marks import around
from guardrail.scan.render.sheet import Sheet

_VALUES = regex(r"\.Values((?:\.[A-Za-z_]\w*)+)")
_STEP = regex(r"[\w-]+")
_DOT = regex(r"(?:(?<=[\s(|])|(?<=\{\{)|(?<=-))\.(?=[\s)\w]|\}|$)")
_MAKES = regex(r"\{\{-?\s*(?:with|range)\b")
_CHARTS = regex(r"charts/([^/]+)/")
_MOST = 3


class Values(NamedTuple):
    """A file of values: its name, data and places."""

    name: str
    data: object
    places: Places


def read_values(sheet: Sheet, name: str) -> Values | None:
    """A file of a sheet as values; None where it is not there or cannot be read."""
    if name not in sheet:
        return None
    item = next(read(sheet.texts[name], sheet.lines, KUBERNETES, sheet.offset(name)), None)
    return Values(name, item.data, item.places) if isinstance(item, Parsed) else None


@dataclass(frozen=True, slots=True)
class Origins:
    """Leads from a line of a template to the values it names. `files` are paths within the chart by reports' names.

    `own` are files of values of the chart itself, the strongest first; those of the charts it holds are looked up.
    """

    sheet: Sheet
    placer: Placer
    files: Mapping[str, str]
    own: tuple[str, ...]

    def __call__(self, finding: Finding) -> tuple[Location, ...]:
        """The lines of values that a finding's line names, the deepest that the finding is about."""
        if finding.location.file != self.sheet.title:
            return ()
        name, number = self.sheet.at(finding.location.span.line)
        line = self.sheet.lines.line(finding.location.span.line)
        if name not in self.files or "{{" not in line:
            return ()
        steps = tuple(_STEP.findall(finding.path))
        found: list[Location] = []
        for path in self._named(name, number, line):
            place = self._place(self.files[name], path, steps)
            if place is not None and place not in found:
                found.append(place)
        return tuple(found[:_MOST])

    def _named(self, name: str, number: int, line: str) -> Iterator[tuple[str, ...]]:
        """Paths of values in a line; else those of the `with` or `range` around it, which make what `.` is."""
        found = [tuple(m[1].strip(".").split(".")) for m in _VALUES.finditer(line)]
        if found or not _DOT.search(line):
            yield from found
            return
        text = self.sheet.texts[name]
        for written in reversed(around(text, Lines(text).bounds(number)[0])):
            match = _VALUES.search(written) if _MAKES.match(written) else None
            if match:
                yield tuple(match[1].strip(".").split("."))
                return

    def _place(self, file: str, path: tuple[str, ...], steps: Path) -> Location | None:
        """Where the strongest file of values has a path; charts within the chart have theirs below their names."""
        above = tuple(_CHARTS.findall(file.partition("templates/")[0]))
        for depth in range(len(above) + 1):
            start = "".join(f"charts/{name}/" for name in above[:depth])
            inner = path if path[0] == "global" else (*above[depth:], *path)
            for name in self.own if depth == 0 else (f"{start}values.yaml",):
                known = read_values(self.sheet, self._reported(name))
                if known is not None and _there(known.data, inner):
                    span = known.places.locate(_deeper(known.data, inner, steps)).span
                    return self.placer.location(span, "the value is set here")
        return None

    def _reported(self, name: str) -> str:
        """How reports name a file of the chart, as they name its templates."""
        inner, reported = next((i, r) for r, i in self.files.items())
        return reported.removesuffix(inner) + name


def _there(data: object, path: Path) -> bool:
    for step in path:
        if not isinstance(data, dict) or step not in data:
            return False
        data = data[step]
    return True


def _deeper(data: object, path: Path, steps: Path) -> Path:
    """The path with as many last steps of a finding's path below it as are there: what `toYaml` wrote."""
    for at in range(len(steps)):
        longer = (*path, *steps[at:])
        if _there(data, longer):
            return longer
    return path
