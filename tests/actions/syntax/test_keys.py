"""Which key was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.actions.syntax.keys import distance, home, meant
from guardrail.actions.syntax.workflow import JOB, RUN_STEP, USES_STEP, WORKFLOW

_OF_JOB = tuple(JOB.keys or ())


@pytest.mark.parametrize(
    ("key", "known", "near"),
    [
        ("run-on", _OF_JOB, "runs-on"),
        ("Runs-On", _OF_JOB, "runs-on"),
        ("timeout_minutes", _OF_JOB, "timeout-minutes"),
        ("enviroment", _OF_JOB, "environment"),
        ("depends-on", _OF_JOB, "needs"),
        ("nesds", _OF_JOB, "needs"),
        ("script", tuple(RUN_STEP.keys or ()), "run"),
        ("priority", _OF_JOB, ""),
        ("x", _OF_JOB, ""),
        ("", _OF_JOB, ""),
        ("jbos", tuple(WORKFLOW.keys or ()), "jobs"),
    ],
)
def test_meant(key: str, known: tuple[str, ...], near: str) -> None:
    assert meant(key, known) == near


@pytest.mark.parametrize(("key", "where"), [("steps", "a job"), ("jobs", "a workflow"), ("with", "a job"), ("zzz", "")])
def test_home(key: str, where: str) -> None:
    assert home(key) == where


def test_no_known_key_is_taken_for_another() -> None:
    for shape in (WORKFLOW, JOB, RUN_STEP, USES_STEP):
        for key in shape.keys or {}:
            assert meant(key, shape.keys or {}) == key


_WORDS = st.text(alphabet="abc", max_size=6)


@given(_WORDS, _WORDS)
def test_distance(one: str, other: str) -> None:
    """Symmetric, zero for the same only, and at most the longer word (optimal string alignment)."""
    found = distance(one, other)
    assert found == distance(other, one)
    assert (found == 0) == (one == other)
    assert abs(len(one) - len(other)) <= found <= max(len(one), len(other))


def test_swapped_letters_are_one_slip() -> None:
    assert distance("jobs", "jbos") == 1
    assert distance("ab", "ba") == 1


def test_a_file_that_means_harm_costs_little() -> None:
    many = [f"name-{n}" for n in range(100_000)]
    assert meant("nome-5", many) == ""
