"""Expressions as python-hcl2 parses them, turned to ours (the rules are those of its hcl2.lark)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from guardrail.hcl import syntax
from guardrail.hcl.cursor import MAX_DEPTH, HclError
from guardrail.hcl.literals import number, unquote
from guardrail.hcl.parser import check_height, parse_expression
from guardrail.hcl.syntax import Expression
from guardrail.hcl.template_parser import CONSTANTS, Control, Nesting, Piece, Text

if TYPE_CHECKING:
    from lark import Token, Tree

_BLANK = "new_line_or_comment"


class Expressions:
    """Turns lark's trees of expressions to ours; `shift` is added to every offset."""

    def __init__(self, shift: int) -> None:
        self.shift = shift
        self.depth = 0
        self.rules: dict[str, Callable[[Tree[Token]], Expression]] = {
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
            "attr_splat_expr_term": self._member,
            "full_splat_expr_term": self._member,
            "for_tuple_expr": self._for,
            "for_object_expr": self._for,
        }

    def whole(self, tree: Tree[Token]) -> Expression:
        """A value, bounded in height."""
        node = self.convert(tree)
        check_height(node)
        return node

    def convert(self, tree: Tree[Token]) -> Expression:
        """An expression; HclError for what is too deep, or a rule that is not known."""
        rule = self.rules.get(str(tree.data))
        self.depth += 1
        if rule is None or self.depth > 3 * MAX_DEPTH:
            raise HclError(f"{tree.data} cannot be converted", 0)
        node = rule(tree)
        self.depth -= 1
        return node

    def _conditional(self, tree: Tree[Token]) -> Expression:
        condition, yes, no = [self.convert(child) for child in branches(tree)]
        return syntax.Conditional(condition, yes, no, condition.start, no.end)

    def _binary(self, tree: Tree[Token]) -> Expression:
        left, term = branches(tree)[:2]
        operator, right = branches(term)
        one, other = self.convert(left), self.convert(right)
        return syntax.Binary(str(operator.children[0]), one, other, one.start, other.end)

    def _unary(self, tree: Tree[Token]) -> Expression:
        operand = self.convert(tree.children[-1])
        return syntax.Unary(str(tree.children[0]), operand, self._start(tree), operand.end)

    def _term(self, tree: Tree[Token]) -> Expression:
        (inner,) = branches(tree)
        if getattr(tree.children[0], "type", "") == "LPAR":
            return syntax.Parentheses(self.convert(inner), self._start(tree), self._end(tree))
        if inner.data == "template_string":  # \"text\", as it was written in interpolations before Terraform 0.12
            text = unquote(str(inner.children[0])[2:-2])[0]
            return syntax.Literal(text, self._start(inner), self._end(inner))
        return self.convert(inner)

    def _constant(self, tree: Tree[Token]) -> Expression:
        return syntax.Literal(CONSTANTS[str(tree.children[0])], self._start(tree), self._end(tree))

    def _number(self, tree: Tree[Token]) -> Expression:
        text, start, end = str(tree.children[0]), self._start(tree), self._end(tree)
        negative = text.startswith("-")
        value = number(text.lstrip("-"))
        if value is None:
            raise HclError("not a number", start)
        literal = syntax.Literal(value, start + negative, end)
        return syntax.Unary("-", literal, start, end) if negative else literal

    def _name(self, tree: Tree[Token]) -> Expression:
        return syntax.Name(str(word(tree)), self._start(tree), self._end(tree))

    def _string(self, tree: Tree[Token]) -> Expression:
        pieces: list[Piece] = []
        for part in branches(tree):
            child = part.children[0]
            start, end = self._start(part), self._end(part)
            kind = getattr(child, "data", "")
            if not kind:
                pieces.append(Text(unquote(str(child))[0], start, end))
            elif kind == "interpolation":
                pieces.append(self.convert(branches(child)[0]))
            else:
                pieces.append(self._control(child, start, end))
        parts = Nesting(self.depth).parts(pieces)
        start, end = self._start(tree), self._end(tree)
        if not parts or (len(parts) == 1 and isinstance(pieces[0], Text)):
            return syntax.Literal(getattr(parts[0], "value", "") if parts else "", start, end)
        return syntax.Template(parts, start, end)

    def _control(self, tree: Tree[Token], start: int, end: int) -> Control:
        if any(getattr(child, "type", "") == "STRIP_MARKER" for child in tree.children):
            raise HclError("strip markers are not converted", start)
        keyword = str(tree.data).removeprefix("template_").removesuffix("_start")
        inside = branches(tree)
        names = tuple(str(word(child)) for child in inside if child.data == "identifier")
        condition = self.convert(inside[-1]) if keyword in ("if", "for") else None
        return Control(keyword, names if keyword == "for" else (), condition, start, end)

    def _heredoc(self, tree: Tree[Token]) -> Expression:
        return parse_expression(f"{str(tree.children[0]).rstrip()}\n", self._start(tree))

    def _tuple(self, tree: Tree[Token]) -> Expression:
        items = tuple([self.convert(child) for child in branches(tree)])
        return syntax.Tuple(items, self._start(tree), self._end(tree))

    def _object(self, tree: Tree[Token]) -> Expression:
        entries = []
        for element in branches(tree):
            head, value = branches(element)
            key = self.convert(head.children[0])
            if isinstance(key, syntax.Name):
                key = syntax.Literal(key.name, key.start, key.end)
            entries.append((key, self.convert(value)))
        return syntax.Object(tuple(entries), self._start(tree), self._end(tree))

    def _call(self, tree: Tree[Token]) -> Expression:
        inside = branches(tree)
        name = "::".join(str(word(child)) for child in inside if child.data == "identifier")
        given = inside[-1] if inside[-1].data == "arguments" else None
        arguments = tuple([self.convert(child) for child in branches(given)]) if given else ()
        spread = bool(given) and any(getattr(child, "type", "") == "ELLIPSIS" for child in given.children)
        return syntax.Call(name, arguments, spread, self._start(tree), self._end(tree))

    def _member(self, tree: Tree[Token]) -> Expression:
        inner, access = branches(tree)
        node = self.convert(inner)
        if access.data not in ("attr_splat", "full_splat"):
            return self._access(node, access)
        full = access.data == "full_splat"
        token = access.children[0]
        at = self.shift + offset(token) + 1
        each: Expression = syntax.Name("*", at, at + 1)
        steps = branches(access)
        inside = len(steps) if full else next((i for i, s in enumerate(steps) if s.data != "get_attr"), len(steps))
        for step in steps[:inside]:
            each = self._access(each, step)
        end = each.end if inside else self.shift + offset(token) + len(token)
        node = syntax.Splat(node, each, full, node.start, end)
        for step in steps[inside:]:
            node = self._access(node, step)
        return node

    def _access(self, node: Expression, access: Tree[Token]) -> Expression:
        end = self._end(access)
        if access.data == "braces_index":
            return syntax.Index(node, self.convert(branches(access)[0]), node.start, end)
        return syntax.GetAttr(node, str(word(access.children[-1])), node.start, end)

    def _for(self, tree: Tree[Token]) -> Expression:
        intro, *rest = branches(tree)
        test = self.convert(branches(rest.pop())[0]) if rest[-1].data == "for_cond" else None
        *names, collection = branches(intro)
        key, value = [None, *[self.convert(child) for child in rest]][-2:]
        assert value is not None
        grouped = any(getattr(child, "type", "") == "ELLIPSIS" for child in tree.children)
        heads = tuple(str(word(name)) for name in names)
        start, end = self._start(tree), self._end(tree)
        return syntax.For(heads, self.convert(collection), key, value, test, grouped, start, end)

    def _start(self, tree: Tree[Token]) -> int:
        node: Tree[Token] | Token = tree
        while hasattr(node, "children"):
            node = node.children[0]
        return self.shift + offset(node)

    def _end(self, tree: Tree[Token]) -> int:
        node: Tree[Token] | Token = tree
        while hasattr(node, "children"):
            node = [c for c in node.children if c is not None and getattr(c, "data", "") != _BLANK][-1]
        return self.shift + offset(node) + len(node.rstrip())


def branches(tree: Tree[Token]) -> list[Tree[Token]]:
    """The trees below one, without line ends and tokens."""
    return [c for c in tree.children if hasattr(c, "children") and c.data != _BLANK]


def word(node: Tree[Token] | Token) -> Token:
    """The token of a tree that has one."""
    while hasattr(node, "children"):
        node = node.children[0]
    return node


def offset(token: Token) -> int:
    """Where a token begins."""
    return token.start_pos or 0
