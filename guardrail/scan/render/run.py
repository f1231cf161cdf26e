"""The charts and overlays of a scan: rendered side by side, judged like files, told where people edit."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

from guardrail.engine.compile import NEWEST_MINOR
from guardrail.engine.suppress import Directive
from guardrail.errors import UsageError
from guardrail.formats.nodes import Lines
from guardrail.scan.discover import Input, Inputs
from guardrail.scan.judge import Judge
from guardrail.scan.place import Placer
from guardrail.scan.render.built import Built, Outcome
from guardrail.scan.render.charts import Chart, charts
from guardrail.scan.render.roots import Roots
from guardrail.scan.render.sandbox import Sandbox
from guardrail.scan.render.saved import saved
from guardrail.scan.render.settle import Settled
from guardrail.scan.result import FileResult
from guardrail.settings import Settings

TOGETHER = 10
"""How many times the seconds of one all that is rendered may take."""

_AT_ONCE = 4
"""Tools that run at a time: each uses a processor or two."""

Work = Callable[[Sandbox], Outcome] | Outcome
"""Something to be rendered, or what became of it already."""


@dataclass(slots=True)
class Rendering:
    """What was rendered of a scan's inputs."""

    found: Inputs
    outcomes: list[Outcome] = field(default_factory=list)
    _shared: dict[str, Built] = field(default_factory=dict)

    @property
    def taken(self) -> frozenset[Input]:
        """The inputs that are not to be judged with the others."""
        return frozenset(i for o in self.outcomes for i in o.taken)

    def judge(self, judge: Judge, results: dict[str, FileResult]) -> None:
        """Judge what was rendered: a result for each rendering under its title, and one for each file that was not."""
        for outcome in self.outcomes:
            for built in outcome.built:
                title = built.sheet.title
                self._shared[title] = built
                results[title] = judge.opened(title, built.opened, built.directives)
            for source in outcome.taken:
                results.pop(source.name, None)
                if source.name in outcome.plain:
                    results[source.name] = _plain(judge, source, *outcome.plain[source.name])
        self._saved(results)

    def _saved(self, results: dict[str, FileResult]) -> None:
        """Leave out what was told of files that hold what is rendered anyway."""
        taken = self.taken
        rest = [i for i in self.found.files if i not in taken and i.name.endswith((".yaml", ".yml", ".json"))]
        for name, built in saved(rest, results, self._shared.values()):
            whole = built.sheet.title.rpartition(" (")[0]
            known = results[name].status
            results[name] = FileResult(known._replace(reason=f"what {whole} renders to: judged there"))

    def apart(self, results: Mapping[str, FileResult]) -> dict[str, frozenset[str]]:
        """Each rendering by its title, with those that are never deployed together with it.

        They are made of one file, or declare one object: overlays of a base, a chart with other values, what a tool
        wrote before.
        """
        alike: dict[object, set[str]] = {}
        for title in self._shared:
            opened = results[title].opened
            for resource in opened.resources if opened else ():
                for key in (resource.document.file, (resource.kind, resource.namespace, resource.name)):
                    alike.setdefault(key, set()).add(title)
        found: dict[str, set[str]] = {title: set() for title in self._shared}
        for titles in {frozenset(t) for t in alike.values() if len(t) > 1}:
            for title in titles:
                found[title] |= titles - {title}
        return {title: frozenset(others) for title, others in found.items()}

    def share(self, results: dict[str, FileResult], judge: Judge) -> None:
        """Let comments in files of values count, and no suppression be unused that another rendering uses."""
        for title, built in self._shared.items():
            if built.related is not None:
                _waive(built, results[title], results, judge)
        used = {_key(b, d) for title, b in self._shared.items() for d in results[title].used}
        standing = {name for b in self._shared.values() for name in b.sheet.texts if name in results}
        used |= {(name, d.place.line, d.names) for name in standing for d in results[name].used}
        for title, built in self._shared.items():
            result = results[title]
            result.used |= {d for d in result.directives if _key(built, d) in used}
        for name in standing:
            result = results[name]
            result.used |= {d for d in result.directives if (name, d.place.line, d.names) in used}

    def settle(self, results: dict[str, FileResult], judge: Judge) -> dict[str, FileResult]:
        """Results by the files that people edit, in the order of the inputs."""
        settled = Settled(self.found, results, judge)
        for outcome in self.outcomes:
            settled.take(outcome)
        return settled.results()


def _key(built: Built, directive: Directive) -> tuple[object, ...]:
    return (*built.sheet.at(directive.place.line), directive.names)


def _waive(built: Built, result: FileResult, results: dict[str, FileResult], judge: Judge) -> None:
    """Suppress findings whose value comes from a line that a comment in the file of values covers."""
    saying = {n: o for n in built.sheet.texts if (o := results.get(n)) is not None and any(o.directives)}
    if not saying:
        return
    for i, finding in enumerate(result.findings):
        open_ = finding.suppression is None and finding.policy.suppressible
        for location in built.related(finding) if open_ and built.related is not None else ():
            name, line = built.sheet.at(location.span.line)
            other = saying.get(name)
            if other is None:
                continue
            placer = Placer(name, Lines(built.sheet.texts[name]))
            waived = judge.suppressed(other.directives, finding.policy.id, [line], placer)
            if waived is not None:
                result.findings[i] = finding._replace(suppression=waived)
            judge.taken(other if waived is not None else None)


def _plain(judge: Judge, source: Input, reason: str, kind: str) -> FileResult:
    """The result of a file that was not rendered: judged as it stands where it is no template."""
    result = judge.file(source)
    lost = [p for p in result.problems if p.code == "not-rendered"]
    if kind == "lost":
        result.status = result.status._replace(status="unreadable", reason=reason)
    elif kind == "status":
        result.status = result.status._replace(reason=reason)
    elif lost or kind == "library":
        status = "skipped" if kind == "library" else "unreadable"
        result.status = result.status._replace(status=status, reason=reason)
        others = [p for p in result.problems if p.code != "not-rendered"]
        each = [p._replace(message=reason) for p in lost] if kind == "each" else []
        result.problems = [*others, *each]
    return result


def render(found: Inputs, roots: Roots, settings: Settings, minor: int) -> Rendering:
    """Render what is to be rendered of the inputs, side by side."""
    work = [*_charts(found, roots, settings, minor), *_overlays(found, roots, settings)]
    running = [w for w in work if not isinstance(w, Outcome)]
    done = iter(_all(running, settings.render_seconds) if running else ())
    return Rendering(found, [w if isinstance(w, Outcome) else next(done) for w in work])


def _all(work: Sequence[Callable[[Sandbox], Outcome]], seconds: int) -> list[Outcome]:
    from concurrent.futures import ThreadPoolExecutor

    apart: list[list[str]] = []
    until = monotonic() + seconds * TOGETHER
    with tempfile.TemporaryDirectory(prefix="guardrail-") as above, ThreadPoolExecutor(_AT_ONCE) as pool:

        def one(render: Callable[[Sandbox], Outcome]) -> Outcome:
            with tempfile.TemporaryDirectory(dir=above) as folder:
                return render(Sandbox(folder, seconds, apart, until))

        return list(pool.map(one, work))


def _charts(found: Inputs, roots: Roots, settings: Settings, minor: int) -> Iterable[Work]:
    from guardrail.scan.render.helm import Helm, Options, not_installed

    for file in settings.helm_values:
        if not os.path.isfile(file):
            raise UsageError(f"file of values '{file}' does not exist")
    own = shutil.which("helm")
    tool = os.path.abspath(own) if own else ""
    options = Options(
        settings.helm_values, settings.helm_set, settings.helm_dependency_update, min(minor, NEWEST_MINOR), roots
    )

    def one(chart: Chart, box: Sandbox) -> Outcome:
        return Helm(tool, chart, options, box).outcome()

    for chart in charts(found.files, roots):
        yield partial(one, chart) if tool else not_installed(chart)


def _overlays(found: Inputs, roots: Roots, settings: Settings) -> Iterable[Work]:
    from guardrail.scan.render import kustomize
    from guardrail.scan.render.kustomizations import Kustomization, overlays

    tree, tops, inputs = overlays(found.files, roots)
    command = _kustomize()

    def one(top: Kustomization, box: Sandbox) -> Outcome:
        return kustomize.Kustomize(command, top, tree, inputs, settings.exclude, box).outcome()

    for top in tops:
        if top.component:
            yield kustomize.component(top, tree, inputs[top.file])
        elif not command:
            yield kustomize.not_installed(top, tree, inputs[top.file])
        else:
            yield partial(one, top)


def _kustomize() -> list[str]:
    """The tool that builds overlays, up to the folder to build; empty where there is none."""
    own, kubectl = shutil.which("kustomize"), shutil.which("kubectl")
    if own:
        return [os.path.abspath(own), "build"]
    return [os.path.abspath(kubectl), "kustomize"] if kubectl else []
