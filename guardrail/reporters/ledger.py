"""What became of every file, and of every block of a document, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from guardrail.model.report import BlockStatus, FileStatus, Report
from guardrail.pages.screen import clean, counted, listed

_REASONS = 5
"""Reasons that one line tells."""

_WORDS = {"read": "read", "partly-read": "partly read", "unreadable": "unreadable", "left-alone": "left alone"}


def blocks_line(report: Report) -> str:
    """`12 blocks in 2 documents: 7 read, 5 left alone (3 bash, 2 typescript)`; empty where none was to be read."""
    documents = [file for file in report.files if any(b.status != "left-alone" for b in file.blocks)]
    blocks = [block for file in documents for block in file.blocks]
    if not blocks:
        return ""
    states = Counter(block.status for block in blocks)
    parts = [f"{states[state]:,} {words}" for state, words in _WORDS.items() if states[state]]
    reasons = Counter(clean(block.reason) for block in blocks if block.status == "left-alone")
    named = [f"{number:,} {reason}" for reason, number in reasons.most_common(_REASONS)]
    rest = sum(reasons.values()) - sum(number for _, number in reasons.most_common(_REASONS))
    named += [f"{rest:,} for other reasons"] if rest else []
    why = f" ({', '.join(named)})" if named else ""
    return f"{counted(len(blocks), 'block')} in {counted(len(documents), 'document')}: {listed(parts)}{why}"


def lines(report: Report) -> list[str]:
    """Every file with its status, and below each document its blocks by line."""
    return ["coverage:", *(line for file in report.files for line in _file(file))]


def _file(file: FileStatus) -> Iterator[str]:
    held = counted(file.resources, "resource") if file.resources else ""
    told = "; ".join(clean(words) for words in (held, file.reason) if words)
    yield f"  {clean(file.path)}: {_WORDS.get(file.status, clean(file.status))}{f' ({told})' if told else ''}"
    width = len(str(file.blocks[-1].line)) if file.blocks else 0
    for block in file.blocks:
        yield f"    {block.line:>{width}}  {_block(block)}"


def _block(block: BlockStatus) -> str:
    if block.status == "left-alone":
        return f"left alone: {clean(block.reason)}"
    told = "; ".join(clean(words) for words in (block.holds, block.reason) if words)
    state = "" if block.status == "read" else f", {_WORDS[block.status]}"
    return f"{clean(block.name)}{state}: {told}"
