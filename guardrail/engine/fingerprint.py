"""The identity of a finding over time.

No line numbers, no message text, list positions named where possible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from guardrail.model.place import Path

_NAMING = (
    "name",
    "mountPath",
    "devicePath",
    "containerPort",
    "port",
    "host",
    "hostname",
    "ip",
    "topologyKey",
    "id",
    "uses",
)
# `key` names a toleration, a selector term or a projected item; elsewhere it may hold a key in the
# other sense.
_KEY_COMPANIONS = ("operator", "effect", "values", "path")
# Lists whose scalars are words of a published vocabulary, so that they can name themselves.
_VOCABULARIES = ("add", "drop", "accessModes", "policyTypes", "verbs", "resources", "apiGroups")
_WORD = re.compile(r"[A-Za-z*][A-Za-z0-9*._/-]{0,62}")
_LONGEST = 253


def fingerprint(policy_id: str, file: str, address: str, named_path: Sequence[str]) -> str:
    """32 hexadecimal digits of SHA-256 over the parts, each with its length, so that no two lists
    are alike.
    """
    from hashlib import sha256  # loads OpenSSL; a clean run needs none

    parts = (policy_id, file, address, *named_path)
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Namer:
    """Names paths by what their list elements are called; each list is looked at once, however many paths cross it."""

    __slots__ = ("_lists",)

    def __init__(self) -> None:
        self._lists: dict[tuple[int, str], tuple[list[object], list[str]]] = {}

    def path(self, data: object, path: Path) -> tuple[str, ...]:
        """The path with list positions replaced by what names the element: `[name=app]`, a second one `[name=app#2]`.

        Positions stay where nothing names the element, and past the point where the path leaves the data.
        """
        steps: list[str] = []
        here: object = data
        parent = ""
        for step in path:
            if isinstance(here, list) and isinstance(step, int) and 0 <= step < len(here):
                steps.append(self._names(here, parent)[step])
                here = here[step]
            else:
                steps.append(str(step))
                here = here.get(step) if isinstance(here, Mapping) else None
            parent = step if isinstance(step, str) else ""
        return tuple(steps)

    def _names(self, items: list[object], parent: str) -> list[str]:
        known = self._lists.get((id(items), parent))
        if known is not None and known[0] is items:
            return known[1]
        counts: dict[str, int] = {}
        names: list[str] = []
        for position, item in enumerate(items):
            name = _identity(item, parent)
            number = counts[name] = counts.get(name, 0) + 1
            names.append(f"[{position}]" if not name else f"[{name}]" if number == 1 else f"[{name}#{number}]")
        self._lists[id(items), parent] = (items, names)
        return names


def _identity(item: object, parent: str) -> str:
    """What names an element, never a value that might be secret; or nothing."""
    if isinstance(item, str):
        return f"={item}" if parent in _VOCABULARIES and _WORD.fullmatch(item) else ""
    if not isinstance(item, Mapping):
        return ""
    keys: tuple[str, ...] = _NAMING
    if any(key in item for key in _KEY_COMPANIONS):
        keys = ("name", "key", *_NAMING[1:])
    for key in keys:
        value = item.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{key}={value}"
        if isinstance(value, str) and 0 < len(value) <= _LONGEST:
            return f"{key}={value}"
    return ""
