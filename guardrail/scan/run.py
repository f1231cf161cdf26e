"""The day's work: discover, read, judge, relate, mark; a Report at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from guardrail.catalog.load import Catalog
from guardrail.catalog.select import select
from guardrail.engine.compile import NEWEST_MINOR, Compiled, compile_policy, kubernetes_minor
from guardrail.engine.suppress import Matcher, peer_key
from guardrail.errors import UsageError
from guardrail.formats.names import TERRAFORM, is_terraform, looks_like_plan, split_name
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.policy import severity_rank
from guardrail.model.report import FileStatus, Finding, Report, Tally
from guardrail.scan.discover import STDIN, Input, Inputs, discover
from guardrail.scan.judge import Judge
from guardrail.scan.pool import judge_files
from guardrail.scan.relate import Relations, joined_kinds
from guardrail.scan.render import rendering, with_streams
from guardrail.scan.result import FileResult
from guardrail.scan.revision import revision
from guardrail.scan.stale import Stale
from guardrail.scan.text import load
from guardrail.scan.tree import FileTree, tops
from guardrail.settings import Settings

if TYPE_CHECKING:
    from guardrail.actions.recognise import Table


@dataclass(slots=True, eq=False, repr=False)
class Run:
    """A scan to be made.

    `in_context` lets single files be judged with the rest of their repository in view; `for_upload` adds what code
    scanning wants to know: line hashes and the revision; `progress` is told how many of how many files are done.
    """

    settings: Settings
    catalog: Catalog
    paths: Sequence[str]
    stdin_name: str = "stdin.yaml"
    today: str = field(default_factory=lambda: date.today().isoformat())
    for_upload: bool = False
    in_context: bool = True
    progress: Callable[[int, int], None] | None = None

    def report(self) -> Report:
        """Scan and report. Raises UsageError or PolicyError for what the user has to mend first."""
        minor = min(_minor(self.settings.kubernetes_version), NEWEST_MINOR)
        selected = select(self.catalog, self.settings, minor)
        compiled = [
            compile_policy(s, minor, eager=not s.policy.shipped)
            for s in selected
            if s.policy.match.since <= minor <= s.policy.match.until
        ]
        found = discover(self.paths, self.settings.exclude, self.stdin_name)
        others = [c for c in compiled if c.policy.match.type != "terraform"]
        per_file = tuple(c for c in others if c.policy.scope == "resource")
        across = tuple(c for c in others if c.policy.scope == "repository")
        judge = Judge(
            per_file,
            _matcher(self.catalog, self.today),
            self.settings.honour_peers,
            across,
            joined_kinds(across),
            self.for_upload,
            {},
            self.settings.pod_specs,
        )
        terraform = [s for s in found.files if is_terraform(s.name) or is_plan(s)]
        apart = set(terraform)
        rendered = rendering(found, self.paths, self.settings, minor)
        apart.update(rendered.taken if rendered else ())
        rest = [s for s in found.files if s not in apart]
        results = judge_files(judge, rest, self.settings.jobs, self.progress)
        terraform += [s for s in rest if s.name in results and _shows_terraform(results[s.name])]
        rendered = with_streams(rendered, found, self.paths, results)
        if rendered:
            rendered.judge(judge, results)
        texts = _Texts({source.name: source for source in found.files})
        known = {k.document.file: k.data for r in results.values() for k in r.kept if k.type != "kubernetes"}
        tree = FileTree(found.root, known, self.table, tops([p for p in self.paths if p != STDIN]))
        if across:
            unseen = frozenset[str]().union(*(r.unseen for r in results.values()))
            context = self._context(judge, found, results) if any(r.kept for r in results.values()) else ()
            variants = rendered.apart(results) if rendered else {}
            Relations(judge, across, texts, unseen, tree, variants).judge_all(results, context)
        if terraform:
            parts: dict[str, dict[str, FileStatus]] = {}
            for name, result in self._terraform(judge, compiled, tree, terraform).items():
                document, block = split_name(name)
                if document in results:
                    results[document].take(result)
                    parts.setdefault(document, {})[block] = result.status
                else:
                    results[document] = result
            for document, blocks in parts.items():
                results[document].status = results[document].status.with_blocks(blocks)
                judge.finish(results[document], texts(document))
        if rendered:
            rendered.share(results, judge)
        Stale(judge, tuple(compiled), texts).judge_all(results)
        if rendered:
            results = rendered.settle(results, judge)
        results = {source.name: results[source.name] for source in found.files}
        return self._assemble(results, compiled, found, minor)

    def _terraform(
        self, judge: Judge, compiled: Sequence[Compiled], tree: FileTree, sources: Sequence[Input]
    ) -> dict[str, FileResult]:
        from guardrail.scan.terraform.run import TerraformScan

        policies = [c for c in compiled if c.policy.match.type == "terraform"]
        single = self.in_context and not any(os.path.isdir(p) for p in self.paths)  # a module is a folder of files
        scan = TerraformScan(judge, policies, self.settings, self.catalog, tree, single)
        return scan.judge_all(sources)

    def _named(self, found: Inputs) -> bool:
        """Whether single files of a repository are scanned, to be judged with what lies around them in view."""
        named = all(p != STDIN and not os.path.isdir(p) for p in self.paths)
        return self.in_context and named and found.repository

    def table(self) -> Table:
        """What steps of workflows are recognised by."""
        from guardrail.catalog import recognise

        return recognise.load(self.settings.recognise, self.catalog.kept)

    def _context(self, judge: Judge, found: Inputs, results: dict[str, FileResult]) -> Iterable[Resource]:
        """Parameters among the policies, and the rest of the repository when single files of it are scanned."""
        nowhere = Document("", 0, None, OnePlace(), 1, 1)
        yield from (Resource(nowhere, dict(data), (), "kubernetes") for data in self.catalog.objects)
        if not self._named(found):
            return
        for source in discover([found.root], self.settings.exclude).files:
            if source.name not in results:
                yield from judge.keep(source)

    def _assemble(
        self,
        results: dict[str, FileResult],
        compiled: Sequence[Compiled],
        found: Inputs,
        minor: int,
    ) -> Report:
        least = severity_rank(self.settings.severity)
        findings = [f for r in results.values() for f in r.findings if severity_rank(f.severity) >= least]
        findings.sort(key=_order)
        coverage: dict[str, Tally] = {c.policy.id: Tally() for c in compiled}
        for result in results.values():
            for id_, tally in result.tallies.items():
                coverage[id_].add(tally)
        return Report(
            findings=tuple(_numbered(findings)),
            unknowns=tuple(u for r in results.values() for u in r.unknowns),
            problems=tuple(p for r in results.values() for p in r.problems),
            files=tuple(r.status for r in results.values()),
            coverage=coverage,
            policies=tuple(c.policy for c in compiled),
            severities={c.policy.id: c.severity for c in compiled},
            profile=self.settings.profile,
            kubernetes_version=f"1.{minor}",
            root=found.root,
            resources=sum(r.status.resources for r in results.values()),
            other_files=found.others,
            revision=revision(found.root) if self.for_upload else {},
        )


def _shows_terraform(result: FileResult) -> bool:
    """Whether a document has a block of Terraform, which is judged by itself."""
    return any(block.holds == TERRAFORM for block in result.status.blocks)


def is_plan(source: Input) -> bool:
    """Whether a file is a plan, as its first characters tell."""
    if not source.name.lower().endswith(".json") or not os.path.isfile(source.file):
        return False
    try:
        with open(source.file, "rb") as handle:
            return looks_like_plan(handle.read(300).decode("utf-8", "replace"))
    except OSError:
        return False


@dataclass(slots=True, eq=False, repr=False)
class _Texts:
    """Texts by name, read again for the few files that a later step has to show."""

    sources: Mapping[str, Input]

    def __call__(self, name: str) -> str:
        text = load(self.sources[name])
        return text if isinstance(text, str) else ""


def _minor(version: str) -> int:
    try:
        return kubernetes_minor(version)
    except ValueError:
        raise UsageError(f"'{version}' is not a Kubernetes version such as 1.34 or latest") from None


def _matcher(catalog: Catalog, today: str) -> Matcher:
    own = {id_: id_ for id_ in (*catalog.policies, *catalog.others)} | dict(catalog.aliases)
    peers: dict[tuple[str, str], set[str]] = {}
    every: dict[str, set[str]] = {}
    for policy in catalog.policies.values():
        for peer, ids in policy.equivalents.items():
            every.setdefault(peer, set()).add(policy.id)
            for name in ids:
                peers.setdefault(peer_key(peer, name), set()).add(policy.id)
    return Matcher(
        own,
        {k: frozenset(v) for k, v in peers.items()},
        {k: frozenset(v) for k, v in every.items()},
        today,
    )


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    span = finding.location.span
    return (finding.location.file, span.line, span.column, finding.policy.id, finding.path)


def _numbered(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Tell apart findings whose fingerprints are equal, in their order."""
    counts: dict[str, int] = {}
    for finding in findings:
        count = counts[finding.fingerprint] = counts.get(finding.fingerprint, 0) + 1
        yield finding if count == 1 else finding._replace(fingerprint=f"{finding.fingerprint}:{count}")
