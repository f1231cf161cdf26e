"""The second phase: policies across resources, judged over what the first phase kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from posixpath import dirname
from typing import Any, NamedTuple

from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.formats.names import split_name
from guardrail.graph.cluster import Cluster, Member
from guardrail.graph.index import Index, Object, selects
from guardrail.model.document import Resource
from guardrail.model.report import Undecided
from guardrail.model.value import UnknownValue
from guardrail.scan.judge import Judge, Scene, applies_to, folded
from guardrail.scan.place import Placer
from guardrail.scan.read import open_text
from guardrail.scan.result import FileResult
from guardrail.scan.tree import FileTree
from guardrail.views.admission import labelled
from guardrail.views.items import Item, Lens

Relation = Mapping[str, Any]
Judged = tuple[Resource, Compiled, Outcome]


def joined_kinds(policies: Iterable[Compiled]) -> frozenset[str]:
    """The kinds that policies across resources join to what they judge."""
    return frozenset(
        kind
        for c in policies
        for kind in (*c.policy.needs, *(str(r.get("kind", "")) for r in c.policy.related.values()))
    )


class World(NamedTuple):
    """All Kubernetes objects of a scan: by what joins them, and as a cluster would hold them."""

    joined: Index
    cluster: Cluster

    def add(self, kept: Resource) -> None:
        """Take an object in."""
        self.joined.add(kept.data, kept.kind)
        self.cluster.add(kept, application(kept.document.file))


def application(file: str) -> str:
    """What an object belongs to: the document of Markdown that shows it, else the folder of its file."""
    document, block = split_name(file)
    return document if block else dirname(file)


class Relations(NamedTuple):
    """What the second phase needs: the judge, its policies, and how to get a file's text again.

    `unseen` are kinds that may be in input that could not be read, so that what is absent may be there; `tree` are the
    files around what is judged.
    """

    judge: Judge
    policies: tuple[Compiled, ...]
    text_of: Callable[[str], str]
    unseen: frozenset[str]
    tree: FileTree

    def judge_all(self, results: dict[str, FileResult], context: Iterable[Resource]) -> None:
        """Judge every kept resource of `results`; `context` is joined with them and not judged itself."""
        world = World(Index(), Cluster(self.unseen))
        for kept in chain((k for r in results.values() for k in r.kept), context):
            if kept.type == "kubernetes":
                world.add(kept)
        for name, result in results.items():
            outcomes = [o for kept in result.kept for o in self._outcomes(kept, world, result)]
            if outcomes:
                self._place(name, outcomes, result)

    def _outcomes(self, kept: Resource, world: World, result: FileResult) -> Iterator[Judged]:
        judged = list(self._judged(kept, world, result))
        for compiled, outcome in folded(judged):
            yield kept, compiled, outcome

    def _judged(self, kept: Resource, world: World, result: FileResult) -> Iterator[tuple[Compiled, Outcome]]:
        lens = Lens(kept)
        around: dict[str, tuple[Item, ...]] = {}
        for compiled in self.policies:
            if not applies_to(compiled, lens.resource, lens):
                continue
            tally = result.tally(compiled.policy.id)
            if compiled.policy.related:
                outcome = self._joined(compiled, lens, world.joined)
                tally.add(outcome.tally)
            else:
                each = compiled.each
                if each not in around:
                    around[each] = self._placed(lens.items(each), kept, world)
                outcome = Outcome(tally=tally)
                evaluate(compiled, around[each], outcome)
            if not outcome.empty:
                yield compiled, outcome

    def _placed(self, items: Iterable[Item], kept: Resource, world: World) -> tuple[Item, ...]:
        """Items with the repository around them, for checks; Kubernetes objects with all objects of the scan."""
        around: dict[str, object] = {"repository": self.tree.repository(kept.document.file)}
        if kept.type == "kubernetes":
            around["cluster"] = world.cluster
            around["member"] = Member(kept, application(kept.document.file))
        return tuple(i._replace(bindings={**i.bindings, **around}) for i in items)

    def _joined(self, compiled: Compiled, lens: Lens, index: Index) -> Outcome:
        """What a policy says of items with the objects that its relations bind."""
        outcome = Outcome()
        related = compiled.policy.related
        singles = {n: r for n, r in related.items() if r.get("single")}
        joined = {n: index.related(lens.resource.data, r) for n, r in related.items() if n not in singles}
        items = tuple(
            item._replace(bindings={**item.bindings, **joined, **chosen})
            for item in lens.items(compiled.each)
            for chosen in self._choices(item, singles, index)
        )
        evaluate(compiled, items, outcome)
        wanted = {str(related[name]["kind"]) for name, found in joined.items() if not found}
        if outcome.hits and not wanted.isdisjoint(self.unseen):
            outcome = _doubted(outcome, min(wanted & self.unseen))
        return outcome

    def _choices(self, item: Item, relations: Mapping[str, Relation], index: Index) -> Iterator[dict[str, object]]:
        """Every way to bind one object for each relation; of none, `absent` or what the item itself has."""
        found: list[Sequence[object]] = []
        for name, relation in relations.items():
            absent = relation.get("absent", item.bindings.get(name))
            if absent is None and "absent" in relation and relation["kind"] in self.unseen:
                absent = UnknownValue(f"a {relation['kind']} that may be in files that could not be read")
            found.append(_each(item.resource.data, relation, index) or [absent])
        for chosen in product(*found):
            yield dict(zip(relations, chosen, strict=True))

    def _place(self, name: str, outcomes: list[Judged], result: FileResult) -> None:
        """Place what was found; the file is read again unless it is still at hand."""
        opened = result.opened or open_text(name, self.text_of(name))
        placer = Placer(name, opened.lines, opened.resources)
        again = {(r.document.file, r.document.index, r.path): r for r in opened.resources}
        others = _Scenes(self.tree, {})
        for kept, compiled, outcome in outcomes:
            resource = again.get((kept.document.file, kept.document.index, kept.path))
            if resource is not None:
                self.judge.place(compiled, outcome, Scene(resource, placer, others), result)
        self.judge.finish(result, opened.lines.text)


@dataclass(slots=True)
class _Scenes:
    """The first resource of other files, with what places findings in them; each file is read once."""

    tree: FileTree
    known: dict[str, Scene | None]

    def __call__(self, name: str) -> Scene | None:
        if name not in self.known:
            file, block = split_name(name)
            text = self.tree.text(file)
            opened = open_text(file, text) if text else None
            found = (r for r in opened.resources if not block or r.document.file == name) if opened else iter(())
            resource = next(found, None)
            scene = Scene(resource, Placer(file, opened.lines, opened.resources)) if opened and resource else None
            self.known[name] = scene
        return self.known[name]


def _each(subject: Object, relation: Relation, index: Index) -> list[Object]:
    """The objects that a relation binds one at a time.

    `name`, `group` and `selector` narrow the kind down; `within` is the namespace to look in, else the subject's.
    """
    if "within" in relation:
        subject = {"metadata": {"namespace": relation["within"]}}
    found: list[Object] = []
    for candidate in index.related(subject, relation):
        if candidate not in found and _fits(candidate, relation):
            found.append(candidate)
    return [labelled(o) for o in found] if relation["kind"] == "Namespace" else found


def _fits(candidate: Object, relation: Relation) -> bool:
    metadata = candidate.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    if "group" in relation and str(candidate.get("apiVersion")).rpartition("/")[0] != relation["group"]:
        return False
    if "selector" in relation and not selects(relation["selector"], metadata.get("labels") or {}):
        return False
    return "name" not in relation or metadata.get("name") == relation["name"]


def _doubted(outcome: Outcome, kind: str) -> Outcome:
    """Faults that rest on something absent, when it may be where the input could not be read."""
    doubts = [Undecided(h.path, f"a {kind} that may be in files that could not be read") for h in outcome.hits]
    tally = replace(outcome.tally, failed=0, unknown=outcome.tally.unknown + outcome.tally.failed)
    return Outcome(undecided=[*outcome.undecided, *doubts], failures=outcome.failures, tally=tally)
