"""What names mean at a place in a configuration: the roots of expressions, and functions that read files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guardrail.hcl import functions
from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.syntax import Expression, Name
from guardrail.hcl.values import Entity, EvaluationError
from guardrail.model.value import Question, UnknownValue

if TYPE_CHECKING:
    from guardrail.hcl.evaluation import Frame


@dataclass(slots=True, eq=False)
class Scope:
    """What root names mean at a place: `names` are those bound there, such as each, count and a dynamic block's."""

    frame: Frame
    names: Mapping[str, object] = field(default_factory=dict)

    def binding(self, **names: object) -> Scope:
        """This scope with more names."""
        return Scope(self.frame, {**self.names, **names})

    def root(self, name: str) -> object:
        """The value of a root name."""
        if name in self.names:
            return self.names[name]
        special = _ROOTS.get(name)
        return special(self.frame) if special else _Typed(self.frame, name)

    def decide(self, question: Question) -> bool | None:
        """The answer to a question in this world."""
        return self.frame.evaluation.world.decide(question)

    def candidates(self, symbol: str) -> tuple[object, ...] | None:
        """What an input can be."""
        return self.frame.evaluation.world.open(symbol)

    @property
    def place(self) -> str:
        """What tells this module instance from every other; empty in the root."""
        return self.frame.prefix

    def declared(self, symbol: str) -> str:
        """The kind of type that an input is declared with; empty where that is not known."""
        written = self.frame.evaluation.module.variables.get(symbol.removeprefix("var."))
        found = written.value("type") if written else None
        return found.name if isinstance(found, Name) else ""

    def call(self, name: str, arguments: list[object]) -> object:
        """The result of a function; those that read files look below the repository's root only."""
        if name in _FILES:
            return self._file(name, arguments)
        return functions.call(name, arguments)

    def _file(self, name: str, arguments: list[object]) -> object:
        path = arguments[0] if arguments else None
        if not isinstance(path, str):
            return UnknownValue(f"{name} of a path that is not known")
        text = self.frame.evaluation.loader.text(self.frame.module.folder, path)
        if name == "fileexists":
            return True if text is not None else UnknownValue(f"whether {path} exists")
        if text is None:
            return UnknownValue(f'{name}("{path}")')
        if name == "file":
            return text
        from guardrail.hcl.parser import parse_template

        if name == "templatefile" and len(arguments) == 2 and isinstance(arguments[1], dict):
            return evaluate(parse_template(text), Scope(self.frame, arguments[1]))
        return functions.call(_FILES[name], [text]) if _FILES[name] else UnknownValue(f'{name}("{path}")')


_FILES = {
    "file": "",
    "fileexists": "",
    "templatefile": "",
    "fileset": "",
    "filebase64": "base64encode",
    "filemd5": "md5",
    "filesha1": "sha1",
    "filesha256": "sha256",
    "filesha512": "sha512",
    "filebase64sha256": "base64sha256",
    "filebase64sha512": "base64sha512",
}
"""Functions that read files, and the function that the text is handed to."""


def settled(expression: Expression, scope: Scope) -> object:
    """The value of an expression; one that fails is unknown, because Terraform would not get further than this."""
    try:
        return evaluate(expression, scope)
    except EvaluationError as error:
        return UnknownValue(f"an expression that fails ({error})")


@dataclass(slots=True, eq=False)
class _Named:
    """`var`, `local` and the like: attributes by a function of the frame."""

    get: Callable[[str], object]

    def attribute(self, name: str) -> object:
        return self.get(name)

    def plain(self) -> object:
        return UnknownValue("everything of a kind")


@dataclass(slots=True, eq=False)
class _Typed:
    """A resource type, or `data.type`: its names are resources."""

    frame: Frame
    type: str

    def attribute(self, name: str) -> object:
        full = f"{self.type}.{name}"
        found = self.frame.group(full)
        if found is None:
            address = f"{self.frame.prefix}{full}"
            return UnknownValue(f"{address}, which is not declared", refs=((address, ""),))
        return found.value()

    def plain(self) -> object:
        return UnknownValue(f"every {self.type}")


@dataclass(slots=True, eq=False)
class _Output:
    """A called module: its attributes are outputs."""

    frame: Frame

    def attribute(self, name: str) -> object:
        return self.frame.output(name)

    def plain(self) -> object:
        return {name: self.attribute(name) for name in self.frame.module.outputs}


def _module(frame: Frame) -> Entity:
    def get(name: str) -> object:
        if name not in frame.module.calls:
            raise EvaluationError(f"module.{name} is not declared")
        found = frame.calls(name)
        address = f"{frame.prefix}module.{name}"
        if isinstance(found, str):
            return UnknownValue(address, refs=((address, ""),))
        expansion, frames = found
        return expansion.shape(address, [_Output(f) for f in frames])

    return _Named(get)


def _paths(frame: Frame) -> dict[str, object]:
    return {"module": ".", "root": UnknownValue("path.root"), "cwd": UnknownValue("path.cwd")}


def _terraform(frame: Frame) -> dict[str, object]:
    world, symbol = frame.evaluation.world, "terraform.workspace"
    given: object = frame.evaluation.workspace or UnknownValue(symbol, symbol=symbol)
    return {"workspace": world.values.get(symbol, given), "applying": UnknownValue("terraform.applying")}


_ROOTS: Mapping[str, Callable[[Frame], object]] = {
    "var": lambda frame: _Named(frame.variable),
    "local": lambda frame: _Named(frame.local),
    "module": _module,
    "data": lambda frame: _Named(lambda type_: _Typed(frame, f"data.{type_}")),
    "path": _paths,
    "terraform": _terraform,
    "self": lambda _: UnknownValue("self"),
    "each": lambda _: UnknownValue("each"),
    "count": lambda _: UnknownValue("count"),
}
