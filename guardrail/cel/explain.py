"""Which fields made an expression false.

A precise run, walked again along the parts that decided: of `&&` the false operands, of `all` the
failing elements, of a comparison whatever in it comes from the resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from guardrail.cel import comprehend, nodes, places
from guardrail.cel.errors import CelLimit, Meter
from guardrail.cel.nodes import Node
from guardrail.cel.places import At, Gone, Place
from guardrail.cel.precise import Precise
from guardrail.cel.values import BoolKey

Path: TypeAlias = tuple[str | int, ...]
Origin: TypeAlias = Path | Callable[[Path], Path]


class Blame(NamedTuple):
    """One field that made an expression false.

    `path`: within the judged resource; of something missing, the deepest existing ancestor
    followed by the absent keys. `observed`: the value found there, None when missing.
    """

    path: Path
    observed: object
    missing: bool


def explain(tree: Node, bindings: Mapping[str, object], origins: Mapping[str, Origin], meter: Meter) -> list[Blame]:
    """The blamed fields in the order the expression names them, without repeats and ancestors."""
    walk = Precise(bindings, meter)
    found: dict[Path, Blame] = {}
    try:
        for place in _blame(walk, tree, False):
            for leaf in places.flatten(place):
                if leaf.root in origins and (blame := _locate(leaf, bindings, origins)):
                    found.setdefault(blame.path, blame)
    except (CelLimit, RecursionError):
        pass  # what was found before the limit still stands
    covered = {path[:n] for path in found for n in range(len(path))}
    return [blame for path, blame in found.items() if path not in covered]


def _locate(leaf: At | Gone, bindings: Mapping[str, object], origins: Mapping[str, Origin]) -> Blame | None:
    missing = isinstance(leaf, Gone)
    below = _path((*leaf.steps, *leaf.absent) if isinstance(leaf, Gone) else leaf.steps)
    origin = origins[leaf.root]
    path = origin(below) if callable(origin) else (*origin, *below)
    value = bindings.get(leaf.root)
    for step in () if missing else leaf.steps:
        if not isinstance(value, (dict, list)):
            return None
        value = value[step]  # type: ignore[call-overload]
    return Blame(path, None if missing else value, missing)


def _path(steps: tuple[object, ...]) -> Path:
    plain = (step.value if isinstance(step, BoolKey) else step for step in steps)
    return tuple(step if isinstance(step, (str, int)) else str(step) for step in plain)


def _blame(walk: Precise, node: Node, truth: bool) -> Iterator[Place]:
    """The places that made a node `truth`."""
    if isinstance(node, nodes.Logic):
        yield from _logic(walk, node, truth)
    elif isinstance(node, nodes.Unary) and node.op == "!":
        yield from _blame(walk, node.item, not truth)
    elif isinstance(node, nodes.Cond):
        test, place = walk.eval(node.test)
        if test is True or test is False:
            chosen = list(_blame(walk, node.yes if test else node.no, truth))
            chosen = [found for found in chosen if found is not None]
            yield from chosen or _blame(walk, node.test, test)
        else:
            yield place
    elif isinstance(node, nodes.Loop) and node.kind in ("all", "exists"):
        yield from _quantified(walk, node, truth)
    elif isinstance(node, nodes.Bind) and not node.optional:
        value = walk.eval(node.value)
        yield from _inside(walk, (node.name,), [value], node.body, truth)
    elif isinstance(node, nodes.Binary) and node.op in ("==", "!="):
        yield from _equality(walk, node, truth)
    else:
        yield walk.eval(node)[1]


def _equality(walk: Precise, node: nodes.Binary, truth: bool) -> Iterator[Place]:
    """`condition == true` and the like look through to the condition."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(other, nodes.Lit) and isinstance(other.value, bool) and _is_logic(side):
            yield from _blame(walk, side, (other.value is truth) is (node.op == "=="))
            return
    yield walk.eval(node)[1]


def _is_logic(node: Node) -> bool:
    return isinstance(node, (nodes.Logic, nodes.Unary, nodes.Loop))


def _logic(walk: Precise, node: nodes.Logic, truth: bool) -> Iterator[Place]:
    decided = truth is not node.both
    for item in node.items:  # unless some operands decided, every one had its part
        if not decided or walk.eval(item)[0] is truth:
            yield from _blame(walk, item, truth)


def _quantified(walk: Precise, node: nodes.Loop, truth: bool) -> Iterator[Place]:
    decisive = node.kind == "exists"
    source, place = walk.eval(node.source)
    if truth is not decisive or not isinstance(source, (list, dict)):
        yield place
        return
    walk.meter.spend(len(source) * node.weight)
    for found in comprehend.elements(node, source, place):
        value, _ = walk.inside(node.names, found, node.body)
        if value is decisive:
            inner = list(_inside(walk, node.names, found, node.body, decisive))
            inner = [own for own in inner if own is not None]
            yield from inner or [found[-1][1]]


def _inside(
    walk: Precise,
    names: tuple[str, ...],
    found: list[tuple[object, Place]],
    node: Node,
    truth: bool,
) -> list[Place]:
    before = walk.locals
    walk.locals = {**before, **dict(zip(names, found, strict=True))}
    try:
        return list(_blame(walk, node, truth))
    finally:
        walk.locals = before
