"""Checks on the text of a document itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit
from guardrail.views.items import Item

__all__ = ["duplicate_keys"]


def duplicate_keys(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit]:
    """Keys given twice in one mapping, where the last silently wins (YAML 1.2, section 3.2.1.3)."""
    for defect in item.resource.document.defects:
        if defect.code == "duplicate-key":
            yield Hit(defect.path, defect.detail, span=defect.span)
