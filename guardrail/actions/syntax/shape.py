"""Shapes: what kind of node may stand at a place of a workflow or action file, and what a given node has wrong.

The reader is GitHub's own (actions/runner, `WorkflowParser/ObjectTemplating/TemplateReader.cs`): a scalar of any type
is fine where text is wanted, a quoted number is no number, an expression may stand wherever contexts are available,
and keys are told apart by case. A malformed node costs only itself: it is one fault, and what lies below it is not
looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from re import compile as regex
from typing import NamedTuple

from guardrail.model.place import Path

TYPE, MISSING, EMPTY, VALUE = "type", "missing", "empty", "value"
KEY, CLASH, AGAIN = "key", "clash", "again"
"""What a fault is about: a node of another type, an absent key, a node that must hold something, a word not known;
a key not known, keys that exclude each other, a key given again in another case."""


PLACEHOLDER = regex(r"\$[a-z]+(-[a-z]+)+\Z")
"""What a workflow template leaves to be filled in: `$default-branch`, `$cron-daily` (github/docs, "Creating workflow
templates for your organization"). It may stand for anything."""


class Fault(NamedTuple):
    """A fault: `code`, the path of the node at fault (of the absent key), the words that tell it.

    `known` are the keys or words that would be right there.
    """

    code: str
    path: Path
    told: str
    known: tuple[str, ...] = ()


class Scalar(NamedTuple):
    """A scalar. `kind` is `text`, `filled` (text that is not empty), `flag`, `number` or `null`; `words` are all that
    it may say; `least` the smallest number."""

    kind: str = "text"
    words: tuple[str, ...] = ()
    least: float | None = None
    whole: bool = False


class Shape(NamedTuple):
    """What may stand at a place: any of a scalar, a list of `items`, a mapping.

    A mapping has `keys` of its own, and others when `rest` says what their values are; `required` must be there.
    `expression`: one `${{ }}` may stand for the whole. `least`: how many entries a list or mapping must have.
    `choose` takes a mapping and gives the shape that it really has, and the keys that decide about it.
    """

    name: str = ""
    scalar: Scalar | None = None
    items: Shape | None = None
    keys: Mapping[str, Shape] | None = None
    rest: Shape | None = None
    required: tuple[str, ...] = ()
    expression: bool = False
    least: int = 0
    choose: Callable[[Mapping[str, object]], Shape] | None = None
    excluded: Mapping[str, str] = {}

    @property
    def mapping(self) -> bool:
        """Whether a mapping may stand here."""
        return self.keys is not None or self.rest is not None or self.choose is not None


ANY = Shape("anything")
"""No shape at all: whatever stands there is fine."""


def faults(node: object, shape: Shape, path: Path = ()) -> list[Fault]:
    """Every fault of a node and of what lies below it, each once, from the top down."""
    found: list[Fault] = []
    _judge(node, shape, path, found)
    return found


def _judge(node: object, shape: Shape, path: Path, found: list[Fault]) -> None:
    """Add a node's faults to those found: there are many nodes, so nothing is handed up through them."""
    if shape is ANY:
        return
    if isinstance(node, dict):
        _mapping(node, shape, path, found)
    elif isinstance(node, list):
        _list(node, shape, path, found)
    elif not (isinstance(node, str) and PLACEHOLDER.match(node)):
        found.extend(_scalar(node, shape, path))


def _mapping(node: dict[str, object], shape: Shape, path: Path, found: list[Fault]) -> None:
    if not shape.mapping:
        found.append(Fault(TYPE, path, f"must be {wanted(shape)}, not a mapping"))
        return
    if shape.choose is not None:
        shape = shape.choose(node)
    if len(node) < shape.least:
        found.append(Fault(EMPTY, path, "is an empty mapping"))
        return
    inserted = False
    seen: dict[str, str] = {}
    for key, value in node.items():
        if "${{" in key:
            inserted = True
            continue
        _entry((key, value), shape, (*path, key), found)
        first = seen.setdefault(key.lower(), key)
        if first != key and key not in (shape.keys or {}) and shape.rest is not None:
            found.append(Fault(AGAIN, (*path, key), f"is {first} again to GitHub, which ignores case", (first,)))
    if not inserted:
        found += (Fault(MISSING, (*path, key), f"has no {key}") for key in shape.required if key not in node)


def _entry(entry: tuple[str, object], shape: Shape, path: Path, found: list[Fault]) -> None:
    key, value = entry
    keys = shape.keys or {}
    if key in keys:
        _judge(value, keys[key], path, found)
    elif key in shape.excluded:
        found.append(Fault(CLASH, path, shape.excluded[key]))
    elif shape.rest is not None:
        _judge(value, shape.rest, path, found)
    else:
        found.append(Fault(KEY, path, f"{shape.name} has no key {short(key)}", tuple(keys)))


def _list(node: list[object], shape: Shape, path: Path, found: list[Fault]) -> None:
    if shape.items is None:
        found.append(Fault(TYPE, path, f"must be {wanted(shape)}, not a list"))
    elif len(node) < shape.least:
        found.append(Fault(EMPTY, path, "is an empty list"))
    else:
        for index, item in enumerate(node):
            _judge(item, shape.items, (*path, index), found)


def _scalar(node: object, shape: Shape, path: Path) -> Iterator[Fault]:
    if isinstance(node, str) and "${{" in node:
        yield from _expression(node, shape, path)
        return
    scalar = shape.scalar
    if scalar is None:
        if node is None or node == "":
            yield Fault(EMPTY, path, f"is empty; {wanted(shape)} belongs there")
        else:
            yield Fault(TYPE, path, f"must be {wanted(shape)}, not {described(node)}")
        return
    told = _wrong(node, scalar)
    if told is not None:
        yield Fault(told[0], path, told[1] or f"must be {wanted(shape)}, not {described(node)}", scalar.words)


def _expression(node: str, shape: Shape, path: Path) -> Iterator[Fault]:
    """Text with an expression in it. Which contexts it may use, if any, is no matter of shape."""
    if shape.scalar is not None and shape.scalar.kind not in {"flag", "number"}:
        return
    if shape.scalar is None and not shape.expression:
        yield Fault(TYPE, path, f"must be {wanted(shape)}; GitHub evaluates no expression here")
    elif not (node.strip().startswith("${{") and node.strip().endswith("}}")):
        yield Fault(TYPE, path, f"must be {wanted(shape)}; with text around it the expression yields text")


def _wrong(node: object, scalar: Scalar) -> tuple[str, str] | None:
    """Code and words of what is wrong with a scalar; no words where its type is."""
    empty = node is None or node == ""
    match scalar.kind:
        case "null":
            return None if node is None else (TYPE, "")
        case "flag":
            return None if isinstance(node, bool) else ((EMPTY, "is empty") if empty else (TYPE, ""))
        case "number":
            return _wrong_number(node, scalar) if not empty else (EMPTY, "is empty")
        case "filled" if empty:
            return EMPTY, "is empty"
    if scalar.words and text(node) not in scalar.words:
        return VALUE, f"is {described(node)}; GitHub knows {listed(scalar.words)}"
    return None


def _wrong_number(node: object, scalar: Scalar) -> tuple[str, str] | None:
    if isinstance(node, bool) or not isinstance(node, int | float):
        return TYPE, ""
    if scalar.least is not None and node < scalar.least:
        return VALUE, f"is {node:g}; it must be at least {scalar.least:g}"
    if scalar.whole and node != int(node):
        return VALUE, f"is {node:g}; GitHub takes whole numbers here"
    return None


def wanted(shape: Shape) -> str:
    """What may stand at a place, in words."""
    found = []
    if shape.scalar is not None:
        found.append({"flag": "true or false", "number": "a number", "null": "nothing"}.get(shape.scalar.kind, "text"))
    if shape.items is not None:
        found.append("a list")
    if shape.mapping:
        found.append("a mapping")
    return " or ".join(found)


def described(node: object) -> str:
    """A node as a message shows it: its type, and its value where that is short."""
    match node:
        case None:
            return "nothing"
        case bool():
            return "true" if node else "false"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f"the text '{short(node)}'"
    return f"the number {node}"


def short(value: str) -> str:
    """The first line of a text, cut where it is long."""
    line = value.strip().partition("\n")[0]
    return line if len(line) <= 60 and line == value.strip() else line[:59] + "…"


def text(node: object) -> str:
    """A scalar as GitHub sees it where it wants text."""
    match node:
        case None:
            return ""
        case bool():
            return "true" if node else "false"
    return str(node)


def listed(words: tuple[str, ...]) -> str:
    """Words as a sentence lists them."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
