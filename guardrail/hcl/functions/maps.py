"""Functions of maps, by Terraform's documentation, "Collection Functions".

An unknown of which entries are known (UnknownValue.known is a dict) gives those; there may be others.
"""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.hcl.functions.limits import Open, limit
from guardrail.hcl.functions.literals import kind, text
from guardrail.hcl.functions.lists import MOST_QUESTIONS, counted
from guardrail.hcl.functions.signature import Decide, Signature, anything, items, mapping, texts
from guardrail.hcl.values import EvaluationError, combine
from guardrail.model.value import Question, UnknownValue


def keys(value: object) -> object:
    """Keys in order; of a map that is known in part, those and any number of others."""
    if isinstance(value, UnknownValue) and isinstance(value.known, dict):
        whole = combine([value])
        return [*sorted(value.known), UnknownValue(whole.reason, questions=whole.questions, many=True)]
    return sorted(mapping(value))


def values(value: object) -> object:
    """Values in the order of their keys; of a map that is known in part, those and any number of others."""
    if isinstance(value, UnknownValue) and isinstance(value.known, dict):
        whole = combine([value])
        other = UnknownValue(whole.reason, questions=whole.questions, many=True)
        return [other, *(value.known[key] for key in sorted(value.known))]
    found = mapping(value)
    return [found[key] for key in sorted(found)]


def lookup(decide: Decide, value: object, key: object, *default: object) -> object:
    """The value of a key, else the default, else an error. An input as key is asked for, key by key."""
    if len(default) > 1:
        raise EvaluationError("at most one default")
    if isinstance(value, UnknownValue):
        return _partial(value, key)
    entries = mapping(value)
    if isinstance(key, UnknownValue):
        return _asked(decide, entries, key, default)
    if text(key) in entries:
        return entries[text(key)]
    if not default:
        raise EvaluationError(f'the map has no key "{text(key)}"')
    return default[0]


def _partial(value: UnknownValue, key: object) -> object:
    if isinstance(value.known, dict) and not isinstance(key, UnknownValue) and text(key) in value.known:
        return value.known[text(key)]
    raise Open(combine([value, *([key] if isinstance(key, UnknownValue) else [])]))


def _asked(decide: Decide, entries: dict[str, object], key: UnknownValue, default: tuple[object, ...]) -> object:
    """The value for a key that is an input: one question for each key of the map."""
    if not entries:
        if default:
            return default[0]
        raise EvaluationError("the map is empty")
    if not key.symbol or len(entries) > MOST_QUESTIONS:
        raise Open(combine([key]))
    questions = [Question(key.symbol, name) for name in entries]
    answers = [decide(question) for question in questions]
    for name, answer in zip(entries, answers, strict=True):
        if answer:
            return entries[name]
    left = tuple(q for q, answer in zip(questions, answers, strict=True) if answer is None)
    if left:
        raise Open(UnknownValue(key.reason, questions=left))
    if not default:
        raise EvaluationError("the map has no such key")
    return default[0]


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
    "lookup": Signature(lookup, (anything, anything), anything, decides=True),
    "merge": Signature(merge, (), anything),
    "transpose": Signature(transpose, (mapping,)),
    "values": Signature(values, (anything,)),
    "zipmap": Signature(zipmap, (items, anything)),
}
