"""Tokens to expressions (hcl/hclsyntax/spec.md, "Expressions")."""

from __future__ import annotations

from guardrail.hcl.chains import RANKS, chain
from guardrail.hcl.cursor import MAX_DEPTH
from guardrail.hcl.literals import number
from guardrail.hcl.syntax import (
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    Name,
    Object,
    Parentheses,
    Splat,
    Tuple,
    Unary,
)
from guardrail.hcl.template_parser import CONSTANTS, Templates

_SINGLE = frozenset(["name", "path", "string", "number"])
_ENDS = frozenset(["newline", ",", ")", "]", "}", "end"])
_new = tuple.__new__  # the constructor of a named tuple takes three times as long


class Expressions(Templates):
    """The part of the parser that reads expressions."""

    def expression(self) -> Expression:
        """Everything that has a value, conditionals included."""
        i = self.i
        kind = self.kinds[i]
        if kind in _SINGLE and self.kinds[i + 1] in _ENDS:  # most values are one token
            if kind == "path":
                self.i = i + 1
                return self.path(self.texts[i], self.starts[i])
            return self._primary(kind)
        self.depth = depth = self.depth + 1
        if depth > self.deepest:
            self.deepest = depth
            if depth > MAX_DEPTH:
                raise self.too_deep()
        node = self._signed() if kind in {"-", "!"} else self._primary(kind)  # what `term` does
        kind = self.kinds[self.i]
        if kind not in _ENDS:
            if kind in {"[", "."}:
                node = self._members(node, False)
                kind = self.kinds[self.i]
            if kind in RANKS:
                node = chain(self, node)
                kind = self.kinds[self.i]
            if kind == "?":
                node = self._conditional(node)
        self.depth = depth - 1
        return node

    def _conditional(self, condition: Expression) -> Expression:
        self.i += 1
        yes = self.expression()
        self.expect(":", "The other case of a conditional is missing: expected ':'.")
        no = self.expression()
        return _new(Conditional, (condition, yes, no, condition.start, no.end))

    def term(self) -> Expression:
        """An operand: signs, something with a value, attributes and indexes behind it."""
        kind = self.kinds[self.i]
        if kind in {"-", "!"}:
            return self._signed()
        node = self._primary(kind)
        kind = self.kinds[self.i]
        return self._members(node, False) if kind in {"[", "."} else node

    def _signed(self) -> Expression:
        signs = []
        while self.kinds[self.i] in ("-", "!"):
            signs.append((self.kinds[self.i], self.starts[self.i]))
            self.i += 1
        self.longest = max(self.longest, len(signs))
        node = self.term()
        for sign, start in reversed(signs):
            node = _new(Unary, (sign, node, start, node.end))
        return node

    def _primary(self, kind: str) -> Expression:  # noqa: C901, PLR0911 -- one branch for each kind of token
        i = self.i
        text, start = self.texts[i], self.starts[i]
        self.i = i + 1
        if kind == "string":
            if "{" in text:
                return self.references(text, start)
            if "\\" in text:
                return self.quoted(text, start)
            return _new(Literal, (text[1:-1], start, start + len(text)))
        if kind == "path":
            return self.path(text, start)
        if kind == "name":
            return self._name(text, start)
        if kind == "number":
            value = number(text)
            if value is None:
                self.i = i
                raise self.error(f"{text[:40]} is not a number.")
            return _new(Literal, (value, start, start + len(text)))
        if kind in {"quote", "heredoc"}:
            return self.template(kind, text, start)
        if kind == "[":
            return self._tuple(start)
        if kind == "{":
            return self._object(start)
        if kind == "{for":
            return self._for(start, "}")
        if kind == "(":
            inner = self.expression()
            return _new(Parentheses, (inner, start, self.expect(")", "Expected ')'.")))
        self.i = i
        raise self.error(
            "A value is missing here." if kind in ("newline", "end") else f"Expected a value, not {text!r}."
        )

    def _name(self, text: str, start: int) -> Expression:
        kind = self.kinds[self.i]
        if kind in {"(", "::"}:
            return self._call(text, start)
        if text in CONSTANTS:
            return _new(Literal, (CONSTANTS[text], start, start + len(text)))
        return _new(Name, (text, start, start + len(text)))

    def _call(self, name: str, start: int) -> Expression:
        while self.kinds[self.i] == "::":
            self.i += 1
            name = f"{name}::{self.word('A function name is missing behind `::`.')}"
        self.expect("(", "Expected '(' behind the name of a function.")
        arguments: list[Expression] = []
        spread = False
        while self.kinds[self.i] != ")":
            arguments.append(self.expression())
            if self.kinds[self.i] == "...":
                spread = True
                self.i += 1
                break
            if self.kinds[self.i] != ",":
                break
            self.i += 1
        end = self.expect(")", "Expected ',' or ')' behind an argument.")
        return _new(Call, (name, tuple(arguments), spread, start, end))

    def _tuple(self, start: int) -> Expression:
        kinds = self.kinds
        if kinds[self.i] == "name" and self.texts[self.i] == "for":
            return self._for(start, "]")
        items: list[Expression] = []
        while kinds[self.i] != "]":
            items.append(self.expression())
            if kinds[self.i] != ",":
                break
            self.i += 1
        return _new(Tuple, (tuple(items), start, self.expect("]", "Expected ',' or ']' behind an element.")))

    def _object(self, start: int) -> Expression:
        kinds = self.kinds
        entries: list[tuple[Expression, Expression]] = []
        if kinds[self.i] == "newline":
            self.i += 1
        if kinds[self.i] == "name" and self.texts[self.i] == "for":
            raise self.error("Behind `{ for` stand a variable and `in`; a key of that name is written in quotes.")
        while kinds[self.i] != "}":
            key = self._key()
            if kinds[self.i] != "=" and kinds[self.i] != ":":
                raise self.error("Expected '=' and a value behind the key of an object.")
            self.i += 1
            entries.append((key, self.expression()))
            kind = kinds[self.i]
            if kind == ",":
                self.i += 1
                kind = kinds[self.i]
            elif kind != "newline":
                break
            if kind == "newline":
                self.i += 1
        return _new(
            Object, (tuple(entries), start, self._closing_brace("Expected a new line, ',' or '}' in an object."))
        )

    def _closing_brace(self, message: str) -> int:
        if self.texts[self.i] == "~}":
            raise self.error("`~}` closes an interpolation, not a brace.")
        return self.expect("}", message)

    def _key(self) -> Expression:
        i = self.i
        if self.kinds[i] == "name" and self.kinds[i + 1] in ("=", ":"):
            self.i = i + 1
            text, start = self.texts[i], self.starts[i]
            return _new(Literal, (text, start, start + len(text)))
        return self.expression()

    def _for(self, start: int, closing: str) -> Expression:
        self.i += 1  # `for`
        names = self.loop_names()
        collection = self.expression()
        self.expect(":", "Expected ':' behind the collection of `for`.")
        key: Expression | None = None
        value = self.expression()
        grouped = False
        if closing == "}":
            self.expect("=>", "Expected '=>' and a value in a `for` that makes an object.")
            key, value = value, self.expression()
            if self.kinds[self.i] == "...":
                grouped = True
                self.i += 1
        test: Expression | None = None
        if self.kinds[self.i] == "name" and self.texts[self.i] == "if":
            self.i += 1
            test = self.expression()
        message = f"Expected '{closing}' at the end of `for`."
        end = self._closing_brace(message) if closing == "}" else self.expect(closing, message)
        return For(names, collection, key, value, test, grouped, start, end)

    def _members(self, node: Expression, attributes_only: bool) -> Expression:
        """Attributes, indexes and splats behind a value; of a `.*` only the attributes are applied to each element."""
        count = 0
        while True:
            kind = self.kinds[self.i]
            if kind == "." and self.kinds[self.i + 1] != "*":
                count += self.texts[self.i + 1].count(".") + 1
                node = self._attributes(node)
            elif kind == "." and attributes_only:
                self.fault("syntax", "A `.*` within a `.*` is not allowed; write `[*]`.", self.starts[self.i])
                break
            elif kind == "." or (kind == "[" and not attributes_only):
                count += 1
                node = self._splat(node, False) if kind == "." else self._index(node)
            else:
                break
        if count > 1:
            self.longest = max(self.longest, count)
        return node

    def _attributes(self, node: Expression) -> Expression:
        """What stands behind a dot: a name, a path, or digits (`list.0` is how HIL wrote `list[0]`)."""
        i = self.i = self.i + 1
        kind, text, end = self.kinds[i], self.texts[i], self.starts[i] - 1
        names = text.split(".")
        if kind == "number":
            if not all(name.isdigit() for name in names):
                raise self.error(f"{text!r} is not an index.")
            if len(names) > 1:
                self.fault("syntax", "Two indexes with dots in a row are not allowed; write `[0][1]`.", self.starts[i])
        elif kind not in ("name", "path"):
            raise self.error("The name of an attribute is missing behind the dot.")
        self.i = i + 1
        start = node.start
        for name in names:
            end += 1 + len(name)
            node = _new(GetAttr, (node, name, start, end))
        return node

    def _index(self, node: Expression) -> Expression:
        if self.kinds[self.i + 1] == "*" and self.kinds[self.i + 2] == "]":
            return self._splat(node, True)
        self.i += 1
        key = self.expression()
        return _new(Index, (node, key, node.start, self.expect("]", "Expected ']' behind an index.")))

    def _splat(self, node: Expression, full: bool) -> Expression:
        self.enter()
        start = self.starts[self.i + 1]
        self.i += 3 if full else 2
        star: Expression = Name("*", start, start + 1)
        each = self._members(star, not full)
        end = each.end if each is not star else self.starts[self.i - 1] + 1
        self.depth -= 1
        return Splat(node, each, full, node.start, end)
