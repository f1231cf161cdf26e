"""The combinations of a job matrix.

Source: workflow syntax, `jobs.<job_id>.strategy.matrix`, `.include` and `.exclude`; the example under "Expanding or
adding matrix configurations" in "Running variations of jobs in a workflow".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from json import loads
from math import prod

Leg = Mapping[str, object]

MOST_LEGS = 256
"""GitHub runs no more jobs of one matrix (workflow syntax, `jobs.<job_id>.strategy.matrix`)."""

_LITERAL_JSON = re.compile(r"\s*\$\{\{\s*fromJSON\(\s*'((?:[^']|'')*)'\s*\)\s*\}\}\s*", re.IGNORECASE)


def legs(strategy: object) -> tuple[Leg, ...] | None:
    """The combinations in the order they run: one empty one without a matrix, None when only a run can tell."""
    if strategy is None:
        return ({},)
    if not isinstance(strategy, Mapping):
        return None if isinstance(strategy, str) else ({},)
    matrix = _literal(strategy.get("matrix"))
    if matrix is None:
        return ({},)
    return _expanded(matrix) if isinstance(matrix, Mapping) else None


def _expanded(matrix: Mapping[str, object]) -> tuple[Leg, ...] | None:
    vectors: dict[str, list[object]] = {}
    for key, value in matrix.items():
        if key.lower() in ("include", "exclude"):
            continue
        values = _literal(value)
        if not isinstance(values, list):
            return None
        vectors[key] = values
    include, exclude = _combinations(matrix, "include"), _combinations(matrix, "exclude")
    if include is None or exclude is None or prod(len(v) for v in vectors.values()) > MOST_LEGS:
        return None
    if len(include) > MOST_LEGS or len(exclude) > MOST_LEGS * 4:
        return None
    crossed = [dict(zip(vectors, chosen, strict=True)) for chosen in product(*vectors.values())] if vectors else []
    kept = [leg for leg in crossed if not any(_within(out, leg) for out in exclude)]
    found = _included(kept, include)
    return tuple(found) if len(found) <= MOST_LEGS else None


def _included(kept: list[dict[str, object]], include: list[Leg]) -> list[dict[str, object]]:
    """Each `include` is added to every combination whose original values it leaves as they are, or stands alone.

    Values added by an earlier `include` may be replaced; combinations made by one are not added to.
    """
    originals = [dict(leg) for leg in kept]
    alone: list[dict[str, object]] = []
    for added in include:
        fits = [at for at, leg in enumerate(originals) if all(leg.get(k, v) == v for k, v in added.items())]
        for at in fits:
            kept[at].update(added)
        if not fits:
            alone.append(dict(added))
    return kept + alone


def _within(part: Leg, leg: Leg) -> bool:
    """Whether an `exclude` names this combination ("only has to be a partial match")."""
    return bool(part) and all(key in leg and leg[key] == value for key, value in part.items())


def _combinations(matrix: Mapping[str, object], key: str) -> list[Leg] | None:
    found = next((v for k, v in matrix.items() if k.lower() == key), None)
    listed = _literal(found)
    if listed is None and found is None:
        return []
    if not isinstance(listed, list):
        return None
    return [entry for entry in listed if isinstance(entry, Mapping)]


def _literal(value: object) -> object:
    """A value as it is written, `${{ fromJSON('...') }}` of a constant unpacked."""
    if isinstance(value, str) and (found := _LITERAL_JSON.fullmatch(value)):
        try:
            return loads(found[1].replace("''", "'"))
        except (ValueError, RecursionError):
            return value
    return value
