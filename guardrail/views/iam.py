"""IAM policy documents as statements, whatever they were written as.

The grammar is that of the IAM user guide, "Grammar of the IAM JSON policy language". What is not known of a document is
kept as small as it is: an unknown ARN is one unknown resource of a statement that is otherwise known.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from guardrail.model.value import UnknownValue
from guardrail.views.iam_json import JsonFault, Members, Text, plain, read

ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
"""What a statement may have, by the grammar."""

_CANONICAL = {name.lower(): name for name in ELEMENTS}
_LONGEST = 100_000
"""Characters of a document that are read; the longest that AWS takes has 20,480 (the limit of an S3 bucket policy)."""
_MOST_STATEMENTS = 1_000


class Principal(NamedTuple):
    """Who: `kind` is AWS, Service, Federated, CanonicalUser, or `*` where the document says just `"Principal": "*"`."""

    kind: Text
    identifier: Text


class Condition(NamedTuple):
    """One key of a condition block: all conditions of a statement must hold, for each any one of its values."""

    operator: Text
    key: Text
    values: tuple[Text, ...]


class Statement(NamedTuple):
    """A statement. `position` is its place in the list, from 0; `elements` are the keys as they are written, in order.

    Texts are as written, numbers and booleans as JSON writes them. `unknown` when elements may be there that are not
    known; an element that is not known itself is one unknown text.
    """

    position: int
    sid: Text
    effect: Text
    actions: tuple[Text, ...]
    not_actions: tuple[Text, ...]
    resources: tuple[Text, ...]
    not_resources: tuple[Text, ...]
    principals: tuple[Principal, ...]
    not_principals: tuple[Principal, ...]
    conditions: tuple[Condition, ...]
    elements: tuple[Text, ...]
    unknown: UnknownValue | None = None

    @property
    def label(self) -> str:
        """How a message names it: by its Sid, else by its number."""
        return f'statement "{self.sid}"' if isinstance(self.sid, str) and self.sid else f"statement {self.position + 1}"


class PolicyDocument(NamedTuple):
    """The statements that are known; `unknown` when there may be others, `fault` when it is no document at all.

    `elements` are the keys at the top as they are written.
    """

    statements: tuple[Statement, ...] = ()
    unknown: UnknownValue | None = None
    fault: str = ""
    version: Text = ""
    elements: tuple[Text, ...] = ()


def document(value: object) -> PolicyDocument:
    """The policy document that a value is: JSON text, text with holes, or data. Never raises.

    None and an empty text, which take a policy away, are documents without statements. Text with holes that makes no
    sense is an unknown document, since the holes may hold what makes sense of it.
    """
    if value is None or value == "":
        return PolicyDocument()
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, UnknownValue) and value.known is None:
        return PolicyDocument(unknown=value)
    return _of_data(_Same(value))


class _Same:
    """Data as a key: the same, not what looks the same. It holds them, so that their identity is not given again."""

    __slots__ = ("data",)

    def __init__(self, data: object) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.data is self.data

    def __hash__(self) -> int:
        return id(self.data)


@lru_cache(maxsize=64)
def _of_data(held: _Same) -> PolicyDocument:
    """Remembered, as texts are: several policies read the same document one after the other."""
    try:
        return _document(read(held.data))
    except JsonFault as fault:
        unknown = held.data if isinstance(held.data, UnknownValue) else None
        return PolicyDocument(unknown=unknown, fault="" if unknown else str(fault))


@lru_cache(maxsize=256)
def _of_text(text: str) -> PolicyDocument:
    if len(text) > _LONGEST:
        return PolicyDocument(fault=f"it has more than {_LONGEST} characters")
    try:
        return _document(read(text))
    except JsonFault as fault:
        return PolicyDocument(fault=str(fault))


def _document(data: object) -> PolicyDocument:
    if isinstance(data, UnknownValue):
        return PolicyDocument(unknown=data)
    if not isinstance(data, Members):
        return PolicyDocument(fault="it is no object")
    unknown = data.rest
    statements: list[Statement] = []
    for position, found in enumerate(_listed(_member(data, "statement"))[:_MOST_STATEMENTS]):
        if isinstance(found, UnknownValue):
            unknown = found
        elif isinstance(found, Members):
            statements.append(_statement(found, position))
    version = next(iter(_texts(_member(data, "version"))), "")
    return PolicyDocument(tuple(statements), unknown, "", version, tuple(k for k, _ in data.pairs))


def _statement(data: Members, position: int) -> Statement:
    held: dict[str, object] = {}
    for key, value in data.pairs:
        if isinstance(key, str):
            held.setdefault(_CANONICAL.get(key.lower(), ""), value)
    unnamed = next((key for key, _ in data.pairs if isinstance(key, UnknownValue)), None)
    return Statement(
        position=position,
        sid=next(_texts(held.get("Sid")), ""),
        effect=next(_texts(held.get("Effect")), ""),
        actions=tuple(_texts(held.get("Action"))),
        not_actions=tuple(_texts(held.get("NotAction"))),
        resources=tuple(_texts(held.get("Resource"))),
        not_resources=tuple(_texts(held.get("NotResource"))),
        principals=tuple(_principals(held.get("Principal"))),
        not_principals=tuple(_principals(held.get("NotPrincipal"))),
        conditions=tuple(_conditions(held.get("Condition"))),
        elements=tuple(key for key, _ in data.pairs),
        unknown=data.rest or unnamed,
    )


def _member(data: Members, name: str) -> object:
    """The value of a key, None when it is absent. In any case: to miss `effect` would be to miss what is granted."""
    return next((v for k, v in data.pairs if isinstance(k, str) and k.lower() == name), None)


def _listed(value: object) -> list[object]:
    """One thing is written with or without the list around it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> Iterator[Text]:
    """The texts of an element; booleans and numbers as JSON writes them, what fits nowhere left out."""
    for found in _listed(value):
        if isinstance(found, bool):
            yield "true" if found else "false"
        elif isinstance(found, str | UnknownValue):
            yield found
        elif isinstance(found, int | float):
            yield str(found)


def _principals(value: object) -> Iterator[Principal]:
    if isinstance(value, Members):
        for kind, identifiers in value.pairs:
            for identifier in _texts(identifiers):
                yield Principal(kind, identifier)
        if value.rest is not None:
            yield Principal(value.rest, value.rest)
        return
    for found in _texts(value):
        yield Principal("*" if isinstance(found, str) else found, found)


def _conditions(value: object) -> Iterator[Condition]:
    if isinstance(value, UnknownValue):
        yield Condition(value, value, (value,))
    if not isinstance(value, Members):
        return
    for operator, keys in value.pairs:
        if isinstance(keys, UnknownValue):
            yield Condition(operator, keys, (keys,))
        elif isinstance(keys, Members):
            for key, values in keys.pairs:
                yield Condition(operator, key, tuple(_texts(values)))
            if keys.rest is not None:
                yield Condition(operator, keys.rest, (keys.rest,))
    if value.rest is not None:
        yield Condition(value.rest, value.rest, (value.rest,))


__all__ = ["ELEMENTS", "Condition", "PolicyDocument", "Principal", "Statement", "Text", "document", "plain"]
