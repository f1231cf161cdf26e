"""The small languages of the table: globs, command patterns and flags."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

ANYWHERE = "..."


class _Glob(NamedTuple):
    """The alternatives of a glob, in lower case: those without wildcard, those with `*` in pieces, and all others."""

    plain: frozenset[str]
    pieces: tuple[list[str], ...]
    others: re.Pattern[str] | None


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> _Glob:
    every = pattern.lower().split("|")
    odd = [one for one in every if _ODD.search(one)]
    joined = "|".join("".join(map(_part, _TOKENS.findall(one))) for one in odd)
    return _Glob(
        frozenset(one for one in every if "*" not in one),
        tuple(one.split("*") for one in every if "*" in one and one not in odd),
        re.compile(joined, re.DOTALL) if odd else None,
    )


_TOKENS = re.compile(r"\[[\w-]+\]|.", re.DOTALL)
_ODD = re.compile(r"[?[]")


def _part(token: str) -> str:
    return {"*": ".*", "?": "."}.get(token) or (token if len(token) > 1 else re.escape(token))


def matches(pattern: str, text: str) -> bool:
    """Whether a text is what a glob says, case aside: `*` any text, `?` a character, `[1-9]` one of these, `|` or."""
    glob, text = _glob(pattern), text[:2000].lower()
    if text in glob.plain or any(_holds(pieces, text) for pieces in glob.pieces):
        return True
    return glob.others is not None and glob.others.fullmatch(text) is not None


def _holds(pieces: list[str], text: str) -> bool:
    """Whether a text consists of some pieces with anything between them."""
    first, *middle, last = pieces
    at, end = len(first), len(text) - len(last)
    if at > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def fixed(pattern: str) -> str:
    """The part before the first slash, in lower case, of everything a glob matches; "" where that is not fixed."""
    first = pattern.partition("/")[0]
    return "" if "|" in pattern or "*" in first or _ODD.search(first) else first.lower()


def listed(given: object) -> list[str]:
    """One text or a list of them as a list; numbers and booleans as YAML writes them."""
    if isinstance(given, (list, tuple)):
        return [one for part in given for one in listed(part)]
    return [] if given is None else [literal(given)]


def literal(value: object) -> str:
    """A scalar as a `with:` value would arrive: GitHub passes every input as a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else "" if value is None else str(value)


def head(word: str) -> str:
    """The name of a program: without folder, extension and npm's version (`./node_modules/.bin/jest`, `jest@29`)."""
    name = word.replace("\\", "/")
    if name.startswith("@") and name.count("/") == 1:
        return "@" + name[1:].partition("@")[0]
    name = name.rpartition("/")[2]
    name = name[: name.index("@", 1)] if "@" in name[1:] else name
    for extension in (".exe", ".cmd", ".bat", ".phar"):
        name = name.removesuffix(extension)
    return name


@lru_cache(maxsize=4096)
def heads(pattern: str) -> tuple[str, ...]:
    """The programs a command pattern begins with."""
    return tuple(pattern.split(maxsplit=1)[0].split("|"))


def follows(pattern: str, words: Sequence[str], options: Collection[str] = ()) -> tuple[str, ...] | None:
    """The words behind those a command pattern names, or None where the command is another.

    `kubectl set image` names sub-commands in order; only options may stand between: those of `options` with their
    value, others with at most one. Behind `...` the next may stand anywhere (`gradle ... test|check`).
    """
    at, anywhere = 1, False
    for wanted in pattern.split()[1:]:
        if wanted == ANYWHERE:
            anywhere = True
            continue
        at = _find(wanted, words, at, anywhere, options)
        if at < 0:
            return None
        anywhere = False
    return tuple(words[at:])


def _find(wanted: str, words: Sequence[str], start: int, anywhere: bool, options: Collection[str]) -> int:
    value = False
    for i in range(start, min(len(words), start + 400)):
        word = words[i]
        if matches(wanted, word) and not (i > start and words[i - 1] in options):
            return i + 1
        if not (anywhere or value or word.startswith("-")):
            return -1
        value = word.startswith("-") and "=" not in word
    return -1


@lru_cache(maxsize=2048)
def _flag(pattern: str) -> tuple[str, str]:
    name, equals, value = pattern.partition("=")
    return name, value if equals else ""


_OFF = ("false", "0", "no", "off")


def flag(pattern: str, words: Iterable[str]) -> bool:
    """Whether a command has a flag: `--push` (not `--push=false`), `--exit-code=[value glob]`, `-*f*` (in a cluster).

    The value stands behind `=` or is the next word.
    """
    name, wanted = _flag(pattern)
    before = False
    for word in words:
        if before and wanted and matches(wanted, word):
            return True
        given, equals, value = word.partition("=")
        before = matches(name, given) and (not name.startswith("-*") or not word.startswith("--"))
        if before and (matches(wanted, value) if wanted and equals else not wanted and value.lower() not in _OFF):
            return True
        before = before and not equals
    return False


def value(name: str, words: Sequence[str]) -> str | None:
    """The value of a flag by its name without dashes (or the slash of MSBuild); the last one counts."""
    spelled = (f"-{name}", f"--{name}", f"/{name}")
    found = None
    for i, word in enumerate(words):
        given, equals, after = word.partition("=")
        if given in spelled:
            if equals:
                found = after
            elif i + 1 < len(words) and not words[i + 1].startswith("--"):
                found = words[i + 1]
    return found


def positional(words: Sequence[str], options: Collection[str] = ()) -> list[str]:
    """The words that are neither options nor their values; which options take one, `options` says."""
    return [
        word
        for i, word in enumerate(words)
        if not (word.startswith("-") and word != "-") and not (i and words[i - 1] in options)
    ]


def image(words: Sequence[str]) -> str:
    """The word that names a container image: one that looks like it, those that may be a flag's value come last."""
    certain = [w for i, w in enumerate(words) if not _may_be_value(words, i) and not w.startswith("-")]
    others = [w for w in words if not w.startswith("-")]
    return next((w for w in (*certain, *others) if any(c in w for c in "/:$@")), certain[0] if certain else "")


def _may_be_value(words: Sequence[str], at: int) -> bool:
    return at > 0 and words[at - 1].startswith("-") and "=" not in words[at - 1]


def quoted(word: str) -> str:
    """A word as a shell reads it back; variables and expressions stay what they are."""
    plain = all(char.isalnum() or char in "-_./=:,@%+${}" for char in word) or "${{" in word
    return word if plain else "'" + word.replace("'", "'\\''") + "'"
