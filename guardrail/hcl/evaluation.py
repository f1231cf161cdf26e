"""A configuration evaluated on demand: modules called, inputs given or assumed, resources as often as asked.

Every value is worked out once for each world and only when something asks for it. Nothing is run, fetched or timed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.instances import Expansion, Group, expand
from guardrail.hcl.modules import Module, Written
from guardrail.hcl.scope import Scope, settled
from guardrail.hcl.types import convert, parse_type
from guardrail.hcl.values import EvaluationError
from guardrail.hcl.world import World
from guardrail.model.value import UnknownValue

MOST_HOPS = 120
"""References that may lead from one to the next: locals of locals, modules within modules."""

MOST_MODULES = 8
"""Levels of modules within modules."""

MOST_FRAMES = 5_000
"""Module instances of one root that are looked at."""

_UNDER_WAY = object()


class Loader(Protocol):
    """Where modules and the files beside them come from."""

    def module(self, folder: str, source: str, version: str, arguments: Collection[str]) -> Module | str:
        """The module that a call in a folder leads to; else why it is not there, to read after "depends on".

        `arguments` are those of the call, which tell the version where nothing else does.
        """

    def text(self, folder: str, path: str) -> str | None:
        """A file's text by its path seen from a folder; None where there is none within the repository."""


@dataclass(slots=True, eq=False)
class Evaluation:
    """A root module in one world. `inputs` are values of its variables, as they were given.

    `cut` says that there are more module instances than are looked at; `hops` and `blocks` are counted against bounds.
    """

    module: Module
    loader: Loader
    inputs: Mapping[str, object]
    world: World
    workspace: str = ""
    root: Frame = field(init=False)
    hops: int = 0
    blocks: int = 0
    cut: bool = False

    def __post_init__(self) -> None:
        self.root = Frame(self, self.module, "")

    def frames(self) -> Iterator[Frame]:
        """The root and every module instance below it, callers first, at most MOST_FRAMES of them."""
        waiting, seen = [self.root], 0
        while waiting:
            if seen == MOST_FRAMES:
                self.cut = True
                return
            seen += 1
            frame = waiting.pop()
            yield frame
            waiting.extend(reversed([f for name in frame.module.calls for f in frame.called(name)]))


@dataclass(slots=True, eq=False)
class Call:
    """Where a module instance was called: the calling frame, the block, its name, and what each and count are there."""

    frame: Frame
    written: Written
    name: str
    scope: Scope


@dataclass(slots=True, eq=False)
class Frame:
    """One instance of a module: its variables, locals, resources, data, calls and outputs, by name."""

    evaluation: Evaluation
    module: Module
    prefix: str
    call: Call | None = None
    depth: int = 0
    doubt: UnknownValue | None = None
    _known: dict[str, Any] = field(default_factory=dict)

    def once(self, key: str, make: Callable[[], object]) -> Any:
        """A value worked out once; EvaluationError where it leads to itself, or through too many others."""
        known = self._known
        if key in known:
            found = known[key]
            if found is _UNDER_WAY:
                raise EvaluationError(f"{key} leads back to itself")
            return found
        evaluation = self.evaluation
        if evaluation.hops > MOST_HOPS:
            raise EvaluationError(f"more than {MOST_HOPS} references lead from one to the next")
        known[key] = _UNDER_WAY
        evaluation.hops += 1
        try:
            found = make()
        except BaseException:
            del known[key]
            raise
        finally:
            evaluation.hops -= 1
        known[key] = found
        return found

    def variable(self, name: str) -> object:
        """The value of `var.name`; one that is not declared is an input that nobody gave, as in a part of a module."""
        if name not in self.module.variables:
            return self._undeclared(name)
        return self.once(f"var.{name}", lambda: self._input(name, self.module.variables[name]))

    def _undeclared(self, name: str) -> object:
        if self.module.partial:
            return UnknownValue(self.module.partial)
        if self.call is not None:
            return UnknownValue(f"{self.prefix}var.{name}, which is not declared")
        symbol = f"var.{name}"
        world, inputs = self.evaluation.world, self.evaluation.inputs
        given = inputs.get(name, UnknownValue(f"{symbol}, which is not declared", symbol=symbol))
        return world.values.get(symbol, given)

    def _input(self, name: str, written: Written) -> object:
        given, value = self._given(name, written)
        default = written.value("default")
        if not given or (value is None and written.literal("nullable") is False):
            missing = UnknownValue(f"{self.prefix}var.{name}")
            value = missing if default is None else evaluate(default, self.scope)
        declared = written.value("type")
        if declared is None:
            return value
        try:
            return convert(value, parse_type(declared))
        except EvaluationError:
            return value  # a wrong type is Terraform's to tell, and a verdict hangs on the value

    def _given(self, name: str, written: Written) -> tuple[bool, object]:
        if self.call is not None:
            argument = self.call.written.value(name)
            return (False, None) if argument is None else (True, settled(argument, self.call.scope))
        symbol = f"var.{name}"
        world = self.evaluation.world
        if symbol in world.values:
            return True, world.values[symbol]
        if name in self.evaluation.inputs:
            return True, self.evaluation.inputs[name]
        if written.value("default") is None:
            return True, UnknownValue(symbol, symbol=symbol)
        return False, None

    def local(self, name: str) -> object:
        """The value of `local.name`."""
        found = self.module.locals.get(name)
        if found is None:
            return UnknownValue(f"{self.prefix}local.{name}, which is not declared")
        return self.once(f"local.{name}", lambda: evaluate(found.attribute.value, self.scope))

    def output(self, name: str) -> object:
        """The value of an output."""
        found = self.module.outputs.get(name)
        value = found.value("value") if found else None
        if value is None:
            if self.module.partial:
                return UnknownValue(f"{self.prefix}{name}", refs=((self.prefix.rstrip("."), f".{name}"),))
            raise EvaluationError(f"{self.prefix}{name} is not declared")
        return self.once(f"output.{name}", lambda: evaluate(value, self.scope))

    def group(self, name: str) -> Group | None:
        """The instances of `type.name` or `data.type.name`."""
        data = name.startswith("data.")
        found = self.module.data.get(name[5:]) if data else self.module.resources.get(name)
        if found is None:
            return None
        made: Group = self.once(name, lambda: Group(self, name, found, expand(found, self.scope)))
        return made

    def groups(self) -> Iterator[Group]:
        """Every resource and data source of this module instance."""
        for name in (*self.module.resources, *(f"data.{n}" for n in self.module.data)):
            found = self.group(name)
            if found is not None:
                yield found

    def calls(self, name: str) -> tuple[Expansion, list[Frame]] | str:
        """The instances of a called module with how they came about; else why there are none to look into."""
        found: tuple[Expansion, list[Frame]] | str = self.once(f"module.{name}", lambda: self._call(name))
        return found

    def called(self, name: str) -> list[Frame]:
        """The instances of a called module, as far as there are any to look into."""
        try:
            found = self.calls(name)
        except EvaluationError:
            return []
        return [] if isinstance(found, str) else found[1]

    def _call(self, name: str) -> tuple[Expansion, list[Frame]] | str:
        written = self.module.calls[name]
        source, version = written.literal("source"), written.literal("version")
        if self.depth >= MOST_MODULES:
            return f"{self.prefix}module.{name}: more than {MOST_MODULES} modules within modules"
        if not isinstance(source, str):
            return f"{self.prefix}module.{name}"
        arguments = written.attributes().keys()
        module = self.evaluation.loader.module(self.module.folder, source, str(version or ""), arguments)
        if isinstance(module, str):
            return module
        if any(module is frame.module for frame in self._callers()):
            return f"{self.prefix}module.{name}, which calls itself"
        expansion = expand(written, self.scope)
        frames = []
        for instance in expansion.instances:
            call = Call(self, written, name, instance.scope)
            prefix = f"{self.prefix}module.{name}{instance.suffix}."
            doubt = instance.doubt or self.doubt
            frames.append(Frame(self.evaluation, module, prefix, call, self.depth + 1, doubt))
        return expansion, frames

    def _callers(self) -> Iterator[Frame]:
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.call.frame if frame.call else None

    @property
    def scope(self) -> Scope:
        """What names mean in this module, outside of blocks with each or count."""
        return Scope(self)
