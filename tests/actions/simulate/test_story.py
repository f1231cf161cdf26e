"""A run told as a path, and what a run says about single abilities."""

from __future__ import annotations

from guardrail.actions.model import Fault, Trace
from guardrail.actions.simulate import runs_ability, story
from tests.actions.simulate.playing import build, play

TEXT = """
on: {push: {branches: [main]}}
jobs:
  test:
    runs-on: x
    steps: [{run: checkout}, {name: Unit tests, run: test}]
  build: {needs: test, if: always(), runs-on: x, steps: [{run: build}]}
  scan: {if: vars.SCAN == 'yes', runs-on: x, steps: [{run: scan}]}
  deploy:
    needs: [build, scan]
    if: "!cancelled() && needs.build.result == 'success'"
    runs-on: x
    steps: [{run: deploy}]
"""


def told(text: str, faults: list[str], target: str, trace: Trace, **files: str) -> list[tuple[str, str]]:
    """The story of a run: paths and notes."""
    made = story(build(text, **files), trace, [Fault(f) for f in faults], target)
    return [(".".join(map(str, pointer.path)), note) for pointer, note in made]


def test_from_the_event_over_the_gate_to_the_deploy() -> None:
    trace = play(TEXT, "test/1")[0]
    assert told(TEXT, ["test/1"], "deploy/0", trace) == [
        ("on.push", "push to main, where vars.SCAN == 'yes' is true"),
        ("jobs.test.steps.1", "step `Unit tests` fails"),
        ("jobs.test", "job test fails: step Unit tests failed"),
        ("jobs.build", "job build succeeds: if: always() is true"),
        ("jobs.deploy.if", "job deploy runs: if: !cancelled() && needs.build.result == 'success' is true"),
        ("jobs.deploy.steps.0", "step `deploy` runs"),
    ]


def test_a_gate_that_is_skipped() -> None:
    trace = next(t for t in play(TEXT, "scan/0") if not t.assumptions[0].holds)
    assert told(TEXT, ["scan/0"], "deploy/0", trace)[:3] == [
        ("on.push", "push to main, where vars.SCAN == 'yes' is false"),
        ("jobs.scan.steps.0", "step `scan` is skipped: job scan was skipped"),
        ("jobs.scan", "job scan is skipped: if: vars.SCAN == 'yes' is false"),
    ]


def test_a_gate_that_is_forgiven() -> None:
    text = """
    on: {push: {branches: [main]}}
    jobs: {j: {runs-on: x, steps: [{run: test, continue-on-error: true}, {run: deploy}]}}
    """
    (trace,) = play(text, "j/0")
    assert told(text, ["j/0"], "j/1", trace)[1:] == [
        ("jobs.j.steps.0.continue-on-error", "step `test` fails, and is forgiven"),
        ("jobs.j", "job j succeeds"),
        ("jobs.j.steps.1", "step `deploy` runs"),
    ]


def test_a_gate_in_a_called_workflow_and_one_in_an_action() -> None:
    lib = "on: workflow_call\njobs: {t: {runs-on: x, steps: [{uses: ./act}]}}"
    act = "runs: {using: composite, steps: [{run: test, shell: bash}]}"
    text = """
    on: {push: {branches: [main]}}
    jobs:
      check: {uses: ./.github/workflows/lib.yml}
      deploy: {needs: check, if: always(), runs-on: x, steps: [{run: deploy}]}
    """
    (trace,) = play(text, "check/t/0/0", lib=lib, act=act)
    assert told(text, ["check/t/0/0"], "deploy/0", trace, lib=lib, act=act) == [
        ("on.push", "push to main"),
        ("runs.steps.0", "step `test` fails"),
        ("jobs.t", "job check/t fails: step ./act failed"),
        ("jobs.check", "job check fails: job t failed"),
        ("jobs.deploy.if", "job deploy runs: if: always() is true"),
        ("jobs.deploy.steps.0", "step `deploy` runs"),
    ]


def test_a_story_without_an_end() -> None:
    (trace,) = play("on: {push: {branches: [main]}}\njobs: {j: {runs-on: x, steps: [{run: a}]}}")
    text = "on: {push: {branches: [main]}}\njobs: {j: {runs-on: x, steps: [{run: a}]}}"
    assert told(text, ["nothing/0"], "nowhere/0", trace) == [("on.push", "push to main")]


def test_abilities_before_and_behind_a_fault_in_one_script() -> None:
    text = (
        'on: {push: {branches: [main]}}\njobs: {j: {runs-on: x, steps: [{run: "lint\\ntest\\ndeploy\\n"}, {run: b}]}}'
    )
    (trace,) = play(text)
    assert all(runs_ability(trace, "j/0", order) for order in (0, 5, 10))
    from guardrail.actions import simulate
    from guardrail.actions.scenarios import scenarios

    built = build(text)
    (failed,) = simulate.simulate(built, scenarios(built)[0], [Fault("j/0", 5), Fault("j/0", 10)]).traces
    assert [runs_ability(failed, "j/0", order) for order in (0, 5, 10)] == [True, False, False]
    assert not runs_ability(failed, "j/1", 0)
    assert not runs_ability(failed, "elsewhere/0", 0)
