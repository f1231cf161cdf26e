"""What documents leave out of YAML (`...`): a line, a value, an item of a list, or a comment that says so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from re import MULTILINE
from re import compile as regex

from guardrail.model.document import LEFT_OUT, Document
from guardrail.model.value import UnknownValue

_DOTS = r"(?:\.\.\.|…|<snip>)"
_LINE = regex(rf"^[ \t]*+(?P<gap>{_DOTS}|\[ *{_DOTS} *\])[ \t]*\r?$", MULTILINE)
_MAPPING = regex(rf":[ \t]+(?P<gap>\{{ *{_DOTS} *\}})[ \t]*\r?$", MULTILINE)
_VALUE = regex(rf"(?::|-)[ \t]+(?:\[ *)?{_DOTS}(?: *\])?[ \t]*\r?$", MULTILINE)
_COMMENT = regex(rf"(?:^|[ \t])#(?:[ \t]*{_DOTS}|[^\n#]*{_DOTS}[ \t)\]]*\r?$)", MULTILINE)
_WORDS = frozenset({"...", "…", "<snip>"})


def gaps_blanked(text: str) -> tuple[str, list[int]]:
    """A text as long as it was that can be read in spite of its gaps, and the offsets of these."""
    if "..." not in text and "…" not in text and "<snip>" not in text:
        return text, []
    lines = [(m.span("gap"), " " * len(m["gap"])) for m in _LINE.finditer(text)]
    mappings = [(m.span("gap"), f'"{m["gap"][1:-1]}"') for m in _MAPPING.finditer(text)]
    parts, done = [], 0
    for (start, end), new in sorted(lines + mappings):
        parts += [text[done:start], new]
        done = end
    offsets = {m.start() for pattern in (_LINE, _MAPPING, _VALUE, _COMMENT) for m in pattern.finditer(text)}
    return "".join((*parts, text[done:])), sorted(offsets)


def mark_excerpts(documents: Sequence[Document], gaps: Sequence[int]) -> None:
    """Say of the documents around some lines that they are not whole; values that are left out become unknown."""
    starts = [document.first_line for document in documents]
    for index in {max(bisect_right(starts, line) - 1, 0) for line in gaps} if documents else ():
        documents[index].excerpt = LEFT_OUT
        documents[index].data = _unknown(documents[index].data)


def _unknown(value: object) -> object:
    """Data with an unknown for each value that is nothing but dots; as deep as the reader lets it be."""
    if isinstance(value, dict):
        return {key: _unknown(below) for key, below in value.items()}
    if isinstance(value, list) and not (len(value) == 1 and _is_gap(value[0])):
        return [UnknownValue(LEFT_OUT, many=True) if _is_gap(item) else _unknown(item) for item in value]
    return UnknownValue(LEFT_OUT) if isinstance(value, list) or _is_gap(value) else value


def _is_gap(value: object) -> bool:
    return isinstance(value, str) and value.strip() in _WORDS
