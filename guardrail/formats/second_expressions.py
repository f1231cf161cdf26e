"""Expressions as python-hcl2 parses them, turned to ours (the rules are those of its hcl2.lark)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from guardrail.hcl import syntax
from guardrail.hcl.chains import RANKS
from guardrail.hcl.cursor import MAX_DEPTH, HclError
from guardrail.hcl.literals import number, unquote
from guardrail.hcl.parser import check_height, parse_expression
from guardrail.hcl.syntax import Expression
from guardrail.hcl.template_parser import CONSTANTS, Control, Nesting, Piece, Text

if TYPE_CHECKING:
    from lark import Token, Tree


class Node(NamedTuple):
    """A rule with what is below it, or a token with its text; line ends and comments are left out."""

    kind: str
    text: str
    start: int
    end: int
    below: tuple[Node, ...]

    @property
    def rules(self) -> list[Node]:
        """What is below and no token."""
        return [node for node in self.below if node.kind.islower()]

    @property
    def word(self) -> str:
        """The text of the first token."""
        return self.text or (self.below[0].word if self.below else "")

    def has(self, token: str) -> bool:
        """Whether a token of a type stands directly below."""
        return any(node.kind == token for node in self.below)


def plain(tree: Tree[Token] | Token, shift: int) -> Node:
    """lark's tree with `shift` added to every offset."""
    from lark import Tree as LarkTree

    if not isinstance(tree, LarkTree):
        text = tree.rstrip() if tree.type.startswith("HEREDOC") else str(tree)  # a heredoc has the end of its line
        start = shift + (tree.start_pos or 0)
        return Node(tree.type, text, start, start + len(text), ())
    below = tuple([plain(c, shift) for c in tree.children if getattr(c, "data", "") != "new_line_or_comment"])
    start, end = (below[0].start, below[-1].end) if below else (shift, shift)
    return Node(str(tree.data), "", start, end, below)


class Expressions:
    """Turns expressions to ours; `text` is what was written."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.rules: dict[str, Callable[[Node], Expression]] = {
            "conditional": self._conditional,
            "binary_op": self._binary,
            "unary_op": self._unary,
            "expr_term": self._term,
            "literal_value": self._constant,
            "int_lit": self._number,
            "float_lit": self._number,
            "identifier": self._name,
            "keyword": self._name,
            "string": self._string,
            "heredoc_template": self._heredoc,
            "heredoc_template_trim": self._heredoc,
            "tuple": self._tuple,
            "object": self._object,
            "function_call": self._call,
            "index_expr_term": self._member,
            "get_attr_expr_term": self._member,
            "attr_splat_expr_term": self._splat,
            "full_splat_expr_term": self._splat,
            "for_tuple_expr": self._for,
            "for_object_expr": self._for,
        }

    def whole(self, node: Node) -> Expression:
        """A value, bounded in height."""
        found = self.convert(node)
        check_height(found)
        return found

    def convert(self, node: Node) -> Expression:
        """An expression; HclError for what is too deep, or a rule that is not known."""
        rule = self.rules.get(node.kind)
        self.depth += 1
        if rule is None or self.depth > 3 * MAX_DEPTH:
            raise HclError(f"`{node.kind}` cannot be converted.", node.start)
        found = rule(node)
        self.depth -= 1
        return found

    def _conditional(self, node: Node) -> Expression:
        condition, yes, no = [self.convert(child) for child in node.rules]
        return syntax.Conditional(condition, yes, no, condition.start, no.end)

    def _binary(self, node: Node) -> Expression:
        left, term = node.rules
        token, right = term.rules
        # The token of an operator holds line ends and comments before it.
        operator = token.word[-2:] if token.word[-2:] in RANKS else token.word[-1:]
        one, other = self.convert(left), self.convert(right)
        return syntax.Binary(operator, one, other, one.start, other.end)

    def _unary(self, node: Node) -> Expression:
        operand = self.convert(node.below[-1])
        return syntax.Unary(node.word, operand, node.start, operand.end)

    def _term(self, node: Node) -> Expression:
        (inner,) = node.rules
        if node.has("LPAR"):
            return syntax.Parentheses(self.convert(inner), node.start, node.end)
        if inner.kind == "template_string":  # \"text\", as it was written in interpolations before Terraform 0.12
            return syntax.Literal(unquote(inner.word[2:-2])[0], inner.start, inner.end)
        return self.convert(inner)

    def _constant(self, node: Node) -> Expression:
        return syntax.Literal(CONSTANTS[node.word], node.start, node.end)

    def _number(self, node: Node) -> Expression:
        digits = node.word.removeprefix("-")
        value = number(digits)
        if value is None:
            raise HclError("This is not a number.", node.start)
        literal = syntax.Literal(value, node.end - len(digits), node.end)
        return syntax.Unary("-", literal, node.start, node.end) if digits != node.word else literal

    def _name(self, node: Node) -> Expression:
        return syntax.Name(node.word, node.start, node.end)

    def _string(self, node: Node) -> Expression:
        pieces: list[Piece] = []
        for part in node.rules:
            inner = part.below[0]
            if inner.kind.startswith("ESCAPED") and ("${" in inner.text[3:] or "%{" in inner.text[3:]):
                raise HclError("python-hcl2 takes an interpolation behind an escaped one for text.", part.start)
            if inner.text:
                pieces.append(Text(unquote(inner.text)[0], part.start, part.end))
            elif inner.kind == "interpolation":
                pieces.append(self.convert(inner.rules[0]))
            else:
                pieces.append(self._control(inner))
        parts = Nesting(self.depth).parts(pieces)
        if not parts:
            return syntax.Literal("", node.start, node.end)
        if len(parts) == 1 and isinstance(parts[0], syntax.Literal) and isinstance(pieces[0], Text):
            return syntax.Literal(parts[0].value, node.start, node.end)
        return syntax.Template(parts, node.start, node.end)

    def _control(self, node: Node) -> Control:
        if node.has("STRIP_MARKER"):
            raise HclError("Strip markers are not converted.", node.start)
        keyword = node.kind.removeprefix("template_").removesuffix("_start")
        condition = self.convert(node.rules[-1]) if keyword in ("if", "for") else None
        names = tuple([child.word for child in node.rules[:-1]]) if keyword == "for" else ()
        return Control(keyword, names, condition, node.start, node.end)

    def _heredoc(self, node: Node) -> Expression:
        found = parse_expression(f"{node.word}\n", node.start)
        return found._replace(end=node.start + len(self.text[node.start : node.end].rstrip()))

    def _tuple(self, node: Node) -> Expression:
        return syntax.Tuple(tuple([self.convert(child) for child in node.rules]), node.start, node.end)

    def _object(self, node: Node) -> Expression:
        entries = []
        for element in node.rules:
            head, value = element.rules
            key = self.convert(head.below[0])
            if isinstance(key, syntax.Name) or self.text[key.start : key.end] in CONSTANTS:  # as a key a word is text
                key = syntax.Literal(self.text[key.start : key.end], key.start, key.end)
            entries.append((key, self.convert(value)))
        return syntax.Object(tuple(entries), node.start, node.end)

    def _call(self, node: Node) -> Expression:
        name = "::".join([child.word for child in node.rules if child.kind == "identifier"])
        given = [child for child in node.rules if child.kind == "arguments"]
        arguments = tuple([self.convert(child) for part in given for child in part.rules])
        return syntax.Call(name, arguments, any(part.has("ELLIPSIS") for part in given), node.start, node.end)

    def _member(self, node: Node) -> Expression:
        inner, access = node.rules
        return self._access(self.convert(inner), access)

    def _access(self, found: Expression, access: Node) -> Expression:
        if access.kind == "braces_index":
            return syntax.Index(found, self.convert(access.rules[0]), found.start, access.end)
        return syntax.GetAttr(found, access.below[-1].word, found.start, access.end)

    def _splat(self, node: Node) -> Expression:
        inner, splat = node.rules
        found = self.convert(inner)
        if isinstance(found, syntax.Splat) and found.full:  # which applies all that follows to each element
            each = self._applied(found.each, splat)
            return syntax.Splat(found.base, each, True, found.start, each.end)
        return self._applied(found, splat)

    def _applied(self, found: Expression, splat: Node) -> Expression:
        """To each element of `.*` only the attributes are applied, whatever python-hcl2's grammar says."""
        full = splat.kind == "full_splat"
        sign = splat.below[0]
        each: Expression = syntax.Name("*", sign.start + 1, sign.start + 2)
        steps = splat.rules
        within = len(steps) if full else next((i for i, s in enumerate(steps) if s.kind != "get_attr"), len(steps))
        for step in steps[:within]:
            each = self._access(each, step)
        found = syntax.Splat(found, each, full, found.start, each.end if within else sign.end)
        for step in steps[within:]:
            found = self._access(found, step)
        return found

    def _for(self, node: Node) -> Expression:
        intro, *rest = node.rules
        test = self.convert(rest.pop().rules[0]) if rest[-1].kind == "for_cond" else None
        *names, collection = intro.rules
        value = self.convert(rest.pop())
        key = self.convert(rest.pop()) if rest else None
        heads = tuple([name.word for name in names])
        grouped = node.has("ELLIPSIS")
        return syntax.For(heads, self.convert(collection), key, value, test, grouped, node.start, node.end)
