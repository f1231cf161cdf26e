"""JSON text to plain data with positions: what libyaml cannot read of JSON (surrogate escapes, long keys) is read here.

RFC 8259; a stream of several objects is accepted, as kubectl does. Not recursive; the same bounds as for YAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import JSONDecodeError, loads
from re import VERBOSE
from re import compile as regex
from typing import Any

from guardrail.formats.nodes import Leaf, Lines, Mark, MappingNode, SequenceNode, TreePlaces
from guardrail.formats.yaml_text import MAX_DEPTH, MAX_NODES, Parsed, Unreadable
from guardrail.model.document import Defect

_TOKEN = regex(
    r"""[ \t\r\n]*(?:
        (?P<punctuation>[{}\[\]:,])
      | (?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")
      | (?P<word>-?[0-9][0-9.eE+-]*|true|false|null)
      | (?P<end>\Z)
    )""",
    VERBOSE,
)

_SPACE = regex(r"[ \t\r\n]*")
_BLANK = regex(r"[ \t\r\n]*\Z")


def read(text: str, lines: Lines) -> Iterator[Parsed | Unreadable]:
    """Every top-level value of a JSON text; what cannot be read ends it as an `Unreadable`."""
    position = 0
    try:
        while not _BLANK.match(text, position):
            parsed = _Reader(text, lines).read(position)
            position = parsed.end
            yield parsed
    except Unreadable as error:
        yield error


class _Reader:
    """Reads one value with an explicit stack."""

    def __init__(self, text: str, lines: Lines) -> None:
        self.text = text
        self.lines = lines
        self.defects: list[Defect] = []
        self.count = 0

    def read(self, start: int) -> Parsed:
        stack: list[tuple[Any, Any, Any]] = []  # open collection, its node, the pending key's (text, leaf)
        position = start
        while True:
            kind, raw, at, position = self._token(position)
            if raw in {"}", "]"} and stack:
                data, node, _ = stack.pop()
                if isinstance(data, dict) != (raw == "}"):
                    raise self._wrong(f"'{raw}' closes nothing", at)
                node.end_mark = Mark(position)
            elif raw in {"{", "["}:
                if len(stack) >= MAX_DEPTH:
                    raise Unreadable(f"nested deeper than {MAX_DEPTH} levels", at, "too-deep")
                opened = ({}, MappingNode(Mark(at))) if raw == "{" else ([], SequenceNode(Mark(at)))
                key, position = self._open(raw, position)
                stack.append((*opened, key))
                if key is not None or self._peek(position) != ("}" if raw == "{" else "]"):
                    continue
                _, _, _, position = self._token(position)
                data, node, _ = stack.pop()
                node.end_mark = Mark(position)
            elif kind in {"string", "word"}:
                data, node = self._scalar(raw, at), Leaf(at, position)
            else:
                raise self._wrong("a value is missing" if kind != "end" else "the text ends too early", at)
            self.count += 1
            if self.count > MAX_NODES:
                raise Unreadable(f"more than {MAX_NODES:,} values in one document", at, "too-large")
            if not stack:
                places = TreePlaces(node, self.lines, 0)
                return Parsed(data, places, tuple(self.defects), at, position)
            position = self._place(stack, data, node, position)

    def _place(self, stack: list[tuple[Any, Any, Any]], data: Any, node: Any, position: int) -> int:
        """Put a value into the open collection and read up to the next value or the closing bracket."""
        holder, holder_node, key = stack[-1]
        if isinstance(holder, dict):
            name, leaf = key
            if name in holder_node.entries:
                span = self.lines.span(leaf.start_mark.index, leaf.end_mark.index)
                path = tuple(k[0] if isinstance(h, dict) else len(h) for h, _, k in stack)
                self.defects.append(Defect("duplicate-key", path, span, f"{name} is given twice"))
            if data is None:
                holder.pop(name, None)  # null and absent are the same to the Kubernetes API
            else:
                holder[name] = data
            holder_node.entries[name] = (leaf, node, None)
        else:
            holder.append(data)
            holder_node.items.append(node)
        following = self._peek(position)
        if following == ",":
            _, _, at, position = self._token(position)
            if self._peek(position) in {"}", "]"}:
                raise self._wrong("a comma before a closing bracket", at)
            if isinstance(holder, dict):
                new_key, position = self._key(position)
                stack[-1] = (holder, holder_node, new_key)
        elif following not in {"}", "]"}:
            raise self._wrong("',' or a closing bracket is missing", position)
        return position

    def _open(self, bracket: str, position: int) -> tuple[Any, int]:
        if bracket == "{" and self._peek(position) != "}":
            return self._key(position)
        return None, position

    def _key(self, position: int) -> tuple[Any, int]:
        kind, raw, at, position = self._token(position)
        if kind != "string":
            raise self._wrong("a key in double quotes is missing", at)
        leaf = Leaf(at, position)
        _, colon, after, position = self._token(position)
        if colon != ":":
            raise self._wrong("':' is missing after a key", after)
        return (self._scalar(raw, at), leaf), position

    def _scalar(self, raw: str, at: int) -> Any:
        try:
            value = loads(raw)
        except (JSONDecodeError, ValueError) as error:
            raise self._wrong(str(error).partition(":")[0].lower(), at) from None
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value

    def _peek(self, position: int) -> str:
        return self._token(position)[1]

    def _token(self, position: int) -> tuple[str, str, int, int]:
        """Kind, text, start and end of the token at a position."""
        match = _TOKEN.match(self.text, position)
        if match is None:
            at = _SPACE.match(self.text, position).end()  # type: ignore[union-attr]
            raise self._wrong(f"unexpected {self.text[at : at + 1]!r}", at)
        kind = str(match.lastgroup)
        return kind, match.group(kind), match.start(kind), match.end()

    @staticmethod
    def _wrong(reason: str, at: int) -> Unreadable:
        return Unreadable(f"not valid JSON: {reason}", at)
