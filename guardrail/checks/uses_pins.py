"""Which code a `uses:` stands for: a commit, a tag, a branch, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from re import compile as regex
from typing import Any

from guardrail.actions.uses import Uses, parse_uses
from guardrail.checks.uses_lock import LOCKFILE, is_locked, lock, pin
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["branch", "dynamic", "malformed", "obfuscated", "short_commit", "tag", "unlocked"]

_SHORT = regex(r"(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{7,39}\Z")
_VERSIONED = regex(r"(?:^|[^\d.])\d+\.\d+\.\d+(?:$|[^\d])")
_NAME = regex(r"[A-Za-z0-9][\w.-]*\Z")
_SHOWN = 80


def used(item: Item) -> Uses:
    """The `uses:` of an item, taken apart; one of no kind where there is none."""
    given = item.bindings.get("uses")
    return parse_uses(str(given["text"])) if isinstance(given, dict) else Uses("", "")


def named(uses: Uses) -> str:
    """How a message names what is used, without the ref."""
    name = f"{uses.owner}/{uses.repo}" + (f"/{uses.path}" if uses.path else "")
    return f"reusable workflow {name}" if uses.kind == "workflow" else name


def matches(uses: Uses, patterns: Iterable[object]) -> bool:
    """Whether a pattern names it: an owner, or `owner/repo/path` with `*`; in any case, as on GitHub."""
    whole = f"{uses.name}/{uses.path}".rstrip("/").lower()
    for given in patterns:
        pattern = str(given).lower()
        if pattern == uses.owner.lower() or fnmatchcase(whole, pattern) or fnmatchcase(uses.name, pattern):
            return True
    return False


def fixedness(uses: Uses) -> str:
    """`commit`, `short` (a commit cut short), `tag` or `branch`; empty for what has no ref of a repository."""
    if uses.kind not in ("action", "workflow"):
        return ""
    if uses.pin == "sha":
        return "commit"
    if _SHORT.match(uses.ref):
        return "short"
    return "tag" if uses.pin == "tag" or _VERSIONED.search(uses.ref) else "branch"


def branch(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """What is used at a branch, or a tag that moves like one (`release/v1`, `stable`)."""
    uses = used(item)
    if fixedness(uses) != "branch" or matches(uses, arguments["params"]["anyRef"]) or is_locked(item, uses):
        return
    yield Hit(
        item.path, f"{named(uses)} runs whatever stands at {uses.ref[:_SHOWN]}, a ref that moves", text=f"@{uses.ref}"
    )


def tag(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """What is used at a tag, which its owner may move."""
    uses, params = used(item), arguments["params"]
    if fixedness(uses) != "tag" or matches(uses, [*params["trustedOwners"], *params["tagRequired"]]):
        return
    if not is_locked(item, uses):
        yield Hit(
            item.path, f"{named(uses)} is pinned to a tag, {uses.ref[:_SHOWN]}, not to a commit", text=f"@{uses.ref}"
        )


def short_commit(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A commit cut short, which GitHub refuses to resolve.

    Source: actions/runner#1037, "the provided ref is the shortened version of a commit SHA, which is not supported";
    a branch or tag of that name does not help.
    """
    uses = used(item)
    if fixedness(uses) == "short":
        message = f"{named(uses)}: {uses.ref} is a commit cut short, which GitHub does not resolve"
        yield Hit(item.path, message, text=f"@{uses.ref}")


def unlocked(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An action that the lockfile leaves out although it locks the workflow: GitHub refuses the run."""
    uses = used(item)
    found, file = lock(item)
    if found is None or uses.kind != "action" or item.resource.kind != "Workflow" or file not in found.workflows:
        return
    if pin(uses) not in found.workflows[file]:
        yield Hit(item.path, f"{LOCKFILE} locks this workflow, but not {uses.owner}/{uses.repo}@{uses.ref[:_SHOWN]}")


def dynamic(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """An expression in `uses:`, where GitHub evaluates none."""
    uses = used(item)
    if uses.kind == "dynamic":
        yield Hit(item.path, f"uses: {uses.text[:_SHOWN]} holds an expression, and GitHub evaluates none there")


def obfuscated(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A path that is written in a roundabout way: `owner/repo/./x/../y@v1`, doubled or reversed slashes."""
    uses = used(item)
    if uses.kind in ("action", "workflow", "malformed") and _is_roundabout(uses.text):
        yield Hit(item.path, f"uses: {uses.text[:_SHOWN]} hides its path behind steps that lead nowhere")


def _is_roundabout(text: str) -> bool:
    """Whether the runner reads it as a plain path: it drops empty parts, and takes `\\` for `/`.

    Source: actions/runner, `PipelineTemplateConverter.ConvertToStep`: the path is split at both slashes with empty
    parts removed.
    """
    where, at, ref = text.partition("@")
    parts = where.replace("\\", "/").split("/")
    plain = [part for part in parts if part not in ("", ".", "..")]
    readable = bool(at and ref) and len(plain) >= 2 and all(_NAME.match(part) for part in plain[:2])
    return readable and ("\\" in where or len(plain) < len(parts))


def malformed(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """What GitHub cannot read as an action: "Expected format {org}/{repo}[/path]@ref"."""
    uses = used(item)
    if uses.kind == "malformed" and not _is_roundabout(uses.text):
        yield Hit(item.path, f"uses: {uses.text[:_SHOWN] or '(nothing)'} {_fault(uses.text)}")


def _fault(text: str) -> str:
    where, at, ref = text.partition("@")
    if not text:
        return "names no action"
    if where.startswith("/") or "\\" in where:
        return "is no path GitHub knows: one of this repository begins with ./"
    if "/" not in where:
        return "has no owner: write owner/repository@ref, ./folder or docker://image"
    if not at or not ref:
        return "has no version: write owner/repository@ref"
    return "is not of the form owner/repository@ref"
