"""Words of command lines, and the scripts that a shell is given in a container's command (`sh -c SCRIPT`)."""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex
from typing import NamedTuple

from guardrail.model.place import Path

_LONGEST_SCRIPT = 65536
_TOKEN = regex(
    r"""\\\n|[ \t]+|\#[^\n]*|(?P<end>[;&|()\n]+)|(?P<redirection>\d*[<>]+&?\d*-?)"""
    r"""|(?P<word>(?:\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`|[^\s;&|()<>'"`\\]|\\.|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+)"""
)
_PART = regex(r"""'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^'"\\]+)""")
_ESCAPED = regex(r"\\([\"\\$`\n])")


class Word(NamedTuple):
    """A word of a command line, and where it stands: below a script, the word as it is written there.

    `open` when the shell puts something in its place.
    """

    text: str
    path: Path
    open: bool = False


def lines(script: Word) -> Iterator[tuple[Word, ...]]:
    """The simple commands of a script, each as its words up to a redirection."""
    line: list[Word] = []
    redirected = False
    for token in _TOKEN.finditer(script.text[:_LONGEST_SCRIPT]):
        if token["end"]:
            if line:
                yield tuple(line)
            line, redirected = [], False
        elif token["redirection"]:
            redirected = True
        elif token["word"] and not redirected:
            line.append(_unquoted(token["word"], script.path))
    if line:
        yield tuple(line)


def _unquoted(word: str, path: Path) -> Word:
    """A word as the shell hands it on, and whether the shell puts something in place of a part of it."""
    parts: list[str] = []
    replaced = False
    for single, double, escaped, plain in _PART.findall(word):
        replaced = replaced or "$" in double.replace("\\$", "") or "$" in plain or "`" in double + plain
        parts.append(single + _ESCAPED.sub(r"\1", double) + escaped.strip("\n") + plain)
    return Word("".join(parts), (*path, word), replaced or "{{" in word)
