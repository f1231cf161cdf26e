"""Markdown that input cannot break out of: escaping for cells, prose, code spans, links."""

from __future__ import annotations

import re

from guardrail.pages.screen import clean

_MARKS = re.compile(r"([\\`*_{}\[\]()<>|~$&!^])")
_LINE_START = re.compile(r"^(\d{0,9})(?=[-+=>#.])")
# What GitHub turns into mentions, references and links after rendering. An invisible joiner breaks
# it: after `@` and `#`, and before the rest, since a host name may begin with one.
_AUTOLINK = re.compile(r"([@#])|(?=://)|(?<=\bwww)(?=\.)|(?<=\bGH)(?=-)", re.IGNORECASE)
_JOINER = "\u2060"
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def _literal(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def plain(text: str) -> str:
    """Any text as literal Markdown on one line: no markup, no mention, no reference, no link."""
    escaped = _LINE_START.sub(r"\1\\", _literal(clean(text)))
    return _AUTOLINK.sub(lambda m: f"{m[1] or ''}{_JOINER}", escaped)


def prose(text: str, cell: bool = False) -> str:
    """A policy's words on one line: its `code spans` stay, all else is literal; links may show."""
    parts: list[str] = []
    end = 0
    line = clean(text)
    for span in _CODE.finditer(line):
        parts += [_literal(line[end : span.start()]), code(span[2], cell)]
        end = span.end()
    return _LINE_START.sub(r"\1\\", "".join([*parts, _literal(line[end:])]))


def code(text: str, cell: bool = True) -> str:
    """A code span, in a table's cell or elsewhere; empty text gives one with a blank."""
    line = clean(text) or " "
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    if cell:
        # A table splits on `|` even within code, and un-escapes `\|`: backslashes undo that.
        line = re.sub(r"\\*\|", lambda m: "\\|" if m[0] == "|" else "¦", line)
    return f"{fence}{pad}{line}{pad}{fence}"


def link(text: str, target: str) -> str:
    """A link with literal text (already escaped) to a percent-encoded target."""
    return f"[{text}]({target})"


def uri(path: str) -> str:
    """A relative path as a percent-encoded URI reference that no reader takes for a scheme or an
    absolute path.
    """
    from urllib.parse import quote

    clean_path = re.sub(r"[\ud800-\udfff]", "\ufffd", path)
    encoded = quote(clean_path, safe="/!$&'()*+,;=@~-._").replace("(", "%28").replace(")", "%29")
    while encoded.startswith("./"):
        encoded = encoded[2:]
    return encoded


def block(text: str, language: str = "") -> str:
    """A fenced block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
