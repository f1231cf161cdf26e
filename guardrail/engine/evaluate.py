"""One policy on one resource: hits, unknowns, and what could not be evaluated. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from re import compile as regex
from typing import TYPE_CHECKING, NamedTuple

from guardrail import cel
from guardrail.engine.compile import Assertion, Compiled
from guardrail.model.document import Resource
from guardrail.model.place import Path
from guardrail.model.report import Hit, Tally, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.items import Item
from guardrail.views.pod_containers import INHERITED_AT, written

if TYPE_CHECKING:
    from guardrail.views.api_schema import Fault


_PLACEHOLDER = regex(r"<[A-Za-z][\w .:/-]{0,60}>")
"""What a document leaves to the reader to fill in: `<tag or commit>`."""


class Failure(NamedTuple):
    """An evaluation that went wrong: where it looked, and why."""

    path: Path
    reason: str


@dataclass(slots=True, eq=False, repr=False)
class Outcome:
    """What one policy says of one resource's items."""

    hits: list[Hit] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.hits or self.undecided or self.failures)


def evaluate(compiled: Compiled, items: tuple[Item, ...], outcome: Outcome) -> None:
    """Judge every item, adding to `outcome`; an evaluation that crashes is a failure, never a pass."""
    for item in items:
        try:
            applies = _applies(compiled, item) if compiled.when else True
            if applies is False:
                outcome.tally.not_applicable += 1
                continue
            results = list(_judge(compiled, item))
        except cel.CelError as error:
            _fail(outcome, item, error.message)
            continue
        except Exception as error:  # the one broad net: a crash in a check must not end the run
            _fail(outcome, item, f"{type(error).__name__}: {error}")
            continue
        outcome.tally.evaluated += 1
        if results:
            settled = [_settle(r, item, applies) for r in results]
            _take(compiled, outcome, [_placed(r, item.moved) for r in settled] if item.moved else settled)


def _fail(outcome: Outcome, item: Item, reason: str) -> None:
    """Take note of an evaluation that went wrong.

    What stumbles over a gap in a document is not known, nor what stumbles over a value of a type that the API server
    refuses, of which a policy of its own tells.
    """
    gap = item.resource.document.excerpt
    refused = None if gap else _misshapen(item)
    if gap:
        outcome.undecided.append(Undecided(item.path, gap, shared=True))
    elif refused:
        outcome.undecided.append(Undecided(refused.path, f"a value that is refused: {refused.words}", shared=True))
    else:
        outcome.failures.append(Failure(item.path, reason))


def _misshapen(item: Item) -> Fault | None:
    """The first value in a Kubernetes object whose type its field does not take."""
    if item.resource.type != "kubernetes":
        return None
    from guardrail.views.api_schema import faults

    return next((fault for fault in faults(item.resource) if fault.kind == "type"), None)


def _applies(compiled: Compiled, item: Item) -> bool | UnknownValue:
    """Whether the policy is about this item; an unknown condition is handed on."""
    unknown: UnknownValue | None = None
    for program in compiled.when:
        value = program(item.bindings)
        if isinstance(value, UnknownValue):
            unknown = value
        elif value is False:
            return False
        elif value is not True:
            raise cel.CelError(f"'when' is {type(value).__name__}, not true or false")
    return unknown or True


def _judge(compiled: Compiled, item: Item) -> Iterator[Hit | Undecided]:
    if compiled.check is not None:
        check, arguments = compiled.check
        yield from check(item, arguments)
    for assertion in compiled.assertions:
        value = assertion.program(item.bindings)
        if value is True:
            continue
        if isinstance(value, UnknownValue):
            yield Undecided(item.path, value.reason, value.questions)
        elif value is False:
            yield from _hits(assertion, item)
        else:
            raise cel.CelError(f"an assertion is {type(value).__name__}, not true or false")


def _hits(assertion: Assertion, item: Item) -> Iterator[Hit]:
    """One hit for each field to blame; one for the item when nothing in particular is."""
    message = assertion.message.render(item.bindings)
    blamed = assertion.program.explain(item.bindings, item.origins)
    if assertion.at is not None:
        missing = bool(blamed) and all(b.missing for b in blamed)
        yield Hit((*item.path, *assertion.at), message, missing)
    elif not blamed:
        yield Hit(item.path, message)
    else:
        for blame in blamed:
            path, text = item.texts.get(blame.path, (blame.path, ""))
            yield Hit(path, message, blame.missing, text=text)


def _settle(result: Hit | Undecided, item: Item, applies: bool | UnknownValue) -> Hit | Undecided:
    """A fault under an unknown condition, or an absence in a patch, is not known to be one."""
    if isinstance(result, Hit):
        if isinstance(applies, UnknownValue):
            result = Undecided(result.path, applies.reason, applies.questions)
        elif reason := _open_still(result, item):
            result = Undecided(result.path, reason)
    if isinstance(result, Undecided) and result.reason and result.reason in (item.partial, item.inherited):
        return result._replace(shared=True)
    return result


def _placed(result: Hit | Undecided, moved: Mapping[Path, Path]) -> Hit | Undecided:
    """A result in something that was put together, at the place where that is written."""
    if isinstance(result, Undecided) or not result.related:
        return result._replace(path=written(result.path, moved))
    related = tuple(
        (pointer if pointer.file else pointer._replace(path=written(pointer.path, moved)), note)
        for pointer, note in result.related
    )
    return result._replace(path=written(result.path, moved), related=related)


def _open_still(hit: Hit, item: Item) -> str:
    """What a fault depends on all the same; empty where it is one."""
    reason = _elsewhere(hit.path, item) if hit.missing else ""
    return reason or (_left_open(hit, item.resource) if item.resource.document.snippet else "")


def _left_open(hit: Hit, resource: Resource) -> str:
    """Why a fault in a document is not known to be one: what is there is left out, or for the reader to fill in."""
    found: object = resource.data
    for step in hit.path[len(resource.path) :]:
        if isinstance(found, dict):
            found = found.get(str(step))
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            break
    if resource.document.excerpt and _holds_gap(found):
        return resource.document.excerpt
    text = hit.text or found
    word = _PLACEHOLDER.search(text) if isinstance(text, str) and "\n" not in text else None
    return f"what {word[0]} stands for" if word else ""


def _holds_gap(value: object) -> bool:
    """Whether something in a value is left out of a document."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, UnknownValue):
            return True
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return False


def _elsewhere(path: Path, item: Item) -> str:
    """What else may set what is absent at a path; empty where nothing does."""
    if item.partial:
        return "" if _is_settled(path, item) else item.partial
    size = len(item.path)
    return item.inherited if path[:size] != item.path or path[size : size + 2] in INHERITED_AT else ""


def _is_settled(path: Path, item: Item) -> bool:
    """Whether what is absent at a path is known to be absent, in something of which only a part is known."""
    below = path[len(item.path) :]
    return bool(below) and below[0] in item.settled


def _take(compiled: Compiled, outcome: Outcome, results: list[Hit | Undecided]) -> None:
    """Add what was found of an item to the outcome, and count it."""
    hits = [r for r in results if isinstance(r, Hit)]
    undecided = [r for r in results if isinstance(r, Undecided)]
    if undecided and compiled.policy.unknown == "fail":
        hits += [Hit(u.path, f"{compiled.policy.title}: depends on {u.reason}") for u in undecided]
    outcome.hits.extend(hits)
    if hits:
        outcome.tally.failed += 1
    elif undecided and compiled.policy.unknown == "report":
        outcome.tally.unknown += 1
    if compiled.policy.unknown == "report":
        outcome.undecided.extend(undecided)
