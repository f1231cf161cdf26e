"""Comprehensions in the fast mode. Each charges the meter for all its rounds before the first."""

from __future__ import annotations

from collections.abc import Iterable

from guardrail.cel.errors import Meter, SurpriseError
from guardrail.cel.fast_frames import Code, Compiler, Frame
from guardrail.cel.nodes import Loop
from guardrail.cel.values import map_keys


def loop(compiler: Compiler, node: Loop) -> Code:
    """The closure of a comprehension."""
    source = compiler.code(node.source)
    slots, body = compiler.inside(node.names, node.body)
    test = None
    if node.test is not None:
        tests, test_code = compiler.inside(node.names, node.test)
        test = (tests, test_code)
    if len(slots) == 1 and test is None and node.kind in ("all", "exists"):
        return _quantify(source, slots[0], body, node.kind == "exists", node.weight)
    if len(slots) == 1 and node.kind == "filter":
        return _filter(source, slots[0], body, node.weight)
    if len(slots) == 1 and test is None and node.kind == "map":
        return _map(source, slots[0], body, node.weight)
    if len(slots) == 1 and test is None and node.kind == "exists_one":
        return _exists_one(source, slots[0], body, node.weight)

    def surprise(f: Frame) -> object:
        raise SurpriseError

    return surprise


def _rounds(f: Frame, value: object, weight: int) -> Iterable[object]:
    """The elements or keys of a source, charged for."""
    if type(value) is list:
        rounds: Iterable[object] = value
    elif type(value) is dict:
        rounds = map_keys(value)
    else:
        raise SurpriseError
    meter = f[0]
    assert isinstance(meter, Meter)
    meter.spend(len(value) * weight)
    return rounds


def _quantify(source: Code, slot: int, body: Code, decisive: bool, weight: int) -> Code:
    otherwise = not decisive

    def quantify(f: Frame) -> object:
        for item in _rounds(f, source(f), weight):
            f[slot] = item
            value = body(f)
            if value is not otherwise:
                if value is decisive:
                    return decisive
                raise SurpriseError
        return otherwise

    return quantify


def _filter(source: Code, slot: int, body: Code, weight: int) -> Code:
    def keep(f: Frame) -> object:
        made = []
        for item in _rounds(f, source(f), weight):
            f[slot] = item
            value = body(f)
            if value is True:
                made.append(item)
            elif value is not False:
                raise SurpriseError
        return made

    return keep


def _map(source: Code, slot: int, body: Code, weight: int) -> Code:
    def transform(f: Frame) -> object:
        made = []
        for item in _rounds(f, source(f), weight):
            f[slot] = item
            made.append(body(f))
        return made

    return transform


def _exists_one(source: Code, slot: int, body: Code, weight: int) -> Code:
    def count(f: Frame) -> object:
        total = 0
        for item in _rounds(f, source(f), weight):
            f[slot] = item
            value = body(f)
            if value is True:
                total += 1
            elif value is not False:
                raise SurpriseError
        return total == 1

    return count
