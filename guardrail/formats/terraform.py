"""Terraform files: text to a syntax tree with positions, and what could not be read of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from guardrail.formats.nodes import Lines
from guardrail.model.document import Place
from guardrail.model.place import Path, Span

if TYPE_CHECKING:
    from guardrail.hcl.syntax import Body, Expression, File


class Parsed(NamedTuple):
    """A file with its tree; `other` says that python-hcl2 read parts that our parser could not."""

    name: str
    lines: Lines
    file: File
    other: bool = False


def parse(name: str, text: str, lines: Lines | None = None) -> Parsed:
    """A text to its tree; where our own parser gives up a part, python-hcl2 is asked for a second opinion.

    `lines` say where the text stands if it is part of a document.
    """
    lines = lines or Lines(text)
    if name.lower().endswith(".json"):
        from guardrail.hcl.json_syntax import parse_json, parse_json_values

        return Parsed(name, lines, (parse_json_values if name.lower().endswith(".tfvars.json") else parse_json)(text))
    from guardrail.hcl.parser import parse as parse_native

    file = parse_native(text)
    if file.lost:
        from guardrail.formats.second_opinion import completed

        second = completed(text, file)
        if len(second.lost) < len(file.lost):
            return Parsed(name, lines, second, True)
    return Parsed(name, lines, file)


@dataclass(slots=True, eq=False, repr=False)
class Offsets:
    """Places of a text whose paths are offsets: `(start, end)`."""

    lines: Lines

    def locate(self, path: Path) -> Place:
        """The span between two offsets; the first character for any other path."""
        start, end = (int(p) for p in path) if len(path) == 2 else (0, 1)
        return Place(self.lines.span(start, end))

    def locate_text(self, path: Path, text: str, occurrence: int) -> Span | None:
        """Where a text stands between two offsets for the `occurrence`-th time, or None."""
        start, end = (int(p) for p in path) if len(path) == 2 else (0, len(self.lines.text))
        at = self.lines.text.find(text, start, end)
        for _ in range(occurrence if at >= 0 else 0):
            at = self.lines.text.find(text, at + len(text), end)
        return self.lines.span(at, at + len(text)) if at >= 0 else None


class Extent(NamedTuple):
    """First and last line of an attribute or block; `top` for one that is in no other."""

    first: int
    last: int
    top: bool


def extents(parsed: Parsed) -> Iterator[Extent]:
    """Every attribute and block of a file, those outside before those within."""
    waiting: list[tuple[Body, bool]] = [(parsed.file.body, True)]
    position = parsed.lines.position
    while waiting:
        body, top = waiting.pop()
        for attribute in body.attributes.values():
            yield Extent(position(attribute.start)[0], position(max(attribute.end - 1, attribute.start))[0], top)
        for block in body.blocks:
            yield Extent(position(block.start)[0], position(max(block.end - 1, block.start))[0], top)
            waiting.append((block.body, False))


def literals(text: str) -> dict[str, object]:
    """A text's blocks as plain data, nothing evaluated: lists by type, each within its labels, expressions `${...}`."""
    from guardrail.hcl.parser import parse as parse_native

    return _literals(text, parse_native(text).body)


def _literals(text: str, body: Body) -> dict[str, object]:
    found: dict[str, object] = {name: _literal(text, a.value) for name, a in body.attributes.items()}
    for block in body.blocks:
        data: object = _literals(text, block.body)
        for label in reversed(block.labels):
            data = {label: data}
        listed = found.setdefault(block.type, [])
        if isinstance(listed, list):
            listed.append(data)
    return found


def _literal(text: str, node: Expression) -> object:
    from guardrail.hcl import syntax

    if isinstance(node, syntax.Literal):
        return node.value
    if isinstance(node, syntax.Tuple):
        return [_literal(text, item) for item in node.items]
    if isinstance(node, syntax.Object):
        return {str(k.value): _literal(text, v) for k, v in node.entries if isinstance(k, syntax.Literal)}
    written = text[node.start : node.end]
    return written[1:-1] if written.startswith('"') and "${" in written else f"${{{written}}}"
