"""Where things are: paths within data, spans within text, locations within files."""

from __future__ import annotations

from typing import NamedTuple

Path = tuple[str | int, ...]
"""Steps from the root of a document: mapping keys and list positions."""


def render_path(path: Path) -> str:
    """A path as people write it: `spec.containers[0].image`, odd keys quoted in brackets."""
    out: list[str] = []
    for step in path:
        if isinstance(step, int):
            out.append(f"[{step}]")
        elif step and all(c.isalnum() or c in "-_$" for c in step):
            out.append(f".{step}" if out else step)
        else:
            out.append(f"['{step}']")
    return "".join(out)


class Span(NamedTuple):
    """A stretch of text: 1-based lines and columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Pointer(NamedTuple):
    """Where in data something is: the file (empty for the one at hand), a path, and a part of the text found there.

    `text` is shown instead of the whole value, the `occurrence`-th time it stands there, counted from 0. `document`
    is the position of the document in its file, from 0; where it is not given, the one at hand or the file's first.
    """

    file: str
    path: Path
    text: str = ""
    occurrence: int = 0
    document: int = -1


class Location(NamedTuple):
    """A span in a file, with the excerpt of its first line that a report may show.

    `excerpt` starts at code point `excerpt_offset` of the line (long lines are cut) and has secrets
    masked without changing its length. `utf16` holds start and end column in UTF-16 units.
    """

    file: str
    span: Span
    excerpt: str = ""
    excerpt_offset: int = 0
    utf16: tuple[int, int] = (1, 1)
    note: str = ""
