"""Charts rendered with the real `helm template`, findings placed on the templates' own lines.

In a copy, offline, without dependency download, once with the values of the chart and once more with each of
`ci/*-values.yaml`, which chart-testing (ct) has charts tested with. The release's namespace is unknown.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename
from re import compile as regex
from typing import NamedTuple

from guardrail.scan.discover import Input
from guardrail.scan.place import Placer
from guardrail.scan.render import sandbox
from guardrail.scan.render.built import Built, Outcome, Told
from guardrail.scan.render.charts import About, Chart, about
from guardrail.scan.render.marks import marked, unmarked
from guardrail.scan.render.sandbox import Done, Sandbox, unpacked
from guardrail.scan.render.sheet import Sheet
from guardrail.scan.render.text import NAMESPACE, opened, placed, sections
from guardrail.scan.render.values import Origins
from guardrail.scan.text import load

MOST_VALUES = 20
"""Files of `ci/` that a chart is rendered with."""

_MOST_ATTEMPTS = 8
_LONGEST = 2_000
"""Characters of what helm says that are looked through for a place."""

_PLACE = regex(r"(?P<file>[\w./-]+?/templates/[\w./-]+?)(?::(?P<line>\d+))?(?=[:)\s])")
_ODD = regex(r"[^a-z0-9-]+")
MISSING = "helm is not installed: templates are not rendered, and nothing in them was judged"


class Options(NamedTuple):
    """What the user says of rendering charts: files of values, `--set` assignments, the cluster's minor version."""

    values: tuple[str, ...]
    assignments: tuple[str, ...]
    minor: int
    root: str


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
            return self._outcome()
        except sandbox.TooMuch:
            words = "has too many or too large files to be rendered"
        except OSError as error:
            words = f"cannot be copied: {error.strerror or error}"
        return self._failed(Told("not-rendered", words, self.chart.owner.name), words)

    def _outcome(self) -> Outcome:
        chart = self.chart
        copied = os.path.join(self.sandbox.folder, "chart")
        failure = self._copy(copied)
        if failure:
            return self._failed(Told("not-rendered", failure, chart.owner.name), failure)
        facts = _about(copied)
        if facts is None:
            return self._failed(Told("not-rendered", "is not a chart: it gives no name", chart.owner.name), "no chart")
        if facts.kind == "library":
            reason = "a library chart: judged where another chart renders it"
            return Outcome((), (), chart.owned, {i.name: (reason, "library") for i in chart.owned})
        told = list(self._dependencies(copied, facts))
        return self._rendered(copied, facts, told)

    def _copy(self, to: str) -> str:
        """Copy the chart; why that was not possible, or nothing."""
        if self.chart.archive:
            return unpacked(self.chart.path, to)
        sandbox.copy(self.chart.path, to, self.options.root)
        return ""

    def _dependencies(self, copied: str, facts: About) -> Iterator[Told]:
        """Put local dependencies where helm looks for them; tell of those that are not there, and do without."""
        missing: list[str] = []
        above = os.path.join(copied, "charts")
        there = _vendored(above)
        for needed in facts.dependencies:
            name = needed.name
            if name in there or any(f.startswith(f"{name}-") and f.endswith(".tgz") for f in there):
                continue
            if needed.repository.startswith("file://") and not self.chart.archive:
                local = os.path.join(self.chart.path, needed.repository.removeprefix("file://"))
                if sandbox.inside(local, os.path.realpath(self.options.root)) and os.path.isdir(local):
                    sandbox.copy(local, os.path.join(above, name), self.options.root)
                    continue
            missing.append(name)
            yield Told(
                "missing-dependency",
                f"needs the chart {name}, which is not in charts/: what it brings was not judged; "
                "run `helm dependency build` first",
                self.chart.owner.name,
                needed.line,
            )
        if missing:
            _without(copied, facts, missing)

    def _rendered(self, copied: str, facts: About, told: list[Told]) -> Outcome:
        sheet, files = self._sheet(copied)
        given = [_kept(self.sandbox.folder, n, f) for n, f in enumerate(self.options.values)]
        matrix = ["", *_matrix(copied)] if not self.chart.archive else [""]
        _mark(copied, sheet, files)
        built: list[Built] = []
        failures: list[tuple[str, str]] = []
        for extra in matrix:
            done = self._run(copied, facts, given, extra, sheet, files)
            if done.failure:
                failures.append((extra, done.failure))
            else:
                built.append(self._built(done.output, facts, sheet, files, extra))
        if failures and not built:
            problem = self._problem(failures[0][1], facts, files, "")
            return self._failed(problem, "helm could not render the chart", told)
        told += [self._problem(said, facts, files, extra) for extra, said in failures if extra]
        return Outcome(tuple(built), tuple(told), self.chart.owned, {})

    def _run(
        self, copied: str, facts: About, given: Sequence[str], extra: str, sheet: Sheet, files: Mapping[str, str]
    ) -> Done:
        """Render with marks; a template that cannot do with them is rendered without."""
        name = _ODD.sub("-", facts.name.lower()).strip("-")[:53].strip("-") or "release"
        command = [self.tool, "template", name, copied, "--namespace", NAMESPACE]
        command += ["--kube-version", f"v1.{self.options.minor}.0"]
        for file in ([os.path.join(copied, extra)] if extra else []) + list(given):
            command += ["--values", file]
        for assignment in self.options.assignments:
            command += ["--set", assignment]
        bare: set[str] = set()
        while True:
            done = self.sandbox.run(command, self.sandbox.folder)
            if "incompatible with Kubernetes" in done.failure and "--kube-version" in command:
                at_version = command.index("--kube-version")
                del command[at_version : at_version + 2]  # a chart for older clusters: helm's own version
                continue
            at = _PLACE.search(done.failure[:_LONGEST]) if "YAML parse error" in done.failure else None
            inner = _inner(at["file"], facts) if at else ""
            if inner not in files or inner in bare or len(bare) >= _MOST_ATTEMPTS:
                return done
            bare.add(inner)
            _write(os.path.join(copied, inner), marked(sheet.texts[files[inner]], 1, False))

    def _built(self, output: str, facts: About, sheet: Sheet, files: Mapping[str, str], extra: str) -> Built:
        title = f"{sheet.title} with {extra}" if extra else sheet.title
        own = sheet.again(title)
        text, known = unmarked(output)
        parts = sections(text, lambda source: files.get(_inner(source, facts), source))
        owner = self.chart.owner.name
        beyond = frozenset(own.texts if self.chart.archive else ())
        fallback = own.line(self._chart_file(sheet))
        placed(text, known, parts, own, fallback)
        made, directives = opened(text, known, parts, own)
        order = (extra, "values.yaml") if extra else ("values.yaml",)
        placer = Placer(title, own.lines, made.resources)
        origins = Origins(own, placer, {name: path for path, name in files.items()}, order)
        return Built(own, made, directives, owner, beyond, origins)

    def _chart_file(self, sheet: Sheet) -> str:
        return next(name for name in sheet.texts if basename(name) == "Chart.yaml")

    def _sheet(self, copied: str) -> tuple[Sheet, dict[str, str]]:
        """Every text of the chart that a finding may stand in, and the templates among them by their path in it."""
        texts: list[tuple[str, str]] = []
        templates: dict[str, str] = {}
        for folder, folders, names in os.walk(copied):
            folders.sort()
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), copied).replace(os.sep, "/")
                template = "templates/" in path
                if not template and not name.endswith((".yaml", ".yml")):
                    continue
                text = load(Input(os.path.join(folder, name), path))
                if isinstance(text, str):
                    texts.append((self.chart.named(path), text))
                    if template:
                        templates[path] = self.chart.named(path)
        return Sheet(f"{self.chart.folder or '.'} (rendered)", texts), templates

    def _problem(self, said: str, facts: About, files: Mapping[str, str], extra: str) -> Told:
        """What helm says, told where it points."""
        at = _PLACE.search(said[:_LONGEST])
        file = files.get(_inner(at["file"], facts)) if at else None
        words = _first_line(said.replace(self.sandbox.folder + os.sep, "")).removeprefix("Error: ")
        with_ = f" with {extra}" if extra else ""
        message = f"helm could not render the chart{with_}: {words}"
        if file is None or at is None:
            return Told("not-rendered", message, self.chart.owner.name)
        return Told("not-rendered", message, file, int(at["line"] or 1))

    def _failed(self, problem: Told, reason: str, told: Sequence[Told] = ()) -> Outcome:
        plain = {i.name: (reason, "") for i in self.chart.owned}
        return Outcome((), (*told, problem), self.chart.owned, plain)


def not_installed(chart: Chart) -> Outcome:
    """What becomes of a chart where there is no helm."""
    return Outcome((), (), chart.owned, {i.name: (MISSING, "each") for i in chart.owned})


def _about(copied: str) -> About | None:
    texts = [load(Input(os.path.join(copied, name), name)) for name in ("Chart.yaml", "requirements.yaml")]
    first, second = (t if isinstance(t, str) else "" for t in texts)
    return about(first, second)


def _vendored(folder: str) -> set[str]:
    """What lies in a chart's `charts` folder: names of files, of folders, and of the charts in these."""
    if not os.path.isdir(folder):
        return set()
    names = set(os.listdir(folder))
    found = (_about(os.path.join(folder, name)) for name in names if os.path.isdir(os.path.join(folder, name)))
    return names | {facts.name for facts in found if facts is not None}


def _without(copied: str, facts: About, missing: Sequence[str]) -> None:
    """Write a `Chart.yaml` without some dependencies: helm renders nothing while one is not there."""
    listed = facts.data.get("dependencies")
    left = (
        [d for d in listed if isinstance(d, dict) and d.get("name") not in missing] if isinstance(listed, list) else []
    )
    with open(os.path.join(copied, "Chart.yaml"), "w", encoding="utf-8") as file:
        json.dump({**facts.data, "dependencies": left}, file)
    old = os.path.join(copied, "requirements.yaml")
    if os.path.exists(old):
        os.remove(old)


def _matrix(copied: str) -> list[str]:
    folder = os.path.join(copied, "ci")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [f"ci/{n}" for n in names if n.endswith(("-values.yaml", "-values.yml"))][:MOST_VALUES]


def _kept(folder: str, number: int, file: str) -> str:
    """A copy of a file of values in the sandbox."""
    to = os.path.join(folder, f"values-{number}.yaml")
    shutil.copyfile(file, to)
    return to


def _mark(copied: str, sheet: Sheet, files: Mapping[str, str]) -> None:
    """Put marks into the copies of templates; files that only define, notes and others are left as they are."""
    for path, name in files.items():
        marking = not basename(path).startswith("_") and path.endswith((".yaml", ".yml"))
        if marking or path.endswith((".tpl", ".yaml", ".yml")):
            _write(os.path.join(copied, path), marked(sheet.texts[name], sheet.line(name), marking))


def _write(file: str, text: str) -> None:
    with open(file, "w", encoding="utf-8", newline="") as handle:
        handle.write(text)


def _inner(source: str, facts: About) -> str:
    """The path within the chart of what helm calls `chart/templates/x.yaml`; aliases are told by the charts' names."""
    parts = source.removeprefix(f"{facts.name}/").split("/")
    names = {d.alias: d.name for d in facts.dependencies if d.alias}
    if len(parts) > 2 and parts[0] == "charts":
        parts[1] = names.get(parts[1], parts[1])
    return "/".join(parts)


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("Use --debug")]
    return " ".join(lines[: 3 if lines and lines[0].endswith(":") else 1])[:400] or "no reason given"
