"""Trees made up by hypothesis, and text that says the same, with blanks and comments wherever they may stand."""

from __future__ import annotations

import random
import re

from hypothesis import strategies as st

from guardrail.hcl.syntax import (
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Directive,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    Name,
    Object,
    Parentheses,
    Splat,
    Template,
    Tuple,
    Unary,
)

RANKS = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
WORDS = st.sampled_from("a b-c var each_x local data Ünï 名 self _ aws_s3_bucket content e5 count true1".split())
TEXTS = st.one_of(
    st.sampled_from(
        ["", "x", "${", "%{", "$${", "$", "%", '"', "\\", "\\n", "line\n", "\n", " a\n  b\n", "#", "//", "/*"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
NUMBERS = st.one_of(
    st.integers(0, 10**12),
    st.floats(0, 1e9, allow_nan=False, allow_infinity=False).map(lambda x: int(x) if x.is_integer() else x),
)


def rank(node: Expression) -> int:
    """How tightly what is outermost binds; a term 8, a sign 7, a conditional 0."""
    if isinstance(node, Conditional):
        return 0
    if isinstance(node, Binary):
        return RANKS[node.operator]
    return 7 if isinstance(node, Unary) else 8


def tight(node: Expression, least: int) -> Expression:
    """A node that can stand where something of a rank must."""
    return node if rank(node) >= least else Parentheses(node, 0, 0)


def base(node: Expression) -> Expression:
    """A node behind which attributes and indexes can stand without going elsewhere."""
    if isinstance(node, Splat) or (isinstance(node, Literal) and not isinstance(node.value, str)):
        return Parentheses(node, 0, 0)
    return tight(node, 8)


def _parts(found: list[object]) -> tuple[Expression, ...]:
    """Parts of a template: texts beside one another are one, and none ends with what would escape the next."""
    parts: list[Expression] = []
    text = ""
    for part in [*found, None]:
        if isinstance(part, str):
            text += part
            continue
        if text:
            parts.append(
                Literal(f"{text}." if text[-1] in "$%" else text, -1, -1)
            )  # not the string of an interpolation
            text = ""
        if isinstance(part, tuple):
            parts.append(part)
    return tuple(parts)


def _template(found: list[object]) -> Expression:
    parts = _parts(found)
    if all(part.start < 0 for part in parts):
        return Literal("".join(str(part.value) for part in parts), 0, 0)  # type: ignore[union-attr]
    return Template(parts, 0, 0)


def _member(kind: str, node: Expression, name: str, key: Expression, names: list[str]) -> Expression:
    if kind == "attribute":
        return GetAttr(base(node), name, 0, 0)
    if kind == "legacy":
        inner = base(node)
        return inner if isinstance(inner, GetAttr) and inner.name.isdigit() else GetAttr(inner, "7", 0, 0)
    if kind == "index":
        return Index(base(node), key, 0, 0)
    each: Expression = Name("*", 0, 0)
    for step in names:
        each = GetAttr(each, step, 0, 0)
    if kind == "full" and names:
        each = Index(each, key, 0, 0)
    return Splat(base(node), each, kind == "full", 0, 0)


def _key(node: Expression) -> Expression:
    if isinstance(node, Literal) and isinstance(node.value, (bool, type(None))):
        return Literal(str(node.value), 0, 0)  # as a key `true` is a word
    return node if isinstance(node, (Literal, Template, Parentheses)) else Parentheses(node, 0, 0)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    lists = st.lists(inner, max_size=3).map(tuple)
    part = st.one_of(TEXTS, inner)
    body = st.lists(part, max_size=2).map(_parts)
    names = st.lists(WORDS, min_size=1, max_size=2).map(tuple)
    directive = st.one_of(
        st.builds(lambda c, b, o: Directive("if", (), c, b, o, 0, 0), inner, body, body),
        st.builds(lambda n, c, b: Directive("for", n, c, b, (), 0, 0), names, inner, body),
    )
    kinds = st.sampled_from(["attribute", "legacy", "index", "full", "attributes"])
    return st.one_of(
        st.lists(st.one_of(part, directive), max_size=4).map(_template),
        st.builds(_member, kinds, inner, WORDS, inner, st.lists(WORDS, max_size=2)),
        st.builds(
            lambda o, a, b: Binary(o, tight(a, RANKS[o]), tight(b, RANKS[o] + 1), 0, 0),
            st.sampled_from(sorted(RANKS)),
            inner,
            inner,
        ),
        st.builds(lambda o, x: Unary(o, tight(x, 7), 0, 0), st.sampled_from("-!"), inner),
        st.builds(lambda c, y, n: Conditional(tight(c, 1), y, n, 0, 0), inner, inner, inner),
        st.builds(
            lambda n, a, s: Call(n, a, s and bool(a), 0, 0), st.sampled_from(["f", "a::b::c"]), lists, st.booleans()
        ),
        lists.map(lambda items: Tuple(items, 0, 0)),
        st.lists(st.tuples(inner.map(_key), inner), max_size=3).map(lambda e: Object(tuple(e), 0, 0)),
        st.builds(lambda n, c, v, t: For(n, c, None, v, t, False, 0, 0), names, inner, inner, st.none() | inner),
        st.builds(
            lambda n, c, k, v, t, g: For(n, c, k, v, t, g, 0, 0),
            names,
            inner,
            inner,
            inner,
            st.none() | inner,
            st.booleans(),
        ),
        inner.map(lambda x: Parentheses(x, 0, 0)),
    )


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(
        NUMBERS.map(lambda n: Literal(n, 0, 0)),
        st.sampled_from([True, False, None]).map(lambda c: Literal(c, 0, 0)),
        TEXTS.map(lambda t: Literal(t, 0, 0)),
        WORDS.map(lambda w: Name(w, 0, 0)),
    ),
    _larger,
    max_leaves=12,
)


def _body(attributes: dict[str, Expression], blocks: list[Block]) -> Body:
    return Body({k: Attribute(k, v, 0, 0, 0) for k, v in attributes.items()}, tuple(blocks), 0, 0)


BODIES: st.SearchStrategy[Body] = st.recursive(
    st.builds(_body, st.dictionaries(WORDS, EXPRESSIONS, max_size=3), st.just([])),
    lambda inner: st.builds(
        _body,
        st.dictionaries(WORDS, EXPRESSIONS, max_size=2),
        st.lists(
            st.builds(
                lambda t, labels, b: Block(t, tuple(labels), b, 0, 0, 0),
                WORDS,
                st.lists(st.one_of(WORDS, TEXTS.filter(lambda t: "${" not in t and "%{" not in t)), max_size=2),
                inner,
            ),
            max_size=3,
        ),
    ),
    max_leaves=4,
)


class Writer:
    """Text for a tree, with chance in how it is written; `deaf` says that line ends mean nothing at a place."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.heredocs = 0

    def gap(self, deaf: bool, least: str = "") -> str:
        """Blanks and comments."""
        found = self.chance.choice(["", "", " ", " ", "\t", '/* # " */', "  "])
        if deaf:
            found += self.chance.choice(["", "", "", "\n", "\r\n", " # it's \"\n", "// ${\n"])
        return found or least

    def body(self, body: Body, top: bool = True) -> str:
        """Attributes and blocks in any order."""
        items = [self.attribute(a) for a in body.attributes.values()]
        blocks = [self.block(block) for block in body.blocks]
        on_one_line = not top and len(items) < 2 and not blocks and not any("\n" in i or "#" in i for i in items)
        if on_one_line and self.chance.random() < 0.5:
            return "".join(f" {item} " for item in items)
        order = [True] * len(items) + [False] * len(blocks)
        self.chance.shuffle(order)
        ends = ["\n", "\r\n", " # end\n", "\n\n  \n", "/* c\n */ // \n"]
        lines = [
            (self.chance.choice(["", "  ", "\t"])) + (items if is_item else blocks).pop(0) + self.chance.choice(ends)
            for is_item in order
        ]
        return ("" if top else "\n") + "".join(lines)

    def attribute(self, attribute: Attribute) -> str:
        """`name = value`."""
        return f"{attribute.name}{self.gap(False)}={self.gap(False)}{self.value(attribute.value, False)}"

    def block(self, block: Block) -> str:
        """`type "label" { body }`."""
        labels = [
            label if re.fullmatch(r"[A-Za-z]+", label) and self.chance.random() < 0.5 else self.quoted(label)
            for label in block.labels
        ]
        head = "".join(f"{self.gap(False, ' ')}{label}" for label in labels)
        return f"{block.type}{head}{self.gap(False)}{{{self.body(block.body, False)}}}"

    def quoted(self, text: str) -> str:
        """A string in quotes."""
        found = "".join({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(c, c) for c in text)
        found = re.sub(r"([$%])\{", r"\1\1{", found)
        if found and self.chance.random() < 0.2:
            point = ord(found[-1])
            escaped = f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08X}"
            if found[-1] not in '\\"{nrt' and not 0xD800 <= point < 0xE000:
                found = found[:-1] + escaped
        return f'"{found}"'

    def heredoc(self, node: Literal | Template) -> str | None:
        """A text that ends its last line as a heredoc; None where that cannot be."""
        parts = node.parts if isinstance(node, Template) else (Literal(node.value, -1, -1),)
        last = parts[-1]
        if last.start >= 0 or not str(getattr(last, "value", "")).endswith("\n"):
            return None
        self.heredocs += 1
        marker = f"E{self.heredocs}"
        before, behind = self.chance.choice(["", "  "]), self.chance.choice(["", " "])
        return f"<<{marker}\n{self.parts(parts, False)}{before}{marker}{behind}"

    def parts(self, parts: tuple[Expression, ...], quotes: bool) -> str:
        """What stands between the quotes, or the marks of a heredoc."""
        return "".join(self.part(part, quotes) for part in parts)

    def part(self, part: Expression, quotes: bool) -> str:
        """One part of a template."""
        if isinstance(part, Directive):
            gap = self.gap(True, " ")
            body, otherwise = self.parts(part.body, quotes), self.parts(part.otherwise, quotes)
            head = (
                f"{part.kind} {', '.join(part.names)}{' in ' if part.names else ''}{self.value(part.condition, True)}"
            )
            middle = f"%{{{gap}else}}{otherwise}" if otherwise else ""
            return f"%{{{gap}{head}}}{body}{middle}%{{ end{part.kind}{self.gap(True)}}}"
        if part.start < 0 and isinstance(part, Literal):
            text = str(part.value)
            return self.quoted(text)[1:-1] if quotes else re.sub(r"([$%])\{", r"\1\1{", text)
        return f"${{{self.gap(True)}{self.value(part, True)}}}"

    def value(self, node: Expression, deaf: bool) -> str:
        """An expression, and a gap behind it."""
        found = self.expression(node, deaf)
        return found + ("\n" if "\n" in found and deaf else self.gap(deaf))

    def expression(self, node: Expression, deaf: bool) -> str:
        """An expression."""
        if isinstance(node, (Literal, Template)):
            return self.literal(node, deaf)
        if isinstance(node, Name):
            return node.name
        if isinstance(node, (Unary, Binary, Conditional)):
            return self.operation(node, deaf)
        if isinstance(node, (GetAttr, Index, Splat)):
            return self.member(node, deaf)
        if isinstance(node, Parentheses):
            return f"({self.gap(True)}{self.value(node.inner, True)})"
        if isinstance(node, For):
            return self.loop(node)
        if isinstance(node, Object):
            return self.object(node)
        inner = node.items if isinstance(node, Tuple) else node.arguments  # type: ignore[union-attr]
        opening, closing = "[]" if isinstance(node, Tuple) else (f"{node.name}(", ")")  # type: ignore[union-attr]
        listed = ",".join(self.gap(True) + self.value(item, True) for item in inner)
        if inner and not getattr(node, "spread", False) and self.chance.random() < 0.3:
            listed += "," + self.gap(True)
        return f"{opening}{listed}{'...' if getattr(node, 'spread', False) else ''}{self.gap(True)}{closing}"

    def literal(self, node: Literal | Template, deaf: bool) -> str:
        """A number, a word, or a template."""
        if isinstance(node, Template) or isinstance(node.value, str):
            text = self.heredoc(node) if deaf and self.chance.random() < 0.5 and (node[0] or "") else None
            if text is not None:
                return f"{text}\n"
            return f'"{self.parts(node.parts, True)}"' if isinstance(node, Template) else self.quoted(str(node.value))
        words = {True: "true", False: "false", None: "null"}
        if isinstance(node.value, (bool, type(None))):
            return words[node.value]
        text = repr(node.value)
        return (
            text if "e" in text or self.chance.random() < 0.7 else f"{text}{self.chance.choice(['e0', 'E+0', 'e-0'])}"
        )

    def operation(self, node: Unary | Binary | Conditional, deaf: bool) -> str:
        """Signs, operators, conditionals; blanks keep names and operators apart."""
        if isinstance(node, Unary):
            return node.operator + self.gap(deaf) + self.expression(node.operand, deaf)
        if isinstance(node, Binary):
            left, right = self.expression(node.left, deaf), self.expression(node.right, deaf)
            return f"{left} {self.gap(deaf)}{node.operator} {self.gap(deaf)}{right}"
        condition, yes, no = (self.expression(n, deaf) for n in node[:3])  # type: ignore[arg-type]
        return f"{condition}{self.gap(deaf, ' ')}? {self.gap(deaf)}{yes} {self.gap(deaf)}:{self.gap(deaf, ' ')}{no}"

    def member(self, node: GetAttr | Index | Splat, deaf: bool) -> str:
        """Attributes, indexes, splats."""
        inner = "" if node.base == Name("*", 0, 0) else self.expression(node.base, deaf)
        if isinstance(node, Index):
            return f"{inner}[{self.gap(True)}{self.value(node.key, True)}]"
        if isinstance(node, Splat):
            sign = "[*]" if node.full else ".*"
            return f"{inner}{sign}{self.expression(node.each, deaf) if node.each != Name('*', 0, 0) else ''}"
        return f"{inner}.{node.name}"

    def loop(self, node: For) -> str:
        """`for`, for tuples and objects."""
        head = f"for {', '.join(node.names)} in {self.gap(True)}{self.value(node.collection, True)} :{self.gap(True)}"
        key = f"{self.value(node.key, True)} => {self.gap(True)}" if node.key is not None else ""
        dots = "..." if node.grouped else ""
        test = f" if {self.value(node.test, True)}" if node.test is not None else ""
        opening, closing = "[]" if node.key is None else "{}"
        return (
            f"{opening}{self.gap(True)}{head}{key}{self.value(node.value, True)}{dots}{test}{self.gap(True)}{closing}"
        )

    def object(self, node: Object) -> str:
        """`{ key = value }`: commas or line ends between."""
        if not node.entries:
            return f"{{{self.gap(True)}}}"
        entries = []
        for i, (key, value) in enumerate(node.entries):
            word = (
                isinstance(key, Literal)
                and isinstance(key.value, str)
                and key.value.isidentifier()
                and key.value.isascii()
            )
            bare = word and key.value not in ("for", "true", "false", "null") and self.chance.random() < 0.7
            name = str(key.value) if bare else self.expression(key, False)
            end = self.chance.choice([",", "\n", " # c\n", ",\n"]) if i + 1 < len(node.entries) else self.gap(True)
            sign = self.chance.choice(["=", ":"])
            entries.append(f"{name} {sign}{self.gap(False)}{self.value(value, False)}{end}")
        return f"{{{self.gap(True)}{self.gap(False).join(entries)}}}"


def without_places(node: object) -> object:
    """A tree whose offsets are all 0."""
    if isinstance(node, dict):
        return {k: without_places(v) for k, v in node.items()}
    if isinstance(node, tuple) and hasattr(node, "_fields"):
        places = {"start", "end", "name_end", "header_end"}
        return type(node)(*[0 if f in places else without_places(v) for f, v in zip(node._fields, node, strict=True)])
    return tuple(without_places(v) for v in node) if isinstance(node, tuple) else node
