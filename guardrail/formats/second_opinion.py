"""What python-hcl2 makes of a configuration that our own parser does not read, as the same tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guardrail.formats.second_expressions import Expressions, offset, word
from guardrail.hcl.cursor import MAX_DEPTH, HclError
from guardrail.hcl.syntax import Attribute, Block, Body, File

if TYPE_CHECKING:
    from lark import Token, Tree

MOST = 100_000
"""Characters; python-hcl2 reads half a megabyte a second, less where there are many lines."""

_MARKER = re.compile(r"<<-?([A-Za-z_][\w-]*)[ \t\r]*$", re.MULTILINE)
_LONE = re.compile(r"^([ \t]*)([A-Za-z_][\w-]*)([ \t]+)$", re.MULTILINE)


def second_opinion(text: str, start: int = 0, end: int | None = None) -> File | None:
    """The tree of a part of a text, or None where python-hcl2 does not read it either; comments are left out.

    It also takes what Terraform refuses (line ends in quoted strings, a block's brace on the next line, an attribute
    set twice): the caller says that another parser was asked.
    """
    end = len(text) if end is None else end
    if end - start > MOST:
        return None
    import hcl2
    from lark.exceptions import LarkError

    try:
        tree = hcl2.parses_to_tree(normalised(text[start:end]))
        return File(_Converter(start).body(tree.children[0], start, end))
    except (LarkError, HclError, RecursionError, IndexError):
        return None


def normalised(text: str) -> str:
    """A text of the same length without what python-hcl2 stumbles over: a byte order mark, `\\r`, and blanks behind the
    end of a heredoc, which it would read over up to the next end of the same name (amplify-education/python-hcl2#343).
    """
    text = text.replace("\ufeff", " ").replace("\r\n", " \n")
    markers = set(_MARKER.findall(text))

    def moved(m: re.Match[str]) -> str:
        return m[1] + m[3] + m[2] if m[2] in markers else m[0]

    return _LONE.sub(moved, text)


class _Converter:
    """Turns lark's trees of a body to ours; `shift` is added to every offset."""

    def __init__(self, shift: int) -> None:
        self.expressions = Expressions(shift)
        self.shift = shift
        self.depth = 0

    def body(self, tree: Tree[Token], start: int, end: int) -> Body:
        """Attributes and blocks; of an attribute that is set twice the first."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise HclError("too deep", start)
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for child in tree.children:
            if getattr(child, "data", "") == "attribute":
                attribute = self._attribute(child)
                attributes.setdefault(attribute.name, attribute)
            elif getattr(child, "data", "") == "block":
                blocks.append(self._block(child))
        self.depth -= 1
        return Body(attributes, tuple(blocks), start, end)

    def _attribute(self, tree: Tree[Token]) -> Attribute:
        name = word(tree.children[0])
        value = self.expressions.whole(tree.children[-1])
        start = self.shift + offset(name)
        return Attribute(str(name), value, start, start + len(name), value.end)

    def _block(self, tree: Tree[Token]) -> Block:
        labels: list[str] = []
        first = word(tree.children[0])
        header_end = self.shift + offset(first) + len(first)
        for child in tree.children[1:]:
            kind = getattr(child, "data", "")
            if kind == "string":
                label = self.expressions.convert(child)
                labels.append(str(getattr(label, "value", "")))
                header_end = label.end
            elif kind in ("identifier", "keyword", "literal_value"):
                labels.append(str(word(child)))
                header_end = self.shift + offset(word(child)) + len(word(child))
            elif kind == "body":
                opening = [c for c in tree.children if getattr(c, "type", "") == "LBRACE"][0]
                closing = tree.children[-1]
                start, end = self.shift + offset(opening) + 1, self.shift + offset(closing)
                inside = self.body(child, start, end)
        return Block(str(first), tuple(labels), inside, self.shift + offset(first), header_end, end + 1)
