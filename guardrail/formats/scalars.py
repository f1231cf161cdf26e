"""What a YAML scalar means to who reads it: to Kubernetes, and to GitHub.

Kubernetes reads with sigs.k8s.io/yaml over go-yaml v2, which is what kubectl uses. It knows YAML 1.1 booleans, nulls,
integers and floats, but neither dates nor base-60 numbers; a lone `=` and any custom tag leave a string. Compared
with the original in tests/formats/test_goyaml_oracle.py.

GitHub reads workflows by the YAML 1.2 core schema (actions/runner, `YamlObjectReader`), to which `on` and `yes` are
words like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import isinf
from re import compile as regex
from typing import NamedTuple

_WORDS: dict[str, object] = {"": None, "~": None}
_WORDS.update(dict.fromkeys(("null", "Null", "NULL")))
_WORDS.update(dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True))
_WORDS.update(dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False))
_WORDS.update({sign + w: float(sign + "inf") for sign in ("", "+", "-") for w in (".inf", ".Inf", ".INF")})
_WORDS.update({w: float("nan") for w in (".nan", ".NaN", ".NAN")})

_INTEGER = regex(r"([-+]?)(?:0[bB]([01]+)|0[oO]?([0-7]+)|0[xX]([0-9a-fA-F]+)|(0|[1-9][0-9]*))\Z")
_FLOAT = regex(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SEPARATOR = regex(r"(?<=[0-9])_(?=[0-9])")
_BASES = (2, 8, 16, 10)
_FIRST = frozenset("0123456789+-.")
_MAX_DIGITS = 80
"""More digits than any 64-bit integer has in any base, leading zeros aside."""

MAX_CACHED = 200
"""Longer texts are worth no memory: nearly all of them are strings, each seen once."""


def plain(text: str) -> object:
    """The value of a plain (unquoted, untagged) scalar."""
    return plain_short(text) if len(text) <= MAX_CACHED else _resolve(text)


def _resolve(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST:
        return text
    digits = _SEPARATOR.sub("", text) if text[0] == "." else text.replace("_", "")
    integer = _INTEGER.match(digits)
    number = _integer(integer.groups()) if integer else None
    if number is not None:
        return number
    if _FLOAT.match(digits):
        value = float(digits)
        return text if isinf(value) else value
    return text


plain_short = lru_cache(maxsize=32768)(_resolve)
"""`plain` for texts of at most MAX_CACHED characters."""


def _integer(groups: tuple[str, ...]) -> int | None:
    """The number when it fits 64 bits, signed, or unsigned where no sign is written; else None."""
    sign, *by_base = groups
    base, digits = next((b, d) for b, d in zip(_BASES, by_base, strict=True) if d)
    digits = digits.lstrip("0") or "0"
    if len(digits) > _MAX_DIGITS:
        return None
    value = int(digits, base)
    if sign == "-":
        return -value if value <= 2**63 else None
    return value if value < (2**63 if sign else 2**64) else None


def tagged(tag: str, text: str) -> object:
    """The value of a scalar with an explicit tag; an unknown tag leaves the text."""
    match tag.removeprefix("tag:yaml.org,2002:"):
        case "int" | "bool" | "null":
            return plain(text)
        case "float":
            value = plain(text)
            return float(value) if type(value) is int else value
        case "binary":
            from base64 import b64decode

            try:
                return b64decode(text, validate=False).decode("utf-8", "replace")
            except ValueError:
                return text
    return text


def key_text(value: object) -> str:
    """A key as the Kubernetes API sees it: a boolean is `true`, a number is written in its shortest form."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else str(value)
    return str(value)


_CORE_WORDS: dict[str, object] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_CORE_WORDS.update(dict.fromkeys(("true", "True", "TRUE"), True))
_CORE_WORDS.update(dict.fromkeys(("false", "False", "FALSE"), False))
_CORE_INTEGER = regex(r"(?:[-+]?[0-9]{1,80}|0o[0-7]{1,80}|0x[0-9a-fA-F]{1,80})\Z")
_CORE_FLOAT = regex(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")


def core(text: str) -> object:
    """The value of a plain scalar by the core schema (YAML 1.2, section 10.3.2)."""
    if text in _CORE_WORDS:
        return _CORE_WORDS[text]
    if text[0] not in _FIRST:
        return text
    if _CORE_INTEGER.match(text):
        return int(text, 0 if text.startswith("0") and text[1:2] in {"o", "x"} else 10)
    if _CORE_FLOAT.match(text):
        value = float(text)
        return text if isinf(value) else value
    return text


class Schema(NamedTuple):
    """How scalars are read: `short` for at most MAX_CACHED characters, `long` beyond.

    A key whose value is null is left out of the data unless `keep_nulls`.
    """

    short: Callable[[str], object]
    long: Callable[[str], object]
    keep_nulls: bool


KUBERNETES = Schema(plain_short, plain, keep_nulls=False)
"""To the Kubernetes API null and absent are the same."""

SETTINGS = KUBERNETES._replace(keep_nulls=True)
"""In files that are ours a null is a mistake to be told."""

COMPOSE = Schema(lru_cache(maxsize=32768)(core), core, keep_nulls=True)
"""Compose reads by YAML 1.2, where `restart: no` is a word, and `volumes: {data:}` declares a volume (compose-go)."""

GITHUB = Schema(lru_cache(maxsize=32768)(core), core, keep_nulls=True)
"""To GitHub `push:` without a value is an event without filters."""
