"""List functions, and the string functions of the same names.

Sources: cel-go ext/README.md "Lists", "Strings"; kubernetes.io "Kubernetes list library".
"""

from __future__ import annotations

from itertools import pairwise

from guardrail.cel import operators
from guardrail.cel import values as v
from guardrail.cel.errors import CelError, Meter
from guardrail.cel.functions import Overload
from guardrail.cel.values import NONE, Duration, Optional, Timestamp, Uint
from guardrail.model.value import UnknownValue

_COMPARABLE = (int, Uint, float, bool, str, bytes, Duration, Timestamp)


def _string_index(text: str, part: str, start: int = 0) -> int:
    if start < 0:
        raise CelError(f"index out of range: {start}")
    return text.find(part, start) if start <= len(text) else -1


def _string_last_index(text: str, part: str, last: int | None = None) -> int:
    if last is None:
        return text.rfind(part)
    if last < 0:
        raise CelError(f"index out of range: {last}")
    return text.rfind(part, 0, last + len(part)) if last <= len(text) else -1


def _index(meter: Meter, items: list[object], wanted: object) -> int | UnknownValue:
    return _first_equal(meter, items, wanted, range(len(items)))


def _last_index(meter: Meter, items: list[object], wanted: object) -> int | UnknownValue:
    return _first_equal(meter, items, wanted, range(len(items) - 1, -1, -1))


def _first_equal(meter: Meter, items: list[object], wanted: object, order: range) -> int | UnknownValue:
    meter.spend(len(items) >> 4)
    for number in order:
        same = operators.equal(items[number], wanted, meter)
        if same is not False:
            return number if same is True else same
    return -1


def _before(a: object, b: object) -> bool:
    return bool(operators.less(a, b))


def _is_sorted(items: list[object]) -> bool:
    _comparable(items)
    return not any(_before(b, a) for a, b in pairwise(items))


def _comparable(items: list[object]) -> None:
    for item in items:
        if type(item) not in _COMPARABLE:
            raise operators.no_overload("compare", item)


def _extreme(items: list[object], largest: bool) -> object:
    if not items:
        raise CelError(f"{'max' if largest else 'min'} called on an empty list")
    _comparable(items)
    best = items[0]
    for item in items[1:]:
        if _before(best, item) if largest else _before(item, best):
            best = item
    return best


def _sum(items: list[object]) -> object:
    if not items:
        return 0
    total = items[0]
    if type(total) not in (int, Uint, float, Duration):
        raise operators.no_overload("sum", total)
    for item in items[1:]:
        total = operators.add(total, item)
    return total


def _slice(items: list[object], start: int, end: int) -> list[object]:
    if start < 0 or end < 0 or start > end or end > len(items):
        raise CelError(f"cannot slice({start}, {end}) a list of {len(items)}")
    return items[start:end]


def _flatten(meter: Meter, items: list[object], depth: int = 1) -> list[object]:
    if depth < 0:
        raise CelError("flatten: the depth must not be negative")
    made = items
    for _ in range(min(depth, 100)):
        flat: list[object] = []
        for item in made:
            if isinstance(item, list):
                v.checked_size(len(flat) + len(item))
                flat.extend(item)
            else:
                flat.append(item)
        meter.spend(1 + (len(flat) >> 3))
        if not any(isinstance(item, list) for item in flat):
            return flat
        made = flat
    return list(made)


def _distinct(meter: Meter, items: list[object]) -> list[object]:
    seen: set[object] = set()
    made: list[object] = []
    for item in items:
        if type(item) is str:
            if item in seen:
                continue
            seen.add(item)
        elif operators.contains(item, made, meter) is True:
            continue
        meter.spend(1 + (len(made) >> 6))
        made.append(item)
    return made


def sort_order(keys: list[object]) -> list[int]:
    """The positions of comparable keys in ascending order; CelError when they are not alike."""
    kinds = {type(key) for key in keys}
    if len(kinds) > 1:
        raise CelError("cannot sort: the elements are of different types")
    _comparable(keys)
    ranked = [_Ranked(key) for key in keys]
    return sorted(range(len(keys)), key=ranked.__getitem__)


class _Ranked:
    """A key in CEL's order."""

    __slots__ = ("key",)

    def __init__(self, key: object) -> None:
        self.key = key

    def __lt__(self, other: _Ranked) -> bool:
        return _before(self.key, other.key)


def _sort(items: list[object]) -> list[object]:
    return [items[number] for number in sort_order(items)]


def _range(end: int) -> list[object]:
    return list(range(v.checked_size(max(end, 0))))


def _first(items: list[object]) -> Optional:
    return Optional(items[0]) if items else NONE


def _last(items: list[object]) -> Optional:
    return Optional(items[-1]) if items else NONE


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    ".indexOf": (
        Overload((str, str), _string_index),
        Overload((str, str, int), _string_index),
        Overload((list, object), _index, False, True),
    ),
    ".lastIndexOf": (
        Overload((str, str), _string_last_index),
        Overload((str, str, int), _string_last_index),
        Overload((list, object), _last_index, False, True),
    ),
    ".reverse": (
        Overload((str,), lambda text: text[::-1]),
        Overload((list,), lambda items: items[::-1], False),
    ),
    ".isSorted": (Overload((list,), _is_sorted),),
    ".sum": (Overload((list,), _sum),),
    ".min": (Overload((list,), lambda items: _extreme(items, False)),),
    ".max": (Overload((list,), lambda items: _extreme(items, True)),),
    ".slice": (Overload((list, int, int), _slice, False),),
    ".flatten": (
        Overload((list,), _flatten, metered=True),
        Overload((list, int), _flatten, metered=True),
    ),
    ".distinct": (Overload((list,), _distinct, metered=True),),
    ".sort": (Overload((list,), _sort),),
    ".first": (Overload((list,), _first, False),),
    ".last": (Overload((list,), _last, False),),
    "lists.range": (Overload((int,), _range),),
}
