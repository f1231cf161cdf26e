"""Tokens to a tree, by precedence climbing.

Precedences and limits are those of actions/runner: `src/Sdk/Expressions/Tokens/Token.cs` (Precedence),
`ExpressionConstants.cs` (MaxDepth 50, MaxLength 21000). Contexts and functions may have any name here, as which of
them exist depends on the place (`availability`).
"""

from __future__ import annotations

from functools import lru_cache

from guardrail.actions.expressions.errors import ExpressionError
from guardrail.actions.expressions.lexer import Token, tokenize
from guardrail.actions.expressions.nodes import Call, Compare, Index, Literal, Logic, Name, Node, Not, Star, children

MAX_LENGTH = 21_000
MAX_DEPTH = 50  # of the tree: also counts chains such as a.b.c and !!!a
MAX_NESTING = 60  # of brackets: those around a whole expression leave no node
_RANKS = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}
_MANY = 255
_ARGUMENTS = {"contains": (2, 2), "startswith": (2, 2), "endswith": (2, 2), "format": (1, _MANY), "join": (1, 2)}
_ARGUMENTS |= {"tojson": (1, 1), "fromjson": (1, 1), "hashfiles": (1, _MANY), "case": (3, _MANY)}
_ARGUMENTS |= {"always": (0, 0), "cancelled": (0, 0)}


def parse(text: str) -> Node:
    """The tree of an expression, the inside of `${{ }}`; ExpressionError where GitHub would refuse it."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH:,} characters", 0)
    return _parse(text)


@lru_cache(maxsize=2048)
def _parse(text: str) -> Node:
    parser = _Parser(text)
    if parser.kind == "end":
        raise ExpressionError("an expression is missing", 0)
    tree = parser.expression(1)
    if parser.kind != "end":
        raise parser.unexpected()
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ExpressionError(f"the expression is nested more than {MAX_DEPTH} deep", level[0].offset)
        level = [child for node in level for child in children(node)]
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
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

    def end(self) -> int:
        """Where the token that was taken last ends."""
        return self.tokens[self.index - 1].end

    def expect(self, kind: str) -> Token:
        if self.kind != kind:
            raise self.unexpected(f", expected '{kind}'")
        return self.advance()

    def unexpected(self, hint: str = "") -> ExpressionError:
        token = self.tokens[self.index]
        if token.kind == "end":
            return ExpressionError(f"the expression ends too early{hint}", token.offset)
        word = "a literal" if token.kind == "value" else f"'{str(token.value)[:40]}'"
        return ExpressionError(f"unexpected {word}{hint}", token.offset)

    def expression(self, lowest: int) -> Node:
        """Operands joined by operators that bind at least as tightly as `lowest`, from left to right."""
        start = self.tokens[self.index].offset
        left = self.unary()
        while (rank := _RANKS.get(self.kind, 0)) >= lowest:
            operator = self.advance().kind
            right = self.expression(rank + 1)
            if rank <= 2:
                operands = (*_flat(operator, left), *_flat(operator, right))
                while self.kind == operator:
                    self.advance()
                    operands += _flat(operator, self.expression(rank + 1))
                left = Logic(operator, operands, start, self.end())
            else:
                left = Compare(operator, left, right, start, self.end())
        return left

    def unary(self) -> Node:
        offsets = []
        while self.kind == "!":
            offsets.append(self.advance().offset)
        node = self.operand()
        for offset in reversed(offsets):
            node = Not(node, offset, self.end())
        return node

    def operand(self) -> Node:
        token = self.tokens[self.index]
        if token.kind == "value":
            self.advance()
            return Literal(token.value, token.offset, token.end)
        if token.kind == "name":
            self.advance()
            node: Node = Name(str(token.value), token.offset, token.end) if self.kind != "(" else self.call(token)
        elif token.kind == "(":
            node = self.nested(")")
        else:
            raise self.unexpected()
        while self.kind in (".", "["):
            key = self.property() if self.kind == "." else self.index_of()
            node = Index(node, key, token.offset, self.end())
        return node

    def nested(self, closing: str) -> Node:
        """An expression in brackets; the opening one comes next."""
        self.advance()
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            offset = self.tokens[self.index].offset
            raise ExpressionError(f"the expression is nested more than {MAX_NESTING} deep", offset)
        node = self.expression(1)
        self.expect(closing)
        self.nesting -= 1
        return node

    def property(self) -> Node:
        self.advance()
        if self.kind not in ("name", "*"):
            raise self.unexpected(", expected the name of a property")
        token = self.advance()
        if token.kind == "*":
            return Star(token.offset, token.end)
        return Literal(token.value, token.offset, token.end)

    def index_of(self) -> Node:
        following = self.tokens[self.index + 1]
        if following.kind != "*":
            return self.nested("]")
        self.advance()
        self.advance()
        self.expect("]")
        return Star(following.offset, following.end)

    def call(self, token: Token) -> Node:
        arguments: list[Node] = []
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise ExpressionError(f"the expression is nested more than {MAX_NESTING} deep", token.offset)
        self.expect("(")
        while self.kind != ")" or arguments:
            arguments.append(self.expression(1))
            if self.kind != ",":
                break
            self.advance()
        end = self.expect(")").end
        self.nesting -= 1
        _check_count(token, len(arguments))
        return Call(str(token.value).lower(), tuple(arguments), token.offset, end)


def _flat(operator: str, node: Node) -> tuple[Node, ...]:
    return node.operands if isinstance(node, Logic) and node.operator == operator else (node,)


def _check_count(token: Token, count: int) -> None:
    name = str(token.value)
    fewest, most = _ARGUMENTS.get(name.lower(), (0, count))
    if not fewest <= count <= most:
        wanted = str(fewest) if fewest == most else f"{fewest} to {most}" if most != _MANY else f"at least {fewest}"
        raise ExpressionError(
            f"{name}() takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}", token.offset
        )
    if name.lower() == "case" and count % 2 == 0:
        raise ExpressionError("case() takes pairs of a predicate and a value, then a default", token.offset)
