"""What a script runs, and what becomes of each command's failure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Command(NamedTuple):
    """A command of a script.

    `words` are without quotes, assignments and wrappers (`sudo`, `npx`, `timeout 5m` …, which are in `wrappers`); one
    that does something itself, such as `docker run image`, is a command before what it wraps, too. A `$X`, `$( )` or
    `${{ }}` of unknown value stands in them as it is written. `order` is the offset in the script (for the body of a
    function: of its call), `line` the line there, counted from 0.

    `masked` says why its failure does not fail the script, in words that read after "because"; empty if it does.
    `judged` says who decides on its output, if somebody does. `guard` is the condition under which it runs.
    `directory` is where `cd` has gone before, relative to where the script began, "?" when that is not known;
    `document` is its here-document, `output` the file its output goes to. `opaque` says why it may do more.
    """

    words: tuple[str, ...]
    text: str
    order: int
    line: int
    masked: str = ""
    piped: bool = False
    judged: str = ""
    guard: str = ""
    wrappers: tuple[str, ...] = ()
    assigned: Mapping[str, str] = {}
    document: str = ""
    output: str = ""
    directory: str = ""
    opaque: str = ""

    @property
    def head(self) -> str:
        """The command's name; empty where nothing but an assignment or a redirection is run."""
        return self.words[0] if self.words else ""


def excerpt(text: str, longest: int = 60) -> str:
    """A piece of a script on one line, shortened for a message."""
    line = " ".join(text[: longest * 4].split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
