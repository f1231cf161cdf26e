"""Google's default service accounts: machines, nodes and grants that use them.

TERRAFORM 5, ranks 77 and 79. The accounts are `<number>-compute@developer.gserviceaccount.com` of Compute Engine and
`<project>@appspot.gserviceaccount.com` of App Engine; most projects let both edit everything
(https://cloud.google.com/iam/docs/service-account-types#default).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import compile as regex
from typing import Any

from guardrail.model.place import Path
from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.cidr import Answer
from guardrail.views.ingress import both
from guardrail.views.items import Item

__all__ = ["granted", "used"]

_DEFAULTS = ("-compute@developer.gserviceaccount.com", "@appspot.gserviceaccount.com")
_OWN = ".iam.gserviceaccount.com"
_DEFAULT_SOURCE = regex(r"(?:^|\.)google_(?:compute|app_engine)_default_service_account\.")
_OWN_SOURCE = regex(r"(?:^|\.)google_service_account\.")
_NOT_NAMED = (None, "", "default")
_EVERYTHING = ("cloud-platform", "https://www.googleapis.com/auth/cloud-platform")


def used(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Blocks named `block` whose account, in `attribute`, is a default one, or none, which means the same.

    With `scoped` only where the scope cloud-platform is given, too; with `required` also where there is no block.
    """
    name, message = arguments["block"], arguments["message"]
    blocks = item.bindings["object"].get(name) if isinstance(item.bindings["object"], Mapping) else None
    listed = blocks if isinstance(blocks, list) else [blocks] if isinstance(blocks, UnknownValue) else []
    if not listed and arguments.get("required"):
        yield Hit((*item.path, name), message, missing=True)
    for at, block in enumerate(listed):
        path = (*item.path, name, at)
        known = block.known if isinstance(block, UnknownValue) else block
        if not isinstance(known, Mapping):
            yield from _told(path, block, message)
            continue
        address = known.get(arguments["attribute"])
        answer = True if address in _NOT_NAMED else is_default(address)
        shown = "scopes" if arguments.get("scoped") else arguments["attribute"]
        if arguments.get("scoped"):
            answer = both(answer, _everything(known.get("scopes")))
        yield from _told((*path, shown), both(answer, block if isinstance(block, UnknownValue) else True), message)


def granted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Grants of a role (`member`, `members`) to a default account."""
    data = item.bindings["object"]
    for name in ("member", "members"):
        value = data.get(name) if isinstance(data, Mapping) else None
        if isinstance(value, list):
            for at, member in enumerate(value):
                yield from _told((*item.path, name, at), is_default(member), arguments["message"])
        elif value is not None:
            yield from _told((*item.path, name), is_default(value), arguments["message"])


def _told(path: Path, answer: object, message: str) -> Iterator[Hit | Undecided]:
    if answer is True:
        yield Hit(path, message)
    elif isinstance(answer, UnknownValue):
        yield Undecided(path, answer.reason, answer.questions)


def is_default(account: object) -> Answer:
    """Whether an address, as it is or as a member (`serviceAccount:...`), is a default account's.

    Of an address that is not known its end may be, or the resource that it comes from.
    """
    if not isinstance(account, UnknownValue):
        return str(account).endswith(_DEFAULTS)
    parts = account.known if isinstance(account.known, tuple) else ()
    holes = [account, *(part for part in parts if isinstance(part, UnknownValue))]
    sources = [f"{address}." for hole in holes for address, _ in hole.refs]
    if any(_DEFAULT_SOURCE.search(source) for source in sources):
        return True
    first, last = (parts[0], parts[-1]) if parts else ("", "")
    if isinstance(first, str) and ":" in first and not first.startswith("serviceAccount:"):
        return False  # a group, a user, a domain
    if isinstance(last, str) and last.endswith((*_DEFAULTS, _OWN)):
        return last.endswith(_DEFAULTS)
    return False if any(_OWN_SOURCE.search(source) for source in sources) else account


def _everything(scopes: object) -> Answer:
    """Whether scopes hold the one that takes every limit away."""
    if isinstance(scopes, UnknownValue):
        return scopes
    listed = scopes if isinstance(scopes, list) else []
    if any(scope in _EVERYTHING for scope in listed if isinstance(scope, str)):
        return True
    return next((scope for scope in listed if isinstance(scope, UnknownValue)), False)
