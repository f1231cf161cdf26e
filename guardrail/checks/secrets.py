"""Secrets by value and shape."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from guardrail.model.document import Resource
from guardrail.model.place import Path

__all__: list[str] = []


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be shown: where it is, what it is, and the text as written."""

    path: Path
    kind: str
    value: str


def secret_values(resource: Resource) -> Iterator[Secret]:
    """Every secret in a resource, for masking."""
    return iter(())


def mask(text: str, values: Collection[str]) -> str:
    """The text with secrets replaced by asterisks of the same length."""
    for value in values:
        text = text.replace(value, "*" * len(value))
    return text
