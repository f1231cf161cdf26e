"""The policy documents of a resource, and how a test of their statements becomes a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from guardrail.hcl.values import combine
from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.iam import PolicyDocument, Statement, Text, document
from guardrail.views.iam_match import Truth, any_of, equals, outline
from guardrail.views.items import Item

Test = Callable[[Statement], Truth]

_MOST_NAMED = 3
_LONGEST_NAME = 60


class Found(NamedTuple):
    """A document and the path of the attribute that holds it."""

    path: Path
    document: PolicyDocument


def documents(item: Item, arguments: Mapping[str, Any]) -> Iterator[Found]:
    """The documents in the attributes that `attributes` names, each a JSON text; a dot leads into nested blocks."""
    for attribute in arguments.get("attributes", ("policy",)):
        for path, value in _values(item.bindings["object"], str(attribute).split("."), item.path):
            yield Found(path, document(value))


def _values(node: object, steps: Sequence[str], path: Path) -> Iterator[tuple[Path, object]]:
    if not steps:
        if isinstance(node, str | UnknownValue):
            yield path, node
    elif isinstance(node, list):
        for index, element in enumerate(node):
            yield from _values(element, steps, (*path, index))
    elif isinstance(node, dict):
        yield from _values(node.get(steps[0]), steps[1:], (*path, steps[0]))
    elif isinstance(node, UnknownValue):
        if isinstance(node.known, dict):
            yield from _values(node.known, steps, path)
        else:
            yield path, node


def judged(found: Found, test: Test, message: Callable[[list[Statement]], str]) -> Iterator[Hit | Undecided]:
    """One hit for a document whose statements meet a test; unknown when one may, or when some are not known."""
    faults: list[Statement] = []
    doubts = [found.document.unknown] if found.document.unknown is not None else []
    for statement in found.document.statements:
        truth = test(statement)
        if truth is True and statement.unknown is not None:
            truth = statement.unknown
        if isinstance(truth, UnknownValue):
            doubts.append(truth)
        elif truth:
            faults.append(statement)
    if faults:
        yield Hit(statement_path(found, faults[0]), message(faults))
    elif doubts:
        yield undecided(found.path, doubts)


def statement_path(found: Found, statement: Statement) -> Path:
    """The path of a statement; where it is not written there, it leads to the attribute all the same."""
    return (*found.path, "Statement", statement.position)


def undecided(path: Path, doubts: Sequence[UnknownValue]) -> Undecided:
    """Why a verdict is open, told once."""
    whole = doubts[0] if len(doubts) == 1 else combine(doubts)
    return Undecided(path, whole.reason, whole.questions)


def allows(statement: Statement) -> Truth:
    """Whether a statement allows rather than denies."""
    return equals(statement.effect, "Allow")


def labels(statements: Sequence[Statement]) -> str:
    """The statements by name, the first few."""
    named = ", ".join(s.label for s in statements[:_MOST_NAMED])
    return named + (f" and {len(statements) - _MOST_NAMED} more" if len(statements) > _MOST_NAMED else "")


def shown(text: Text) -> str:
    """A text for a message, with `...` for what is not known of it."""
    found = outline(text).replace("\ue000", "...")
    return found if len(found) <= _LONGEST_NAME else f"{found[: _LONGEST_NAME - 3]}..."


def listed(texts: Sequence[str]) -> str:
    """The first few of them, and how many more."""
    told = ", ".join(texts[:_MOST_NAMED])
    return told + (f" and {len(texts) - _MOST_NAMED} more" if len(texts) > _MOST_NAMED else "")


def has_action(statement: Statement, test: Callable[[Text], Truth]) -> Truth:
    """Whether one of the actions written meets a test."""
    return any_of(test(action) for action in statement.actions)
