"""Names and functions looked up once, when an expression is compiled; constants folded."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from guardrail.cel import functions, nodes
from guardrail.cel.errors import CelCompileError
from guardrail.cel.nodes import Call, Ident, Lit, Node, Select
from guardrail.cel.values import TYPE_NAMES, BoolKey
from guardrail.errors import did_you_mean

_PATTERN_ARGUMENT = {"matches": 1, ".matches": 1, ".find": 1, ".findAll": 1}
_PATTERN_ARGUMENT |= {"regex.replace": 1, "regex.extract": 1, "regex.extractAll": 1}
_KEY_TYPES = (str, int, bool)


class Resolver:
    """Rewrites a parsed tree; `roots` collects the run-time names in use."""

    def __init__(self, text: str, names: Collection[str], constants: Mapping[str, object]) -> None:
        self.text = text
        self.names = frozenset(names)
        self.constants = constants
        self.roots: set[str] = set()
        self.locals: list[str] = []

    def error(self, message: str, node: Node) -> CelCompileError:
        """The error at a node's place."""
        return CelCompileError.at(message, self.text, node.at)

    def resolve(self, node: Node) -> Node:
        """The tree with names, functions and constants looked up."""
        if isinstance(node, Lit):
            return node
        if isinstance(node, Ident):
            return self._ident(node)
        if isinstance(node, Select):
            return self._select(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, nodes.Loop):
            return self._loop(node)
        if isinstance(node, nodes.Bind):
            node.value = self.resolve(node.value)
            node.body = self._inside((node.name,), node.body)
            return node
        return self._plain(node)

    def _plain(self, node: Node) -> Node:
        resolve = self.resolve
        if isinstance(node, nodes.Binary):
            node.left, node.right = resolve(node.left), resolve(node.right)
        elif isinstance(node, nodes.Logic):
            node.items = [resolve(item) for item in node.items]
        elif isinstance(node, nodes.Unary):
            node.item = resolve(node.item)
        elif isinstance(node, nodes.Cond):
            node.test, node.yes = resolve(node.test), resolve(node.yes)
            node.no = resolve(node.no)
        elif isinstance(node, nodes.Index):
            node.base, node.key = resolve(node.base), resolve(node.key)
        elif isinstance(node, nodes.ListLit):
            node.items = [resolve(item) for item in node.items]
            if not any(node.optional) and all(isinstance(item, Lit) for item in node.items):
                return Lit(node.at, [item.value for item in node.items if isinstance(item, Lit)])
        elif isinstance(node, nodes.MapLit):
            return self._map(node)
        return node

    def _map(self, node: nodes.MapLit) -> Node:
        node.entries = [(self.resolve(k), self.resolve(v), o) for k, v, o in node.entries]
        folded: dict[object, object] = {}
        for key, value, optional in node.entries:
            if optional or not isinstance(key, Lit) or not isinstance(value, Lit):
                return node
            if type(key.value) not in _KEY_TYPES:
                return node
            folded[BoolKey(key.value) if isinstance(key.value, bool) else key.value] = value.value
        return Lit(node.at, folded) if len(folded) == len(node.entries) else node

    def _ident(self, node: Ident) -> Node:
        name = node.name
        if name in self.locals:
            node.local = True
        elif name in self.constants:
            return Lit(node.at, self.constants[name])
        elif name in self.names:
            self.roots.add(name)
        elif name in TYPE_NAMES:
            return Lit(node.at, TYPE_NAMES[name])
        else:
            raise self._unknown_name(node)
        return node

    def _unknown_name(self, node: Ident) -> CelCompileError:
        if node.name in functions.NOT_OFFERED:
            return self.error(functions.NOT_OFFERED[node.name], node)
        known = [*self.names, *self.constants, *self.locals]
        hint = did_you_mean(node.name, known)
        if not hint and known:
            hint = f"; known names: {', '.join(sorted(known))}"
        return self.error(f"unknown name '{node.name}'{hint}", node)

    def _free(self, node: Node) -> bool:
        return isinstance(node, Ident) and not (
            node.name in self.locals or node.name in self.constants or node.name in self.names
        )

    def _select(self, node: Select) -> Node:
        dotted = _dotted(node)
        if dotted in TYPE_NAMES and dotted.split(".")[0] not in self.names:
            return Lit(node.at, TYPE_NAMES[dotted])
        node.base = self.resolve(node.base)
        if node.optional or node.test or not isinstance(node.base, Lit):
            return node
        constant = node.base.value
        found = isinstance(constant, dict) and node.name in constant
        return Lit(node.at, constant[node.name]) if found else node  # type: ignore[index]

    def _call(self, node: Call) -> Node:
        name = node.name
        if name.startswith(".") and isinstance(node.args[0], Ident):
            target = node.args[0]
            qualified = target.name + name
            if qualified in functions.NAMES and target.name not in self.locals:
                node.name, node.args = qualified, node.args[1:]
            elif target.name in functions.NAMESPACES and self._free(target):
                raise self._unknown_function(qualified, node)
        if node.name not in functions.NAMES:
            self._target_name(node)
            raise self._unknown_function(node.name, node)
        member = node.name.startswith(".")
        counts = functions.argument_counts(node.name)
        given = len(node.args) - member
        if given not in counts:
            wanted = " or ".join(map(str, counts)) if len(counts) < 5 else f"at least {counts[0]}"
            raise self.error(f"{node.name.lstrip('.')} takes {wanted} arguments, not {given}", node)
        node.args = [self.resolve(arg) for arg in node.args]
        self._check_pattern(node)
        return node

    def _target_name(self, node: Call) -> None:
        """An unknown root is the better thing to complain about: `contaner.foo()`."""
        if node.name.startswith("."):
            self.resolve(node.args[0])

    def _unknown_function(self, name: str, node: Call) -> CelCompileError:
        if name in functions.NOT_OFFERED:
            return self.error(functions.NOT_OFFERED[name].lstrip("."), node)
        plain = name.lstrip(".")
        if name.startswith(".") and plain in functions.NAMES:
            return self.error(f"write {plain}(x): '{plain}' is not a member function", node)
        if f".{name}" in functions.NAMES:
            return self.error(f"write x.{name}(): '{name}' is a member function", node)
        from guardrail.cel import macros

        known = [known.lstrip(".") for known in functions.NAMES | macros.NAMES]
        return self.error(f"unknown function '{plain}'{did_you_mean(plain, known)}", node)

    def _check_pattern(self, node: Call) -> None:
        place = _PATTERN_ARGUMENT.get(node.name)
        pattern = node.args[place] if place is not None else None
        if isinstance(pattern, Lit) and isinstance(pattern.value, str):
            from guardrail.cel.patterns import PatternError, compile_pattern

            try:
                compile_pattern(pattern.value)
            except PatternError as error:
                raise self.error(str(error), pattern) from None

    def _loop(self, node: nodes.Loop) -> Node:
        node.source = self.resolve(node.source)
        if node.test is not None:
            node.test = self._inside(node.names, node.test)
        node.body = self._inside(node.names, node.body)
        node.weigh()
        return node

    def _inside(self, names: tuple[str, ...], node: Node) -> Node:
        self.locals.extend(names)
        node = self.resolve(node)
        del self.locals[-len(names) :]
        return node


def _dotted(node: Node) -> str:
    if isinstance(node, Ident):
        return node.name
    if isinstance(node, Select) and not node.optional and not node.test:
        return f"{_dotted(node.base)}.{node.name}"
    return "?"
