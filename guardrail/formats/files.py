"""A file's text to documents: the right reader for its name and content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guardrail.formats import json_text, yaml_text
from guardrail.formats.nodes import Lines
from guardrail.formats.yaml_text import Parsed, Unreadable
from guardrail.model.document import Document

_TEMPLATE_MARK = "{{"


@dataclass(frozen=True, slots=True)
class Template:
    """A text that becomes YAML only when a tool renders it; `line` is where that shows."""

    line: int


def looks_like_json(name: str, text: str) -> bool:
    """Whether JSON rules apply: by the name, or because the text opens with a brace."""
    return name.lower().endswith(".json") or text[:2000].lstrip().startswith("{")


def may_be_kubernetes(text: str) -> bool:
    """Whether a JSON text can hold a Kubernetes object at all; configuration of other tools is left alone."""
    return '"apiVersion"' in text and '"kind"' in text


def documents(name: str, text: str, lines: Lines) -> Iterator[Document | Unreadable | Template]:
    """Every document of a text. A template that is not rendered ends the file."""
    if looks_like_json(name, text):
        found = list(json_text.read(text, lines))
        if name.lower().endswith(".json") or not any(isinstance(p, Unreadable) for p in found):
            yield from _numbered(name, lines, iter(found))
            return
    for document in _numbered(name, lines, yaml_text.read(text, lines)):
        if isinstance(document, Unreadable) and _TEMPLATE_MARK in text:
            yield Template(lines.position(text.index(_TEMPLATE_MARK))[0])
            return
        yield document


def _numbered(
    name: str, lines: Lines, parsed: Iterator[Parsed | Unreadable]
) -> Iterator[Document | Unreadable]:
    for index, item in enumerate(parsed):
        if isinstance(item, Unreadable):
            yield item
            continue
        last = lines.position(max(item.end - 1, item.start))[0]
        yield Document(
            name, index, item.data, item.places, lines.position(item.start)[0], last, item.defects
        )
