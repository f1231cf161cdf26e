"""Tokens of a POSIX or bash script, on demand: the parser says where `[[` and `((` may stand.

Grammar: POSIX.1-2017 Shell Command Language 2.3 and 2.10, and the Bash Reference Manual 3.1 to 3.2. `${{ }}` is put
in by GitHub before a shell sees the script; what it will be is not known, so it is part of a word, whatever it holds.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from guardrail.actions.shell import tree
from guardrail.actions.shell.nesting import closing, document
from guardrail.actions.shell.tree import Piece, Redirect, Word

WORD, OPERATOR, REDIRECT, END = "word", "operator", "redirect", "end"

_BLANKS = re.compile(r"(?:[ \t\r]|\\\r?\n)*(?:#[^\n]*)?")
_OPERATOR = re.compile(r";;&|;;|;&|&&|\|\||\|&|[;&|()\n]")
_REDIRECT = re.compile(r"(?:\d+|\{\w+\})?(?:<<<|<<-|<<|<&|<>|<(?!\()|&>>|&>|>>|>&|>\||>(?!\())")
_OPERATING, _REDIRECTING = frozenset(";&|()\n"), frozenset("<>&{0123456789")
"""What operators and redirections begin with."""
_PLAIN = re.compile(r"[^ \t\r\n\\'\"`$;&|()<>]+")
_QUOTED = re.compile(r"[^\"\\$`]+")
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]")
_BRACED = re.compile(r"\{([A-Za-z_]\w*|[0-9@*?])(?::?-([^}$`'\"]*))?\}")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*(?:\[[^]]*\])?\+?=\Z")
_TEST_END = re.compile(r"(?<=\s)\]\](?=[\s;&|)]|\Z)")


class Unsplittable(Exception):
    """The text from `offset` on cannot be split."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


class Token(NamedTuple):
    """`kind` is one of the constants above; `text` that of an operator; a word or a redirection with its target."""

    kind: str
    text: str
    start: int
    end: int
    word: Word | None = None
    redirect: Redirect | None = None


class Lexer:
    """Reads tokens of `text[start:end]` one at a time; `holes` is where its `${{ }}` begin and end."""

    def __init__(self, text: str, start: int, end: int, holes: dict[int, int]) -> None:
        self.text, self.end, self.holes = text, end, holes
        self.at = start
        self._next: Token | None = None
        self._pending: list[Redirect] = []
        self.documents: dict[int, tuple[int, int]] = {}

    def peek(self) -> Token:
        """The next token, which stays the next."""
        if self._next is None:
            self._next = self._read()
        return self._next

    def take(self) -> Token:
        """The next token."""
        token = self.peek()
        self._next = None
        return token

    def test(self, opening: Token) -> Word:
        """The words of `[[ … ]]` or `(( … ))` as one, from where its opening token began."""
        self._next = None
        if opening.text == "(":
            end = closing(self.text, opening.start, self.end, self.holes)
        else:
            match = _TEST_END.search(self.text, opening.end, self.end)
            end = match.end() if match else -1
        if end < 0:
            raise Unsplittable("a test is not closed", opening.start)
        self.at = end
        raw = self.text[opening.start : end]
        return Word((Piece(tree.TEXT, raw, raw, opening.start, True),), opening.start, end)

    def _read(self) -> Token:
        match = _BLANKS.match(self.text, self.at, self.end)
        start = match.end() if match else self.at
        if start >= self.end:
            return Token(END, "", self.end, self.end)
        char = self.text[start]
        if char in _REDIRECTING and (found := _REDIRECT.match(self.text, start, self.end)):
            return self._redirect(found.group(), start, found.end())
        if char in _OPERATING and (found := _OPERATOR.match(self.text, start, self.end)):
            self.at = found.end()
            if found.group() == "\n":
                self._take_documents()
            return Token(OPERATOR, found.group(), start, found.end())
        word = self._word(start)
        return Token(WORD, word.literal(), start, word.end, word)

    def _redirect(self, operator: str, start: int, end: int) -> Token:
        blanks = _BLANKS.match(self.text, end, self.end)
        target = self._word(blanks.end() if blanks else end)
        redirect = Redirect(operator.lstrip("0123456789"), target, start)
        if redirect.operator in ("<<", "<<-"):
            self._pending.append(redirect)
        return Token(REDIRECT, operator, start, target.end, None, redirect)

    def _take_documents(self) -> None:
        """Step over the here-documents that the line just read has announced; `documents` is where they are."""
        for redirect in self._pending:
            delimiter, tabs = redirect.target.text(), redirect.operator == "<<-"
            end, behind = document(self.text, self.at, self.end, delimiter, tabs)
            self.documents[redirect.start] = (self.at, end)
            self.at = behind
        self._pending = []

    def _word(self, start: int) -> Word:
        pieces: list[Piece] = []
        at = start
        while at < self.end:
            piece, behind = self._piece(at, pieces)
            if behind == at:
                break
            pieces += piece
            at = behind
        self.at = at
        return Word(tuple(pieces), start, at)

    def _piece(self, at: int, before: list[Piece]) -> tuple[list[Piece], int]:
        """What stands at an offset outside quotes; the same offset when the word ends there."""
        if at in self.holes:
            return [self._raw(tree.EXPRESSION, at, self.holes[at], False)], self.holes[at]
        if match := _PLAIN.match(self.text, at, self.end):
            return [self._raw(tree.TEXT, at, match.end(), False)], match.end()
        char = self.text[at]
        if char in "'\"$`\\":
            return self._quoting(at, char)
        if char in "<>":
            return self._files(at)
        if char == "(" and before and before[-1].kind == tree.TEXT and _ASSIGNED.match(before[-1].text):
            end = self._closing(at)
            return [self._raw(tree.TEXT, at, end, True)], end
        return [], at

    def _quoting(self, at: int, char: str) -> tuple[list[Piece], int]:
        if char == "'":
            return self._single(at, at + 1)
        if char == '"':
            return self._double(at)
        return self._escape(at) if char == "\\" else self._dollar(at, False)

    def _raw(self, kind: str, start: int, end: int, quoted: bool) -> Piece:
        text = self.text[start:end]
        return Piece(kind, text, text, start, quoted)

    def _escape(self, at: int) -> tuple[list[Piece], int]:
        if self.text[at + 1 : at + 2] in ("\n", "\r"):
            behind = at + (3 if self.text[at + 1] == "\r" else 2)
            return [Piece(tree.TEXT, "", "", at, False)], min(behind, self.end)
        text = self.text[at + 1 : min(at + 2, self.end)]
        return [Piece(tree.TEXT, text, self.text[at : at + 2], at + 1, True)], min(at + 2, self.end)

    def _single(self, at: int, inside: int) -> tuple[list[Piece], int]:
        end = self.text.find("'", inside, self.end)
        if end < 0:
            raise Unsplittable("a quote is not closed", at)
        text = self.text[inside:end]
        return [Piece(tree.TEXT, text, self.text[at : end + 1], inside, True)], end + 1

    def _double(self, at: int) -> tuple[list[Piece], int]:
        pieces = [Piece(tree.TEXT, "", "", at + 1, True)]
        start, at = at, at + 1
        while at < self.end:
            char = self.text[at]
            if char == '"':
                return pieces, at + 1
            if at in self.holes:
                pieces.append(self._raw(tree.EXPRESSION, at, self.holes[at], True))
                at = self.holes[at]
            elif match := _QUOTED.match(self.text, at, self.end):
                pieces.append(self._raw(tree.TEXT, at, match.end(), True))
                at = match.end()
            elif char == "\\":
                pieces.append(_unescaped(self.text[at : at + 2], at))
                at += 2
            else:
                more, at = self._dollar(at, True)
                pieces += more
        raise Unsplittable("a quote is not closed", start)

    def _dollar(self, at: int, quoted: bool) -> tuple[list[Piece], int]:
        """What `$` or a backtick begins."""
        text, after = self.text, self.text[at + 1 : at + 2]
        if text[at] == "`" or after == "(":
            return self._substitution(at, quoted)
        if after == "{":
            end = self._closing(at + 1)
            match = _BRACED.fullmatch(text, at + 1, end)
            name = match.group(1) if match else ""
            return [Piece(tree.VARIABLE, name, text[at:end], at, quoted)], end
        if after in ("'", '"') and not quoted:
            return self._single(at, at + 2) if after == "'" else self._double(at + 1)
        if match := _NAME.match(text, at + 1, self.end):
            return [Piece(tree.VARIABLE, match.group(), text[at : match.end()], at, quoted)], match.end()
        return [self._raw(tree.TEXT, at, at + 1, True)], at + 1

    def _substitution(self, at: int, quoted: bool) -> tuple[list[Piece], int]:
        opening = at if self.text[at] == "`" else at + 1
        end = self._closing(opening)
        raw = self.text[at:end]
        if raw.startswith("$((") and raw.endswith("))"):
            return [Piece(tree.TEXT, raw, raw, at, True)], end
        return [Piece(tree.COMMANDS, self.text[opening + 1 : end - 1], raw, opening + 1, quoted)], end

    def _files(self, at: int) -> tuple[list[Piece], int]:
        """`<( )` and `>( )`; any other redirection ends the word."""
        if self.text[at + 1 : at + 2] != "(":
            return [], at
        end = self._closing(at + 1)
        return [Piece(tree.FILES, self.text[at + 2 : end - 1], self.text[at:end], at + 2, False)], end

    def _closing(self, at: int) -> int:
        end = closing(self.text, at, self.end, self.holes)
        if end < 0:
            raise Unsplittable(f"`{self.text[at]}` is not closed", at)
        return end


def _unescaped(raw: str, at: int) -> Piece:
    """A backslash in double quotes: it escapes only `$`, backtick, `"`, itself and the end of the line."""
    if raw[1:] == "\n":
        return Piece(tree.TEXT, "", raw, at, True)
    return Piece(tree.TEXT, raw[1:] if raw[1:] in ("$", "`", '"', "\\") else raw, raw, at, True)
