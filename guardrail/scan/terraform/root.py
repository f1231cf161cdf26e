"""One root module in one context, evaluated in as many worlds as its verdicts ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from guardrail.catalog.defaults import Defaults, fill
from guardrail.graph.links import Links, Object, refs
from guardrail.hcl.evaluation import Evaluation, Frame
from guardrail.hcl.inputs import environment_variable
from guardrail.hcl.instances import Group, Instance
from guardrail.hcl.modules import Module, left_out
from guardrail.hcl.scope import settled
from guardrail.hcl.values import EvaluationError
from guardrail.hcl.world import World
from guardrail.model.document import LEFT_OUT, Document, OnePlace, Resource
from guardrail.model.value import UnknownValue
from guardrail.scan.terraform.modules import Modules
from guardrail.views.items import Item

MOST_EVALUATIONS = 64
"""Worlds of one root that are kept."""


@dataclass(slots=True, eq=False)
class Root:
    """A root module with its inputs; `environment` is what the context says of it, empty where it says nothing."""

    module: Module
    modules: Modules
    inputs: Mapping[str, object]
    candidates: Mapping[str, tuple[object, ...]]
    defaults: Defaults
    environment: str = ""
    workspace: str = ""
    _evaluations: dict[str, Evaluated] = field(default_factory=dict)
    _variable: str | None = None

    @property
    def world(self) -> World:
        """The world in which nothing is assumed yet."""
        return World(candidates=self.candidates)

    def evaluated(self, world: World) -> Evaluated:
        """This root in a world."""
        key = world.key()
        if key not in self._evaluations:
            if len(self._evaluations) >= MOST_EVALUATIONS:
                del self._evaluations[next(k for k in self._evaluations if k != self.world.key())]
            evaluation = Evaluation(self.module, self.modules, self.inputs, world, self.workspace)
            self._evaluations[key] = Evaluated(self, evaluation)
        return self._evaluations[key]

    def environment_in(self, world: World) -> object:
        """The environment in a world: by the context, the variable for it, or the folder; else unknown."""
        if self.environment:
            return self.environment
        if self._variable is None:
            self._variable = environment_variable(self.module)
        name = self._variable
        if name:
            try:
                value = self.evaluated(world).evaluation.root.variable(name)
            except EvaluationError:
                value = None
            if isinstance(value, str):
                return value
            if isinstance(value, UnknownValue) and value.symbol:
                return value
        return _of_folder(self.module.folder) or UnknownValue("the environment")


_FOLDERS = frozenset(
    {"production", "prod", "prd", "staging", "stage", "stg", "development", "dev", "test", "qa", "uat"}
)


def _of_folder(folder: str) -> str:
    """The environment that a folder is named after."""
    return next((part for part in reversed(folder.lower().split("/")) if part in _FOLDERS), "")


@dataclass(slots=True, eq=False)
class Evaluated:
    """A root in one world, with its objects by type."""

    root: Root
    evaluation: Evaluation
    _groups: dict[str, list[Group]] | None = None
    _objects: dict[str, list[Object]] = field(default_factory=dict)
    _data: dict[str, dict[str, object]] = field(default_factory=dict)
    _given: list[tuple[str, set[str]]] | None = None
    _links: Links | None = None

    @property
    def links(self) -> Links:
        """Which objects refer to which."""
        if self._links is None:
            self._links = Links(self.objects)
        return self._links

    def groups(self) -> dict[str, list[Group]]:
        """Every resource and data source, by type."""
        if self._groups is None:
            self._groups = {}
            for frame in self.evaluation.frames():
                for group in frame.groups():
                    self._groups.setdefault(group.type, []).append(group)
        return self._groups

    def objects(self, type_: str) -> list[Object]:
        """Every instance of a type."""
        if type_ not in self._objects:
            instances = (i for group in self.groups().get(type_, ()) for i in group.instances)
            self._objects[type_] = [Object(i.address, type_, self.data(i), i.doubt) for i in instances]
        return self._objects[type_]

    def data(self, instance: Instance) -> dict[str, object]:
        """An instance's data, with defaults, and with what the provider adds to its tags."""
        address = instance.address
        if address not in self._data:
            data = instance.built().data
            group = instance.group
            partial, settled = self._partly(instance)
            data = _filled(data, settled, partial, self.root.defaults.get(group.type, {}))
            if group.type.startswith("aws_"):
                data = _with_tags(data, group)
            self._data[address] = data
        return self._data[address]

    def again(self, instance: Instance) -> Instance | None:
        """The same resource in this world; None where it is not there."""
        frame = self._frame(instance.group.frame)
        group = frame.group(instance.group.name) if frame else None
        if group is None:
            return None
        address = instance.address
        found = next((i for i in group.instances if i.address == address), None)
        if found is None and instance.copy.suffix == "[*]":
            found = next(iter(group.instances), None)
        return found

    def _frame(self, frame: Frame) -> Frame | None:
        if frame.call is None:
            return self.evaluation.root
        caller = self._frame(frame.call.frame)
        if caller is None:
            return None
        frames = caller.called(frame.call.name)
        same = next((f for f in frames if f.prefix == frame.prefix), None)
        return same or (next(iter(frames), None) if frame.prefix.endswith("[*].") else None)

    def item(self, instance: Instance, bound: Mapping[str, Mapping[str, Any]]) -> Item:
        """An instance as policies see it, with what their `related` entries bind."""
        data = self.data(instance)
        subject = Object(instance.address, instance.group.type, data, instance.doubt)
        environment = self.root.environment_in(self.evaluation.world)
        bindings: dict[str, object] = {
            "object": data,
            "address": subject.address,
            "name": instance.group.name.rpartition(".")[2],
            "environment": environment,
        }
        for name, relation in bound.items():
            found = self.links.related(subject, relation)
            if "refers" in relation and not found:
                found = self._elsewhere(subject.address)
            bindings[name] = found
        file = instance.group.written.file
        document = Document(file, 0, None, OnePlace(), 1, 1)
        resource = Resource(document, data, (), "terraform", kind=subject.type, name=subject.address)
        partial, settled = self._partly(instance)
        origins = dict.fromkeys(("address", "name", "environment"), ())
        return Item(resource, (), bindings, {"object": (), **origins}, partial, settled)

    def _partly(self, instance: Instance) -> tuple[str, frozenset[str]]:
        """Why only a part of a resource is known, if so, and what is known of it: what is set, if only to null."""
        partial = instance.group.frame.module.partial or self._left_out(instance)
        return partial, instance.group.written.mentioned() if partial else frozenset()

    def _left_out(self, instance: Instance) -> str:
        """Why a resource is not shown whole: a comment with an ellipsis in it, in a document that shows a part."""
        written = instance.group.written
        parsed = self.root.modules.parsed(written.file) if instance.group.frame.module.excerpt else None
        if parsed is None:
            return ""
        return LEFT_OUT if left_out(parsed.file, written.block) else ""

    def _elsewhere(self, address: str) -> list[object]:
        """An unknown where a module that cannot be looked into is given this resource: it may do the rest there."""
        if self._given is None:
            self._given = list(self._unseen())
        return [UnknownValue(f"what {call} does with it", many=True) for call, given in self._given if address in given]

    def _unseen(self) -> Iterator[tuple[str, set[str]]]:
        for frame in self.evaluation.frames():
            for name, written in frame.module.calls.items():
                if isinstance(frame.calls(name), str):
                    values = (settled(a.value, frame.scope) for _, a in written.attributes().values())
                    yield f"{frame.prefix}module.{name}", {r for v in values for r in refs(v)}


def _filled(
    data: dict[str, object], settled: frozenset[str], partial: str, defaults: Mapping[str, object]
) -> dict[str, object]:
    """Data with the provider's defaults; of what is only a `partial` one where it is `settled`, else unknown."""
    if not partial:
        return fill(data, defaults)
    open_ = {k: UnknownValue(partial) for k in defaults if "[]" not in k and k not in settled}
    return {**open_, **fill(data, {k: v for k, v in defaults.items() if k.split("[]")[0] in settled})}


def _with_tags(data: dict[str, object], group: Group) -> dict[str, object]:
    """Data with `tags_all`: the provider's default tags with the resource's own laid over them."""
    defaults = _default_tags(group)
    own = data.get("tags", {})
    if isinstance(defaults, UnknownValue) or isinstance(own, UnknownValue):
        known: dict[str, object] = {}
        reasons = []
        for part in (defaults, own):
            if isinstance(part, UnknownValue):
                reasons.append(part)
            entries = part.known if isinstance(part, UnknownValue) else part
            known |= entries if isinstance(entries, dict) else {}
        return {**data, "tags_all": UnknownValue(reasons[0].reason, questions=reasons[0].questions, known=known)}
    merged = {**(defaults if isinstance(defaults, dict) else {}), **(own if isinstance(own, dict) else {})}
    return {**data, "tags_all": merged} if merged else data


def _default_tags(group: Group) -> object:
    """`default_tags` of the provider configuration that a resource uses, in its module or in one that calls it."""
    frame, wanted = group.frame, _provider(group.written.value("provider")) or "aws"
    while True:
        found = frame.module.providers.get(wanted)
        if found is not None:
            block = next((b for _, b in found.blocks() if b.type == "default_tags"), None)
            tags = block.body.attributes.get("tags") if block else None
            return settled(tags.value, frame.scope) if tags else {}
        if frame.call is None:
            return {}
        given = frame.call.written.value("providers")
        entries = getattr(given, "entries", ())
        named = {_provider(key) or str(getattr(key, "value", "")): _provider(value) for key, value in entries}
        wanted = named.get(wanted) or wanted.partition(".")[0]
        frame = frame.call.frame


def _provider(node: object) -> str:
    """`aws` or `aws.west` of an expression that names a provider."""
    base = getattr(node, "base", None)
    if base is not None:
        return f"{getattr(base, 'name', '')}.{getattr(node, 'name', '')}"
    return str(getattr(node, "name", ""))
