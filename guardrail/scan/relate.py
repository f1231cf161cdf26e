"""The second phase: policies across resources, judged over what the first phase kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.formats import kubernetes
from guardrail.graph.index import Index
from guardrail.model.document import Document, Place, Resource
from guardrail.model.place import Path, Span
from guardrail.model.report import Tally, Undecided
from guardrail.scan.judge import FileResult, Judge, Kept, applies_to, folded
from guardrail.scan.place import Placer
from guardrail.scan.read import Opened, open_text
from guardrail.views.items import Item, Lens


def joined_kinds(policies: Iterable[Compiled]) -> frozenset[str]:
    """The kinds that policies across resources join to what they judge."""
    return frozenset(str(r["kind"]) for c in policies for r in c.policy.related.values())


def judged_kinds(policies: Iterable[Compiled]) -> frozenset[str]:
    """The kinds that policies across resources judge."""
    return frozenset(kind for c in policies for kind in c.policy.match.kinds)


@dataclass(frozen=True, slots=True)
class Relations:
    """What the second phase needs: the judge, its policies, and how to get a file's text again.

    `unseen` are kinds that may be in input that could not be read, so that what is absent may be there.
    """

    judge: Judge
    policies: tuple[Compiled, ...]
    text_of: Callable[[str], str]
    unseen: frozenset[str]

    def judge_all(self, results: dict[str, FileResult], context: Iterable[Kept]) -> None:
        """Judge every kept resource of `results`; `context` is joined with them and not judged itself."""
        index = Index()
        for result in results.values():
            for kept in result.kept:
                index.add(kept.data)
        for kept in context:
            index.add(kept.data)
        for name, result in results.items():
            outcomes = [o for kept in result.kept for o in self._outcomes(kept, index, result)]
            if outcomes:
                self._place(name, outcomes, result)

    def _outcomes(self, kept: Kept, index: Index, result: FileResult) -> Iterator[tuple[Kept, Compiled, Outcome]]:
        judged = list(self._judged(kept, index, result))
        for compiled, outcome in folded(judged):
            yield kept, compiled, outcome

    def _judged(self, kept: Kept, index: Index, result: FileResult) -> Iterator[tuple[Compiled, Outcome]]:
        lens = Lens(_detached(kept))
        for compiled in self.policies:
            if not applies_to(compiled, lens.resource, lens):
                continue
            outcome = Outcome()
            joined = {name: index.related(kept.data, relation) for name, relation in compiled.policy.related.items()}
            items = tuple(self._join(item, joined) for item in lens.items(compiled.each))
            evaluate(compiled, items, outcome)
            wanted = {str(compiled.policy.related[name]["kind"]) for name, found in joined.items() if not found}
            if outcome.hits and not wanted.isdisjoint(self.unseen):
                outcome = _doubted(outcome, min(wanted & self.unseen))
            result.tallies.setdefault(compiled.policy.id, Tally()).add(outcome.tally)
            if outcome.hits or outcome.undecided or outcome.failures:
                yield compiled, outcome

    @staticmethod
    def _join(item: Item, joined: dict[str, list[dict[str, object]]]) -> Item:
        return replace(item, bindings={**item.bindings, **joined})

    def _place(self, name: str, outcomes: list[tuple[Kept, Compiled, Outcome]], result: FileResult) -> None:
        """Read the file again, now that something in it is to be shown."""
        text = self.text_of(name)
        opened = open_text(name, text)
        placer = Placer(name, opened.lines, opened.resources)
        for kept, compiled, outcome in outcomes:
            resource = _again(kept, opened)
            if resource is not None:
                self.judge.place(compiled, outcome, (resource, placer), result)
        self.judge.finish(result, text)


def _doubted(outcome: Outcome, kind: str) -> Outcome:
    """Faults that rest on something absent, when it may be where the input could not be read."""
    doubts = [Undecided(h.path, f"a {kind} that may be in files that could not be read") for h in outcome.hits]
    tally = replace(outcome.tally, failed=0, unknown=outcome.tally.unknown + outcome.tally.failed)
    return Outcome(undecided=[*outcome.undecided, *doubts], failures=outcome.failures, tally=tally)


class _NoPlaces:
    """Stands for the places of a document that is not at hand."""

    def locate(self, path: Path) -> Place:
        """Nowhere in particular."""
        return Place(Span(1, 1, 1, 1))


def _detached(kept: Kept) -> Resource:
    document = Document(kept.file, kept.document, kept.data, _NoPlaces(), 1, 1)
    found = next(iter(kubernetes.resources(document)), None)
    if found is None:  # an item of a typed list, whose kind its list says
        found = Resource(document, kept.data, (), kept.resource_type)
    return replace(found, path=kept.path)


def _again(kept: Kept, opened: Opened) -> Resource | None:
    for resource in opened.resources:
        if resource.document.index == kept.document and resource.path == kept.path:
            return resource
    return None
