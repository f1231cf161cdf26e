"""Tokens to a syntax tree, by precedence climbing (cel-spec langdef.md, "Syntax")."""

from __future__ import annotations

from guardrail.cel import macros
from guardrail.cel.errors import CelCompileError
from guardrail.cel.lexer import RESERVED, Token, tokenize
from guardrail.cel.nodes import (
    Binary,
    Call,
    Cond,
    Ident,
    Index,
    ListLit,
    Lit,
    Logic,
    MapLit,
    Node,
    Select,
    Unary,
    children,
)
from guardrail.cel.values import INT_MAX, INT_MIN

MAX_TEXT = 20_000
MAX_NESTING = 60  # of brackets, macros and conditionals
MAX_HEIGHT = 160  # of the tree: also counts chains such as a + b + c and a.b.c
_RANKS: dict[object, int] = dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 1)
_RANKS |= {"+": 2, "-": 2, "*": 3, "/": 3, "%": 3}
_CONSTANTS = {"true": True, "false": False, "null": None}


def parse(text: str) -> Node:
    """The tree of an expression; CelCompileError where it is malformed or beyond the limits."""
    if len(text) > MAX_TEXT:
        raise CelCompileError(f"the expression is longer than {MAX_TEXT:,} characters")
    parser = _Parser(text)
    tree = parser.expression()
    if parser.kind != "end":
        raise parser.unexpected()
    _check_height(tree, text)
    return tree


def _check_height(tree: Node, text: str) -> None:
    level, height = [tree], 0
    while level:
        height += 1
        if height > MAX_HEIGHT:
            raise CelCompileError.at(f"the expression is nested more than {MAX_HEIGHT} deep", text, level[0].at)
        level = [child for node in level for child in children(node)]


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.kind = self.tokens[0].kind
        self.nesting = 0

    def advance(self) -> Token:
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        self.kind = self.tokens[self.index].kind
        return token

    def accept(self, kind: str) -> bool:
        if self.kind != kind:
            return False
        self.advance()
        return True

    def expect(self, kind: str) -> Token:
        if self.kind != kind:
            raise self.unexpected(f", expected '{kind}'")
        return self.advance()

    def unexpected(self, hint: str = "") -> CelCompileError:
        token = self.tokens[self.index]
        if token.kind == "end":
            return self.error(f"the expression ends too early{hint}", token.offset)
        word = token.value if token.kind != "value" else repr(token.value)
        return self.error(f"unexpected '{word}'{hint}", token.offset)

    def error(self, message: str, offset: int) -> CelCompileError:
        return CelCompileError.at(message, self.text, offset)

    def expression(self) -> Node:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            offset = self.tokens[self.index].offset
            raise self.error(f"the expression is nested more than {MAX_NESTING} deep", offset)
        node = self.logic(False)
        if self.kind == "?":
            at = self.advance().offset
            yes = self.logic(False)
            self.expect(":")
            node = Cond(at, node, yes, self.expression())
        self.nesting -= 1
        return node

    def logic(self, both: bool) -> Node:
        first = self.binary(1) if both else self.logic(True)
        op = "&&" if both else "||"
        if self.kind != op:
            return first
        items, at = [first], self.tokens[self.index].offset
        while self.accept(op):
            items.append(self.binary(1) if both else self.logic(True))
        return Logic(at, both, items)

    def binary(self, lowest: int) -> Node:
        """Comparisons, sums and products, of operators that bind at least as tightly as `lowest`."""
        left = self.unary()
        while True:
            token = self.tokens[self.index]
            op = token.value if token.kind == "ident" else token.kind  # `in` is an identifier
            rank = _RANKS.get(op, 0)
            if rank < lowest:
                return left
            self.advance()
            left = Binary(token.offset, str(op), left, self.binary(rank + 1))

    def unary(self) -> Node:
        if self.kind not in ("!", "-"):
            return self.member()
        signs = [self.advance()]
        while self.kind == signs[0].kind:
            signs.append(self.advance())
        token = self.tokens[self.index]
        if signs[0].kind == "-" and token.kind == "value" and type(token.value) in (int, float):
            # the sign belongs to the literal, so that the smallest integer can be written
            self.tokens[self.index] = Token("value", -token.value, token.offset)  # type: ignore[operator]
            signs.pop()
        node = self.member()
        for sign in reversed(signs):
            node = Unary(sign.offset, sign.kind, node)
        return node

    def member(self) -> Node:
        node = self.primary()
        while True:
            if self.kind == ".":
                at = self.advance().offset
                optional = self.accept("?")
                name = self.field()
                if not optional and self.kind == "(":
                    node = self.call(at, name, node)
                else:
                    node = Select(at, node, name, optional)
            elif self.kind == "[":
                at = self.advance().offset
                optional = self.accept("?")
                node = Index(at, node, self.expression(), optional)
                self.expect("]")
            elif self.kind == "{" and isinstance(node, (Ident, Select)):
                raise self.error("message literals are not offered", node.at)
            else:
                return node

    def field(self) -> str:
        if self.kind not in ("ident", "quoted"):
            raise self.unexpected(", expected a field name")
        token = self.advance()
        if token.kind == "ident" and (token.value in _CONSTANTS or token.value == "in"):
            raise self.error(f"'{token.value}' needs backquotes as a field name", token.offset)
        return str(token.value)

    def call(self, at: int, name: str, target: Node | None) -> Node:
        self.expect("(")
        args = self.items(")")
        self.expect(")")
        return macros.expand(self.text, at, name, target, args) or Call(
            at, name if target is None else f".{name}", args if target is None else [target, *args]
        )

    def items(self, closing: str) -> list[Node]:
        found: list[Node] = []
        while self.kind != closing:
            found.append(self.expression())
            if not self.accept(","):
                break
        return found

    def primary(self) -> Node:
        token = self.advance()
        kind = token.kind
        if kind == "value":
            if type(token.value) is int and not INT_MIN <= token.value <= INT_MAX:
                raise self.error("integer literal out of range", token.offset)
            return Lit(token.offset, token.value)
        if kind == "ident":
            return self.name(token)
        if kind == "(":
            node = self.expression()
            self.expect(")")
            return node
        if kind == "[":
            return self.list_literal(token.offset)
        if kind == "{":
            return self.map_literal(token.offset)
        if kind == "." and self.kind == "ident":
            return self.name(self.advance())
        if kind != "end":
            self.index -= 1
        raise self.unexpected()

    def name(self, token: Token) -> Node:
        word = str(token.value)
        if word in _CONSTANTS:
            return Lit(token.offset, _CONSTANTS[word])
        if word in RESERVED or word == "in":
            raise self.error(f"'{word}' is a reserved word", token.offset)
        if self.kind == "(":
            return self.call(token.offset, word, None)
        return Ident(token.offset, word)

    def list_literal(self, at: int) -> Node:
        items: list[Node] = []
        optional: list[bool] = []
        while self.kind != "]":
            optional.append(self.accept("?"))
            items.append(self.expression())
            if not self.accept(","):
                break
        self.expect("]")
        return ListLit(at, items, optional)

    def map_literal(self, at: int) -> Node:
        entries: list[tuple[Node, Node, bool]] = []
        while self.kind != "}":
            optional = self.accept("?")
            key = self.expression()
            self.expect(":")
            entries.append((key, self.expression(), optional))
            if not self.accept(","):
                break
        self.expect("}")
        return MapLit(at, entries)
