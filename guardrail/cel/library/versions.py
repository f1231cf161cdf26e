"""Semantic versions (semver.org 2.0; k8s.io/apiserver/pkg/cel/library/semverlib.go)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from guardrail.cel.errors import CelError
from guardrail.cel.functions import Overload
from guardrail.cel.library.compares import Ranked

_NUMBER = r"(0|[1-9][0-9]{0,19})"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Semver(Ranked):
    """A semantic version without its build metadata, which has no part in comparisons."""

    cel_type: ClassVar[str] = "kubernetes.Semver"
    release: tuple[int, int, int]
    pre: tuple[str, ...]

    def rank(self, other: Self) -> int:
        """By the precedence of semver.org item 11."""
        if self.release != other.release:
            return 1 if self.release > other.release else -1
        if not self.pre or not other.pre:
            return bool(other.pre) - bool(self.pre)
        left, right = _precedence(self), _precedence(other)
        return (left > right) - (left < right)


def parse_version(text: str, normalize: bool = False) -> Semver | None:
    """The version a text stands for, or None; `normalize` also takes `v1.2` and `01.2.3`."""
    if normalize:
        text = _normalized(text)
    found = _VERSION.fullmatch(text)
    if found is None:
        return None
    major, minor, patch, pre, build = found.groups()
    parts = tuple(pre.split(".")) if pre else ()
    for part in (*parts, *(build.split(".") if build else ())):
        if not part:
            return None
    if any(part.isdigit() and part != "0" and part.startswith("0") for part in parts):
        return None
    return Semver((int(major), int(minor), int(patch)), parts)


def _normalized(text: str) -> str:
    parts = text.removeprefix("v").split(".", 2)
    for number, part in enumerate(parts):
        if len(part) > 1:
            rest = part.lstrip("0")
            parts[number] = rest if rest[:1].isdigit() else f"0{rest}"
    if len(parts) < 3:
        if "+" in parts[-1] or "-" in parts[-1]:
            return ""
        parts += ["0"] * (3 - len(parts))
    return ".".join(parts)


def _precedence(version: Semver) -> list[tuple[int, int, str]]:
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in version.pre]


def _semver(text: str, normalize: bool = False) -> Semver:
    found = parse_version(text, normalize)
    if found is None:
        raise CelError(f"not a semantic version: {text[:60]!r}")
    return found


def _is_semver(text: str, normalize: bool = False) -> bool:
    return parse_version(text, normalize) is not None


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "semver": (Overload((str,), _semver), Overload((str, bool), _semver)),
    "isSemver": (Overload((str,), _is_semver), Overload((str, bool), _is_semver)),
    ".major": (Overload((Semver,), lambda version: version.release[0]),),
    ".minor": (Overload((Semver,), lambda version: version.release[1]),),
    ".patch": (Overload((Semver,), lambda version: version.release[2]),),
}
