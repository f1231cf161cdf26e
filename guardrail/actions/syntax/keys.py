"""Keys that GitHub does not know: which one was meant, and where a key belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guardrail.actions.syntax.shape import Shape
from guardrail.actions.syntax.workflow import CALLING_JOB, JOB, RUN_STEP, USES_STEP, WORKFLOW

_LONGEST = 40
"""Longer words are no slip of the pen."""

_MOST = 300
"""Among more names than these nobody's slip is looked for: that would take minutes where a file means harm."""

_MEANT = {
    "run": "command commands cmd script scripts exec shell-script",
    "needs": "depends depends-on dependencies require requires needed after",
    "if": "when condition only unless",
    "timeout-minutes": "timeout timeout-in-minutes max-minutes",
    "working-directory": "workdir working-dir cwd directory",
    "env": "variables vars environment-variables",
    "with": "inputs params parameters",
    "uses": "action workflow use",
    "continue-on-error": "allow-failure ignore-errors allow-failures",
    "runs-on": "os runner runs vm pool",
    "on": "trigger triggers event events",
    "jobs": "stages workflow-jobs",
    "deprecationMessage": "deprecated deprecation",
}
_WORDS_OF_OTHERS: Mapping[str, str] = {word: key for key, given in _MEANT.items() for word in given.split()}
"""What other systems call it."""

_HOMES = (("a workflow", WORKFLOW), ("a job", JOB), ("a job", CALLING_JOB), ("a step", RUN_STEP), ("a step", USES_STEP))


def meant(key: str, known: Iterable[str]) -> str:
    """The known key that was meant: the same but for case and dashes, one or two letters off, or its name elsewhere."""
    folded = _folded(key)
    by_fold = {_folded(k): k for k in known}
    if folded in by_fold:
        return by_fold[folded]
    if len(folded) > _LONGEST or len(by_fold) > _MOST:
        return ""
    near = [(distance(folded, other), other) for other in by_fold if abs(len(other) - len(folded)) <= 2]
    best = min(near, default=(9, ""))
    if best[0] <= (1 if min(len(folded), len(best[1])) <= 5 else 2) and len(folded) > 1:
        return by_fold[best[1]]
    return by_fold.get(_WORDS_OF_OTHERS.get(folded, ""), "")


def hint(word: str, known: Iterable[str]) -> str:
    """`; did you mean x?` for the name that was meant, or nothing."""
    near = meant(word, known)
    return f"; did you mean {near}?" if near else ""


def home(key: str) -> str:
    """Where a key belongs, or nothing: a key of a job that stands in a step is no new key."""
    return next((name for name, shape in _HOMES if _has(shape, key)), "")


def _has(shape: Shape, key: str) -> bool:
    return key in (shape.keys or {})


def _folded(key: str) -> str:
    return key.strip().lower().replace("_", "-").replace(" ", "-")


def distance(one: str, other: str) -> int:
    """How many letters must be put in, taken out, changed or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        two_before, before, row = before, row, [i] + [0] * len(other)
        for j, b in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], two_before[j - 2] + 1)
    return row[-1]
