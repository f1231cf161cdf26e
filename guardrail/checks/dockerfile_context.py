"""What COPY takes from the build context, and what `.dockerignore` keeps out of it.

Source: docs.docker.com, "Build context", ".dockerignore files": a file of the Dockerfile's own name comes first,
patterns are matched from the root of the context, the last one that matches counts. The context is taken to be the
folder of the Dockerfile, and only where what is copied lies there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import normpath
from re import compile as regex
from re import escape
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.dockerfiles import Instruction, lineage, of_item, stages
from guardrail.views.items import Item

__all__ = ["copied_whole", "ignored"]

_ROOT = frozenset({".git/", ".github/", ".gitignore", ".gitlab-ci.yml"})
"""What lies in the folder of a whole repository."""

_MOST_PATTERNS, _LONGEST = 500, 300
_SPECIAL = frozenset("*?[]${}<")


def ignored(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """COPY of a file or folder that is there and is kept out of the context: the build fails (CopyIgnoredFile)."""
    _, one = of_item(item.resource, item.path)
    if one is None or not _from_context(one):
        return
    folder, name, text = _ignore_file(item)
    patterns = _patterns(text)
    for number, source in enumerate(_sources(one) if patterns else ()):
        path = normpath(source.lstrip("/"))
        first = path.partition("/")[0]
        there = _names(item, folder)
        if _SPECIAL & set(source) or path.startswith(".") or not {first, f"{first}/"} & set(there):
            continue
        if _is_ignored(path, patterns):
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


def _patterns(text: str) -> list[tuple[bool, str]]:
    """The patterns of a file, each with whether it keeps out or lets in."""
    found: list[tuple[bool, str]] = []
    for line in text.removeprefix("\ufeff").splitlines()[:_MOST_PATTERNS]:
        pattern = line.strip()
        if not pattern or pattern.startswith("#") or len(pattern) > _LONGEST:
            continue
        keeps = not pattern.startswith("!")
        found.append((keeps, normpath(pattern.lstrip("!").strip().lstrip("/") or ".")))
    return found


def _is_ignored(path: str, patterns: list[tuple[bool, str]]) -> bool:
    """Whether a path, or a folder it is in, is kept out; nothing is told of a folder that has parts let in again."""
    parts = path.split("/")
    above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    out = False
    for keeps, pattern in patterns:
        if not keeps and (pattern.startswith(f"{path}/") or "*" in pattern):
            return False
        if any(regex(_expression(pattern)).fullmatch(part) for part in above):
            out = keeps
    return out


def _expression(pattern: str) -> str:
    """A pattern as a regular expression: `*` and `?` within a name, `**` over any number of folders."""
    out = []
    steps = pattern.split("/")
    for number, step in enumerate(steps):
        if step == "**":
            out.append("(?:[^/]+/)*" if number + 1 < len(steps) else ".+/")
        else:
            out.append("".join({"*": "[^/]*", "?": "[^/]"}.get(char, escape(char)) for char in step) + "/")
    return "".join(out).removesuffix("/")
