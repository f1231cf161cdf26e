"""pre-commit's settings: where hooks come from, and whether that can change unnoticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["addresses", "moving", "unpinned"]

_SHA = r"(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})\Z"
_HEX = r"[0-9a-fA-F]+\Z"
_PLAIN = r"(?i)(?:git\+)?(?:http|git|ftp)://"
_OWN = r"(?i)(?:git\+)?(?:http|git|ftp)://(?:localhost|127\.|\[::1\])"


def addresses(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Repositories and dependencies of hooks that are fetched without encryption."""
    for repository, path in _repositories(item.resource.data):
        address = repository.get("repo")
        if isinstance(address, str) and _is_plain(address):
            yield Hit((*path, "repo"), f"hooks are fetched by {_scheme(address)}, which anyone on the way can change")
        hooks = repository.get("hooks")
        for number, hook in enumerate(hooks if isinstance(hooks, list) else ()):
            listed = hook.get("additional_dependencies") if isinstance(hook, dict) else None
            for index, wanted in enumerate(listed if isinstance(listed, list) else ()):
                at = regex(r"[\w+]{3,12}://").search(wanted) if isinstance(wanted, str) else None
                if at and _is_plain(wanted[at.start() :]):
                    where = (*path, "hooks", number, "additional_dependencies", index)
                    yield Hit(where, f"a dependency of a hook is fetched by {_scheme(at[0])}")


def _is_plain(address: str) -> bool:
    return bool(regex(_PLAIN).match(address)) and not regex(_OWN).match(address)


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower() + "://"


def moving(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A `rev` that is a branch or a tag that moves, told as pre-commit tells it: no full stop, and no hexadecimal.

    pre-commit's own warning (`WarnMutableRev` in `clientlib.py`): such references "are never updated after first
    install and are not supported".
    """
    for repository, path in _repositories(item.resource.data):
        rev = str(repository.get("rev") or "")
        if rev and "." not in rev and not regex(_HEX).match(rev):
            yield Hit((*path, "rev"), f"rev {rev[:60]} of {_name(repository)} moves: it is no fixed version")


def unpinned(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """A `rev` that is no full commit hash."""
    for repository, path in _repositories(item.resource.data):
        rev = str(repository.get("rev") or "")
        if rev and not regex(_SHA).match(rev):
            yield Hit((*path, "rev"), f"{_name(repository)} is not pinned to a commit: {rev[:60]}")


def _repositories(data: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Path]]:
    """Entries of `repos` that are fetched; `local`, `meta` and `builtin` are not."""
    listed = data.get("repos")
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict) and entry.get("repo") not in ("local", "meta", "builtin"):
            yield entry, ("repos", index)


def _name(repository: Mapping[str, Any]) -> str:
    return str(repository.get("repo") or "?").rstrip("/").removesuffix(".git").rpartition("/")[2][:60]
