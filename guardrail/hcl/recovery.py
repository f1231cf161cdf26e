"""Where to go on behind a top-level item that could not be read."""

from __future__ import annotations

import re
from bisect import bisect_right

from guardrail.hcl.lexemes import IDENTIFIER
from guardrail.hcl.syntax import Comment

_BLOCK = rf'{IDENTIFIER}[ \t]*+(?:"[^"\n]*+"[ \t]*+|{IDENTIFIER}[ \t]*+)*+\{{'
_LANDMARK = re.compile(
    rf"^(?:(?P<block>{_BLOCK})|(?P<attribute>{IDENTIFIER}[ \t]*+=(?![=>])))"
    rf"|<<-?(?P<marker>{IDENTIFIER})\r?\n|^[ \t\v\f]*+(?P<lone>{IDENTIFIER})[ \t\v\f]*+\r?$",
    re.MULTILINE,
)
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*+"|(#[^\n]*+|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)')
PATIENCE = 4
"""How many times the length of a text is read again behind broken items before items are taken to end where the next
one seems to begin."""


class Recovery:
    """The parts of a text that were given up, and the work that they cost."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lost: list[tuple[int, int]] = []
        self._wasted = 0
        self._impatient = False
        self._starts: tuple[list[int], list[int]] | None = None

    def limit(self, start: int) -> int:
        """How far the item at an offset is read at most."""
        return self._next(start, attributes=False) if self._impatient else len(self.text)

    def resume(self, start: int, read: int, kinds: list[str]) -> int:
        """Gives up what begins at an offset and was read up to another: where the next item begins.

        That is the next line whose first column begins a block, or an attribute where the broken item looks like one.
        """
        following = self._next(start, attributes=kinds[:2] == ["name", "="])
        self._wasted += max(0, read - following)
        self._impatient = self._impatient or self._wasted > PATIENCE * len(self.text)
        self.lost.append((start, following))
        return following

    def comments(self, found: list[Comment], count: int, start: int, resume: int) -> None:
        """Replaces the comments behind the first `count` by those of a part that was given up."""
        kept = [c for c in found[count:] if c.start < start]
        for m in _COMMENT.finditer(self.text, start, resume):
            if m[1]:
                comment = m[1].rstrip("\r")
                kept.append(Comment(comment, m.start(), m.start() + len(comment)))
        found[count:] = kept

    def _next(self, start: int, *, attributes: bool) -> int:
        if self._starts is None:
            self._starts = _landmarks(self.text)
        offsets = self._starts[attributes]
        found = bisect_right(offsets, start)
        return offsets[found] if found < len(offsets) else len(self.text)


def _landmarks(text: str) -> tuple[list[int], list[int]]:
    """Offsets where blocks begin in the first column, and those where blocks or attributes do; not in heredocs."""
    found = list(_LANDMARK.finditer(text))
    last = {m["lone"]: m.start() for m in found if m["lone"]}
    blocks, items = [], []
    marker = ""
    for m in found:
        if marker:
            marker = "" if m["lone"] == marker else marker
        elif m["marker"]:
            marker = m["marker"] if last.get(m["marker"], -1) > m.start() else ""
        elif not m["lone"]:
            items.append(m.start())
            if m["block"]:
                blocks.append(m.start())
    return blocks, items
