"""Named checks: what no expression can say. A policy calls one as `check: family.name`.

A check takes an item and the policy's arguments and yields hits and unknowns; it is pure, like every evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from guardrail.errors import PolicyError, did_you_mean
from guardrail.model.report import Hit, Undecided
from guardrail.views.items import Item

Check = Callable[[Item, Mapping[str, Any]], Iterator[Hit | Undecided]]

FAMILIES = ("documents", "secrets")
"""Modules of this room that hold checks; each lists its checks in `__all__`."""


def names() -> list[str]:
    """Every check a policy may call."""
    return [f"{family}.{name}" for family in FAMILIES for name in _module(family).__all__]


def find(name: str) -> Check:
    """The check of that name; raises PolicyError with a suggestion when there is none."""
    family, _, function = name.partition(".")
    if family in FAMILIES:
        module = _module(family)
        if function in module.__all__:
            check: Check = getattr(module, function)
            return check
    raise PolicyError(f"no check named {name}{did_you_mean(name, names())}")


def _module(family: str) -> Any:
    from importlib import import_module

    return import_module(f"guardrail.checks.{family}")
