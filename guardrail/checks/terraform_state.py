"""Where a configuration keeps its state: locked, encrypted, and without credentials in the file.

Terraform's documentation of each backend: developer.hashicorp.com/terraform/language/backend/<name>.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guardrail.model.report import Hit, Undecided
from guardrail.model.value import UnknownValue
from guardrail.views.declared import module_of, state_block
from guardrail.views.items import Item

__all__ = ["credentials", "local", "missing", "unencrypted", "unlocked"]

_NEEDED = {
    "s3": ("bucket", "key"),
    "http": ("address",),
    "oss": ("bucket",),
    "consul": ("path",),
}
"""What a backend cannot do without: where it is missing, the rest is given to `terraform init -backend-config`, too."""

_LOCKS = {"s3": ("dynamodb_table", "use_lockfile"), "http": ("lock_address",), "oss": ("tablestore_table",)}
"""Backends that lock only if told to, and the arguments that tell them."""

_SECRET = {
    "s3": ("access_key", "secret_key", "token"),
    "azurerm": ("access_key", "sas_token", "client_secret", "client_certificate_password", "oidc_token"),
    "gcs": ("access_token", "encryption_key"),
    "http": ("password", "client_private_key_pem"),
    "consul": ("access_token", "http_auth"),
    "remote": ("token",),
    "cloud": ("token",),
    "oss": ("access_key", "secret_key", "security_token"),
    "cos": ("secret_id", "secret_key", "security_token"),
    "kubernetes": ("token", "password", "client_key"),
}
"""Arguments of backends that are credentials."""

Data = Mapping[str, object]


def unlocked(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Backends that let two applies run at once."""
    for kind, path, data in _backends(item):
        if kind == "consul" and data.get("lock") is False:
            yield Hit((*path, "lock"), "lock is false: two applies may run at once")
        words = _LOCKS.get(kind)
        if words is None or any(_set(data.get(word)) for word in words):
            continue
        doubt = _elsewhere(kind, data)
        if doubt:
            yield Undecided(path, doubt)
        else:
            advice = {"s3": "`use_lockfile = true`"}.get(kind, f"`{words[0]}`")
            yield Hit(path, f"nothing locks the state, two applies may run at once: add {advice}", missing=True)


def unencrypted(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """State in S3 or OSS that is not asked to be encrypted."""
    for kind, path, data in _backends(item):
        if kind not in ("s3", "oss") or _set(data.get("encrypt")):
            continue
        doubt = _elsewhere(kind, data) if "encrypt" not in data else ""
        if doubt:
            yield Undecided(path, doubt)
        else:
            yield Hit((*path, "encrypt"), "encrypt is not true (its default is false)", "encrypt" not in data)


def credentials(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Credentials of the backend that stand in the file."""
    for kind, path, data in _backends(item):
        for word in _SECRET.get(kind, ()):
            if isinstance(data.get(word), str) and data[word]:
                yield Hit((*path, word), f"{word} of the backend is written into the file")
        where = data.get("conn_str") if kind == "pg" else None
        if isinstance(where, str) and _with_password(where):
            yield Hit((*path, "conn_str"), "the password of the database is written into the file")
        key = data.get("credentials") if kind == "gcs" else None
        if isinstance(key, str) and "private_key" in key:
            yield Hit((*path, "credentials"), "the key of a service account is written into the file")


def local(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """State on the machine of whoever applies, by a `backend "local"`."""
    for kind, path, _ in _backends(item):
        if kind == "local":
            yield Hit(path, "the state lies on the machine that applies")


def missing(item: Item, arguments: Mapping[str, Any]) -> Iterator[Hit | Undecided]:
    """Configurations with a provider, run by themselves, that name no backend: their state lies on one machine."""
    module = module_of(item)
    if item.bindings["called"] or state_block(module) is not None:
        return
    for written in module.providers.values():
        path = (written.file, written.block.start, written.block.header_end)
        yield Hit(path, "no `backend` or `cloud` block: the state lies on the machine that applies", text="backend")
        return


def _backends(item: Item) -> Iterator[tuple[str, tuple[str | int, ...], Data]]:
    """Backends of a `terraform` block: what they are called, where, and what they are told; `cloud` is one."""
    data = item.bindings["object"]
    for word in ("backend", "cloud"):
        listed = data.get(word) if isinstance(data, Mapping) else None
        for at, backend in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(backend, Mapping):
                kind = str(backend.get("type", "")) if word == "backend" else word
                yield kind, (*item.path, word, at), backend


def _set(value: object) -> bool:
    """Whether an argument is given, and neither false nor empty; one that is not known is given."""
    return isinstance(value, UnknownValue) or (value is not None and value is not False and value not in ("", "false"))


def _elsewhere(kind: str, data: Data) -> str:
    """Why the rest may be given when Terraform is initialised; empty where the block is complete."""
    if all(_set(data.get(word)) for word in _NEEDED.get(kind, ())):
        return ""
    return "what `terraform init -backend-config` is given"


def _with_password(address: str) -> bool:
    """`postgres://user:password@host/db`."""
    _, slashes, rest = address.partition("://")
    login, at, _ = rest.rpartition("@")
    return bool(slashes and at and login.partition(":")[2])
