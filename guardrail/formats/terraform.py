"""Terraform files as far as GitHub's settings stand in them: literals by python-hcl2, nothing evaluated."""

from __future__ import annotations

from typing import Any

MOST = 300_000
"""Characters; python-hcl2 takes seconds for a megabyte."""


def data(text: str) -> dict[str, Any] | None:
    """Blocks as python-hcl2 nests them, strings without quotes, expressions as `${...}`; None where it fails."""
    if len(text) > MOST:
        return None
    import hcl2

    try:
        found = hcl2.loads(text)
    except Exception:  # the library raises lark's errors, its own, and RecursionError
        return None
    plain = _plain(found)
    return plain if isinstance(plain, dict) else None


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {_text(k): _plain(v) for k, v in value.items() if k != "__is_block__"}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
