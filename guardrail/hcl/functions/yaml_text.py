"""yamlencode, as Terraform writes YAML (go-cty-yaml): block style, keys sorted and quoted like every string.

Terraform calls the exact form subject to change; text of several lines is a block of lines, as far as YAML can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrail.hcl.functions import limits
from guardrail.hcl.functions.kinds import plain
from guardrail.hcl.functions.limits import Open
from guardrail.hcl.functions.signature import settle
from guardrail.hcl.values import number_text

MOST_UNFOLDED = 60
"""Characters of a text with spaces that is surely not broken into several lines."""

MOST_KEY = 120

_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}
_UNSAFE = re.compile('["\\\\]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]')
_NO_BLOCK = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]| (?=\n|$)")


def yamlencode(value: object) -> str:
    """The YAML of a value; all of it must be known."""
    settle((value,))
    value = plain(value)
    lines = list(_lines(value, 0))
    if not isinstance(value, str | list | dict):
        lines.append("...")
    return limits.bounded("\n".join(lines) + "\n")


def _lines(value: object, level: int) -> Iterator[str]:
    """Lines without indentation of their own."""
    limits.depth(level)
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _entry(f"{_quoted(key, key=True)}:", plain(value[key]), level)
    elif isinstance(value, list) and value:
        for element in value:
            lines = _lines(plain(element), level + 1)
            yield f"- {next(lines)}"
            yield from (_indented(line) for line in lines)
    elif isinstance(value, str) and _block(value):
        yield from _literal(value, level == 0)
    else:
        yield _scalar(value)


def _indented(line: str) -> str:
    return f"  {line}" if line else ""


def _entry(name: str, value: object, level: int) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield name
        yield from (_indented(line) for line in _lines(value, level + 1))
    elif isinstance(value, list) and value:
        yield name
        yield from _lines(value, level + 1)
    elif isinstance(value, str) and _block(value):
        first, *rest = _literal(value, True)
        yield f"{name} {first}"
        yield from rest
    else:
        yield f"{name} {_scalar(value)}"


def _block(value: str) -> bool:
    return "\n" in value and not _NO_BLOCK.search(value)


def _literal(value: str, indent: bool) -> Iterator[str]:
    """`|` and the lines; within a list the dash indents them."""
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    keep = "+" if ends > 1 or not body else "-" if not ends else ""
    hint = "2" if value.startswith((" ", "\n")) else ""
    yield f"|{hint}{keep}"
    lines = value.split("\n")
    for line in lines[:-1] if ends else lines:
        yield _indented(line) if indent else line


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    return "null" if value is None else "{}" if isinstance(value, dict) else "[]"


def _quoted(value: str, key: bool = False) -> str:
    if len(value) > MOST_KEY if key else len(value) > MOST_UNFOLDED and " " in value:
        raise Open("where YAML text is broken into lines")
    return f'"{_UNSAFE.sub(lambda match: _escape(match[0]), value)}"'


def _escape(c: str) -> str:
    code = ord(c)
    known = _ESCAPES.get(c)
    if known:
        return known
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
