"""Passwords of databases, caches and brokers that stand in a Terraform configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.items import Item

__all__ = ["literal"]

_NAMES = frozenset(
    {
        "admin_user_password",
        "admin_user_password_wo",
        "auth_token",
        "master_password",
        "master_password_wo",
        "master_user_password",
        "password",
        "password_wo",
        "passwords",
        "service_account_password",
    }
)
"""Arguments that hold a password (schema of hashicorp/aws 5.100.0), wherever in the resource they stand."""

_TAGS = ("tags", "tags_all")


def literal(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Passwords whose text is known: it is in place, or in a variable's default, a local or a tfvars file.

    A computed value (`random_password.x.result`, a data source) is not known; one that may be a text or nothing, as
    an input decides, is undecided. Whether it is a good password does not matter.
    """
    for path, value in _passwords(item.bindings["object"], item.path):
        name = next(str(step) for step in reversed(path) if isinstance(step, str))
        if isinstance(value, str) and value:
            yield Hit(path, f"{name} is written in the configuration")
        elif isinstance(value, UnknownValue) and value.questions:
            yield Undecided(path, value.reason, value.questions)


def _passwords(data: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Every value under a name of `_NAMES`, lists of them one by one."""
    waiting: list[tuple[Path, object]] = [(path, data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(((*path, key), below) for key, below in value.items() if key not in _TAGS)
        elif isinstance(value, list):
            waiting.extend(((*path, index), below) for index, below in enumerate(value))
        elif any(step in _NAMES for step in path):
            yield path, value
