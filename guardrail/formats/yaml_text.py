"""YAML text to plain data with positions, one document at a time, over libyaml's event stream.

The text is split at document markers first (YAML 1.2, production c-forbidden: they cannot stand inside content), so
a broken document costs only itself. Nothing here is recursive; depth, size and alias growth are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from re import MULTILINE
from re import compile as regex
from typing import Any

from guardrail.formats.nodes import AliasNode, Lines, MappingNode, SequenceNode, TreePlaces
from guardrail.formats.scalars import plain, tagged
from guardrail.model.document import Defect
from guardrail.model.place import Path

MAX_DEPTH = 250
MAX_NODES = 500_000
MAX_EXPANDED = 2_000_000

_MARKER = regex(r"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", MULTILINE)
_CONTENT = regex(r"^(?:---[ \t]+[^\s#]|(?!(?:---|\.\.\.)(?:\s|\Z))[ \t]*[^\s#%])", MULTILINE)
_DIRECTIVE = regex(r"^%", MULTILINE)


class Unreadable(Exception):
    """A document that cannot be read: a sentence, and the offset in the file where reading stopped."""

    def __init__(self, message: str, offset: int, code: str = "unreadable") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.code = code


@dataclass(frozen=True, slots=True)
class Parsed:
    """One document: plain data, its places, faults that reading survived, first and last offset in the file."""

    data: object
    places: TreePlaces
    defects: tuple[Defect, ...]
    start: int
    end: int


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each document, its `---` line and directives included, empty ones left out."""
    cuts = [0]
    for marker in _MARKER.finditer(text):
        at = marker.start()
        if at > cuts[-1] and not _is_preamble(text, cuts[-1], at):
            cuts.append(at)
    cuts.append(len(text))
    for start, end in zip(cuts, cuts[1:], strict=False):
        if _CONTENT.search(text, start, end):
            yield start, text[start:end]


def _is_preamble(text: str, start: int, end: int) -> bool:
    """Whether a stretch holds only directives, which belong to the document that follows."""
    return _DIRECTIVE.search(text, start, end) is not None and not _CONTENT.search(text, start, end)


def read(text: str, lines: Lines, keep_nulls: bool = False) -> Iterator[Parsed | Unreadable]:
    """Every document of a text, in order; a document that cannot be read comes as its `Unreadable`.

    A key whose value is null is left out of the data unless `keep_nulls`: to the Kubernetes API the two are the
    same. Its place stays known.
    """
    for start, chunk in chunks(text):
        try:
            yield _Composer(lines, start, keep_nulls).compose(chunk)
        except Unreadable as error:
            yield error


def _loader(chunk: str) -> Any:
    from yaml import CLoader

    return CLoader(chunk)


class _Composer:
    """Builds data and places side by side from one document's events."""

    def __init__(self, lines: Lines, base: int, keep_nulls: bool) -> None:
        self.lines = lines
        self.keep_nulls = keep_nulls
        self.base = base
        self.defects: list[Defect] = []
        self.anchors: dict[str, tuple[object, Any, int]] = {}

    def compose(self, chunk: str) -> Parsed:
        from yaml import YAMLError

        try:
            data, node = self._events(_loader(chunk))
        except YAMLError as error:
            raise self._unreadable(error, chunk) from None
        places = TreePlaces(node, self.lines, self.base)
        return Parsed(data, places, tuple(self.defects), self.base, self.base + len(chunk))

    def _unreadable(self, error: Any, chunk: str) -> Unreadable:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        position = getattr(error, "position", None)
        if mark is not None:
            index = mark.index
        elif position is not None:
            index = len(chunk.encode()[:position].decode("utf-8", "ignore"))
        else:
            index = 0
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not valid YAML"
        if "cannot start any token" in reason and "\t" in self.lines.text[self.base + index :][:1]:
            reason += "; YAML is indented with spaces, never with tabs"
        return Unreadable(f"not valid YAML: {reason}", self.base + min(index, max(len(chunk) - 1, 0)))

    def _events(self, loader: Any) -> tuple[object, Any]:  # noqa: PLR0912, PLR0915 - the one hot loop
        from yaml import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent
        from yaml.events import CollectionEndEvent, DocumentEndEvent, NodeEvent

        get_event = loader.get_event
        # One frame per open collection: data, node, pending key, key leaf, anchor, count at its start, merges.
        stack: list[list[Any]] = []
        data: Any = None
        node: Any = None
        frame: list[Any] | None = None
        total = count = 0
        while True:
            event = get_event()
            kind = event.__class__
            if kind is ScalarEvent:
                count += 1
                text = event.value
                if event.implicit[0]:
                    value = plain(text)
                elif event.tag is None or event.tag == "!":
                    value = text
                else:
                    value = tagged(event.tag, text, plain(text))
                if frame is not None and frame[2] is None and frame[0].__class__ is dict:
                    frame[2] = value if value.__class__ is str else _key_text(value, text)
                    frame[3] = event
                    if text == "<<" and event.implicit[0]:
                        frame[2] = _MERGE
                    continue
                leaf = event
                if event.anchor is not None:
                    self.anchors[event.anchor] = (value, leaf, 1)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                count += 1
                if frame is not None and frame[2] is None and frame[0].__class__ is dict:
                    raise self._refuse("a mapping or list cannot be a key; quote it if it is text", event)
                if len(stack) >= MAX_DEPTH:
                    raise self._refuse(f"nested deeper than {MAX_DEPTH} levels", event, "too-deep")
                if kind is MappingStartEvent:
                    frame = [{}, MappingNode(event.start_mark), None, None, event.anchor, total + count, None]
                else:
                    frame = [[], SequenceNode(event.start_mark), None, None, event.anchor, total + count, None]
                if event.anchor is not None:
                    self.anchors[event.anchor] = _OPEN
                stack.append(frame)
                continue
            elif kind is AliasEvent:
                if frame is not None and frame[2] is None and frame[0].__class__ is dict:
                    raise self._refuse("an alias cannot be a key", event)
                value, target, size = self._alias(event)
                total += size
                if total > MAX_EXPANDED:
                    raise self._refuse("aliases expand to more than 2,000,000 values", event, "too-large")
                leaf = AliasNode(event, target)
            elif isinstance(event, CollectionEndEvent):
                assert frame is not None
                stack.pop()
                value, leaf = frame[0], frame[1]
                leaf.end_mark = event.end_mark
                if frame[6]:
                    _merge(value, leaf, frame[6])
                if frame[4] is not None:
                    self.anchors[frame[4]] = (value, leaf, total + count - frame[5] + 1)
                frame = stack[-1] if stack else None
            elif isinstance(event, DocumentEndEvent):
                return data, node
            elif isinstance(event, NodeEvent):
                raise self._refuse("this kind of node is not understood", event)
            else:
                continue
            if count > MAX_NODES:
                raise self._refuse(f"more than {MAX_NODES:,} values in one document", event, "too-large")
            if frame is None:
                data, node = value, leaf
            elif frame[0].__class__ is list:
                frame[0].append(value)
                frame[1].items.append(leaf)
            else:
                self._entry(stack, frame, value, leaf)

    def _entry(self, stack: list[list[Any]], frame: list[Any], value: object, leaf: Any) -> None:
        """Put a value under the pending key."""
        data, key = frame[0], frame[2]
        frame[2] = None
        if key is _MERGE:
            frame[6] = [*(frame[6] or ()), (value, leaf)]
            return
        entries = frame[1].entries
        if key in entries:
            path: Path = tuple(len(f[0]) if f[0].__class__ is list else str(f[2]) for f in stack[:-1])
            first = self.lines.position(self.base + entries[key][0].start_mark.index)[0]
            span = self.lines.span(
                self.base + frame[3].start_mark.index, self.base + frame[3].end_mark.index
            )
            self.defects.append(
                Defect("duplicate-key", (*path, key), span, f"{key} is given twice, first on line {first}")
            )
        if value is not None or self.keep_nulls:
            data[key] = value
        else:
            data.pop(key, None)
        entries[key] = (frame[3], leaf, None)

    def _alias(self, event: Any) -> tuple[object, Any, int]:
        known = self.anchors.get(event.anchor)
        if known is None:
            raise self._refuse(f"alias *{event.anchor} has no anchor in this document", event)
        if known is _OPEN:
            raise self._refuse(f"alias *{event.anchor} contains itself", event)
        return known

    def _refuse(self, message: str, event: Any, code: str = "unreadable") -> Unreadable:
        return Unreadable(message, self.base + event.start_mark.index, code)


_OPEN: tuple[object, Any, int] = (None, None, 0)
_MERGE = object()


def _key_text(value: object, text: str) -> str:
    """Keys are strings in the Kubernetes API: a boolean key is `true`, a number keeps its text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return text


def _merge(data: dict[str, object], node: MappingNode, merges: list[tuple[object, Any]]) -> None:
    """Fill in what `<<` brings: keys of the mapping itself win, then earlier sources."""
    for value, leaf in merges:
        pairs: list[tuple[object, Any]] = [(value, leaf)]
        target = leaf.target if isinstance(leaf, AliasNode) else leaf
        if isinstance(value, list) and isinstance(target, SequenceNode):
            pairs = list(zip(value, target.items, strict=True))
        for source, place in pairs:
            origin = place.target if isinstance(place, AliasNode) else place
            if not isinstance(source, dict) or not isinstance(origin, MappingNode):
                continue
            for key, item in source.items():
                if key not in node.entries:
                    data[key] = item
                    leaf_key, leaf_value, _ = origin.entries[key]
                    node.entries[key] = (leaf_key, leaf_value, place)
