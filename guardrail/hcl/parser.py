"""Text of the Terraform language to its syntax tree.

Every item of the top level is read by itself, so that one that is broken does not hide the others.
"""

from __future__ import annotations

import threading

from guardrail.hcl.cursor import HclError
from guardrail.hcl.expressions import Expressions
from guardrail.hcl.height import MAX_HEIGHT, height
from guardrail.hcl.lexer import Template
from guardrail.hcl.recovery import Recovery
from guardrail.hcl.syntax import Attribute, Block, Body, Expression, File, Literal, SyntaxFault

__all__ = ["HclError", "parse", "parse_expression", "parse_template"]
_new = tuple.__new__


def parse(text: str) -> File:
    """The tree of a configuration (.tf, .tofu, .tfvars, .hcl); what is wrong stands in `faults`, nothing is raised."""
    try:
        return _File(text).read()
    except RecursionError:  # called from deep down: a thread has the whole stack to itself
        return _with_fresh_stack(text)


def _with_fresh_stack(text: str) -> File:
    found: list[File] = []
    thread = threading.Thread(target=lambda: found.append(_File(text).read()))
    thread.start()
    thread.join()
    return found[0]


def parse_expression(text: str, offset: int = 0) -> Expression:
    """The tree of an expression, `offset` added to its places; HclError where it is malformed."""
    parser = _parser(text, offset, "(")
    node = parser.expression()
    if parser.kinds[parser.i] != "end":
        raise parser.error("There is something behind the end of the expression.")
    parser.check_height(node)
    return node


def parse_template(text: str, offset: int = 0) -> Expression:
    """The tree of a template that is not quoted, as strings of JSON hold them; HclError where it is malformed."""
    parser = _parser(text, offset, Template("end", 0))
    node = parser.whole(parser.pieces("end"), offset, offset + len(text))
    parser.check_height(node)
    return node


def _parser(text: str, offset: int, around: str | Template) -> _File:
    parser = _File(text)
    parser.load(0, len(text), (around,))
    if offset:
        parser.starts = [start + offset for start in parser.starts]
    return parser


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
                self._item(self.attributes, self.blocks, top=True)
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

    def _item(self, attributes: dict[str, Attribute], blocks: list[Block], *, top: bool) -> None:
        """One attribute or block, and the end of its line."""
        kinds = self.kinds
        i = self.i
        if kinds[i] != "name":
            if kinds[i] == "end" and top:
                return
            raise self.error("Expected an attribute or a block.")
        item = self._attribute() if kinds[i + 1] == "=" else self._block()
        kind = kinds[self.i]
        if kind == "newline":
            self.i += 1
        elif not (kind == "end" if top else kind == "}"):
            raise self.error("Expected a new line.")
        if isinstance(item, Block):
            blocks.append(item)
        elif item.name in attributes:
            self.fault("duplicate-attribute", f"`{item.name}` is set twice.", item.start)
        else:
            attributes[item.name] = item

    def _attribute(self) -> Attribute:
        i = self.i
        name, start = self.texts[i], self.starts[i]
        self.i = i + 2
        self.deepest = self.longest = 0
        value = self.expression()
        if self.deepest * (self.longest + 4) > MAX_HEIGHT:
            self.check_height(value)
        return _new(Attribute, (name, value, start, start + len(name), value.end))

    def check_height(self, node: Expression) -> None:
        """Refuses a tree that is too high for those who walk it recursively."""
        if height(node) > MAX_HEIGHT:
            raise HclError(f"This expression is nested more than {MAX_HEIGHT} deep.", node.start, "too-deep")

    def _block(self) -> Block:
        self.enter()
        i = self.i
        kind, start = self.texts[i], self.starts[i]
        labels = []
        i += 1
        while True:
            sort, text = self.kinds[i], self.texts[i]
            if sort == "string":
                label = self.references(text, self.starts[i])
                if not isinstance(label, Literal):
                    raise HclError("A label holds no interpolation.", self.starts[i])
                labels.append(str(label.value))
            elif sort == "name":
                labels.append(text)
            else:
                break
            i += 1
        self.i = i
        header_end = self.starts[i - 1] + len(self.texts[i - 1])
        inside = self.expect("{", "Expected '=' and a value, or the labels of a block and '{'.")
        body = self._body(inside)
        self.depth -= 1
        return _new(Block, (kind, tuple(labels), body, start, header_end, body.end + 1))

    def _body(self, start: int) -> Body:
        kinds = self.kinds
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        first = self.i
        if kinds[first] == "newline":
            self.i += 1
        depth = self.depth
        while kinds[self.i] != "}":
            if kinds[self.i] == "end":
                raise self.error("A block is not closed: expected '}'.")
            self._item(attributes, blocks, top=False)
            self.depth = depth
        end = self.starts[self.i]
        if self.texts[self.i] == "~}":
            raise self.error("`~}` closes an interpolation, not a block.")
        self.i += 1
        if kinds[first] != "newline" and len(attributes) + len(blocks) > 1 - len(blocks):
            self.fault("syntax", "A block on one line holds one attribute at most.", start)
        return _new(Body, (attributes, tuple(blocks), start, end))
