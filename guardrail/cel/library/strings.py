"""String functions (cel-go ext/README.md "Strings", version 4; indices count code points)."""

from __future__ import annotations

from guardrail.cel import values as v
from guardrail.cel.errors import CelError
from guardrail.cel.functions import Overload
from guardrail.cel.library.formatting import format_text

_ASCII_UPPER = {code: code + 32 for code in range(65, 91)}
_ASCII_LOWER = {code: code - 32 for code in range(97, 123)}
_QUOTED = str.maketrans(
    {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
    | {"\\": "\\\\", '"': '\\"'}
)
# Unicode White_Space; Python's strip() would also take the separators U+001C to U+001F
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def _char_at(text: str, at: int) -> str:
    if not 0 <= at <= len(text):
        raise CelError(f"index out of range: {at}")
    return text[at : at + 1]


def _replace(text: str, old: str, new: str, count: int = -1) -> str:
    found = text.count(old) if count < 0 else min(count, text.count(old))
    v.checked_size(len(text) + found * (len(new) - len(old)))
    return text.replace(old, new, count)


def _split(text: str, by: str, count: int = -1) -> list[str]:
    if count == 0:
        return []
    if by:
        return text.split(by, count - 1 if count > 0 else -1)
    if 0 < count < len(text):
        return [*text[: count - 1], text[count - 1 :]]
    return list(text)


def _substring(text: str, start: int, end: int | None = None) -> str:
    last = len(text) if end is None else end
    if not (0 <= start <= len(text) and 0 <= last <= len(text)):
        raise CelError("substring is out of range")
    if last < start:
        raise CelError("invalid substring range: the end is before the start")
    return text[start:last]


def _join(parts: list[object], by: str = "") -> str:
    words = [part for part in parts if isinstance(part, str)]
    if len(words) != len(parts):
        raise CelError("join needs a list of strings")
    v.checked_size(sum(map(len, words)) + len(by) * max(len(words) - 1, 0))
    return by.join(words)


def _quote(text: str) -> str:
    return f'"{text.translate(_QUOTED)}"'


OVERLOADS: dict[str, tuple[Overload, ...]] = {
    ".charAt": (Overload((str, int), _char_at),),
    ".lowerAscii": (Overload((str,), lambda text: text.translate(_ASCII_UPPER)),),
    ".upperAscii": (Overload((str,), lambda text: text.translate(_ASCII_LOWER)),),
    ".replace": (Overload((str, str, str), _replace), Overload((str, str, str, int), _replace)),
    ".split": (Overload((str, str), _split), Overload((str, str, int), _split)),
    ".substring": (Overload((str, int), _substring), Overload((str, int, int), _substring)),
    ".trim": (Overload((str,), lambda text: text.strip(_SPACE)),),
    ".format": (Overload((str, list), format_text, metered=True),),
    ".join": (Overload((list,), _join), Overload((list, str), _join)),
    "strings.quote": (Overload((str,), _quote),),
}
