"""What COPY takes from the build context, and what `.dockerignore` keeps out of it.

Source: docs.docker.com, "Build context", ".dockerignore files": a file of the Dockerfile's own name comes first,
patterns are matched from the root of the context, the last one that matches counts. The context is taken to be the
folder of the Dockerfile, and only where what is copied lies there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from posixpath import normpath
from typing import Any, NamedTuple

from guardrail.model.report import Hit
from guardrail.views.dockerfiles import Instruction, lineage, of_item, stages
from guardrail.views.items import Item

__all__ = ["copied_whole", "ignored"]

_ROOT = frozenset({".git/", ".github/", ".gitignore", ".gitlab-ci.yml"})
"""What lies in the folder of a whole repository."""

_MOST_PATTERNS, _LONGEST = 500, 300
_SPECIAL = frozenset("*?[]${}<")
_FOLDERS = "**"


def ignored(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """COPY of a file or folder that is there and is kept out of the context: the build fails (CopyIgnoredFile)."""
    _, one = of_item(item.resource, item.path)
    if one is None or not _from_context(one):
        return
    folder, name, text = _ignore_file(item)
    patterns = _patterns(text)
    there = frozenset(_names(item, folder) if patterns else ())
    for number, source in enumerate(_sources(one) if patterns else ()):
        path = normpath(source.lstrip("/"))
        first = path.partition("/")[0]
        if _SPECIAL & set(source) or path.startswith(".") or there.isdisjoint((first, f"{first}/")):
            continue
        if len(path) <= _LONGEST and _is_ignored(path, patterns):
            told = f"{one.keyword} {source[:60]}, which {name} keeps out of the build"
            yield Hit((*item.path, "sources", number), told)


def copied_whole(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """The whole repository copied into the image that is shipped, with nothing kept out."""
    stage, one = of_item(item.resource, item.path)
    found = stages(item.resource)
    if one is None or not _from_context(one) or not any(p.number == stage.number for p in lineage(found, found[-1])):
        return
    folder, name, _ = _ignore_file(item)
    if name or _ROOT.isdisjoint(_names(item, folder)):
        return
    for number, source in enumerate(_sources(one)):
        if normpath(source.lstrip("/") or ".") == ".":
            told = f"{one.keyword} {source} takes everything, .git too: there is no .dockerignore"
            yield Hit((*item.path, "sources", number), told)


def _from_context(one: Instruction) -> bool:
    flags = one.data.get("flags")
    return one.keyword in ("COPY", "ADD") and not (isinstance(flags, dict) and "from" in flags)


def _sources(one: Instruction) -> list[str]:
    listed = one.data.get("sources")
    return [str(source) for source in listed] if isinstance(listed, list) else []


def _names(item: Item, folder: str) -> tuple[str, ...]:
    repository: Any = item.bindings["repository"]
    names: tuple[str, ...] = repository.tree.names(folder)
    return names


def _ignore_file(item: Item) -> tuple[str, str, str]:
    """The Dockerfile's folder, the name of the file that keeps files out of its build, and what that says."""
    folder, slash, own = item.resource.document.file.rpartition("/")
    there = set(_names(item, folder))
    name = next((n for n in (f"{own}.dockerignore", ".dockerignore") if n in there), "")
    repository: Any = item.bindings["repository"]
    return folder, name, (repository.tree.text(folder + slash + name) or "") if name else ""


class Pattern(NamedTuple):
    """A line of `.dockerignore`: whether it keeps out or lets in, its text, and its steps for `fnmatchcase`."""

    keeps: bool
    text: str
    steps: tuple[str, ...]


@lru_cache(maxsize=4)
def _patterns(text: str) -> tuple[Pattern, ...]:
    """The patterns of a file."""
    found: list[Pattern] = []
    for line in text.removeprefix("\ufeff").splitlines()[:_MOST_PATTERNS]:
        pattern = line.strip()
        if not pattern or pattern.startswith("#") or len(pattern) > _LONGEST:
            continue
        written = normpath(pattern.lstrip("!").strip().lstrip("/") or ".")
        found.append(Pattern(not pattern.startswith("!"), written, tuple(_steps(written))))
    return tuple(found)


def _steps(pattern: str) -> Iterator[str]:
    """The names of a pattern; a `**` that follows another one says no more, and one at the end stands for a name."""
    before = ""
    for step in pattern.split("/"):
        if not step == before == _FOLDERS:
            yield step.replace("[", "[[]")
        before = step
    if before == _FOLDERS:
        yield "*"


def _is_ignored(path: str, patterns: Sequence[Pattern]) -> bool:
    """Whether a path, or a folder it is in, is kept out; nothing is told of a folder that has parts let in again."""
    parts = path.split("/")
    out = False
    for keeps, text, steps in patterns:
        if not keeps and (text.startswith(f"{path}/") or "*" in text):
            return False
        if _matches(parts, steps):
            out = keeps
    return out


def _matches(parts: Sequence[str], steps: Sequence[str]) -> bool:
    """Whether a path, or a folder it is in, is what a pattern names: `*` and `?` within a name, `**` over any folders.

    Patterns come from files nobody vouches for, so they are walked: `next_` are the steps that a name may be.
    """
    next_ = {0}
    for part in parts:
        found: set[int] = set()
        for at in sorted(next_, reverse=True):
            folders = steps[at] == _FOLDERS
            if fnmatchcase(part, steps[at + folders]):
                found.add(at + folders + 1)
            if folders:
                found.add(at)
                break  # what is before it comes to it, at the best
        if len(steps) in found:
            return True
        next_ = found
    return False
