"""What providers assume where nothing is written: `policies/terraform/defaults/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath

from guardrail.catalog.cache import Cache, stamp
from guardrail.catalog.files import documents
from guardrail.catalog.load import shipped_directory

Defaults = Mapping[str, Mapping[str, object]]
"""By resource type: values by attribute; `block[].attribute` for one in every block of a type."""


def load(kept: FilePath | None = None) -> dict[str, dict[str, object]]:
    """Every default, by resource type; `kept` is the folder in which files that were read are kept."""
    folder = shipped_directory() / "terraform" / "defaults"
    cache = Cache.of(kept, (folder,))
    found: dict[str, dict[str, object]] = {}
    for file in sorted(folder.glob("*.yaml")):
        key, mark = str(file.absolute()), stamp(file)
        entries = cache.get(key, mark)
        if entries is None:
            entries = [(written.data, written.place()) for written in documents(file, file.name)]
            cache.put(key, mark, entries)
        for data, _ in entries:
            for type_, values in data["defaults"].items():
                found.setdefault(type_, {}).update(values)
    cache.save()
    return found


def fill(data: Mapping[str, object], defaults: Mapping[str, object]) -> dict[str, object]:
    """A resource's data with the defaults of what is not written."""
    filled = dict(data)
    for name, value in defaults.items():
        _set(filled, name.split("[]."), value)
    return filled


def _like(value: object, default: object) -> object:
    """A value of the type its attribute has: Terraform takes `"true"` for true and `"7"` for 7."""
    if isinstance(value, str):
        if isinstance(default, bool) and value in ("true", "false"):
            return value == "true"
        if isinstance(default, int) and not isinstance(default, bool) and value.lstrip("-").isdecimal():
            return int(value)
    return value


def _set(data: dict[str, object], steps: list[str], value: object) -> None:
    if len(steps) == 1:
        data[steps[0]] = _like(data.get(steps[0], value), value)
        return
    below = data.get(steps[0])
    if isinstance(below, list):
        data[steps[0]] = copies = [dict(b) if isinstance(b, dict) else b for b in below]
        for each in copies:
            if isinstance(each, dict):
                _set(each, steps[1:], value)
