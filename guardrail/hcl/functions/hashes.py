"""Hashes, by Terraform's documentation, "Hash and Crypto Functions". Those that Terraform makes anew on every run, or
with a key, are not known."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.hcl.functions.limits import Open, size
from guardrail.hcl.functions.signature import Signature, anything, text
from guardrail.hcl.values import EvaluationError

_NAMESPACES = {"dns": "NAMESPACE_DNS", "url": "NAMESPACE_URL", "oid": "NAMESPACE_OID", "x500": "NAMESPACE_X500"}


def _digest(algorithm: str, value: str) -> bytes:
    import hashlib

    size(len(value))
    # Not for security here: the configuration asks for this very hash.
    return hashlib.new(algorithm, value.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()


def _base64(value: bytes) -> str:
    from base64 import b64encode

    return b64encode(value).decode("ascii")


def uuidv5(namespace: str, name: str) -> str:
    """The UUID of a name in a namespace: "dns", "url", "oid", "x500", or a UUID."""
    import uuid

    known = _NAMESPACES.get(namespace)
    try:
        space = getattr(uuid, known) if known else uuid.UUID(namespace)
    except ValueError:
        raise EvaluationError(f'"{namespace}" is no namespace') from None
    return str(uuid.uuid5(space, name))


def _random(*_: object) -> object:
    raise Open("what is made anew on every run")


def _key(*_: object) -> object:
    raise Open("a text that only its key opens")


FUNCTIONS: Mapping[str, Signature] = {
    "base64sha256": Signature(lambda value: _base64(_digest("sha256", str(value))), (text,)),
    "base64sha512": Signature(lambda value: _base64(_digest("sha512", str(value))), (text,)),
    "bcrypt": Signature(_random, (anything,), anything),
    "md5": Signature(lambda value: _digest("md5", str(value)).hex(), (text,)),
    "rsadecrypt": Signature(_key, (anything, anything)),
    "sha1": Signature(lambda value: _digest("sha1", str(value)).hex(), (text,)),
    "sha256": Signature(lambda value: _digest("sha256", str(value)).hex(), (text,)),
    "sha512": Signature(lambda value: _digest("sha512", str(value)).hex(), (text,)),
    "uuid": Signature(_random),
    "uuidv5": Signature(uuidv5, (text, text)),
}
