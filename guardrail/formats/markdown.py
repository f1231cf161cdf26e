"""Markdown as a container of sources: fenced blocks in runbooks and READMEs that hold what guardrail judges.

CommonMark, "Fenced code blocks"; fences may be indented as in lists. What a block is, is told by a comment with a path
in its first line, by the info string, else by its content. A block that holds several files is split at such comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import MULTILINE
from re import compile as regex
from typing import NamedTuple

_FENCE = regex(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*?)[ \t]*\r?$", MULTILINE)
_TITLE = regex(r"""(?:title|file|filename|path)=["']?([^"'\s]+)""")
_PATH = regex(
    r"^[ \t]*(?:#|//)[ \t]*(?:(?i:file(?:name)?)[ \t]*:[ \t]*)?"
    r"(?P<path>[\w.@-]*(?:/[\w.@-]+)*\.(?:ya?ml|json|tfvars|tofu|tf|hcl)|(?:[\w.-]+/)*(?:[\w.-]*\.)?Dockerfile(?:\.[\w-]+)?)"
    r"[ \t]*\r?$",
    MULTILINE,
)

LANGUAGES = {
    "yaml": "yaml",
    "yml": "yaml",
    "json": "json",
    "hcl": "hcl",
    "terraform": "hcl",
    "tf": "hcl",
    "tofu": "hcl",
    "opentofu": "hcl",
    "dockerfile": "dockerfile",
    "docker": "dockerfile",
}
"""The first word of an info string, and what the block holds."""

_ENDINGS = {"yaml": ".yaml", "json": ".json", "hcl": ".tf"}

MOST_BLOCKS = 2_000
"""Blocks of one document that are looked at."""


class Block(NamedTuple):
    """A source within a document: its language, the name it goes by, and where its text stands.

    `named` says that the name is one somebody wrote; `line` is the first line of the text, 1-based.
    """

    language: str
    name: str
    start: int
    end: int
    line: int
    named: bool


def blocks(text: str) -> list[Block]:
    """The blocks of a document in a language that guardrail reads, in order."""
    found: list[Block] = []
    seen: dict[str, int] = {}
    for language, title, start, end in _fenced(text):
        for block in _split(text, language, title, start, end):
            count = seen[block.name] = seen.get(block.name, 0) + 1
            found.append(block if count == 1 else block._replace(name=_numbered(block.name, count)))
        if len(found) >= MOST_BLOCKS:
            break
    return found


def _numbered(name: str, count: int) -> str:
    """A name that several blocks have, told apart in a way that lasts when lines are added: `k8s/a-2.yaml`."""
    folder, slash, base = name.rpartition("/")
    stem, dot, ending = base.rpartition(".")
    return f"{folder}{slash}{stem}-{count}.{ending}" if dot and stem else f"{name}-{count}"


def _fenced(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Language, title, first and last offset of each fenced block; one that is not closed ends with the text."""
    opened: tuple[str, str, str, int] | None = None
    for match in _FENCE.finditer(text):
        fence, info = match["fence"], match["info"]
        if opened is None:
            word = info.split(" ")[0].split("{")[0].split(",")[0]
            language, _, path = word.partition(":")
            title = _TITLE.search(info)
            opened = (fence, LANGUAGES.get(language.lower(), ""), title[1] if title else path, match.end() + 1)
        elif fence.startswith(opened[0]) and not info:
            if opened[1]:
                yield opened[1], opened[2], opened[3], match.start()
            opened = None
    if opened is not None and opened[1]:
        yield opened[1], opened[2], opened[3], len(text)


def _split(text: str, language: str, title: str, start: int, end: int) -> Iterator[Block]:
    """The files that a block holds: split at comments with a path, of which the first may stand anywhere."""
    marks = [m for m in _PATH.finditer(text, start, end) if _ends_like(m["path"], language)]
    first = _first_content(text, start, end)
    if not marks or marks[0].start() > first:
        until = marks[0].start() if marks else end
        name = title or ("Dockerfile" if language == "dockerfile" else f"block{_ENDINGS[language]}")
        yield _block(text, language, name, start, until, bool(title))
    for i, mark in enumerate(marks):
        until = marks[i + 1].start() if i + 1 < len(marks) else end
        yield _block(text, language, mark["path"], mark.start(), until, True)


def _block(text: str, language: str, name: str, start: int, end: int, named: bool) -> Block:
    return Block(language, name.lstrip("/"), start, end, text.count("\n", 0, start) + 1, named)


def _ends_like(path: str, language: str) -> bool:
    if language == "dockerfile":
        return "Dockerfile" in path
    endings = {"yaml": (".yaml", ".yml"), "json": (".json",), "hcl": (".tf", ".tofu", ".tfvars", ".hcl")}
    return path.endswith(endings[language])


def _first_content(text: str, start: int, end: int) -> int:
    """Offset of the line where something first stands."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop + 1
        if text[start:stop].strip():
            return start
        start = stop
    return start


def padded(text: str, block: Block) -> str:
    """A block's text with as many empty lines before it as there are in the document: its lines have their numbers."""
    return "\n" * (block.line - 1) + text[block.start : block.end]
