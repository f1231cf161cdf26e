"""A file's text to documents: the right reader for its name and content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from re import MULTILINE
from re import compile as regex
from typing import TYPE_CHECKING, NamedTuple

from guardrail.formats import compose, helm, kubernetes, workflow, yaml_text
from guardrail.formats.names import DOCKERFILE, TERRAFORM, is_dockerfile, is_markdown
from guardrail.formats.nodes import Lines
from guardrail.formats.scalars import COMPOSE, GITHUB, KUBERNETES, Schema
from guardrail.formats.yaml_text import Parsed, Unreadable
from guardrail.model.document import Document, Resource
from guardrail.model.report import BlockStatus

if TYPE_CHECKING:
    from guardrail.formats import markdown

_TEMPLATE_MARK = "{{"

_OURS = regex(r"^[ \t\"']*apiVersion[\"']?[ \t]*:", MULTILINE)
"""What a block that is meant to be a Kubernetes object holds, readable or not."""


class Template(NamedTuple):
    """A text that becomes YAML only when a tool renders it; `line` is where that shows."""

    line: int


def looks_like_json(name: str, text: str) -> bool:
    """Whether JSON rules apply: by the name, or because the text opens with a brace."""
    return name.lower().endswith(".json") or text[:2000].lstrip().startswith("{")


def may_be_kubernetes(text: str) -> bool:
    """Whether a JSON text can hold a Kubernetes object at all; configuration of other tools is left alone."""
    return '"apiVersion"' in text and '"kind"' in text


def documents(name: str, text: str, lines: Lines) -> Iterator[Document | Unreadable | Template | BlockStatus]:
    """Every document of a text, or one `Template` where none can be read for want of rendering.

    Of a Markdown document, also what became of each of its blocks.
    """
    if is_markdown(name):
        yield from _snippets(name, text, lines)
        return
    if is_dockerfile(name):
        yield from _dockerfile(name, text, lines)
        return
    form = _form(name, text)
    if looks_like_json(name, text):
        from guardrail.formats import json_text  # most files are YAML

        found = list(json_text.read(text, lines))
        if name.lower().endswith(".json") or not any(isinstance(p, Unreadable) for p in found):
            yield from _numbered(name, lines, iter(found), form)
            return
    items = list(_numbered(name, lines, yaml_text.read(text, lines, _schema(form)), form))
    if form and form not in helm.FORMS:  # `{{` is at home there: in expressions
        yield from items
        return
    marks = [_mark_templated(i, text) for i in items if isinstance(i, Unreadable)]
    at = next((m for m in marks if m >= 0), -1)
    if at >= 0 and not any(isinstance(i, Document) for i in items):
        yield Template(lines.position(at)[0])
        return
    yield from items


def _snippets(name: str, text: str, lines: Lines) -> Iterator[Document | Unreadable | BlockStatus]:
    """The documents in a Markdown document's blocks, each block a file; behind each block what became of it."""
    from guardrail.formats import markdown

    found = markdown.blocks(text)
    for block in found:
        if block.language == "dockerfile":
            yield from _dockerfile_block(name, text, block, lines)
        elif block.language == "hcl":  # Terraform is read folder by folder
            yield _told(block, "read", holds=TERRAFORM)
        elif block.language:
            yield from _data_block(name, text, block, lines)
        else:
            yield _told(block, "left-alone", block.word[:40] or "without a language")
    if len(found) == markdown.MOST_BLOCKS:
        at = found[-1].end
        yield Unreadable(
            f"more than {markdown.MOST_BLOCKS:,} blocks: those below this line were not read", at, "too-large"
        )


def _told(block: markdown.Block, status: str, reason: str = "", holds: str = "", count: int = 0) -> BlockStatus:
    return BlockStatus(block.line, block.word, block.name, status, reason, holds, count)


def _data_block(
    name: str, text: str, block: markdown.Block, lines: Lines
) -> Iterator[Document | Unreadable | BlockStatus]:
    """The documents in a block of YAML or JSON, and what became of it."""
    from guardrail.formats.gaps import gaps_blanked, mark_excerpts

    chunk, gaps = gaps_blanked(block.text(text)) if block.language == "yaml" else (block.text(text), [])
    form, part = _form_in_document(block, block.flush(chunk))
    if block.language == "json":
        from guardrail.formats import json_text

        read = json_text.read(chunk, lines, block.start)
    else:
        read = yaml_text.read(chunk, lines, _schema(form), block.start)
    found = list(_numbered(f"{name}/{block.name}", lines, read, form))
    for item in found:
        if isinstance(item, Document):
            item.snippet = True
    if gaps:
        mark_excerpts([d for d in found if isinstance(d, Document)], [lines.position(block.start + g)[0] for g in gaps])
    ours = [r for d in found if isinstance(d, Document) for r in resources(d)]
    lost = sum(isinstance(item, Unreadable) for item in found)
    if not ours and not (lost and (form or _OURS.search(chunk))):
        reason = f"a part of a {part}" if part else f"{block.language.upper()} that is nothing guardrail judges"
        yield _told(block, "left-alone", reason)
        return
    for item in found:
        if isinstance(item, Unreadable):
            _mark_templated(item, text)
        yield item
    status = "read" if not lost else "partly-read" if ours else "unreadable"
    words = f"{lost} document{'s' * (lost > 1)} could not be read" if lost else ""
    yield _told(block, status, words, _holds(ours), len(ours))


def _form_in_document(block: markdown.Block, chunk: str) -> tuple[str, str]:
    """What YAML in a document is besides Kubernetes objects, and what it is a mere part of, whatever its name says."""
    found = _form(block.name if block.named else f"block.{block.language}", chunk)
    if found in workflow.TYPES and found != "PreCommitHooks":
        shown = workflow.form("", chunk)
        return shown, "" if shown else found
    return found, ""


def _holds(found: list[Resource]) -> str:
    """What resources are, in words: `Deployment, 2 Services`."""
    kinds = Counter(r.kind for r in found)
    return ", ".join(kind if n == 1 else f"{n} {kind}" for kind, n in kinds.items())


def _dockerfile_block(
    name: str, text: str, block: markdown.Block, lines: Lines
) -> Iterator[Document | Unreadable | BlockStatus]:
    """A Dockerfile in a document. A part without FROM is left alone; nothing that is left out of it is a fault."""
    from guardrail.formats import dockerfile

    chunk = block.text(text)
    if not dockerfile.looks_like_dockerfile(chunk):
        yield _told(block, "left-alone", "a part of a Dockerfile, without FROM")
        return
    parsed = dockerfile.read(chunk, lines, block.start)
    data = {**parsed.data, "faults": []} if isinstance(parsed.data, dict) else parsed.data
    for item in _numbered(f"{name}/{block.name}", lines, iter((replace(parsed, data=data),)), DOCKERFILE):
        if isinstance(item, Document):
            item.snippet = True
        yield item
    yield _told(block, "read", "", DOCKERFILE, 1)


def _dockerfile(name: str, text: str, lines: Lines) -> Iterator[Document | Unreadable | Template]:
    """The one document of a Dockerfile, unless a tool has to render it first."""
    from guardrail.formats import dockerfile

    parsed = dockerfile.read(text, lines)
    if dockerfile.is_template(parsed.data):
        at = min(found for mark in ("{{", "{%", "<%", "@@", "#{") if (found := text.find(mark)) >= 0)
        yield Template(lines.position(at)[0])
    elif parsed.count:
        yield from _numbered(name, lines, iter((parsed,)), DOCKERFILE)


def _form(name: str, text: str) -> str:
    """What a YAML or JSON text is besides Kubernetes objects, or nothing."""
    return workflow.form(name, text) or compose.form(name, text) or helm.form(name, text)


def _schema(form: str) -> Schema:
    if form == compose.FORM:
        return COMPOSE
    return GITHUB if form and form not in helm.FORMS else KUBERNETES


def _mark_templated(item: Unreadable, text: str) -> int:
    """Say of a broken document with template marks that it is a template; where the first mark is, or -1."""
    at = text.find(_TEMPLATE_MARK, *item.extent)
    if at >= 0:
        item.code = "not-rendered"
        item.message = "is a template, not YAML; render it and scan the output"
        item.offset = at
    return at


def resources(document: Document) -> Iterator[Resource]:
    """The things to judge in a document."""
    if document.form == DOCKERFILE:
        from guardrail.formats import dockerfile

        return dockerfile.resources(document)
    if document.form == compose.FORM:
        return compose.resources(document)
    if document.form in helm.FORMS:
        return helm.resources(document)
    return workflow.resources(document) if document.form else kubernetes.resources(document)


def _numbered(
    name: str, lines: Lines, parsed: Iterator[Parsed | Unreadable], form: str
) -> Iterator[Document | Unreadable]:
    for index, item in enumerate(parsed):
        if isinstance(item, Unreadable):
            yield item
            continue
        last = lines.position(max(item.end - 1, item.start))[0]
        yield Document(name, index, item.data, item.places, lines.position(item.start)[0], last, item.defects, form)
