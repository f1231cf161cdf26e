"""What a plain YAML scalar means to Kubernetes.

Kubernetes reads YAML 1.1 booleans, nulls, integers and floats (sigs.k8s.io/yaml over go-yaml v2), but neither
dates nor base-60 numbers, and a lone `=` or any custom tag leaves a string.
"""

from __future__ import annotations

from functools import lru_cache
from re import compile as regex

_WORDS: dict[str, object] = {
    "": None,
    "~": None,
    ".inf": float("inf"),
    "+.inf": float("inf"),
    "-.inf": float("-inf"),
    ".nan": float("nan"),
}
_WORDS.update({w: None for w in ("null", "Null", "NULL")})
_WORDS.update({w: True for w in ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")})
_WORDS.update({w: False for w in ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")})
_WORDS.update({sign + w: float(sign + "inf") for sign in ("", "+", "-") for w in (".Inf", ".INF")})
_WORDS.update({w: float("nan") for w in (".NaN", ".NAN")})

_INTEGER = regex(r"[-+]?(0b[01_]+|0o?[0-7_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*)\Z")
_FLOAT = regex(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_FIRST = frozenset("0123456789+-.")
_MAX_DIGITS = 400


@lru_cache(maxsize=32768)
def plain(text: str) -> object:
    """The value of a plain (unquoted, untagged) scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST or len(text) > _MAX_DIGITS:
        return text
    if _INTEGER.match(text):
        return _integer(text)
    if _FLOAT.match(text):
        return float(text)
    return text


def _integer(text: str) -> object:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-").replace("_", "")
    if digits in {"0b", "0x", "0o", ""}:
        return text
    if digits[0] == "0" and len(digits) > 1 and digits[1] in "01234567":
        digits = "0o" + digits[1:]
    return sign * int(digits, 0)


def tagged(tag: str, text: str, implicit: object) -> object:
    """The value of a scalar with an explicit tag; an unknown tag leaves the text."""
    match tag.removeprefix("tag:yaml.org,2002:"):
        case "str":
            return text
        case "int" | "float" | "bool" | "null":
            return implicit
        case "binary":
            from base64 import b64decode

            try:
                return b64decode(text, validate=False).decode("utf-8", "replace")
            except ValueError:
                return text
    return text
