"""Patterns of branch, tag and path filters that GitHub refuses, or that can match nothing.

Sources: workflow syntax, "Filter pattern cheat sheet"; git-check-ref-format(1) for names of branches and tags.
"""

from __future__ import annotations

from re import compile as regex

_NO_REF = regex(r"[ ~^:\x00-\x1f\x7f]|\.\.|@\{|//")
_CLASS = regex(r"\[([^\]]*)(\]?)")
_RANGE = regex(r"(.)-(.)")
_KIND_OF_REF = regex(r"refs/(heads|tags)/")


def fault(pattern: str, path: bool) -> str:
    """What is wrong with a pattern, or nothing; `path` for path filters."""
    bare = pattern.removeprefix("!")
    if not bare:
        return "is empty" if not pattern else "takes back nothing"
    return _brackets(bare) or _counted(bare) or (_of_path(bare) if path else _of_ref(bare))


def _brackets(pattern: str) -> str:
    for found in _CLASS.finditer(pattern.replace("\\[", "")):
        inside, closed = found.groups()
        if not closed:
            return "has a [ without its ]"
        if not inside:
            return "has an empty []"
        for first, last in _RANGE.findall(inside):
            if last < first and first.isalnum() and last.isalnum():
                return f"has a range {first}-{last} that runs backwards"
    return ""


def _counted(pattern: str) -> str:
    if pattern[0] in "?+":
        return f"begins with {pattern[0]}, which counts the character before it"
    return ""


def _of_path(pattern: str) -> str:
    if pattern.startswith(("./", "../", "/")) or "/./" in pattern or "/../" in pattern:
        return "matches nothing: paths start at the root of the repository, without ./, ../ or /"
    if pattern.endswith("/"):
        return f"matches nothing: no path of a file ends with /; write {pattern}**"
    if pattern != pattern.strip():
        return "matches nothing: it begins or ends with a blank"
    return ""


def _of_ref(pattern: str) -> str:
    found = _KIND_OF_REF.match(pattern)
    if found:
        return f"matches nothing: names of branches and tags stand without {found.group()}"
    found = _NO_REF.search(pattern)
    if found:
        return f"matches nothing: no branch or tag has {found.group()!r} in its name"
    if pattern.startswith("/") or pattern.endswith(("/", ".lock", ".")):
        return "matches nothing: no branch or tag is named so"
    return ""
