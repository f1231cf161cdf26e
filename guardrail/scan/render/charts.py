"""Which inputs make a chart, and what its `Chart.yaml` says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname, join
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.helm import REQUIREMENTS
from guardrail.formats.nodes import Lines
from guardrail.formats.scalars import KUBERNETES
from guardrail.formats.yaml_text import Parsed, read
from guardrail.scan.discover import Input
from guardrail.scan.render.roots import Roots
from guardrail.scan.text import load

_BELOW = regex(r"(?:charts/[^/]+/)*templates/")
ARCHIVES = (".tgz", ".tar.gz")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart among the inputs: how reports name its folder, where it is, and the inputs that it renders.

    `owner` is its `Chart.yaml` or its archive.
    """

    folder: str
    path: str
    owned: tuple[Input, ...]
    owner: Input
    archive: bool = False

    def named(self, file: str) -> str:
        """How reports name a file of the chart."""
        return join(self.folder, file) if self.folder else file


def charts(files: Sequence[Input], roots: Roots) -> list[Chart]:
    """The charts that inputs belong to: folders with a `Chart.yaml`, also where only a template is named; archives."""
    tops = {dirname(i.name): i for i in files if basename(i.name) == "Chart.yaml" and i.file}
    for source in files:
        if "templates/" in source.name and source.file:
            _around(source, roots, tops)
    outer = [f for f in tops if not any(_vendored(f, other) for other in tops)]
    found = [_chart(folder, tops[folder], files) for folder in sorted(outer)]
    packed = (i for i in files if i.name.endswith(ARCHIVES) and os.path.isfile(i.file))
    found += [Chart(i.name, i.file, (i,), i, archive=True) for i in packed]
    return [c for c in found if c.owned or _holds_others(c)]


def _chart(folder: str, owner: Input, files: Sequence[Input]) -> Chart:
    start = f"{folder}/" if folder else ""
    owned = tuple(i for i in files if i.name.startswith(start) and _BELOW.match(i.name, len(start)))
    return Chart(folder, os.path.dirname(owner.file) or ".", owned, owner)


def _holds_others(chart: Chart) -> bool:
    """Whether a chart without templates of its own renders those of other charts."""
    text = load(chart.owner)
    return os.path.isdir(os.path.join(chart.path, "charts")) or (isinstance(text, str) and "dependencies:" in text)


def _around(source: Input, roots: Roots, tops: dict[str, Input]) -> None:
    """Note the chart around a template, if it is not among the inputs."""
    folder = source.name
    while "/" in folder:
        folder, _, last = folder.rpartition("/")
        above = folder.rpartition("/")[0]
        if last and basename(folder) == "templates" and above not in tops:
            name = join(above, "Chart.yaml") if above else "Chart.yaml"
            if roots.allow(name) and os.path.isfile(roots.path(name)):
                tops[above] = Input(roots.path(name), name)


def _vendored(folder: str, other: str) -> bool:
    """Whether a chart is in the `charts` folder of another."""
    return folder != other and folder.startswith(f"{other}/charts/" if other else "charts/")


class Dependency(NamedTuple):
    """A chart that another needs: its name and alias, where it comes from, what switches it, and where it says so."""

    name: str
    alias: str
    repository: str
    condition: str
    line: int
    file: str = "Chart.yaml"


class About(NamedTuple):
    """What `Chart.yaml` says, as far as rendering needs it; `listed` are the dependencies as they are written."""

    name: str
    kind: str
    data: dict[str, object]
    dependencies: tuple[Dependency, ...]
    listed: tuple[object, ...] = ()


def about(text: str, requirements: str = "") -> About | None:
    """A `Chart.yaml` read, with the `requirements.yaml` of older charts; None for what is none."""
    data, lines = first(text)
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        return None
    needed, listed = list(_dependencies(data, lines)), data.get("dependencies")
    if requirements and not needed and data.get("apiVersion", "v1") == "v1":
        other, where = first(requirements)
        needed = [d._replace(file=REQUIREMENTS) for d in _dependencies(other, where)]
        listed = other.get("dependencies") if isinstance(other, dict) else None
    entries = tuple(listed) if isinstance(listed, list) else ()
    return About(str(data["name"]), str(data.get("type", "application")), data, tuple(needed), entries)


def first(text: str) -> tuple[object, Parsed | None]:
    """The data of the first document of a YAML text, and the document; None for what cannot be read."""
    item = next(read(text, Lines(text), KUBERNETES), None)
    return (item.data, item) if isinstance(item, Parsed) else (None, None)


def _dependencies(data: object, parsed: Parsed | None) -> Iterable[Dependency]:
    listed = data.get("dependencies") if isinstance(data, dict) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str) and parsed is not None:
            line = parsed.places.locate(("dependencies", index, "name")).span.line
            texts = [str(entry.get(key) or "") for key in ("name", "alias", "repository", "condition")]
            yield Dependency(texts[0], texts[1], texts[2], texts[3], line)
