"""Where a template's line has its value from: the line of `values.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.scalars import KUBERNETES
from guardrail.formats.yaml_text import Parsed, read
from guardrail.model.document import Places
from guardrail.model.place import Location, Path
from guardrail.model.report import Finding
from guardrail.scan.place import Placer
from guardrail.scan.render.sheet import Sheet

_VALUES = regex(r"\.Values((?:\.[A-Za-z_]\w*)+)")
_STEP = regex(r"[\w-]+")
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


def related(values: Sequence[Values], placer: Placer, finding: Finding) -> tuple[Location, ...]:
    """The lines of values that a finding's line names, the deepest that the finding is about."""
    if finding.location.file != placer.file:
        return ()
    line = placer.lines.line(finding.location.span.line)
    found: list[Location] = []
    for match in _VALUES.finditer(line):
        path = tuple(match[1].strip(".").split("."))
        steps = tuple(_STEP.findall(finding.path))
        for known in values:
            if not _there(known.data, path):
                continue
            span = known.places.locate(_deeper(known.data, path, steps)).span
            place = placer.location(span, "the value is set here")
            if place not in found:
                found.append(place)
            break
    return tuple(found[:_MOST])


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
