"""Secrets given by name within a text: `key: value`, `key=value`, JSON, XML, SQL, flags and commands.

Only the surroundings of words such as `password` are looked at, so that a text without them costs a few searches.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import Match
from re import compile as regex
from typing import NamedTuple

from guardrail.checks.secret_names import PASSWORD, keeps, promise
from guardrail.checks.secret_shapes import LONGEST
from guardrail.checks.secret_words import is_other_thing, is_plain_value

_NEEDLES = ("pass", "pw", "secret", "token", "key", "identified")
_KEYS = tuple(
    word + mark
    for word in [
        "api",
        "access",
        "private",
        "encryption",
        "signing",
        "master",
        "account",
        "auth",
        "shared",
        "service",
        "integration",
        "ingestion",
    ]
    for mark in ("", "_", "-", ".")
)
_BEFORE, _AFTER = 90, 500
_MOST = 2000
_COMMAND_LINE = 20_000

_ASSIGNED = r"""(?x)(?<![\w.$@/-])(?P<name>-{0,2}[A-Za-z_][\w./-]{1,80})(?:\\?["'])?
        (?P<sign>[ \t]{0,3}(?::=|=>|=|:)[ \t]{0,4})
        (?:\\?"(?P<double>[^"\\\n]{1,400})\\?"|'(?P<single>[^'\n]{1,400})'|(?P<bare>[^\s"'`,;&|\\]{1,400}))"""
_FLAG = r"""(?x)(?<![\w-])--?(?P<name>[A-Za-z][\w.-]{2,60})[ ]["']?(?P<value>[^\s"'-][^\s"']{1,300})"""
_XML = r"<(?P<name>[A-Za-z][\w.:-]{2,60})>(?P<value>[^<>\s]{4,200})</"
_WORDS = r"""(?ix)\bidentified\ by\s{1,3}'(?P<sql>[^'\n]{3,200})'
        |\bpassword\s{1,3}'(?P<role>[^'\n]{3,200})'
        |^\s*(?:requirepass|masterauth)[ \t]{1,4}"?(?P<redis>[^\s"#]{3,200})"""
_PROGRAMS = ("mysql", "mariadb", "redis-cli", "curl", "sshpass", "login", "PGPASSWORD")
_COMMANDS = r"""(?x)\b(?:mysql|mysqladmin|mysqldump|mariadb|mariadb-admin|mariadb-dump)\b[^\n|;&]{0,200}?
          \s-p["']?(?P<mysql>[^\s"'$=-][^\s"']{2,120})
        |\bredis-cli\b[^\n|;&]{0,200}?\s-a\s{1,3}["']?(?P<client>[^\s"'$-][^\s"']{2,200})
        |\bcurl\b[^\n|;&]{0,300}?\s(?:-u|--user)[ =]["']?[^\s:"'$]{1,100}:(?P<curl>[^\s"'$][^\s"']{1,200})
        |\bsshpass\s{1,3}-p\s{0,3}["']?(?P<ssh>[^\s"'$-][^\s"']{1,200})
        |\b(?:docker|podman|helm|nerdctl|az|oc)\s[^\n|;&]{0,200}?\blogin\b[^\n|;&]{0,200}?
          \s-p\s{1,3}["']?(?P<login>[^\s"'$-][^\s"']{2,200})"""
_CALLED = {
    "sql": "identified by",
    "role": "password",
    "redis": "requirepass",
    "mysql": "mysql -p",
    "client": "redis-cli -a",
    "curl": "curl -u",
    "ssh": "sshpass -p",
    "login": "login -p",
}
_DEFAULTED = r"\$\{[A-Za-z_][\w.]{0,80}(?::-|:(?![?+=])|-)([^${}\s]{4,200})\}\Z"
_COMMENT = ("#", "//", ";", "-- ", "*", "<!--", "REM ", "%")
_CODE = frozenset("(){}[]<>")


class Given(NamedTuple):
    """A secret given by name in a text: the name, what it is, and where its value is, by code point offsets."""

    name: str
    kind: str
    start: int
    end: int


def given(text: str, comments: bool = False) -> Iterator[Given]:
    """Every secret given by name in a text, in order; those in comments only on demand."""
    text = text[:LONGEST]
    last = -1
    for start, end in _windows(text):
        window = text[start:end]
        if not comments and _commented(text, start):
            continue
        for found in sorted(_in_window(window), key=lambda g: (g.start, -g.end)):
            if start + found.start >= last:
                last = start + found.end
                yield Given(found.name, found.kind, start + found.start, start + found.end)


def commands(text: str) -> Iterator[Given]:
    """Passwords that well-known programs are given by a short option."""
    if any(program in text for program in _PROGRAMS):
        for match in regex(_COMMANDS).finditer(text[:_COMMAND_LINE]):
            group = match.lastgroup or ""
            if is_plain_value(match[group]) and not is_other_thing(match[group]):
                yield Given(_CALLED[group], PASSWORD, *match.span(group))


def _windows(text: str) -> list[tuple[int, int]]:
    """The lines that hold a telling word, or its surroundings where lines are long; ordered, not overlapping."""
    small = text.lower()
    if len(small) != len(text):
        small = text.encode("ascii", "replace").decode("ascii").lower()
    found: set[tuple[int, int]] = set()
    for needle in _NEEDLES:
        at = small.find(needle)
        while at >= 0:
            after = at + len(needle)
            if needle == "key" and not small[max(0, at - 12) : at].endswith(_KEYS):
                at = small.find(needle, after)
                continue
            start = max(small.rfind("\n", max(0, at - _BEFORE), at) + 1, at - _BEFORE, 0)
            end = small.find("\n", at, at + _AFTER)
            end = end if end >= 0 else min(len(text), at + _AFTER)
            found.add((start, end))
            at = small.find(needle, after)
    return _joined(sorted(found)[:_MOST])


def _joined(windows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping windows made one."""
    out: list[tuple[int, int]] = []
    for start, end in windows:
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _commented(text: str, start: int) -> bool:
    line = text.rfind("\n", max(0, start - 400), start) + 1
    return text[line : line + 400].lstrip(" \t").startswith(_COMMENT)


def _in_window(window: str) -> Iterator[Given]:
    match = regex(_ASSIGNED).search(window)
    while match is not None:  # what a plain name is given may be an assignment itself: --set=password=x
        told = bool(promise(match["name"]))
        if told:
            yield from _assigned(window, match)
        match = regex(_ASSIGNED).search(window, match.end() if told else match.end("sign"))
    for pattern in (_FLAG, _XML):
        for match in regex(pattern).finditer(window):
            kind = promise(match["name"])
            if kind and keeps(kind, match["value"]):
                yield Given(match["name"], kind, *match.span("value"))
    for match in regex(_WORDS).finditer(window):
        group = match.lastgroup or ""
        if is_plain_value(match[group]):
            yield Given(_CALLED[group], PASSWORD, *match.span(group))


def _assigned(window: str, match: Match[str]) -> Iterator[Given]:
    name = match["name"]
    kind = promise(name)
    group = match.lastgroup or ""
    value, (start, end) = match[group], match.span(group)
    if default := regex(_DEFAULTED).match(value):
        value, start, end = default[1], start + default.start(1), start + default.end(1)
    elif group == "bare" and not _alone(window, match):
        return
    if keeps(kind, value) and not _is_word(value):
        yield Given(name.strip("-"), kind, start, end)


def _is_word(value: str) -> bool:
    """Whether a value is a word with a capital letter, as labels of forms and translations are."""
    return value.isalpha() and value[0].isupper() and not any(c.isupper() for c in value[1:])


def _alone(window: str, match: Match[str]) -> bool:
    """Whether an unquoted value is one: no code, no part of a sentence in quotes, and no sentence goes on behind it."""
    sign = match["sign"]
    if not _CODE.isdisjoint(match["bare"]):
        return False
    quoted = window[match.start("name") - 1 : match.start("name")] in {'"', "'"}
    if ":" in sign and quoted and window[match.end("name")] == sign[0]:
        return False
    rest = window[match.end("bare") :].partition("\n")[0].strip()
    prose = ":" in sign or sign != sign.strip()
    return not (prose and rest and rest[0] not in "#,;&|\\\"'}]")
