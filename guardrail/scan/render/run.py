"""The charts and overlays of a scan: rendered side by side, judged like files, told where people edit."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from guardrail.engine.compile import NEWEST_MINOR
from guardrail.engine.suppress import Directive
from guardrail.errors import UsageError
from guardrail.formats.nodes import Lines
from guardrail.scan.discover import Input, Inputs
from guardrail.scan.judge import Judge
from guardrail.scan.place import Placer
from guardrail.scan.render.built import Built, Outcome
from guardrail.scan.render.charts import Chart, charts
from guardrail.scan.render.settle import Settled
from guardrail.scan.result import FileResult
from guardrail.settings import Settings

_AT_ONCE = 4
"""Tools that run at a time: each uses a processor or two."""

Work = Callable[[str], Outcome]


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
        _once(results, self._shared)

    def share(self, results: dict[str, FileResult], judge: Judge) -> None:
        """Let comments in files of values count, and no suppression be unused that another rendering uses."""
        for title, built in self._shared.items():
            if built.related is not None:
                _waive(built, results[title], results, judge)
        used = {_key(b, d) for title, b in self._shared.items() for d in results[title].used}
        for title, built in self._shared.items():
            result = results[title]
            result.used |= {d for d in result.directives if _key(built, d) in used}

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
    for i, finding in enumerate(result.findings):
        open_ = finding.suppression is None and finding.policy.suppressible
        for location in built.related(finding) if open_ and built.related is not None else ():
            name, line = built.sheet.at(location.span.line)
            other = results.get(name)
            placer = Placer(name, Lines(built.sheet.texts[name]))
            waived = judge.suppressed(other.directives, finding.policy.id, [line], placer) if other else None
            if other is not None and waived is not None:
                result.findings[i] = finding._replace(suppression=waived)
                other.used |= judge.matcher.used
            judge.matcher.used.clear()


def _once(results: dict[str, FileResult], built: dict[str, Built]) -> None:
    """Let the second phase see an object once, however often it was rendered."""
    seen: set[tuple[str, str]] = set()
    for title in built:
        result = results[title]
        own = {(r.document.file, r.address) for r in result.kept}
        result.kept = [r for r in result.kept if (r.document.file, r.address) not in seen]
        seen |= own


def _plain(judge: Judge, source: Input, reason: str, kind: str) -> FileResult:
    """The result of a file that was not rendered: judged as it stands where it is no template."""
    result = judge.file(source)
    lost = [p for p in result.problems if p.code == "not-rendered"]
    if kind == "status":
        result.status = result.status._replace(reason=reason)
    elif lost or kind == "library":
        status = "skipped" if kind == "library" else "unreadable"
        result.status = result.status._replace(status=status, reason=reason)
        others = [p for p in result.problems if p.code != "not-rendered"]
        each = [p._replace(message=reason) for p in lost] if kind == "each" else []
        result.problems = [*others, *each]
    return result


def render(found: Inputs, settings: Settings, minor: int) -> Rendering:
    """Render what is to be rendered of the inputs."""
    work = [*_charts(found, settings, minor), *_overlays(found, settings)]
    made = Rendering(found)
    if work:
        made.outcomes = _all(work)
    return made


def _all(work: Sequence[Work]) -> list[Outcome]:
    from concurrent.futures import ThreadPoolExecutor

    with tempfile.TemporaryDirectory(prefix="guardrail-") as above, ThreadPoolExecutor(_AT_ONCE) as pool:
        folders = [tempfile.mkdtemp(dir=above) for _ in work]
        return list(pool.map(lambda pair: pair[0](pair[1]), zip(work, folders, strict=True)))


def _charts(found: Inputs, settings: Settings, minor: int) -> Iterable[Work]:
    from guardrail.scan.render.helm import Helm, Options, not_installed
    from guardrail.scan.render.sandbox import Sandbox

    for file in settings.helm_values:
        if not os.path.isfile(file):
            raise UsageError(f"file of values '{file}' does not exist")
    tool = os.path.abspath(shutil.which("helm") or "") if shutil.which("helm") else ""
    options = Options(settings.helm_values, settings.helm_set, min(minor, NEWEST_MINOR), found.root)

    def one(chart: Chart, folder: str) -> Outcome:
        return Helm(tool, chart, options, Sandbox(folder, settings.render_seconds)).outcome()

    for chart in charts(found.files, found.root):
        yield partial(one, chart) if tool else partial(_never, not_installed(chart))


def _overlays(found: Inputs, settings: Settings) -> Iterable[Work]:
    from guardrail.scan.render import kustomize
    from guardrail.scan.render.kustomizations import Kustomization, overlays
    from guardrail.scan.render.sandbox import Sandbox

    tree, tops, inputs = overlays(found.files, found.root)
    command = _kustomize()

    def one(top: Kustomization, folder: str) -> Outcome:
        box = Sandbox(folder, settings.render_seconds)
        return kustomize.Kustomize(command, top, tree, inputs, settings.exclude, box).outcome()

    for top in tops:
        if top.component:
            yield partial(_never, kustomize.component(top, inputs[top.file]))
        elif not command:
            yield partial(_never, kustomize.not_installed(top, inputs[top.file]))
        else:
            yield partial(one, top)


def _kustomize() -> list[str]:
    """The tool that builds overlays, up to the folder to build; empty where there is none."""
    own, kubectl = shutil.which("kustomize"), shutil.which("kubectl")
    if own:
        return [os.path.abspath(own), "build"]
    return [os.path.abspath(kubectl), "kustomize"] if kubectl else []


def _never(outcome: Outcome, folder: str) -> Outcome:
    return outcome
