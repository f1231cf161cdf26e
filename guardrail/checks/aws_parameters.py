"""Parameter groups of databases: single parameters, each at its own place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.items import Item

__all__ = ["off"]

_OFF = frozenset({"0", "off", "false", "disabled"})
"""What engines take for off, in any case."""


def off(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Parameters among `names` that are set to off; `message` says what follows from it."""
    blocks = item.bindings["object"].get("parameter")  # type: ignore[attr-defined]
    for index, written in enumerate(blocks if isinstance(blocks, list) else ()):
        block = written.known if isinstance(written, UnknownValue) else written
        if not isinstance(block, dict) or block.get("name") not in arguments["names"]:
            continue
        path, value = (*item.path, "parameter", index, "value"), block.get("value")
        if isinstance(value, UnknownValue):
            yield Undecided(path, value.reason, value.questions)
        elif str(value).lower() in _OFF:
            yield Hit(path, f"{block['name']} is {value}: {arguments['message']}")
