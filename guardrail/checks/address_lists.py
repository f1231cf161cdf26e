"""Who may connect, as lists of addresses or as a first and a last one: whether that is the world.

TERRAFORM 5, ranks 61, 64, 72 and 73: Kubernetes APIs and databases of Azure and Google.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views import cidr
from guardrail.views.items import Item

__all__ = ["spans", "world"]


def world(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Lists at `paths` (`block[*].attribute`) that hold the world; `what` can then be reached.

    All addresses of one path are looked at together: two halves make a world. Where no path has any address, `missing`
    is told, if it is given.
    """
    steps = [path.replace("[*]", "").split(".") for path in arguments["paths"]]
    lists = [tuple(_values(item.bindings["object"], (), s)) for s in steps]
    if "missing" in arguments and not any(True for found in lists for _ in cidr.flat(v for _, v in found)):
        at = next((at for found in lists for at, _ in found), (steps[0][0],))
        yield Hit((*item.path, *at), arguments["missing"], missing=True)
    for found in lists:
        answer = cidr.world(value for _, value in found)
        if answer is True:
            makers = cidr.makers(value for _, value in found)
            at = next(at for at, value in found if any(maker in makers for maker in cidr.flat([value])))
            yield Hit((*item.path, *at), f"{arguments['what']} can be reached from {cidr.said(makers)}")
        elif isinstance(answer, UnknownValue):
            at = next(at for at, value in found if isinstance(cidr.world([value]), UnknownValue))
            yield Undecided((*item.path, *at), answer.reason, answer.questions)


def _values(data: object, path: Path, steps: list[str]) -> Iterator[tuple[Path, object]]:
    """What stands at a path, in every one of repeated blocks; an unknown block stands for what is in it."""
    if isinstance(data, UnknownValue):
        if steps and isinstance(data.known, dict):
            yield from _values(data.known, path, steps)
        else:
            yield path, data
    elif not steps:
        yield path, data
    elif isinstance(data, list):
        for at, block in enumerate(data):
            yield from _values(block, (*path, at), steps)
    elif isinstance(data, Mapping) and data.get(steps[0]) is not None:
        yield from _values(data[steps[0]], (*path, steps[0]), steps[1:])


def spans(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Rules from a `first` to a `last` address (names of attributes, the first there is) that hold the world."""
    data = item.bindings["object"]
    if not isinstance(data, Mapping):
        return
    start, first = _attribute(data, arguments["first"])
    end, last = _attribute(data, arguments["last"])
    if first == last or first is None or last is None:
        return  # one address, known or not
    unknown = [v for v in (first, last) if isinstance(v, UnknownValue)]
    if unknown:
        at = start if unknown[0] is first else end
        yield Undecided((*item.path, at), unknown[0].reason, unknown[0].questions)
    elif cidr.world([f"{first}-{last}"]) is True:
        yield Hit((*item.path, end), f"{start} {first} to {end} {last} is the whole Internet")


def _attribute(data: Mapping[str, object], names: list[str]) -> tuple[str, object]:
    """The name and value of the attribute that is there."""
    return next(((name, data[name]) for name in names if name in data), (names[0], None))
