"""What an archive of a chart holds besides templates: its `Chart.yaml` and its values, judged rendered or not."""

from __future__ import annotations

from collections.abc import Iterator

from guardrail.scan.directives import directives
from guardrail.scan.read import open_text
from guardrail.scan.render.built import Built
from guardrail.scan.render.charts import Chart
from guardrail.scan.render.sheet import Sheet

_FILES = ("Chart.yaml", "values.yaml")
_MOST_BYTES, _MOST_FILES = 1_000_000, 10_000


def packed(chart: Chart) -> tuple[Built, ...]:
    """The files of an archive that are no templates, each as a rendering of its own; nothing for a folder."""
    if not chart.archive:
        return ()
    found: list[Built] = []
    for name, text in _texts(chart.path):
        reported = chart.named(name)
        sheet = Sheet(f"{reported} (packed)", [(reported, text)])
        opened = open_text(reported, text)
        said = tuple(directives(text, opened))
        found.append(Built(sheet, opened._replace(lines=sheet.lines), said, chart.owner.name, frozenset({reported})))
    return tuple(found)


def _texts(archive: str) -> Iterator[tuple[str, str]]:
    import tarfile

    try:
        with tarfile.open(archive, "r:gz") as opened:
            for number, member in enumerate(opened):
                inner = member.name.partition("/")[2]
                if number >= _MOST_FILES:
                    return
                if inner in _FILES and member.isfile() and member.size <= _MOST_BYTES:
                    source = opened.extractfile(member)
                    if source is not None:
                        with source:
                            yield inner, source.read().decode("utf-8", "replace")
    except (OSError, tarfile.TarError, EOFError, ValueError):
        return  # what is no archive is told where it is rendered
