"""Charts rendered with the real `helm template`, findings placed on the templates' own lines.

In a copy, offline, once with the values of the chart and once more with each of `ci/*-values.yaml`, which chart-testing
(ct) has charts tested with. The release's namespace is unknown. Nothing is downloaded unless the user asks for it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import basename
from re import compile as regex
from typing import NamedTuple

from guardrail.graph.index import UNKNOWN_NAMESPACE
from guardrail.scan.place import Placer
from guardrail.scan.render import sandbox
from guardrail.scan.render.archives import packed
from guardrail.scan.render.built import Built, Outcome, Told
from guardrail.scan.render.chart_copy import Copy, How, Unusable, copied, names_in, settle, sheet
from guardrail.scan.render.charts import Chart
from guardrail.scan.render.dependencies import complete, for_any_version
from guardrail.scan.render.helm_says import LONGEST, PLACE, problem
from guardrail.scan.render.marks import marked, unmarked
from guardrail.scan.render.roots import Roots
from guardrail.scan.render.sandbox import Done, Sandbox
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.render.text import opened, placed, sections
from guardrail.scan.render.values import Origins, assigned

MOST_VALUES = 20
"""Files of `ci/` that a chart is rendered with."""

_MOST_ATTEMPTS = 8
_ODD = regex(r"[^a-z0-9-]+")
MISSING = "helm is not installed: templates are not rendered, and nothing in them was judged"


class Options(NamedTuple):
    """What the user says of rendering charts: files of values, `--set` assignments, whether dependencies may be
    fetched; the cluster's minor version, and what charts may read.
    """

    values: tuple[str, ...]
    assignments: tuple[str, ...]
    fetch: bool
    minor: int
    roots: Roots


class _Files(NamedTuple):
    """The texts of a copied chart: templates as reports name them, by path in the copy and by what helm calls them."""

    sheet: Sheet
    templates: dict[str, str]
    sources: dict[str, str]
    paths: dict[str, str]
    """Paths in the copy by what helm calls them."""


@dataclass(frozen=True, slots=True)
class Helm:
    """Renders one chart: a copy of it in the sandbox, its templates marked."""

    tool: str
    chart: Chart
    options: Options
    sandbox: Sandbox

    def outcome(self) -> Outcome:
        """Render; whatever goes wrong becomes a problem."""
        try:
            options = self.options
            how = How(options.roots, self.tool if options.fetch else "", bool(options.values or options.assignments))
            copy = copied(self.chart, how, self.sandbox)
            complete(copy, how, self.sandbox)
            settle(copy)
            if copy.facts.kind == "library":
                reason = "a library chart: judged where another chart renders it"
                return Outcome((), (), self.chart.owned, {i.name: (reason, "library") for i in self.chart.owned})
            return self._rendered(copy)
        except sandbox.TooMuch:
            words = "has too many or too large files to be rendered"
        except Unusable as error:
            words = str(error)
        except OSError as error:
            words = f"cannot be copied: {error.strerror or error}"
        return self._failed(Told("not-rendered", words, self.chart.owner.name), words)

    def _rendered(self, copy: Copy) -> Outcome:
        files = self._files(copy)
        given = [_kept(self.sandbox.folder, n, f) for n, f in enumerate(self.options.values)]
        _mark(copy.folder, files)
        built: list[Built] = []
        failures: list[tuple[str, str]] = []
        for extra in ["", *_matrix(copy.folder)]:
            done = self._run(copy, given, extra, files)
            if done.failure:
                failures.append((extra, done.failure.replace(self.sandbox.folder + os.sep, "")))
            else:
                built.append(self._built(done.output, copy, files, extra))
        names = (copy.reported("Chart.yaml"), copy.reported("values.yaml"))
        problems = [problem(said, extra, files.sources, files.sheet, names) for extra, said in failures]
        if failures and not built:
            return self._failed(problems[0], "helm could not render the chart", copy.told)
        told = [p for p, (extra, _) in zip(problems, failures, strict=True) if extra]
        return Outcome((*packed(self.chart), *built), (*copy.told, *told), self.chart.owned, {})

    def _files(self, copy: Copy) -> _Files:
        texts, templates = sheet(copy, [(f, self.options.roots.name(f)) for f in self.options.values])
        named = [(source, path) for path in templates for source in copy.sources(path)]
        return _Files(texts, templates, {s: templates[p] for s, p in named}, dict(named))

    def _run(self, copy: Copy, given: Sequence[str], extra: str, files: _Files) -> Done:
        """Render with marks; a template that cannot do with them is rendered without."""
        name = _ODD.sub("-", copy.facts.name.lower()).strip("-")[:53].strip("-") or "release"
        command = [self.tool, "template", name, copy.folder, "--namespace", UNKNOWN_NAMESPACE]
        command += ["--kube-version", f"v1.{self.options.minor}.0"]
        for file in ([os.path.join(copy.folder, extra)] if extra else []) + list(given):
            command += ["--values", file]
        for assignment in self.options.assignments:
            command += ["--set", assignment]
        bare: set[str] = set()
        any_version = False
        while True:
            done = self.sandbox.run(command, self.sandbox.folder)
            if "incompatible with Kubernetes" in done.failure and not any_version:
                any_version = True  # a chart for older or newer clusters: what it makes is judged for the one asked for
                for_any_version(copy)
                continue
            at = PLACE.search(done.failure[:LONGEST]) if "YAML parse error" in done.failure else None
            path = files.paths.get(at["file"], "") if at else ""
            if not path or path in bare or len(bare) >= _MOST_ATTEMPTS:
                return done
            bare.add(path)
            _write(os.path.join(copy.folder, path), marked(files.sheet.texts[files.templates[path]], 1, False))

    def _built(self, output: str, copy: Copy, files: _Files, extra: str) -> Built:
        title = f"{files.sheet.title} with {extra}" if extra else files.sheet.title
        own = files.sheet.again(title)
        text, known = unmarked(output)
        parts = sections(text, lambda source: files.sources.get(source, source))
        placed(text, known, parts, own, own.line(copy.reported("Chart.yaml")))
        made, directives, left = opened(text, known, parts, own)
        values = [*reversed([self.options.roots.name(f) for f in self.options.values])]
        values += [copy.reported(name) for name in (extra, "values.yaml") if name]
        origins = Origins(
            own,
            Placer(title, own.lines, made.resources),
            {name: path for path, name in files.templates.items()},
            copy,
            tuple(values),
            assigned(self.options.assignments),
        )
        beyond = frozenset(n for n in own.texts if any(n.startswith(f"{b}/") for b in copy.beyond))
        return Built(
            own,
            made,
            directives,
            self.chart.owner.name,
            beyond,
            origins,
            f"with {extra}" if extra else "",
            left,
        )

    def _failed(self, problem: Told, reason: str, told: Sequence[Told] = ()) -> Outcome:
        plain = {i.name: (reason, "lost" if self.chart.archive else "") for i in self.chart.owned}
        return Outcome(packed(self.chart), (*told, problem), self.chart.owned, plain)


def not_installed(chart: Chart) -> Outcome:
    """What becomes of a chart where there is no helm."""
    whole = chart.archive or not chart.owned  # of others, each template is told
    told = (Told("not-rendered", MISSING, chart.owner.name),) if whole else ()
    plain = {i.name: (MISSING, "lost" if chart.archive else "each") for i in chart.owned}
    return Outcome(packed(chart), told, chart.owned, plain)


def _matrix(copied: str) -> list[str]:
    names = (n for n in names_in(os.path.join(copied, "ci")) if n.endswith(("-values.yaml", "-values.yml")))
    return [f"ci/{n}" for n in names][:MOST_VALUES]


def _kept(folder: str, number: int, file: str) -> str:
    """A copy of a file of values in the sandbox."""
    to = os.path.join(folder, f"values-{number}.yaml")
    shutil.copyfile(file, to)
    return to


def _mark(copied: str, files: _Files) -> None:
    """Put marks into the copies of templates; files that only define, notes and others are left as they are."""
    for path, name in files.templates.items():
        marking = not basename(path).startswith("_") and path.endswith((".yaml", ".yml"))
        if marking or path.endswith((".tpl", ".yaml", ".yml")):
            _write(os.path.join(copied, path), marked(files.sheet.texts[name], files.sheet.line(name), marking))


def _write(file: str, text: str) -> None:
    with open(file, "w", encoding="utf-8", newline="") as handle:
        handle.write(text)
