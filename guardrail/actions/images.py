"""How exactly an image is named: by digest, by tag, by a tag that moves, or only up to an expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import IGNORECASE
from re import compile as regex

from guardrail.actions.matrix import legs

DIGEST, TAG, MOVING, UNKNOWN = "digest", "tag", "moving", "unknown"

_DIGEST = regex(r"@sha256:[0-9a-f]{64}\Z")
_MATRIX = regex(r"\$\{\{\s*matrix\.([\w-]+(?:\.[\w-]+)*)\s*\}\}", IGNORECASE)
_MOVING = frozenset({"latest", "main", "master", "edge", "nightly", "dev", "canary", "develop", "unstable", "rolling"})
_MOST = 64


def kind(image: str) -> str:
    """How exactly a name without `docker://` says what is meant.

    An expression may be anything, a digest too.
    """
    if _DIGEST.search(image):
        return DIGEST
    last = image.rpartition("/")[2]
    if "@" in last:
        return UNKNOWN
    if "${{" in image:
        return _of_expression(image)
    _, colon, tag = last.partition(":")
    return TAG if colon and tag and tag.lower() not in _MOVING else MOVING


def _of_expression(image: str) -> str:
    """Of a name with an expression in it: a tag behind it is one; one that moves may be that of an image built here."""
    rest = image.rpartition("}}")[2]
    tag = rest.rpartition(":")[2]
    known = ":" in rest and "/" not in tag and tag.lower() not in _MOVING
    return TAG if known else UNKNOWN


def written(text: str, job: Mapping[str, object]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """What a text stands for: itself, or each value of the matrix with its path from the job, if all are literal."""
    keys = _MATRIX.findall(text)
    if not keys:
        yield text, ()
        return
    strategy = job.get("strategy")
    for leg in (legs(strategy) or ())[:_MOST]:
        image = text
        for found in _MATRIX.finditer(text):
            image = image.replace(found[0], _value(leg, found[1]))
        yield image, _place(strategy, keys, leg)


def _value(leg: Mapping[str, object], key: str) -> str:
    value: object = leg
    for step in key.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return "" if value is None else "${{ }}" if isinstance(value, list | dict) else str(value)


def _place(strategy: object, keys: list[str], leg: Mapping[str, object]) -> tuple[str | int, ...]:
    """Where the only value of the matrix is written, if it stands in a list of its own."""
    matrix = strategy.get("matrix") if isinstance(strategy, Mapping) else None
    listed = matrix.get(keys[0]) if isinstance(matrix, Mapping) and len(keys) == 1 else None
    if isinstance(listed, list) and leg.get(keys[0]) in listed:
        return "strategy", "matrix", keys[0], listed.index(leg.get(keys[0]))
    return ()
