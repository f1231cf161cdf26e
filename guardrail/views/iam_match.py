"""What statements of a policy document grant, with three answers: True, False, or an UnknownValue that says why."""

from __future__ import annotations

from collections.abc import Iterable

from guardrail.hcl.values import combine
from guardrail.model.value import UnknownValue
from guardrail.views.iam_json import Text

Truth = bool | UnknownValue
"""An answer that may not be known."""

_HOLE = "\ue000"
_WITHOUT_KIND = frozenset({"s3", "sns", "sqs", "execute-api", "codecommit"})
"""Services whose ARNs have the name where others have the kind of thing (Service Authorization Reference)."""


def any_of(truths: Iterable[Truth]) -> Truth:
    """True as soon as one is; unknown when one may be."""
    open_ones: list[UnknownValue] = []
    for truth in truths:
        if isinstance(truth, UnknownValue):
            open_ones.append(truth)
        elif truth:
            return True
    return _combined(open_ones) if open_ones else False


def all_of(truths: Iterable[Truth]) -> Truth:
    """False as soon as one is; unknown when one may be."""
    open_ones: list[UnknownValue] = []
    for truth in truths:
        if isinstance(truth, UnknownValue):
            open_ones.append(truth)
        elif not truth:
            return False
    return _combined(open_ones) if open_ones else True


def negated(truth: Truth) -> Truth:
    """Not so; an unknown stays one."""
    return truth if isinstance(truth, UnknownValue) else not truth


def _combined(unknowns: list[UnknownValue]) -> UnknownValue:
    return unknowns[0] if len(unknowns) == 1 else combine(unknowns)


def is_open(text: Text) -> bool:
    """Whether a text as a whole is an input of the configuration, which may hold anything, `*` included.

    What a resource, a data source or a module hands out is the name of something, whatever it is.
    """
    if not isinstance(text, UnknownValue) or text.refs or text.known is not None:
        return False
    return bool(text.symbol or text.questions) or not text.reason.startswith(("module.", "data.", "aws_"))


def outline(text: Text) -> str:
    """A text with a mark for each hole."""
    if isinstance(text, str):
        return text
    if isinstance(text.known, tuple):
        return "".join(part if isinstance(part, str) else _HOLE for part in text.known)
    return _HOLE


def is_known(text: Text) -> bool:
    """Whether a text has no hole."""
    return isinstance(text, str)


def equals(text: Text, wanted: str) -> Truth:
    """Whether a text is another, in any case."""
    if isinstance(text, str):
        return text.lower() == wanted.lower()
    return text if _matches(outline(text).replace(_HOLE, "*"), wanted) else False


def is_everything(text: Text) -> Truth:
    """Whether a text is `*`: everyone, every resource, every action (`*:*` says the same of actions)."""
    if isinstance(text, str):
        return bool(text) and set(text) <= {"*", ":"} and "*" in text
    return text if is_open(text) else False


def covers(pattern: Text, name: str) -> Truth:
    """Whether a pattern with `*` and `?` matches a name, in any case, as IAM matches actions.

    IAM user guide, "IAM JSON policy elements: Action": wildcards, and names that are not case-sensitive.
    """
    if isinstance(pattern, str):
        return _matches(pattern, name)
    return pattern if _matches(outline(pattern).replace(_HOLE, "*"), name) else False


def _matches(pattern: str, name: str) -> bool:
    """Wildcard match in linear memory and at most len(pattern) * len(name) steps."""
    pattern, name = pattern.lower(), name.lower()
    at = place = 0
    star, resumed = -1, 0
    while at < len(name):
        if place < len(pattern) and pattern[place] == "*":
            star, resumed = place, at
            place += 1
        elif place < len(pattern) and pattern[place] in ("?", name[at]):
            at += 1
            place += 1
        elif star >= 0:
            resumed += 1
            at, place = resumed, star + 1
        else:
            return False
    return not pattern[place:].strip("*")


def is_wide(resource: Text) -> Truth:
    """Whether a resource names no resource in particular: `*`, or an ARN that ends in nothing but wildcards.

    `arn:aws:iam::*:role/*` and `arn:aws:s3:::*/*` are wide, `arn:aws:s3:::logs-*` is not; a hole is a name.
    """
    everything = is_everything(resource)
    if everything is not False:
        return everything
    parts = outline(resource).split(":", 5)
    if parts[0] != "arn" or len(parts) < 6:
        return False
    kind, slash, name = parts[5].replace(":", "/", 1).partition("/")
    rest = name if slash and kind.replace("-", "").isalnum() and parts[2] not in _WITHOUT_KIND else parts[5]
    return bool(rest) and set(rest) <= {"*", "/", ":"}


__all__ = [
    "Truth",
    "all_of",
    "any_of",
    "covers",
    "equals",
    "is_everything",
    "is_known",
    "is_open",
    "is_wide",
    "negated",
    "outline",
]
