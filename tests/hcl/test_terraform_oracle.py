"""Functions compared with Terraform itself: the same calls, the same results.

Skipped where there is no Terraform or OpenTofu; GUARDRAIL_TERRAFORM names one.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from guardrail.hcl.functions import call
from guardrail.hcl.values import EvaluationError
from guardrail.model.value import UnknownValue
from tests.hcl import terraform
from tests.hcl.function_cases import cases
from tests.hcl.terraform import FAILED

TERRAFORM = terraform.program()
CHUNK = 500

pytestmark = pytest.mark.skipif(TERRAFORM is None, reason="no terraform, no tofu, no GUARDRAIL_TERRAFORM")

LEFT_OPEN = frozenset(
    {
        # one that guardrail does not tell, where Terraform has a result or an error
        "log",
    }
)


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


def test_functions_do_as_terraform_does(tmp_path: Path) -> None:
    every = list(cases())
    assert len(every) > 2000
    found: list[object] = []
    for start in range(0, len(every), CHUNK):
        expressions = [terraform.call(name, arguments) for name, arguments in every[start : start + CHUNK]]
        found += terraform.ask(str(TERRAFORM), expressions, tmp_path)
    wrong = []
    for (name, arguments), theirs in zip(every, found, strict=True):
        mine = ours(name, arguments)
        if isinstance(mine, UnknownValue) or not same(mine, theirs):
            wrong.append(f"{terraform.call(name, arguments)}\n  Terraform: {theirs!r}\n  guardrail: {mine!r}")
    assert not wrong, "\n".join(wrong[:20])
