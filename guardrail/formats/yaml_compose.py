"""One document's events to data and places, side by side: an explicit stack, and bounds on everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from guardrail.formats.nodes import AliasNode, Lines, MappingNode, Node, SequenceNode, TreePlaces, leaf
from guardrail.formats.parsed import (
    MAX_DEFECTS,
    MAX_DEPTH,
    MAX_EXPANDED,
    Parsed,
    Unreadable,
    too_many,
)
from guardrail.formats.scalars import GITHUB, MAX_CACHED, Schema, key_text, tagged
from guardrail.model.document import Defect
from guardrail.model.place import Path

_Anchored = tuple[object, Node, int, int]
"""An anchor's value, its node, how many values it stands for, how deep it is."""

_OPEN: _Anchored = (None, 0, 0, 0)
_MERGE: Any = object()
_MERGE_TAG = "tag:yaml.org,2002:merge"


def compose(chunk: str, lines: Lines, base: int, schema: Schema, limit: int) -> Iterator[Parsed | Unreadable]:
    """The document of a chunk that starts at `base`, and what is wrong behind it; at most `limit` values."""
    from yaml import YAMLError
    from yaml._yaml import CParser
    from yaml.events import DocumentStartEvent, StreamEndEvent

    try:
        parser = CParser(chunk)
        composer = _Composer(parser.get_event, lines, base, schema)
        while True:
            event = parser.get_event()
            if event.__class__ is DocumentStartEvent:
                parsed = composer.document(base + len(chunk), limit)
                limit -= parsed.count
                yield parsed
            elif event is None or event.__class__ is StreamEndEvent:
                return
    except Unreadable as error:
        yield error
    except (YAMLError, UnicodeError) as error:
        yield _unreadable(error, chunk, base)


def _unreadable(error: Any, chunk: str, base: int) -> Unreadable:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", None)
    if mark is not None:
        index = mark.index
    elif position is not None:
        index = len(chunk.encode()[:position].decode("utf-8", "ignore"))
    else:
        index = 0
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not valid YAML"
    if "cannot start any token" in reason and chunk[index : index + 1] == "\t":
        reason += "; YAML is indented with spaces, never with tabs"
    if "<document start>" in reason:
        reason = "this stands behind the end of the document; is it indented less than the first key?"
    return Unreadable(f"not valid YAML: {reason}", base + min(index, max(len(chunk) - 1, 0)))


class _Composer:
    """Builds data and places side by side from the events of one chunk."""

    def __init__(self, get_event: Callable[[], Any], lines: Lines, base: int, schema: Schema) -> None:
        self.get_event = get_event
        self.lines = lines
        self.base = base
        self.schema = schema
        self.defects: list[Defect] = []
        self.anchors: dict[str, _Anchored] = {}

    def document(self, end: int, limit: int) -> Parsed:
        """The next document of the stream, whose start has been read."""
        self.defects.clear()
        self.anchors.clear()
        data, node, count = self._events(limit)
        places = TreePlaces(node, self.lines, self.base)
        return Parsed(data, places, tuple(self.defects), self.base, end, count)

    def _events(self, limit: int) -> tuple[object, Node, int]:  # noqa: C901, PLR0912, PLR0915
        """The one hot loop: everything a scalar needs is inline and in local names."""
        from yaml import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent
        from yaml.events import CollectionEndEvent

        get_event, anchors, (plain_short, plain, keep_nulls) = self.get_event, self.anchors, self.schema
        # One frame per open collection, the innermost in local names: its data and node, the pending key and
        # its place, the anchor, the count at its start, the depth below it.
        stack: list[tuple[Any, Any, Any, int, str | None, int, int]] = []
        data: Any = None
        node: Any = None
        key: Any = None
        key_leaf = count = below = opened = expanded = 0
        anchor: str | None = None
        in_mapping = False
        while True:
            event = get_event()
            kind = event.__class__
            if kind is ScalarEvent:
                count += 1
                text = event.value
                if event.implicit[0]:
                    value = plain_short(text) if len(text) <= MAX_CACHED else plain(text)
                elif event.tag is None:
                    value = text
                else:
                    value = tagged(event.tag, text)
                place: Any = event.start_mark.index << 32 | event.end_mark.index
                if event.anchor is not None:
                    anchors[event.anchor] = (value, place, 1, 0)
                if in_mapping and key is None:
                    key = value if value.__class__ is str else key_text(value)
                    key_leaf = place
                    if key == "<<" and (event.implicit[0] or event.tag == _MERGE_TAG):
                        key = _MERGE
                    continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                count += 1
                if in_mapping and key is None:
                    raise self._refuse("a mapping or list cannot be a key; quote it if it is text", event)
                if len(stack) >= MAX_DEPTH:
                    raise self._refuse(f"nested deeper than {MAX_DEPTH} levels", event, "too-deep")
                stack.append((data, node, key, key_leaf, anchor, opened, below))
                in_mapping = kind is MappingStartEvent
                if in_mapping:
                    data, node = {}, MappingNode(event.start_mark.index)
                else:
                    data, node = [], SequenceNode(event.start_mark.index)
                key, anchor, opened, below = None, event.anchor, count + expanded, 0
                if anchor is not None:
                    anchors[anchor] = _OPEN
                continue
            elif kind is AliasEvent:
                value, target, size, depth = self._alias(event)
                place = AliasNode(event.start_mark.index, event.end_mark.index, target)
                if in_mapping and key is None:
                    if isinstance(value, dict | list):
                        raise self._refuse("a mapping or list cannot be a key", event)
                    key, key_leaf = key_text(value), leaf(place.start, place.end)
                    continue
                expanded += size
                if expanded > MAX_EXPANDED:
                    message = f"aliases stand for more than {MAX_EXPANDED:,} values"
                    raise self._refuse(message, event, "too-large")
                if len(stack) + depth > MAX_DEPTH:
                    message = f"nested deeper than {MAX_DEPTH} levels through aliases"
                    raise self._refuse(message, event, "too-deep")
                below = depth if depth > below else below
            elif issubclass(kind, CollectionEndEvent):
                value, place = data, node
                place.end = event.end_mark.index
                depth = below + 1
                if anchor is not None and anchors[anchor] is _OPEN:
                    anchors[anchor] = (value, place, count + expanded - opened + 1, depth)
                data, node, key, key_leaf, anchor, opened, below = stack.pop()
                below = depth if depth > below else below
                in_mapping = data.__class__ is dict
            else:
                return data, node, count
            if count > limit:
                raise too_many(self.base + event.start_mark.index)
            if in_mapping:
                if key is _MERGE:
                    if self.schema is GITHUB and len(self.defects) < MAX_DEFECTS:
                        self._unmerged(stack, key_leaf)
                    count += self._merge((data, node), value, place, event)
                else:
                    entries = node.entries
                    if key in entries:
                        self._again(stack, entries, key, key_leaf)
                    entries[key] = (key_leaf, place, None)
                    if value is not None or keep_nulls:
                        data[key] = value
                    else:
                        data.pop(key, None)
                key = None
            elif node is None:
                data, node = value, place
            else:
                data.append(value)
                node.items.append(place)

    def _again(self, stack: list[Any], entries: dict[str, tuple[int, Node, Node | None]], key: str, at: int) -> None:
        """Take out an entry that is given again, so that entries stay in the order of the text."""
        first, _, via = entries.pop(key)
        if via is not None or len(self.defects) > MAX_DEFECTS:
            return
        path: Path = tuple(_step(frame[0], frame[2]) for frame in stack[1:])
        line = self.lines.position(self.base + (first >> 32))[0]
        detail = f"{key} is given twice, first on line {line}"
        if len(self.defects) == MAX_DEFECTS:
            detail += "; more keys are given twice below, which are not listed"
        span = self.lines.span(self.base + (at >> 32), self.base + (at & 0xFFFFFFFF))
        self.defects.append(Defect("duplicate-key", (*path, key), span, detail))

    def _unmerged(self, stack: list[Any], at: int) -> None:
        """Take note of a `<<`: to GitHub that is a key like any other (actions/runner, `YamlObjectReader`)."""
        path: Path = tuple(_step(frame[0], frame[2]) for frame in stack[1:])
        span = self.lines.span(self.base + (at >> 32), self.base + (at & 0xFFFFFFFF))
        detail = "<< is a key like any other to GitHub, which merges nothing and refuses the file"
        self.defects.append(Defect("merge-key", (*path, "<<"), span, detail))

    def _merge(self, into: tuple[dict[str, object], MappingNode], value: object, place: Node, event: Any) -> int:
        """Put in what `<<` brings, as go-yaml does it: over the keys above it, under the keys below it.

        Of several sources the first wins. Returns how many entries were put in.
        """
        target = place.target if isinstance(place, AliasNode) else place
        sources: list[tuple[object, Node]] = [(value, place)]
        if isinstance(value, list) and isinstance(target, SequenceNode):
            sources = list(zip(value, target.items, strict=True))
        data, node = into
        count = 0
        for source, via in reversed(sources):
            origin = via.target if isinstance(via, AliasNode) else via
            if not isinstance(source, dict) or not isinstance(origin, MappingNode):
                raise self._refuse("<< takes a mapping or a list of mappings", event)
            count += len(origin.entries)
            for key, (key_leaf, item, _) in origin.entries.items():
                node.entries.pop(key, None)
                node.entries[key] = (key_leaf, item, via)
                if key in source:
                    data[key] = source[key]
                else:
                    data.pop(key, None)
        return count

    def _alias(self, event: Any) -> _Anchored:
        known = self.anchors.get(event.anchor)
        if known is None:
            raise self._refuse(f"alias *{event.anchor} has no anchor in this document", event)
        if known is _OPEN:
            raise self._refuse(f"alias *{event.anchor} contains itself", event)
        return known

    def _refuse(self, message: str, event: Any, code: str = "unreadable") -> Unreadable:
        return Unreadable(message, self.base + event.start_mark.index, code)


def _step(data: object, key: object) -> str | int:
    """The step of a path that leads from an open collection to what is being read."""
    if isinstance(data, list):
        return len(data)
    return "<<" if key is _MERGE else str(key)
