"""The second phase: policies across resources, judged over what the first phase kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, product
from posixpath import dirname
from typing import Any, NamedTuple

from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.formats.names import is_markdown, split_name
from guardrail.graph.cluster import Cluster, Member
from guardrail.graph.index import Index, Object, selects
from guardrail.model.document import Resource
from guardrail.model.place import Pointer
from guardrail.model.report import Undecided
from guardrail.model.value import UnknownValue
from guardrail.scan.judge import Judge, Scene, applies_to, folded
from guardrail.scan.place import Placer
from guardrail.scan.read import Opened, open_text
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

    def add(self, kept: Resource, built: str = "") -> None:
        """Take an object in; `built` is the title of the rendering that it is from."""
        of = built or application(kept.document.file)
        self.joined.add(kept.data, kept.kind, of)
        self.cluster.add(kept, of, bool(built))


def application(file: str) -> str:
    """What an object belongs to: the document of Markdown that shows it, else the folder of its file."""
    document, block = split_name(file)
    return document if block else dirname(file)


class Relations(NamedTuple):
    """What the second phase needs: the judge, its policies, and how to get a file's text again.

    `unseen` are kinds that may be in input that could not be read, so that what is absent may be there; `tree` are the
    files around what is judged. `apart` has every result that is a rendering, with the results it is never deployed
    together with: overlays of one base, renderings of one chart.
    """

    judge: Judge
    policies: tuple[Compiled, ...]
    text_of: Callable[[str], str]
    unseen: frozenset[str]
    tree: FileTree
    apart: Mapping[str, frozenset[str]]

    def judge_all(self, results: dict[str, FileResult], context: Iterable[Resource]) -> None:
        """Judge every kept resource of `results`; `context` is joined with them and not judged itself.

        A Markdown document is a world of its own: what it shows is in no cluster together with anything else.
        """
        around = tuple(context)
        worlds: dict[frozenset[str], World] = {}
        shown = frozenset(name for name, result in results.items() if result.kept and is_markdown(name))
        for name, result in results.items():
            if not result.kept:
                continue
            without = shown | self.apart.get(name, frozenset())
            if name in shown:
                world = self._world({name: result}, frozenset(), ())
            elif without in worlds:
                world = worlds[without]
            else:
                world = worlds[without] = self._world(results, without, around)
            built = name if name in self.apart else ""
            outcomes = [o for kept in result.kept for o in self._outcomes(kept, world, result, built)]
            if outcomes:
                self._place(name, outcomes, result)

    def _world(self, results: Mapping[str, FileResult], without: frozenset[str], context: Iterable[Resource]) -> World:
        """The objects of the scan but for those of some results."""
        world = World(Index(), Cluster(self.unseen))
        kept = (
            (k, name if name in self.apart else "")
            for name, r in results.items()
            if name not in without
            for k in r.kept
        )
        for one, built in chain(kept, ((c, "") for c in context)):
            if one.type == "kubernetes":
                world.add(one, built)
        return world

    def _outcomes(self, kept: Resource, world: World, result: FileResult, built: str) -> Iterator[Judged]:
        member = Member(kept, built or application(kept.document.file), bool(built))
        judged = list(self._judged(member, world, result))
        for compiled, outcome in folded(judged):
            yield kept, compiled, outcome

    def _judged(self, member: Member, world: World, result: FileResult) -> Iterator[tuple[Compiled, Outcome]]:
        lens = Lens(member.resource)
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
                    around[each] = self._placed(lens.items(each), member, world)
                outcome = Outcome(tally=tally)
                evaluate(compiled, around[each], outcome)
            if not outcome.empty:
                yield compiled, outcome

    def _placed(self, items: Iterable[Item], member: Member, world: World) -> tuple[Item, ...]:
        """Items with the repository around them, for checks; Kubernetes objects with all objects of the scan."""
        kept = member.resource
        around: dict[str, object] = {"repository": self.tree.repository(kept.document.file)}
        if kept.type == "kubernetes":
            around["cluster"] = world.cluster
            around["member"] = member
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
        others = _Scenes(self.tree, {} if name in self.apart else {name: opened}, _Here(name, opened))
        for kept, compiled, outcome in outcomes:
            resource = again.get((kept.document.file, kept.document.index, kept.path))
            if resource is not None:
                self.judge.place(compiled, outcome, Scene(resource, placer, others), result)
        self.judge.finish(result, opened.lines.text)


class _Here(NamedTuple):
    """The result at hand, whose documents may be of several files."""

    name: str
    opened: Opened


class _Shown(NamedTuple):
    """What was read of a file, its placer, and the first object of each document (-1: of the file)."""

    opened: Opened
    placer: Placer
    first: dict[tuple[str, int], Resource]


@dataclass(slots=True, eq=False, repr=False)
class _Scenes:
    """Documents of this and of other files, with what places findings in them; each file is read once."""

    tree: FileTree
    files: dict[str, Opened | None]
    here: _Here
    shown: dict[int, _Shown] = field(default_factory=dict)

    def __call__(self, pointer: Pointer) -> Scene | None:
        shown = self._shown(*self.here)
        found = shown.first.get((pointer.file, pointer.document))
        if found is None:
            name, block = split_name(pointer.file)
            other = self._file(name)
            if other is None:
                return None
            shown = self._shown(name, other)
            found = shown.first.get((pointer.file, pointer.document))
            if found is None and not (block or pointer.document > 0):
                found = next(iter(other.resources), None)
        return Scene(found, shown.placer) if found else None

    def _shown(self, name: str, opened: Opened) -> _Shown:
        """What places findings in a file, made once: a placer learns what every object of it keeps secret."""
        if id(opened) not in self.shown:
            first: dict[tuple[str, int], Resource] = {}
            for resource in opened.resources:
                document = resource.document
                for index in (-1, document.index):
                    first.setdefault((document.file, index), resource)
            self.shown[id(opened)] = _Shown(opened, Placer(name, opened.lines, opened.resources), first)
        return self.shown[id(opened)]

    def _file(self, name: str) -> Opened | None:
        if name not in self.files:
            text = self.tree.text(name)
            self.files[name] = open_text(name, text) if text else None
        return self.files[name]


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
