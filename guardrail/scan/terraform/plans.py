"""Plans judged: resources as Terraform would make them, shown in the source beside the plan where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname
from typing import NamedTuple

from guardrail.catalog.defaults import Defaults, fill
from guardrail.engine.compile import Compiled
from guardrail.engine.evaluate import Outcome, evaluate
from guardrail.formats.nodes import Lines
from guardrail.formats.parsed import Unreadable
from guardrail.formats.plan import Planned, read, without_keys
from guardrail.formats.terraform import Parsed
from guardrail.graph.links import Links, Object
from guardrail.hcl.inputs import alike
from guardrail.hcl.modules import Module, Written
from guardrail.hcl.nested import Built
from guardrail.hcl.syntax import Body, File
from guardrail.model.document import Document, OnePlace, Resource
from guardrail.model.place import Path
from guardrail.model.report import FileStatus, Problem, Undecided
from guardrail.model.value import UnknownValue
from guardrail.scan.judge import folded
from guardrail.scan.place import Placer
from guardrail.scan.result import FileResult
from guardrail.scan.terraform.gather import Gathered, Subject
from guardrail.scan.terraform.modules import Modules, is_local, joined
from guardrail.scan.terraform.places import Spot, spot
from guardrail.scan.terraform.verdict import ENVIRONMENT
from guardrail.views.items import Item


def opened(name: str, text: str) -> Parsed:
    """A plan as a file of which only offsets count."""
    return Parsed(name, Lines(text), File(Body({}, (), 0, len(text))))


class Plans(NamedTuple):
    """Judges plans; what comes out is gathered by place. `environment` is empty where nothing tells it."""

    policies: Sequence[Compiled]
    modules: Modules
    defaults: Defaults
    environment: str
    gathered: Gathered

    def judge(self, parsed: Parsed, result: FileResult) -> None:
        """Judge every resource of a plan."""
        try:
            planned = read(parsed.lines.text)
        except Unreadable as error:
            result.status = FileStatus(parsed.name, "unreadable", error.message)
            place = Placer(parsed.name, parsed.lines).at(error.offset)
            result.problems.append(Problem("unreadable", error.message, place))
            return
        result.status = FileStatus(parsed.name, "read", "", len(planned))
        by_type: dict[str, list[Object]] = {}
        judged: list[tuple[Planned, Object]] = []
        for each in planned:
            data = fill(each.data, self.defaults.get(each.type, {}))
            judged.append((each, Object(each.address, each.type, data)))
            by_type.setdefault(each.type, []).append(judged[-1][1])
        links = Links(lambda type_: by_type.get(type_, ()))
        for each, subject in judged:
            self._resource(each, subject, links, parsed, result)

    def _resource(self, planned: Planned, subject: Object, links: Links, parsed: Parsed, result: FileResult) -> None:
        policies = [c for c in self.policies if planned.type in c.policy.match.kinds]
        if not policies:
            return
        outcomes: list[tuple[Compiled, Outcome]] = []
        for compiled in policies:
            outcome = Outcome(tally=result.tally(compiled.policy.id))
            bound = {name: links.related(subject, relation) for name, relation in compiled.policy.related.items()}
            if self._holds(compiled):
                evaluate(compiled, (self._item(planned, subject, bound),), outcome)
                self._doubt(compiled, outcome)
            if not outcome.empty:
                outcomes.append((compiled, outcome))
        where = self._where(planned, parsed)
        judged = Subject(planned.address, planned.type, subject.data, None, where, None, "", parsed.name)
        for compiled, outcome in folded(outcomes):
            self.gathered.take(compiled, outcome, judged)

    def _holds(self, compiled: Compiled) -> bool:
        """Whether a policy may hold in the environment."""
        wanted = compiled.policy.environments
        return not wanted or not self.environment or any(alike(self.environment, w) for w in wanted)

    def _doubt(self, compiled: Compiled, outcome: Outcome) -> None:
        """A fault in some environments only is not known to be one where nothing tells the environment."""
        wanted = compiled.policy.environments
        if wanted and not self.environment:
            reason = f"{ENVIRONMENT}: fails in {' and '.join(wanted)}"
            outcome.undecided += [Undecided(h.path, reason) for h in outcome.hits]
            outcome.tally.unknown += outcome.tally.failed
            outcome.tally.failed = 0
            outcome.hits = []

    def _item(self, planned: Planned, subject: Object, bound: dict[str, list[object]]) -> Item:
        bindings: dict[str, object] = {
            "object": subject.data,
            "address": planned.address,
            "name": planned.name,
            "environment": self.environment or UnknownValue(ENVIRONMENT),
            **bound,
        }
        document = Document("", 0, None, OnePlace(), 1, 1)
        resource = Resource(document, subject.data, (), "terraform", kind=planned.type, name=planned.address)
        return Item(resource, (), bindings, dict.fromkeys(("object", "address", "name", "environment"), ()))

    def _where(self, planned: Planned, parsed: Parsed) -> _Where:
        found = self._written(dirname(parsed.name), without_keys(planned.address).split("."))
        if found is not None:
            attributes = found.attributes()
            blocks: dict[str, list[tuple[str, object, Built]]] = {}
            for file, block in found.blocks():
                below = Built({}, {n: (file, a) for n, a in block.body.attributes.items()})
                blocks.setdefault(block.type, []).append((file, block, below))
            return _Where(found, Built({}, attributes, blocks), None)  # type: ignore[arg-type]
        at = max(parsed.lines.text.find(f'"address":"{planned.address}"'), 0)
        return _Where(None, None, Spot(parsed.name, at, at + len(planned.address) + 12))

    def _written(self, folder: str, steps: list[str]) -> Written | None:
        """The block of an address in the source beside a plan, through local modules."""
        module: Module | None = self.modules.at(folder)
        while module is not None and len(steps) > 1 and steps[0] == "module":
            call = module.calls.get(steps[1])
            source = call.literal("source") if call else None
            if not isinstance(source, str) or not is_local(source):
                return None
            module, steps = self.modules.at(joined(module.folder, source)), steps[2:]
        if module is None:
            return None
        return module.data.get(".".join(steps[1:])) if steps[0] == "data" else module.resources.get(".".join(steps))


class _Where:
    """Places of a planned resource: in its source, or in the plan."""

    def __init__(self, written: Written | None, built: Built | None, otherwise: Spot | None) -> None:
        self.written, self.built, self.otherwise = written, built, otherwise

    def __call__(self, path: Path) -> Spot:
        if self.written is not None and self.built is not None:
            return spot(self.written, self.built, path)
        return self.otherwise or Spot("", 0, 1)
