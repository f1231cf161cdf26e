"""Functions compared with Terraform itself: the same calls, the same results. Nothing may be left open.

Skipped where there is no Terraform or OpenTofu; GUARDRAIL_TERRAFORM names one.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from guardrail.hcl.functions import call
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue
from tests.hcl import terraform
from tests.hcl.documented_calls import DOCUMENTED, REFUSED
from tests.hcl.function_cases import Case, cases
from tests.hcl.terraform import FAILED

TERRAFORM = terraform.program()
CHUNK = 500

pytestmark = pytest.mark.skipif(TERRAFORM is None, reason="no terraform, no tofu, no GUARDRAIL_TERRAFORM")


def ours(name: str, arguments: tuple[object, ...]) -> object:
    """What guardrail makes of a call."""
    try:
        return call(name, [terraform.plain(a) for a in arguments])
    except EvaluationError:
        return FAILED


def same(one: object, other: object) -> bool:
    """Equality of results; numbers that are not whole have fewer digits here."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-12)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    return one == other


def compared(every: Sequence[Case], folder: Path) -> list[str]:
    """The calls of which guardrail makes something else than Terraform."""
    found: list[object] = []
    for start in range(0, len(every), CHUNK):
        expressions = [terraform.call(name, arguments) for name, arguments in every[start : start + CHUNK]]
        found += terraform.ask(str(TERRAFORM), expressions, folder)
    wrong = []
    for (name, arguments), theirs in zip(every, found, strict=True):
        mine = ours(name, arguments)
        if isinstance(mine, UnknownValue) or not same(mine, theirs):
            wrong.append(f"{terraform.call(name, arguments)}\n  Terraform: {theirs!r}\n  guardrail: {mine!r}")
    return wrong


def test_functions_do_as_terraform_does(tmp_path: Path) -> None:
    every = list(cases())
    assert len(every) > 2000
    wrong = compared(every, tmp_path)
    assert not wrong, "\n".join(wrong[:20])


def test_the_documentation_is_right(tmp_path: Path) -> None:
    wrong = compared([(name, arguments) for name, arguments, _ in DOCUMENTED], tmp_path)
    assert not wrong, "\n".join(wrong)


def test_what_is_refused_is_refused(tmp_path: Path) -> None:
    found = terraform.ask(str(TERRAFORM), [terraform.call(name, arguments) for name, arguments in REFUSED], tmp_path)
    assert set(map(repr, found)) == {repr(FAILED)}


def test_patterns_match_as_re2_does(tmp_path: Path) -> None:
    chance = random.Random(20)
    every: list[Case] = []
    for _ in range(1200):
        pattern = _choice(chance, 0)
        subject = "".join(chance.choice("ab1-. \n_é") for _ in range(chance.randint(0, 8)))
        every.append(("regexall", (pattern, subject)))
        if chance.random() < 0.3:
            every.append(("replace", (subject, f"/{pattern}/", "<$0|$1|$n1>")))
    wrong = compared(every, tmp_path)
    assert not wrong, "\n".join(wrong[:20])


ATOMS = r"a b 1 - \. _ é . \d \w \s \W [ab] [^a] [a-z1] [[:alpha:]] [^[:space:]] \n ^ $ \b \B \A \z (?i) (?s) (?m) (?U)"
REPEATS = "* + ? {2} {0,2} {1,} {0} *? +? ?? {1,2}?"


def _choice(chance: random.Random, depth: int) -> str:
    return "|".join(_sequence(chance, depth) for _ in range(chance.choice([1, 1, 1, 2, 3])))


def _sequence(chance: random.Random, depth: int) -> str:
    made = ""
    for _ in range(chance.choice([0, 1, 1, 2, 2, 3])):
        if depth < 4 and chance.random() < 0.4:
            opening = chance.choice(["(", "(?:", "(", f"(?P<n{chance.randint(0, 3)}>"])
            made += f"{opening}{_choice(chance, depth + 1)})"
        else:
            made += chance.choice(ATOMS.split())
        if chance.random() < 0.45:
            made += chance.choice(REPEATS.split())
    return made
