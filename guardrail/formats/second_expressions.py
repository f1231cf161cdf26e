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
