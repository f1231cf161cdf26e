"""The words for why something runs, or does not."""

from __future__ import annotations

import pytest

from tests.actions.simulate.playing import play

PUSH = "on: {push: {branches: [main]}}\njobs:\n"

JOBS = {
    "needs build, which was skipped": """
      build: {if: false, runs-on: x, steps: []}
      j: {needs: build, runs-on: x, steps: []}
    """,
    "needs build, which failed": """
      build: {runs-on: x, steps: [{run: exit 1}]}
      j: {needs: build, runs-on: x, steps: []}
    """,
    "needs build, before which lint was skipped": """
      lint: {if: false, runs-on: x, steps: []}
      build: {needs: lint, if: always(), runs-on: x, steps: []}
      j: {needs: build, runs-on: x, steps: []}
    """,
    "if: github.ref == 'refs/heads/dev' is false": """
      j: {if: "${{ github.ref == 'refs/heads/dev' }}", runs-on: x, steps: []}
    """,
    "if: github.event_name == 'release' is false": """
      build: {if: false, runs-on: x, steps: []}
      j: {needs: build, if: github.event_name == 'release', runs-on: x, steps: []}
    """,
    "needs b, which was skipped": """
      b: {if: false, runs-on: x, steps: []}
      j: {needs: b, if: github.event_name == 'push', runs-on: x, steps: []}
    """,
    "if: success() || failure() is false (needs b, which was skipped)": """
      b: {if: false, runs-on: x, steps: []}
      j: {needs: b, if: success() || failure(), runs-on: x, steps: []}
    """,
    "if: always() is true": "  j: {if: always(), runs-on: x, steps: []}",
    "step Unit tests failed": "  j: {runs-on: x, steps: [{name: Unit tests, run: exit 1}]}",
    "step exit 1 failed, which `continue-on-error` forgives": """
      j: {continue-on-error: true, runs-on: x, steps: [{run: exit 1}]}
    """,
    "its matrix has no combinations": "  j: {strategy: {matrix: {n: []}}, runs-on: x, steps: []}",
    "needs nobody, which does not exist: GitHub refuses the whole file": "  j: {needs: nobody, runs-on: x, steps: []}",
    "`if` names `secrets`, which it may not: GitHub refuses the whole file": """
      j: {if: secrets.x != '', runs-on: x, steps: []}
    """,
    "`if` cannot be read: the string is not closed: GitHub refuses the whole file": """
      j: {if: "github.ref == 'x", runs-on: x, steps: []}
    """,
    "": "  j: {runs-on: x, steps: [{run: a}]}",
}


@pytest.mark.parametrize("reason", JOBS)
def test_jobs(reason: str) -> None:
    (trace,) = play(PUSH + JOBS[reason])
    assert trace.jobs["j"].because == reason


STEPS = {
    "step test failed": "[{id: test, run: exit 1}, {run: b}]",
    "if: github.event_name == 'x' is false": "[{run: a}, {if: github.event_name == 'x', run: b}]",
    "if: failure() is true": "[{run: exit 1}, {if: failure(), run: b}]",
    "its script ends in failure": "[{run: a}, {run: exit 1}]",
    "if: success() && true is false (step exit 1 failed)": "[{run: exit 1}, {if: success() && true, run: b}]",
}


@pytest.mark.parametrize("reason", STEPS)
def test_steps(reason: str) -> None:
    (trace,) = play(f"{PUSH}  j: {{runs-on: x, steps: {STEPS[reason]}}}")
    assert trace.jobs["j"].steps["j/1"].because == reason


def test_faults_and_actions() -> None:
    text = f"{PUSH}  j: {{runs-on: x, steps: [{{name: Check, uses: ./act}}, {{run: b}}]}}"
    act = "runs: {using: composite, steps: [{name: Inner, run: a, shell: bash}]}"
    (trace,) = play(text, "j/0/0", act=act)
    assert {key: run.because for key, run in trace.jobs["j"].steps.items()} == {
        "j/0/0": "it is made to fail",
        "j/0": "step Inner of it failed",
        "j/1": "step Check failed",
    }


def test_calls() -> None:
    lib = "on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: a}]}}"
    text = f"{PUSH}  b: {{if: false, runs-on: x, steps: []}}\n  call: {{needs: b, uses: ./.github/workflows/lib.yml}}"
    (trace,) = play(text, lib=lib)
    assert trace.jobs["call"].because == "needs b, which was skipped"
    assert trace.jobs["call/a"].because == "the job that calls it, call, was skipped"
    assert trace.jobs["call/a"].steps["call/a/0"].because == "job a was skipped"
