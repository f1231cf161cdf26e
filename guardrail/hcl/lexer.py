"""Text to tokens (hcl/hclsyntax/spec.md, "Lexical Elements"), with a stack of what is open.

Newlines that mean nothing (within brackets, interpolations, and `for` in braces) are not handed on, so the parser never
asks whether one matters. Tokens come for one item of the top level at a time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from guardrail.hcl.lexemes import BARE, BLANKS, CODE, INTRODUCER, LINES, LONE, MARGIN, PARTNER, QUOTED, REFERENCE
from guardrail.hcl.syntax import Comment


class Template(NamedTuple):
    """A template being read: what closes it (`"`, `heredoc`, or `end`), where it began, a heredoc's marker."""

    closing: str
    start: int
    marker: str = ""


class Lexer:
    """Reads a text from any offset on; `kinds`, `texts` and `starts` are the tokens of the last item, in parallel.

    A kind is `name`, `path` (a name with attributes), `number`, `string`, `newline`, `quote` (opens or closes a
    template), `heredoc`, `text` (within a template), `marker` (the end of a heredoc), `end`, `error` (its text is the
    message), or the sign itself; `}` also closes an interpolation. An `end` always comes last.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.comments: list[Comment] = []
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.open: list[str | Template] = []
        self._limit = len(text)
        self._lone: dict[str, list[int]] | None = None
        self._ascii = text.isascii()

    def read(self, start: int, limit: int, around: tuple[str | Template, ...] = ()) -> int:
        """Tokens of the item at an offset; where the next one begins. `around` is what is taken to be open."""
        self.kinds, self.texts, self.starts = [], [], []
        self.open = list(around)
        self._limit = limit
        position = start
        if not (around and isinstance(around[-1], Template)):
            position = BLANKS.match(self.text, start, limit).end()  # type: ignore[union-attr]
        while position >= 0:
            within = self.open and isinstance(self.open[-1], Template)
            position = self._template(position) if within else self._code(position)
        if not self._ascii:
            self._check_names()
        return ~position

    def _add(self, kind: str, text: str, start: int) -> None:
        self.kinds.append(kind)
        self.texts.append(text)
        self.starts.append(start)

    def _finish(self, position: int) -> int:
        """Closes the list of tokens; the complement of an offset says that there is no more to read."""
        self._add("end", "", position)
        return ~position

    def _code(self, position: int) -> int:  # noqa: C901, PLR0912 -- flat for speed
        """Tokens up to where a template begins or goes on, or the end of the item."""
        kinds, texts, starts, opened = self.kinds, self.texts, self.starts, self.open
        for m in CODE.finditer(self.text, position, self._limit):
            index = m.lastindex
            if index is None or index > 9:
                if index and index > 17:
                    return self._rare(m, index)
                position = self._line(m, index or 0)
                if position:
                    return position
                continue
            if index == 1:
                kinds.append("name")
                texts.append(m[1])
            elif index == 3:
                text = m[3]
                if text[0] == ",":
                    text = ","
                kinds.append(text)
                texts.append(text)
            elif index == 6:
                text = m[6]
                kinds.append(text[-1])
                texts.append(text)
                starts.append(m.start())
                if self._close(text):
                    return m.end(6)
                continue
            elif index == 7:
                text = m[7]
                kinds.append(text)
                texts.append(text)
                opened.append(text)
            elif index == 2:
                kinds.append("path")
                texts.append(m[1] + m[2])
            elif index == 4:
                kinds.append("string")
                texts.append(m[4])
            elif index == 5:
                kinds.extend(("string", ","))
                texts.extend((m[4], ","))
                starts.extend((m.start(), m.start(5)))
                continue
            elif index == 8:
                kinds.append("number")
                texts.append(m[8])
            else:
                return self._rare(m, index)
            starts.append(m.start())
        raise AssertionError("the pattern matches at the end")  # pragma: no cover

    def _line(self, m: re.Match[str], index: int) -> int:
        """The end of a line, and what most lines begin with; where to begin anew, 0 for nowhere."""
        kinds, texts, starts, opened = self.kinds, self.texts, self.starts, self.open
        if m[10]:
            kinds.extend(("{", "newline"))
            texts.extend(("{", ""))
            starts.extend((m.start(), m.end(10)))
            opened.append("{")
        elif opened:
            if opened[-1] == "{" and kinds[-1] != "newline":
                kinds.append("newline")
                texts.append("")
                starts.append(m.start())
        elif kinds:
            self._add("newline", "", m.start())
            return self._finish(m.start(12 if m[12] else 11) if index else m.end())
        if index > 13:
            kinds.extend(LINES[index])
            texts.extend((m[12], "=", m[index] if index < 17 else m[16] + m[17]))
            starts.extend((m.start(12), m.start(13), m.start(index if index < 17 else 16)))
        elif index == 13:
            kinds.extend(("name", "="))
            texts.extend((m[12], "="))
            starts.extend((m.start(12), m.start(13)))
        elif index == 11:
            self._add("}", "}", m.start(11))
            if self._close("}"):
                return m.end(11)
        return 0

    def _close(self, sign: str) -> bool:
        """Takes from the stack what a sign closes; True where a template goes on."""
        opened = self.open
        if sign in PARTNER:
            if opened and opened[-1] == PARTNER[sign]:
                opened.pop()
            return False
        while opened and opened[-1] in ("(", "["):
            opened.pop()
        return bool(opened) and opened.pop() == "${"

    def _rare(self, m: re.Match[str], index: int) -> int:
        """A token after which the loop begins anew: where it does."""
        start, text = m.start(), m[index]
        if index in {9, 18}:
            sign = "{" if index == 18 else "{for"
            self._add(sign, text, start)
            self.open.append(sign)
        elif index == 19:
            comment = text.rstrip("\r")
            self.comments.append(Comment(comment, start, start + len(comment)))
        elif index == 20:
            self._add("quote", text, start)
            self.open.append(Template('"', start))
            return start + 1
        elif index == 21:
            self._add("heredoc", text, start)
            self.open.append(Template("heredoc", start, text.strip().lstrip("<-")))
            return m.end(21)
        elif index == 22:
            return self._block_comment(start)
        elif index == 23:
            return self._finish(start)
        else:
            self._add("error", f"There is no {text!r} in the language.", start)
        return m.end()

    def _block_comment(self, start: int) -> int:
        end = self.text.find("*/", start + 2, self._limit)
        if end < 0:
            return self._give_up("This comment is not closed.", start)
        self.comments.append(Comment(self.text[start : end + 2], start, end + 2))
        return BLANKS.match(self.text, end + 2, self._limit).end()  # type: ignore[union-attr]

    def _give_up(self, message: str, position: int) -> int:
        self._add("error", message, position)
        return self._finish(self._limit)

    def _template(self, position: int) -> int:
        """The literal text of a template and what most interpolations are; where to go on."""
        template = self.open[-1]
        assert isinstance(template, Template)
        text = self.text
        limit = self._limit
        if template.closing == "heredoc":
            limit = self._marker(template.marker, position)
            if limit < 0:
                return self._give_up(f"This heredoc is not closed by a line {template.marker}.", template.start)
        literal = QUOTED if template.closing == '"' else BARE
        while True:
            end = literal.match(text, position, limit).end()  # type: ignore[union-attr]
            if end > position:
                self._add("text", text[position:end], position)
            reference = REFERENCE.match(text, end, limit)
            if not reference:
                break
            self.kinds.extend(("${", "path", "}"))
            self.texts.extend(reference.groups())
            self.starts.extend((end, reference.start(2), reference.start(3)))
            position = reference.end()
        introducer = INTRODUCER.match(text, end, limit)
        if introducer:
            self._add(text[end : end + 2], introducer[0].rstrip(), end)
            self.open.append("${")
            return introducer.end()
        self.open.pop()
        if template.closing != '"' or text.startswith('"', end, limit):
            return self._close_template(template, end)
        self._add("error", "This quoted string is not closed on its line.", template.start)
        return end + text.startswith("\\", end)

    def _close_template(self, template: Template, position: int) -> int:
        if template.closing == "end":
            return self._finish(position)
        if template.closing == '"':
            self._add("quote", '"', position)
            end = position + 1
        else:
            start = MARGIN.match(self.text, position).end()  # type: ignore[union-attr]
            end = start + len(template.marker)
            self._add("marker", template.marker, start)
        return BLANKS.match(self.text, end, self._limit).end()  # type: ignore[union-attr]

    def _marker(self, marker: str, position: int) -> int:
        """Where the line begins that ends a heredoc, or -1.

        All lines with a single word are found at once, as a file of heredocs that are not closed would be read over and
        over otherwise. Blanks before and behind the marker are no part of it (scan_tokens.rl, heredocLiteralEOL).
        """
        if self._lone is None:
            self._lone = {}
            for m in LONE.finditer(self.text):
                self._lone.setdefault(m[1], []).append(m.start())
        lines = self._lone.get(marker, [])
        found = bisect_left(lines, position)
        return lines[found] if found < len(lines) and lines[found] < self._limit else -1

    def _check_names(self) -> None:
        for i, kind in enumerate(self.kinds):
            text = self.texts[i]
            if kind in ("name", "path") and not text.isascii() and not is_path(text):
                self.kinds[i] = "error"
                self.texts[i] = f"{text!r} is not a name."


def is_path(text: str) -> bool:
    """Whether what looks like names with dots between them holds nothing but names."""
    return all(part.replace("-", "_").isidentifier() for part in text.split("."))
