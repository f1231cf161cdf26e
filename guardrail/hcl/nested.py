"""Bodies as data: attributes evaluated, nested blocks as lists, dynamic blocks expanded, and where each is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guardrail.hcl.evaluate import evaluate
from guardrail.hcl.syntax import Attribute, Block
from guardrail.hcl.values import Entity, EvaluationError
from guardrail.model.value import UnknownValue

if TYPE_CHECKING:
    from guardrail.hcl.scope import Scope

Attributes = Mapping[str, tuple[str, Attribute]]
Blocks = Sequence[tuple[str, Block]]

MOST = 1_000
"""Blocks that one dynamic block is expanded to."""

MOST_IN_ALL = 5_000
"""Blocks of one resource, those within others included."""


@dataclass(slots=True)
class Built:
    """A body's data; each attribute with its file; nested blocks by type, each with its file, block and body."""

    data: dict[str, object]
    attributes: Attributes
    blocks: dict[str, list[tuple[str, Block, Built]]] = field(default_factory=dict)


def body(attributes: Attributes, blocks: Blocks, scope: Scope) -> Built:
    """Attributes and blocks as data. What is null is not there."""
    built = Built({}, attributes)
    for name, (_, attribute) in attributes.items():
        try:
            value = plain(evaluate(attribute.value, scope))
        except EvaluationError as error:
            value = UnknownValue(f"an expression that fails ({error})")
        if value is not None:
            built.data[name] = value
    for file, block in blocks:
        if block.type == "dynamic" and block.labels:
            _dynamic(built, file, block, scope)
        else:
            _add(built, block.type, (file, block, _body(file, block, scope)), None)
    return built


def _body(file: str, block: Block, scope: Scope) -> Built:
    return body(
        {name: (file, a) for name, a in block.body.attributes.items()},
        [(file, b) for b in block.body.blocks],
        scope,
    )


def _add(built: Built, type_: str, entry: tuple[str, Block, Built], doubt: UnknownValue | None) -> None:
    data: object = entry[2].data
    if doubt is not None:
        data = UnknownValue(doubt.reason, questions=doubt.questions, known=entry[2].data, many=True)
    built.blocks.setdefault(type_, []).append(entry)
    listed = built.data.setdefault(type_, [])
    if isinstance(listed, list):
        listed.append(data)


def _dynamic(built: Built, file: str, block: Block, scope: Scope) -> None:
    """The blocks a dynamic one stands for; of an unknown collection, one that may be there any number of times."""
    type_ = block.labels[0]
    content = next((b for b in block.body.blocks if b.type == "content"), None)
    each = block.body.attributes.get("for_each")
    if content is None or each is None:
        return
    named = block.body.attributes.get("iterator")
    iterator = getattr(named.value, "name", type_) if named else type_
    try:
        collection = evaluate(each.value, scope)
    except EvaluationError as error:
        collection = UnknownValue(f"an expression that fails ({error})")
    evaluation = scope.frame.evaluation
    for key, value, doubt in _items(collection):
        evaluation.blocks += 1
        if evaluation.blocks > MOST_IN_ALL:
            _add(built, type_, (file, content, Built({}, {})), UnknownValue(f"more than {MOST_IN_ALL:,} blocks"))
            return
        bound = scope.binding(**{iterator: {"key": key, "value": value}})
        _add(built, type_, (file, content, _body(file, content, bound)), doubt)


def _items(collection: object) -> list[tuple[object, object, UnknownValue | None]]:
    if isinstance(collection, Entity):
        collection = collection.plain()
    found: list[tuple[object, object, UnknownValue | None]] = []
    if isinstance(collection, list):
        doubt = next((v for v in collection if isinstance(v, UnknownValue) and v.many), None)
        found = [(i, v, None) for i, v in enumerate(collection) if not (isinstance(v, UnknownValue) and v.many)]
    elif isinstance(collection, dict):
        doubt = None
        found = [(k, v, None) for k, v in collection.items()]
    elif isinstance(collection, UnknownValue):
        doubt = collection
        known = collection.known if isinstance(collection.known, dict) else {}
        found = [(k, v, None) for k, v in known.items()]
    else:
        return []
    if doubt is not None:
        found.append((UnknownValue(doubt.reason), doubt_value(doubt), doubt))
    return found[:MOST]


def doubt_value(doubt: UnknownValue) -> UnknownValue:
    """An element of a collection that is not known, as far as it is."""
    return UnknownValue(doubt.reason, questions=doubt.questions, known=doubt.known if doubt.many else None)


def plain(value: object) -> object:
    """A value without entities and nulls within maps."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: p for k, v in value.items() if (p := plain(v)) is not None}
    if isinstance(value, UnknownValue):
        return value
    return value.plain() if isinstance(value, Entity) else value
