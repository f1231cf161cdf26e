"""Names of branches and tags that stand for all others: one for each thing a filter or a condition tells apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from json import loads
from typing import NamedTuple

from guardrail.actions import globs
from guardrail.actions.triggers import Filter

MOST_NAMES = 24
"""Names of one kind for one event; a file that tells more apart is cut there."""

_LONGEST_TEXT = 20_000
_MOST_TEXT = 400_000

OTHER_BRANCH, A_TAG = "some-branch", "v1.0.0"

_CONTEXT = (
    r"github\s*\.\s*(ref|ref_name|head_ref|base_ref|event\s*\.\s*(?:workflow_run\s*\.\s*head_branch|"
    r"pull_request\s*\.\s*(?:base|head)\s*\.\s*ref|release\s*\.\s*tag_name|release\s*\.\s*target_commitish))\b"
)
_LITERAL = r"'((?:[^']|''){0,120})'"
_EQUAL = re.compile(rf"{_CONTEXT}\s*[!=]=\s*{_LITERAL}", re.IGNORECASE)
_EQUAL_TURNED = re.compile(rf"{_LITERAL}\s*[!=]=\s*{_CONTEXT}", re.IGNORECASE)
_CALLED = re.compile(rf"\b(startsWith|endsWith|contains)\(\s*{_CONTEXT}\s*,\s*{_LITERAL}\s*\)", re.IGNORECASE)
_LISTED = re.compile(rf"\bcontains\(\s*fromJSON\(\s*{_LITERAL}\s*\)\s*,\s*{_CONTEXT}", re.IGNORECASE)


class Names(NamedTuple):
    """What a file tells apart: names that conditions compare heads (`branches`), tags and pull request heads with."""

    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    default: str = "main"
    text: str = ""


PLACEHOLDER = "$default-branch"
"""What a workflow template writes for the default branch (reusing workflow configurations)."""


def names(data: Mapping[str, object], patterns: Iterable[str]) -> Names:
    """The names that matter to a workflow; the default branch is `main` unless only `master` is ever named.

    A template leaves it open, and means the same branch by the placeholder everywhere.
    """
    text = "\n".join(_texts(data))
    branches: dict[str, None] = {}
    tags: dict[str, None] = {}
    heads: dict[str, None] = {}
    for context, name in _compared(text):
        if name.startswith("refs/tags/") or context.startswith("event.release.tag_name"):
            tags[name.removeprefix("refs/tags/")] = None
        elif context in ("head_ref", "event.pull_request.head.ref"):
            heads[name.removeprefix("refs/heads/")] = None
        elif not name.startswith("refs/") or name.startswith("refs/heads/"):
            branches[name.removeprefix("refs/heads/")] = None
            if context in ("ref_name",) and looks_like_version(name):
                tags[name] = None
    known = {*branches, *patterns}
    default = "master" if "master" in known and "main" not in known else "main"
    default = PLACEHOLDER if PLACEHOLDER in known else default
    return Names(_valid(branches), _valid(tags), _valid(heads), default, text)


def _compared(text: str) -> Iterator[tuple[str, str]]:
    """Contexts and the names they are compared with; a prefix, suffix or part becomes a whole name."""
    for found in _EQUAL.finditer(text):
        yield _context(found[1]), _unquoted(found[2])
    for found in _EQUAL_TURNED.finditer(text):
        yield _context(found[2]), _unquoted(found[1])
    for found in _CALLED.finditer(text):
        yield _context(found[2]), _completed(found[1].lower(), _unquoted(found[3]))
    for found in _LISTED.finditer(text):
        try:
            listed = loads(_unquoted(found[1]))
        except (ValueError, RecursionError):
            continue
        yield from ((_context(found[2]), n) for n in (listed if isinstance(listed, list) else ()) if isinstance(n, str))


def _context(text: str) -> str:
    return "".join(text.split()).lower()


def _unquoted(text: str) -> str:
    return text.replace("''", "'")


def _completed(function: str, part: str) -> str:
    """A whole name with this prefix, suffix or part."""
    if function == "startswith":
        if part in ("refs/heads/", "refs/tags/"):
            return part + (OTHER_BRANCH if part == "refs/heads/" else A_TAG)
        if part.endswith(("/v", "/V")) or part in ("v", "V"):
            return part + A_TAG[1:]
        return part + "x" if part.endswith(("/", "-", "_")) else part
    if function == "endswith":
        return "x" + part if part.startswith(("/", "-", "_", ".")) else part
    if part in ("refs/tags", "refs/tags/", "tags/", "/tags/", "tags"):
        return f"refs/tags/{A_TAG}"
    return part.strip("/") or part


def looks_like_version(name: str) -> bool:
    """Whether a name is more likely a tag than a branch."""
    return bool(re.match(r"[vV]?\d", name))


_REF = re.compile(r"(?!/)(?!.*(?:\.\.|//|@\{|/\.|\.lock$))[^\x00-\x20\x7f~^:?*\[\\]+(?<![./])\Z")


def _valid(found: Iterable[str]) -> tuple[str, ...]:
    """Those that git takes as ref names (git-check-ref-format), in order, not too many."""
    return tuple(n for n in found if len(n) < 256 and _REF.match(n))[:MOST_NAMES]


def branches(given: Filter, known: Names) -> tuple[str, ...]:
    """Branches for one event: those its filter names, one per pattern, those conditions name, and one other."""
    wanted: dict[str, None] = {known.default: None} if given.admits(known.default) else {}
    for pattern in given.patterns[:MOST_NAMES] if given.given and not given.ignore else ():
        name = _for_pattern(pattern, given, (OTHER_BRANCH, "x", "1", "1.0", "1.0.0"))
        if name:
            wanted[name] = None
    for name in (*known.branches, OTHER_BRANCH):
        if given.admits(name):
            wanted[name] = None
    return tuple(wanted)[:MOST_NAMES]


def tags(given: Filter, known: Names) -> tuple[str, ...]:
    """Tags for one event, in the same way."""
    wanted: dict[str, None] = {}
    for pattern in given.patterns[:MOST_NAMES] if given.given and not given.ignore else ():
        name = _for_pattern(pattern, given, ("1.0.0", "1", "0.0", A_TAG, "x"))
        if name:
            wanted[name] = None
    for name in (A_TAG, *known.tags):
        if given.admits(name):
            wanted[name] = None
    return tuple(wanted)[:MOST_NAMES]


def _for_pattern(pattern: str, given: Filter, fillers: Iterable[str]) -> str:
    if pattern.startswith("!"):
        return ""
    if globs.is_literal(pattern):
        return pattern if given.admits(pattern) else ""
    several = pattern.replace("**", "*").count("*") > 1
    for filler in ("1", *fillers) if several else fillers:
        name = globs.sample(pattern, filler).strip("/")
        if name and given.admits(name) and _REF.match(name):
            return name
    return ""


def _texts(data: Mapping[str, object]) -> Iterator[str]:
    """Every string in a workflow that may hold an expression, up to a bound; keys are none."""
    waiting: list[object] = [data]
    room = _MOST_TEXT
    while waiting and room > 0:
        node = waiting.pop()
        if isinstance(node, str):
            if "github" in node.lower() or "inputs" in node.lower():
                cut = node[:_LONGEST_TEXT]
                room -= len(cut)
                yield cut
        elif isinstance(node, Mapping):
            waiting.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            waiting.extend(reversed(node))
