"""Text of the Terraform language to its syntax tree.

Every item of the top level is read by itself, so that one that is broken does not hide the others.
"""

from __future__ import annotations

import _thread
from collections.abc import Callable, Sequence
from typing import TypeVar

from guardrail.hcl.cursor import HclError
from guardrail.hcl.expressions import Expressions
from guardrail.hcl.height import MAX_HEIGHT, height
from guardrail.hcl.lexer import Template
from guardrail.hcl.recovery import Recovery
from guardrail.hcl.syntax import Attribute, Block, Body, Expression, File, Literal, SyntaxFault

__all__ = ["HclError", "parse", "parse_expression", "parse_template"]
_new = tuple.__new__
_Result = TypeVar("_Result")


def parse(text: str) -> File:
    """The tree of a configuration (.tf, .tofu, .tfvars, .hcl); what is wrong stands in `faults`, nothing is raised."""
    return with_stack(lambda: _File(text).read())


def parse_expression(text: str, offset: int = 0) -> Expression:
    """The tree of an expression, `offset` added to its places; HclError where it is malformed."""
    return with_stack(lambda: TextParser(text, range(offset, offset + len(text) + 1)).alone())


def parse_template(text: str, offset: int = 0) -> Expression:
    """The tree of a template that is not quoted, as strings of JSON hold them; HclError where it is malformed."""
    places = range(offset, offset + len(text) + 1)
    return with_stack(lambda: TextParser(text, places).bare(offset, places[-1]))


class TextParser(Expressions):
    """Reads one expression or template; `places` is the offset of each character, and of the end."""

    def __init__(self, text: str, places: Sequence[int]) -> None:
        super().__init__(text)
        self.text = text
        self.places = places

    def alone(self) -> Expression:
        """The expression that the text is."""
        self._load("(")
        node = self.expression()
        if self.kinds[self.i] != "end":
            raise self.error("There is something behind the end of the expression.")
        check_height(node)
        return node

    def bare(self, start: int, end: int) -> Expression:
        """The template that the text is, with the places that it itself is to have."""
        self._load(Template("end", 0))
        node = self.whole(self.pieces("end"), start, end)
        check_height(node)
        return node

    def _load(self, around: str | Template) -> None:
        self.load(0, len(self.text), (around,))
        self.starts = [self.places[start] for start in self.starts]


class _File(Expressions):
    """The part of the parser that reads bodies."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        self.attributes: dict[str, Attribute] = {}
        self.blocks: list[Block] = []

    def read(self) -> File:
        """All items of the top level."""
        text, size = self.text, len(self.text)
        position = 1 if text.startswith("\ufeff") else 0
        recovery = Recovery(text)
        while position < size:
            start = position
            comments, faults = len(self.lexer.comments), len(self.faults)
            position = self.load(start, recovery.limit(start))
            try:
                if self.kinds[0] != "end":
                    self._item(self.attributes, self.blocks, "end")
            except HclError as error:
                begin = self.starts[0]
                resume = recovery.resume(begin, position, self.kinds)
                del self.faults[faults:]
                self.faults.append(SyntaxFault(error.code, error.message, error.offset, True))
                recovery.comments(self.lexer.comments, comments, begin, resume)
                position = resume
        return File(
            Body(self.attributes, tuple(self.blocks), 0, size),
            tuple(self.lexer.comments),
            tuple(self.faults),
            tuple(recovery.lost),
        )

    def _item(self, attributes: dict[str, Attribute], blocks: list[Block], closing: str) -> None:
        """One attribute or block, and the end of its line or what closes the body."""
        kinds = self.kinds
        i = self.i
        if kinds[i] != "name":
            raise self.error("Expected an attribute or a block.")
        if kinds[i + 1] == "=":
            attribute = self._attribute(i)
            self._end_line(closing)
            if attributes.setdefault(attribute.name, attribute) is not attribute:
                self.fault("duplicate-attribute", f"`{attribute.name}` is set twice.", attribute.start)
        else:
            block = self._block()
            self._end_line(closing)
            blocks.append(block)

    def _end_line(self, closing: str) -> None:
        kind = self.kinds[self.i]
        if kind == "newline":
            self.i += 1
        elif kind != closing:
            raise self.error("Expected a new line.")

    def _attribute(self, i: int) -> Attribute:
        name, start = self.texts[i], self.starts[i]
        self.i = i + 2
        depth = self.deepest = self.depth
        self.longest = self.directives = 0
        value = self.expression()
        # A level: a conditional, an operator, a sign, an index, a bracket, ORDINARY names; or longer chains of them.
        if (self.deepest - depth + 1) * (4 * self.longest + 9) + self.directives > MAX_HEIGHT:
            check_height(value)
        return _new(Attribute, (name, value, start, start + len(name), value.end))

    def _block(self) -> Block:
        self.enter()
        i = self.i
        kind, start = self.texts[i], self.starts[i]
        self.i = i + 1
        labels = []
        while self.kinds[self.i] in ("string", "name", "quote"):
            labels.append(self._label())
        last = self.i - 1
        header_end = self.starts[last] + len(self.texts[last])
        inside = self.expect("{", "Expected '=' and a value, or the labels of a block and '{'.")
        body = self._body(inside)
        self.depth -= 1
        return _new(Block, (kind, tuple(labels), body, start, header_end, body.end + 1))

    def _label(self) -> str:
        i = self.i
        self.i = i + 1
        kind, text, start = self.kinds[i], self.texts[i], self.starts[i]
        if kind == "name":
            return text
        label = self.template(kind, text, start) if kind == "quote" else self.references(text, start)
        if not isinstance(label, Literal):
            raise HclError("A label holds no interpolation.", start)
        return str(label.value)

    def _body(self, start: int) -> Body:
        kinds = self.kinds
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        one_line = kinds[self.i] != "newline"
        if not one_line:
            self.i += 1
        depth = self.depth
        while kinds[self.i] != "}":
            if kinds[self.i] == "end":
                raise self.error("A block is not closed: expected '}'.")
            self._item(attributes, blocks, "}")
            self.depth = depth
            if one_line == (kinds[self.i - 1] == "newline"):
                offset = self.starts[self.i - one_line]
                self.fault("syntax", "Expected a new line behind `{` as before `}`, or neither.", offset)
        end = self.starts[self.i]
        if self.texts[self.i] == "~}":
            raise self.error("`~}` closes an interpolation, not a block.")
        self.i += 1
        if one_line and blocks:
            self.fault("syntax", "A block on one line holds one attribute at most.", start)
        return _new(Body, (attributes, tuple(blocks), start, end))


def check_height(node: Expression) -> None:
    """Refuses a tree that is too high for those who walk it recursively."""
    if height(node) > MAX_HEIGHT:
        raise HclError(f"This expression is nested more than {MAX_HEIGHT} deep.", node.start, "too-deep")


def with_stack(run: Callable[[], _Result]) -> _Result:
    """What a call returns or raises; if the stack of the caller is almost used up, on a stack of its own."""
    try:
        return run()
    except RecursionError:
        pass
    found: list[_Result | HclError] = []
    done = _thread.allocate_lock()  # `threading` would need a dozen frames, and there may be no more
    done.acquire()

    def again() -> None:
        try:
            found.append(run())
        except HclError as error:
            found.append(error)
        finally:
            done.release()

    _thread.start_new_thread(again, ())
    done.acquire()
    if isinstance(found[0], HclError):
        raise found[0]
    return found[0]
