"""Files and objects that a document's shell commands are fed: `cat <<EOF | kubectl apply -f -`, `cat > a.yaml <<EOF`.

POSIX shell, "Here-Document". A command whose text is for something else is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import MULTILINE
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.block_names import PATH

SHELLS = frozenset({"sh", "bash", "shell", "zsh", "console", "terminal", "shell-session", "shellsession"})
"""The first word of an info string of commands."""

_OPENS = regex(
    r"^(?P<before>[^\n]*?)<<(?P<dash>-?)[ \t]*(?P<quote>[\"']?)(?P<mark>\w+)(?P=quote)(?P<after>[^\n]*)\n", MULTILINE
)
_CLIENTS = frozenset({"kubectl", "oc"})
_VERBS = frozenset({"apply", "create", "replace"})
_INPUT = frozenset({"-", "-f-", "-f=-", "--filename=-", "/dev/stdin"})
_WRITTEN = regex(rf"(?:>|\btee(?:[ \t]+-a)?)[ \t]*[\"']?{PATH}(?=[\"' \t;&|)]|\Z)")
_TABS = regex(r"\t*")
_LONGEST = 1_000
"""The longest command that is looked at."""

_MOST_OPEN = 100
"""Here-documents without an end, behind which a script is left alone."""


class Heredoc(NamedTuple):
    """A here-document: the offsets of its text, and the file it makes, empty for objects that are applied.

    `tabs` is how many tabs the shell takes off each line (`<<-`).
    """

    start: int
    end: int
    name: str
    tabs: int = 0


def heredocs(chunk: str) -> Iterator[Heredoc]:
    """The here-documents of a script that make a file guardrail reads, or objects of a cluster."""
    at = 0
    endless: set[str] = set()
    while len(endless) < _MOST_OPEN and (opened := _OPENS.search(chunk, at)) is not None:
        at, mark = opened.end(), opened["mark"]
        end = -1 if mark in endless else _end(chunk, at, mark)
        if end < 0:
            endless.add(mark)
            continue
        command = f"{opened['before']} {opened['after']}"
        if len(command) <= _LONGEST:
            written = _WRITTEN.search(command)
            words = frozenset(command.replace(";", " ").replace(")", " ").split())
            if written or (words & _CLIENTS and words & _VERBS and words & _INPUT):
                tabs = len(_TABS.match(chunk, at)[0]) if opened["dash"] else 0  # type: ignore[index]
                yield Heredoc(at, end, written["path"] if written else "", tabs)
        at = end


def _end(chunk: str, start: int, mark: str) -> int:
    """Where the line with nothing but the mark begins, or -1."""
    at = start
    while (at := chunk.find(mark, at)) >= 0:
        begin = chunk.rfind("\n", 0, at) + 1
        stop = chunk.find("\n", at)
        if begin >= start and chunk[begin : len(chunk) if stop < 0 else stop].strip() == mark:
            return begin
        at += len(mark)
    return -1
