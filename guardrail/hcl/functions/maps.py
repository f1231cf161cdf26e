"""Functions of maps, by Terraform's documentation, "Collection Functions".

An unknown of which entries are known (UnknownValue.known is a dict) gives those; there may be others.
"""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.hcl.functions.choices import counted
from guardrail.hcl.functions.kinds import kind
from guardrail.hcl.functions.limits import Open, limit
from guardrail.hcl.functions.signature import Signature, anything, items, mapping, present, texts
from guardrail.hcl.run import text
from guardrail.hcl.values import EvaluationError, combine
from guardrail.model.value import UnknownValue


def keys(value: object) -> object:
    """Keys in order; of a map that is known in part, any number of others and those."""
    if isinstance(value, UnknownValue) and isinstance(value.known, dict):
        whole = combine([value])
        return [UnknownValue(whole.reason, questions=whole.questions, many=True), *sorted(value.known)]
    return sorted(mapping(value))


def values(value: object) -> object:
    """Values in the order of their keys; of a map that is known in part, any number of others
    and those."""
    if isinstance(value, UnknownValue) and isinstance(value.known, dict):
        whole = combine([value])
        other = UnknownValue(whole.reason, questions=whole.questions, many=True)
        return [other, *(value.known[key] for key in sorted(value.known))]
    found = mapping(value)
    return [found[key] for key in sorted(found)]


def lookup(value: object, key: object, *default: object) -> object:
    """The value of a key, else the default, else an error. A key that is an input is asked for by the evaluator."""
    if len(default) > 1:
        raise EvaluationError("at most one default")
    if isinstance(value, UnknownValue):
        return _partial(value, key)
    entries = mapping(value)
    if isinstance(key, UnknownValue) and entries:
        raise Open(combine([key]))
    if not isinstance(key, UnknownValue) and text(present(key)) in entries:
        return entries[text(key)]
    if not default:
        raise EvaluationError("the map has no such key")
    return default[0]


def _partial(value: UnknownValue, key: object) -> object:
    if isinstance(value.known, dict) and not isinstance(key, UnknownValue) and text(key) in value.known:
        return value.known[text(key)]
    raise Open(combine([value, *([key] if isinstance(key, UnknownValue) else [])]))


def map_(*pairs: object) -> object:
    """A map of keys and values in turn: gone since Terraform 0.15, but older configurations still call it."""
    if len(pairs) % 2:
        raise EvaluationError("a key has no value")
    return zipmap(list(pairs[::2]), list(pairs[1::2]))


def merge(*maps: object) -> object:
    """Entries of all maps, later ones win; null is left out. A map that is not known, or only in part, may replace
    what comes before it: those keys are there, their values are not known."""
    entries: dict[str, object] = {}
    opened: list[UnknownValue] = []
    for each in maps:
        if isinstance(each, UnknownValue):
            opened.append(each)
            perhaps = combine([each])
            entries = dict.fromkeys(entries, perhaps) | (each.known if isinstance(each.known, dict) else {})
        elif isinstance(each, dict):
            entries.update(each)
        elif each is not None:
            raise EvaluationError(f"maps are required, not {kind(each)}")
    limit(len(entries))
    if not opened:
        return entries
    whole = combine(opened)
    return UnknownValue(whole.reason, questions=whole.questions, known=entries)


def transpose(value: dict[str, object]) -> object:
    """A map of lists of strings the other way round: from each string to the keys that have it."""
    found: dict[str, object] = {}
    for key in sorted(value):
        for name in texts(value[key]):
            named = found.setdefault(name, [])
            if isinstance(named, list):
                named.append(key)
    return dict(sorted(found.items()))


def zipmap(names: list[object], found: object) -> object:
    """A map of keys and values; values that are not known stay so, a key that is not known leaves the others."""
    if isinstance(found, UnknownValue):
        raise Open(combine([found]))
    given = counted(items(found))
    if len(counted(names)) != len(given):
        raise EvaluationError("keys and values must be of the same length")
    opened = [n for n in names if isinstance(n, UnknownValue)]
    if opened:
        raise Open(combine(opened))
    return {text(name): value for name, value in zip(names, given, strict=True)}


FUNCTIONS: Mapping[str, Signature] = {
    "keys": Signature(keys, (anything,)),
    "lookup": Signature(lookup, (anything, anything), anything),
    "map": Signature(map_, (), anything),
    "merge": Signature(merge, (), anything),
    "transpose": Signature(transpose, (mapping,)),
    "values": Signature(values, (anything,)),
    "zipmap": Signature(zipmap, (items, anything)),
}
