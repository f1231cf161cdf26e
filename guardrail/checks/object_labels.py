"""Labels and annotations of objects and of the pods they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit
from guardrail.views.items import Item
from guardrail.views.pods import pods

__all__ = ["annotation_unknown", "refused"]

_VALUE = regex(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?\Z")
"""IsValidLabelValue (apimachinery, util/validation)."""
_NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?\Z")
_PREFIX = regex(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\Z")
"""IsQualifiedName: a name, and before a slash a DNS subdomain of at most 253 characters."""
_LONGEST_PREFIX, _LONGEST = 253, 63
_FILLED_IN = regex(r"\$|\{\{")
_SHOWN = 60


def refused(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Values that are no texts, label values that are none, and keys that are none.

    Source: meta/v1 ObjectMeta, where both are maps of texts; "Labels and Selectors", syntax and character set.
    """
    data = item.resource.data
    held = [(item.path, data.get("metadata"))]
    held += [
        (pod.metadata_path[:-1], pod.metadata) for pod in pods(item.resource) if pod.metadata_path[:-1] != item.path
    ]
    for path, metadata in held:
        for field in ("labels", "annotations"):
            entries = metadata.get(field) if isinstance(metadata, dict) else None
            for key, value in entries.items() if isinstance(entries, dict) else ():
                yield from _refused(field, key, value, (*path, "metadata", field, key))


def _refused(field: str, key: object, value: object, path: Path) -> Iterator[Hit]:
    word = field.removesuffix("s")
    if not isinstance(key, str) or _FILLED_IN.search(key) or value is None:
        return
    if not _is_key(key):
        yield Hit(path, f"{word} key {key[:_SHOWN]!r} is none that the API server takes")
    elif not isinstance(value, str):
        yield Hit(path, f"{word} {key[:_SHOWN]} is {_kind(value)}, not a text; put it in quotes")
    elif field == "labels" and not _FILLED_IN.search(value) and not _VALUE.match(value):
        why = (
            f"has {len(value)} characters, {_LONGEST} at most" if len(value) > _LONGEST else "holds what labels may not"
        )
        yield Hit(path, f"label {key[:_SHOWN]}: {value[:_SHOWN]!r} {why}")


def _is_key(key: str) -> bool:
    prefix, slash, name = key.rpartition("/")
    return bool(_NAME.match(name)) and (not slash or (len(prefix) <= _LONGEST_PREFIX and bool(_PREFIX.match(prefix))))


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    return "a list" if isinstance(value, list) else "a mapping"


def annotation_unknown(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Annotations with a controller's `prefix` that it does not know; `instead` says what does what they promise."""
    metadata = item.resource.data.get("metadata")
    given = metadata.get("annotations") if isinstance(metadata, dict) else None
    prefix = str(arguments["prefix"])
    for key in given if isinstance(given, dict) else ():
        name = str(key).removeprefix(prefix)
        if name != key and name not in arguments["known"] and not _FILLED_IN.search(name):
            instead = next((told for start, told in arguments["instead"].items() if name.startswith(start)), "")
            told = f"{prefix}{name[:_SHOWN]} does nothing: there is no such annotation{instead and '; '}{instead}"
            yield Hit((*item.path, "metadata", "annotations", str(key)), told)
