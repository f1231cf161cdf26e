"""The syntax tree of HCL native syntax (hcl/hclsyntax/spec.md of HashiCorp's HCL), offsets in code points of the text.

Every node has `start` and `end` (exclusive). Records are named tuples; nothing here evaluates.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Literal(NamedTuple):
    """A number (int or float), true, false, null, or a string without interpolation (escapes resolved)."""

    value: object
    start: int
    end: int


class Template(NamedTuple):
    """A quoted string or heredoc with `${...}` or `%{...}`: parts are Literals, expressions, and directives.

    A single part that is an expression is the value itself; an empty Literal beside it makes it a string (what strip
    markers leave of blanks).
    """

    parts: tuple[Expression, ...]
    start: int
    end: int


class Directive(NamedTuple):
    """`%{ if c }body%{ else }otherwise%{ endif }` (kind `if`) or `%{ for k, v in c }body%{ endfor }` (kind `for`).

    `condition` is the collection of a `for`. Stands only among the parts of a Template.
    """

    kind: str
    names: tuple[str, ...]
    condition: Expression
    body: tuple[Expression, ...]
    otherwise: tuple[Expression, ...]
    start: int
    end: int


class Name(NamedTuple):
    """A root name: `var`, `each`, `aws_s3_bucket`, a loop variable."""

    name: str
    start: int
    end: int


class GetAttr(NamedTuple):
    """`base.name`; also the legacy index `base.0`, with the digits as name."""

    base: Expression
    name: str
    start: int
    end: int


class Index(NamedTuple):
    """`base[key]`."""

    base: Expression
    key: Expression
    start: int
    end: int


class Splat(NamedTuple):
    """`base[*].a.b[0]` (full) or `base.*.a.b` (not full): `each` is the rest applied to every element, held as an
    expression whose innermost base is `Name("*")`."""

    base: Expression
    each: Expression
    full: bool
    start: int
    end: int


class Call(NamedTuple):
    """`name(arguments)`; `spread` when the last one is followed by `...`; name may hold `::`."""

    name: str
    arguments: tuple[Expression, ...]
    spread: bool
    start: int
    end: int


class Unary(NamedTuple):
    """`-x` or `!x`."""

    operator: str
    operand: Expression
    start: int
    end: int


class Binary(NamedTuple):
    """`left operator right`: `== != < <= > >= + - * / % && ||`."""

    operator: str
    left: Expression
    right: Expression
    start: int
    end: int


class Conditional(NamedTuple):
    """`condition ? yes : no`."""

    condition: Expression
    yes: Expression
    no: Expression
    start: int
    end: int


class Tuple(NamedTuple):
    """`[a, b]`."""

    items: tuple[Expression, ...]
    start: int
    end: int


class Object(NamedTuple):
    """`{ key = value }`; a bare word as key is a Literal, `(expr)` and `"${x}"` are expressions."""

    entries: tuple[tuple[Expression, Expression], ...]
    start: int
    end: int


class For(NamedTuple):
    """`[for k, v in c : value if test]`, or `{for k, v in c : key => value...}` with `key` set; `grouped` for `...`."""

    names: tuple[str, ...]
    collection: Expression
    key: Expression | None
    value: Expression
    test: Expression | None
    grouped: bool
    start: int
    end: int


class Parentheses(NamedTuple):
    """`(inner)`."""

    inner: Expression
    start: int
    end: int


NODES = (
    Literal,
    Template,
    Directive,
    Name,
    GetAttr,
    Index,
    Splat,
    Call,
    Unary,
    Binary,
    Conditional,
    Tuple,
    Object,
    For,
    Parentheses,
)

Expression = (
    Literal
    | Template
    | Directive
    | Name
    | GetAttr
    | Index
    | Splat
    | Call
    | Unary
    | Binary
    | Conditional
    | Tuple
    | Object
    | For
    | Parentheses
)


class Attribute(NamedTuple):
    """`name = value`; `start` and `name_end` enclose the name, `end` is that of the value."""

    name: str
    value: Expression
    start: int
    name_end: int
    end: int


class Block(NamedTuple):
    """`type "label" { body }`; `header_end` is the end of the last label or of the type, `end` is behind `}`."""

    type: str
    labels: tuple[str, ...]
    body: Body
    start: int
    header_end: int
    end: int


class Body(NamedTuple):
    """Attributes and blocks of a file or block, each in the order they are written."""

    attributes: dict[str, Attribute]
    blocks: tuple[Block, ...]
    start: int
    end: int


class Comment(NamedTuple):
    """`#`, `//` or `/* */` with its marks."""

    text: str
    start: int
    end: int


class SyntaxFault(NamedTuple):
    """What is wrong at an offset, as a sentence; `fatal` when the top-level block around it was given up.

    `code`: `syntax`, `duplicate-attribute`, `bad-escape`, `too-deep`.
    """

    code: str
    message: str
    offset: int
    fatal: bool


class File(NamedTuple):
    """A parsed text: its body with all top-level blocks that could be read, comments in order, and faults.

    `lost` are first and last offset (exclusive) of each top-level part that was given up.
    """

    body: Body
    comments: tuple[Comment, ...] = ()
    faults: tuple[SyntaxFault, ...] = ()
    lost: tuple[tuple[int, int], ...] = ()


def children(node: Expression) -> Iterator[Expression]:
    """The expressions directly below one."""
    for part in node:
        if isinstance(part, NODES):
            yield part
        elif type(part) is tuple:
            yield from _within(part)


def _within(parts: tuple[object, ...]) -> Iterator[Expression]:
    for part in parts:
        if isinstance(part, NODES):
            yield part
        elif type(part) is tuple:  # an entry of an object
            yield from _within(part)
