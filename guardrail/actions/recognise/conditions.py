"""Whether a condition of the table holds, and what its templates stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from guardrail.actions.recognise.files import reading
from guardrail.actions.recognise.patterns import flag, image, listed, matches, positional, value
from guardrail.actions.recognise.records import Subject

_TEMPLATE = re.compile(r"\$\{\{([^}]*)\}\}")
_KNOWN = "known"


def holds(condition: object, subject: Subject, facts: Mapping[str, str] | None = None) -> bool:
    """Whether every test of a condition holds; an absent condition does."""
    if not isinstance(condition, Mapping):
        return True
    return all(_TESTS[name](given, subject, facts or {}) for name, given in condition.items() if name in _TESTS)


def _with(given: object, subject: Subject, _: Mapping[str, str]) -> bool:
    return _each(given, subject.inputs)


def _env(given: object, subject: Subject, _: Mapping[str, str]) -> bool:
    return _each(given, subject.env)


def _each(given: object, values: Mapping[str, str]) -> bool:
    if not isinstance(given, Mapping):
        return any(name in values for name in listed(given))
    return all(
        any(matches(pattern, values.get(str(name), "").strip()) for pattern in listed(wanted))
        for name, wanted in given.items()
    )


def _has(given: object, subject: Subject, _: Mapping[str, str]) -> bool:
    return any(flag(pattern, subject.words[1:]) for pattern in listed(given))


def _lacks(given: object, subject: Subject, facts: Mapping[str, str]) -> bool:
    return not _has(given, subject, facts)


def _argument(given: object, subject: Subject, _: Mapping[str, str]) -> bool:
    words = positional(subject.rest, subject.options)
    return any(matches(pattern, word) for pattern in listed(given) for word in words)


def _says(given: object, subject: Subject, _: Mapping[str, str]) -> bool:
    return any(regex(pattern).search(subject.text[:5000]) for pattern in listed(given))


def _wrapped(given: object, subject: Subject, _: Mapping[str, str]) -> bool:
    return any(matches(pattern, name) for pattern in listed(given) for name in subject.wrappers)


def _judged(given: object, subject: Subject, _: Mapping[str, str]) -> bool:
    return bool(subject.judged) == given


def _file(given: object, subject: Subject, _: Mapping[str, str]) -> bool:
    for one in given if isinstance(given, list) else [given]:
        if isinstance(one, Mapping):
            found = _reading(one, subject)
            if found is not None and any(matches(p, found) for p in listed(one.get("is", "?*"))):
                return True
    return False


def _reading(given: Mapping[str, object], subject: Subject) -> str | None:
    """What a file says; its name may be an option's value."""
    names = [filled(name, subject) for name in listed(given.get("file"))]
    return reading({**given, "file": [name for name in names if name]}, subject.where)


def _is_known(given: object, _: Subject, facts: Mapping[str, str]) -> bool:
    return any(facts.get(name) for name in listed(given))


def _any(given: object, subject: Subject, facts: Mapping[str, str]) -> bool:
    return isinstance(given, list) and any(holds(one, subject, facts) for one in given)


def _not(given: object, subject: Subject, facts: Mapping[str, str]) -> bool:
    return not holds(given, subject, facts)


_TESTS = {
    "with": _with,
    "env": _env,
    "has": _has,
    "lacks": _lacks,
    "argument": _argument,
    "says": _says,
    "wrapped": _wrapped,
    "judged": _judged,
    "file": _file,
    _KNOWN: _is_known,
    "any": _any,
    "not": _not,
}


@lru_cache(maxsize=512)
def regex(pattern: str) -> re.Pattern[str]:
    """A regular expression of the table, compiled once."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def fact(given: object, subject: Subject) -> str:
    """What a detail of an entry is: the first of its sources that is known; "" when none is.

    A source is a text with `${{ with.x || flags.y || env.z || words.1 }}` in it, or a reading of a file.
    """
    for source in given if isinstance(given, list) else [given]:
        if isinstance(source, Mapping):
            found = _reading(source, subject) or ""
        else:
            found = filled("".join(listed(source)), subject)
        if found:
            return found
    return ""


def filled(template: str, subject: Subject) -> str:
    """A template with its `${{ }}` put in; "" when one of them is not known."""
    found: list[str] = []
    at = 0
    for match in _TEMPLATE.finditer(template):
        known = next(filter(None, (_named(name.strip(), subject) for name in match.group(1).split("||"))), "")
        if not known:
            return ""
        found += [template[at : match.start()], known]
        at = match.end()
    return "".join([*found, template[at:]])


def _named(name: str, subject: Subject) -> str:
    kind, _, key = name.partition(".")
    if kind == "with":
        return subject.inputs.get(key, "").strip()
    if kind == "env":
        return subject.env.get(key, "")
    if kind == "flags":
        return value(key, subject.words[1:]) or ""
    if kind == "words" and key.isdigit():
        words = positional(subject.rest, subject.options)
        return words[int(key) - 1] if 0 < int(key) <= len(words) else ""
    if name == "words.image":
        return image(subject.rest)
    if name == "words.assigned":  # the value of the first `name=value`
        return next((w.partition("=")[2] for w in positional(subject.rest, subject.options) if "=" in w), "")
    return name.strip("'") if name.startswith("'") else ""
