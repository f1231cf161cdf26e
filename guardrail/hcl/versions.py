"""Versions and version constraints of Terraform: `~> 6.0`, `>= 5.1, < 7.0.0`, `6.1.0`.

Read as hashicorp/go-version does (constraint.go, version.go), which Terraform uses for modules and `required_version`;
its documentation is "Version constraints" of the Terraform language.
"""

from __future__ import annotations

from re import compile as regex
from typing import NamedTuple

MOST_CONDITIONS = 50
"""How many conditions a constraint may have."""

LONGEST = 1_000
"""How many characters a constraint may have."""

_VERSION = regex(
    r"v?([0-9]{1,18}(?:\.[0-9]{1,18}){0,7})"
    r"(?:-([0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*)|([A-Za-z~]+[0-9A-Za-z~-]*(?:\.[0-9A-Za-z~-]+)*))?"
    r"(?:\+[0-9A-Za-z.~-]+)?\Z"
)
_CONDITION = regex(r"\s*(=|!=|>=|<=|~>|>|<|)\s*([^\s=!<>~][^\s]*)\s*\Z")


class Version(NamedTuple):
    """`numbers` are at least three, zeros for those left out; `prerelease` is `beta.1` of `1.0.0-beta.1`."""

    numbers: tuple[int, ...]
    prerelease: str = ""

    def order(self) -> tuple[object, ...]:
        """What versions are sorted by: numbers, then a prerelease before its release, by the parts between dots."""
        # Numbers are compared as numbers and come before words: Semantic Versioning 2.0.0, item 11.
        parts = tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in self.prerelease.split("."))
        numbers = self.numbers
        while len(numbers) > 3 and not numbers[-1]:  # 1.0.0.0 is 1.0.0
            numbers = numbers[:-1]
        return (*_padded(numbers, 8), not self.prerelease, parts)

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers)) + (f"-{self.prerelease}" if self.prerelease else "")


class Condition(NamedTuple):
    """`operator` is one of `= != > >= < <= ~>`; `written` is how many numbers of the version stand there."""

    operator: str
    version: Version
    written: int


Constraint = tuple[Condition, ...]
"""All conditions must hold; none allow every version."""


def parse(text: str) -> Version | None:
    """A version, or None for what is none."""
    found = _VERSION.match(text.strip()) if len(text) <= LONGEST else None
    if not found:
        return None
    numbers = tuple(int(part) for part in found[1].split("."))
    return Version(_padded(numbers, 3), found[2] or found[3] or "")


def constraint(text: str) -> Constraint | None:
    """The conditions of a constraint; an empty text has none. None when it cannot be read."""
    if not text.strip():
        return ()
    parts = text.split(",", MOST_CONDITIONS) if len(text) <= LONGEST else []
    conditions = [_condition(part) for part in parts]
    if not conditions or len(conditions) > MOST_CONDITIONS:
        return None
    read = tuple(c for c in conditions if c is not None)
    return read if len(read) == len(conditions) else None


def allows(conditions: Constraint, version: Version) -> bool:
    """Whether a version satisfies every condition."""
    return all(_allows(condition, version) for condition in conditions)


def least(conditions: Constraint, start: Version) -> Version | None:
    """The lowest release from `start` on that a constraint allows, whether it was ever published or not."""
    # The lowest one is the start itself, or stands where a condition begins to hold: at its version or right behind.
    edges = [start]
    for condition in conditions:
        release = condition.version._replace(prerelease="")
        edges += [condition.version, release, _next(release)]
    reached = [v for v in edges if v.order() >= start.order() and allows(conditions, v)]
    return min(reached, key=Version.order, default=None)


def exact(conditions: Constraint) -> Version | None:
    """The only version that a constraint allows because it names it with `=` or without an operator."""
    return next((c.version for c in conditions if c.operator == "="), None)


def bounded(conditions: Constraint) -> bool:
    """Whether there is a version above which nothing is allowed: `=`, `<`, `<=`, or `~>` with two numbers or more.

    `~> 1` lets the number it names grow, which is the first (constraintPessimistic in go-version), and so ends nowhere.
    """
    return any(c.operator in ("=", "<", "<=") or (c.operator == "~>" and c.written > 1) for c in conditions)


def _condition(text: str) -> Condition | None:
    found = _CONDITION.match(text)
    version = parse(found[2]) if found else None
    if not found or version is None:
        return None
    numbers = _VERSION.match(found[2])
    return Condition(found[1] or "=", version, numbers[1].count(".") + 1 if numbers else 3)


def _allows(condition: Condition, version: Version) -> bool:
    operator, wanted, written = condition
    left, right = version.order(), wanted.order()
    if operator in ("=", "!="):
        return (left == right) is (operator == "=")
    if not _same_stage(wanted, version):
        return False
    if operator == "~>":
        if wanted.prerelease and not version.prerelease:
            return False
        same = version.numbers[: written - 1] == wanted.numbers[: written - 1]
        return left >= right and same
    if operator in (">", ">="):
        return left > right or (operator == ">=" and left == right)
    return left < right or (operator == "<=" and left == right)


def _same_stage(wanted: Version, version: Version) -> bool:
    """A prerelease satisfies only a condition that names a prerelease of the same numbers (prereleaseCheck)."""
    return not version.prerelease or (bool(wanted.prerelease) and wanted.numbers == version.numbers)


def _next(version: Version) -> Version:
    return Version((*version.numbers[:-1], version.numbers[-1] + 1))


def _padded(numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    return numbers + (0,) * (length - len(numbers))
