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


def names() -> list[str]:
    """Every check a policy may call: what modules of this room list in `__all__`."""
    from pkgutil import iter_modules

    families = sorted(m.name for m in iter_modules(__path__) if not m.ispkg)
    return [f"{family}.{name}" for family in families for name in getattr(_module(family), "__all__", ())]


def find(name: str) -> Check:
    """The check of that name; raises PolicyError with a suggestion when there is none."""
    family, _, function = name.partition(".")
    module = _module(family)
    if function in getattr(module, "__all__", ()):
        check: Check = getattr(module, function)
        return check
    raise PolicyError(f"no check named {name}{did_you_mean(name, names())}")


def _module(family: str) -> Any:
    """The module of that name in this room, or None."""
    from importlib import import_module
    from importlib.util import find_spec

    name = f"{__name__}.{family}"
    return import_module(name) if family.isidentifier() and find_spec(name) else None
