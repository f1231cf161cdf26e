"""Terraform's JSON configuration syntax to the same tree as the native one.

Sources: developer.hashicorp.com/terraform/language/syntax/json, and hcl/json/spec.md: a block is an object below its
type and labels, several of them are an array; strings are templates, except where a bare reference is asked for.
"""

from __future__ import annotations

from collections import deque

from guardrail.hcl.cursor import HclError
from guardrail.hcl.height import MAX_HEIGHT, height
from guardrail.hcl.json_schema import BARE, COMMENT, PARTS, VALUES, is_block, is_literal, kind_within
from guardrail.hcl.json_values import JsonArray, JsonObject, JsonScalar, JsonText, JsonValue, read
from guardrail.hcl.parser import TextParser, with_stack
from guardrail.hcl.syntax import (
    Attribute,
    Block,
    Body,
    Comment,
    Expression,
    File,
    Literal,
    Object,
    SyntaxFault,
    Tuple,
)


def parse_json(text: str) -> File:
    """The tree of a .tf.json or .tofu.json file, offsets into its text; what is wrong stands in `faults`."""
    return with_stack(lambda: _Reader(text).file(""))


def parse_json_values(text: str) -> File:
    """The tree of a .tfvars.json file: attributes, whose strings are taken as they are."""
    return with_stack(lambda: _Reader(text).file(VALUES))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.comments: list[Comment] = []
        self.faults: list[SyntaxFault] = []
        self.lost: list[tuple[int, int]] = []

    def file(self, kind: str) -> File:
        """The whole text, as a body of a kind."""
        try:
            root = read(self.text)
            bodies = root.items if isinstance(root, JsonArray) else (root,)
            body = self._body(bodies, kind, 0, len(self.text))
        except HclError as error:
            fault = SyntaxFault(error.code, error.message, error.offset, True)
            return File(Body({}, (), 0, len(self.text)), (), (fault,), ((0, len(self.text)),))
        return File(body, tuple(self.comments), tuple(self.faults), tuple(self.lost))

    def _body(self, bodies: tuple[JsonValue, ...], kind: str, start: int, end: int) -> Body:
        """Attributes and blocks of one or more objects that are one body together."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for body in bodies:
            if not isinstance(body, JsonObject):
                raise HclError("Expected an object with the contents of a block.", body.start)
            for key, value in body.members:
                if kind:
                    self._member(key, value, kind, attributes, blocks)
                    continue
                try:
                    self._member(key, value, kind, attributes, blocks)
                except HclError as error:
                    self.faults.append(SyntaxFault(error.code, error.message, error.offset, True))
                    self.lost.append((key.start, value.end))
        return Body(attributes, tuple(blocks), start, end)

    def _member(
        self, key: JsonText, value: JsonValue, kind: str, attributes: dict[str, Attribute], blocks: list[Block]
    ) -> None:
        if key.text == COMMENT:
            self._comment(value)
        elif is_block(kind, key.text, value):
            blocks.extend(self._blocks(key, value, kind))
        elif key.text in attributes:
            fault = SyntaxFault("duplicate-attribute", f"`{key.text}` is set twice.", key.start, False)
            self.faults.append(fault)
        else:
            attributes[key.text] = self._attribute(key, value, kind)

    def _comment(self, value: JsonValue) -> None:
        """A comment with the mark that it would have elsewhere, at the place of the text itself."""
        if isinstance(value, JsonText):
            self.comments.append(Comment(f"// {value.text}", value.start, value.end))

    def _attribute(self, key: JsonText, value: JsonValue, kind: str) -> Attribute:
        bare = key.text in BARE.get(kind, ())
        expression = self._expression(value, bare, is_literal(kind, key.text))
        if height(expression) > MAX_HEIGHT:
            raise HclError(f"This expression is nested more than {MAX_HEIGHT} deep.", value.start, "too-deep")
        return Attribute(key.text, expression, key.start, key.end, value.end)

    def _blocks(self, key: JsonText, value: JsonValue, kind: str) -> list[Block]:
        """The blocks of a type: objects below as many labels as it has, each level an object or an array of them."""
        labels = PARTS.get(kind, {}).get(key.text, 0)
        found: list[Block] = []
        waiting: deque[tuple[JsonText, JsonValue, tuple[str, ...]]] = deque([(key, value, ())])
        while waiting:
            header, below, path = waiting.popleft()
            for level in below.items if isinstance(below, JsonArray) else (below,):
                if isinstance(level, JsonScalar) and level.value is None:
                    continue  # no block at all
                if not isinstance(level, JsonObject):
                    raise HclError(f"Expected an object in `{key.text}`.", level.start)
                if len(path) < labels:
                    waiting.extend((k, v, (*path, k.text)) for k, v in level.members if k.text != COMMENT)
                else:
                    inside = self._body((level,), kind_within(kind, key.text), level.start + 1, level.end - 1)
                    found.append(_block(key.text, path, header, level, inside))
                    header = JsonText("", level.end, level.end)  # the second of an array has no header of its own
        return found

    def _expression(self, value: JsonValue, bare: bool, literal: bool) -> Expression:
        if isinstance(value, JsonText):
            return self._string(value, bare, literal)
        if isinstance(value, JsonScalar):
            return Literal(*value)
        if isinstance(value, JsonArray):
            items = tuple([self._expression(item, bare, literal) for item in value.items])
            return Tuple(items, value.start, value.end)
        entries = [
            (self._string(key, False, literal), self._expression(item, bare, literal)) for key, item in value.members
        ]
        return Object(tuple(entries), value.start, value.end)

    def _string(self, value: JsonText, bare: bool, literal: bool) -> Expression:
        text, start, end, places = value
        if literal or not (bare or "${" in text or "%{" in text):
            return Literal(text, start, end)
        parser = TextParser(text, places or range(start + 1, end))
        if bare:
            try:
                return parser.alone()
            except HclError:
                parser = TextParser(text, places or range(start + 1, end))
        try:
            found = parser.bare(start, end)
        except HclError as error:
            self.faults.append(SyntaxFault(error.code, error.message, error.offset, False))
            return Literal(text, start, end)
        self.faults.extend(parser.faults)
        return found


def _block(kind: str, labels: tuple[str, ...], header: JsonText, content: JsonObject, body: Body) -> Block:
    """A block, whose header is the key before it, or its brace if another block has that."""
    start, end = (header.start, header.end) if header.end > header.start else (content.start, content.start + 1)
    return Block(kind, labels, body, start, end, content.end)
