"""What a Secret's data are: real values, or certificates, placeholders and plain settings."""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex

from guardrail.checks.secret_lines import given
from guardrail.checks.secret_names import promise
from guardrail.checks.secret_shapes import tokens
from guardrail.checks.secret_sighting import DATA, Sighting
from guardrail.checks.secret_words import (
    decoded,
    is_default,
    is_other_thing,
    is_plain_value,
    is_reference,
)
from guardrail.model.document import Resource
from guardrail.model.place import Path

_HARMLESS_NAME = (
    r"(?i)(?:\A|[-_.])(?:user|username|user_name|login|host|hostname|server|port|url|uri|endpoint|address|region|zone"
    r"|bucket|[a-z]*accountname|database|dbname|db_name|db|namespace|name|type|project|org|account|email|realm|tenant|client_?id"
    r"|ca\.crt|tls\.crt|ca\.pem|ca|crt|cert|pub|enabled|version|environment|env|expiration|description"
    r"|usage-bootstrap-[a-z]+|auth-extra-groups|token-id)\Z"
)
_HARMLESS_END = r"(?:User|Username|Host|Port|Url|URL|Endpoint|Region|Bucket|Database|ClientId|ClientID|Name)\Z"


def values(resource: Resource) -> Iterator[tuple[Path, str, str, str]]:
    """Each value of a Secret: its path, its key, the text as written and the text it stands for."""
    if resource.kind != "Secret":
        return
    for key in ("data", "stringData"):
        listed = resource.data.get(key)
        for name, value in listed.items() if isinstance(listed, dict) else ():
            if value is None or isinstance(value, dict | list):
                continue
            written = value if isinstance(value, str) else str(value)
            yield (*resource.path, key, str(name)), str(name), written, _plain(key, written)


def _plain(key: str, written: str) -> str:
    """The text that base64 stands for; as written when it is none, such as a template's variable."""
    if key != "data" or len(written) > 1_400_000 or is_reference(written):
        return written
    try:
        return decoded(written)
    except UnicodeDecodeError:
        return ""
    except ValueError:
        return written


def secret_data(resource: Resource) -> Iterator[Sighting]:
    """The values of a Secret that are real: neither certificate, placeholder, empty nor a plain setting."""
    for path, name, written, plain in values(resource):
        kind = _kind(name, written, plain)
        if kind:
            yield Sighting(DATA, path, name, kind, plain or written)


def _kind(name: str, written: str, plain: str) -> str:
    text = plain.strip()
    if not text:
        return "binary value" if written.strip() and not is_reference(written) else ""
    token = next(tokens(text), None)
    if token is not None:
        return token.kind
    if "\n" in text or "-----BEGIN" in text or text[0] in "{[":
        return next((g.kind for g in given(text)), "")
    promised = promise(name)
    if is_default(text):
        return promised
    if not is_plain_value(text) or len(text) < 3:
        return ""
    if promised:
        return promised if not is_other_thing(text) or text.isdigit() else ""
    if is_other_thing(text) or regex(_HARMLESS_NAME).search(name) or regex(_HARMLESS_END).search(name):
        return ""
    return "secret value"
