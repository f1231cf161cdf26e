"""What functions tell while arguments are not known holds whatever these are.

Calls with known arguments are made again with parts of the arguments unknown: what is then told must admit the result.
"""

from __future__ import annotations

import random
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.hcl.functions import call
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue
from tests.hcl import terraform
from tests.hcl.expressions import Inputs, admits
from tests.hcl.function_cases import cases


def succeeding() -> list[tuple[str, list[object], object]]:
    """Calls with their arguments and results."""
    found: list[tuple[str, list[object], object]] = []
    for name, written in cases():
        arguments = [terraform.plain(a) for a in written]
        try:
            result = call(name, arguments)
        except EvaluationError:
            continue
        assert not isinstance(result, UnknownValue), (name, arguments, result)
        found.append((name, arguments, result))
    return found


SETS = frozenset({"setintersection", "setsubtract", "setunion", "toset"})
"""Functions whose results have an order in guardrail only."""
MADE = succeeding()
PATTERNS = [m for m in MADE if m[0] in ("regexall", "format")]
OTHERS = [m for m in MADE if m[0] not in ("regexall", "format") and (m[0] != "tobool" or m[1][0] not in ("1", "0"))]
"""An input "1" is true to tobool, which answers with the input all the same, so that it is asked for once."""


class Forgetting:
    """Replaces parts of values by unknowns, whose values it keeps as inputs."""

    def __init__(self, chance: random.Random, name: str) -> None:
        self.chance = chance
        # In JSON any number of elements is one hole, with commas beside it even where there are none of them.
        self.several = name not in ("jsonencode", "format")
        self.json = name == "jsondecode"
        self.count = 0
        self.inputs: dict[str, object] = {}

    def argument(self, value: object) -> object:
        """A value of which some may be unknown."""
        roll = self.chance.random()
        if roll < 0.25:
            return self.unknown(value)
        if isinstance(value, str) and value and roll < 0.5:
            return self.text(value)
        if isinstance(value, list):
            return self.elements(value)
        if isinstance(value, dict):
            return self.entries(value)
        return value

    def unknown(self, value: object, many: bool = False) -> UnknownValue:
        """One without a value, or an input, or what a provider decides."""
        kind = self.chance.randrange(3)
        self.count += 1
        if kind == 0 or many:
            return UnknownValue("something", many=many)
        if kind == 1 and value not in (None, ""):
            return UnknownValue("aws_x.a", refs=(("aws_x.a", f".x{self.count}"),))
        name = f"x{len(self.inputs)}"
        self.inputs[name] = value
        return UnknownValue(f"var.{name}", symbol=f"var.{name}")

    def text(self, value: str) -> UnknownValue:
        """A text with a hole."""
        start, end = sorted((self.chance.randint(0, len(value)), self.chance.randint(0, len(value))))
        if self.json and any(c in value[start:end] for c in '"\\'):
            return self.unknown(value)  # a hole is taken for text without quotes and escapes
        parts = (value[:start], self.unknown(value[start:end]), value[end:])
        return UnknownValue("a text", known=tuple(p for p in parts if p != ""))

    def elements(self, value: list[object]) -> list[object]:
        """A list with unknown elements, or with any number of them."""
        if self.several and self.chance.random() < 0.25:
            start, end = sorted((self.chance.randint(0, len(value)), self.chance.randint(0, len(value))))
            return [*value[:start], self.unknown(None, many=True), *value[end:]]
        return [self.argument(v) if self.chance.random() < 0.6 else v for v in value]

    def entries(self, value: dict[str, object]) -> object:
        """A map with unknown values, or of which only some entries are known."""
        if self.chance.random() < 0.3:
            return UnknownValue("a map", known={k: v for k, v in value.items() if self.chance.random() < 0.5})
        return {k: self.argument(v) if self.chance.random() < 0.6 else v for k, v in value.items()}


def holds(made: tuple[str, list[object], object], chance: random.Random) -> None:
    """One call with parts of its arguments forgotten."""
    name, arguments, result = made
    forgetting = Forgetting(chance, name)
    open_ones = [forgetting.argument(a) for a in arguments]
    world = Inputs(forgetting.inputs)
    world.unifying = True  # whether an unknown is a string, which turns numbers beside it into strings, is not told
    try:
        told = call(name, open_ones)
    except EvaluationError as error:
        raise AssertionError(f"{name}({open_ones!r}) fails: {error}, but {arguments!r} gives {result!r}") from error
    orders = permutations(told) if name in SETS and isinstance(told, list) and len(told) < 6 else [told]
    assert any(admits(list(o) if isinstance(o, tuple) else o, result, world) for o in orders), (
        f"{name}({open_ones!r}) tells {told!r}, but {arguments!r} gives {result!r}"
    )


@settings(max_examples=4000)
@given(st.sampled_from(OTHERS), st.randoms(use_true_random=False))
def test_what_is_told_holds(made: tuple[str, list[object], object], chance: random.Random) -> None:
    holds(made, chance)


@settings(max_examples=500)
@given(st.sampled_from(PATTERNS), st.randoms(use_true_random=False))
def test_what_is_told_of_texts_holds(made: tuple[str, list[object], object], chance: random.Random) -> None:
    holds(made, chance)


def test_most_cases_succeed() -> None:
    assert len(OTHERS) > 700
    assert len({name for name, *_ in MADE}) > 85
