"""Where a template's line has its value from: the line of `values.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.nodes import Lines
from guardrail.formats.scalars import KUBERNETES
from guardrail.formats.yaml_text import Parsed, read
from guardrail.model.document import Places
from guardrail.model.place import Location, Path, Span
from guardrail.model.report import Finding
from guardrail.scan.place import Placer
from guardrail.scan.render.chart_copy import Copy
from guardrail.scan.render.defines import VALUES, Define, Named, defines, named
from guardrail.scan.render.marks import around, only_writes
from guardrail.scan.render.sheet import Sheet

_STEP = regex(r"[\w-]+")
_DOT = regex(r"(?:(?<=[\s(|])|(?<=\{\{)|(?<=-))\.(?=[\s)\w]|\}|$)")
_MAKES = regex(r"\{\{-?\s*(?:with|range)\b")
_SET = regex(r"(?:^|,)([^=,{}]{1,300})=")
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

    `own` are files of values of the chart itself as reports name them, the strongest first; those of the charts in its
    `copy` are looked up. What is `assigned` on the command line is in no file.
    """

    sheet: Sheet
    placer: Placer
    files: Mapping[str, str]
    copy: Copy
    own: tuple[str, ...]
    assigned: frozenset[tuple[str, ...]]
    _known: dict[str, Values | None] = field(default_factory=dict)
    _defines: dict[str, Define] = field(default_factory=dict)

    def __call__(self, finding: Finding) -> tuple[Location, ...]:
        """The lines of values behind a finding's line, the deepest that the finding is about."""
        if finding.location.file != self.sheet.title:
            return ()
        name, number = self.sheet.at(finding.location.span.line)
        if name not in self.files:
            return ()
        line, number = self._written(name, number)
        if "{{" not in line:
            return ()
        steps = tuple(_STEP.findall(finding.path))
        found: dict[tuple[str, Span], Location] = {}
        for path, at in self._named(name, number, line, steps):
            if at is not None:
                where = self.sheet.line(*at)
                self._note(found, Span(where, 1, where, self.sheet.lines.width(where) + 1), "written here")
            span = self._place(self.files[name], path, steps)
            if span is not None:
                self._note(found, span, "the value is set here")
        return tuple(found.values())[: 2 * _MOST]

    def _written(self, name: str, number: int) -> tuple[str, int]:
        """The line that a value is written by, and its number: a key's own, or the one below that writes all of it."""
        line = self.sheet.lines.line(self.sheet.line(name, number))
        if "{{" not in line and line.rstrip().endswith(":") and number < self.sheet.count(name):
            below = self.sheet.lines.line(self.sheet.line(name, number + 1))
            if only_writes(below):
                return below, number + 1
        return line, number

    def _note(self, found: dict[tuple[str, Span], Location], span: Span, note: str) -> None:
        if len([n for n, _ in found if n == note]) < _MOST:
            found.setdefault((note, span), self.placer.location(span, note))

    def _named(self, name: str, number: int, line: str, steps: Path) -> Iterator[Named]:
        """Paths of values behind a line; else those of the `with` or `range` around it, which make what `.` is."""
        text = self.sheet.texts[name]
        if "include" in line or "template" in line:
            self._defines.update(self._defines or defines({f: self.sheet.texts[f] for f in self.files}))
        key = next((str(s) for s in reversed(steps) if not str(s).isdigit()), "")
        found = list(named(line, text, self._defines, key))
        if found or not _DOT.search(line):
            yield from found
            return
        for written in reversed(around(text, Lines(text).bounds(number)[0])):
            match = VALUES.search(written) if _MAKES.match(written) else None
            if match:
                yield Named(tuple(match[1].strip(".").split(".")))
                return

    def _place(self, file: str, path: tuple[str, ...], steps: Path) -> Span | None:
        """Where the strongest file of values has a path; charts within the chart have theirs below their names."""
        for folder, inner in self._levels(file, path):
            if not folder and any(inner[: len(a)] == a for a in self.assigned):
                return None
            for name in self.own if not folder else (self.copy.reported(f"{folder}/values.yaml"),):
                known = self._values(name)
                if known is not None and _there(known.data, inner):
                    return known.places.locate(_deeper(known.data, inner, steps)).span
        return None

    def _levels(self, file: str, path: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """The folders of the charts above a template, outermost first, and what a path is called in their values.

        Those above a chart that is there under several names are left out: which of them a line is from is not known.
        """
        members = self.copy.members
        folder = self.copy.holder(file)
        found = [(folder, path)]
        while folder and len(members[folder].names) == 1:
            found.append(
                (members[folder].above, path if path[0] == "global" else (*members[folder].names, *found[-1][1]))
            )
            folder = members[folder].above
        return found[::-1]

    def _values(self, name: str) -> Values | None:
        if name not in self._known:
            self._known[name] = read_values(self.sheet, name)
        return self._known[name]


def assigned(assignments: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """The paths that `--set` assigns: `a.b=1,c=2`, list positions left out."""
    keys = (m[1] for text in assignments for m in _SET.finditer(text))
    return frozenset(tuple(key.partition("[")[0].split(".")) for key in keys)


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
