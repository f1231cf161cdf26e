"""Tokens to templates: quoted strings with interpolation, heredocs, directives (hcl/hclsyntax/spec.md, "Templates")."""

from __future__ import annotations

import re
from typing import NamedTuple

from guardrail.hcl.cursor import MAX_DEPTH, ORDINARY, Cursor, HclError
from guardrail.hcl.literals import unbrace, unquote
from guardrail.hcl.syntax import Directive, Expression, GetAttr, Literal, Name, Template

CONSTANTS = {"true": True, "false": False, "null": None}
_PIECES = re.compile(r"\$\{ ?([^ }]++) ?\}|(?:[^\\$]++|\\.|\$(?!\{))++")
_new = tuple.__new__


class Text(NamedTuple):
    """Literal text of a template, its escapes resolved."""

    text: str
    start: int
    end: int


class Control(NamedTuple):
    """One `%{ ... }`: `if`, `else`, `endif`, `for` or `endfor`."""

    keyword: str
    names: tuple[str, ...]
    condition: Expression | None
    start: int
    end: int


Piece = Text | Control | Expression


class Templates(Cursor):
    """The part of the parser that reads templates."""

    def expression(self) -> Expression:
        """What stands in an interpolation."""
        raise NotImplementedError

    def path(self, text: str, start: int) -> Expression:
        """A name, and the attributes written behind it without blanks."""
        names = text.split(".")
        end = start + len(names[0])
        node: Expression = _new(Name, (names[0], start, end))
        if names[0] in CONSTANTS:
            node = Literal(CONSTANTS[names[0]], start, end)
        if len(names) > ORDINARY:
            self.longest = max(self.longest, len(names))
        for name in names[1:]:
            end += 1 + len(name)
            node = _new(GetAttr, (node, name, start, end))
        return node

    def quoted(self, text: str, start: int) -> Literal:
        """A quoted string without interpolation."""
        value, wrong = unquote(text[1:-1])
        for offset in wrong:
            self.bad_escape(start + 1 + offset)
        return _new(Literal, (value, start, start + len(text)))

    def references(self, text: str, start: int) -> Expression:
        """A quoted string in which braces stand; what it interpolates are names and paths."""
        if "${" not in text:
            return self.quoted(text, start)
        parts: list[Expression] = []
        for m in _PIECES.finditer(text, 1, len(text) - 1):
            if m[1]:
                parts.append(self.path(m[1], start + m.start(1)))
                continue
            value = m[0]
            if "\\" in value:
                value, wrong = unquote(value)
                for offset in wrong:
                    self.bad_escape(start + m.start() + offset)
            parts.append(_new(Literal, (value, start + m.start(), start + m.end())))
        if len(parts) == 1 and type(parts[0]) is Literal and not text.startswith("${", 1):
            return self.quoted(text, start)
        return _new(Template, (tuple(parts), start, start + len(text)))

    def template(self, kind: str, text: str, start: int) -> Expression:
        """The template whose opening was the last token."""
        self.enter()
        pieces = self.pieces("marker" if kind == "heredoc" else "quote")
        end = self.starts[self.i - 1] + len(self.texts[self.i - 1])
        self.depth -= 1
        if kind == "heredoc" and text.startswith("<<-"):
            pieces = flushed(pieces)
        return self.whole(pieces, start, end)

    def whole(self, pieces: list[Piece], start: int, end: int) -> Expression:
        """A Literal if there is nothing but text."""
        nesting = Nesting(self.depth)
        parts = nesting.parts(pieces)
        self.directives += nesting.deepest
        texts = [piece for piece in pieces if isinstance(piece, Text)]
        if len(texts) == len(pieces):
            value = parts[0].value if parts and isinstance(parts[0], Literal) else ""
            return Literal(value, start, end)
        if len(parts) == 1 and texts and not isinstance(parts[0], Directive):
            # Stripped of all its text it still is a string, not the value of its interpolation.
            nothing = Literal("", texts[0].start, texts[0].end)
            parts = (nothing, *parts) if nothing.start < parts[0].start else (*parts, nothing)
        return Template(parts, start, end)

    def pieces(self, closing: str) -> list[Piece]:
        """Texts, expressions and directives in a row, up to the token of a kind, which is stepped over.

        Strip markers take blanks from the neighbouring text; in a heredoc a text is one line, and no more than that
        is stripped (parser_template.go, parseTemplateParts).
        """
        found: list[Piece] = []
        strip = False
        while True:
            i = self.i
            kind = self.kinds[i]
            self.i = i + 1
            if kind == "text":
                found.extend(self._texts(closing, strip))
                strip = False
            elif kind == closing:
                return found
            elif kind in {"${", "%{"}:
                if self.texts[i].endswith("~") and found and isinstance(found[-1], Text):
                    found[-1] = found[-1]._replace(text=found[-1].text.rstrip())  # of this line only
                found.append(self.expression() if kind == "${" else self._control(self.starts[i]))
                strip = self.texts[self.i] == "~}"
                end = self.expect("}", "Expected '}' at the end of an interpolation; a literal `${` is written `$${`.")
                if kind == "%{":
                    found[-1] = found[-1]._replace(end=end)
            else:
                self.i = i
                raise self.error("This template is not closed.")

    def _texts(self, closing: str, strip: bool) -> list[Text]:
        i = self.i - 1
        raw, start = self.texts[i], self.starts[i]
        if closing == "quote":
            text = raw
            if "\\" in raw or "{" in raw:
                text, wrong = unquote(raw)
                for offset in wrong:
                    self.bad_escape(start + offset)
            return [Text(text.lstrip() if strip else text, start, start + len(raw))]
        *whole, rest = raw.split("\n")
        lines = [f"{line}\n" for line in whole]
        if rest:
            lines.append(rest)
        texts = []
        for line in lines:
            end = start + len(line)
            text = unbrace(line) if "{" in line else line
            texts.append(_new(Text, (text.lstrip() if strip else text, start, end)))
            start = end
            strip = False
        return texts

    def bad_escape(self, offset: int) -> None:
        """Notes a backslash that means nothing."""
        self.fault("bad-escape", r'There is no such escape; a backslash is written "\\".', offset)

    def _control(self, start: int) -> Control:
        keyword = self.word("A directive begins with `if`, `else`, `endif`, `for` or `endfor`.")
        names: tuple[str, ...] = ()
        condition: Expression | None = None
        if keyword == "for":
            names = self.loop_names()
        if keyword in ("for", "if"):
            condition = self.expression()
        elif keyword not in ("else", "endif", "endfor"):
            self.i -= 1
            raise self.error(f"There is no directive `{keyword}`.")
        return Control(keyword, names, condition, start, start)

    def loop_names(self) -> tuple[str, ...]:
        """`x in` or `k, v in`."""
        names = [self.word("The name of a variable is missing behind `for`.")]
        if self.kinds[self.i] == ",":
            self.i += 1
            names.append(self.word("The name of a variable is missing behind ','."))
        if self.texts[self.i] != "in":
            raise self.error("Expected `in` behind the variables of `for`.")
        self.i += 1
        return tuple(names)


class Nesting:
    """Directives around what stands between them; the innermost last."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.deepest = 0
        self.open: list[tuple[Control, list[Expression]]] = []  # each with what stood before it
        self.level: list[Expression] = []

    def parts(self, pieces: list[Piece]) -> tuple[Expression, ...]:
        """The parts of a template, neighbouring texts made one."""
        texts: list[Text] = []
        for piece in pieces:
            if isinstance(piece, Text):
                texts.append(piece)
                continue
            self._take(texts)
            texts = []
            if isinstance(piece, Control):
                self._control(piece)
            else:
                self.level.append(piece)
        self._take(texts)
        if self.open:
            control = next(c for c, _ in reversed(self.open) if c.keyword != "else")
            raise HclError(f"This `{control.keyword}` has no `end{control.keyword}`.", control.start)
        return tuple(self.level)

    def _take(self, texts: list[Text]) -> None:
        text = "".join([t.text for t in texts])
        if text:
            self.level.append(Literal(text, texts[0].start, texts[-1].end))

    def _control(self, control: Control) -> None:
        if control.keyword in ("if", "for"):
            self.open.append((control, self.level))
            self.deepest = max(self.deepest, len(self.open))
            if self.depth + len(self.open) > MAX_DEPTH:
                raise HclError(f"This is nested more than {MAX_DEPTH} deep.", control.start, "too-deep")
            self.level = []
            return
        opening = self.open[-1][0].keyword if self.open else ""
        if control.keyword == "else" and opening == "if":
            self.open.append((control, self.level))
            self.level = []
            return
        self._end(control, opening)

    def _end(self, control: Control, opening: str) -> None:
        body = tuple(self.level)
        otherwise: tuple[Expression, ...] = ()
        if opening == "else":
            otherwise = body
            body = tuple(self.open.pop()[1])
            opening = "if"
        if control.keyword != f"end{opening}":
            raise HclError(f"There is nothing that this `{control.keyword}` belongs to.", control.start)
        first, self.level = self.open.pop()
        assert first.condition is not None
        self.level.append(
            Directive(first.keyword, first.names, first.condition, body, otherwise, first.start, control.end)
        )


def flushed(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a `<<-` heredoc without the indentation that all lines share.

    Lines of blanks do not count, and keep theirs (parser_template.go, flushHeredocTemplateParts).
    """
    fewest: int | None = None
    begins: list[int] = []
    fresh = True
    for i, piece in enumerate(pieces):
        if fresh:
            blanks = 0
            if isinstance(piece, Text):
                blanks = len(piece.text) - len(piece.text.lstrip())
                if blanks == len(piece.text) and piece.text.endswith("\n"):
                    continue
                begins.append(i)
            fewest = blanks if fewest is None else min(fewest, blanks)
        fresh = isinstance(piece, Text) and piece.text.endswith("\n")
    result = list(pieces)
    for i in begins:
        piece = pieces[i]
        assert isinstance(piece, Text)
        result[i] = _new(Text, (piece.text[fewest or 0 :], piece.start, piece.end))
    return result
