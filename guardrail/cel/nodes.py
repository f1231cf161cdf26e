"""The syntax tree. `at` is the character offset of a node in the expression's text."""

from __future__ import annotations


class Node:
    """One part of an expression."""

    __slots__ = ("at",)
    at: int


class Lit(Node):
    """A value known when the expression is compiled."""

    __slots__ = ("value",)

    def __init__(self, at: int, value: object) -> None:
        self.at, self.value = at, value


class Ident(Node):
    """A name: after resolution a root variable, or a variable of an enclosing macro if `local`."""

    __slots__ = ("local", "name")

    def __init__(self, at: int, name: str, local: bool = False) -> None:
        self.at, self.name, self.local = at, name, local


class Select(Node):
    """`base.name`, or `base.?name` if `optional`; `has(base.name)` if `test`."""

    __slots__ = ("base", "name", "optional", "test")

    def __init__(self, at: int, base: Node, name: str, optional: bool = False, test: bool = False) -> None:
        self.at, self.base, self.name = at, base, name
        self.optional, self.test = optional, test


class Index(Node):
    """`base[key]`, or `base[?key]` if `optional`."""

    __slots__ = ("base", "key", "optional")

    def __init__(self, at: int, base: Node, key: Node, optional: bool) -> None:
        self.at, self.base, self.key, self.optional = at, base, key, optional


class Call(Node):
    """A function of the table; a member function has a dot before its name, its target first."""

    __slots__ = ("args", "name")

    def __init__(self, at: int, name: str, args: list[Node]) -> None:
        self.at, self.name, self.args = at, name, args


class Logic(Node):
    """`a && b && c` if `both`, else `a || b || c`."""

    __slots__ = ("both", "items")

    def __init__(self, at: int, both: bool, items: list[Node]) -> None:
        self.at, self.both, self.items = at, both, items


class Unary(Node):
    """`!item` or `-item`."""

    __slots__ = ("item", "op")

    def __init__(self, at: int, op: str, item: Node) -> None:
        self.at, self.op, self.item = at, op, item


class Binary(Node):
    """Comparison, arithmetic or `in`."""

    __slots__ = ("left", "op", "right")

    def __init__(self, at: int, op: str, left: Node, right: Node) -> None:
        self.at, self.op, self.left, self.right = at, op, left, right


class Cond(Node):
    """`test ? yes : no`."""

    __slots__ = ("no", "test", "yes")

    def __init__(self, at: int, test: Node, yes: Node, no: Node) -> None:
        self.at, self.test, self.yes, self.no = at, test, yes, no


class ListLit(Node):
    """`[a, ?b]`; `optional` says for each item whether it is marked with `?`."""

    __slots__ = ("items", "optional")

    def __init__(self, at: int, items: list[Node], optional: list[bool]) -> None:
        self.at, self.items, self.optional = at, items, optional


class MapLit(Node):
    """`{k: v, ?k: v}` as (key, value, optional) entries."""

    __slots__ = ("entries",)

    def __init__(self, at: int, entries: list[tuple[Node, Node, bool]]) -> None:
        self.at, self.entries = at, entries


class Loop(Node):
    """A comprehension.

    `kind`: all, exists, exists_one, filter, map, transformMap, transformMapEntry or sortBy.
    `names` are one variable (element or key) or two (index or key, value).
    `test` filters what `body` transforms; the tests of all, exists, filter are the `body`.
    `weight`: units of work one round costs; more than one for large bodies (see `weigh`).
    """

    __slots__ = ("body", "kind", "names", "source", "test", "weight")

    def __init__(self, at: int, kind: str, source: Node, names: tuple[str, ...], tests: tuple[Node, ...]) -> None:
        self.at, self.kind, self.source, self.names = at, kind, source, names
        self.test = tests[0] if len(tests) == 2 else None
        self.body = tests[-1]
        self.weight = 1

    def weigh(self) -> None:
        """Set the weight: one for the round, one more for each 50 parts of the loop's body."""
        count, todo = 0, [self.body] if self.test is None else [self.test, self.body]
        while todo:
            count += 1
            todo.extend(children(todo.pop()))
        self.weight = 1 + count // 50


class Bind(Node):
    """`cel.bind(name, value, body)`; with `optional` the value is an optional: `value.optMap(...)`.

    `optional` is empty, `optMap` or `optFlatMap`.
    """

    __slots__ = ("body", "name", "optional", "value")

    def __init__(self, at: int, name: str, value: Node, body: Node, optional: str = "") -> None:
        self.at, self.name, self.value, self.body = at, name, value, body
        self.optional = optional


_PARTS = ("base", "key", "item", "left", "right", "source", "test", "value", "yes", "no", "body")


def children(node: Node) -> list[Node]:
    """The direct parts of a node."""
    if isinstance(node, Call):
        return node.args
    if isinstance(node, (Logic, ListLit)):
        return node.items
    if isinstance(node, MapLit):
        return [part for key, value, _ in node.entries for part in (key, value)]
    parts = [getattr(node, name, None) for name in _PARTS]
    return [part for part in parts if isinstance(part, Node)]
