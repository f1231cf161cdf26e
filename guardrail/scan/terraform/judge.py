"""Terraform judged: every resource of every root by the policies that are about it, findings put in our own files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from guardrail.catalog.defaults import Defaults
from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.hcl.evaluation import MOST_FRAMES, Frame
from guardrail.hcl.instances import Instance
from guardrail.hcl.world import World
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.report import Tally
from guardrail.scan.judge import folded
from guardrail.scan.result import FileResult
from guardrail.scan.terraform.blocks import CONFIGURATION, SINGLE, Thing, things
from guardrail.scan.terraform.doubt import located
from guardrail.scan.terraform.gather import Gathered, Subject
from guardrail.scan.terraform.modules import Modules
from guardrail.scan.terraform.places import Spot, answering, header, spot
from guardrail.scan.terraform.root import Root
from guardrail.scan.terraform.verdict import Verdicts
from guardrail.views.items import Item


@dataclass(slots=True)
class TerraformJudge:
    """Judges roots with the policies of a run; what comes out is gathered by place."""

    policies: Sequence[Compiled]
    modules: Modules
    defaults: Defaults
    results: Mapping[str, FileResult]
    gathered: Gathered
    _by_kind: dict[str, list[Compiled]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for compiled in self.policies:
            for kind in compiled.policy.match.kinds:
                self._by_kind.setdefault(kind, []).append(compiled)

    def root(self, root: Root, context: str) -> None:
        """Judge everything in a root module; `context` names the environment where several are looked at."""
        start = root.evaluated(root.world)
        for frame in start.evaluation.frames():
            self._module(root, frame, context)
            for group in frame.groups():
                policies = self._by_kind.get(group.type)
                if policies and self._concerns(frame, group.written.file):
                    for instance in group.instances:
                        self._instance(policies, instance, root, context)
                if group.expansion.asked:
                    self.gathered.cut(group.written.file, group.written.block.start, group.expansion.asked, "instances")
        if start.evaluation.cut:
            self.gathered.cut(root.module.sources[0].name, 0, MOST_FRAMES, "modules within modules")

    def _concerns(self, frame: Frame, file: str) -> bool:
        """Whether a finding in a module's file, or at its outermost call, would be shown in this scan."""
        while frame.call is not None:
            if file in self.results:
                return True
            file, frame = frame.call.written.file, frame.call.frame
        return file in self.results

    def _instance(self, policies: Iterable[Compiled], instance: Instance, root: Root, context: str) -> None:
        frame, written = instance.group.frame, instance.group.written
        top = answering(Spot(written.file, 0, 0), frame).file if frame.call else written.file

        def item_in(compiled: Compiled) -> Callable[[World], Item | None]:
            def item(world: World) -> Item | None:
                evaluated = root.evaluated(world)
                again = instance if world is start else evaluated.again(instance)
                if again is None:
                    return None
                if compiled.policy.related or world is not start:
                    return evaluated.item(again, compiled.policy.related)
                return simple

            return item

        start = root.world
        simple = root.evaluated(start).item(instance, {})
        outcomes: list[tuple[Compiled, Outcome]] = []
        for compiled in policies:
            outcome = Verdicts(compiled, item_in(compiled), root.environment_in).judge(start)
            self._count(top, compiled, outcome.tally)
            if not outcome.empty:
                outcomes.append((compiled, outcome))
        if outcomes:
            subject = Subject(
                instance.address,
                instance.group.type,
                root.evaluated(start).data(instance),
                frame,
                lambda path: spot(written, instance.built(), path),
                instance.doubt,
                context,
            )
            for compiled, outcome in folded(outcomes):
                outcome.undecided = [located(u, subject.data, compiled) for u in outcome.undecided]
                self.gathered.take(compiled, outcome, subject)

    def _count(self, file: str, compiled: Compiled, tally: Tally) -> None:
        result = self.results.get(file)
        if result is not None:
            result.tally(compiled.policy.id).add(tally)

    def _module(self, root: Root, frame: Frame, context: str) -> None:
        """Judge what is no resource, once for each module whoever calls it."""
        module = frame.module
        key = f"{module.folder}|{module.partial}"
        if key in self._told or module.partial or not any(s.name in self.results for s in module.sources):
            return
        self._told.add(key)
        if any(kind in self._by_kind for kind in SINGLE):
            for thing in things(frame, self.modules):
                policies = self._by_kind.get(thing.kind)
                if policies and thing.written.file in self.results:
                    self._thing(policies, thing, root, frame, context)
        policies = self._by_kind.get(CONFIGURATION)
        if policies:
            self._configuration(policies, root, frame, context)

    def _thing(self, policies: Iterable[Compiled], thing: Thing, root: Root, frame: Frame, context: str) -> None:
        document = Document(thing.written.file, 0, None, OnePlace(), 1, 1)
        resource = Resource(document, thing.built.data, (), "terraform", kind=thing.kind, name=thing.address)
        bindings: dict[str, object] = {
            "object": thing.built.data,
            "address": thing.address,
            "name": thing.name,
            "environment": root.environment_in(root.world),
            "module": frame.module,
        }
        item = Item(resource, (), bindings, dict.fromkeys(("object", "address", "name", "environment"), ()))
        subject = Subject(
            thing.address,
            thing.kind,
            thing.built.data,
            None,
            lambda path: spot(thing.written, thing.built, path),
            None,
            context,
        )
        self._once(policies, item, subject, thing.written.file)

    def _configuration(self, policies: Iterable[Compiled], root: Root, frame: Frame, context: str) -> None:
        module = frame.module
        first = module.sources[0].name
        name = module.folder or "."
        document = Document(first, 0, None, OnePlace(), 1, 1)
        resource = Resource(document, {}, (), "terraform", kind=CONFIGURATION, name=name)
        bindings: dict[str, object] = {
            "object": {},
            "address": name,
            "name": name,
            "environment": root.environment_in(root.world),
            "module": module,
            "modules": self.modules,
            "called": frame.call is not None or module.excerpt,
        }
        item = Item(resource, (), bindings, dict.fromkeys(("object", "address", "name", "environment"), ()))

        def place(path: tuple[str | int, ...]) -> Spot:
            if len(path) == 3:
                return Spot(str(path[0]), int(path[1]), int(path[2]))
            blocks = module.sources[0].file.body.blocks
            return header(first, blocks[0]) if blocks else Spot(first, 0, 1)

        self._once(policies, item, Subject(name, CONFIGURATION, {}, None, place, None, context), first)

    def _once(self, policies: Iterable[Compiled], item: Item, subject: Subject, file: str) -> None:
        outcomes: list[tuple[Compiled, Outcome]] = []
        for compiled in policies:
            outcome = Outcome()
            evaluate(compiled, (item,), outcome)
            self._count(file, compiled, outcome.tally)
            if not outcome.empty:
                outcomes.append((compiled, outcome))
        for compiled, outcome in folded(outcomes):
            outcome.undecided = [located(u, subject.data, compiled) for u in outcome.undecided]
            self.gathered.take(compiled, outcome, subject)
