"""What python-hcl2 makes of a configuration that our own parser does not read, as the same tree."""

from __future__ import annotations

import re

from guardrail.formats.second_expressions import Expressions, Node, plain
from guardrail.hcl.cursor import MAX_DEPTH, HclError
from guardrail.hcl.syntax import Attribute, Block, Body, File, Literal

MOST = 30_000
"""Characters of the part in question; python-hcl2 reads half a megabyte a second, and a twentieth of that where it is a
map with ten thousand entries."""

MOST_PARTS = 20
"""Parts of one file that are asked about."""

_INTRODUCER = re.compile(r"(<<-?([A-Za-z_][\w-]*))([ \t]*)(?=\r?$)", re.MULTILINE)
_LONE = re.compile(r"^([ \t]*)([A-Za-z_][\w-]*)([ \t]+)(?=\r?$)", re.MULTILINE)


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
        root = plain(hcl2.parses_to_tree(mended(text[start:end])), start)
        return File(_Bodies(text).body(root.below[0], start, end))
    except (LarkError, HclError, RecursionError):
        return None


def completed(text: str, file: File) -> File:
    """A file with those of its lost parts that python-hcl2 reads; the faults stay, the other parts are still lost."""
    attributes, blocks = dict(file.body.attributes), list(file.body.blocks)
    lost: list[tuple[int, int]] = []
    left = MOST
    for i, (start, end) in enumerate(file.lost):
        left -= end - start
        found = second_opinion(text, start, end) if i < MOST_PARTS and left >= 0 else None
        if found is None:
            lost.append((start, end))
            continue
        attributes = found.body.attributes | attributes
        blocks.extend(found.body.blocks)
    blocks.sort(key=lambda block: block.start)
    body = file.body._replace(attributes=attributes, blocks=tuple(blocks))
    return file._replace(body=body, lost=tuple(lost))


def mended(text: str) -> str:
    """A text of the same length without what python-hcl2 stumbles over: a byte order mark, and blanks behind the marks
    of a heredoc, which it would read over up to the next end of the same name (amplify-education/python-hcl2#343).
    """
    markers = {m[2] for m in _INTRODUCER.finditer(text)}

    def moved(m: re.Match[str]) -> str:
        return m[1] + m[3] + m[2] if m[2] in markers else m[0]

    text = _INTRODUCER.sub(lambda m: m[3] + m[1], text.replace("\ufeff", " "))
    return _LONE.sub(moved, text)


class _Bodies:
    """Turns bodies to ours."""

    def __init__(self, text: str) -> None:
        self.expressions = Expressions(text)
        self.depth = 0

    def body(self, node: Node, start: int, end: int) -> Body:
        """Attributes and blocks; of an attribute that is set twice the first."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise HclError(f"This is nested more than {MAX_DEPTH} deep.", start, "too-deep")
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for child in node.rules:
            if child.kind == "attribute":
                name = child.below[0]
                value = self.expressions.whole(child.below[-1])
                attributes.setdefault(name.word, Attribute(name.word, value, name.start, name.end, value.end))
            else:
                blocks.append(self._block(child))
        self.depth -= 1
        return Body(attributes, tuple(blocks), start, end)

    def _block(self, node: Node) -> Block:
        head, *labels, inside = node.rules
        names = []
        for label in labels:
            literal = self.expressions.convert(label)
            names.append(str(literal.value) if isinstance(literal, Literal) else label.word)
        opening = next(child for child in node.below if child.kind == "LBRACE")
        body = self.body(inside, opening.end, node.end - 1)
        return Block(head.word, tuple(names), body, node.start, [head, *labels][-1].end, node.end)
