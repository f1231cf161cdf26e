"""The first phase: one file judged, its findings placed, its suppressions applied."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from re import compile as regex
from typing import NamedTuple

from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.engine.fingerprint import fingerprint
from guardrail.engine.line_hash import line_hashes
from guardrail.engine.suppress import Directive, Directives, Matcher
from guardrail.formats import files
from guardrail.formats.kubernetes import KUSTOMIZE
from guardrail.formats.names import is_dockerfile
from guardrail.formats.nodes import Lines
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.place import Location, Path, Pointer, Span, render_path
from guardrail.model.policy import Policy
from guardrail.model.report import FileStatus, Finding, Hit, Problem, ResourceRef, Suppression, UnknownFinding
from guardrail.scan.aliases import tell
from guardrail.scan.directives import directives
from guardrail.scan.discover import SUFFIXES, Input
from guardrail.scan.place import Placer
from guardrail.scan.read import Opened, open_text, pods_placed, problems, status, with_defects
from guardrail.scan.result import FileResult
from guardrail.scan.text import NoText, load
from guardrail.views.components import configures
from guardrail.views.items import Lens

_KIND = regex(r"""kind["']?[ \t]*:[ \t]*["']?([A-Za-z]+)""")


class Scene(NamedTuple):
    """Where findings of a resource are placed; `elsewhere` gives the scene of another document, if it can be read."""

    resource: Resource
    placer: Placer
    elsewhere: Callable[[Pointer], Scene | None] = lambda _: None

    def show(self, pointer: Pointer, note: str) -> Location:
        """The location a pointer leads to; of a file that cannot be read, its first line."""
        own = self.resource.document
        here = pointer.file in ("", self.placer.file, own.file) and pointer.document in (-1, own.index)
        scene = self if here else self.elsewhere(pointer)
        if scene is None:
            return Location(pointer.file, Span(1, 1, 1, 1), note=note)
        return scene.placer.find_text(scene.resource.document, pointer, note)


class Judge(NamedTuple):
    """What judging one file needs; the same for every file of a run.

    What the policies `across` resources judge is remembered for the second phase, which joins it with resources of
    `joined_kinds`. `by_kind` starts empty and fills with the policies that are about resources of a kind.
    """

    policies: tuple[Compiled, ...]
    matcher: Matcher
    honour_peers: bool
    across: tuple[Compiled, ...]
    joined_kinds: frozenset[str]
    hash_lines: bool
    by_kind: dict[tuple[str, str, str, bool], tuple[Compiled, ...]]
    pod_specs: Mapping[str, tuple[str, ...]] = {}

    def file(self, source: Input) -> FileResult:
        """Read and judge one file; whatever goes wrong becomes its status and a problem."""
        suffix = os.path.splitext(source.name)[1].lower()
        if suffix and suffix not in SUFFIXES and not is_dockerfile(source.name):
            return FileResult(FileStatus(source.name, "skipped", f"no reader for {suffix} files"))
        text = load(source)
        if isinstance(text, NoText):
            result = no_text(source, text)
            result.unseen = self.joined_kinds
            return result
        if suffix == ".json" and not files.may_be_kubernetes(text):
            return FileResult(FileStatus(source.name, "skipped", "nothing guardrail judges"))
        return self.text(source.name, text)

    def text(self, name: str, text: str) -> FileResult:
        """Judge a file's text."""
        opened = open_text(name, text)
        result = self.opened(name, opened, directives(text, opened))
        result.rendered = "\n# Source: " in text or text.startswith("# Source: ")
        if not result.kept:
            result.opened = None
        return result

    def opened(self, name: str, opened: Opened, found: Iterable[Directive]) -> FileResult:
        """Judge documents that were read, with the suppressions found in their text."""
        text = opened.lines.text
        opened = pods_placed(opened, self.pod_specs)
        placer = Placer(name, opened.lines, opened.resources)
        result = FileResult(status(name, opened), opened=opened)
        result.problems.extend(problems(opened, placer))
        if result.problems:
            result.unseen = frozenset(kind for kind in self.joined_kinds if kind in text)
        result.directives = Directives(d for d in found if self.honour_peers or d.own)
        for resource in (*with_defects(opened), *opened.resources):
            self._resource(resource, placer, result)
        self.finish(result, text)
        return result

    def finish(self, result: FileResult, text: str) -> None:
        """Take note of what was used, and of the hash of each finding's line where an output wants it."""
        self.taken(result)
        if self.hash_lines and result.findings:
            hashes = line_hashes(text, {f.location.span.line for f in result.findings})
            result.findings = [f._replace(line_hash=hashes.get(f.location.span.line, "")) for f in result.findings]

    def taken(self, result: FileResult | None) -> None:
        """Take note of the suppressions of a file that were used since it was asked last."""
        if result is not None:
            result.used |= self.matcher.used
        self.matcher.used.clear()

    def keep(self, source: Input) -> Iterator[Resource]:
        """What the second phase may join of a file that is not judged itself; cheap where nothing is."""
        text = load(source)
        if not isinstance(text, str) or not self._may_hold(text):
            return
        for resource in pods_placed(open_text(source.name, text), self.pod_specs).resources:
            if resource.kind in self.joined_kinds:
                yield _detached(resource)

    def _may_hold(self, text: str) -> bool:
        """Whether a text has an object of a joined kind, or a list that may have one, as its `kind` says."""
        return any(kind in self.joined_kinds or kind.endswith("List") for kind in _KIND.findall(text))

    def _resource(self, resource: Resource, placer: Placer, result: FileResult) -> None:
        lens = Lens(resource)
        joined = resource.kind in self.joined_kinds
        if joined or any(applies_to(c, resource, lens) for c in self.across):
            result.kept.append(_detached(resource))
        outcomes: list[tuple[Compiled, Outcome]] = []
        outcome = Outcome()
        for compiled in self._about(resource, lens):
            outcome.tally = result.tally(compiled.policy.id)
            evaluate(compiled, lens.items(compiled.each), outcome)
            if not outcome.empty:
                outcomes.append((compiled, outcome))
                outcome = Outcome()
        for compiled, outcome in folded(outcomes):
            self.place(compiled, outcome, Scene(resource, placer), result)

    def _about(self, resource: Resource, lens: Lens) -> tuple[Compiled, ...]:
        """The policies that are about a resource, worked out once for all of its kind."""
        key = (resource.type, resource.api_version, resource.kind, bool(lens.pods))
        found = self.by_kind.get(key)
        if found is None:
            found = self.by_kind[key] = tuple(c for c in self.policies if applies_to(c, resource, lens))
        return found

    def place(self, compiled: Compiled, outcome: Outcome, scene: Scene, result: FileResult) -> None:
        """Turn an outcome into findings, unknowns and problems of a file."""
        resource, placer = scene.resource, scene.placer
        seen: set[tuple[Path, str, int]] = set()
        placed: dict[Span, int] = {}
        for hit in outcome.hits:
            key = (hit.path, hit.text, hit.occurrence)
            if key not in seen:
                seen.add(key)
                tell(self._finding(compiled, hit, scene, result.directives), placed, result.findings)
        for undecided in outcome.undecided:
            location, _ = placer.find(resource.document, undecided.path)
            reason = placer.clean(undecided.reason)
            if undecided.shared and not result.first(resource.address, reason, location.span):
                continue
            result.unknowns.append(UnknownFinding(compiled.policy, reason, location, reference(resource)))
        for failure in outcome.failures:
            location, _ = placer.find(resource.document, failure.path)
            message = placer.clean(f"policy {compiled.policy.id} could not be evaluated: {failure.reason}")
            result.problems.append(Problem("check-failed", message, location))

    def _finding(
        self,
        compiled: Compiled,
        hit: Hit,
        scene: Scene,
        directives: Directives,
    ) -> Finding:
        resource, placer = scene.resource, scene.placer
        document = resource.document
        location, aliases = _hit_location(hit, document, placer)
        policy = compiled.policy
        suppression = self._waived(policy, hit, location)
        if policy.suppressible and suppression is None:
            lines = [location.span.line, *(a.span.line for a in aliases)]
            suppression = self.suppressed(directives, policy.id, lines, placer)
        named = placer.namer.path(resource.data, hit.path[len(resource.path) :])
        named = (*named, hit.text) if hit.text else named
        return Finding(
            policy=policy,
            severity=compiled.severity,
            message=placer.clean(hit.message),
            location=location,
            path=render_path(hit.path),
            resource=reference(resource),
            fingerprint=fingerprint(policy.id, document.file, document.identity or resource.address, named),
            related=(*aliases, *(scene.show(pointer, note) for pointer, note in hit.related)),
            suppression=suppression,
            enforced=compiled.enforced,
            flow=tuple(scene.show(pointer, placer.clean(note)) for pointer, note in hit.flow),
        )

    def suppressed(
        self, directives: Directives, policy_id: str, lines: Sequence[int], placer: Placer
    ) -> Suppression | None:
        """What a directive on one of some lines says of a policy's finding there; it is remembered as used."""
        directive = self.matcher.find(directives.at(lines), policy_id, lines)
        return None if directive is None else _suppression(directive, placer)

    def _waived(self, policy: Policy, hit: Hit, location: Location) -> Suppression | None:
        """The waiver of the policy that covers the job a finding is about, until its day has passed."""
        jobs = {p[1] for p in (hit.path, *(pointer.path for pointer, _ in hit.related)) if p[:1] == ("jobs",) and p[1:]}
        for waiver in policy.waivers:
            if waiver.job in jobs and self.matcher.today <= waiver.until:
                return Suppression("waiver", waiver.reason, location, waiver.approved_by, waiver.until)
        return None


def _detached(resource: Resource) -> Resource:
    """A resource without the text it came from, to be remembered and handed from process to process."""
    known = resource.document
    bare = replace(known, data=None, places=OnePlace(), first_line=1, last_line=1, defects=(), identity="")
    return resource._replace(document=bare)


def applies_to(compiled: Compiled, resource: Resource, lens: Lens) -> bool:
    """Whether a policy's `match` is about a resource.

    `Workload`: with a pod spec; `KubernetesComponent`: also what configures a component; `*`: what a cluster would see.
    """
    match = compiled.policy.match
    if match.type != resource.type:
        return False
    kinds = match.kinds
    return (
        ("*" in kinds and not resource.api_version.startswith(KUSTOMIZE))
        or resource.kind in kinds
        or ("Workload" in kinds and bool(lens.pods))
        or ("KubernetesComponent" in kinds and (bool(lens.pods) or configures(resource)))
        or f"{resource.api_version.partition('/')[0]}/{resource.kind}" in kinds
    )


def folded(outcomes: list[tuple[Compiled, Outcome]]) -> list[tuple[Compiled, Outcome]]:
    """Leave out what another policy's finding, at the same path or one above or below it, tells already (`folds`)."""
    told: dict[str, set[Path]] = {}
    for compiled, outcome in outcomes:
        for id_ in compiled.policy.folds:
            told.setdefault(id_, set()).update(hit.path for hit in outcome.hits)
    for compiled, outcome in outcomes:
        paths = told.get(compiled.policy.id)
        if paths:
            above = {path[:n] for path in paths for n in range(len(path))}
            outcome.hits = [h for h in outcome.hits if h.path not in above and not _below(h.path, paths)]
    return outcomes


def _below(path: Path, paths: set[Path]) -> bool:
    """Whether a path is one of `paths`, or below one."""
    return any(path[:n] in paths for n in range(len(path) + 1))


def reference(resource: Resource) -> ResourceRef:
    """How reports name a resource."""
    return ResourceRef(resource.kind, resource.name, resource.namespace, resource.address)


def _hit_location(hit: Hit, document: Document, placer: Placer) -> tuple[Location, tuple[Location, ...]]:
    if hit.span is not None:
        return placer.location(hit.span), ()
    if hit.text:
        return placer.find_text(document, Pointer("", hit.path, hit.text, hit.occurrence)), ()
    return placer.find(document, hit.path)


def _suppression(directive: Directive, placer: Placer) -> Suppression:
    return Suppression(
        directive.source,
        placer.clean(directive.reason),
        placer.location(directive.place),
        directive.owner,
        directive.until,
    )


def no_text(source: Input, reason: NoText) -> FileResult:
    """The result of a file that could not be read as text."""
    span = Span(reason.line, 1, reason.line, 1)
    location = Placer(source.name, Lines("")).location(span)
    return FileResult(
        FileStatus(source.name, "unreadable", reason.message),
        problems=[Problem(reason.code, reason.message, location)],
    )
