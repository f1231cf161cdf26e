"""Markdown as a container of sources: fenced blocks in runbooks and READMEs that hold what guardrail judges.

What a block is, is told by a comment with a path in its first line, by the info string, by the line above it, else by
its content. A block that holds several files is split at such comments.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from re import DOTALL
from re import compile as regex
from typing import NamedTuple

from guardrail.formats.block_names import (
    FROM,
    LANGUAGES,
    MARK,
    by_content,
    called,
    first_line,
    has_terraform,
    language_of,
    named_above,
    named_within,
    read_info,
)
from guardrail.formats.comments import MARKER
from guardrail.formats.fences import Fence, fences
from guardrail.formats.heredocs import SHELLS, heredocs
from guardrail.formats.names import is_terraform

MOST_BLOCKS = 10_000
"""Blocks of one document that are looked at."""

_NEAR = 2_000
"""How far behind a comment the block begins that it is about, in characters."""

_REMARK = regex(r"<!--(.*?)(?:-->|\Z)", DOTALL)


class Block(NamedTuple):
    """A source within a document: its language, the name it goes by, and where its text stands.

    `language` is empty for what is left alone; `word` is what the info string calls it. `named` says that the name is
    one somebody wrote; `line` is the first line of the text, 1-based. `width` and `quotes` are what each line has
    before its text (see Fence).
    """

    language: str
    name: str
    start: int
    end: int
    line: int
    named: bool
    word: str = ""
    width: int = 0
    quotes: int = 0

    def text(self, whole: str) -> str:
        """The block's text: as long as it is in the document, with blanks for what the document indents it by."""
        chunk = whole[self.start : self.end]
        return _shown(chunk, self.width, self.quotes) if self.width else chunk

    def flush(self, chunk: str) -> str:
        """A block's text with its margin taken off: for what looks at the beginnings of lines, not at places."""
        if not self.width:
            return chunk
        lines = chunk.split("\n")
        margins = (len(line) - len(line.lstrip()) for line in lines if line.strip() and not line.startswith("---"))
        margin = min(margins, default=0)
        return "\n".join(line if line.startswith("---") else line[margin:] for line in lines)


class Remark(NamedTuple):
    """A comment of a document (`<!-- -->`) that speaks to scanners: its text, its extent, the extent it covers.

    It covers itself where it stands above no block; `language` is that of the block.
    """

    text: str
    start: int
    end: int
    covers: tuple[int, int]
    language: str


def blocks(text: str) -> list[Block]:
    """The blocks of a document, in order, at most MOST_BLOCKS; those that are left alone have no language."""
    return list(islice(_named(text), MOST_BLOCKS))


def _named(text: str) -> Iterator[Block]:
    """Every block of a document; of those that are read no two have the same name."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for fence in fences(text):
        for block in _of(text, fence):
            yield block._replace(name=_unused(block.name, taken, counts)) if block.language else block


def _unused(name: str, taken: set[str], counts: dict[str, int]) -> str:
    """A name that several blocks have, told apart in a way that lasts when lines are added: `k8s/a-2.yaml`."""
    made = name
    while made in taken:
        count = counts[name] = counts.get(name, 1) + 1
        folder, slash, last = name.rpartition("/")
        stem, dot, ending = last.rpartition(".")
        made = f"{folder}{slash}{stem}-{count}.{ending}" if dot and stem else f"{name}-{count}"
    taken.add(made)
    return made


def _of(text: str, fence: Fence) -> Iterator[Block]:
    """The files that one fence holds, or the block as it is left alone."""
    info = read_info(fence.info)
    block = Block("", "", fence.start, fence.end, fence.line + 1, False, info.word, fence.width, fence.quotes)
    language = LANGUAGES.get(info.word, "")
    if not language and info.word:
        yield from _commands(text, fence, block) if info.word in SHELLS else (block,)
        return
    chunk = block.text(text)
    first, last = first_line(chunk)
    within = named_within(chunk[first:last])
    names = [name.removeprefix("./").lstrip("/") for name in (within, info.title, named_above(fence.above))]
    if not language:
        language = next((found for name in names if (found := language_of(name))), "") or by_content(chunk)
    name = next((n for n in names if n and language_of(n) == language), "")
    other = language == "hcl" and not (is_terraform(name) if name else has_terraform(chunk))
    if not language or other:
        yield block._replace(word=info.word or language)
        return
    block = block._replace(language=language, name=name or called(fence.heading, language), named=bool(name))
    if language != "json":
        yield from _split(block, chunk, last)
        return
    if within:  # JSON has no comments
        start = min(fence.start + last + 1, fence.end)
        block = block._replace(start=start, line=block.line + chunk.count("\n", 0, start - fence.start))
    yield block


def _commands(text: str, fence: Fence, block: Block) -> Iterator[Block]:
    """Commands, which are left alone, and the files and objects that they are fed with."""
    chunk = block.text(text) if "<<" in text[block.start : block.end] else ""
    found = [h for h in heredocs(chunk) if (h.name and language_of(h.name)) or by_content(chunk[h.start : h.end])]
    yield block._replace(end=block.start + found[0].start) if found else block
    for one in found:
        language = language_of(one.name) or by_content(chunk[one.start : one.end])
        yield block._replace(
            language=language,
            name=one.name or called(fence.heading, language),
            start=block.start + one.start,
            end=block.start + one.end,
            line=block.line + chunk.count("\n", 0, one.start),
            named=bool(one.name),
            width=block.width + 4 * one.tabs,
        )


def _split(block: Block, chunk: str, first: int) -> Iterator[Block]:
    """The files that a block holds: each begins at a comment with its path, the first wherever it does."""
    at, line, current = 0, block.line, block
    for mark in MARK.finditer(chunk, first):
        offset = mark.start()
        if _begins_file(chunk, offset, mark.end(), block) and len(mark["indent"]) <= block.width:
            yield current._replace(start=block.start + at, end=block.start + offset, line=line)
            line += chunk.count("\n", at, offset)
            at, current = offset, block._replace(name=mark["path"], named=True)
    yield current._replace(start=block.start + at, line=line)


def _begins_file(chunk: str, start: int, end: int, block: Block) -> bool:
    """Whether a comment with a path begins another file: it stands apart, and what follows is not within anything."""
    before = chunk.rfind("\n", 0, max(start - 1, 0)) + 1
    above = chunk[before:start].strip()
    path = MARK.match(chunk, start, end)
    if (above and not above.startswith(("---", "#"))) or path is None or language_of(path["path"]) != block.language:
        return False
    following = chunk[end : end + 2_000]
    first, last = first_line(following, ("#",))
    line = following[first:last]
    if block.language == "dockerfile":
        return FROM.match(line) is not None
    return len(line) - len(line.lstrip(" \t")) <= block.width


def _shown(chunk: str, width: int, quotes: int) -> str:
    """A block's text with blanks for what stands before each line, and document markers at the start of theirs."""
    return "\n".join(_without(line, width, quotes) for line in chunk.split("\n"))


def _without(line: str, width: int, quotes: int) -> str:
    at = column = 0
    while at < len(line) and column < width:
        char = line[at]
        if char == ">" and quotes:
            quotes -= 1
            column += 1
        elif char in " \t":
            column += 1 if char == " " else 4 - column % 4
        else:
            break
        at += 1
    rest = line[at:]
    marked = at and rest.startswith("---") and rest[3:4] in ("", " ", "\t", "\r")
    return f"---{' ' * at}{rest[3:]}" if marked else " " * at + rest


def remarks(text: str, found: Sequence[Block]) -> Iterator[Remark]:
    """The comments of a document that speak to scanners, each with the fence that it stands right above.

    Between the two there may be blank lines, other comments and a line that names the file.
    """
    starts = [block.start for block in found]
    for remark in _REMARK.finditer(text):
        start, end = remark.span()
        after = bisect_right(starts, start)
        if not MARKER.search(remark[1]) or (after and start < found[after - 1].end):
            continue  # within a block it is a part of that
        covers, language = (start, end), ""
        if after < len(found) and starts[after] - end < _NEAR and _leads_to(text[end : starts[after]]):
            last = after
            while last + 1 < len(found) and found[last + 1].start == found[last].end:  # several files in one fence
                last += 1
            covers, language = (starts[after], found[last].end), found[after].language
        yield Remark(remark[1].strip(), start, end, covers, language)


def _leads_to(between: str) -> bool:
    """Whether nothing but the fence itself, comments and a name stand between a comment and a block's text."""
    lines = [line for line in _REMARK.sub("", between).splitlines() if line.strip(" \t>")]
    return len(lines) <= 1 or (len(lines) == 2 and bool(named_above(lines[0].strip())))
