"""One policy on one resource: hits, unknowns, and what could not be evaluated. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail import cel
from guardrail.engine.compile import Assertion, Compiled
from guardrail.model.place import Path
from guardrail.model.report import Hit, Tally, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.items import Item


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
            outcome.failures.append(Failure(item.path, error.message))
            continue
        except Exception as error:  # the one broad net: a crash in a check must not end the run
            outcome.failures.append(Failure(item.path, f"{type(error).__name__}: {error}"))
            continue
        outcome.tally.evaluated += 1
        if results:
            _take(compiled, outcome, [_settle(r, item, applies) for r in results])


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
            yield Hit(blame.path, message, blame.missing)


def _settle(result: Hit | Undecided, item: Item, applies: bool | UnknownValue) -> Hit | Undecided:
    """A fault under an unknown condition, or an absence in a patch, is not known to be one."""
    if isinstance(result, Hit):
        if isinstance(applies, UnknownValue):
            return Undecided(result.path, applies.reason, applies.questions)
        if result.missing and item.partial and not _is_settled(result.path, item):
            return Undecided(result.path, item.partial)
    return result


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
