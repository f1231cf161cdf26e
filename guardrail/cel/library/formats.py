"""Named string formats (k8s.io/apiserver/pkg/cel/library/format.go and apimachinery)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from guardrail.cel.functions import Overload
from guardrail.cel.values import NONE, Optional

_LABEL = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_NAME = "(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character"
)
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character"
)
_LABEL_1035_RULE = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and end with an alphanumeric character"
)
_NAME_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character"
)
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character"
)


@dataclass(frozen=True, slots=True)
class Format:
    """A named format; `validate` looks it up by its name."""

    cel_type: ClassVar[str] = "kubernetes.NamedFormat"
    name: str


def _pattern(pattern: str, rule: str, limit: int | None = None) -> Callable[[str], list[str]]:
    matcher = re.compile(pattern, re.ASCII)

    def check(text: str) -> list[str]:
        found = [] if limit is None or len(text) <= limit else [_too_long(limit)]
        # nothing longer than the limit is matched: that keeps matching cheap
        return found if found or matcher.fullmatch(text) else [rule]

    return check


def _too_long(limit: int) -> str:
    return f"must be no more than {limit} characters"


def _prefix(check: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    """As Kubernetes masks a trailing dash of a name that something will be appended to."""
    return lambda text: check(text[:-1] + "a" if len(text) > 1 and text.endswith("-") else text)


_SUBDOMAIN = _pattern(rf"{_LABEL}(?:\.{_LABEL})*", _SUBDOMAIN_RULE, 253)
_DNS_LABEL = _pattern(_LABEL, _LABEL_RULE, 63)
_DNS_1035 = _pattern("[a-z](?:[-a-z0-9]*[a-z0-9])?", _LABEL_1035_RULE, 63)
_NAME_PART = _pattern(_NAME, _NAME_RULE, 63)


def _qualified_name(text: str) -> list[str]:
    prefix, slash, name = text.rpartition("/")
    if "/" in prefix:
        return [_NAME_RULE]
    found = []
    if slash and not prefix:
        found.append("prefix part must be non-empty")
    elif slash:
        found = [f"prefix part {problem}" for problem in _SUBDOMAIN(prefix)]
    return [*found, *(_NAME_PART(name) if name else ["name part must be non-empty", _NAME_RULE])]


def _uri(text: str) -> list[str]:
    from guardrail.cel.library.urls import parse_url

    return [] if parse_url(text) else [f"parse {text[:60]!r}: invalid URI for request"]


def _byte(text: str) -> list[str]:
    import binascii

    try:
        binascii.a2b_base64(text.encode(), strict_mode=True)
    except (binascii.Error, ValueError):
        return ["invalid base64"]
    return [] if text else ["invalid base64"]


def _date(text: str) -> list[str]:
    from datetime import date

    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        return ["invalid date"]
    return []


def _datetime(text: str) -> list[str]:
    shape = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)"
    good = re.fullmatch(shape, text, re.ASCII) and not _date(text[:10])
    within = good and text[11:13] < "24" and text[14:16] < "60" and text[17:19] < "60"
    return [] if within else ["invalid datetime"]


FORMATS: Mapping[str, Callable[[str], list[str]]] = {
    "dns1123Label": _DNS_LABEL,
    "dns1123Subdomain": _SUBDOMAIN,
    "dns1035Label": _DNS_1035,
    "qualifiedName": _qualified_name,
    "dns1123LabelPrefix": _prefix(_DNS_LABEL),
    "dns1123SubdomainPrefix": _prefix(_SUBDOMAIN),
    "dns1035LabelPrefix": _prefix(_DNS_1035),
    "labelValue": _pattern(f"(?:{_NAME})?", _VALUE_RULE, 63),
    "uri": _uri,
    "uuid": _pattern(
        "(?i:[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})",
        "does not match the UUID format",
        36,
    ),
    "byte": _byte,
    "date": _date,
    "datetime": _datetime,
}


def _validate(form: Format, text: str) -> Optional:
    problems = FORMATS[form.name](text)
    return Optional(problems) if problems else NONE


def _named(name: str) -> Optional:
    return Optional(Format(name)) if name in FORMATS else NONE


def _constant(name: str) -> tuple[Overload, ...]:
    form = Format(name)
    return (Overload((), lambda: form),)


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    "format.named": (Overload((str,), _named),),
    ".validate": (Overload((Format, str), _validate),),
    **{f"format.{name}": _constant(name) for name in FORMATS},
}
