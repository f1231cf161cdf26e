"""Tuples, objects and `for` expressions.

Documentation, "For expressions": maps and objects are gone through in the order of their keys; two results with the
same key are an error unless they are grouped by `...`.
"""

from __future__ import annotations

from guardrail.hcl.conditions import truth
from guardrail.hcl.equality import either, equal
from guardrail.hcl.run import MOST_ITEMS, PLAIN, SCALARS, Run, element, several, text
from guardrail.hcl.syntax import Call, Expression, For, Object, Tuple
from guardrail.hcl.values import EvaluationError, Exceeded
from guardrail.model.value import UnknownValue

Pairs = list[tuple[object, object]]


def sequence(run: Run, node: Tuple) -> list[object]:
    """`[a, b]`."""
    return [run.value(i) for i in node.items]


def mapping(run: Run, node: Object) -> object:
    """`{ key = value }`: of equal keys the last one wins (hclsyntax, ObjectConsExpr)."""
    builder = Builder(run)
    for key, value in node.entries:
        builder.put(run.value(key), run.value(value))
    return builder.result()


class Builder:
    """An object under construction, of which keys or entries may not be known."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.entries: dict[str, object] = {}
        self.causes: list[UnknownValue] = []

    def put(self, key: object, value: object) -> None:
        """Sets an entry; with a key that is not known, any of those there are may be the one."""
        run = self.run
        if type(key) is not UnknownValue:
            self.entries[text(run.plain(key))] = value
            return
        if type(key.known) is dict:
            raise EvaluationError("a key is a string")
        if type(key.known) is not tuple:
            run.doubt(key)
        self.causes.append(key)
        for name, before in self.entries.items():
            answer = equal(run, key, name)
            if answer is not False:
                cause = answer if type(answer) is UnknownValue else key
                self.entries[name] = either(run, [before, value], cause)

    def result(self) -> object:
        """The object; a partly known one where keys are missing."""
        if not self.causes:
            return self.entries
        made = self.run.caused(self.causes)
        return UnknownValue(made.reason, questions=made.questions, known=self.entries)


def bindings(run: Run, value: object) -> Pairs | UnknownValue:
    """Keys and values to go through; an unknown where the collection is one.

    Of a map that is known in part, the unknown rest comes as one element of unknown number, first, because any of its
    keys may.
    """
    if type(value) is list:
        tail = run.tail(value)
        late = UnknownValue(value[tail].reason) if tail < len(value) else None
        return [(i if i < tail else late, v) for i, v in enumerate(value)]
    if type(value) is dict:
        return [(k, value[k]) for k in sorted(value)]
    if type(value) is UnknownValue:
        if type(value.known) is tuple:
            raise EvaluationError("a string cannot be gone through by for")
        if type(value.known) is not dict or value.symbol:
            return value
        rest = UnknownValue(value.reason, questions=value.questions, many=True)
        first: Pairs = [(element(rest), rest)]
        return first + [(k, value.known[k]) for k in sorted(value.known)]
    if value is None or type(value) in SCALARS:
        raise EvaluationError("only a list, set, map or object can be gone through by for")
    return bindings(run, run.plain(value)) if type(value) not in PLAIN else value  # type: ignore[return-value]


def gone_through(run: Run, collection: Expression, names: tuple[str, ...]) -> Pairs | UnknownValue:
    """The bindings of a `for` over an expression: of a set, the key is the element itself.

    Values do not tell sets from lists; a call that makes a set does.
    """
    over = bindings(run, run.value(collection))
    if len(names) > 1 and isinstance(over, list) and type(collection) is Call and collection.name in _SETS:
        return [(value, value) for _, value in over]
    return over


_SETS = frozenset({"setintersection", "setsubtract", "setunion", "toset"})


def loop(run: Run, node: For) -> object:
    """A `for` expression; of an unknown collection the result is unknown."""
    over = gone_through(run, node.collection, node.names)
    if isinstance(over, UnknownValue):
        run.doubt(over)
        return run.caused((over,))
    outer = run.names
    run.names = {**outer}
    made = _items(run, node, over) if node.key is None else _entries(run, node, over)
    run.names = outer
    return made


def _bind(run: Run, node: For, key: object, value: object) -> UnknownValue | None:
    """Sets the loop's variables; the element itself where it stands for any number of them."""
    many = value if type(value) is UnknownValue and value.many else None
    run.names[node.names[-1]] = value if many is None else element(many)
    if len(node.names) > 1:
        run.names[node.names[0]] = key
    return many


def _wanted(run: Run, node: For, many: UnknownValue | None) -> bool | UnknownValue:
    """Whether the element is taken: open for one of unknown number, and where the test is."""
    test = node.test
    if many is None:
        return True if test is None else truth(run, test)
    run.doubt(many)
    if test is None:
        return many
    held = truth(run, test)
    return False if held is False else many if held is True else run.caused((many, held))


def _items(run: Run, node: For, over: Pairs) -> list[object]:
    found: list[object] = []
    for key, value in over:
        many = _bind(run, node, key, value)
        depth, names = run.depth, run.names
        try:
            wanted = _wanted(run, node, many)
            if wanted is True:
                found.append(run.value(node.value))
            elif wanted is not False:
                found.append(_open(run, node, wanted))
        except EvaluationError as error:
            if many is None or isinstance(error, Exceeded):
                raise
            run.depth, run.names = depth, names
            found.append(several(many, many))
        if len(found) > MOST_ITEMS:
            raise Exceeded("a list that is too large")
    return found


def _open(run: Run, node: For, cause: UnknownValue) -> UnknownValue:
    """Any number of what an element would be."""
    value = run.attempt(node.value)
    if isinstance(value, EvaluationError):
        run.doubt(cause)
        return several(cause, cause)
    return several(value, cause)


def _entries(run: Run, node: For, over: Pairs) -> object:
    found: dict[str, object] = {}
    open_ones: list[tuple[object, UnknownValue]] = []
    for key, value in over:
        many = _bind(run, node, key, value)
        depth, names = run.depth, run.names
        try:
            wanted = _wanted(run, node, many)
            if wanted is not False:
                _entry(run, node, wanted, found, open_ones)
        except EvaluationError as error:
            if many is None or isinstance(error, Exceeded):
                raise
            run.depth, run.names = depth, names
            open_ones.append((error, many))
    if not open_ones:
        return found
    if node.grouped:
        _loosen(run, found, open_ones)
    made = run.caused([cause for _, cause in open_ones])
    return UnknownValue(made.reason, questions=made.questions, known=found)


def _entry(
    run: Run,
    node: For,
    wanted: bool | UnknownValue,
    found: dict[str, object],
    open_ones: list[tuple[object, UnknownValue]],
) -> None:
    """Adds an element's entry; where it or its key is open, to `open_ones` with the key."""
    assert node.key is not None
    name = run.value(node.key) if wanted is True else run.attempt(node.key)
    if wanted is True and not isinstance(name, UnknownValue):
        _put(run, node, found, text(run.plain(name)))
        return
    cause = wanted if isinstance(wanted, UnknownValue) else name
    assert isinstance(cause, UnknownValue)
    if not isinstance(name, UnknownValue | EvaluationError):
        name = text(run.plain(name))
    run.doubt(cause)
    open_ones.append((name, cause))


def _put(run: Run, node: For, found: dict[str, object], name: str) -> None:
    value = run.value(node.value)
    if node.grouped:
        found.setdefault(name, []).append(value)  # type: ignore[attr-defined]
        return
    if name in found:
        raise EvaluationError(f'two elements of a for expression have the key "{name}"')
    if len(found) >= MOST_ITEMS:
        raise Exceeded("a map that is too large")
    found[name] = value


def _loosen(run: Run, found: dict[str, object], open_ones: list[tuple[object, UnknownValue]]) -> None:
    """Elements that may belong to any group, at any place in it."""
    for name, cause in open_ones:
        many = UnknownValue(cause.reason, questions=cause.questions, many=True)
        for group, items in found.items():
            if isinstance(name, EvaluationError) or equal(run, name, group) is not False:
                found[group] = [many, *items]  # type: ignore[misc]
