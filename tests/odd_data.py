"""Random data in the shape of objects: what a check has to take whatever stands in a file."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


def nested(
    leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str], entries: int | None = None, size: int = 20
) -> st.SearchStrategy[Any]:
    """Leaves in lists of three at most, and in mappings of `entries` with some keys; some `size` leaves in all."""
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=entries),
        max_leaves=size,
    )
