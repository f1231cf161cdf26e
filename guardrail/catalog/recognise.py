"""The recognition table: `policies/recognise/*.yaml`, and people's own entries before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from guardrail.actions.recognise import Table, table
from guardrail.catalog.cache import Cache, stamp
from guardrail.catalog.files import documents, schema
from guardrail.catalog.load import shipped_directory
from guardrail.errors import PolicyError, did_you_mean

Data = Mapping[str, Any]


def load(own: Iterable[Data] = (), kept: FilePath | None = None) -> Table:
    """The table that steps are recognised by; `own` are the entries of a settings file, already validated.

    `kept` is the folder in which files that were read are kept for the next time.
    """
    return table([*({**entry, "own": True} for entry in own), *_shipped(kept)])


def _shipped(kept: FilePath | None) -> Iterator[Data]:
    """The entries of the shipped files, in the order of the files' names."""
    folder = shipped_directory() / "recognise"
    cache = Cache.of(kept, (folder,))
    for file in sorted(folder.glob("*.yaml")):
        key, mark = str(file.absolute()), stamp(file)
        entries = cache.get(key, mark)
        if entries is None:
            entries = [(written.data, written.place()) for written in documents(file, file.name)]
            cache.put(key, mark, entries)
        for data, _ in entries:
            yield from data["recognise"]
    cache.save()


def validate(entries: object, place: str = "") -> None:
    """Check entries that a person has written; raises PolicyError that names the entry and what is wrong with it."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    found = list(Draft202012Validator(schema("recognition")).iter_errors({"recognise": entries}))
    if not found:
        return
    misspelt = [error for error in found if error.validator == "additionalProperties"]
    error: Any = misspelt[0] if misspelt else best_match(iter(found))
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    if error.validator == "additionalProperties" and isinstance(error.schema, dict):
        known = list(error.schema.get("properties", ()))
        wrong = next(key for key in error.instance if key not in known)
        raise PolicyError(f"{where}: unknown key '{wrong}'{did_you_mean(str(wrong), known)}", place)
    raise PolicyError(f"{where}: {error.message}", place)
