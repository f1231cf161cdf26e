"""What helm says when it cannot render a chart, told where it points: the template, or the value it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from re import compile as regex

from guardrail.scan.render.built import Told
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.render.values import read_values

LONGEST = 2_000
"""Characters of what helm says that are looked through for a place."""

PLACE = regex(r"(?P<file>[\w./-]+?/templates/[\w./-]+?)(?::(?P<line>\d+))?(?=[:)\s])")
_SCHEMA = "values don't meet the specifications of the schema"
_FIELD = regex(r"- (?:at '/(?P<pointer>[\w./-]*)'|(?P<dotted>[\w.-]+)): ")
_OWN = regex(r"execution error at \([^()]{1,400}\): ")
_MOST_LINES = 4
_LONGEST_TOLD = 400


def problem(said: str, extra: str, sources: Mapping[str, str], sheet: Sheet, files: tuple[str, str]) -> Told:
    """A problem of helm's words, with the file of values `extra`.

    `sources` are reported names by what helm calls files; `files` are the names of `Chart.yaml` and `values.yaml`.
    """
    said = said[: 10 * LONGEST].removeprefix("Error: ")
    message = f"helm could not render the chart{f' with {extra}' if extra else ''}{_words(said)}"
    if _SCHEMA in said:
        return _of_values(said, message, sheet, files)
    for at in PLACE.finditer(said[:LONGEST]):
        file = sources.get(at["file"])
        if file is not None and file in sheet:
            return Told("not-rendered", message, file, int(at["line"] or 1))
    return Told("not-rendered", message, files[0])


def _of_values(said: str, message: str, sheet: Sheet, files: tuple[str, str]) -> Told:
    """Values that the chart's schema refuses, at the first of them that is written."""
    known = read_values(sheet, files[1])
    if known is None:
        return Told("not-rendered", message, files[0])
    for line in said.splitlines():
        field = _FIELD.match(line.strip())
        steps = (
            tuple(filter(None, field["pointer"].split("/") if field["pointer"] else field["dotted"].split(".")))
            if field
            else ()
        )
        if steps and isinstance(known.data, dict) and steps[0] in known.data:
            return Told("not-rendered", message, *sheet.at(known.places.locate(steps).span.line))
    return Told("not-rendered", message, files[1])


def _words(said: str) -> str:
    """The first sentence, with what it introduces; what a chart says itself (`fail`, `required`) as its own words."""
    rows = [line.strip() for line in said.partition("\n\nUse --debug")[0].splitlines() if line.strip()]
    own = _OWN.match(rows[0]) if rows else None
    if own:
        return f", which says: {' '.join((rows[0][own.end() :], *rows[1:_MOST_LINES]))[:_LONGEST_TOLD]}"
    text = " ".join(rows[: _MOST_LINES if rows and rows[0].endswith(":") else 1])
    return f": {text[:_LONGEST_TOLD] or 'no reason given'}"
